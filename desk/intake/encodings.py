"""Bytes become characters: by their mark, as UTF-8, by what a page says of itself, else by the best guess there is."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_GUESSED_FROM = 50_000  # bytes; more of a text tells no more


def decode(content: bytes, *, is_page: bool = False) -> tuple[str, str]:
    """Return the characters, and the name of the encoding where it was guessed. Raises ValueError if none fits.

    `is_page`: whether it is HTML, which may name its encoding.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding), ""
    if encoding := utf16_without_mark(content):  # Thai in UTF-16 is sound UTF-8 too, of control characters
        return content.decode(encoding, "replace"), ""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        pass
    if is_page and (match := _DECLARED.search(content[:4000])):
        try:
            return content.decode(match[1].decode()), ""
        except (LookupError, UnicodeDecodeError):
            pass
    encoding = _guess(content)
    return content.decode(encoding, "replace"), encoding


def utf16_without_mark(content: bytes) -> str:
    """Return the name of UTF-16 in its order of bytes if every other byte is the high one of Latin or Thai; else nothing."""
    start = content[:4000]
    for encoding, high in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        # Control characters, which no text in another encoding has there. 0x20 is that of dashes and curly quotes, and a blank.
        letters = sum(byte in (0x00, 0x01, 0x0E, 0x1E) for byte in high)
        if len(content) % 2 == 0 and letters > 0.6 * len(high) and letters + high.count(0x20) > 0.95 * len(high):
            return encoding
    return ""


def _guess(content: bytes) -> str:
    from charset_normalizer import from_bytes  # only the process that reads a file needs it

    best = from_bytes(content[:_GUESSED_FROM]).best()
    if best is None:
        raise ValueError("no encoding fits")
    return best.encoding
