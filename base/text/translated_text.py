"""A text in one of the languages in which it is on record."""

from __future__ import annotations

from typing import Self

from django.conf import settings


class TranslatedText(str):
    """A text of the editors, and `language`, the BCP 47 tag of the language that it is in."""

    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Return the text with its language."""
        translated = super().__new__(cls, text)
        translated.language = language
        return translated


def language_of_text(text: str) -> str:
    """Return the language of a text of the editors; where nothing says which, they wrote it in the site's first language."""
    return text.language if isinstance(text, TranslatedText) else settings.LANGUAGE_CODE


def base_language(tag: str) -> str:
    """Return the language of a tag without its script and region: pt for pt-BR."""
    return tag.partition("-")[0]
