"""Makes a text storable that comes out of a file or a clipboard, and says what was changed and what was lost before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.text.characters import TextKind, fault_of

# A decomposed sara am: nikhahit, then sara aa, with the tone before, between or behind. NFC leaves it as it is.
_SARA_AM_APART = re.compile("([่-๋]?)ํ([่-๋]?)า")
_SARA_AM, _THAI = "ำ", re.compile("[\u0e01-\u0e5b]")
_THAI_WITHOUT_SARA_AM = 500  # letters; in Thai prose every hundred and fortieth is one
# What old fonts of Windows call letters and marks that stand lower or further left than usual.
_OLD_THAI = dict(zip(range(0xF700, 0xF71B), "ฐิีึื่้๊๋์่้๊๋์ญัํ็่้๊๋์ฺุู", strict=True))
_OLD_THAI_LETTER = re.compile("[\uf700-\uf71a]")
# Control characters between U+0080 and U+009F are what Windows-1252 becomes when it is taken for ISO 8859-1.
_WINDOWS = {code: character for code in range(0x80, 0xA0) if (character := bytes([code]).decode("cp1252", "ignore"))}
_WINDOWS_LETTER = re.compile("[\x80-\x9f]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_STORED = re.compile(
    "[\0-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
    + "]"
)
_LOST = "\ufffd"


@dataclass
class CleanText:
    """A text as it can be stored."""

    text: str
    changes: list[str] = field(default_factory=list)  # what was done, as sentences
    warnings: list[str] = field(default_factory=list)  # what the text lost before it came here

    def replace(self, pattern: re.Pattern[str], by: str | Callable[[re.Match[str]], str], note: str) -> None:
        """Replace what a pattern matches; if there was anything, note it with the number as `%(count)s`."""
        self.text, count = pattern.subn(by, self.text)
        if count:
            self.changes.append(note % {"count": count})


def clean(text: str) -> CleanText:
    """Return a text that can be stored: NFC, lines that end in LF, no control characters, and Thai as it is written today."""
    outcome = CleanText(text.removeprefix("\ufeff"))
    _warn_of_losses(outcome)
    # Windows' letters before line ends: U+0085 is an ellipsis where others like it are letters.
    if len(set(_WINDOWS_LETTER.findall(outcome.text)) - {"\x85"}):
        outcome.replace(
            _WINDOWS_LETTER,
            lambda match: _WINDOWS.get(ord(match[0]), match[0]),
            _("Letters of Windows-1252 that had become control characters were restored: %(count)s."),
        )
    if "\r" in outcome.text:
        outcome.changes.append(_("Lines that ended in CR or CR LF end in LF now."))
    outcome.text = _LINE_ENDS.sub("\n", outcome.text)
    if _NOT_STORED.search(outcome.text):
        sentence = str(fault_of(outcome.text, TextKind.SOURCE)).partition(". ")[0]
        count = len(_NOT_STORED.findall(outcome.text))
        taken_out = ngettext(
            "%(count)s character that cannot be kept was taken out.",
            "%(count)s characters that cannot be kept were taken out.",
            count,
        ) % {"count": count}
        outcome.text = _NOT_STORED.sub("", outcome.text)
        outcome.changes.append(f"{taken_out} {sentence}.")
    outcome.replace(
        _OLD_THAI_LETTER,
        lambda match: _OLD_THAI[ord(match[0])],
        _("Thai letters of an old font were replaced by those of today: %(count)s."),
    )
    composed = unicodedata.normalize("NFC", outcome.text)
    if composed != outcome.text:
        outcome.changes.append(_("Letters that were taken apart are composed now (NFC)."))
        outcome.text = composed
    outcome.replace(_SARA_AM_APART, rf"\1\2{_SARA_AM}", _("The Thai vowel ำ was put together again %(count)s times."))
    return outcome


def _warn_of_losses(outcome: CleanText) -> None:
    """Say what a text lost on its way, which nobody can restore from it."""
    text = outcome.text
    if "\0" in text and _THAI.search(text):
        outcome.warnings.append(
            _(
                "Thai marks are missing in this text: the file has %(count)s empty places (U+0000) where they stood. Compare it "
                "with the original, or find the article as a web page."
            )
            % {"count": text.count("\0")}
        )
    elif len(_THAI.findall(text)) > _THAI_WITHOUT_SARA_AM and _SARA_AM not in _SARA_AM_APART.sub(_SARA_AM, text):
        outcome.warnings.append(
            _(
                "This long Thai text has not a single ำ, as if a PDF had lost them (น้ำ becomes น้า). Compare it with the "
                "original, or find the article as a web page."
            )
        )
    if count := text.count(_LOST):
        outcome.warnings.append(
            ngettext(
                "%(count)s letter was lost before: where it stood is “�” (U+FFFD).",
                "%(count)s letters were lost before: where they stood is “�” (U+FFFD).",
                count,
            )
            % {"count": count}
        )
