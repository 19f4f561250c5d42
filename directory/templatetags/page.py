"""Template tags of the head of a page."""

from __future__ import annotations

import html
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.pages.documents import held
from base.pages.views import RecordDetail
from base.records.doubt import with_doubt
from base.text.translated_text import language_of_text
from directory.templatetags.record import plain_name

register = template.Library()

MOST_POSITIONS = 3
LONGEST_DESCRIPTION = 300  # characters; previews of links show fewer
# Open Graph names languages with a territory.
LOCALES = {"en": "en_GB", "th": "th_TH", "vi": "vi_VN"}


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str) -> str:
    """Return what a block of the page holds, in one line: Django shows a block in one place only."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return html.unescape(" ".join(str(block.render(context)).split()))


@register.simple_tag
def feed_address(view: RecordDetail) -> str:
    """Return the address of the feed of the statements of a record, in the language of the page; empty where it has none."""
    if not view.feed_filter:
        return ""
    query = {view.feed_filter: view.kwargs["slug"]}
    if (language := get_language()) not in (None, "en"):
        query["lang"] = str(language)
    return f"{reverse('statement-atom')}?{urlencode(query)}"


@register.filter
def without_site_name(title: str) -> str:
    """Return the title of a page without the name of the site behind it, which previews of links show beside it."""
    return title.removesuffix(f" – {_('On the Record')}")


@register.filter
def open_graph_locale(code: str) -> str:
    """Return a language as Open Graph names it: th_TH."""
    return LOCALES.get(code, code)


@register.filter
def in_short(text: str) -> str:
    """Return the beginning of a description."""
    return Truncator(text).chars(LONGEST_DESCRIPTION)


@register.filter
def positions_in_words(affiliations: list[Document]) -> str:
    """Return the first positions of a person that are not rejected, each with its doubt: "Director, Film Board (inferred)".

    A description cannot say in which language its words are: where a role has no translation, the organization stands alone.
    """
    positions = []
    for row in held(affiliations)[:MOST_POSITIONS]:
        role = capfirst(row["role"]) if language_of_text(row["role"]) == get_language() else ""
        position = ", ".join(filter(None, (role, plain_name(row["organization"]) if row["organization"] else "")))
        if position:
            positions.append(with_doubt(position, row["certainty"]))
    return "; ".join(positions)


@register.filter
def name_with_doubt(record: Document) -> str:
    """Return the name of a record that cites passages itself, with its doubt."""
    return with_doubt(plain_name(record), record["certainty"])


@register.filter
def first_in_language(rows: list[Document]) -> str:
    """Return the first text in the language of the page that is not rejected, with its doubt; empty if there is none."""
    texts = (
        with_doubt(str(row["text"]), row["certainty"])
        for row in held(rows)
        if language_of_text(row["text"]) == get_language()
    )
    return next(texts, "")
