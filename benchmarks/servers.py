"""Programs behind HTTP on this machine, and a client that keeps them busy for a moment."""

from __future__ import annotations

import os
import random
import re
import socket
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.request import urlopen

CHUNKED, LAST_CHUNK = b"\r\ntransfer-encoding: chunked", b"\r\n0\r\n\r\n"
WARM = 30  # addresses that are asked for before the clock runs
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What a server did while it was kept busy."""

    rps: float
    cpu_ms: float  # of the server's processes, a request; without a database server


class Server:
    """One program on the loopback address, on a free port unless one is given. `{port}` in the command stands for it."""

    def __init__(self, log: Path, command: Sequence[str], *, port: int = 0, **environment: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = port or probe.getsockname()[1]
        # It ends with us, however we end.
        bound = ["setpriv", "--pdeathsig", "TERM", *command]
        filled = [part.replace("{port}", str(self.port)) for part in bound]
        with log.open("ab") as out:
            self.process = subprocess.Popen(filled, env={**os.environ, **environment}, stdout=out, stderr=out)
        for _try in range(300):
            if self.process.poll() is not None:
                break
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise SystemExit(f"{command[:4]} did not start; see {log}")

    @property
    def site(self) -> str:
        """The beginning of its addresses."""
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str) -> bytes:
        """Return the body at an address."""
        with urlopen(self.site + path, timeout=60) as answer:
            return bytes(answer.read())

    def load(self, paths: Sequence[str], seconds: float, connections: int = 2) -> Load:
        """Ask for the addresses in turn, on so many connections, for so long."""
        for path in paths[:WARM]:
            self.ask(path)
        paths = random.sample(paths, len(paths))  # of thousands none is asked for twice before it is forgotten
        before, started = self._cpu(), time.monotonic()
        until = started + seconds
        with ThreadPoolExecutor(connections) as pool:
            done = sum(pool.map(lambda first: _keep_asking(self.port, paths, first, until), range(connections)))
        taken = time.monotonic() - started
        return Load(done / taken, 1000 * (self._cpu() - before) / max(done, 1))

    def _cpu(self) -> float:
        """Return the seconds that the program and its workers have used."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ticks = 0
        for pid in (str(self.process.pid), *children):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(20)


class _Line:
    """A connection that is kept while the server keeps it. Nothing of a client that would cost as much as the server."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def ask(self, path: str) -> bytes:
        kept = self.socket is not None
        line = self.socket or socket.create_connection(("127.0.0.1", self.port), 60)
        line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: */*\r\n\r\n".encode())
        found = b""
        while b"\r\n\r\n" not in found:
            piece = line.recv(262_144)
            if not piece:
                if kept and not found:  # it had closed the line meanwhile
                    self.socket = None
                    return self.ask(path)
                raise SystemExit(f"No answer from port {self.port} to {path[:200]}")
            found += piece
        head, _blank, rest = found.partition(b"\r\n\r\n")
        body, length, chunked = bytearray(rest), LENGTH.search(head), CHUNKED in head.lower()
        while not (body.endswith(LAST_CHUNK) if chunked else length and len(body) >= int(length[1])):
            piece = line.recv(262_144)
            if not piece:
                break
            body += piece
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")):
            raise SystemExit(f"{head[:200]!r} from port {self.port} to {path[:200]}")
        if not (length or chunked) or b"connection: close" in head.lower():
            line.close()
            self.socket = None
        else:
            self.socket = line
        return bytes(body)


def _keep_asking(port: int, paths: Sequence[str], first: int, until: float) -> int:
    line, done = _Line(port), 0
    for path in cycle([*paths[first:], *paths[:first]]):
        if time.monotonic() > until:
            break
        line.ask(path)
        done += 1
    return done


def gunicorn(python: str, application: str) -> list[str]:
    """Return the command that serves a WSGI program with one process and one thread."""
    options = ("--workers", "1", "--threads", "1", "--bind", "127.0.0.1:{port}", "--log-level", "warning")
    return [python, "-m", "gunicorn", application, *options, "--no-control-socket"]


def together(rounds: int, seconds: float, jobs: dict[str, tuple[Server, Sequence[str]]]) -> dict[str, Load]:
    """Keep the servers busy in turn, round by round, so that noise falls on all; return the median of each."""
    found: dict[str, list[Load]] = {name: [] for name in jobs}
    for _round in range(rounds):
        for name, (server, paths) in jobs.items():
            found[name].append(server.load(paths, seconds))
    return {name: sorted(loads, key=lambda load: load.rps)[len(loads) // 2] for name, loads in found.items()}


def postgres() -> Any:
    """Return the servers of scripts/with-postgres, of which none runs yet."""
    path = Path(__file__).resolve().parent.parent / "scripts" / "with-postgres"
    spec: Any = spec_from_loader("with_postgres", SourceFileLoader("with_postgres", str(path)))
    module: Any = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.Servers()
