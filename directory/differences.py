"""Why a text is not the one that a source was measured by: what an editor does to files, a shift, or another text altogether."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from base.records.provenance import sha256_of

from .models import Source
from .source_texts import BYTE_ORDER_MARK

_SEARCHED = 200_000  # characters of a text in which one passage is looked for at every place


@dataclass(frozen=True)
class Cause:
    """Why a text differs, in a sentence. `explains_all`: whether all failures follow from it."""

    sentence: str
    explains_all: bool


def cause_of_difference(source: Source, text: str) -> Cause | None:
    """Return why a text is not that of the source, as far as that can be told; None if it is. One query."""
    if sha256_of(text) == source.sha256:
        return None
    for names, other in _variants(text):
        if len(other) == source.length and sha256_of(other) == source.sha256:
            return Cause(_("It is the text of this source but for this: %s.") % ", ".join(names), explains_all=True)
    return _shift(source, text) or Cause(_("It is another text."), explains_all=False)


def _variants(text: str) -> Iterator[tuple[list[str], str]]:
    """Yield what the text may have been before an editor saved it, with the names of what the editor did."""
    begins = [("", text)]
    if text.startswith(BYTE_ORDER_MARK):
        begins.append((_("a byte order mark (U+FEFF) at the beginning"), text.removeprefix(BYTE_ORDER_MARK)))
    else:
        begins.append((_("no byte order mark (U+FEFF) at the beginning"), BYTE_ORDER_MARK + text))
    for begin, whole in begins:
        lines = [("", whole)]
        if "\r" in whole:
            ends_in_lf = whole.replace("\r\n", "\n").replace("\r", "\n")
            lines.append((_("lines that end in CR LF") if "\r\n" in whole else _("lines that end in CR"), ends_in_lf))
        else:
            lines.append((_("lines that end in LF, not in CR LF"), whole.replace("\n", "\r\n")))
        for ends, other in lines:
            forms = [("", other)]
            for name, form in ((_("letters taken apart (NFD)"), "NFC"), (_("composed letters (NFC)"), "NFD")):
                if (normal := unicodedata.normalize(form, other)) != other:  # type: ignore[arg-type]
                    forms.append((name, normal))
            for form, normal in forms:
                end = "\r\n" if "\r\n" in normal else "\n"
                yield from (
                    ([name for name in (begin, ends, form, tail) if name], last)
                    for tail, last in (
                        ("", normal),
                        (_("a line end at the end"), normal.removesuffix(end)),
                        (_("line ends or blanks at the end"), normal.rstrip()),
                        (_("no line end at the end"), normal + end),
                        (_("line ends or blanks at the end"), normal.rstrip() + end),
                    )
                )


def _shift(source: Source, text: str) -> Cause | None:
    """Return how far the passages of a source are moved in this text, or that none of them is in it."""
    passages = list(source.passages.order_by("start").values_list("paragraph", "start", "end", "sha256"))
    if not passages:
        return None

    def moved_by(shift: int) -> set[int]:
        return {
            number
            for number, (_paragraph, start, end, digest) in enumerate(passages)
            if start + shift >= 0 and sha256_of(text[start + shift : end + shift]) == digest
        }

    kept = moved_by(0)
    values: dict[str, int] = {"kept": len(kept), "count": len(passages)}
    if len(kept) == len(passages):
        return Cause(_("All %(count)s passages are in it; it differs between them.") % values, explains_all=False)
    shift = len(text) - source.length
    missing = [passages[number] for number in range(len(passages)) if number not in kept]
    if not shift or not moved_by(shift):
        shift = _place_of(missing, text)
    moved = moved_by(shift) if shift else set()
    values |= {"moved": len(moved), "shift": abs(shift)}
    if not moved:
        if kept:
            sentence = _("%(kept)s of %(count)s passages are in it; the others read otherwise.")
        else:
            sentence = _("It is another text: none of the %(count)s passages is in it.")
        return Cause(sentence % values, explains_all=not kept)
    values["paragraph"] = passages[min(moved)][0]
    if shift > 0:
        sentence = _("From paragraph %(paragraph)s on every start is higher by %(shift)s: something was added before.")
    else:
        sentence = _(
            "From paragraph %(paragraph)s on every start is lower by %(shift)s: something was taken out before."
        )
    return Cause(sentence % values, explains_all=len(moved | kept) == len(passages))


def _place_of(passages: list[tuple[int, int, int, str]], text: str) -> int:
    """Return how far one of these passages is moved, found by its SHA-256 at every place of the text; 0 if it is not there."""
    _paragraph, start, end, digest = min(passages, key=lambda passage: abs(passage[2] - passage[1] - 30))
    length = end - start
    for place in range(min(len(text), _SEARCHED) - length + 1):
        if sha256_of(text[place : place + length]) == digest:
            return place - start
    return 0
