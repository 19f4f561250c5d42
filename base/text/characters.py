"""Which characters a text may hold: the one rule for models, forms, imports, fixtures and files.

Nowhere allowed are control characters, noncharacters and halves of characters: XML cannot hold them, PostgreSQL stores no
U+0000, and UTF-8 has no halves. In texts of ours nothing stands that nobody sees and that changes how a text compares or reads:
zero width spaces, soft hyphens, tags, and what turns the direction of text. Allowed is what letters and emoji need: joiners in
scripts that join letters, selectors of a form, three flags. What is printed in a source is kept as it is printed.
docs/decisions/020-characters-and-texts.md says why.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass

import regex
from django.utils.translation import gettext as _

from base.text.letters import begins_inside_letter


class TextKind(enum.Enum):
    """What a text is, which decides what it may hold."""

    LINE = "one line of ours: a name, a label, a role"
    LINES = "several lines of ours: a note, a paraphrase"
    WORDS = "words as a source prints them"
    SOURCE = "the whole text of a source"


@dataclass(frozen=True)
class TextFault:
    """What is wrong with a text, as a sentence, and what would be right, as another."""

    wrong: str
    right: str

    def __str__(self) -> str:
        return f"{self.wrong} {self.right}"


_HALVES = "\ud800-\udfff"
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000)
)
# The directions of Unicode: marks, then embeddings, overrides and isolates with what ends them.
_MARKS = "\u061c\u200e\u200f"
_OPENING, _OVERRIDES, _CLOSING = {"\u202a": "\u202c", "\u202b": "\u202c"}, "\u202d\u202e", "\u202c\u2069"
_OPENING |= dict.fromkeys(_OVERRIDES, "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")
_DIRECTIONS = f"{_MARKS}\u202a-\u202e\u2066-\u2069"
# What Unicode calls Default_Ignorable_Code_Point, and the marks of interlinear notes. A test compares it with Unicode.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_CONTROLS = "\0-\x08\x0b-\x1f\x7f-\x9f"  # tab and line feed are looked at by themselves
_IMPOSSIBLE = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff{_HALVES}]")  # what XML 1.0 cannot hold
_NOWHERE = re.compile(f"[{_CONTROLS}{_HALVES}{_NONCHARACTERS}]")
_NOT_IN_LINES = re.compile(f"[{_CONTROLS}{_HALVES}{_NONCHARACTERS}{UNSEEN}\u2028\u2029]")
_NOT_IN_A_LINE = re.compile(f"[\t\n{_CONTROLS}{_HALVES}{_NONCHARACTERS}{UNSEEN}\u2028\u2029]")
_UNSEEN = re.compile(f"[{UNSEEN}]")
# Marks and letters without a shape, which `str.isprintable` takes for printable.
_UNSEEN_THOUGH_PRINTABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_DIRECTED = re.compile(f"[{_DIRECTIONS}]")
_SEEN = re.compile(
    rf"[^\s\u2800{UNSEEN}{_CONTROLS}{_HALVES}{_NONCHARACTERS}]"
)  # U+2800 is a pattern of Braille without dots
_BLANKS = " \t\r\n\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_LINE_ENDS = re.compile("\r\n?")

# Where characters that nobody sees belong. Joiners: in scripts whose letters join, after one of these letters.
_JOINING = "".join(
    rf"\p{{Script={script}}}"
    for script in (
        *(
            "Arabic",
            "Syriac",
            "Mongolian",
            "Nko",
            "Mandaic",
            "Devanagari",
            "Bengali",
            "Gurmukhi",
            "Gujarati",
            "Oriya",
            "Tamil",
        ),
        *("Telugu", "Kannada", "Malayalam", "Sinhala", "Khmer", "Myanmar", "Tibetan", "Javanese", "Balinese"),
    )
)
_FLAGS = "|".join("".join(chr(0xE0000 + ord(letter)) for letter in name) for name in ("gbeng", "gbsct", "gbwls"))
_SKIN = "[\ufe0f\U0001f3fb-\U0001f3ff]?"
_RIGHT_USE = regex.compile(
    rf"\U0001f3f4(?:{_FLAGS})\U000e007f"
    rf"|\p{{Extended_Pictographic}}{_SKIN}(?:\u200d\p{{Extended_Pictographic}}{_SKIN})+"
    r"|\p{Extended_Pictographic}[\ufe0e\ufe0f]|[0-9#*]\ufe0f\u20e3"
    rf"|(?<=[{_JOINING}])[\u200c\u200d]"
    r"|(?<=\p{Han})[\ufe00-\ufe02\U000e0100-\U000e01ef]"
    r"|(?<=\p{Script=Mongolian})[\u180b-\u180f]|(?<=\p{Script=Myanmar})\ufe00"
)
_DESCRIBED = 8  # characters that a message describes one by one
_BEFORE = 12  # characters of the text that a message shows before the place it means


def is_seen(text: str) -> bool:
    """Return whether a reader sees anything of this text."""
    return _SEEN.search(text) is not None


def tidied(text: str, kind: TextKind) -> str:
    """Return a text of ours in the form in which it is kept: NFC, lines that end in LF, nothing for blanks alone.

    Words as printed only lose the line ends of forms, which send CR LF; the text of a source stays as it is.
    """
    if kind is TextKind.SOURCE or (text.isascii() and text.isprintable() and not text.isspace()):
        return text
    text = _LINE_ENDS.sub("\n", text)
    if kind is TextKind.WORDS:
        return text
    return "" if text.isspace() and not _NOWHERE.search(text) else unicodedata.normalize("NFC", text)


def stripped(text: str) -> str:
    """Return a text without blanks at its ends. `str.strip` would take control characters off too, and nobody would be told."""
    return text.strip(_BLANKS)


def fault_of(text: str, kind: TextKind, *, required: bool = False) -> TextFault | None:
    """Return the first thing that is wrong with a text, or None. `required`: whether somebody has to see something of it.

    The cost grows with the length alone.
    """
    if text.isprintable() and not _UNSEEN_THOUGH_PRINTABLE.search(text):  # as nearly all texts are: no more to look for
        if required and text and not is_seen(text):
            return _unseen_whole()
        return _begin_of_words(text) if kind is TextKind.WORDS else None
    if match := _NOWHERE.search(text):
        return _fault_at(text, match.start(), kind)
    if required and text and not is_seen(text):
        return _unseen_whole()
    if kind in (TextKind.LINE, TextKind.LINES):
        wrong = _NOT_IN_A_LINE if kind is TextKind.LINE else _NOT_IN_LINES
        if wrong.search(text) is None:
            return None
        right = {place for use in _RIGHT_USE.finditer(text) for place in range(*use.span())}
        places = (unseen.start() for unseen in wrong.finditer(text) if unseen.start() not in right)
        place = next(places, None)
        return None if place is None else _fault_at(text, place, kind)
    if kind is TextKind.WORDS:
        if (place := _open_direction(text)) is not None:
            return _fault_at(text, place, TextKind.LINES)
        return _begin_of_words(text)
    return None


def without_unseen(text: str) -> str:
    """Return a text in NFC and without what nobody sees, for comparing a text of ours with one that is printed."""
    return text if text.isascii() else unicodedata.normalize("NFC", _UNSEEN.sub("", text))


def storable(text: str) -> str:
    """Return a text without what XML cannot hold, for a writer that must not fail whatever stands in the database."""
    return text if text.isprintable() else _IMPOSSIBLE.sub("", text)


def legible(text: str) -> str:
    """Return a text with U+FFFD in place of what cannot be stored, for a message about it."""
    return text if text.isprintable() else _NOWHERE.sub("\ufffd", text)


def described(characters: str) -> str:
    """Return characters as a curator can tell them apart: “’” (U+2019 RIGHT SINGLE QUOTATION MARK)."""
    if len(characters) > 1 and characters.isascii() and characters.isprintable():
        return f"“{characters}”"
    some = characters[:_DESCRIBED]
    codes = " ".join(
        [*(f"U+{ord(character):04X}" for character in some), *(["…"] if len(characters) > len(some) else [])]
    )
    name = unicodedata.name(characters, "") if len(characters) == 1 else ""
    shown = f"“{legible(some)}” " if is_seen(some) else ""
    return f"{shown}({f'{codes} {name}'.strip()})"


def _unseen_whole() -> TextFault:
    return TextFault(_("It holds nothing that can be seen."), _("Write the text."))


def _begin_of_words(words: str) -> TextFault | None:
    if not begins_inside_letter(words):
        return None
    sentence = _("It begins inside a letter, with %(sign)s.") % {"sign": described(words[0])}
    return TextFault(sentence, _("Copy the letter whole."))


def _open_direction(words: str) -> int | None:
    """Return where words turn the direction of what stands around them, or order their own letters otherwise than printed."""
    if not _DIRECTED.search(words):
        return None
    awaited: list[tuple[str, int]] = []
    for match in _DIRECTED.finditer(words):
        sign = match[0]
        if sign in _OVERRIDES:
            return match.start()
        if sign in _OPENING:
            awaited.append((_OPENING[sign], match.start()))
        elif sign in _CLOSING and (not awaited or awaited.pop()[0] != sign):
            return match.start()
    return awaited[0][1] if awaited else None


def _place_of(text: str, place: int, kind: TextKind) -> str:
    """Return a place in words: the character by its number from 1, in a longer text with its line, and what stands before it."""
    line = text.count("\n", 0, place) + 1
    begin = text.rfind("\n", 0, place) + 1
    before = legible(_UNSEEN.sub("", text[max(begin, place - _BEFORE) : place])).strip()
    values = {"number": place - begin + 1, "line": line, "before": before}
    if kind is TextKind.LINE or "\n" not in text:
        values["number"] = place + 1
        return (_("at character %(number)s, after “%(before)s”") if before else _("at character %(number)s")) % values
    if before:
        return _("in line %(line)s at character %(number)s, after “%(before)s”") % values
    return _("in line %(line)s at character %(number)s") % values


def _fault_at(text: str, place: int, kind: TextKind) -> TextFault:
    """Return what is wrong with the character at this place."""
    character = text[place]
    values = {
        "code": f"{ord(character):04X}",
        "name": unicodedata.name(character, "").lower(),
        "place": _place_of(text, place, kind),
    }
    take_out = _("Take it out.")
    category = unicodedata.category(character)
    if character in "\n\r\u2028\u2029" and kind is TextKind.LINE:
        return TextFault(_("It holds a line break %(place)s.") % values, _("Write it in one line."))
    if character == "\t":
        return TextFault(_("It holds a tab %(place)s.") % values, _("Write a blank instead."))
    if character in "\u2028\u2029":
        wrong = _("It holds a %(name)s (U+%(code)s) %(place)s, which few programs take for the end of a line.") % values
        return TextFault(wrong, _("Write a line break instead."))
    if category == "Cc":
        return TextFault(
            _("It holds a control character (U+%(code)s) %(place)s, which cannot be kept.") % values, take_out
        )
    if category == "Cs":
        wrong = _("It holds half a character (U+%(code)s) %(place)s, which cannot be kept.") % values
        return TextFault(wrong, _("Save it as UTF-8."))
    if _DIRECTED.match(character):
        wrong = (
            _("It holds a %(name)s (U+%(code)s) %(place)s, which nobody sees and which turns the direction of text.")
            % values
        )
        return TextFault(wrong, _("Take it out; browsers find the direction by themselves."))
    if re.match(f"[{_NONCHARACTERS}]", character):
        return TextFault(_("It holds U+%(code)s %(place)s, which is no character.") % values, take_out)
    wrong = _("It holds a %(name)s (U+%(code)s) %(place)s, which nobody sees.") % values
    return TextFault(wrong, take_out)
