"""Where a name or a title must not be broken into two lines.

Browsers break Thai by a dictionary of their own, which cuts compounds and loanwords in two, and take a plain space before ๆ or
a dash for a place to break. No character is added: a name stays as it is spelled when somebody copies it, except that a space
before ๆ or a dash becomes a no-break space.
"""

from __future__ import annotations

import re
from functools import lru_cache

from base.text.letters import clusters

NO_BREAK_SPACE = "\u00a0"
LONGEST_RUN = 24  # letters of Thai without a space that a narrow screen has room for
_FIRM_SPACE = re.compile(r"(?<=\S) (?=ๆ|[-–—] )")
_THAI_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2,}")
# Compounds and loanwords that browsers cut, where a run of Thai is too long to be kept together.
_WORDS = re.compile(
    "|".join(
        sorted(
            [
                *("ปัญญาประดิษฐ์", "อัตลักษณ์", "เอกลักษณ์", "ภาพยนตร์", "อุตสาหกรรม", "มหาวิทยาลัย", "สหประชาชาติ", "เทคโนโลยี"),
                *("ฮาร์วาร์ด", "โคลัมเบีย", "แมสซาชูเซตส์", "บอสตัน", "ฮอลลีวูด", "อินเทอร์เน็ต", "ดิจิทัล", "แพลตฟอร์ม"),
                *("เวียดนาม", "สหรัฐอเมริกา", "สหรัฐ", "กรุงเทพฯ", "วอชิงตัน", "นิวยอร์ก", "แคลิฟอร์เนีย", "โตรอนโต"),
            ],
            key=len,
            reverse=True,
        )
    )
)


def with_firm_spaces(text: str) -> str:
    """Return the text with a no-break space before every ๆ and before every dash between spaces."""
    return _FIRM_SPACE.sub(NO_BREAK_SPACE, text) if " " in text else text


@lru_cache(maxsize=4096)
def unbroken_parts(text: str) -> tuple[tuple[bool, str], ...]:
    """Cut a name and return (whether it must stay on one line, the part) in order; no character is lost.

    Kept together are Thai words without a space between them, or, where they are too long for that, the known ones among them.
    """
    parts: list[tuple[bool, str]] = []
    at = 0
    for start, end in _firm_spans(text):
        if start > at:
            parts.append((False, text[at:start]))
        parts.append((True, text[start:end]))
        at = end
    if at < len(text) or not parts:
        parts.append((False, text[at:]))
    return tuple(parts)


def _firm_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for run in _THAI_RUN.finditer(text):
        if len(clusters(run[0])) <= LONGEST_RUN:
            spans.append(run.span())
        else:
            spans += [(run.start() + word.start(), run.start() + word.end()) for word in _WORDS.finditer(run[0])]
    return spans
