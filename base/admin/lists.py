"""Lists of the admin: found and counted like the site's, so that none takes longer the more rows there are."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import ManyToManyField, Model, Q, QuerySet
from django.http import HttpRequest

from base.lists import counting
from base.lists.counting import RowCount
from base.lists.relations import pairs
from base.sql.prepared import AnyOf

MOST_DIGITS = 19  # of a key that both databases take


class CurationList(ChangeList):
    """A list that asks first whether few or many rows are left by search and filters, as the site does.

    Few are looked up, by whatever index serves the filters, and sorted; many are scanned in the order of the list (see
    `base/sql/lookup_or_scan.py`). A database
    that is not told walks through everything for three rows.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        """Keep back what leads through many-to-many relations (the statements on a topic): a join would read all of them."""
        specs, any_specs, rest, double, active = super().get_filters(request)
        self.linked_to: list[tuple[ManyToManyField[Any, Any], str]] = []
        for field in self.lookup_opts.many_to_many:
            said: Any = rest.get(f"{field.name}__id__exact", [])
            if len(said) == 1 and str(said[0]).isdecimal() and len(str(said[0])) < MOST_DIGITS:
                del rest[f"{field.name}__id__exact"]
                self.linked_to.append((field, said[0]))
        return specs, any_specs, rest, double, active

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        """Return the rows of the list; narrowed, they are counted by the way. One query, one more for a many-to-many relation."""
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

    def get_ordering_field(self, field_name: Any) -> Any:
        """Return what to sort by; nothing, if an old address asks for a column that no index serves."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None


def in_order(model: type[Model], columns: Any) -> list[str]:
    """Return the columns by which a list can be sorted without reading it whole: no two rows share a value, or few do.

    An index that goes on with the id is there to sort by its first column. One that goes on with the order of the list serves a
    filter; to sort by it would be to sort all rows of a kind.
    """
    ordered = {index.fields[0] for index in model._meta.indexes if list(index.fields[1:]) == ["id"]}
    fields: Any = model._meta.fields
    single = {field.name for field in fields if field.unique and not field.is_relation}
    return [column for column in columns if column in ordered | single]
