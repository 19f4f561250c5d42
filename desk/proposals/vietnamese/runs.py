"""Capitalised words in Vietnamese: which are syllables of the language, and where a name begins behind a role."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from desk.proposals.rules import Rules, alternatives

_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_VOWELS = (
    "a ă â e ê i o ô ơ u ư y ai ao au ay âu ây eo êu ia iê iêu iu oa oă oai oao oay oe oeo oi oo ôi ơi ua uâ uây uê ui"
    " uô uôi uơ uy uya uyê uyu ưa ưi ươ ươi ươu ưu yê yêu"
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|qu|kh|ph|th|tr|ch|nh|[bcdđghklmnpqrstvx])?"
    + alternatives(_VOWELS.split())
    + r"(?:ng|nh|ch|[cmnpt])?"
)
UPPER = "".join(char for char in map(chr, range(0x41, 0x1EFA)) if char.isupper() and not "\u0250" < char < "\u1e9f")
# A comma or a dash inside the name of a body: “Phòng, chống thiên tai”, “Văn hóa, Thể thao và Du lịch”, “Lao động - Thương binh”.
_WORDS = rf"[{UPPER}]\w+(?: [^\W\d{UPPER}]\w*)?"
INSIDE_BODY = re.compile(rf", (?=chống \w)|, (?=(?:{_WORDS}, )?{_WORDS} và [{UPPER}])| [-–] (?={_WORDS} và [{UPPER}])")
_COMMON = 16  # so many family names at the beginning of the list are the most frequent ones
_MOST_WORDS = 5  # of a Vietnamese name
_MOST_BETWEEN = 14  # words of a role and its body, between the noun and the name
_BEFORE = 140  # characters before a name in which its role may begin
_MARKS = re.compile(r"[.,;:!?()\n\ue000-\ue002–—]")


@lru_cache(maxsize=4_096)
def is_vietnamese(word: str) -> bool:
    """Whether a word is built as a Vietnamese syllable; “Odile” and “Seo-jin” are not."""
    plain = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word.casefold()).translate(_TONES))
    return _SYLLABLE.fullmatch(plain) is not None


def is_foreign_name(words: Sequence[str]) -> bool:
    """Whether capitalised words look like the name of somebody from abroad: no sign of Vietnamese, no abbreviation."""
    return (
        2 <= len(words) <= 4
        and any(not is_vietnamese(word) for word in words)
        and all(word.isascii() or not is_vietnamese(word) for word in words)
        and not any(word.isupper() and len(word) > 1 for word in words)
    )


def is_common_family(word: str, rules: Rules) -> bool:
    """Whether a word is one of the most frequent family names."""
    return word in rules.names_family[:_COMMON]


def without_country(words: Sequence[str], rules: Rules) -> int:
    """Return how many words at the beginning are a country: “Hàn Quốc” in “Hàn Quốc Han Seo-jin”."""
    for number in (3, 2, 1):
        is_country = len(words) > number and " ".join(words[:number]) in rules.names_country
        if is_country and (number > 1 or is_foreign_name(words[1:])):  # “Mỹ” begins places at home too
            return number
    return 0


def person_start(words: Sequence[str], rules: Rules) -> int | None:
    """Return with which of some capitalised words behind a role the name of a person begins; None if none ends them.

    In “Mỹ Long Võ Thanh Tòng” it is the third.
    """
    country = without_country(words, rules)
    for first in range(country, len(words) - 1):
        tail = words[first:]
        if is_foreign_name(tail):
            return len(words) - 2 if first == 0 and len(tail) > 3 else first
    best, start = 0.0, None
    for first in range(max(0, len(words) - _MOST_WORDS), len(words) - 1):
        tail = words[first:]
        if tail[0] not in rules.names_family:
            continue
        score = {2: 1.0, 3: 3.0, 4: 2.5}.get(len(tail), 0.5)
        score += 2 if tail[1] in ("Thị", "Văn") else 0
        score += 1.5 if is_common_family(tail[0], rules) else 0
        score += 1 if len(tail) == 4 and is_common_family(tail[1], rules) else 0  # “Trần Lê Hoài Phong”
        score += 0.5 if first in (0, 2) else -1 if first == 1 else 0
        if score > best:
            best, start = score, first
    return start if best >= 2 else None


class RolePhrases:
    """Says where a name stands behind a role and its body: “Giám đốc Sở Giáo dục và Đào tạo tỉnh Hưng Sơn”."""

    def __init__(self, covered: str, rules: Rules) -> None:
        self.covered = covered
        self._noun = re.compile(rf"(?<!\w){alternatives([*rules.roles_word])}(?!\w)", re.IGNORECASE)
        self._rank = re.compile(rf"(?<!\w)(?:{alternatives(rules.roles_before)} )+$", re.IGNORECASE)
        cues = [*rules.speech_say, *rules.speech_ask, *rules.speech_quote, *rules.roles_stop]
        self._stop = re.compile(rf"(?<!\w){alternatives(cues)}(?!\w)")
        self._never = re.compile(rf"(?<!\w){alternatives(rules.speech_never)}(?!\w)")

    def noun_at(self, place: int) -> re.Match[str] | None:
        """Return the noun of a role that begins at a place."""
        return self._noun.match(self.covered, place)

    def start_before(self, place: int) -> int | None:
        """Return where the role before a place begins, “Phó” and “nguyên” included; None if none stands there."""
        noun = self.noun_before(place)
        if noun is None:
            return None
        start = place - len(noun.string) + noun.start()
        ranks = self._rank.search(self.covered[max(0, start - 24) : start])
        return start - len(ranks[0]) if ranks else start

    def noun_before(self, place: int) -> re.Match[str] | None:
        """Return the noun of the role that stands before a place with nothing but its body between them."""
        begin = max(0, place - _BEFORE)
        text = self.covered[begin:place]
        inside = {one.start() for one in INSIDE_BODY.finditer(text)}
        marks = [one.end() for one in _MARKS.finditer(text) if not {one.start(), one.start() - 1} & inside]
        open_from = marks[-1] if marks else 0
        nouns = list(self._noun.finditer(text, open_from))
        if not nouns:
            return None
        between = text[nouns[0].end() :]
        if len(between.split()) > _MOST_BETWEEN:
            return None
        allowed = [one.span() for one in self._never.finditer(between)]
        if any(not any(begin <= one.start() < end for begin, end in allowed) for one in self._stop.finditer(between)):
            return None
        return None if self._is_apposition(text[: nouns[0].start()]) else nouns[0]

    @staticmethod
    def _is_apposition(before: str) -> bool:
        """Whether a role stands behind a name already: “ông Đoàn Khắc Vịnh, ”."""
        match = re.search(r"([^\s,(]+)(?: \([^)]*\)?)?(?:, | - | – | \()(?:[^\W\d_]+ ){0,2}$", before)
        return bool(match) and match is not None and (match[1][0].isupper() or match[1] == "tuổi")
