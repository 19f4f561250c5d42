"""Figures for Prometheus at /metrics, for whoever has METRICS_TOKEN. Without that setting nothing here is loaded.

Each process counts in files of its own in `VAR_DIR/metrics`; whoever is asked adds them up. The files of workers that ended
stay, so that counters never fall; gunicorn empties the folder when it starts (config/gunicorn.py).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.exceptions import MiddlewareNotUsed
from django.core.signals import got_request_exception
from django.db import Error
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare

from base.changes.cache import cache_asked
from base.changes.version import content_version

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram
    from prometheus_client.core import Metric

FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"  # prometheus_client reads it when it is imported
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class Figures:
    """What is counted. Made once a process: prometheus_client is loaded here."""

    def __init__(self) -> None:
        folder = Path(settings.VAR_DIR) / "metrics"
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[FOLDER_VARIABLE] = str(folder)
        from prometheus_client import Counter, Histogram

        self.requests: Counter = Counter("http_requests", "Answers.", ["view", "method", "status"])
        self.seconds: Histogram = Histogram(
            "http_request_seconds", "Time until an answer begins.", ["view"], buckets=BUCKETS
        )
        self.exceptions: Counter = Counter("http_exceptions", "Requests that ended in an exception.")
        self.refused: Counter = Counter("http_limited", "Requests refused by a limit (429).")
        self.queries: Counter = Counter("database_queries", "Queries.", ["database"])
        self.failures: Counter = Counter("database_errors", "Queries that failed.", ["database"])
        self.cache: Counter = Counter("cache_requests", "Values looked for in a cache.", ["cache", "result"])
        self.sign_ins: Counter = Counter("sign_ins", "Attempts to sign in.", ["result"])
        connection_created.connect(self.watch_connection)
        cache_asked.connect(self.count_cache)
        got_request_exception.connect(self.count_exception)
        user_logged_in.connect(self.count_sign_in)
        user_login_failed.connect(self.count_failed_sign_in)

    def watch_connection(self, connection: BaseDatabaseWrapper, **kwargs: object) -> None:
        """Count the queries of a new connection (receives connection_created)."""
        if self.count_query not in connection.execute_wrappers:
            connection.execute_wrappers.append(self.count_query)

    def count_query(
        self, execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, object]
    ) -> object:
        """Run a query and count it."""
        database = getattr(context["connection"], "alias", "")
        self.queries.labels(database).inc()
        try:
            return execute(sql, params, many, context)
        except Error:
            self.failures.labels(database).inc()
            raise

    def count_cache(self, sender: str, hit: bool, **kwargs: object) -> None:
        """Count a value that was looked for."""
        self.cache.labels(sender, "hit" if hit else "miss").inc()

    def count_exception(self, **kwargs: object) -> None:
        """Count a request that ended in an exception."""
        self.exceptions.inc()

    def count_sign_in(self, **kwargs: object) -> None:
        """Count somebody who signed in."""
        self.sign_ins.labels("accepted").inc()

    def count_failed_sign_in(self, **kwargs: object) -> None:
        """Count somebody who was refused."""
        self.sign_ins.labels("refused").inc()

    def count_answer(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        """Count an answer. No label has more values than the site has views."""
        match = request.resolver_match
        view = match.view_name if match else "static" if request.path.startswith(settings.STATIC_URL) else "none"
        method = request.method if request.method in METHODS else "other"
        self.requests.labels(view or "none", method, f"{response.status_code // 100}xx").inc()
        self.seconds.labels(view or "none").observe(seconds)
        if response.status_code == 429:
            self.refused.inc()

    def page(self) -> HttpResponse:
        """Return the figures of all processes, and how long ago the last write was."""
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = CollectorRegistry()
        MultiProcessCollector(registry)
        registry.register(ContentAge())
        return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class ContentAge:
    """How many seconds ago content was last written, asked when the figures are; left out where the database is away."""

    def collect(self) -> Iterator[Metric]:
        """Return the figure. The content version is about microseconds since 1970."""
        from prometheus_client.core import GaugeMetricFamily

        try:
            age = max(0.0, time.time() - content_version() / 1_000_000)
        except Error:
            return
        yield GaugeMetricFamily("content_age_seconds", "Seconds since content was last written.", value=age)


figures: Figures | None = None


class MetricsMiddleware:
    """Counts answers, and answers /metrics to those who send `Authorization: Bearer METRICS_TOKEN`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if not settings.METRICS_TOKEN:
            raise MiddlewareNotUsed
        global figures
        figures = figures or Figures()
        self.figures, self.get_response = figures, get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        if request.path == "/metrics":
            return self.answer(request)
        start = time.perf_counter()
        response = self.get_response(request)
        self.figures.count_answer(request, response, time.perf_counter() - start)
        return response

    def answer(self, request: HttpRequest) -> HttpResponse:
        """Return the figures, or 401 to whoever has no token."""
        if constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
            response = self.figures.page()
        else:
            response = HttpResponse("Metrics are for whoever has the token.\n", status=401, content_type="text/plain")
            response.headers["WWW-Authenticate"] = "Bearer"
        response.headers["Cache-Control"] = "no-store"
        return response
