"""Statements in lists on pages: which come first, how they are loaded, and where the words of a search stand.

The rows of every list are read by one plan (`base/documents/plan.py`); five more queries load what belongs to them. Unproven
verbatim wordings are not public, so they are never loaded.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from base.documents.plan import Document
from base.lists.paging import linked_rows
from base.lists.search import excerpt, has_word
from base.pages.documents import list_plan, page_loader
from base.pages.related import register_related
from base.sql.prepared import Parameter, PreparedQuery, Row

from .models import Statement
from .pages import CARD_MEMBERS, CardSerializer

PLAN = list_plan(CardSerializer, Statement, CARD_MEMBERS)


@functools.cache
def _first_query(column: str, most: int) -> PreparedQuery:
    """Return the query of the first public statements with a record in this column; its rows end with day and position.

    There is a query for each column, since an index of one column is in the order of the list, and none covers two columns.
    """
    key = Parameter(0, Statement._meta.get_field(column).target_field)  # type: ignore[union-attr]  # a foreign key
    rows = Statement.objects.published().filter(**{column: key})
    return PreparedQuery(lambda: rows.values_list(*PLAN.selected, "sort_date", "position")[:most])


class RelatedStatements:
    """Statements on the pages of other records."""

    plan = PLAN

    def first_by(self, columns: Sequence[str], key: int, most: int) -> list[Row]:
        """Return the rows of the first public statements that have this record in one of the columns. One query a column."""
        rows = {row[0]: row for column in columns for row in _first_query(column, most).read(key)}
        # Rows end with the day and the position, by which they are sorted.
        return sorted(rows.values(), key=lambda row: (-row[-2].toordinal(), row[-1], row[0]))[:most]

    def first_linked(self, column: str, key: int, most: int) -> list[Row]:
        """Return the rows of the first public statements that are linked with this record. One query."""
        return linked_rows(Statement, column, key).read_from(PLAN, 0, most)


register_related(Statement, RelatedStatements())


def cards(rows: list[Row], words: Sequence[str] = ()) -> list[Document]:
    """Return the cards of rows that PLAN has read; after a search, with the places of its `words`. Five queries."""
    documents = page_loader().documents(PLAN, rows)
    return [{**card, **other_matches(card, words)} for card in documents] if words else documents


def other_matches(card: Document, words: Sequence[str]) -> Document:
    """Return where the words of a search stand that no text of the card has: in another wording, or in the attribution.

    `elsewhere` is a list of such wordings, each with the part of its text around the words; `attributed` is the attribution, or
    empty.
    """
    reading, printed = card["reading"], card["printed"]
    on_card = [reading, *printed] if reading else printed
    others = [wording for wording in card["wordings"] if wording is not reading and wording not in printed]
    missing = [word for word in words if not any(has_word(wording["text"], word) for wording in on_card)]
    elsewhere = [wording for wording in others if any(has_word(wording["text"], word) for word in missing)]
    attributed = any(has_word(card["attribution_text"], word) for word in missing)
    return {
        "elsewhere": [{**wording, "text": excerpt(wording["text"], words)} for wording in elsewhere],
        "attributed": card["attribution_text"] if attributed else "",
    }
