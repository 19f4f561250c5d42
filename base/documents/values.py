"""Values of the documents of pages: strings like those of the API, which also know what a reader is to see."""

from __future__ import annotations

from typing import Self

from base.text.translated_text import TranslatedText


class ChoiceValue(str):
    """A value of a fixed list. `label` is what it is called in the language of the page."""

    label: str

    def __new__(cls, value: str, label: str) -> Self:
        """Return the value with its label."""
        choice = super().__new__(cls, value)
        choice.label = label
        return choice


class RecordName(str):
    """The name of a record in the language of the page.

    `first` is its first name, which is the same on every page; `short` is its short name for lists and lines, if it has one.
    """

    first: str
    short: TranslatedText | None

    def __new__(cls, name: str, first: str, short: TranslatedText | None = None) -> Self:
        """Return the name with the first name and the short one."""
        record_name = super().__new__(cls, name)
        record_name.first, record_name.short = first, short
        return record_name
