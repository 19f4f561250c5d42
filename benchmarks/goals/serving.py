"""Goal 2: the list of 50 nested statements over HTTP, beside Datasette, stock REST framework and a bare driver."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from ..bench import Bench, Figure, at_least, landmarks, number
from ..rivals import datasette
from ..servers import Server, gunicorn, together
from ..site import UNLIMITED
from ..where import shares

PATH = "/api/v1/statements/"


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare requests a second, each program one process, all asked for the same twenty-one lists in turn."""
    inside = bench.site(bench.large)
    speakers: list[str] = inside.call(landmarks)["speakers"]
    paths = [PATH, *(f"{PATH}?speaker={slug}" for slug in speakers)]
    servers = start(bench)
    try:
        jobs = {name: (server, paths) for name, server in servers.items()}
        if not bench.on_postgres:
            site = servers["Datasette"].site
            own = [datasette.list_path(name_of(bench), slug, site) for slug in (None, *speakers)]
            jobs["Datasette"] = servers["Datasette"], own
        yield from agreement(servers, jobs)
        loads = together(bench.rounds, bench.seconds, jobs)
    finally:
        for server in servers.values():
            server.stop()
    ours = loads["the site"]
    if "Datasette" in loads:
        yield at_least(2, "list API, requests a second, against Datasette", ours.rps / loads["Datasette"].rps, 3)
    stock = "list API, requests a second, against stock REST framework"
    yield at_least(2, stock, ours.rps / loads["stock"].rps, 4 if bench.on_postgres else 8)
    yield at_least(
        2, "list API, requests a second, against a bare driver", 100 * ours.rps / loads["bare"].rps, 50, " %"
    )
    for name, load in loads.items():
        cpu = f"{number(load.cpu_ms)} ms of its processor each"
        yield Figure(2, f"requests a second: {name}", f"{number(load.rps)}, {cpu}")
    spent = inside.call(shares, f"{PATH}?speaker={speakers[0]}", 100)
    whole = sum(spent.values())
    told = "; ".join(f"{step} {100 * ms / whole:.0f} %" for step, ms in spent.items())
    yield Figure(2, f"where the {number(whole)} ms of a list of one speaker go", told)


def name_of(bench: Bench) -> str:
    """Return what Datasette calls the database: its file, without the ending."""
    return bench.large.rpartition("/")[2].removesuffix(".sqlite3")


def start(bench: Bench) -> dict[str, Server]:
    """Start the programs over the large database."""
    log = bench.var / "servers.log"
    environment = {"DATABASE_URL": bench.large, "VAR_DIR": str(bench.var), **UNLIMITED}
    stock = {"DJANGO_SETTINGS_MODULE": "benchmarks.rivals.stock_settings"}
    tools = str(bench.tools)
    servers = {
        "the site": Server(log, gunicorn(sys.executable, "config.wsgi"), **environment),
        "stock": Server(log, gunicorn(sys.executable, "benchmarks.rivals.stock_wsgi"), **environment, **stock),
        "bare": Server(log, gunicorn(tools, "benchmarks.rivals.bare"), **environment),
    }
    if not bench.on_postgres:
        metadata = bench.var / "datasette.json"
        metadata.write_text(datasette.metadata(name_of(bench)))
        file = bench.large.removeprefix("sqlite:///")
        command = [tools, "-m", "datasette", "serve", file, "--metadata", str(metadata), "--port", "{port}"]
        servers["Datasette"] = Server(log, [*command, "--setting", "sql_time_limit_ms", "60000"])
    return servers


def agreement(servers: dict[str, Server], jobs: dict[str, Any]) -> Iterator[Figure]:
    """Say whether all answer the same rows in the same words: only then can they be compared."""
    answers = {}
    for name, (server, paths) in jobs.items():
        found = [json.loads(server.ask(path)) for path in (paths[0], paths[3])]
        rows = [page if isinstance(page, list) else page["results"] for page in found]
        answers[name] = json.loads(json.dumps(rows).replace(server.site, ""))
        for row in [row for page in answers[name] for row in page]:
            for wording in [*row["wordings"], *([row["reading"]] if row["reading"] else [])]:
                wording.pop("segments", None)  # only the site has them: it does more than the others
            row["wordings"].sort(key=str)  # stock has them in the order of the model
    wanted = answers.pop("the site")
    for name, rows in answers.items():
        same = rows == wanted
        yield Figure(
            2, f"same rows in the same JSON as {name}", "yes" if same else _difference(wanted, rows), "yes", same
        )


def _difference(wanted: Any, found: Any) -> str:
    """Return the first thing that differs."""
    for ours, theirs in zip(wanted, found, strict=True):
        if [row["id"] for row in ours] != [row["id"] for row in theirs]:
            return "no: other rows or another order"
        for one, other in zip(ours, theirs, strict=True):
            for key in {*one, *other}:
                if one.get(key) != other.get(key):
                    return f"no: {key} of {one['id']}"
    return "no"
