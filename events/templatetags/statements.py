"""Template tags that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import get_language

from directory.base.finding import spells

register = template.Library()


@register.inclusion_tag("events/_statement.html")
def statement_card(
    statement: Any, speaker: bool = True, event: bool = True, words: Sequence[str] = ()
) -> dict[str, Any]:
    """Show a statement in a list; without its speaker or event where the page is theirs.

    As the result of a search, the words stand in bold; those that no text of the card has are shown where they stand.
    """
    reading = statement.reading(get_language() or "en")
    printed = printed_beside(statement, reading)
    shown = [reading, *printed] if reading else printed
    missing = [word for word in words if not any(spells(wording.text, [word]) for wording in shown)]
    return {
        "statement": statement,
        "reading": reading,
        "printed": printed,
        "words": words,
        "elsewhere": [
            wording
            for wording in statement.wordings.all()
            if wording not in shown and any(spells(wording.text, [word]) for word in missing)
        ],
        "attributed": any(spells(statement.attribution_text, [word]) for word in missing),
        "show_speaker": speaker,
        "show_event": event,
    }


@register.inclusion_tag("events/_speaker.html")
def spoken_by(statement: Any) -> dict[str, Any]:
    """Show who made a statement, in which role and for whom, as the source has it."""
    return {"statement": statement}


@register.filter
def printed_beside(statement: Any, reading: Any) -> list[Any]:
    """Return the words as printed, without those that are already the wording to read."""
    return [wording for wording in statement.printed() if wording is not reading]


@register.filter
def speaker_of(statement: Any) -> str:
    """Return who spoke, by the name a reader of this page knows."""
    return str(statement.speaker_in(get_language() or "en"))


@register.filter
def title_of(statement: Any) -> str:
    """Return who said it and how it begins, in the language of this page."""
    return str(statement.title_in(get_language() or "en"))


@register.filter
def reading_of(statement: Any) -> Any:
    """Return the wording a reader of this page should read."""
    return statement.reading(get_language() or "en")
