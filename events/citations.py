"""A statement as a citation: text, BibTeX, RIS and CSL-JSON, all with the same title, address and date of access."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from anyascii import anyascii
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.text.date_words import date_in_words
from directory.templatetags.record import plain_name

from .titles import speaker_of
from .wordings import printed_beside, wording_to_read

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
    a proven quotation, or a paraphrase that is marked as one.
    """

    statement: Document
    address: str
    read_on: datetime.date
    language: str = "en"

    @property
    def speaker(self) -> str:
        """The name of the speaker, in the language of the citation."""
        return speaker_of(self.statement)

    @property
    def words(self) -> str:
        """The words cited, in quotation marks only if they are printed so."""
        printed = printed_beside(self.statement["wordings"], None)
        if printed:
            return f"“{printed[0]['text']}”"
        reading = wording_to_read(self.statement["wordings"], self.language)
        return _("[paraphrase] %s") % reading["text"] if reading else ""

    @property
    def source_kind(self) -> str:
        """The kind of the source of the first passage."""
        return next((str(passage["source_kind"]) for passage in self.statement["passages"]), "")

    @property
    def title(self) -> str:
        """The speaker and the beginning of the statement, for fields that hold a title."""
        reading = wording_to_read(self.statement["wordings"], self.language)
        return f"{self.speaker}: {Truncator(reading['text']).words(14)}" if reading else self.address

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
        """The year of the statement or of its event; empty where none is stated."""
        year = re.match(r"\d{4}", self.statement["date"])
        return year[0] if year else ""

    def as_text(self) -> str:
        """Return the citation as a sentence."""
        # In Thai, a date in figures would be taken for one of the Buddhist era.
        read_on = self.read_on.isoformat() if self.language == "en" else date_in_words(self.read_on.isoformat())
        parts = [self.speaker, self.words]
        if self.statement["event"]:
            parts.append(_("At: %s") % plain_name(self.statement["event"]))
        parts += [self.place, date_in_words(self.year), f"{SITE}, {self.statement['id']}", self.address]
        parts.append(_("Read on %s") % read_on)
        return " ".join(part if part.endswith((".", "”")) else f"{part}." for part in parts if part)

    def as_bibtex(self) -> str:
        """Return a BibTeX entry of type misc with an ASCII key."""
        fields = {
            "author": f"{{{tex(self.speaker)}}}",
            "title": tex(self.title),
            "howpublished": f"{SITE}, \\url{{{self.address}}}",
            "year": self.year,
            "note": tex(f"{self.words} {self.place}. " + _("Read on %s") % self.read_on.isoformat()),
            "url": self.address,
            "urldate": self.read_on.isoformat(),
        }
        key = re.sub(r"[^a-z0-9]+", "-", anyascii(self.speaker).lower()).strip("-") or "statement"
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
        return "\n".join([f"@misc{{{key}-{self.statement['id']},", *lines, "}", ""])

    def as_ris(self) -> str:
        """Return a RIS record with CRLF line ends."""
        kind = _RIS_TYPES.get(self.source_kind, "GEN")
        rows = [
            ("TY", kind),
            ("AU", self.speaker),
            ("TI", self.title),
            ("T2", SITE),
            ("PY", self.year),
            ("N1", f"{self.words} {self.place}"),
            ("UR", self.address),
            ("Y2", self.read_on.strftime("%Y/%m/%d")),
            ("ID", self.statement["id"]),
        ]
        lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in rows if value]
        return "\r\n".join([*lines, "ER  - ", ""])

    def as_csl(self) -> list[dict[str, object]]:
        """Return the CSL-JSON item, in a list as the format wants it. CSL has no quotations, so the words are in `note`."""
        day = self.read_on
        item: dict[str, object] = {
            "id": self.statement["id"],
            "type": _CSL_TYPES.get(self.source_kind, "webpage"),
            "title": self.title,
            "author": [{"literal": self.speaker}],
            "container-title": SITE,
            "note": f"{self.words} {self.place}".strip(),
            "URL": self.address,
            "accessed": {"date-parts": [[day.year, day.month, day.day]]},
        }
        if self.year:
            item["issued"] = {"date-parts": [[int(self.year)]]}
        return [item]


def tex(text: str) -> str:
    """Escape the characters that TeX would interpret."""
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))
