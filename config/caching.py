"""What may be kept of an answer that does not say so itself, and static files for whoever has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import has_vary_header
from django.utils.http import parse_etags
from whitenoise.middleware import WhiteNoiseMiddleware


class CachingMiddleware:
    """Says of every answer how long it may be kept.

    A browser keeps 301, 308, 404 and 410 for ever if nothing is said. A record may be published again, and renamed back: so
    they are asked for again, as pages are. Preconditions count for 200 alone, so a validator would be of no use with them.
    What depends on a cookie, or sets one, is for one reader and is not stored at all.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        response = self.get_response(request)
        private = bool(response.cookies) or has_vary_header(response, "Cookie")
        response.headers.setdefault("Cache-Control", "private, no-store" if private else "no-cache")
        return response


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise, which compares If-None-Match as a whole: a list, a weak tag and `*` are understood too (RFC 9110, 13.1.2)."""

    def get_static_url(self, name: str) -> str | None:
        """Return the address of a collected file; None for another name. WhiteNoise tries names that it makes up."""
        if isinstance(staticfiles_storage, ManifestFilesMixin) and name not in staticfiles_storage.hashed_files:
            return None
        return cast("str | None", super().get_static_url(name))

    @staticmethod
    def serve(static_file: Any, request: HttpRequest) -> HttpResponseBase:  # Any: WhiteNoise has no types
        """Serve a static file, or answer 304 to a client that has it."""
        etag = getattr(static_file, "etag", None)  # a redirect has none
        known = [tag.removeprefix("W/") for tag in parse_etags(request.META.get("HTTP_IF_NONE_MATCH", ""))]
        if etag and (known == ["*"] or etag in known):
            request.META["HTTP_IF_NONE_MATCH"] = etag
        return WhiteNoiseMiddleware.serve(static_file, request)
