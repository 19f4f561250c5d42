"""Which content coding a client takes, and answers packed with gzip for those that take it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase, StreamingHttpResponse
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers
from django.utils.text import compress_sequence, compress_string

SHORTEST = 500  # bytes; a shorter answer hardly gets shorter
PACKED_ALREADY = ("application/zip", "font/", "image/png")
RANDOM_BYTES = GZipMiddleware.max_random_bytes  # against attacks that measure the length of what is secret (BREACH)
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def qualities(accepted: str) -> dict[str, float]:
    """Return how much each coding of an Accept-Encoding header is liked, from 0 (not at all) to 1. RFC 9110, 12.5.3.

    Names are in lower case, and x-gzip is gzip. What is not written as the standard says counts as not there.
    """
    liked = {}
    for part in accepted.lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        quality = 1.0
        for parameter in parameters:
            key, _equals, value = parameter.partition("=")
            if key.strip() == "q":
                quality = float(value) if _QUALITY.fullmatch(value := value.strip()) else -1.0
        if name and quality >= 0:
            liked["gzip" if name == "x-gzip" else name] = quality
    return liked


def takes_gzip(accepted: str) -> bool:
    """Whether an answer to this Accept-Encoding header is packed: gzip is named and not refused, or nothing else is taken."""
    liked = qualities(accepted)
    gzip, plain = liked.get("gzip", liked.get("*", 0.0)), liked.get("identity", liked.get("*", 1.0))
    if "gzip" not in liked:
        return gzip > 0 and plain == 0
    return gzip > 0 and gzip >= liked.get("identity", 0.0)


class CompressionMiddleware:
    """Packs answers with gzip for clients that take it.

    What depends on it follows from the request alone, so that a 304 has the same ETag and Vary as its 200 (RFC 9110, 15.4.5):
    whoever takes gzip is given weak tags, because the bytes of an answer are then not always the same, packed or not. Ranges
    are not served: the header is taken away, which the standard allows, so that nobody is given a part of another coding.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        packs = takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        request.META["HTTP_ACCEPT_ENCODING"] = "gzip" if packs else ""  # which files are packed already is chosen by it
        request.META.pop("HTTP_RANGE", None)
        response = self.get_response(request)
        patch_vary_headers(response, ["Accept-Encoding"])
        if packs:
            if can_be_packed(response):
                pack(response)
            if response.headers.get("ETag", "").startswith('"'):
                response.headers["ETag"] = f"W/{response.headers['ETag']}"
        return response


def can_be_packed(response: HttpResponseBase) -> bool:
    """Whether an answer may be worth packing. Static files are packed beforehand where that pays."""
    media = response.headers.get("Content-Type", "")
    return not (
        response.has_header("Content-Encoding")
        or "no-transform" in response.headers.get("Cache-Control", "")
        or isinstance(response, FileResponse)
        or media.startswith(PACKED_ALREADY)
        or response.status_code in (204, 304)
    )


def pack(response: HttpResponseBase) -> None:
    """Pack an answer, unless it is short. Text of more than that gets shorter with every seed of the random bytes."""
    if isinstance(response, StreamingHttpResponse):
        chunks = cast(Iterator[bytes], response.streaming_content)  # nothing here is asynchronous
        response.streaming_content = compress_sequence(chunks, max_random_bytes=RANDOM_BYTES)
        response.headers.pop("Content-Length", None)
    else:
        content: bytes = response.content  # type: ignore[attr-defined]  # of every answer that is not streamed
        if len(content) < SHORTEST:
            return
        response.content = packed = compress_string(content, max_random_bytes=RANDOM_BYTES)  # type: ignore[attr-defined]
        response.headers["Content-Length"] = str(len(packed))
    response.headers["Content-Encoding"] = "gzip"
