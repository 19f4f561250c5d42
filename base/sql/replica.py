"""What a request reads: the primary, or a replica that may be a few seconds behind. config/replica.py chooses.

A request reads one of the two, from its first query to its last: a content version of the one beside rows of the other would
be an ETag that keeps an old answer for ever.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

REPLICA = "replica"  # its name in DATABASES

# When the request reads the replica: the moment (seconds since 1970) up to which the replica surely has every write.
_complete: ContextVar[float | None] = ContextVar("complete", default=None)


def configured() -> bool:
    """Whether there is a replica at all."""
    return REPLICA in settings.DATABASES


def on_replica() -> bool:
    """Whether this request reads the replica."""
    return _complete.get() is not None


@contextmanager
def reading_replica(complete: float) -> Iterator[None]:
    """Read the replica, which has every write up to this moment, until the block ends or `read_primary` is called."""
    token = _complete.set(complete)
    try:
        yield
    finally:
        _complete.reset(token)


def read_primary() -> None:
    """Read the primary from now on, until the request ends."""
    _complete.set(None)


def complete_until() -> float:
    """Return the moment (seconds since 1970) up to which this request surely reads every write; on the primary, now."""
    complete = _complete.get()
    return time.time() if complete is None else complete


def settled_until() -> float | None:
    """Return the moment up to which every reader, of whichever server, has every write; None if there is no replica.

    What programs are told to fetch again may not be newer: they would be given the old state, and keep it.
    """
    return time.time() - settings.REPLICA_MAX_LAG if configured() else None
