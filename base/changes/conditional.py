"""Conditional requests (RFC 9110, 13): validators that are known before an answer is made, and 304 for a client that has it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, parse_etags

from base.changes.version import last_change, tag_of, version_for


@dataclass(frozen=True)
class Validators:
    """What tells one answer of an address from the next: its ETag, and the time of the last change in seconds since 1970."""

    etag: str
    last_modified: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an answer with these validators."""
        time = {} if self.last_modified is None else {"Last-Modified": http_date(self.last_modified)}
        return {"ETag": self.etag, **time}


def validators_for(
    request: HttpRequest, *besides: str, weak: bool = False, timed: bool = True, since: int = 0
) -> Validators:
    """Return the validators of the answer to a request, made of the content version. One query, once a request.

    `besides` is what the answer follows besides its address, such as a header. A weak tag is for answers whose bytes may differ
    although they say the same. `since` is the time of a change that is no write, such as the beginning of the day; an answer
    that is not `timed` has no Last-Modified.
    """
    version = version_for(request)
    etag = tag_of(version, request, *besides)
    return Validators(f"W/{etag}" if weak else etag, last_change(version, since) if timed else None)


def conditional_answer(
    request: HttpRequest, validators: Validators, make: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Return what `make` answers, with its validators; 304 for a client that has it, 412 where a precondition fails.

    Preconditions count only for what would be answered with 200. A client that names the tag was given it with such an answer,
    and the tag is another after every write: so 304 needs nothing made. Of any other condition the answer has to be made first.
    """
    if any(tag != "*" for tag in parse_etags(request.headers.get("If-None-Match", ""))):
        unchanged = _compared(request, validators, HttpResponse(headers=validators.headers))
        if unchanged.status_code == 304:
            return unchanged
    return with_validators(request, validators, make())


def with_validators(request: HttpRequest, validators: Validators, response: HttpResponseBase) -> HttpResponseBase:
    """Return an answer with its validators, or what the preconditions of the request make of it. An error is left as it is."""
    if response.status_code != 200:
        return response
    del response.headers["Last-Modified"]  # the time of the newest row, which a withdrawal would turn back
    for name, value in validators.headers.items():
        response.headers[name] = value
    return _compared(request, validators, response)


def _compared(request: HttpRequest, validators: Validators, response: HttpResponseBase) -> HttpResponseBase:
    some = get_conditional_response(request, validators.etag, validators.last_modified, cast(HttpResponse, response))
    return some or response
