"""Template tags that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.text.languages import name_in
from directory.templatetags.record import language_name
from events.models.statements import Nature

register = template.Library()


@register.inclusion_tag("events/_speaker.html")
def spoken_by(statement: Any) -> dict[str, Any]:
    """Show who made a statement that is loaded by itself, as its card does."""
    ends = ("speaker", "speaker_organization", "on_behalf_of")
    records = {name: getattr(statement, name) for name in ends}
    references = {name: _reference(record) for name, record in records.items() if record}
    return {"card": {"speaker_label": statement.speaker_label, "role_at_time": statement.role_at_time, **references}}


def _reference(record: Any) -> Document:
    """Return a record that is loaded by itself as a document."""
    name, language = name_in(record, get_language() or "en")
    return {"id": record.slug, "url": record.get_absolute_url(), "name": name, "name_language": language}


@register.filter
def wording_notes(card: Document) -> list[str]:
    """Return whose words a card shows and in which languages, as far as it is not the reader's."""
    page, reading = get_language() or "en", card["reading"]
    nature = reading["nature"] if reading else Nature.PARAPHRASE
    notes = {Nature.VERBATIM: [], Nature.TRANSLATION: [_("translated by the editors")]}.get(nature, [_("in our words")])
    if reading and reading["language"] != page:
        notes.append(_("in %(language)s") % {"language": language_name(reading["language"])})
    printed = [wording["language"] for wording in card["printed"] if wording["language"] != page]
    return notes + [_("printed in %(language)s") % {"language": language_name(language)} for language in printed]


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
