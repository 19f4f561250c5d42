"""Template filters that show a statement the same way everywhere: printed words marked, everything else never."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.text.language_names import language_name
from directory.templatetags.record import bold, term_link, text
from events import qualifiers, titles, wordings
from events.models.segments import JOINER
from events.models.statements import Nature

register = template.Library()
register.filter("speaker_of", titles.speaker_of)
register.filter("printed_beside", wordings.printed_beside)
register.filter("translations_beside", wordings.translations_beside)
register.filter("qualifier_sentences", qualifiers.qualifier_sentences)
register.filter("short_qualifiers", qualifiers.short_qualifiers)
register.filter("wording_source", qualifiers.wording_source)
register.filter("role_names_organization", qualifiers.role_names_organization)


@register.simple_tag
def kind_mark(statement: Document) -> SafeString:
    """Show the kind of a statement (direct quote, reported speech, narrated) as a link to what the word means."""
    return term_link(statement["kind"], qualifiers.kind_label(statement), "kind")


@register.simple_tag
def printed(wording: Document, words: Iterable[str] = (), language: str = "") -> SafeString:
    """Return the words of a verbatim wording with each segment marked as printed, and the `words` of a search in bold.

    What stands between two segments is not printed, and not marked. `language` is for where nothing around them tells it.
    """
    texts = [segment["text"] for segment in wording["segments"]] or [wording["text"]]
    lang = format_html(' lang="{}"', language) if language else ""
    return format_html_join(JOINER, '<mark class="verbatim"{}>{}</mark>', ((lang, bold(text, words)) for text in texts))


@register.filter
def wording_notes(card: Document) -> list[str]:
    """Return whose words a card shows and in which languages, as far as it is not the reader's."""
    page, reading = get_language() or "en", card["reading"]
    nature = reading["nature"] if reading else Nature.PARAPHRASE
    notes = [] if nature == Nature.VERBATIM else [_whose_words(nature, reading["by"] if reading else "")]
    if reading and reading["language"] != page:
        notes.append(_("in %(language)s") % {"language": language_name(reading["language"])})
    printed = [wording["language"] for wording in card["printed"] if wording["language"] != page]
    return notes + [_("printed in %(language)s") % {"language": language_name(language)} for language in printed]


def _whose_words(nature: str, by: str) -> str:
    """Return whose a translation or a paraphrase is. Without a name it is the editors'."""
    if nature == Nature.TRANSLATION:
        return _("translated by %(name)s") % {"name": by} if by else _("translated by the editors")
    return _("paraphrased by %(name)s") % {"name": by} if by else _("in our words")


@register.simple_tag
def role_at_time(statement: Document) -> SafeString:
    """Show in which role it was said. A role that names the organization it was said for is the link to that organization."""
    role = text(statement["role_at_time"])
    if not qualifiers.role_names_organization(statement):
        return role
    return format_html('<a class="post" href="{}">{}</a>', statement["on_behalf_of"]["url"], role)


@register.simple_tag
def topics_beside(card: Document, topic: str) -> list[Document]:
    """Return the topics of a card but the one with this id, on whose page it stands."""
    return [other for other in card["topics"] if other["id"] != topic]


@register.filter
def credited_speaker(statement: Document) -> str:
    """Return who spoke, with the doubt there is."""
    return qualifiers.credited(titles.speaker_of(statement), statement)


@register.filter("title_of")
def page_title(statement: Document) -> str:
    """Return who said it and how it begins, in the language of this page."""
    return titles.title_of(statement, get_language() or "en")


@register.filter("headline")
def headline_on_page(statement: Document) -> str:
    """Return how it begins, in the language of this page."""
    return titles.headline(statement, get_language() or "en")


@register.filter
def reading_of(statement: Document) -> Document | None:
    """Return the wording a reader of this page should read."""
    return wordings.wording_to_read(statement["wordings"], get_language() or "en")
