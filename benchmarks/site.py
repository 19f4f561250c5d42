"""The product in a process of its own: asked for pages without a network, its time and its queries counted.

A process has one database for life, because settings are read once. Functions of the goals that need models run there too.
"""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit
from wsgiref.util import setup_testing_defaults

HOST = "localhost"
# Fair use is counted as in production, but nobody is refused.
UNLIMITED = {"RATE_LIMIT": "100000000", "RATE_LIMIT_HEAVY": "100000000", "RATE_LIMIT_PAGES": "100000000"}


@dataclass(frozen=True)
class Loader:
    """What came back, and what it cost: seconds of clock and of processor for each of the times it was asked."""

    status: int
    headers: dict[str, str]
    body: bytes
    wall: list[float]
    cpu: list[float]
    queries: int

    @property
    def ms(self) -> float:
        """The median time in milliseconds."""
        return 1000 * sorted(self.wall)[len(self.wall) // 2]


class Site:
    """A process that has the product, or the stock project, over one database."""

    def __init__(self, url: str, var: Path, settings: str = "config.settings", **environment: str) -> None:
        environment = {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": settings,
            "VAR_DIR": str(var),
            **UNLIMITED,
            **environment,
        }
        self.pool = ProcessPoolExecutor(1, get_context("spawn"), _set_up, (environment,))

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Run a function there and return what it returns."""
        return self.pool.submit(function, *arguments).result()

    def get(self, address: str, times: int = 1, **headers: str) -> Loader:
        """Ask for an address, so many times in a row."""
        answer: Loader = self.call(get, address, times, headers)
        return answer

    def close(self) -> None:
        """End the process."""
        self.pool.shutdown()


def _set_up(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    import django

    django.setup()


_application: Any = None


def get(address: str, times: int = 1, headers: dict[str, str] | None = None) -> Loader:
    """Ask the WSGI application of this process."""
    global _application
    if _application is None:
        from django.core.wsgi import get_wsgi_application

        _application = get_wsgi_application()
    wall, cpu = [], []
    for _time in range(times):
        environ = environ_of(address, headers or {})
        count, answered = _Counter(), {}

        def start(status: str, fields: list[tuple[str, str]], *rest: Any, answered: dict[str, Any] = answered) -> None:
            answered.update(status=int(status[:3]), headers={name.lower(): value for name, value in fields})

        with count:
            clock, processor = time.perf_counter(), time.process_time()
            response = _application(environ, start)
            body = b"".join(response)
            wall.append(time.perf_counter() - clock)
            cpu.append(time.process_time() - processor)
            response.close()
    return Loader(answered["status"], answered["headers"], body, wall, cpu, count.queries)


def environ_of(address: str, headers: dict[str, str]) -> dict[str, Any]:
    """Return what a WSGI server would hand to the application."""
    parts = urlsplit(address)
    environ: dict[str, Any] = {"PATH_INFO": parts.path, "QUERY_STRING": parts.query, "HTTP_HOST": HOST}
    environ |= {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    environ["wsgi.input"] = io.BytesIO()
    setup_testing_defaults(environ)
    # Percent-encoded bytes arrive decoded; WSGI holds them as Latin-1.
    environ["PATH_INFO"] = unquote_to_bytes(parts.path).decode("latin-1")
    return environ


class _Counter:
    """Counts the queries of every database."""

    def __init__(self) -> None:
        self.queries = 0

    def __enter__(self) -> _Counter:
        from django.db import connections

        self.wrapped = [connection.execute_wrapper(self._count) for connection in connections.all()]
        for wrapper in self.wrapped:
            wrapper.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        for wrapper in self.wrapped:
            wrapper.__exit__(*error)

    def _count(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)
