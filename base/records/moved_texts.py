"""What becomes of translations when the texts of two rows are joined, or texts go from one row to another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Model

from base.records.translations import TranslatedTexts, sorted_translations, translation_column
from base.text.translated_text import base_language


def take_translations(row: Model, giver: Model, names: Iterable[str]) -> None:
    """Let `row`, which has taken these texts from `giver`, have their translations too, and no others of them.

    If it had no text of its own, they are in the language in which the giver wrote them.
    """
    if not isinstance(row, TranslatedTexts) or not isinstance(giver, TranslatedTexts):
        return
    taken = [name for name in row.translated_fields if name in set(names)]
    own = [name for name in row.translated_fields if name not in taken and getattr(row, name)]
    if taken and not own and row.language_column(taken[0]) == "text_language":
        row.text_language = giver.text_language
    drop_translations(row, taken)
    for language, texts in giver.translations.items():
        for name in taken:
            if name in texts and base_language(row.language_of(name)) != language:
                row.translations.setdefault(language, {})[name] = texts[name]
    row.translations = sorted_translations(row.translations)


def drop_translations(row: Model, names: Collection[str]) -> None:
    """Take the translations of these texts from a row, which has the texts no more."""
    if isinstance(row, TranslatedTexts):
        kept = {
            language: {name: text for name, text in texts.items() if name not in names}
            for language, texts in row.translations.items()
        }
        row.translations = {language: texts for language, texts in kept.items() if texts}


def add_missing_translations(row: Model, twin: Model) -> None:
    """Let `twin` have the translations of `row` of all texts that are the same in both and that it has no translation of."""
    if not isinstance(row, TranslatedTexts) or not isinstance(twin, TranslatedTexts):
        return
    for language, texts in row.translations.items():
        for name, text in texts.items():
            if getattr(row, name) == getattr(twin, name) and row.language_of(name) == twin.language_of(name):
                twin.translations.setdefault(language, {}).setdefault(name, text)
    twin.translations = sorted_translations(twin.translations)


@dataclass(frozen=True)
class TranslationDifference:
    """A text that is the same in two rows, and that they translate differently into a language."""

    name: str
    language: str
    of_row: str
    of_twin: str

    @property
    def column(self) -> str:
        """The name of the column that holds the translation, where one is chosen."""
        return translation_column(self.name, self.language)


def differing_translations(row: Model, twin: Model) -> list[TranslationDifference]:
    """Return the translations of texts that are the same in both rows, into languages for which both have one, but another."""
    if not isinstance(row, TranslatedTexts) or not isinstance(twin, TranslatedTexts):
        return []
    return [
        TranslationDifference(name, language, text, of_twin)
        for language, texts in row.translations.items()
        for name, text in texts.items()
        if getattr(row, name) == getattr(twin, name) and row.language_of(name) == twin.language_of(name)
        if (of_twin := twin.translations.get(language, {}).get(name)) not in (None, text)
    ]


def join_notes(row: TranslatedTexts, twin: TranslatedTexts, sentences: Sequence[str]) -> None:
    """Add to the note of `twin` that of `row`, unless it has it already, and these sentences; to its translations the same.

    What one of the two notes lacks in a language stands there as it was written, so that no reader misses anything.
    """
    own, other = twin.note, row.note  # type: ignore[attr-defined]  # every cited row has one
    is_new = other not in own
    if not (is_new or sentences):
        return
    for language in sorted({*twin.translations, *row.translations} - {base_language(twin.language_of("note"))}):
        translated, added = (each.translations.get(language, {}).get("note", "") for each in (twin, row))
        if translated or (added and is_new):
            parts = [translated or own, *([added or other] if is_new else []), *sentences]
            twin.translations.setdefault(language, {})["note"] = "\n".join(filter(None, parts))
    twin.note = "\n".join(filter(None, [own, *([other] if is_new else []), *sentences]))  # type: ignore[attr-defined]
    twin.translations = sorted_translations(twin.translations)
