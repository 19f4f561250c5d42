"""What a file is that was expected to be text: a sentence for whoever handed it in."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

HEAD = 4096  # bytes that tell

_SIGNS = (
    (b"PK\x03\x04", _("a workbook or an archive (.xlsx, .ods, .docx, .zip)")),
    (b"\xd0\xcf\x11\xe0", _("an old workbook or document (.xls, .doc)")),
    (b"%PDF", _("a PDF")),
    (b"\x1f\x8b", _("compressed (.gz)")),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def kind_of_binary(head: bytes) -> str:
    """Return what a file is by its first bytes, if it is no text in UTF-8; empty if it may be such a text.

    The words are English, for `gettext` to translate.
    """
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return kind
    zeros = head.count(0)
    # Every other byte of Latin text in UTF-16 is zero.
    if zeros > len(head) // 4 and zeros in (head[1::2].count(0), head[::2].count(0)):
        return "UTF-16"
    # A single one in a text is a slip, which the report names with its line.
    return _("no text") if sum(byte < 9 or 13 < byte < 32 for byte in head) > max(8, len(head) // 20) else ""
