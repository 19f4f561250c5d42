"""Statements as pages show them in lists: what a card is made of, and how many are loaded at once.

The rows are read like those of the API (`base/documents/plan.py`), whatever the list; five more queries load what hangs
on them. A wording that is not proven is not public, so it is never loaded.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from base.documents.loader import Loader
from base.documents.plan import Document, plan_of
from base.documents.rows import Rows
from base.documents.shapes import AddressField
from base.lists.paging import PagedRows, linked_rows
from base.lists.ranking import spells
from base.lists.search import excerpt
from base.pages.shapes import ChoiceField, CitedSerializer, DocumentList, LinkedSerializer, TagSerializer, for_reader
from base.sql.prepared import Parameter, PreparedQuery, Row
from directory.templatetags.record import bold, language_name

from .models import Statement, Wording
from .models.statements import Nature, preference


class WordingSerializer(serializers.Serializer[Any]):
    """One text of a statement."""

    language = serializers.CharField()
    nature = serializers.CharField()
    nature_name = ChoiceField("nature")
    text = serializers.CharField()


class CardSerializer(CitedSerializer):
    """A statement in a list."""

    slug = serializers.CharField()
    url = AddressField("{kind}-detail")
    kind = ChoiceField("statement_kind", capital=True)
    certainty = serializers.CharField()
    doubt = ChoiceField("certainty")
    attribution_text = serializers.CharField()
    speaker = LinkedSerializer()
    speaker_organization = LinkedSerializer()
    speaker_label = serializers.CharField()
    role_at_time = serializers.CharField()
    on_behalf_of = LinkedSerializer()
    event = LinkedSerializer()
    topics = TagSerializer(many=True)
    wordings = WordingSerializer(many=True)

    @staticmethod
    def rows() -> dict[str, list[Rows]]:
        """Return the public wordings."""
        return {"wordings": [Rows("statement", lambda: Wording.objects.published(("statement",)))]}


PLAN = plan_of(CardSerializer, Statement, frozenset(), frozenset())


@functools.cache
def first_by(column: str, most: int) -> PreparedQuery:
    """Return the query of the first public statements with a certain record in a column; day and position stand at the end.

    A query for each column, since an index of one column has them in the order of the list, and none of two.
    """
    key = Parameter(0, Statement._meta.get_field(column).target_field)  # type: ignore[union-attr]  # a foreign key
    rows = Statement.objects.published().filter(**{column: key})
    return PreparedQuery(lambda: rows.values_list(*PLAN.selected, "sort_date", "position")[:most])


def first_linked(relation: str, key: int, most: int) -> list[Row]:
    """Return the rows of the first public statements that are linked with a record by a many-to-many field. One query."""
    return linked_rows(Statement, relation, key).read_from(PLAN, 0, most)


class Cards(DocumentList):
    """The cards of a list, to be cut into pages. Six queries."""

    def __init__(self, listed: PagedRows) -> None:
        super().__init__(listed, PLAN)

    def made(self, rows: list[Row]) -> list[Document]:
        """Return the cards of rows that the plan has read."""
        return cards(rows)


def cards(rows: list[Row], words: Sequence[str] = ()) -> list[Document]:
    """Return the cards of rows that the plan has read, as the result of a search with its `words`. Five queries."""
    at = for_reader()
    return finished(at.documents(PLAN, rows), at, words)


def finished(documents: list[Document], at: Loader, words: Sequence[str] = ()) -> list[Document]:
    """Return the cards of what the plan makes of statements."""
    return [_card(document, at.language or "en", words) for document in documents]


def _card(statement: Document, reader: str, words: Sequence[str]) -> Document:
    """Choose the wording to read: one in the reader's language, else in English, else any; printed words stand beside it."""
    wordings = statement["wordings"]
    reading = min(wordings, key=lambda row: preference(row["language"], row["nature"], reader), default=None)
    printed = [row for row in wordings if row["nature"] == Nature.VERBATIM and row is not reading]
    notes = [statement["kind"], *_told(reading, reader), *_printed(printed, reader)]
    card = {**statement, "reading": reading, "printed": printed, "notes": notes}
    return (
        {**card, **_found(card, [row for row in wordings if row is not reading and row not in printed], words)}
        if words
        else card
    )


def _told(reading: Document | None, reader: str) -> list[str]:
    """Say whose words the wording to read is in, and in which language where that is not the reader's."""
    if reading is None:
        return [_("in our words")]
    nature, language = reading["nature"], reading["language"]
    whose = {Nature.VERBATIM: [], Nature.TRANSLATION: [_("translated by the editors")]}.get(nature, [_("in our words")])
    return whose if language == reader else [*whose, _("in %(language)s") % {"language": language_name(language)}]


def _printed(printed: list[Document], reader: str) -> list[str]:
    """Say in which languages the words beside it were printed, where that is not the reader's."""
    languages = [row["language"] for row in printed if row["language"] != reader]
    return [_("printed in %(language)s") % {"language": language_name(language)} for language in languages]


def _found(card: Document, others: list[Document], words: Sequence[str]) -> Document:
    """Put the words searched for in bold; those that no text of the card has are shown where they stand."""
    reading, printed = card["reading"], card["printed"]
    shown = [reading, *printed] if reading else printed
    missing = [word for word in words if not any(spells(wording["text"], [word]) for wording in shown)]
    elsewhere = [row for row in others if any(spells(row["text"], [word]) for word in missing)]
    attributed = any(spells(card["attribution_text"], [word]) for word in missing)
    return {
        "reading": reading and {**reading, "text": bold(reading["text"], words)},
        "printed": [{**row, "text": bold(row["text"], words)} for row in printed],
        "elsewhere": [{**row, "text": bold(excerpt(row["text"], words), words)} for row in elsewhere],
        "attributed": bold(card["attribution_text"], words) if attributed else "",
    }
