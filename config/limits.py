"""Fair use and patience: what is answered to who asks too much, and when the database is too slow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from base.api.errors import problem
from base.fair_use import take
from base.sql.timeouts import RETRY_AFTER, TOO_SLOW, overloaded

API = "/api/"


class FairUse:
    """Counts the requests for views that say `fair_use`, tells the client what is left, and refuses what is too much."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, with the headers."""
        response = self.get_response(request)
        taken = getattr(request, "taken", None)
        for name, value in taken.headers.items() if taken else ():
            response.headers[name] = value
        return response

    def process_view(self, request: Any, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Count the request; answer 429 if it is one too many. A browser's question whether it may ask is free."""
        found = getattr(view, "cls", None) or getattr(view, "view_class", None)
        scope = getattr(found, "fair_use", "")
        if not scope or request.method == "OPTIONS" or hasattr(request, "taken"):  # counted, and answered once more
            return None
        if scope == "reading" and "expand" in request.GET:  # hundreds of records in full, where one would be read
            scope = "heavy"
        request.taken = taken = take(request, scope)
        if taken is None or not taken.wait:
            return None
        if request.path.startswith(API):
            detail = f"At most {taken.quota} requests a minute are answered here. Ask again in {taken.wait} s."
            response = problem(429, detail)
        else:
            response = render(request, "429.html", {"seconds": taken.wait}, status=429)
        response.headers["Cache-Control"] = "no-store"
        return response


class Patience:
    """Answers 503 where the database took too long or could not be reached."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Say that it was too slow; every other error is not ours to answer."""
        if not overloaded(error):
            return None
        if request.path.startswith(API):
            response = problem(503, TOO_SLOW)
        else:
            response = HttpResponse(render_to_string("503.html"), status=503)
        response.headers["Retry-After"] = str(RETRY_AFTER)
        response.headers["Cache-Control"] = "no-store"
        return response
