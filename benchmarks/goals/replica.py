"""Goal 9: readers are served beside a living replica, one that is killed, one that is gone and one that never answers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing

from ..bench import ROOT, Bench, Figure, number
from ..servers import postgres
from ..site import Loader, Site

NOBODY = "postgres://nobody@127.0.0.1:9/nothing"  # the discard port: refused at once
LIST = "/api/v1/statements/"
TIMES = 20


def measure(bench: Bench) -> Iterator[Figure]:
    """Ask a site with each kind of replica for the same list."""
    if not bench.on_postgres:
        return
    servers = postgres()
    try:
        port = servers.primary(replicated=True)
        url = servers.address(port)
        world = ["-m", "benchmarks.generate", "--statements", str(bench.sizes[0]), "--seed", str(bench.seed)]
        subprocess.run([sys.executable, *world], cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)
        copy = servers.address(servers.replica(port))
        yield from figures(bench, url, copy, servers.running[-1].pid)
    finally:
        servers.stop()


def figures(bench: Bench, url: str, copy: str, pid: int) -> Iterator[Figure]:
    """Compare the answers; `pid` is the server of the replica, which is killed."""
    with_none, beside_it = Site(url, bench.var), Site(url, bench.var, REPLICA_DATABASE_URL=copy)
    try:
        alone = asked(with_none)
        yield from told(alone, "without a replica", alone)
        yield from told(asked(beside_it), "beside a living replica", alone)
        read = beside_it.call(reads_replica)
        yield Figure(9, "the replica is read", "yes" if read else "no", "yes", read)
        os.killpg(pid, signal.SIGKILL)
        yield from told(asked(beside_it), "after the replica was killed", alone)
    finally:
        with_none.close()
        beside_it.close()
    yield from told(asked_beside(bench, url, NOBODY), "while nobody is at its address", alone)
    with closing(socket.create_server(("127.0.0.1", 0), backlog=1)) as silent:  # takes a connection, and says nothing
        nowhere = f"postgres://nobody@127.0.0.1:{silent.getsockname()[1]}/nothing"
        yield from told(asked_beside(bench, url, nowhere), "while it does not answer", alone)


def asked(site: Site) -> list[Loader]:
    """Return the answers to the same question, over and over."""
    return [site.get(LIST) for _time in range(TIMES)]


def asked_beside(bench: Bench, url: str, replica: str) -> list[Loader]:
    """Ask a site that is told of this replica."""
    site = Site(url, bench.var, REPLICA_DATABASE_URL=replica)
    try:
        return asked(site)
    finally:
        site.close()


def told(answers: list[Loader], what: str, alone: list[Loader]) -> Iterator[Figure]:
    """Say whether all were answered alike, what the first cost, and the usual one beside a site without a replica."""
    statuses, bodies = {answer.status for answer in answers}, {answer.body for answer in answers}
    right = statuses == {200} and bodies == {alone[0].body}
    same = "the same body" if bodies == {alone[0].body} else "other bodies"
    yield Figure(9, f"{TIMES} lists {what}", f"{statuses}, {same}", "{200}, the same body", right)
    usual = middle(answers)
    cost = f"first {answers[0].ms:.0f} ms, usual {usual:.1f} ms, {number(usual / middle(alone))} ×"
    yield Figure(9, f"a list {what}", cost)


def middle(answers: list[Loader]) -> float:
    """Return the median time in milliseconds, without the first ones, which load what is kept."""
    times = sorted(answer.ms for answer in answers[3:])
    return times[len(times) // 2]


def reads_replica() -> bool:
    """Whether the process has a moment up to which the replica has everything."""
    from config.replica import watch

    return watch.complete_until() is not None
