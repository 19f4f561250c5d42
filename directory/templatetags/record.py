"""Template tags and filters for the names of records and for the evidence of facts, the same on every page.

A record is given as a document (a dict in the shape of the API), as an instance, or as the `RecordLabel` of a filter.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TypedDict

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.documents.values import ChoiceValue
from base.lists.counting import MOST_LINKED
from base.lists.search import pieces
from base.pages.documents import held
from base.pages.evidence import Evidence, Strip, paragraph_address
from base.records.change_reasons import shown_reason
from base.records.count_labels import count_label
from base.records.doubt import certainty_label
from base.records.labels import RecordLabel
from base.records.provenance import Certainty
from base.records.records import Record
from base.text.date_words import date_in_words, span_in_words
from base.text.language_names import language_name
from base.text.languages import name_in
from base.text.line_breaks import unbroken_parts, with_firm_spaces
from base.text.translated_text import TranslatedText, language_of_text

NamedThing = Document | Record | RecordLabel

register = template.Library()
register.filter("held", held)
register.filter("change_reason", shown_reason)
register.filter("certainty_label", certainty_label)
register.simple_tag(paragraph_address)
register.simple_tag(count_label)


@register.filter
def may_have_more(rows: Sequence[Document]) -> bool:
    """Return whether the list is as long as a list of a record's rows gets, so that the database may hold more."""
    return len(rows) >= MOST_LINKED


@register.simple_tag
def name(record: NamedThing, words: Iterable[str] = ()) -> SafeString:
    """Show the name of a record, in a <span lang> if it is not in the page's language, with the words searched for in bold.

    Thai words in it are not broken into two lines.
    """
    text, language = _name_and_language(record)
    return lang_span(unbroken(with_firm_spaces(text)) if not words else text, language, words)


@register.simple_tag
def link(record: Document | Record) -> SafeString:
    """Show the name of a record as a link to its page."""
    url = record["url"] if isinstance(record, dict) else record.get_absolute_url()
    return format_html('<a href="{}">{}</a>', url, name(record))


def _name_and_language(record: NamedThing) -> tuple[str, str]:
    page = get_language() or "en"
    if isinstance(record, dict):
        return record["name"] or record["id"], record["name_language"] or page
    return name_in(record, page)


@register.simple_tag
def lang_span(text: str, language: str, words: Iterable[str] = ()) -> SafeString:
    """Show a text, in a <span lang> if it is not in the page's language, with the words searched for in bold."""
    return _in_language(bold(text, words), language)


@register.filter
def unbroken(text: str) -> SafeString:
    """Show a name with what must stay on one line in <span class="unbroken">."""
    parts = unbroken_parts(text)
    if not any(firm for firm, _part in parts):
        return conditional_escape(text)
    return format_html_join(
        "", "{}", ((format_html('<span class="unbroken">{}</span>', part) if firm else part,) for firm, part in parts)
    )


@register.simple_tag
def text(value: str, words: Iterable[str] = (), *, capitalize: bool = False) -> SafeString:
    """Show a text of the editors, in a <span lang> if it is not in the page's language.

    The words searched for are in bold. To `capitalize` it here keeps its language, which the filter `capfirst` does not.
    """
    return lang_span(capfirst(value) if capitalize else value, language_of_text(value), words)


@register.simple_tag
def short_name(record: Document) -> SafeString:
    """Show the short name of a record for lists and lines, or its name where it has none, in a <span lang> if that is needed."""
    short: TranslatedText | None = getattr(record["name"], "short", None)
    return name(record) if short is None else text(short)


@register.simple_tag
def short_link(record: Document) -> SafeString:
    """Show the short name of a record as a link to its page; the whole name is its title."""
    if getattr(record["name"], "short", None) is None:
        return link(record)
    return format_html('<a href="{}" title="{}">{}</a>', record["url"], plain_name(record), short_name(record))


@register.simple_tag
@register.filter
def bold(text: str, words: Iterable[str] = ()) -> SafeString:
    """Show a text with the words searched for in <b>. Not in <mark>, since the highlighter stands for words as printed."""
    return _in_bold(pieces(text, words)) if words else conditional_escape(text)


@register.filter
def bold_name(text: str, words: Iterable[str] = ()) -> SafeString:
    """Show a name of a record that was found by its names, with the words searched for, or what they begin, in <b>."""
    return _in_bold(pieces(text, words, of_name=True)) if words else conditional_escape(text)


@register.simple_tag
def found_name(record: NamedThing, words: Iterable[str]) -> SafeString:
    """Show the name of a record that was found by its names, with the words searched for, or what they begin, in <b>."""
    text, language = _name_and_language(record)
    return _in_language(bold_name(text, words), language)


def _in_bold(cut: list[tuple[bool, str]]) -> SafeString:
    return format_html_join("", "{}", ((format_html("<b>{}</b>", part) if hit else part,) for hit, part in cut))


def _in_language(html: SafeString, language: str) -> SafeString:
    return html if language == (get_language() or "en") else format_html('<span lang="{}">{}</span>', language, html)


@register.filter
def plain_name(record: NamedThing) -> str:
    """Return the name of a record as plain text, for titles."""
    return _name_and_language(record)[0]


register.filter("language_name", language_name)


@register.simple_tag
def name_note(record: NamedThing, is_person: bool = False) -> SafeString:
    """Show a note on the language of the name, for a record that has no name in the page's language.

    Who has a name in the letters of the page is called by it in that language too: nothing is missing.
    """
    page = get_language() or "en"
    language = _name_and_language(record)[1]
    if language == page or (is_person and (language == "th") == (page == "th")):
        return SafeString("")
    note = _("Name in %(language)s; none in %(page)s is on record.")
    return format_html(
        '<p class="note">{}</p>', note % {"language": language_name(language), "page": language_name(page)}
    )


@register.filter
def edtf_date(date: str) -> str:
    """Show an EDTF date in words of the page's language; in Thai with the year of the Buddhist era."""
    return date_in_words(date)


@register.simple_tag
def edtf_span(begin: str, end: str) -> str:
    """Show a period between two EDTF dates in words of the page's language; either date may be empty."""
    return span_in_words(begin, end)


@register.simple_tag
def passage_links(row: Document) -> SafeString:
    """Show links to the paragraphs that a row cites, each paragraph once, in reading order: ¶4, ¶21."""
    places = {
        (passage["source"]["id"], passage["paragraph"]): passage["source"]
        for passage in row["passages"]
        if passage["source"]
    }
    if not places:
        return format_html('<span class="refs">{}</span>', _("no passage"))
    title = _("Paragraph %(number)s of %(source)s")
    links = format_html_join(
        ", ",
        '<a href="{}" title="{}">¶{}</a>',
        (
            (
                paragraph_address(source["url"], number),
                title % {"number": number, "source": plain_name(source)},
                number,
            )
            for (_id, number), source in places.items()
        ),
    )
    return format_html('<span class="refs">{}</span>', links)


# One paragraph of a strip: a link to it, its title, its bar, and a taller invisible area that reacts to the pointer.
BAR = (
    '<a href="{}" tabindex="-1"{}><title>{}</title>'
    '<rect x="{}" y="{}" width="9" height="{}" /><rect class="hit" x="{}" y="0" width="10" height="40" /></a>'
)
MARKS = {
    mark: format_html(' class="{}"', name)
    for mark, name in (("said", "said-here"), ("about", "said-about"), ("named", "named"))
}


@register.simple_tag
def strip_bars(strip: Strip) -> SafeString:
    """Draw the bars of a strip. A page may have hundreds; a loop in the template would take twenty times as long for each."""
    url, title = strip.url, _("Paragraph %(number)s")
    return format_html_join(
        "\n",
        BAR,
        (
            (
                paragraph_address(url, n),
                MARKS.get(bar.mark, ""),
                title % {"number": n},
                bar.x,
                f"{bar.y:.1f}",
                f"{bar.height:.1f}",
                bar.x,
            )
            for bar in strip.bars
            for n in (bar.number,)
        ),
    )


@register.simple_tag
def paragraph_links(numbers: Iterable[int], url: str) -> SafeString:
    """Show links to paragraphs of the source at `url`: ¶4, ¶21."""
    return format_html_join(
        ", ", '<a href="{}">¶{}</a>', ((paragraph_address(url, number), number) for number in numbers)
    )


@register.simple_tag
def paragraph_link(passage: Document, label: str) -> SafeString:
    """Show a link to the paragraph of a passage; who does not see the line hears what the passage is."""
    text = _("Paragraph %(number)s") % {"number": passage["paragraph"]}
    address = paragraph_address(passage["source"]["url"], passage["paragraph"])
    return format_html('<a href="{}">{}<span class="visually-hidden">: {}</span></a>', address, text, label)


@register.simple_tag
def bar(number: int, most: int) -> SafeString:
    """Draw a number as a bar beside others, of which the longest stands for `most`. The number itself stands beside it."""
    return format_html(
        '<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect width="{}" height="1" /></svg>',
        f"{max(100 * number / max(most, 1), 1):.1f}",
    )


@register.simple_tag
def json_ld_script(data: Document) -> SafeString:
    """Embed structured data as a script element, which browsers do not run. Characters that could end it early are escaped."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.filter
def in_page_language(descriptions: Iterable[Document]) -> list[Document]:
    """Leave out descriptions that cite the same passages as another one that was written in the page's language."""
    page = get_language() or "en"
    cited = [(row, frozenset(passage["uid"] for passage in row["passages"])) for row in descriptions]
    covered = {passages for row, passages in cited if row["text_language"] == page and passages}
    return [row for row, passages in cited if row["text_language"] == page or passages not in covered]


@register.filter
def lead(descriptions: Iterable[Document]) -> Document | None:
    """Return the first description that is not rejected, in the page's language if there is one; None without any."""
    page = get_language() or "en"
    return min(held(descriptions), key=lambda row: language_of_text(row["text"]) != page, default=None)


@register.filter
def dated(events: Iterable[Document]) -> bool:
    """Return whether one of these events has a date."""
    return any(event["date"] for event in events)


def term_link(term: str, label: str, css_class: str) -> SafeString:
    """Show a word for certainty or kind as a link to what it means: the place of this name on the page How we work."""
    return format_html('<a class="{}" href="{}#{}">{}</a>', css_class, reverse("how-we-work"), term, label)


@register.simple_tag
def certainty_mark(row: Document) -> SafeString:
    """Show the certainty of a row, unless it is simply stated, as a link to what the word means."""
    certainty: ChoiceValue = row["certainty"]
    return SafeString("") if certainty == Certainty.STATED else term_link(certainty, certainty.label, "doubt")


@register.simple_tag
def certainty_link(row: Document) -> SafeString:
    """Show the certainty of a row, a stated one too, as a link to what the word means."""
    certainty: ChoiceValue = row["certainty"]
    return term_link(certainty, certainty.label, "meaning" if certainty == Certainty.STATED else "doubt")


@register.simple_tag
def note_of(row: Document) -> SafeString:
    """Show the note of a row, its paragraphs as links."""
    return format_html('<span class="note">{}</span>', linked_note(row)) if row["note"] else SafeString("")


@register.simple_tag
def doubt(row: Document) -> SafeString:
    """Show the certainty of a row unless it is simply stated, and its note."""
    mark, note = certainty_mark(row), note_of(row)
    return format_html("{} {}", mark, note) if note else mark


@register.filter
def grouped_by_note(rows: Iterable[Document]) -> list[list[Document]]:
    """Return the rows in groups that share a note, in the order of their first rows; a row without a note stands alone."""
    groups: dict[str | int, list[Document]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(row["note"] or number, []).append(row)
    return list(groups.values())


@register.simple_tag
def shared_note(rows: Sequence[Document]) -> SafeString:
    """Show the note that these rows share, and of how many it is."""
    first, number = rows[0], len(rows)
    if not first["note"] or number == 1:
        return note_of(first)
    of_all = _("Of all %(number)s:") % {"number": number}
    return format_html('<span class="note">{} {}</span>', of_all, linked_note(first))


@register.simple_tag
def why(row: Document) -> SafeString:
    """Show the certainty of a row, unless it is simply stated, with its reason folded behind it, one tap away."""
    certainty: ChoiceValue = row["certainty"]
    if certainty == Certainty.STATED:
        return SafeString("")
    meaning = _("What “%(word)s” means") % {"word": certainty.label}
    return format_html(
        '<details class="why"><summary class="doubt">{}</summary><span class="note">{} {}</span></details>',
        certainty.label,
        linked_note(row),
        term_link(certainty, meaning, "meaning"),
    )


# Paragraphs as notes name them: "¶4", "¶33–37".
PARAGRAPH = re.compile(r"¶[\u00a0 ]?(\d{1,6})(?:[–-]\d{1,6})?")


def linked_note(row: Document) -> SafeString:
    """Return the note of a row; the paragraphs that it names are links, if the row cites a single source."""
    note: str = row["note"]
    sources = {passage["source"]["url"] for passage in row.get("passages", ()) if passage["source"]}
    if len(sources) != 1:
        return text(note)
    url, parts, end = sources.pop(), [], 0
    for place in PARAGRAPH.finditer(note):
        parts.append(conditional_escape(note[end : place.start()]))
        parts.append(format_html('<a href="{}">{}</a>', paragraph_address(url, int(place[1])), place[0]))
        end = place.end()
    parts.append(conditional_escape(note[end:]))
    return lang_span(SafeString("".join(parts)), language_of_text(note))


class EvidenceContext(TypedDict):
    """The variables of the template of evidence strips."""

    strips: list[Strip]
    left_out: int  # sources without a strip
    cut: bool  # whether a list is longer than pages count


@register.inclusion_tag("browse/_evidence.html")
def evidence_strips(evidence: Evidence) -> EvidenceContext:
    """Draw the evidence of a page as one strip per source."""
    return {"strips": evidence.strips, "left_out": evidence.left_out, "cut": evidence.cut}
