"""Template tags of the source page: what was recorded from a paragraph."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext

from base.records.descriptions import Description
from base.records.provenance import Certainty
from base.records.records import Name, Record
from directory.models import Passage

from .record import linked, marked, named, paragraph_url, refs

register = template.Library()

LINE = 18


@register.filter
def covered_height(lines: int) -> int:
    """Return the height, in pixels, of this many grey lines."""
    return lines * LINE


@register.simple_tag
def recorded(rows: list[Any]) -> SafeString:
    """List the rows that cite a paragraph, each linked to the record it belongs to."""
    if not rows:
        return SafeString("")
    said = [row for row in rows if hasattr(row, "speaker_name")]
    doubtful = [row for row in rows if row not in said and row.certainty in (Certainty.DISPUTED, Certainty.REJECTED)]
    rest = [row for row in rows if row not in said and row not in doubtful]
    summary = ngettext("%(n)s name, role or link", "%(n)s names, roles and links", len(rest)) % {"n": len(rest)}
    folded = format_html("<details><summary>{}</summary>{}</details>", summary, _lines(rest)) if rest else ""
    return format_html("{}{}{}", _lines(said), _lines(doubtful), folded)


@register.simple_tag
def told(row: Any) -> SafeString:
    """Show a row outside its record: what kind it is, what it says, where it was read and how sure it is."""
    if isinstance(row, Passage):
        where = format_html('<a href="{}">¶{}</a>', paragraph_url(row), row.paragraph)
        return format_html(
            "{} {} [{}–{}], {}", linked(row.source), where, row.start, row.end, row.get_check_state_display()
        )
    note = format_html('<span class="note">{}</span>', marked(row.note, "en")) if row.note else ""
    kind = capfirst(row._meta.verbose_name)
    return format_html("{}: {} {}{} {}", kind, _body(row), refs(row), _doubt(row), note)


def _lines(rows: list[Any]) -> SafeString:
    if not rows:
        return SafeString("")
    lines = [(capfirst(row._meta.verbose_name), _body(row), _doubt(row)) for row in rows]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}{}</li>", lines))


def _doubt(row: Any) -> SafeString:
    if row.certainty == Certainty.STATED:
        return SafeString("")
    return format_html(' <span class="doubt">{}</span>', row.get_certainty_display())


def _body(row: Any) -> SafeString:
    """Return what a row says in a line; the record's page has the rest."""
    if hasattr(row, "speaker_name"):
        page = get_language() or "en"
        reading = row.reading(page)
        words = marked(row.headline(page), reading.language if reading else page)
        speaker = row.speaker or row.speaker_organization
        who = named(speaker) if speaker else marked(row.speaker_label, "en")
        return format_html('{}: <a href="{}">{}</a>', who, row.get_absolute_url(), words)
    if isinstance(row, Record):
        return linked(row)
    if isinstance(row, Name):
        return format_html('<span lang="{}">{}</span> → {}', row.language, row.text, linked(row.owner))
    ends = [linked(end) for name in row.public_parents if isinstance(end := getattr(row, name), Model)]
    said = format_html_join(" – ", "{}", ((end,) for end in ends))
    if isinstance(row, Description):
        return said
    role = row.get_role_display() if hasattr(row, "get_role_display") else getattr(row, "role", "")
    if role and not hasattr(row, "get_role_display"):  # the role of a person is written in English
        role = marked(role, "en")
    return format_html("{} ({})", said, role) if role else said
