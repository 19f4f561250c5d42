"""Pages that are the same for everybody: made once after a write, and answered with 304 to a browser that has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views import View

from base.changes.cache import count_cache, page_cache
from base.changes.version import tag_of, version_for
from base.lists.counting import RowCount, count_rows


def cached_count(request: HttpRequest, key: object, rows: Callable[[], QuerySet[Model]]) -> RowCount:
    """Return the number of rows that was kept under this key since the last write, or count them, as far as pages count."""
    return count_cache.get_or_make(version_for(request), key, lambda: count_rows(rows()))


class ConditionalPage(View):
    """A page that is the same for everybody. A browser that has it is answered 304, which takes one query.

    `depends_on` names the headers of a request that the page follows, besides its address.
    """

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The names of the headers; none, unless a page says otherwise."""
        return ()

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer 304 to a browser that has the page, else the kept page.

        The tag is taken before the page is made, so it is never too new.
        """
        make = super().dispatch
        if request.method not in ("GET", "HEAD"):
            return make(request, *args, **kwargs)
        headers = [request.headers.get(name, "") for name in self.depends_on]
        # Citations name the day they were read. The tag is weak: GZip packs the same page into other bytes every time.
        tag = f"W/{tag_of(version_for(request), request, str(timezone.now().date()), *headers)}"
        if request.headers.get("if-none-match", "").strip() != "*":  # which asks whether there is anything at all
            known = get_conditional_response(request, tag, None, self._with_validators(HttpResponse(), tag))
            if known is not None and known.status_code != 200:
                return known
        try:
            page = page_cache.get_or_make(version_for(request), tag, lambda: Page.of(make(request, *args, **kwargs)))
        except NotKept as other:
            return other.response
        response = page.response()
        return get_conditional_response(request, tag, None, self._with_validators(response, tag)) or response

    def _with_validators(self, response: HttpResponse, tag: str) -> HttpResponse:
        """Say that the page may be kept by anybody who asks again before showing it."""
        response["ETag"] = tag
        patch_cache_control(response, public=True, no_cache=True)
        patch_vary_headers(response, ["Accept-Encoding", *self.depends_on])
        return response


class NotKept(Exception):
    """An answer that is not kept: an error, a redirect, a file."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Page:
    """A page as it was made, to be answered again."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, response: HttpResponseBase) -> Page:
        """Return the page of a response, which is rendered if need be. Raises NotKept."""
        if response.status_code != 200 or response.cookies or not isinstance(response, HttpResponse):
            raise NotKept(response)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return cls(response.content, tuple(response.headers.items()))

    def response(self) -> HttpResponse:
        """Return a new response with the page."""
        return HttpResponse(self.body, headers=dict(self.headers))
