"""Template tags that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from directory.templatetags.record import linked

register = template.Library()


@register.inclusion_tag("events/_speaker.html")
def spoken_by(statement: Any) -> dict[str, Any]:
    """Show who made a statement that is loaded by itself, as its card does."""
    ends = ("speaker", "speaker_organization", "on_behalf_of")
    records = {name: getattr(statement, name) for name in ends}
    links = {name: {"link": linked(record)} for name, record in records.items() if record}
    return {"card": {"speaker_label": statement.speaker_label, "role_at_time": statement.role_at_time, **links}}


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
