"""Goal 9: readers are served when the replica is gone. What a living replica does, the tests show on a real one."""

from __future__ import annotations

from collections.abc import Iterator

from ..bench import Bench, Figure
from ..site import Site

NOBODY = "postgres://nobody@127.0.0.1:9/nothing"  # the discard port: refused at once


def measure(bench: Bench) -> Iterator[Figure]:
    """Ask a site whose replica does not answer."""
    if not bench.on_postgres:
        return
    site = Site(bench.small, bench.var, REPLICA_DATABASE_URL=NOBODY)
    try:
        if not site.call(knows_replica):
            yield Figure(9, "reads from a replica", "there is no setting for it yet", "", False)
            return
        answers = [site.get("/api/v1/statements/") for _time in range(5)]
        statuses = {answer.status for answer in answers}
        yield Figure(9, "lists while the replica is gone", f"{statuses}", "{200}", statuses == {200})
        yield Figure(9, "first list without the replica, ms", f"{answers[0].ms:.0f}")
    finally:
        site.close()


def knows_replica() -> bool:
    """Whether the setting made a second database."""
    from django.conf import settings

    return len(settings.DATABASES) > 1
