"""What is asked for again: a tag of every answer that is known before anything is read, and what was found out at one version.

The content version is another number after every write, so whatever is kept beside it is never out of date.
"""

from __future__ import annotations

import functools
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, router
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.views import View

from base.changes.version import content_version
from base.lists.counting import RowCount, count_rows

# What answers are made of besides the content: program, templates, catalogues, and the files that pages name by their digests.
MADE_OF = {
    "base": "*.py",
    "config": "*.py",
    "directory": "*.py",
    "events": "*.py",
    "reports": "*.py",
    "templates": "*",
    "locale": "*.mo",
    "static": "*",
}


def code_version() -> str:
    """Return a digest of the code and its libraries: an answer may look different after they change."""
    # Who works on a template wants to see it at once, and the server does not start anew for one.
    return _digest() if settings.DEBUG else _kept_digest()


def _digest() -> str:
    root = Path(settings.BASE_DIR)
    files = [file for name, kind in MADE_OF.items() for file in sorted((root / name).rglob(kind)) if file.is_file()]
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for file in [*files, root / "requirements" / "base.txt"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


_kept_digest = functools.cache(_digest)


def version_for(request: HttpRequest) -> int:
    """Return the content version as it was when this request first asked for it. One query, once a request."""
    if not hasattr(request, "content_version"):
        request.content_version = content_version()  # type: ignore[attr-defined]
    return int(request.content_version)  # type: ignore[attr-defined]


def tag_of(version: int, request: HttpRequest, *besides: str) -> str:
    """Return the ETag of an answer: of the content, the code, what was asked, and what else the answer depends on."""
    asked = "\n".join((request.build_absolute_uri(), *besides))
    digest = hashlib.sha256(f"{version}\n{code_version()}\n{asked}".encode())
    return quote_etag(digest.hexdigest()[:32])


class ConditionalPage(View):
    """A page that is the same for everybody: a browser that has it is told so, for the price of one query.

    `depends_on` names the headers of a request that the page follows, besides its address.
    """

    @property
    def depends_on(self) -> tuple[str, ...]:
        """None, unless a page says otherwise."""
        return ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 304 to who has the page, else a kept one. The tag was taken before the page is made, so it is never too new."""
        make = super().dispatch
        if request.method not in ("GET", "HEAD"):
            return make(request, *args, **kwargs)
        headers = [request.headers.get(name, "") for name in self.depends_on]
        # Citations name the day they were read. The tag is weak: GZip packs the same page into other bytes every time.
        tag = f"W/{tag_of(version_for(request), request, str(timezone.now().date()), *headers)}"
        if request.headers.get("if-none-match", "").strip() != "*":  # which asks whether there is anything at all
            known = get_conditional_response(request, tag, None, self._told(HttpResponse(), tag))
            if known is not None and known.status_code != 200:
                return known
        try:
            page = _pages.at(version_for(request), tag, lambda: Page.of(make(request, *args, **kwargs)))
        except NotKept as other:
            return other.response
        response = page.response()
        return get_conditional_response(request, tag, None, self._told(response, tag)) or response

    def _told(self, response: HttpResponse, tag: str) -> HttpResponse:
        """Say that the page may be kept by anybody who asks again before showing it."""
        response["ETag"] = tag
        patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Accept-Encoding", *self.depends_on])
        return response


class VersionedCache:
    """What was found out at one content version, by a key; the least recently asked for is forgotten beyond `most`.

    Nothing is kept inside a transaction: it may be taken back, and its numbers come again.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._found: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, version: int | None, key: Hashable, make: Callable[[], Any]) -> Any:
        """Return what `make` found at this version; without a version it is made anew.

        The version has to be read before. What is returned is shared: it is not to be changed.
        """
        if version is None or connections[router.db_for_read(_version_model())].in_atomic_block:
            return make()
        place = (version, key)
        with self._lock:
            if place in self._found:
                self._found.move_to_end(place)
                return self._found[place]
        found = make()
        with self._lock:
            self._found[place] = found
            while len(self._found) > self.most:
                self._found.popitem(last=False)
        return found


class NotKept(Exception):
    """An answer that is no page to be handed out again: a refusal, or a way to elsewhere."""

    def __init__(self, response: Any) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Page:
    """A page as it was made, to be handed out again: it is the same for everybody."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, response: Any) -> Page:
        """Return the page, drawn if it is still to be. Raises NotKept."""
        if response.status_code != 200 or response.cookies or response.streaming:
            raise NotKept(response)
        if hasattr(response, "render"):
            response.render()
        return cls(response.content, tuple(response.headers.items()))

    def response(self) -> HttpResponse:
        """Return it as a response of its own."""
        return HttpResponse(self.body, headers=dict(self.headers))


_numbers, _pages, _counts = VersionedCache(200), VersionedCache(100), VersionedCache(2000)


def cached_for(request: HttpRequest, key: Hashable, make: Callable[[], Any]) -> Any:
    """Return what a page found out by this key since the last write, or find it out. It is shared: not to be changed."""
    return _numbers.at(version_for(request), key, make)


def cached_count(request: HttpRequest, key: Hashable, rows: Callable[[], QuerySet[Any]]) -> RowCount:
    """Return how many rows there were by this key since the last write, as far as pages count, or count them."""
    found: RowCount = _counts.at(version_for(request), key, lambda: count_rows(rows()))
    return found


def _version_model() -> Any:
    from django.apps import apps

    return apps.get_model("directory", "ContentVersion")
