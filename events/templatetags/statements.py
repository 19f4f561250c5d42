"""Template tags that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from base.documents.plan import Document
from directory.templatetags.record import link
from events import titles, wordings

register = template.Library()
register.filter("speaker_of", titles.speaker_of)
register.filter("printed_beside", wordings.printed_beside)


@register.filter
def title_of(statement: Document) -> str:
    """Return who said it and how it begins, in the language of this page."""
    return titles.title_of(statement, get_language() or "en")


@register.filter
def reading_of(statement: Document) -> Document | None:
    """Return the wording a reader of this page should read."""
    return wordings.wording_to_read(statement["wordings"], get_language() or "en")


@register.inclusion_tag("events/_speaker.html")
def spoken_by(statement: Document) -> dict[str, Any]:
    """Show who made a statement that is loaded by itself, as its card does."""
    ends = ("speaker", "speaker_organization", "on_behalf_of")
    links = {end: {"link": link(statement[end])} for end in ends if statement[end]}
    return {"card": {"speaker_label": statement["speaker_label"], "role_at_time": statement["role_at_time"], **links}}
