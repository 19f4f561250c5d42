"""The text of a source on its way in: bytes become characters, and what editors put round a text is taken off and told."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from base.records.provenance import sha256_of
from base.text.characters import TextKind, fault_of
from base.text.files import HEAD, kind_of_binary
from directory.models import Source
from directory.models.sources import paragraph_spans

BYTE_ORDER_MARK = "\ufeff"
_UTF_32 = (b"\xff\xfe\0\0", b"\0\0\xfe\xff")
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_HIGH_BYTES = re.compile(b"[\x80-\xff]{3,}")
_LOOKED_AT = 4_000  # bytes by which an encoding is guessed


class UnreadableText(ValueError):
    """Bytes or characters that cannot be the text of a source; the message says why, and what would be right."""


@dataclass(frozen=True)
class ReadText:
    """A text as it is stored, and a sentence for each thing that was taken off the file."""

    text: str
    changes: list[str]


def decoded(content: bytes, name: str) -> str:
    """Return the characters of a file, line ends and byte order mark included. Raises UnreadableText; `name` is in its message."""
    encoding = _other_encoding(content)
    kind = "" if encoding else kind_of_binary(content[:HEAD])
    if kind and not kind.startswith("UTF-"):
        right = _("Save it as plain text in UTF-8.")
        raise UnreadableText(_("%(file)s is %(kind)s. %(right)s") % {"file": name, "kind": _(kind), "right": right})
    try:
        if encoding.startswith("UTF-"):
            wrong = _("%(file)s is not UTF-8.") % {"file": name}
        else:
            return content.decode()
    except UnicodeDecodeError as error:
        wrong = _("%(file)s is not UTF-8: byte %(byte)s cannot be decoded (0x%(value)02X in line %(line)s).") % {
            "file": name,
            "byte": error.start,
            "value": content[error.start],
            "line": content.count(b"\n", 0, error.start) + 1,
        }
    looks = _("It looks like %(encoding)s.") % {"encoding": encoding} if encoding else ""
    raise UnreadableText(" ".join(filter(None, [wrong, looks, _("Save it as UTF-8.")])))


def _other_encoding(content: bytes) -> str:
    """Return the encoding that a file seems to have; empty if it may be UTF-8, or nothing tells."""
    if content.startswith(_UTF_32):
        return "UTF-32"
    start = content[:_LOOKED_AT]
    if content.startswith(_UTF_16) or max(start[::2].count(0), start[1::2].count(0)) > max(1, len(start) // 8):
        return "UTF-16"
    words = b"".join(_HIGH_BYTES.findall(start))  # in Western encodings, letters with marks hardly ever stand together
    thai = sum("\u0e00" < letter < "\u0e7f" for letter in words.decode("cp874", "replace"))
    return "Windows-874 (Thai)" if words and thai > 0.9 * len(words) else ""


def without_wrapping(text: str) -> ReadText:
    """Return a text without byte order mark and with lines that end in LF, and what was changed."""
    changes = []
    if text.startswith(BYTE_ORDER_MARK):
        text = text.removeprefix(BYTE_ORDER_MARK)
        changes.append(_("A byte order mark (U+FEFF) at the beginning was taken off."))
    if "\r" in text:
        changes.append(_("Lines that ended in CR or CR LF end in LF now."))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return ReadText(text, changes)


def accepted(text: str, known_sha256: str = "") -> ReadText:
    """Return the text as it is to be stored. Raises UnreadableText for characters that cannot be, and for blanks alone.

    A text with this SHA-256 is taken as it is: it is the one that passages were read from, whatever is round it.
    """
    if known_sha256 and sha256_of(text) == known_sha256:
        return ReadText(text, [])
    read = without_wrapping(text)
    if fault := fault_of(read.text, TextKind.SOURCE, required=True):
        raise UnreadableText(str(fault))
    return read


def store_text(source: Source, text: str) -> None:
    """Give a source its text, with hash, length and paragraphs. Nothing is saved yet."""
    source.text, source.sha256, source.length = text, sha256_of(text), len(text)
    source.paragraphs = paragraph_spans(text)
