"""The id of each request, and one line of the log for each answer."""

from __future__ import annotations

import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator

from django.conf import settings
from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from base.fair_use import hash_of
from operations.logs import request_id

HEADER = "X-Request-ID"
QUIET = ("/healthz", "/readyz", "/metrics")  # programs ask for these all day: their lines have the level DEBUG

_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")

access_log = logging.getLogger("access")


def id_for(request: HttpRequest) -> str:
    """Return the id that the proxy in front gave the request, if there is one and it is well formed; else a new one."""
    given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
    return given if _WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def pseudonym_of(request: HttpRequest) -> str:
    """Return a name of the client's network for one day: twelve digits of a keyed hash, another one tomorrow."""
    return hash_of(request, f"access {timezone.now().date()}")[:12]


class RequestLogMiddleware:
    """Gives each request an id, which every line of the log has meanwhile, and logs each answer.

    The log has the path, never the query (what people search for is nobody's business) nor the client's address.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request. The id holds until the thread's next request: a stream is sent after this returns."""
        start = time.perf_counter()
        request_id.set(id_for(request))
        response = self.get_response(request)
        response.headers[HEADER] = request_id.get()
        level = logging.DEBUG if request.path in QUIET else logging.INFO
        if access_log.isEnabledFor(level):
            line = AccessLine(request, response.status_code, level, start)
            if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
                response.streaming_content = LoggedStream(iter(response), line)
            else:
                length = response.headers.get("Content-Length")
                line.write(int(length) if length else len(getattr(response, "content", b"")))
        return response


class AccessLine:
    """A line of the log about one answer, to be written once its length is known."""

    def __init__(self, request: HttpRequest, status: int, level: int, start: float) -> None:
        self.request, self.status, self.level, self.start = request, status, level, start

    def write(self, length: int) -> None:
        """Write the line. `length` is the number of bytes of the body."""
        milliseconds = round(1000 * (time.perf_counter() - self.start), 1)
        method, path = self.request.method, self.request.path
        members = {"method": method, "path": path, "status": self.status, "ms": milliseconds, "bytes": length}
        message = "%s %s %s %s ms %s B"
        extra = {**members, "client": pseudonym_of(self.request)}
        access_log.log(self.level, message, *members.values(), extra=extra)


class LoggedStream:
    """The pieces of an answer as they are sent; the line is written when the stream ends or is closed."""

    def __init__(self, pieces: Iterator[bytes], line: AccessLine) -> None:
        self.pieces, self.line, self.length, self.ended = pieces, line, 0, False

    def __iter__(self) -> LoggedStream:
        return self

    def __next__(self) -> bytes:
        try:
            piece = next(self.pieces)
        except BaseException:
            self.close()
            raise
        self.length += len(piece)
        return piece

    def close(self) -> None:
        """Write the line, once."""
        if not self.ended:
            self.ended = True
            self.line.write(self.length)
