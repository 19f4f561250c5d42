"""Links of the rows of a list with something else, selected by themselves and never through a join."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from django.db.models import Q, QuerySet

from base.lists.list_index import Headings, Under
from base.records.provenance import Certainty
from base.records.publishing import Status
from base.sql.lookup_or_scan import LookupOrScan, linked, picked


class Links:
    """Rows that join the rows of a list with something else: participations, names, wordings, cited passages.

    `rows` returns those that a reader may see, `of` names their column that leads to the row of the list. Filters that share
    one object of this class speak of one and the same link: `participant=a&role=speaker` is where that person spoke.
    `nearly`, if there is more to being public than columns of the link, returns the rows that these alone leave: to look up
    whether there are few, no other table is needed. `heading` is that of a key, if they have any.
    """

    def __init__(
        self,
        rows: Callable[[], QuerySet[Any]],
        of: str,
        nearly: Callable[[], QuerySet[Any]] | None = None,
        heading: Callable[[int], Under] | None = None,
    ) -> None:
        self.rows, self.of, self.nearly, self.heading = rows, of, nearly, heading

    def __deepcopy__(self, memo: Any) -> Links:
        """Stay the same object in every copy of a filter."""
        return self

    def under(self, records: Sequence[Any]) -> Under | None:
        """Return the heading of these records; None if there is none, or several."""
        return self.heading(records[0].pk) if self.heading and len(records) == 1 else None

    def kept(self, queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
        """Return the rows of the list that have a link for which the condition holds. One query decides how."""
        return queryset.filter(*picked(queryset.db, [self.pick(condition)]))

    def pick(self, condition: Q) -> LookupOrScan:
        """Return the condition of having a link for which `condition` holds, for few and for many."""
        walk = linked(self.rows().filter(condition), self.of)
        keys = (self.nearly or self.rows)().filter(condition).values_list(self.of)
        return LookupOrScan(walk, [keys], exact=self.nearly is None)


# The rows of a list are public themselves: of their links it is not asked again.
def firm(model: Any, of: str) -> Links:
    """Return the public links of this model that were not rejected."""
    return Links(
        lambda: model.objects.published(known=(of,)).exclude(certainty=Certainty.REJECTED),
        of,
        lambda: model.objects.filter(status=Status.PUBLISHED).exclude(certainty=Certainty.REJECTED),
    )


def public(model: Any, of: str) -> Links:
    """Return the public rows of this model."""
    return Links(
        lambda: model.objects.published(known=(of,)), of, lambda: model.objects.filter(status=Status.PUBLISHED)
    )


def reverse(model: Any, relation: str) -> Links:
    """Return the firm links behind a reverse relation: so a filter reaches an app above its own by name alone."""
    field = model._meta.get_field(relation)
    return firm(field.related_model, field.remote_field.name)


def pairs(relation: Any, headings: type[Headings] | None = None) -> Links:
    """Return the rows of a many-to-many relation (`Statement.topics`); `headings` is the table of headings that has them."""
    field, through = relation.field, relation.through
    heading = partial(headings.under, field.name) if headings else None
    return Links(lambda: through.objects.all(), field.m2m_field_name(), heading=heading)


def citations(passages: Any, owner: str = "") -> Links:
    """Return the public passages that the rows of a list cite, or, by `owner`, that their firm facts cite."""
    field, through = passages.field, passages.through
    row = field.m2m_field_name()
    condition = field.related_model.published_q(f"{field.m2m_reverse_field_name()}__")
    if owner:
        condition &= field.model.published_q(f"{row}__") & ~Q(**{f"{row}__certainty": "rejected"})
    return Links(lambda: through.objects.filter(condition), f"{row}__{owner}" if owner else row, through.objects.all)
