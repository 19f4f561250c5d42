"""Template tags and filters of the page of a source and of the pages on quality: rows outside the page of their record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, cast

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext

from base.records.descriptions import Description
from base.records.provenance import Certainty, Cited, Fact
from base.records.records import Name, Record
from directory.models import Organization, Passage, Person

from .record import lang_span, link, name, paragraph_url, passage_links


class TextInLanguage(Protocol):
    """A text with a language."""

    language: str


class StatementRow(Protocol):
    """What is shown of a statement here. Its model belongs to an app above this one, so that it cannot be imported."""

    speaker: Person | None
    speaker_organization: Organization | None
    speaker_label: str

    def reading(self, language: str) -> TextInLanguage | None:
        """Return the wording to show in this language."""

    def headline(self, language: str) -> str:
        """Return the beginning of that wording."""

    def get_absolute_url(self) -> str:
        """Return the address of the page of the statement."""


register = template.Library()

LINE_HEIGHT = 18  # pixels


@register.filter
def covered_text_height(lines: int) -> int:
    """Return the height, in pixels, of this many lines of covered text."""
    return lines * LINE_HEIGHT


@register.simple_tag
def rows_of_paragraph(rows: Sequence[Cited]) -> SafeString:
    """List the rows that cite a paragraph, each with a link to its record: statements, doubtful rows, the rest folded."""
    if not rows:
        return SafeString("")
    statements = [row for row in rows if row.evidence_mark == "said"]
    others = [row for row in rows if row.evidence_mark != "said"]
    doubtful = [row for row in others if row.certainty in (Certainty.DISPUTED, Certainty.REJECTED)]
    rest = [row for row in others if row.certainty not in (Certainty.DISPUTED, Certainty.REJECTED)]
    summary = ngettext("%(n)s name, role or link", "%(n)s names, roles and links", len(rest)) % {"n": len(rest)}
    folded = format_html("<details><summary>{}</summary>{}</details>", summary, _lines(rest)) if rest else ""
    return format_html("{}{}{}", _lines(statements), _lines(doubtful), folded)


@register.simple_tag
def row_summary(row: Cited | Passage) -> SafeString:
    """Show a row in one line: its kind, what it states, the passages, the certainty and the note."""
    if isinstance(row, Passage):
        where = format_html('<a href="{}">¶{}</a>', paragraph_url(row), row.paragraph)
        return format_html(
            "{} {} [{}–{}], {}", link(row.source), where, row.start, row.end, row.get_check_state_display()
        )
    note = format_html('<span class="note">{}</span>', lang_span(row.note, "en")) if row.note else ""
    kind = capfirst(row._meta.verbose_name)
    return format_html("{}: {} {}{} {}", kind, _body(row), passage_links(row), _doubt(row), note)


def _lines(rows: Sequence[Cited]) -> SafeString:
    if not rows:
        return SafeString("")
    lines = [(capfirst(row._meta.verbose_name), _body(row), _doubt(row)) for row in rows]
    return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}{}</li>", lines))


def _doubt(row: Cited) -> SafeString:
    if row.certainty == Certainty.STATED:
        return SafeString("")
    return format_html(' <span class="doubt">{}</span>', row.get_certainty_display())


def _body(row: Cited) -> SafeString:
    """Return what a row states, in one line with links to its records."""
    if row.evidence_mark == "said":
        return _statement(cast("StatementRow", row))
    if isinstance(row, Record):
        return link(row)
    if isinstance(row, Name):
        return format_html('<span lang="{}">{}</span> → {}', row.language, row.text, link(row.owner))
    parents = cast("Fact", row).public_parents  # only records and facts cite passages
    ends = [link(end) for column in parents if isinstance(end := getattr(row, column), Record)]
    links = format_html_join(" – ", "{}", ((end,) for end in ends))
    if isinstance(row, Description):
        return links
    role = row.get_role_display() if hasattr(row, "get_role_display") else getattr(row, "role", "")
    if role and not hasattr(row, "get_role_display"):  # the role of a person is free text in English
        role = lang_span(role, "en")
    return format_html("{} ({})", links, role) if role else links


def _statement(statement: StatementRow) -> SafeString:
    page = get_language() or "en"
    reading = statement.reading(page)
    words = lang_span(statement.headline(page), reading.language if reading else page)
    speaker = statement.speaker or statement.speaker_organization
    speaker_name = name(speaker) if speaker else lang_span(statement.speaker_label, "en")
    return format_html('{}: <a href="{}">{}</a>', speaker_name, statement.get_absolute_url(), words)
