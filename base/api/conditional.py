"""Conditional requests: the ETag of an answer is known before anything is read for it, so that a 304 costs one query."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from base.api.errors import problem
from base.changes.version import tag_of, version_for
from base.sql.replica import complete_until
from base.text.moments import json_bytes

STARTED = int(time.time())  # an answer may look different after the code changed, which has no time of its own


def as_json(body: object) -> HttpResponse:
    """Return a response with the body as JSON."""
    return HttpResponse(json_bytes(body), content_type="application/json")


def conditional(request: HttpRequest, etag: str, written: int | None, response: HttpResponse) -> HttpResponse | None:
    """Return the response, or what the preconditions of the request make of it: 304, or 412 as problem+json.

    `written` is the time of the last change in seconds since 1970, if it can be told.
    """
    answer = get_conditional_response(request, etag, written, response)
    if answer is not None and answer.status_code == 412:
        return problem(412, "What If-Match or If-Unmodified-Since asks for is not what is here.")
    return answer


def versioned(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what `make` answers, with its ETag and the time of the last write or start; 304 for a client that has it.

    The content version is read first, so an answer may be newer than its ETag, which costs one more download, but never older.
    Last-Modified is left out as long as another write in the same second is possible, or as a replica may lack a write of it.
    """
    version = version_for(request)
    etag, written = (
        tag_of(version, request, request.headers.get("accept-language", "")),
        max(version // 1_000_000, STARTED),
    )
    last_modified = written if written < int(complete_until()) else None
    validators = {"ETag": etag, **({"Last-Modified": http_date(last_modified)} if last_modified is not None else {})}
    if request.headers.get("if-none-match", "").strip() != "*":  # which asks whether there is anything at all
        unchanged = conditional(request, etag, last_modified, HttpResponse(headers=validators))
        if unchanged is not None and unchanged.status_code != 200:
            return unchanged
    response = make()
    if response.status_code == 200:
        for name, value in validators.items():
            response[name] = value
        return conditional(request, etag, last_modified, response) or response
    return response
