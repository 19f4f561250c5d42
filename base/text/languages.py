"""The language of a page is part of its address: /people/ is English, /th/people/ Thai, /vi/people/ Vietnamese."""

from __future__ import annotations

from django.conf import settings
from django.urls import get_script_prefix

CODES = tuple(code for code, _name in settings.LANGUAGES)


def language_of(path: str) -> str:
    """Return the code of the language that an address begins with; without one it is English."""
    first = path.removeprefix(get_script_prefix()).partition("/")[0]
    return first if first in CODES else settings.LANGUAGE_CODE


def address_in(path: str, language: str) -> str:
    """Return the address of the same page in another language."""
    root = get_script_prefix()
    rest = path.removeprefix(root)
    if (here := language_of(path)) != settings.LANGUAGE_CODE:
        rest = rest.removeprefix(here).removeprefix("/")
    return f"{root}{rest}" if language == settings.LANGUAGE_CODE else f"{root}{language}/{rest}"


def label_in(labels: dict[str, str], first: tuple[str, str], language: str | None) -> tuple[str, str]:
    """Return a name and its language: the name in `language` or in the one that belongs to (pt-BR, pt), else `first`.

    `labels` are the names of a record by language, `first` is its first name and the language of that.
    """
    for code in (language, language.partition("-")[0]) if language else ():
        if code in labels:
            return labels[code], code
    return first


def name_in(record: object, language: str) -> tuple[str, str]:
    """Return the name of a record in the reader's language, else its first name; and the language of that name.

    A record without names in several languages is called what str() says, in the reader's language.
    """
    first = str(record), getattr(record, "name_language", "") or language
    return label_in(getattr(record, "labels", {}), first, language)


def permanent_url(url: str) -> str:
    """Return the address of a page that is the same in every language: what is cited, and what identifies its record."""
    return address_in(url, settings.LANGUAGE_CODE)
