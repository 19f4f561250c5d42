"""Links of the rows of a list with something else. They are selected by queries of their own, and never through a join."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db.models import ManyToOneRel, Model, Q, QuerySet

from base.records.provenance import Certainty, Fact
from base.records.publishing import Publishable, Status
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions, linked_row_exists

ModelT = TypeVar("ModelT", bound=Model)


class Links:
    """Rows that join the rows of a list with something else: participations, names, wordings, cited passages.

    `rows` returns those that a reader may see, `of` names their column that leads to the row of the list. Filters that share
    one object of this class speak of one and the same link: `participant=a&role=speaker` is where that person spoke.

    `nearly` is given if whether a link is public depends on other tables too. It returns the links that are public as far as
    their own columns say; to look up whether there are few, no other table is read then. `relation` names the many-to-many
    field of the listed row whose links these are, if they are of one.
    """

    def __init__(
        self,
        rows: Callable[[], QuerySet[Model]],
        of: str,
        nearly: Callable[[], QuerySet[Model]] | None = None,
        relation: str = "",
    ) -> None:
        self.rows, self.of, self.nearly, self.relation = rows, of, nearly, relation

    def __deepcopy__(self, memo: object) -> Links:
        """Stay the same object in every copy of a filter."""
        return self

    def narrow(self, queryset: QuerySet[ModelT], condition: Q) -> QuerySet[ModelT]:
        """Return the rows of the list that have a link for which the condition holds. One query looks up whether they are few."""
        return queryset.filter(*choose_conditions(queryset.db, [self.lookup_or_scan(condition)]))

    def lookup_or_scan(self, condition: Q) -> LookupOrScan:
        """Return the condition on the row of the list that it has a link for which `condition` holds."""
        scan = linked_row_exists(self.rows().filter(condition), self.of)
        keys = (self.nearly or self.rows)().filter(condition).values_list(self.of)
        return LookupOrScan(scan, [keys], exact=self.nearly is None)


# Who sees the row of a list may see its end of each link, so `known` says that this is not to be checked again.
def firm(model: type[Fact], of: str) -> Links:
    """Return the public links of this model that were not rejected."""
    return Links(
        lambda: model.objects.published(known=(of,)).exclude(certainty=Certainty.REJECTED),
        of,
        lambda: model.objects.filter(status=Status.PUBLISHED).exclude(certainty=Certainty.REJECTED),
    )


def public(model: type[Publishable], of: str) -> Links:
    """Return the public rows of this model."""
    return Links(
        lambda: model.objects.published(known=(of,)), of, lambda: model.objects.filter(status=Status.PUBLISHED)
    )


def reverse(model: type[Model], relation: str) -> Links:
    """Return the firm links behind a reverse relation. So a filter reaches an app above its own, by the name alone."""
    link = cast(ManyToOneRel, model._meta.get_field(relation))
    return firm(cast("type[Fact]", link.related_model), link.field.name)


def pairs(relation: Any) -> Links:
    """Return the rows of a many-to-many relation, given as `Statement.topics`."""
    field, through = relation.field, relation.through
    return Links(lambda: through.objects.all(), field.m2m_field_name(), relation=field.name)


def citations(passages: Any, owner: str = "") -> Links:
    """Return the links with the public passages that the rows of a list cite, or, by `owner`, that their firm facts cite.

    `passages` is the relation of what cites, given as `Event.passages`.
    """
    field, through = passages.field, passages.through
    row = field.m2m_field_name()
    condition = field.related_model.published_q(f"{field.m2m_reverse_field_name()}__")
    if owner:
        condition &= field.model.published_q(f"{row}__") & ~Q(**{f"{row}__certainty": "rejected"})
    return Links(lambda: through.objects.filter(condition), f"{row}__{owner}" if owner else row, through.objects.all)
