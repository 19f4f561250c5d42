"""Answers that are asked for again: an ETag known before anything is read, so that a 304 costs one query."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from base.api.errors import problem
from base.changes.version import tag_of, version_for
from base.sql.replica import complete_until

STARTED = int(time.time())  # an answer may look different after the code changed, which has no time of its own


def as_json(body: Any) -> HttpResponse:
    """Return a body as JSON."""
    return HttpResponse(orjson.dumps(body, option=orjson.OPT_UTC_Z), content_type="application/json")


def conditional(request: HttpRequest, etag: str, written: int | None, response: HttpResponse) -> HttpResponse | None:
    """Return the response, or what the preconditions of the request make of it: 304, or 412 in our form of errors."""
    found = get_conditional_response(request, etag, written, response)
    if found is not None and found.status_code == 412:
        return problem(412, "What If-Match or If-Unmodified-Since asks for is not what is here.")
    return found


def versioned(request: HttpRequest, make: Callable[[], HttpResponse]) -> HttpResponse:
    """Return what `make` answers, with its ETag and the time of the last write or start; 304 for a client that has it.

    The version is read first: an answer may be newer than its ETag, which costs a download, and is never older. A second in
    which something was written names no time, as another write in it could not be told from the first, nor does one that a
    replica may not have in full.
    """
    version = version_for(request)
    etag, written = (
        tag_of(version, request, request.headers.get("accept-language", "")),
        max(version // 1_000_000, STARTED),
    )
    told = written if written < int(complete_until()) else None
    validators = {"ETag": etag, **({"Last-Modified": http_date(told)} if told is not None else {})}
    if request.headers.get("if-none-match", "").strip() != "*":  # which asks whether there is anything at all
        known = conditional(request, etag, told, HttpResponse(headers=validators))
        if known is not None and known.status_code != 200:
            return known
    response = make()
    if response.status_code == 200:
        for name, value in validators.items():
            response[name] = value
        return conditional(request, etag, told, response) or response
    return response
