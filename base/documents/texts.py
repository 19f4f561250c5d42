"""Members with texts of the editors, which are given in the language that is asked for where they have a translation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

import orjson
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from base.records.translations import TranslatedTexts, Translations, in_language, sorted_translations
from base.sql.prepared import Row
from base.text.translated_text import TranslatedText, base_language

if TYPE_CHECKING:
    from base.documents.loader import Loader
    from base.documents.plan import FetchPlan, Getter, Tree

NO_TRANSLATIONS = "{}"  # as both databases write an empty object


def translated_texts(plan: FetchPlan, source: str) -> Callable[[Sequence[Row], Loader], list[TranslatedText]]:
    """Return how the texts of a source are read in the language that is asked for; the plan reads what they are made of.

    The source is a column of the model, or one of a record that its foreign keys lead to (`event__place`).
    """
    path, name = source.rpartition("__")[::2]
    prefix = f"{path}__" if path else ""
    model = _model_at(plan, path)
    text, language = plan.column(source), plan.column(prefix + model.language_column(name))
    translations = plan.column(f"{prefix}translations")

    def get(rows: Sequence[Row], at: Loader) -> list[TranslatedText]:
        asked = base_language(at.language or "")
        return [
            _text_in(asked, name, row[text] or "", row[language] or "", row[translations] or NO_TRANSLATIONS)
            for row in rows
        ]

    return get


def _text_in(asked: str, name: str, text: str, language: str, translations: str) -> TranslatedText:
    """Return a text in the language that is asked for. Translations are JSON, which is only looked into where one may be of use."""
    if text and asked and translations != NO_TRANSLATIONS and base_language(language) != asked:
        return in_language(text, name, language, orjson.loads(translations), asked)
    return TranslatedText(text, language)


def _model_at(plan: FetchPlan, path: str) -> type[TranslatedTexts]:
    """Return the model that foreign keys lead to from the model of the plan."""
    model = plan.model
    for name in path.split("__") if path else ():
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]  # a foreign key
    return cast(type[TranslatedTexts], model)


class TranslatedTextMember(serializers.CharField):
    """A text of the editors: in the language that is asked for if it has a translation, else as it was written.

    On a page its value knows its language (`TranslatedText`).
    """

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the text is read."""
        column, texts = plan.column(str(self.source)), translated_texts(plan, str(self.source))
        return lambda rows, at: texts(rows, at) if at.language else [row[column] for row in rows]


class LanguageOfTextMember(serializers.CharField):
    """The language in which the text `name` is given."""

    def __init__(self, name: str, *, help_text: str) -> None:
        self.name_of_text = name
        super().__init__(source="*", help_text=help_text)

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the language is found."""
        texts = translated_texts(plan, self.name_of_text)
        return lambda rows, at: [text.language for text in texts(rows, at)]


class TextLanguageMember(serializers.CharField):
    """The language in which the texts of a row were written."""

    def __init__(self) -> None:
        super().__init__(
            source="*", help_text="BCP 47 tag of the language in which the editors wrote the texts of this row."
        )

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the language is read: that of the note, which every row with such texts has."""
        column = plan.column(_model_at(plan, "").language_column("note"))
        return lambda rows, at: [row[column] for row in rows]


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"type": "object", "additionalProperties": {"type": "string"}},
        "example": {"th": {"note": "…"}},
    }
)
class TranslationsMember(serializers.Field):
    """The translations of the texts of a row, by language and name of the member."""

    def __init__(self) -> None:
        super().__init__(
            source="*",
            help_text="Translations of these texts by language and member. With `lang`, a text that has one is given in it.",
        )

    def getter(self, plan: FetchPlan, wanted: Tree) -> Getter:
        """Return how the translations are read."""
        column = plan.column("translations")
        return lambda rows, at: [translations_of(row[column]) for row in rows]


def translations_of(json: str) -> Translations:
    """Return translations that a row holds as JSON."""
    return {} if json == NO_TRANSLATIONS else sorted_translations(orjson.loads(json))
