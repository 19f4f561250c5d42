"""Pages and files that are the same for everybody: made once after a write, and answered with 304 to a client that has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views import View

from base.changes.cache import count_cache, page_cache
from base.changes.conditional import Validators, conditional_answer, validators_for
from base.changes.version import version_for
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
        """Answer 304 to a client that has the page, else the kept page.

        The tag is taken before the page is made, so it is never too new.
        """
        make = super().dispatch
        if request.method not in ("GET", "HEAD"):
            return make(request, *args, **kwargs)
        validators = self.validators(request)
        response = conditional_answer(
            request, validators, lambda: self.made(request, validators.etag, lambda: make(request, *args, **kwargs))
        )
        if response.status_code in (200, 304):  # it may be kept by anybody who asks again before showing it
            patch_cache_control(response, public=True, no_cache=True)
            patch_vary_headers(response, ["Accept-Encoding", *self.depends_on])
        return response

    def validators(self, request: HttpRequest) -> Validators:
        """Return the validators of the page. Citations name the day they were read, so each day has a tag of its own."""
        return validators_for(request, str(timezone.now().date()), *self.headers_of(request), weak=True, timed=False)

    def headers_of(self, request: HttpRequest) -> list[str]:
        """Return the values of the headers that the page follows."""
        return [request.headers.get(name, "") for name in self.depends_on]

    def made(self, request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Return the page that is kept under its tag, or make it."""
        try:
            return page_cache.get_or_make(version_for(request), tag, lambda: Page.of(make())).response()
        except NotKept as other:
            return other.response


class ConditionalFile(ConditionalPage):
    """A file that is the same for everybody, such as a feed. It has the time of the last write besides its tag."""

    daily = False  # whether it says something else every day
    kept = True  # whether it is kept until the next write; not what may be large

    def validators(self, request: HttpRequest) -> Validators:
        """Return the validators of the file."""
        today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        day = [str(today.date())] if self.daily else []
        since = int(today.timestamp()) if self.daily else 0
        return validators_for(request, *day, *self.headers_of(request), weak=True, since=since)

    def made(self, request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Return the file that is kept under its tag, or make it."""
        return super().made(request, tag, make) if self.kept else make()


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
