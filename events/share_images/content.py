"""What stands on the picture of a statement: the words to read, words as printed, who said them, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.records.doubt import certainty_label, is_doubtful
from base.text.characters import storable
from base.text.translated_text import TranslatedText
from directory.templatetags.record import plain_name
from events.models.segments import JOINER
from events.models.statements import Nature
from events.qualifiers import kind_label, spoken_as, wording_source
from events.titles import speaker_of
from events.wordings import printed_beside, wording_to_read

from .setting import MarkedText

MOST_LETTERS = 420  # of a text: more than the picture has room for
MOST_PARAGRAPHS = 4


@dataclass(frozen=True)
class Words:
    """A wording on the picture. `end` closes its quotation marks, also where it is cut."""

    text: MarkedText
    end: str = ""


@dataclass(frozen=True)
class Content:
    """All that a picture says, in the language of the page."""

    words: tuple[Words, ...]  # to be read first, then as printed
    speaker: str
    spoken_as: str
    qualifiers: str
    doubt: str  # the certainty, if there is doubt
    place: str
    site: str


def content_of(statement: Document, language: str) -> Content | None:
    """Return what the picture of a statement says to readers of a language; None if there are no words of it."""
    reading = wording_to_read(statement["wordings"], language)
    if reading is None:
        return None
    qualifiers = [kind_label(statement)]
    if reading["nature"] != Nature.VERBATIM:
        qualifiers.append(wording_source(reading))
    return Content(
        words=(_words(reading), *(_words(wording) for wording in printed_beside(statement["wordings"], reading)[:1])),
        speaker=storable(speaker_of(statement)),
        spoken_as=storable(capfirst(spoken_as(statement))),
        qualifiers=storable(capfirst(" · ".join(qualifiers))),
        doubt=certainty_label(statement["certainty"]) if is_doubtful(statement["certainty"]) else "",
        place=storable(cited_place(statement)),
        site=_("On the Record"),
    )


def cited_place(statement: Document) -> str:
    """Return the paragraphs that are cited and the short name of their source: "¶4, ¶21, Film workshop"."""
    passages = statement["passages"]
    if not passages:
        return ""
    source = passages[0]["source"]
    numbers = sorted({passage["paragraph"] for passage in passages if passage["source"]["id"] == source["id"]})
    shown = [f"¶{number}" for number in numbers[:MOST_PARAGRAPHS]] + ["…"] * (len(numbers) > MOST_PARAGRAPHS)
    short: TranslatedText | None = getattr(source["name"], "short", None)
    return ", ".join([*shown, str(short or plain_name(source))])


def _words(wording: Document) -> Words:
    """Return a wording: each segment of words as printed marked, all else without a mark."""
    if wording["nature"] != Nature.VERBATIM:
        return Words(MarkedText.of([(storable(wording["text"]), False)], MOST_LETTERS))
    parts: list[tuple[str, bool]] = []
    for segment in wording["segments"] or [wording]:
        parts += [(JOINER if parts else "“", False), (storable(segment["text"]), True)]
    return Words(MarkedText.of([*parts, ("”", False)], MOST_LETTERS), end="”")
