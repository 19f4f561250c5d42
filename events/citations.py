"""A statement as a citation: text, BibTeX, RIS and CSL-JSON, all with the same title, author, address and date of access.

Each says kind and certainty where a reader of its lists sees it (title and author) and in full in its notes and keywords.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from anyascii import anyascii
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.records.doubt import certainty_label
from base.text.characters import storable
from base.text.date_words import date_in_words
from base.text.dates import exact_span
from directory.templatetags.record import plain_name

from .qualifiers import cited_words, credited, kind_label, qualifier_sentences, spoken_as
from .titles import speaker_of, title_of

SITE = "On the Record"
_TEX = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "\\": r"\textbackslash{}",
}
# The types of CSL and RIS for our kinds of sources; neither has one for a quotation.
_CSL_TYPES = {"article": "article-newspaper", "recording": "broadcast", "report": "report"}
_RIS_TYPES = {"article": "NEWS", "recording": "SOUND", "report": "RPRT"}


@dataclass(frozen=True)
class Citation:
    """The citation of one statement of this site, as read on a day, in a language.

    `statement` is a document with its names in that language; `address` is its permanent address, absolute. The words cited are
    a proven quotation, or a translation or paraphrase that is marked as one.
    """

    statement: Document
    address: str
    read_on: datetime.date
    language: str = "en"

    @property
    def author(self) -> str:
        """The name of the speaker, with the doubt there is whether it was them."""
        return credited(speaker_of(self.statement), self.statement)

    @property
    def title(self) -> str:
        """The speaker, kind and certainty, and the beginning of the statement, for fields that hold a title."""
        return title_of(self.statement, self.language)

    @property
    def words(self) -> str:
        """The words cited, and whose they are."""
        return " ".join(cited_words(self.statement, self.language))

    @property
    def quote(self) -> str:
        """The words to be pasted somewhere, a translation or paraphrase marked as one, then who said them, and where."""
        spoken = spoken_as(self.statement)
        speaker = f"{self.author}, {spoken}" if spoken else self.author
        words = cited_words(self.statement, self.language)
        return "\n".join([*words, f"— {speaker}. {qualifier_sentences(self.statement)}", self.address])

    @property
    def keywords(self) -> list[str]:
        """The kind and the certainty, for fields that hold keywords."""
        return [kind_label(self.statement), certainty_label(self.statement["certainty"])]

    @property
    def source_kind(self) -> str:
        """The kind of the source of the first passage."""
        return next((str(passage["source_kind"]) for passage in self.statement["passages"]), "")

    @property
    def place(self) -> str:
        """The source and its paragraphs that are cited."""
        passages = self.statement["passages"]
        if not passages:
            return ""
        numbers = sorted({passage["paragraph"] for passage in passages})
        return f"{plain_name(passages[0]['source'])}, " + ", ".join(f"¶{number}" for number in numbers)

    @property
    def year(self) -> str:
        """The year of the statement or of its event; empty where none is stated for certain."""
        years = {date[:4] for date in exact_span(self.statement["date"])}
        return years.pop() if len(years) == 1 else ""

    @property
    def date_text(self) -> str:
        """The date in words: the year if there is one, else all that is said of it; empty where nothing is."""
        date = self.year or self.statement["date"]
        return date_in_words(date) if date else ""

    @property
    def notes(self) -> str:
        """Kind and certainty, role and whom it was said for, the words, and where they stand: for fields that hold notes."""
        parts = [qualifier_sentences(self.statement), spoken_as(self.statement), self.words, self.place]
        return sentences(parts)

    def as_text(self) -> str:
        """Return the citation as a sentence."""
        spoken = spoken_as(self.statement)
        parts = [f"{self.author}, {spoken}" if spoken else self.author, self.words]
        parts.append(qualifier_sentences(self.statement))
        if self.statement["event"]:
            parts.append(_("At: %s") % plain_name(self.statement["event"]))
        parts += [self.place, capfirst(date_in_words(self.year or self.statement["date"]))]
        parts += [f"{SITE}, {self.statement['id']}", self.address, read_on_in_words(self.read_on)]
        return sentences(parts)

    def as_bibtex(self) -> str:
        """Return a BibTeX entry of type misc with an ASCII key."""
        fields = {
            "author": f"{{{tex(self.author)}}}",
            "title": tex(self.title),
            "howpublished": f"{SITE}, \\url{{{self.address}}}",
            "year": tex(self.date_text if not self.year else self.year),
            "note": tex(f"{self.notes} " + _("Read on %s") % self.read_on.isoformat()),
            "keywords": tex(", ".join(self.keywords)),
            "annote": tex(self.statement["note"]),
            "url": self.address,
            "urldate": self.read_on.isoformat(),
        }
        key = re.sub(r"[^a-z0-9]+", "-", anyascii(speaker_of(self.statement)).lower()).strip("-") or "statement"
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{key}-{self.statement['id']},", *lines, "}", ""])

    def as_ris(self) -> str:
        """Return a RIS record with CRLF line ends."""
        kind = _RIS_TYPES.get(self.source_kind, "GEN")
        rows = [
            ("TY", kind),
            ("AU", self.author),
            ("TI", self.title),
            ("T2", SITE),
            ("PY", self.year),
            ("N1", self.notes if self.year or not self.date_text else f"{self.notes} {self.date_text}."),
            ("N1", self.statement["note"]),
            *[("KW", word) for word in self.keywords],
            ("UR", self.address),
            ("Y2", self.read_on.strftime("%Y/%m/%d")),
            ("ID", self.statement["id"]),
        ]
        lines = [f"{tag}  - {' '.join(storable(value).split())}" for tag, value in rows if value]
        return "\r\n".join([*lines, "ER  - ", ""])

    def as_csl(self) -> list[dict[str, object]]:
        """Return the CSL-JSON item, in a list as the format wants it. CSL has no quotations, so the words are in `note`."""
        day = self.read_on
        item: dict[str, object] = {
            "id": self.statement["id"],
            "type": _CSL_TYPES.get(self.source_kind, "webpage"),
            "title": self.title,
            "author": [{"literal": self.author}],
            "container-title": SITE,
            "genre": ", ".join(self.keywords),
            "keyword": ", ".join(self.keywords),
            "note": self.notes,
            "URL": self.address,
            "accessed": {"date-parts": [[day.year, day.month, day.day]]},
        }
        if self.statement["note"]:
            item["annote"] = self.statement["note"]
        if self.year:
            item["issued"] = {"date-parts": [[int(self.year)]]}
        elif self.date_text:
            item["issued"] = {"literal": self.date_text}
        return [item]


def citation_of_site(address: str, read_on: datetime.date) -> str:
    """Return how to cite the site itself, at this address, as read on a day, in the language that is active."""
    year = date_in_words(str(read_on.year))
    return sentences([SITE, year, address, read_on_in_words(read_on), "CC BY 4.0"])


def read_on_in_words(day: datetime.date) -> str:
    """Return the day of access: "Read on 2026-03-14". In Thai, a date in figures would be taken for one of the Buddhist era."""
    date = day.isoformat()
    return _("Read on %s") % (date if get_language() in (None, "en") else date_in_words(date))


def sentences(parts: list[str]) -> str:
    """Return these parts one behind the other, each with a full stop; empty ones are left out."""
    return " ".join(part if part.endswith((".", "”", "!", "?")) else f"{part}." for part in parts if part)


def tex(text: str) -> str:
    """Escape the characters that TeX would interpret."""
    return "".join(_TEX.get(character, character) for character in " ".join(storable(text).split()))
