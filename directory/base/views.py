"""What every list page and every record page does; the kinds add their template and what they load."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
    QueryDict,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from .caching import Revalidated, version_for
from .counting import Count, counted, linked
from .facets import MOST_CHOICES, Tally, chips, facets, tally
from .filters import BaseFilter
from .records import Gone, Moved

PAGE_SIZE = 20
MOST_ROWS = 50


def site_of(request: HttpRequest) -> str:
    """Return the beginning of all absolute addresses: scheme and host."""
    return f"{request.scheme}://{request.get_host()}"


@dataclass(frozen=True)
class Shown:
    """The first rows of a relation, and how many there are in all, as far as pages count."""

    rows: list[Any]
    total: int
    cut: bool = False  # whether there are more than were counted

    @property
    def more(self) -> bool:
        """Whether rows were left out."""
        return self.total > len(self.rows)

    @property
    def plus(self) -> str:
        """What stands behind the number of rows."""
        return "+" if self.cut else ""


def shown(queryset: QuerySet[Any], most: int = MOST_ROWS, every: QuerySet[Any] | None = None) -> Shown:
    """Load the first rows of a relation; count the rest only if there is one. Nothing on a page grows with the site.

    `every` is the same rows, where another query is better for counting them.
    """
    rows = list(queryset[: most + 1])
    if len(rows) <= most:
        return Shown(rows, len(rows))
    return Shown(rows[:most], *counted(queryset if every is None else every))


def shown_linked(relation: Any) -> Shown:
    """Load the first cards of a record's many-to-many relation, as `shown` does."""
    return shown(linked(relation).published().for_cards(), every=relation.published())  # type: ignore[attr-defined]


class CappedPaginator(Paginator):
    """Pages of a list that is counted only so far: what a page costs shall not grow with the site."""

    def __init__(self, rows: Any, per_page: int, counted: Count) -> None:
        super().__init__(rows, per_page)
        self.counted = counted

    @property
    def count(self) -> int:
        """The number of rows on all pages together."""
        return self.counted.number

    @property
    def cut(self) -> bool:
        """Whether there are more rows than the pages show."""
        return self.counted.more


class RecordList(Revalidated, ListView):
    """A list of public records: filtered, sorted, counted, page by page.

    A foreign parameter is ignored; a filter that cannot be used is named, and the answer is 400 with what the others leave.
    """

    filterset_class: type[BaseFilter]
    facet_names: tuple[str, ...] = ()
    paginate_by = PAGE_SIZE
    filterset: BaseFilter

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list. A form without script sends every field: lead to the address without the empty ones."""
        said = request.GET.copy()
        for name, values in request.GET.lists():
            if name in self.filterset_class.base_filters and not any(values):
                del said[name]
        if len(said) < len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{said.urlencode()}".removesuffix("?"))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        """Return the public rows that the filters leave."""
        model: Any = self.model
        self.filterset = self.filterset_class(self.understood(), queryset=model.objects.published())
        return self.filterset.listed.for_cards()

    @cached_property
    def counted(self) -> Tally:
        """The number of rows, and of those that the choices of each facet would leave."""
        return tally(self.filterset, self.facet_names, MOST_CHOICES, version=version_for(self.request))

    def understood(self) -> QueryDict:
        """Return the filters of the address that say something. Links carry only these on: the API refuses any other."""
        query = QueryDict(mutable=True)
        for name, value in self.request.GET.items():
            if name in self.filterset_class.base_filters and value:
                query[name] = str(value)
        return query

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Page[Any], Any, bool]:
        """Name the last page when an address asks for one behind it."""
        paginator = CappedPaginator(queryset, page_size, self.counted.rows)
        asked = self.request.GET.get("page", "1")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        if not 1 <= number <= paginator.num_pages:
            raise Http404(
                _("There is no page “%(page)s” of this list; it has %(last)s.")
                % {"page": asked[:40], "last": paginator.num_pages}
            )
        page = paginator.page(number)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the filters in use, the facets and the total."""
        context = super().get_context_data(
            filterset=self.filterset,
            chips=chips(self.filterset),
            kind=self.model.kind,  # type: ignore[union-attr]
            plural=self.model.plural,  # type: ignore[union-attr]
            **kwargs,
        )
        return {**context, "facets": facets(self.filterset, self.counted)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Answer 400 if a filter could not be used."""
        if not self.filterset.form.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


class RecordDetail(Revalidated, DetailView):
    """The page of one record, at its permanent address."""

    context_object_name = "record"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead old addresses to where the record is now, and say of a withdrawn one that it is."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponsePermanentRedirect(self.address_of(moved.record))
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)

    def address_of(self, record: Any) -> str:
        """Return where a record that moved answers now."""
        return str(record.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the beginning of all absolute addresses."""
        context = super().get_context_data(**kwargs)
        site = site_of(self.request)
        return {"site": site, **context}

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Model:
        """Return the public record of this address."""
        model: Any = self.model
        try:
            return model.objects.for_detail().resolve(self.kwargs["slug"])
        except model.DoesNotExist:
            raise Http404(_("Nothing here is called “%(slug)s”.") % {"slug": str(self.kwargs["slug"])[:80]}) from None
