"""What of a text an XML file can hold."""

from __future__ import annotations

import re

# XML 1.0 has no place for most control characters, halves of surrogate pairs, U+FFFE and U+FFFF, not even escaped.
_FOREIGN_TO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return a text without the characters that no XML file may hold."""
    return _FOREIGN_TO_XML.sub("", text)
