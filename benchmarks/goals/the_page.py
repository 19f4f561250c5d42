"""Goal 3: the list as a page, beside Datasette's page of the table with everything off that counts or suggests."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..bench import Bench, Figure, at_least, number
from ..rivals import datasette
from ..servers import together
from .serving import name_of, start

PAGE = "/statements/"


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare requests a second, with as many rows on Datasette's page as on ours.

    A page is kept until the next write; a parameter that it ignores has it made anew. Its facets stay counted.
    """
    if bench.on_postgres:
        return
    servers = start(bench)
    try:
        ours, theirs = servers["the site"], servers["Datasette"]
        rows = len(set(re.findall(rb'href="/statements/(st-[a-z0-9-]+)/"', ours.ask(PAGE))))
        path = datasette.page_path(name_of(bench), rows)
        jobs = {
            "the site": (ours, [PAGE]),
            "the site, made anew": (ours, [f"{PAGE}?n={number}" for number in range(5000)]),
            "Datasette": (theirs, [path]),
        }
        loads = together(bench.rounds, bench.seconds, jobs)
    finally:
        for server in servers.values():
            server.stop()
    kept, anew = (loads[name].rps / loads["Datasette"].rps for name in ("the site", "the site, made anew"))
    what = f"page of {rows} statements, requests a second, against Datasette's table page"
    yield at_least(3, f"{what}: kept until the next write", kept, 4)
    yield at_least(3, f"{what}: made anew for every request", anew, 4)
    for name, load in loads.items():
        cpu = f"{number(load.cpu_ms)} ms of its processor each"
        yield Figure(3, f"pages a second: {name}", f"{number(load.rps)}, {cpu}")
