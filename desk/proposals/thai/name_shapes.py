"""What a Thai name looks like, and what stands beside one: shared by every way in which names are found."""

from __future__ import annotations

import re
from functools import cached_property

from desk.proposals.article import COVER, COVER_CLOSE, COVER_OPEN, Article
from desk.proposals.proposal import Span
from desk.proposals.rules import alternatives
from desk.proposals.thai.text import THAI, cut_name, thai_chunk

LATIN_NAME = re.compile(r"(?<!\w)[A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30}){1,3}(?!\w)")
LONGEST_PART = 22  # characters of a given name or a surname
_FOREIGN_PARTS = (6, 5, 8)  # characters of the parts of a foreign name of three: เหงียน ดึ๊ก ถ่วน
_SHORT_PART = 8  # characters of the last of them
_LATIN_SURNAME = re.compile(rf"[A-Z][a-z’'-]+(?:-[A-Z{THAI}][a-z{THAI}]*)?(?![\w{THAI}])")
_SURNAME = 14  # characters of a surname that begins as a verb does
_HEAD = 24  # characters before a name that are looked at
# Words that surnames hold: แสงเดือน and ศรีเมือง.
_IN_SURNAMES = frozenset(["เดือน", "เมือง", "บ้าน", "เย็น", "เช้า", "สอง", "ปี"])


class ThaiNameShapes:
    """Patterns of one article; every look is bounded."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered

    @cached_property
    def titles(self) -> str:
        """A regular expression for any title."""
        return alternatives(self.rules.names_title)

    @cached_property
    def roles(self) -> str:
        """A regular expression for any word for a role."""
        return alternatives(self.rules.roles_word)

    @cached_property
    def common_inside(self) -> tuple[str, ...]:
        """Words that neither given names nor surnames hold."""
        return tuple(word for word in self.rules.names_common if word not in _IN_SURNAMES)

    @cached_property
    def begins_other(self) -> re.Pattern[str]:
        """What begins a chunk that is no surname: a role, a verb of speech, a word that ends a name."""
        rules = self.rules
        words = [
            *rules.roles_word,
            *rules.speech_say,
            *rules.speech_quote,
            *rules.names_end,
            *rules.organizations_word,
            *rules.speech_between,
            *rules.speech_end,
            *rules.names_kin,
            *rules.names_alias,
            *(title for title in rules.names_title if title not in rules.names_loose),
            *rules.names_loose,
        ]
        return re.compile(
            alternatives([word for word in words if len(word) > 2 and word not in ("ปู่", "ย่า", "พระ")])
            + "|ผู้|(?:มอง|เห็น|เชื่อ|รับ|คาด|ชี้)ว่า|วัย|ว่า(?![ก-ฮ])"
        )

    @cached_property
    def cue_behind(self) -> re.Pattern[str]:
        """A verb of speech behind a name."""
        rules = self.rules
        verbs = alternatives([*rules.speech_say, *rules.speech_quote, *(f"{word}ว่า" for word in rules.speech_state)])
        return re.compile(rf" ?(?:{alternatives(rules.speech_between)} ?)*{verbs}")

    @cached_property
    def speaks_later(self) -> re.Pattern[str]:
        """A verb of speech with ว่า behind a name and a few words that say who that is, or what that one does."""
        rules = self.rules
        verbs = alternatives([*rules.speech_say, *rules.speech_quote, *rules.speech_state])
        that = alternatives(rules.speech_that)
        return re.compile(
            rf"(?: [^\n{COVER_OPEN}{COVER}{COVER_CLOSE}]{{0,70}}?|)(?<!ดัง){verbs}[{THAI} ]{{0,16}}?{that}"
        )

    @cached_property
    def role_behind(self) -> re.Pattern[str]:
        """A role, an age or a bracket behind a name."""
        return re.compile(rf" ?(?:\(|(?:{self.roles})|วัย ?\d|อายุ|จาก(?:มหาวิทยาลัย|สถาบัน|คณะ|บริษัท))")

    @cached_property
    def _edge_before(self) -> re.Pattern[str]:
        """What may stand right before a name: a blank, a mark, or a word that parts it from the words before."""
        rules = self.rules
        words = alternatives(
            [*rules.names_before, *rules.speech_end, *rules.speech_adding, *rules.names_loose, *rules.names_kin]
        )
        return re.compile(rf"(?:^|[\s(\[,:;/“‘\"'{COVER}{COVER_CLOSE}-]|{words})$")

    @cached_property
    def _edge_behind(self) -> re.Pattern[str]:
        """What may stand right behind a name: a blank, a mark, or a word that ends it."""
        rules = self.rules
        words = alternatives(
            [
                *rules.speech_say,
                *rules.speech_quote,
                *rules.speech_state,
                *rules.speech_between,
                *rules.names_end,
                *rules.names_doing,
            ]
        )
        return re.compile(rf"$|[\s)\],:;/”’\"'{COVER_OPEN}-]|{words}")

    def stands_alone(self, begin: int, end: int) -> bool:
        """Whether a short name at this place is a word of its own and no part of another."""
        head = self.covered[max(0, begin - _HEAD) : begin]
        return bool(self._edge_before.search(head) and self._edge_behind.match(self.covered, end))

    def name_at(self, begin: int, *, must_have_surname: bool) -> Span | None:
        """Return the span of a name that begins here: a given name, and the surname behind a blank if there is one."""
        latin = LATIN_NAME.match(self.covered, begin, begin + 80)
        if latin:
            return latin.span()
        chunk = thai_chunk(self.covered, begin)
        end = cut_name(self.covered, begin, chunk)
        if not 2 <= end - begin <= LONGEST_PART:
            return None
        if end < chunk:
            return None if must_have_surname else (begin, end)
        parts, last = 1, end
        while parts < 4 and self.covered[last : last + 1] == " ":
            start = last + 1
            latin = _LATIN_SURNAME.match(self.covered, start) if parts == 1 and not must_have_surname else None
            if latin:
                return begin, latin.end()
            if parts == 1 and self.covered.startswith("ณ ", start):
                start += 2  # ณ อยุธยา
            stop = thai_chunk(self.covered, start)
            is_abbreviation = self.covered[stop : stop + 1] == "."
            if stop - start < 2 or is_abbreviation or self._is_other(start, stop):
                break
            cut = cut_name(self.covered, start, stop)
            if cut - start > LONGEST_PART or cut - start < 2:
                break
            if parts >= 2 and not self._is_foreign(begin, start, cut):
                break
            last = cut
            parts += 1
            if cut < stop:
                break
        if must_have_surname and parts < 2:
            return None
        return begin, last

    def _is_other(self, start: int, stop: int) -> bool:
        """Whether a chunk is no surname. One that begins as a verb is one if a role or a verb of speech follows: เกิดสมุทร."""
        other = self.begins_other.match(self.covered, start)
        if other is None:
            return False
        is_verb = other[0] in self.rules.names_end and other[0] not in self.rules.speech_say
        follows = self.role_behind.match(self.covered, stop) or self.cue_behind.match(self.covered, stop)
        return not (is_verb and 4 < stop - start <= _SURNAME and other.end() < stop and follows)

    def _is_foreign(self, begin: int, start: int, cut: int) -> bool:
        """Whether a third part belongs to a name, as in โง เฟือง ลาน."""
        third = self.covered[start:cut]
        return (
            len(third) <= _SHORT_PART
            and all(
                len(part) <= most for part, most in zip(self.covered[begin:start].split(), _FOREIGN_PARTS, strict=False)
            )
            and not third.startswith(self.rules.roles_describing)
            and not any(word in third for word in self.rules.names_common)
        )

    def is_phrase(self, parts: list[str]) -> bool:
        """Whether words are those of a sentence rather than a given name and a surname."""
        return parts[0].startswith(self.rules.names_common) or any(
            len(part) > 16 or any(common in part for common in self.common_inside) for part in parts
        )

    def is_body(self, begin: int, parts: list[str]) -> bool:
        """Whether two words are those of a body: บริษัท น้ำใส จำกัด, มังกรท่า เอฟซี."""
        head = self.covered[max(0, begin - _HEAD) : begin]
        return any(part in self.rules.organizations_kind for part in parts) or bool(
            re.search(rf"{alternatives(self.rules.organizations_word)} $", head)
        )
