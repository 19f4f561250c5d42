"""Conditional requests to the API: an ETag of the content version, known before anything is read; failures as problem+json."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from base.api.errors import problem
from base.changes.conditional import conditional_answer, validators_for
from base.text.moments import json_bytes


def as_json(body: object) -> HttpResponse:
    """Return a response with the body as JSON."""
    return HttpResponse(json_bytes(body), content_type="application/json")


def explained(response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer; a precondition that failed is told as every error of the API."""
    if response.status_code == 412:
        return problem(412, "What If-Match or If-Unmodified-Since asks for is not what is here.")
    return response


def versioned(
    request: HttpRequest, make: Callable[[], HttpResponseBase], *besides: str, weak: bool = False
) -> HttpResponseBase:
    """Return what `make` answers, with its ETag and the time of the last write or start; 304 for a client that has it.

    The content version is read first, so an answer may be newer than its ETag, which costs one more download, but never older.
    `besides` is what the answer follows besides its address; a weak tag is for answers that are made while they are sent.
    """
    return explained(conditional_answer(request, validators_for(request, *besides, weak=weak), make))
