"""Template tags that show a record's name, its evidence and its doubts the same way everywhere."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.lists.counting import MOST_LINKED
from base.lists.search import pieces
from base.pages.documents import held
from base.pages.evidence import Strip
from base.records.provenance import Certainty
from base.text.date_words import date_in_words, span_in_words
from base.text.languages import name_in

register = template.Library()
register.filter("held", held)


@register.filter
def filled(rows: Any) -> bool:
    """Whether as many rows were loaded with a record as are ever loaded: there may be more."""
    return len(rows) >= MOST_LINKED


@register.simple_tag
def name(record: Document, words: Iterable[str] = ()) -> SafeString:
    """Show the name of a record, marked with its language where that is not the page's; the words searched for in bold."""
    return marked(*_name_and_language(record), words)


@register.simple_tag
def link(record: Document) -> SafeString:
    """Show the name of a record as a link to its page."""
    return format_html('<a href="{}">{}</a>', record["url"], name(record))


def _name_and_language(record: Any) -> tuple[str, str]:
    page = get_language() or "en"
    if isinstance(record, dict):
        return record["name"] or record["id"], record["name_language"] or page
    return name_in(record, page)


@register.simple_tag
def named(record: Any, words: Iterable[str] = ()) -> SafeString:
    """Show a record's name, marked with its language where that is not the page's; the words searched for in bold."""
    return marked(*_name_and_language(record), words)


@register.simple_tag
def marked(text: str, language: str, words: Iterable[str] = ()) -> SafeString:
    """Show a text, marked with its language where that is not the page's; the words searched for in bold."""
    if language == (get_language() or "en"):
        return bold(text, words)
    return format_html('<span lang="{}">{}</span>', language, bold(text, words))


@register.simple_tag
@register.filter
def bold(text: str, words: Iterable[str] = ()) -> SafeString:
    """Show a text with the words searched for in bold: the highlighter has another meaning."""
    if not words:
        return conditional_escape(text)
    return format_html_join(
        "", "{}", ((format_html("<b>{}</b>", part) if hit else part,) for hit, part in pieces(text, words))
    )


@register.filter
def plain_name(record: Any) -> str:
    """Return the name of a record as plain text, for titles."""
    return _name_and_language(record)[0]


@register.simple_tag
def linked(record: Any) -> SafeString:
    """Show a record's name as a link to its page."""
    return format_html('<a href="{}">{}</a>', record.get_absolute_url(), named(record))


@register.filter
def language_name(tag: str) -> str:
    """Return what a language is called in the page's language; the tag itself if nobody knows."""
    return _language_name(tag, get_language())


@functools.lru_cache(maxsize=512)
def _language_name(tag: str, page: str | None) -> str:
    try:
        name = str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag
    return pgettext("a language by its name", "%(name)s") % {"name": name}


@register.simple_tag
def name_note(record: Any) -> SafeString:
    """Say below a heading which language the name is in, where the record has none in the page's."""
    page = get_language() or "en"
    language = _name_and_language(record)[1]
    if language == page:
        return SafeString("")
    said = _("Name in %(language)s; none in %(page)s is on record.")
    return format_html(
        '<p class="note">{}</p>', said % {"language": language_name(language), "page": language_name(page)}
    )


@register.filter
def edtf_date(date: str) -> str:
    """Show an EDTF date in the words of the page's language; in Thai with the year of the Buddhist era."""
    return date_in_words(date)


@register.simple_tag
def edtf_span(begin: str, end: str) -> str:
    """Show from when until when something was so."""
    return span_in_words(begin, end)


@register.simple_tag
def refs(row: Document) -> SafeString:
    """Show the passages of a cited row as links, each paragraph once, in the order of reading: ¶4, ¶21."""
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
        '<a href="{}#p{}" title="{}">¶{}</a>',
        (
            (source["url"], number, title % {"number": number, "source": plain_name(source)}, number)
            for (_id, number), source in places.items()
        ),
    )
    return format_html('<span class="refs">{}</span>', links)


# One paragraph of a strip: a link to it, what it is called, its bar, and where a pointer finds it.
BAR = (
    '<a href="{}#p{}" tabindex="-1"{}><title>{}</title>'
    '<rect x="{}" y="{}" width="9" height="{}" /><rect class="hit" x="{}" y="0" width="10" height="40" /></a>'
)
MARKS = {mark: format_html(' class="{}"', name) for mark, name in (("said", "said-here"), ("named", "named"))}


@register.simple_tag
def bars(strip: Strip) -> SafeString:
    """Draw the bars of a strip. Of some hundreds on a page, each costs a twentieth of what a loop of the template takes."""
    url, called = strip.url, _("Paragraph %(number)s")
    return format_html_join(
        "\n",
        BAR,
        (
            (url, n, MARKS.get(bar.mark, ""), called % {"number": n}, bar.x, f"{bar.y:.1f}", f"{bar.height:.1f}", bar.x)
            for bar in strip.bars
            for n in (bar.number,)
        ),
    )


@register.simple_tag
def paragraphs(numbers: Iterable[int], url: str) -> SafeString:
    """Show paragraphs of a source as links: ¶4, ¶21."""
    return format_html_join(", ", '<a href="{}#p{}">¶{}</a>', ((url, number, number) for number in numbers))


@register.simple_tag
def structured(data: Any) -> SafeString:
    """Show structured data as a script element that no browser runs; what could end the element early is escaped."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))


@register.filter
def noted(rows: Any) -> list[tuple[Any, bool]]:
    """Return (row, whether its note is told here): rows in a run that have the same note tell it once, after the last."""
    found = list(rows)
    return [(row, after is None or after["note"] != row["note"]) for row, after in zip_longest(found, found[1:])]


@register.filter
def in_my_language(rows: Any) -> list[Any]:
    """Leave out descriptions that cite the same passages as one in the reader's language."""
    page = get_language() or "en"
    found = [(row, frozenset(passage["uid"] for passage in row["passages"])) for row in rows]
    told = {passages for row, passages in found if row["language"] == page and passages}
    return [row for row, passages in found if row["language"] == page or passages not in told]


@register.simple_tag
def doubt(row: Document, tell: bool = True) -> SafeString:
    """Show how certain a row is, where it is not simply stated, and its note unless it is told elsewhere."""
    note = row["note"] if tell else ""
    mark = SafeString("")
    if row["certainty"] != Certainty.STATED:
        mark = format_html('<span class="doubt">{}</span>', row["certainty"].label)
    return format_html('{} <span class="note">{}</span>', mark, marked(note, "en")) if note else mark


@register.inclusion_tag("browse/_evidence.html")
def evidence(collected: Any) -> dict[str, Any]:
    """Draw the evidence strips of a page, one a source."""
    return {"strips": collected.strips, "left_out": collected.left_out}
