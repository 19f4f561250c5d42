"""Clients that are slow to ask or to read: they hold no thread, they are sent away in time, and nobody else notices them."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import BoundedSemaphore
from types import SimpleNamespace
from typing import Any

import pytest
from waitress.channel import ClientDisconnected

from benchmarks.servers import Server
from config.server import connections, kept
from config.server.connections import Connection
from config.server.kept import KeptBytes
from config.server.parser import RequestParser
from tests.config.sockets import connect, exchange, read_all, seconds_to_answer, serve, statuses
from tests.config.test_settings import manage
from tests.pair import wait_until

pytestmark = pytest.mark.once

EACH = 50
HEAD = b"GET /api/v1/topics/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /reports/new/?record=/people/tony-bui/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
LARGE = b"GET /api/v1/export/statements.ndjson HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
KINDS = {
    "says nothing": b"",
    "half a head": HEAD,
    "half a body": POST + b"Content-Length: 1000\r\n\r\nmessage=",
    "half a chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n40\r\nmessage=",
    "reads nothing": LARGE * 20,
}


@pytest.fixture(scope="module")
def var(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the article in a database."""
    folder = tmp_path_factory.mktemp("var")
    shutil.copy(migrated_file, folder)
    assert manage(folder, "loaddata", "film-workshop", "-v0").returncode == 0
    return folder


@pytest.fixture(scope="module")
def server(var: Path) -> Iterator[Server]:
    """Serve the article with two processes of two threads."""
    server = serve(var)
    try:
        for _time in range(6):  # the first answer of a process takes longer
            seconds_to_answer(server, patience=60)
        yield server
    finally:
        server.stop()


def open_slow(server: Server, kind: str, number: int = EACH) -> list[socket.socket]:
    """Open connections of this kind."""
    return [connect(server, KINDS[kind], buffer=4096 if kind == "reads nothing" else 0) for _time in range(number)]


@pytest.mark.parametrize("kind", KINDS)
def test_readers_are_answered_beside_slow_clients(server: Server, kind: str) -> None:
    slow = open_slow(server, kind)
    try:
        seconds = sorted(seconds_to_answer(server) for _time in range(20))
        assert seconds[10] < 1
        assert seconds[-1] < 5
    finally:
        for connection in slow:
            connection.close()


def test_readers_are_answered_beside_all_of_them_and_those_are_sent_away(server: Server) -> None:
    kept = {kind: open_slow(server, kind) for kind in KINDS}
    started = time.monotonic()
    try:
        seconds = sorted(seconds_to_answer(server, path) for path in ("/people/", "/api/v1/topics/") * 10)
        assert seconds[10] < 1
        assert seconds[-1] < 5
        # One byte after the other does not count as progress: the limit is for the whole head.
        while time.monotonic() < started + connections.HEAD_SECONDS - 2:
            for connection in kept["half a head"]:
                connection.sendall(b"X")
            time.sleep(1)
        assert {read_all(connection)[9:12] for connection in kept["half a head"]} == {b"408"}
        assert {read_all(connection) for connection in kept["says nothing"]} == {b""}
        assert connections.HEAD_SECONDS - 1 < time.monotonic() - started < connections.HEAD_SECONDS + 10
    finally:
        for connection in (connection for several in kept.values() for connection in several):
            connection.close()
    assert seconds_to_answer(server) < 5


def test_more_connections_than_allowed_make_room_for_new_ones(var: Path) -> None:
    server = serve(var, "--worker-connections", "20", "--workers", "1")
    try:
        seconds_to_answer(server, patience=60)
        slow = open_slow(server, "half a head", 60)
        assert seconds_to_answer(server) < 5
        wait_until(lambda: sum(is_closed(connection) for connection in slow) >= 40, 5)
        for connection in slow:
            connection.close()
    finally:
        server.stop()


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed this connection."""
    connection.setblocking(False)
    try:
        return connection.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def test_an_answer_is_kept_for_a_client_that_reads_it_later(server: Server) -> None:
    one = exchange(server, LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    with connect(server, LARGE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"), buffer=4096) as connection:
        time.sleep(1)
        later = read_all(connection)
    assert later.partition(b"\r\n\r\n")[2] == one.partition(b"\r\n\r\n")[2]


# Time limits, with a clock that is set ---------------------------------------------------------------------------------
class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Set the clock by which connections are timed."""
    clock = Clock()
    monkeypatch.setattr(connections, "time", clock)
    return clock


@pytest.fixture
def listener() -> SimpleNamespace:
    """Return what a connection needs of the socket that it came by."""
    from waitress.adjustments import Adjustments

    tasks: list[Any] = []
    listener = SimpleNamespace(
        active_channels={}, add_task=tasks.append, pull_trigger=lambda: None, adj=Adjustments(ident=None), tasks=tasks
    )
    listener.trigger = SimpleNamespace(pull_trigger=lambda do: do())
    listener.kept = KeptBytes(lambda: list(listener.active_channels.values()))
    return listener


@pytest.fixture
def pair(clock: Clock, listener: SimpleNamespace) -> Iterator[tuple[Connection, socket.socket]]:
    """Return a connection as the server has it, without an application, and the client's end of it."""
    ours, theirs = socket.socketpair()
    connection = Connection(listener, ours, ("192.0.2.1", 1), listener.adj, map={})
    yield connection, theirs
    connection.close_now()
    theirs.close()


@pytest.fixture
def several(clock: Clock, listener: SimpleNamespace) -> Iterator[list[tuple[Connection, socket.socket]]]:
    """Return three connections of one process."""
    ends = [socket.socketpair() for _time in range(3)]
    pairs = [(Connection(listener, ours, ("192.0.2.1", 1), listener.adj, map={}), theirs) for ours, theirs in ends]
    yield pairs
    for connection, theirs in pairs:
        connection.close_now()
        theirs.close()


def is_open_after(connection: Connection, clock: Clock, seconds: float) -> bool:
    """Whether the connection is open so many seconds later; it is looked at once a second, as in life."""
    until = clock.now + seconds
    while clock.now < until and connection.connected:
        clock.now = min(clock.now + 1, until)
        connection.check_time(clock.now)
        if connection.writable():
            connection.handle_write()
    return bool(connection.connected and not connection.lingering)


def test_a_connection_without_a_request_is_closed(pair: Any, clock: Clock) -> None:
    connection, _client = pair
    assert is_open_after(connection, clock, connections.HEAD_SECONDS)
    assert not is_open_after(connection, clock, 1)


def test_blank_lines_are_no_request(pair: Any, clock: Clock) -> None:
    connection, _client = pair
    for _time in range(connections.HEAD_SECONDS):
        connection.received(b"\r\n")
        is_open_after(connection, clock, 1)
    assert not is_open_after(connection, clock, 1)


def test_a_body_has_to_keep_coming(pair: Any, clock: Clock) -> None:
    connection, client = pair
    connection.received(POST + b"Content-Length: 2000000\r\n\r\n")
    for _time in range(connections.BODY_SECONDS):
        connection.received(b"x")
        assert is_open_after(connection, clock, 1)
    assert not is_open_after(connection, clock, 1)
    client.setblocking(False)
    assert statuses(client.recv(4096)) == [408]
    assert not is_open_after(connection, clock, connections.LINGER_SECONDS + 1)
    assert not connection.connected


def test_a_body_that_keeps_coming_has_the_time_it_needs(pair: Any, clock: Clock) -> None:
    connection, _client = pair
    connection.received(POST + b"Content-Length: 2000000\r\n\r\n")
    for _time in range(2_000_000 // 20_000):
        assert is_open_after(connection, clock, 1)
        connection.received(b"x" * 20_000)
    (request,) = connection.requests
    assert request.error is None
    request.close()


def test_an_answer_that_nobody_reads_is_dropped(pair: Any, clock: Clock) -> None:
    connection, client = pair
    connection.requests = [RequestParser(connection.adj)]
    connection.write_soon(b"x" * 4_000_000)
    for _time in range(3):
        assert is_open_after(connection, clock, connections.READ_SECONDS - 1)
        for _part in range(4):
            client.recv(65_536)
            connection.handle_write()
    assert not is_open_after(connection, clock, connections.READ_SECONDS + 2)


def test_all_answers_that_wait_have_a_bound_and_the_slowest_client_goes(
    several: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 10_000_000)
    (first, client), (second, _client), (third, _other) = several
    for connection in (first, second, third):
        connection.requests = [RequestParser(connection.adj)]
    for _time in range(5):  # together they may have more than a process keeps, as long as it is taken
        for connection in (first, second):
            connection.write_soon(b"x" * 800_000)
    third.write_soon(b"x" * 400_000)
    client.setblocking(False)
    for _time in range(20):
        with suppress(BlockingIOError):
            client.recv(65_536)
        first.handle_write()
    assert [one.connected for one in (first, second, third)] == [True, True, True]
    for _time in range(8):
        first.write_soon(b"x" * 800_000)
    assert [one.connected for one in (first, second, third)] == [True, False, True], "it took nothing"
    assert first.server.kept.estimate < 10_000_000 + 800_000
    with pytest.raises(ClientDisconnected):
        second.write_soon(b"x")
    assert sum(is_large_file(buffer) for buffer in first.outbufs) > 3, "files are given back piece by piece"


def is_large_file(buffer: Any) -> bool:
    """Whether this part of an answer is in a temporary file of its own."""
    return bool(buffer.overflowed and buffer.getfile().seek(0, 2) < 2 * connections.FILE_BYTES)


def test_bodies_that_arrive_are_kept_within_the_same_bound(
    several: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 1_000_000)
    for connection, _client in several:
        connection.received(POST + b"Content-Length: 2000000\r\n\r\n")
        clock.now += 2
        for _time in range(4):
            if connection.connected:
                connection.received(b"x" * 100_000)
    assert [connection.connected for connection, _client in several] == [False, True, True]
    assert several[2][0].server.kept.estimate <= 1_000_000


def test_a_thread_waits_for_a_slow_client_only_while_another_is_free(
    pair: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection, _client = pair
    closed: list[Any] = []
    connection.server.trigger = SimpleNamespace(pull_trigger=closed.append)
    connection.server.waiting_threads = BoundedSemaphore(1)
    monkeypatch.setattr(connections, "SPOOL", 1_000_000)
    monkeypatch.setattr(connections, "THREAD_SECONDS", 0.1)
    connection.requests = [RequestParser(connection.adj)]
    connection.write_soon(b"x" * 4_000_000)
    with pytest.raises(ClientDisconnected):
        connection.write_soon(b"x")
    assert closed == [connection.close_now]
    connection.server.waiting_threads.acquire()
    monkeypatch.setattr(connections, "THREAD_SECONDS", 60)
    with pytest.raises(ClientDisconnected):  # at once
        connection.write_soon(b"x")
