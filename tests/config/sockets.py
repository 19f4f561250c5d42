"""What the tests of the server share: the site as `manage.py start` serves it, and sockets that send bytes as given."""

from __future__ import annotations

import re
import socket
import sys
import time
from pathlib import Path

from benchmarks.servers import Server

STATUS = re.compile(rb"HTTP/1\.[01] ([0-9]{3}) ")
NO_LIMIT = {"RATE_LIMIT": "0", "RATE_LIMIT_HEAVY": "0", "RATE_LIMIT_PAGES": "0", "HASHED_STATIC": "0"}


def serve(var: Path, *options: str, port: int = 0, **environment: str) -> Server:
    """Start the site on a free port, over the database in this folder unless another is given."""
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", "127.0.0.1:{port}"]
    return Server(
        var / "log",
        [*command, *options],
        port=port,
        **{"VAR_DIR": str(var), "DATABASE_URL": "", **NO_LIMIT, **environment},
    )


def connect(server: Server, data: bytes = b"", *, buffer: int = 0) -> socket.socket:
    """Open a connection and send these bytes; `buffer` is how much the system takes for a client that does not read."""
    connection = socket.socket()
    if buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    connection.settimeout(8)
    connection.connect(("127.0.0.1", server.port))
    if data:
        connection.sendall(data)
    return connection


def read_all(connection: socket.socket) -> bytes:
    """Return what comes until the server closes."""
    parts = []
    try:
        while part := connection.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        parts.append(b"(reset)")
    return b"".join(parts)


def exchange(server: Server, data: bytes, patience: float = 8) -> bytes:
    """Send these bytes on a new connection, and return what comes until the server closes."""
    with connect(server, data) as connection:
        connection.settimeout(patience)
        return read_all(connection)


def statuses(answers: bytes) -> list[int]:
    """Return the status of each answer on one connection."""
    return [int(status) for status in STATUS.findall(answers)]


def seconds_to_answer(server: Server, path: str = "/api/v1/topics/", patience: float = 8) -> float:
    """Ask on a new connection, expect 200 after at most `patience` seconds of silence, and return how many that took."""
    started = time.monotonic()
    answer = exchange(server, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode(), patience)
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:200]
    return time.monotonic() - started
