"""A relation between two statements in a line: who made each of them, and what they are to each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter

import orjson
from rest_framework import serializers

from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, Getter, Tree
from base.documents.shapes import CitedSerializer
from base.documents.texts import translated_texts
from base.pages.lines import PLACES
from base.sql.prepared import Row
from base.text.languages import label_in
from base.text.translated_text import TranslatedText
from events.models.relations import StatementRelationKind

RELATION_LINE_MEMBERS = ("role", "ends", "certainty", "note", *PLACES)


def speakers_of(plan: FetchPlan, path: str) -> Callable[[Sequence[Row], Loader], list[TranslatedText]]:
    """Return how the names of those who made the statements at the end of a foreign key are read: TranslatedText each."""
    columns = ("labels", "name", "name_language")
    named = [
        itemgetter(*[plan.column(f"{path}__{record}__{column}") for column in columns])
        for record in ("speaker", "speaker_organization")
    ]
    labels = translated_texts(plan, f"{path}__speaker_label")

    def speaker(row: Row, label: TranslatedText, language: str | None) -> TranslatedText:
        for pick in named:
            names, name, name_language = pick(row)
            if name:
                return TranslatedText(*label_in(orjson.loads(names), (name, name_language), language))
        return label

    return lambda rows, at: [
        speaker(row, label, at.language) for row, label in zip(rows, labels(rows, at), strict=True)
    ]


class StatementEndsField(serializers.Field):
    """The two statements of a relation, as references; a statement has no name, so it is called by its speaker and its id."""

    def __init__(self) -> None:
        super().__init__(source="*")

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how they are read."""
        ends = [(plan.column(f"{path}__slug"), speakers_of(plan, path)) for path in plan.model.public_parents]

        def get(rows: Sequence[Row], at: Loader) -> list[list[Document]]:
            before, after = at.around["api:statement-detail", ""]
            columns = [
                [
                    {
                        "id": row[slug],
                        "url": f"{before}{row[slug]}{after}",
                        "name": f"{name} ({row[slug]})",
                        "name_language": name.language,
                    }
                    for row, name in zip(rows, speakers(rows, at), strict=True)
                ]
                for slug, speakers in ends
            ]
            return [list(of_row) for of_row in zip(*columns, strict=True)]

        return get


class RelationLineSerializer(CitedSerializer):
    """A relation between two statements."""

    role = serializers.ChoiceField(StatementRelationKind.choices, source="kind")
    ends = StatementEndsField()
