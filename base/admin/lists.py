"""Lists of the admin: found and counted like the site's, so that none takes longer the more rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.contrib.admin import ListFilter
from django.contrib.admin.views.main import ChangeList
from django.db.models import ManyToManyField, Model, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import HttpRequest

from base.admin.addresses import is_key
from base.admin.review_state import mark_rows_in_review
from base.lists import counting
from base.lists.counting import RowCount
from base.lists.relations import pairs
from base.sql.prepared import AnyOf


class CurationList(ChangeList):
    """A list that first asks whether search and filters leave few rows or many, as the site does (`lookup_or_scan.py`).

    Few are looked up by whatever index serves the filters, and sorted; many are read in the order of the list. A database
    that is not told which it is reads the whole table for three rows.
    """

    def get_filters(self, request: HttpRequest) -> tuple[list[ListFilter], bool, dict[str, bool | str], bool, bool]:
        """Keep back filters by many-to-many relations (the statements on a topic): a join would read all links."""
        specs, has_filters, lookups, may_repeat, has_active_filters = super().get_filters(request)
        self.linked_to: list[tuple[ManyToManyField, str]] = []
        for field in self.lookup_opts.many_to_many:
            keys = self._keys_in(lookups, f"{field.name}__id__exact")
            if len(keys) == 1 and is_key(keys[0]):
                del lookups[f"{field.name}__id__exact"]
                self.linked_to.append((field, keys[0]))
        return specs, has_filters, lookups, may_repeat, has_active_filters

    @staticmethod
    def _keys_in(lookups: Mapping[str, object], name: str) -> list[str]:
        """Return the values of a lookup that no filter of the list took: Django hands them over as lists."""
        values = lookups.get(name)
        return [str(value) for value in values] if isinstance(values, list) else []

    def get_results(self, request: HttpRequest) -> None:
        """Read a page of rows, and which of them wait for review."""
        super().get_results(request)
        mark_rows_in_review(self.result_list)

    def get_queryset(self, request: HttpRequest, exclude_parameters: list[str | None] | None = None) -> QuerySet[Model]:
        """Return the rows of the list; a narrowed one is counted as well.

        One query if the list is narrowed, and one more for every many-to-many relation that narrows it.
        """
        rows = super().get_queryset(request, exclude_parameters)
        for field, key in self.linked_to:
            relation = getattr(self.model, field.name)
            rows = pairs(relation).narrow(rows, Q(**{field.m2m_reverse_field_name(): key}))
        if not (self.query or self.get_filters_params()):
            return rows
        keys = list(rows.order_by().values_list("pk", flat=True)[: counting.MOST_COUNTED + 1])
        if few := len(keys) <= counting.MOST_COUNTED:
            rows = self.root_queryset.filter(AnyOf("pk", keys)).order_by(*rows.query.order_by)
            rows = rows if rows.query.select_related else self.apply_select_related(rows)
        rows.known_count = RowCount(min(len(keys), counting.MOST_COUNTED), not few)  # type: ignore[attr-defined]
        return rows

    def get_ordering_field(self, field_name: Callable[..., object] | str) -> str | Combinable | None:
        """Return what to sort by; None if an old address asks for a column that no index serves."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


def sortable_columns(model: type[Model], columns: Iterable[object]) -> tuple[str, ...]:
    """Return the columns by which a list can be sorted without reading it whole: no two rows share a value, or few do.

    An index that goes on with the id is there to sort by its first column. One that goes on with the order of the list serves a
    filter; to sort by it would be to sort all rows of a kind.
    """
    indexed = {index.fields[0] for index in model._meta.indexes if list(index.fields[1:]) == ["id"]}
    unique = {field.name for field in model._meta.fields if field.unique and not field.is_relation}
    return tuple(column for column in columns if isinstance(column, str) and column in indexed | unique)
