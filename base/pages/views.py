"""What every list page and every record page does; the kinds add their template and what they load."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from itertools import islice
from operator import or_
from typing import Any, cast

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel
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
from django.utils.functional import Promise, cached_property
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from base.changes.cache import cached_for
from base.changes.version import version_for
from base.documents.base import Shape
from base.documents.plan import Document
from base.lists.counting import MOST_LINKED, CappedPaginator
from base.lists.facets import MOST_CHOICES, Chip, FacetCounts, chips, count_facets, facets
from base.lists.filterset import BaseFilterSet
from base.lists.ordering import StableOrdering
from base.lists.paging import paged_rows
from base.lists.rejected_names import rejected_spellings
from base.lists.search_words import words_of
from base.pages.conditional import ConditionalPage, cached_count
from base.pages.documents import CountedDocuments, DocumentList, list_plan, page_loader, page_plan
from base.pages.evidence import cited_places
from base.pages.first_rows import CitedPlaces, FirstRows
from base.pages.related import RelatedList, RelatedRows, related_rows
from base.records.publishing import Publishable, PublishableQuerySet, published
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.text.numbers import parse_digits

PAGE_SIZE = 20
# What a list shows of the descriptions of a record: the first one.
LEAD = tuple(f"descriptions.{name}" for name in ("text", "language", "certainty"))


def site_of(request: HttpRequest) -> str:
    """Return the beginning of all absolute addresses: the setting CANONICAL_ORIGIN, else scheme and host of the request."""
    return settings.CANONICAL_ORIGIN or f"{request.scheme}://{request.get_host()}"


def not_here(slug: str) -> Http404:
    """Return the answer to an address that no record has or had."""
    return Http404(_("Nothing here is called “%(slug)s”.") % {"slug": slug[:80]})


def _title(heading: str, in_use: list[Chip], page: Page[Document]) -> str:
    """Return what a page of a list shows: "People: Harvard University, Page 2 of 3"."""
    values = ", ".join(chip.text for chip in in_use)
    title = f"{heading}: {values}" if values else heading
    if page.number == 1:
        return title
    return f"{title}, " + _("Page %(number)s of %(last)s") % {"number": page.number, "last": page.paginator.num_pages}


class RecordList(ConditionalPage, ListView):
    """A list of public records: filtered, sorted, counted, page by page.

    A foreign parameter is ignored; a filter that cannot be used is named, and the answer is 400 with what the others leave.
    """

    fair_use = "pages"

    model: type[Record]
    filterset_class: type[BaseFilterSet]
    facet_names: tuple[str, ...] = ()
    paginate_by = PAGE_SIZE
    filterset: BaseFilterSet
    shape: type[Shape]  # the shape of the API
    members: tuple[str, ...] = ()  # what of the shape is shown
    usual_order: str | Promise = gettext_lazy("By name")  # what the order is called that the list has by itself

    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Show the list. A form without script sends every field: lead to the address without the empty ones."""
        query = request.GET.copy()
        for name, values in request.GET.lists():
            if name in self.filterset_class.base_filters and not any(values):
                del query[name]
        if len(query) < len(request.GET):
            return HttpResponseRedirect(f"{request.path}?{query.urlencode()}".removesuffix("?"))
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Return the public rows that the filters leave."""
        self.filterset = self.filterset_class(self.understood(), queryset=published(self.model))
        return self.rows()

    def rows(self) -> DocumentList:
        """Return the rows that the filters in use leave, to be cut into pages."""
        version, plan = version_for(self.request), list_plan(self.shape, self.model, self.members)
        rows, order = paged_rows(self.filterset, version), self.filterset_class.base_filters["ordering"]
        if isinstance(order, StableOrdering) and order.count is not None:
            return CountedDocuments(rows, plan, order.count, version)
        return DocumentList(rows, plan)

    @cached_property
    def facet_counts(self) -> FacetCounts:
        """The number of rows, and of those that the choices of each facet would leave."""
        return count_facets(
            self.filterset,
            self.facet_names,
            MOST_CHOICES,
            version=version_for(self.request),
            language=get_language() or "en",
        )

    def understood(self) -> QueryDict:
        """Return the filters of the address that say something. Links carry only these on: the API refuses any other."""
        query = QueryDict(mutable=True)
        for name, value in self.request.GET.items():
            if name in self.filterset_class.base_filters and value:
                query[name] = str(value)
        return query

    def paginate_queryset(self, queryset: Any, page_size: int) -> tuple[CappedPaginator, Page[Document], Any, bool]:
        """Name the last page when an address asks for one behind it."""
        paginator = CappedPaginator(queryset, page_size)
        paginator.row_count = self.facet_counts.rows
        asked = self.request.GET.get("page", "1")
        number = parse_digits(asked) or 0
        if not 1 <= number <= paginator.num_pages:
            raise Http404(
                _("There is no page “%(page)s” of this list; it has %(last)s.")
                % {"page": asked[:40], "last": paginator.num_pages}
            )
        page = paginator.page(number)
        return paginator, page, page.object_list, page.has_other_pages()

    def get_context_data(self, **kwargs: Any) -> dict[str, object]:
        """Add the heading and the title, the filters in use, the facets and the total."""
        model = self.model
        heading, in_use = capfirst(model.plural_label()), chips(self.filterset, self.facet_counts)
        context = super().get_context_data(
            filterset=self.filterset, chips=in_use, kind=model.kind, plural=model.plural, heading=heading, **kwargs
        )
        title, rows = _title(heading, in_use, context["page_obj"]), context["page_obj"].object_list
        words = words_of(self.filterset.data.get("q", "")) if self.filterset.form.is_valid() else []
        spellings = rejected_spellings(model, [row["id"] for row in rows], words)
        return {
            **context,
            "title": title,
            "facets": facets(self.filterset, self.facet_counts),
            "by_rejected_spelling": [(row, spellings[row["id"]]) for row in rows if row["id"] in spellings],
        }

    def render_to_response(self, context: dict[str, object], **kwargs: Any) -> HttpResponse:
        """Answer 400 if a filter could not be used. Search engines keep lists narrowed by one filter at most."""
        if not self.filterset.form.is_valid():
            kwargs["status"] = 400
        response = super().render_to_response(context, **kwargs)
        if len(self.filterset.data) > 1 or {"q", "ordering"} & set(self.filterset.data):
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class RecordDetail(ConditionalPage, DetailView):
    """The page of one record, at its permanent address: a document in the shape of the API, in the language of the page.

    `members` names what of the shape is shown. `lists` says how many rows of a nested list are, by the name of the relation;
    of any other they are the first 50. `related` names lists of another kind, one for all of them; they stand in the context
    under these names. The record and the lists are loaded together.
    """

    model: type[Record]
    shape: type[Shape]
    members: tuple[str, ...] = ()
    lists: dict[str, int] = {}
    related: dict[str, RelatedList] = {}
    feed_filter = (
        ""  # the filter of the list of statements that keeps those of this record: its feed; empty where it has none
    )
    key: int  # of the record
    beside: dict[str, FirstRows]
    context_object_name = "record"
    object: Document

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead old addresses to where the record is now, and say of a withdrawn one that it is."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponsePermanentRedirect(self.address_of(moved.record))
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)

    def address_of(self, record: Record) -> str:
        """Return where a record that moved answers now."""
        return str(record.get_absolute_url())

    def get_object(self, queryset: QuerySet[Record] | None = None) -> Document:
        """Return the document of the public record of this address, and load the lists beside it."""
        model = self.model
        plan = page_plan(self.shape, model, self.members, tuple(self.lists.items()))
        slug = str(self.kwargs["slug"])
        rows = plan.by_slug.read(slug) if "\0" not in slug else []  # PostgreSQL refuses even to look for it
        if not rows:
            try:
                model.objects.raise_departed(slug)
            except model.DoesNotExist:
                raise not_here(slug) from None
        self.key = rows[0][0]
        self.beside = {name: self._first_related(name, each) for name, each in self.related.items()}
        if not self.beside:
            return page_loader().documents(plan, rows)[0]
        related = self._related_rows(next(iter(self.related.values())))
        all_rows = [row for each in self.beside.values() for row in each.rows]
        (record,), documents = page_loader().together((plan, rows), (related.plan, all_rows))
        shown = iter(documents)
        for each in self.beside.values():
            each.rows[:] = islice(shown, len(each.rows))
        return record

    def first_of(self, name: str, rows: list[Document], relation: str) -> FirstRows:
        """Return the first rows of a nested list, of which one more was read, if there are more.

        Only then all are counted, once after a write, under this name. Nothing on a page grows with the site.
        """
        return self._first(name, rows, self.lists[relation], (relation,))

    def evidence_of(self, member: str, *relations: str) -> FirstRows:
        """Return a nested list of the record for its evidence: with what all its rows cite, if more than MOST_LINKED may exist.

        `relations` are those of the record that lead to the rows; without them it is the one with the name of the member.
        """
        rows: list[Document] = self.object[member]
        if len(rows) < MOST_LINKED:
            return FirstRows(rows, len(rows))
        return FirstRows(rows, len(rows) + 1, cited=lambda: self._cited(relations or (member,)))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the lists beside the record, and the beginning of all absolute addresses."""
        return super().get_context_data(**{"site": site_of(self.request), **self.beside, **kwargs})

    def all_related(self, *relations: str) -> PublishableQuerySet:
        """Return all public rows that point at the record by one of these relations."""
        fields = [self._relation(name).field for name in relations]
        return published(fields[0].model).filter(reduce(or_, (Q(**{field.name: self.key}) for field in fields)))

    def _related_rows(self, listed: RelatedList) -> RelatedRows:
        return related_rows(cast(type[Publishable], self._relation(listed.relations[0]).related_model))

    def _first_related(self, name: str, listed: RelatedList) -> FirstRows:
        """Return the first rows of a list beside the record, as the plan of their kind reads them."""
        related, relations = self._related_rows(listed), [self._relation(relation) for relation in listed.relations]
        columns = [relation.field.name for relation in relations]
        if relations[0].many_to_many:
            rows = related.first_linked(columns[0], self.key, listed.most + 1)
        else:
            rows = related.first_by(columns, self.key, listed.most + 1)
        return self._first(name, rows, listed.most, listed.relations)

    def _first(self, name: str, rows: list[Any], most: int, relations: Sequence[str]) -> FirstRows:
        if len(rows) <= most:
            return FirstRows(rows, len(rows))
        key = (self.model, self.key, name)
        count = cached_count(self.request, key, lambda: self.all_related(*relations))
        return FirstRows(rows[:most], *count, cited=lambda: self._cited(relations, long=count.more))

    def _cited(self, relations: Sequence[str], *, long: bool = False) -> CitedPlaces:
        """Return what all rows of these relations cite; kept until the next write."""
        key = ("evidence", self.model, self.key, *relations)
        return cached_for(self.request, key, lambda: cited_places(self.all_related(*relations), long))

    def _relation(self, name: str) -> ForeignObjectRel:
        return cast(ForeignObjectRel, self.model._meta.get_field(name))
