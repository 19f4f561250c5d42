"""How much one process keeps for its clients: answers that they have not taken, and requests that are not there as a whole."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from typing import Protocol

MOST_KEPT = 536_870_912  # bytes in a process; most of them in temporary files

log = logging.getLogger(__name__)


class Keeping(Protocol):
    """A connection for which something may be kept."""

    connected: bool

    @property
    def bytes_kept(self) -> int:
        """How many bytes are kept for it."""
        ...

    @property
    def pace(self) -> float:
        """How many bytes a second its client has sent and taken since it came."""
        ...

    def close_now(self) -> None:
        """Close, and give free what is kept."""
        ...


class KeptBytes:
    """The bytes that are kept for all connections of a process, between two counts estimated from above."""

    def __init__(self, connections: Callable[[], Collection[Keeping]]) -> None:
        self.connections = connections
        self.estimate = 0

    def add(self, number: int) -> bool:
        """Count bytes that may have to be kept, and return whether there are too many. Threads call it as well."""
        self.estimate += number
        return self.estimate > MOST_KEPT

    def make_room(self) -> None:
        """Count, and close connections while there is too much: the slowest client of those for which much is kept.

        The event loop calls it: once a second, and when `add` has said that there is too much.
        """
        keeping = [connection for connection in self.connections() if connection.bytes_kept]
        self.estimate = sum(connection.bytes_kept for connection in keeping)
        while self.estimate > MOST_KEPT and keeping:
            least = self.estimate // len(keeping)
            slowest = min((c for c in keeping if c.bytes_kept >= least), key=lambda c: c.pace, default=keeping[0])
            log.warning(
                "A connection was closed: %d bytes are kept for all clients, and this one took its %d too slowly.",
                self.estimate,
                slowest.bytes_kept,
            )
            keeping.remove(slowest)
            self.estimate -= slowest.bytes_kept
            slowest.close_now()
