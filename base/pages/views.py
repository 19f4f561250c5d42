"""What every list page and every record page does; the kinds add their template and what they load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.core.paginator import Page
from django.db.models import Model, Q, QuerySet
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

from base.changes.conditional_pages import ConditionalPage, cached_count, version_for
from base.documents.plan import Document, plan_of
from base.lists.counting import MOST_ROWS, CappedPaginator
from base.lists.facets import MOST_CHOICES, FacetCounts, chips, count_facets, facets
from base.lists.filterset import BaseFilterSet
from base.lists.paging import paged_rows
from base.pages.shapes import DocumentList, facts_plan
from base.records.publishing import published
from base.records.records import Gone, Moved

PAGE_SIZE = 20


def site_of(request: HttpRequest) -> str:
    """Return the beginning of all absolute addresses: scheme and host."""
    return f"{request.scheme}://{request.get_host()}"


@dataclass(frozen=True)
class FirstRows:
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


class RecordList(ConditionalPage, ListView):
    """A list of public records: filtered, sorted, counted, page by page.

    A foreign parameter is ignored; a filter that cannot be used is named, and the answer is 400 with what the others leave.
    """

    filterset_class: type[BaseFilterSet]
    facet_names: tuple[str, ...] = ()
    paginate_by = PAGE_SIZE
    filterset: BaseFilterSet
    shape: Any = None  # what a row shows; without it, rows are the records themselves

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list. A form without script sends every field: lead to the address without the empty ones."""
        said = request.GET.copy()
        for name, values in request.GET.lists():
            if name in self.filterset_class.base_filters and not any(values):
                del said[name]
        if len(said) < len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{said.urlencode()}".removesuffix("?"))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return the public rows that the filters leave."""
        model: Any = self.model
        self.filterset = self.filterset_class(self.understood(), queryset=published(model))
        return self.rows()

    def rows(self) -> Any:
        """Return the rows that the filters in use leave, to be cut into pages."""
        if self.shape is None:
            return self.filterset.qs
        model: Any = self.model
        return DocumentList(paged_rows(self.filterset), plan_of(self.shape, model, frozenset(), frozenset()))

    @cached_property
    def facet_counts(self) -> FacetCounts:
        """The number of rows, and of those that the choices of each facet would leave."""
        return count_facets(self.filterset, self.facet_names, MOST_CHOICES, version=version_for(self.request))

    def understood(self) -> QueryDict:
        """Return the filters of the address that say something. Links carry only these on: the API refuses any other."""
        query = QueryDict(mutable=True)
        for name, value in self.request.GET.items():
            if name in self.filterset_class.base_filters and value:
                query[name] = str(value)
        return query

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[Any, Page[Any], Any, bool]:
        """Name the last page when an address asks for one behind it."""
        paginator = CappedPaginator(queryset, page_size)
        paginator.row_count = self.facet_counts.rows
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
        return {**context, "facets": facets(self.filterset, self.facet_counts)}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """Answer 400 if a filter could not be used."""
        if not self.filterset.form.is_valid():
            kwargs["status"] = 400
        return super().render_to_response(context, **kwargs)


class RecordDetail(ConditionalPage, DetailView):
    """The page of one record, at its permanent address."""

    context_object_name = "record"
    object: Any

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead old addresses to where the record is now, and say of a withdrawn one that it is."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponsePermanentRedirect(self.address_of(moved.record))
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)

    def first_of(self, name: str, rows: list[Any], most: int, every: Callable[[], QuerySet[Any]]) -> FirstRows:
        """Return the first of rows of which one more was loaded, if there are more. Only then all are counted, once after a write.

        `name` says which rows of the record they are. Nothing on a page grows with the site.
        """
        if len(rows) <= most:
            return FirstRows(rows, len(rows))
        return FirstRows(rows[:most], *cached_count(self.request, (self.model, self.object.pk, name), every))

    def load(self, shape: Any, *lists: str, most: int = MOST_ROWS) -> tuple[Document, list[FirstRows]]:
        """Return what hangs on the record, and the first cards of lists of statements, all loaded together.

        A list is named by the record's relations to its statements, several of them with a space between.
        """
        found = [self._first_statements(name, most) for name in lists]
        statements: Any = getattr(self.object, lists[0].split()[0]).model.objects
        rows = [row for each in found for row in each.rows]
        facts, cards = statements.cards_beside(facts_plan(shape, self.model), self.object.pk, rows)
        for each in found:
            number = len(each.rows)
            each.rows[:], cards = cards[:number], cards[number:]
        return facts, found

    def _first_statements(self, name: str, most: int) -> FirstRows:
        relations = [getattr(self.object, relation) for relation in name.split()]
        model = relations[0].model
        if hasattr(relations[0], "through"):
            rows = model.objects.first_linked(relations[0].query_field_name, self.object.pk, most + 1)
            return self.first_of(name, rows, most, relations[0].published)
        columns = [relation.field.name for relation in relations]
        rows = model.objects.first_rows(columns, self.object.pk, most + 1)
        by_any = reduce(or_, (Q(**{column: self.object}) for column in columns))
        return self.first_of(name, rows, most, lambda: model.objects.published().filter(by_any))

    def address_of(self, record: Any) -> str:
        """Return where a record that moved answers now."""
        return str(record.get_absolute_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the beginning of all absolute addresses."""
        context = super().get_context_data(**kwargs)
        site = site_of(self.request)
        return {"site": site, **context}

    def records(self) -> Any:
        """Return the records of which one is shown, with what is loaded beside."""
        return self.model.objects.all()

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Model:
        """Return the public record of this address."""
        model: Any = self.model
        try:
            return self.records().resolve(self.kwargs["slug"])
        except model.DoesNotExist:
            raise Http404(_("Nothing here is called “%(slug)s”.") % {"slug": str(self.kwargs["slug"])[:80]}) from None
