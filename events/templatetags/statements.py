"""Template tags that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.inclusion_tag("events/_statement.html")
def statement_card(statement: Any, speaker: bool = True, event: bool = True) -> dict[str, Any]:
    """Show a statement in a list; without its speaker or event where the page is theirs."""
    reading = statement.reading(get_language() or "en")
    return {
        "statement": statement,
        "reading": reading,
        "printed": [wording for wording in statement.printed() if wording is not reading],
        "show_speaker": speaker,
        "show_event": event,
    }


@register.inclusion_tag("events/_speaker.html")
def spoken_by(statement: Any) -> dict[str, Any]:
    """Show who made a statement, in which role and for whom, as the source has it."""
    return {"statement": statement}


@register.filter
def reading_of(statement: Any) -> Any:
    """Return the wording a reader of this page should read."""
    return statement.reading(get_language() or "en")
