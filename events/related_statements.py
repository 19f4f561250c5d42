"""What a statement's page says of other statements: which make the same claim, and which contradict it."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Q, QuerySet, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.documents.plan import Document
from base.lists.counting import MOST_LINKED
from base.pages.documents import list_plan
from base.records.publishing import published
from base.sql.prepared import Parameter, PreparedQuery, Row, read_queryset
from events.api.serializers import StatementRelationSerializer
from events.cards import PLAN
from events.models import Statement, StatementRelation
from events.models.relations import StatementRelationKind

RELATION_PLAN = list_plan(
    StatementRelationSerializer,
    StatementRelation,
    ("kind", "certainty", "note", "passages.source", "passages.paragraph"),
)
HEADINGS: dict[StatementRelationKind, Promise] = {
    StatementRelationKind.SAME_CLAIM: _("The same claim elsewhere"),
    StatementRelationKind.CONTRADICTS: _("Contradicted elsewhere"),
}


@dataclass
class RelatedStatement:
    """The card of another statement, and what is on record of how the two stand to each other."""

    card: Document
    relation: Document

    @property
    def cards(self) -> list[Document]:
        """The card alone in a list, as the template of cards takes it."""
        return [self.card]

    @property
    def sources(self) -> list[Document]:
        """The sources of the other statement, each once."""
        sources = [passage["source"] for passage in self.card["passages"] if passage["source"]]
        return list({source["id"]: source for source in sources}.values())


@dataclass
class RelatedGroup:
    """The statements that stand to a statement in the same way; the first of them, if they are many."""

    heading: Promise
    statements: list[RelatedStatement]


@functools.cache
def _relations_query() -> PreparedQuery:
    """Return the query of the first public relations of a statement; its rows end with the keys of both statements."""
    key = Parameter(0, Statement._meta.pk)
    rows = published(StatementRelation).filter(Q(statement=key) | Q(other=key))
    columns = [*RELATION_PLAN.selected, "statement_id", "other_id"]
    return PreparedQuery(lambda: rows.values_list(*columns)[:MOST_LINKED])


def statement_relations(key: int) -> list[Row]:
    """Return the rows of the first public relations of a statement, each ending with the key of the other statement. One query."""
    return [(*row, row[-1] if row[-2] == key else row[-2]) for row in _relations_query().read(key)]


def rows_of_lists(lists: Sequence[QuerySet[Any]]) -> list[list[Row]]:
    """Return the rows of several short lists of statements, as the plan of cards reads them, in no order. One query."""
    parts = [
        Statement.objects.filter(pk__in=rows.values("pk"))
        .order_by()
        .values_list(*PLAN.selected, Value(number, IntegerField()))
        for number, rows in enumerate(lists)
    ]
    rows = read_queryset(parts[0].union(*parts[1:], all=True))
    return [[row for row in rows if row[-1] == number] for number in range(len(lists))]


def related_groups(
    relations: Iterable[tuple[Row, Document]], cards: Iterable[tuple[Row, Document]]
) -> Iterator[RelatedGroup]:
    """Yield the related statements, those that make the same claim first; of each relation and card its row and document."""
    relations, card_of = list(relations), {row[0]: card for row, card in cards}
    for kind, heading in HEADINGS.items():
        related = [
            RelatedStatement(card_of[row[-1]], relation)
            for row, relation in relations
            if relation["kind"] == kind and row[-1] in card_of
        ]
        if related:
            yield RelatedGroup(heading, related)
