"""Which form of an answer a client takes: its Accept header as RFC 9110 reads it, with qualities."""

from __future__ import annotations

from collections.abc import Iterable

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MOST_TYPES = 64  # in a header; of a longer one the rest is not read


class AcceptNegotiation(DefaultContentNegotiation):
    """Takes the form that the client likes best. REST framework does not read qualities: `q=0` means “not this”."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return (renderer, its media type). Raises NotAcceptable, which is 406."""
        accepted = request._request.META.get("HTTP_ACCEPT", "").strip() or "*/*"
        ranges = [parsed for text in accepted.split(",")[:MOST_TYPES] if (parsed := media_range(text))]
        best = max(renderers, key=lambda renderer: quality(renderer.media_type or "", ranges))
        if quality(best.media_type or "", ranges) <= 0:
            raise NotAcceptable
        return best, best.media_type or ""


def media_range(text: str) -> tuple[str, float] | None:
    """Return (type, quality) of one part of an Accept header; None for what is none."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    main, slash, sub = name.partition("/")
    if not (main and slash and sub) or (main == "*" and sub != "*"):
        return None
    value = next((part.partition("=")[2] for part in parameters if part.partition("=")[0].strip() == "q"), "1").strip()
    try:
        liked = float(value) if value.isascii() and value.replace(".", "", 1).isdigit() else 1.0
    except ValueError:
        liked = 1.0
    return name, min(liked, 1.0)


def quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """Return how much a media type is liked, from 0 to 1: what the most exact of the ranges says that hold it."""
    main = media_type.partition("/")[0]
    for wanted in (media_type, f"{main}/*", "*/*"):
        liked = [value for name, value in ranges if name == wanted]
        if liked:
            return max(liked)
    return 0.0
