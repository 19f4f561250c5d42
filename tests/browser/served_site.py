"""A site that shows what a test made and did not commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connections
from pytest_django.live_server_helper import LiveServer


@contextmanager
def serve_uncommitted() -> Iterator[str]:
    """Serve the rows of the open transaction on a port of its own; give the address, without a slash at its end.

    The threads of the server are given the connection of the test, as of a database in memory. So a whole module may share rows
    that are taken back in the end.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections["default"], "is_in_memory_db", lambda: True)
        server = LiveServer("127.0.0.1")
        try:
            yield server.url
        finally:
            server.stop()
