"""Pages that are the same for everybody: a browser that has one is told so, and who asks next is given the one that was made."""

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
    """Return how many rows there were by this key since the last write, as far as pages count, or count them."""
    return count_cache.get_or_make(version_for(request), key, lambda: count_rows(rows()))


class ConditionalPage(View):
    """A page that is the same for everybody: a browser that has it is told so, for the price of one query.

    `depends_on` names the headers of a request that the page follows, besides its address.
    """

    @property
    def depends_on(self) -> tuple[str, ...]:
        """None, unless a page says otherwise."""
        return ()

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer 304 to who has the page, else a kept one. The tag was taken before the page is made, so it is never too new."""
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
    """An answer that is no page to be handed out again: a refusal, or a way to elsewhere."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__(response.status_code)
        self.response = response


@dataclass(frozen=True)
class Page:
    """A page as it was made, to be handed out again: it is the same for everybody."""

    body: bytes
    headers: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, response: HttpResponseBase) -> Page:
        """Return the page, drawn if it is still to be. Raises NotKept."""
        if response.status_code != 200 or response.cookies or not isinstance(response, HttpResponse):
            raise NotKept(response)
        if isinstance(response, SimpleTemplateResponse):
            response.render()
        return cls(response.content, tuple(response.headers.items()))

    def response(self) -> HttpResponse:
        """Return it as a response of its own."""
        return HttpResponse(self.body, headers=dict(self.headers))
