"""Middleware that answers 429 to clients that send too many requests, and 503 when the database is overloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from base.api.errors import problem
from base.fair_use import take
from base.sql.timeouts import RETRY_AFTER, TOO_SLOW, overloaded

API = "/api/"
ViewFunction = Callable[..., HttpResponseBase]


class FairUseMiddleware:
    """Counts requests for views with an attribute `fair_use`, reports the quota in headers, and refuses what exceeds it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request, and add the headers of its quota."""
        response = self.get_response(request)
        taken = getattr(request, "taken", None)
        for name, value in taken.headers.items() if taken else ():
            response.headers[name] = value
        return response

    def process_view(
        self, request: HttpRequest, view: ViewFunction, _args: Sequence[object], _kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Count the request, and answer 429 if it exceeds the quota. The preflight requests of browsers (OPTIONS) are free."""
        view_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
        scope = getattr(view_class, "fair_use", "")
        # A request that the replica could not answer comes here a second time (config/replica.py), and is counted once.
        if not scope or request.method == "OPTIONS" or hasattr(request, "taken"):
            return None
        if scope == "reading" and "expand" in request.GET:  # such an answer may hold hundreds of records in full
            scope = "heavy"
        taken = take(request, scope)
        request.taken = taken  # type: ignore[attr-defined]
        if taken is None or not taken.wait:
            return None
        if request.path.startswith(API):
            detail = f"At most {taken.quota} requests a minute are answered here. Ask again in {taken.wait} s."
            response = problem(429, detail)
        else:
            response = render(request, "429.html", {"seconds": taken.wait}, status=429)
        response.headers["Cache-Control"] = "no-store"
        return response


class OverloadMiddleware:
    """Answers 503 when the database took too long or could not be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error that means an overloaded database; leave every other error to Django."""
        if not overloaded(error):
            return None
        return unavailable(request)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Return the answer while the database cannot be used: 503, and when to ask again. It needs no database."""
    in_json = request.path.startswith(API)
    response = problem(503, TOO_SLOW) if in_json else HttpResponse(render_to_string("503.html"), status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response
