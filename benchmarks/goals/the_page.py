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
    """Compare requests a second, with as many rows on Datasette's page as on ours."""
    if bench.on_postgres:
        return
    servers = start(bench)
    try:
        ours, theirs = servers["the site"], servers["Datasette"]
        rows = len(set(re.findall(rb'href="/statements/(st-[a-z0-9-]+)/"', ours.ask(PAGE))))
        path = datasette.page_path(name_of(bench), rows)
        loads = together(bench.rounds, bench.seconds, {"the site": (ours, [PAGE]), "Datasette": (theirs, [path])})
    finally:
        for server in servers.values():
            server.stop()
    ratio = loads["the site"].rps / loads["Datasette"].rps
    yield at_least(3, f"page of {rows} statements, requests a second, against Datasette's table page", ratio, 4)
    for name, load in loads.items():
        yield Figure(
            3, f"pages a second: {name}", f"{number(load.rps)}, {number(load.cpu_ms)} ms of its processor each"
        )
