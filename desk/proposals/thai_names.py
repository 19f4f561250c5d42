"""Names of people and bodies in Thai, which marks no names: titles, two words with a blank, and what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from .article import COVER_CLOSE, Article
from .mentions import Mention
from .rules import alternatives, rules_for
from .thai_bodies import thai_bodies
from .thai_text import THAI, cut_name, thai_chunk

_LONGEST_PART = 22  # characters of a given name or a surname
_LATIN_NAME = re.compile(r"(?<!\w)[A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30}){1,3}(?!\w)")
_COMMON = (
    "ความ",
    "ที่",
    "ของ",
    "และ",
    "ใน",
    "เป็น",
    "ไม่",
    "ได้",
    "จะ",
    "ซึ่ง",
    "จาก",
    "โดย",
    "กับ",
    "เพื่อ",
    "ทำให้",
    "หรือ",
    "แต่",
    "เมื่อ",
    "ว่า",
    "ผู้",
    "นัก",
    "คน",
    "ทุก",
    "ครั้ง",
    "ประเทศ",
    "จังหวัด",
    "อำเภอ",
    "บ้าน",
    "เมือง",
    "ทีม",
    "ชาว",
    "เวลา",
    "หนึ่ง",
    "สอง",
    "ให้",
    "มาก",
    "ช่วย",
    "ต้อง",
    "เพราะ",
    "คือ",
    "ถูก",
    "อยู่",
    "ต่าง",
    "ก่อน",
    "หลัง",
    "ทั้ง",
    "ปี",
    "เดือน",
    "นี้",
    "นั้น",
    "เรื่อง",
    "ดังกล่าว",
    "วันที่",
    "เช้า",
    "เย็น",
    "อย่าง",
    "ตาม",
    "แล้ว",
)
# Of these, the words that surnames do not hold either: แสงเดือน and ศรีเมือง are surnames.
_COMMON_INSIDE = tuple(word for word in _COMMON if word not in ("เดือน", "เมือง", "บ้าน", "เย็น", "เช้า", "สอง", "ปี"))


class ThaiNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken = list(taken)
        occupied = {place for mention in taken for place in range(mention.start, mention.end)}
        full: dict[str, Mention] = {}
        alone: list[Mention] = []
        for mention in [*self._titled(), *self._beside_roles(), *self._latin()]:
            if mention.start in occupied:
                continue
            if " " in mention.who:
                full.setdefault(mention.who, mention)
            else:
                alone.append(mention)
        found = self._everywhere(full, [one for one in taken if one.kind == "person"])
        givens = {
            name.split()[0]: name
            for name in reversed([*full, *(one.who for one in taken if one.kind == "person" and " " in one.who)])
        }
        for mention in alone:
            known = next(
                (name for given, name in givens.items() if mention.who.startswith(given) and len(given) >= 2), None
            )
            if known is not None:
                found.append(
                    Mention(
                        mention.start,
                        mention.start + len(known.split()[0]),
                        "person",
                        known,
                        0.7,
                        mention.reason,
                        None,
                        mention.gender,
                    )
                )
            else:
                found.append(mention)
        return [*found, *thai_bodies(self.article)]

    # Titles

    @cached_property
    def _title(self) -> re.Pattern[str]:
        titles = alternatives(self.rules.names_title)
        return re.compile(rf"(?<![\u0e40-\u0e44])(?<!ท(?=นาย))(?<!เจ้า(?=นาย))((?:{titles} ?)+)(?=[{THAI}A-Z])")

    @cached_property
    def _no_name(self) -> re.Pattern[str]:
        return re.compile(alternatives(self.rules.names_not))

    @cached_property
    def _begins_other(self) -> re.Pattern[str]:
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
            *rules.names_title,
        ]
        return re.compile(
            alternatives([word for word in words if len(word) > 2]) + "|(?:มอง|เห็น|เชื่อ|รับ|คาด|ชี้)ว่า|วัย|ว่า(?![ก-ฮ])"
        )

    def _titled(self) -> Iterable[Mention]:
        for match in self._title.finditer(self.covered):
            title = match[1].strip()
            if title == "นาย" and re.search(r"\d ?$", self.covered[max(0, match.start() - 2) : match.start()]):
                continue  # 80 นาย counts officers
            if self._no_name.match(self.covered, match.start()):
                continue
            last = re.search(rf"{alternatives(self.rules.names_title)}$", title)
            if last and self._no_name.match(self.covered, match.start() + last.start()):
                continue
            if self._glued(match.start(), title):
                continue
            if title in _LOOSE_TITLES and title != "นาง" and self._begins_other.match(self.covered, match.end()):
                continue
            name = self._name_at(match.end(), must_have_surname=False)
            if name is None:
                continue
            begin, end = name
            who = self.covered[begin:end]
            if (not who[0].isascii() and len(who) < 2) or (
                title in _LOOSE_TITLES and " " not in who and not self._is_followed_by_speech(end)
            ):
                continue
            gender = "he" if title in self.rules.reference_man else "she" if title in self.rules.reference_woman else ""
            yield Mention(
                begin,
                end,
                "person",
                who,
                0.9 if " " in who else 0.6,
                _("A title or a role stands before the name."),
                None,
                gender,
            )

    def _glued(self, place: int, title: str) -> bool:
        """Whether letters before a short title make it part of another word, such as ลูกพี่."""
        before = self.covered[max(0, place - 1) : place]
        return (
            bool(re.match(f"[{THAI}]", before))
            and title in _LOOSE_TITLES
            and title != "นาง"
            and not self._lead_end.search(self.covered[max(0, place - 16) : place])
        )

    @cached_property
    def _lead_end(self) -> re.Pattern[str]:
        rules = self.rules
        return re.compile(
            rf"{alternatives([*rules.speech_end, *rules.speech_adding, 'จน', 'ที่', 'ซึ่ง', 'ให้', 'กับ', 'ของ', 'ว่า'])}$"
        )

    @cached_property
    def _lead_start(self) -> re.Pattern[str]:
        return re.compile(alternatives([*self.rules.speech_end, "โดย", "จน", "คือ", "ซึ่ง", "ฝั่ง"]))

    def _is_followed_by_speech(self, end: int) -> bool:
        return bool(self._cue_behind.match(self.covered, end))

    @cached_property
    def _cue_behind(self) -> re.Pattern[str]:
        rules = self.rules
        verbs = alternatives([*rules.speech_say, *rules.speech_quote, *(f"{word}ว่า" for word in rules.speech_state)])
        return re.compile(rf" ?(?:{alternatives(rules.speech_between)} ?)*{verbs}")

    def _name_at(self, begin: int, *, must_have_surname: bool) -> tuple[int, int] | None:
        """Return the span of a name that begins here: a given name, and the surname behind a blank if there is one."""
        latin = _LATIN_NAME.match(self.covered, begin, begin + 80)
        if latin:
            return latin.span()
        chunk = thai_chunk(self.covered, begin)
        end = cut_name(self.covered, begin, chunk)
        if not 2 <= end - begin <= _LONGEST_PART:
            return None
        if end < chunk:
            return None if must_have_surname else (begin, end)
        parts, last = 1, end
        while parts < 4 and self.covered[last : last + 1] == " ":
            start = last + 1
            stop = thai_chunk(self.covered, start)
            is_abbreviation = self.covered[stop : stop + 1] == "."
            if stop - start < 2 or is_abbreviation or self._begins_other.match(self.covered, start):
                break
            cut = cut_name(self.covered, start, stop)
            if cut - start > _LONGEST_PART or cut - start < 2:
                break
            if parts >= 2 and not (
                all(len(part) <= 8 for part in self.covered[begin:cut].split()) and cut - start <= 8
            ):
                break
            if parts >= 2 and any(word in self.covered[start:cut] for word in _COMMON):
                break
            last = cut
            parts += 1
            if cut < stop:
                break
        if must_have_surname and parts < 2:
            return None
        return begin, last

    # Roles and verbs beside a name without title

    def _beside_roles(self) -> Iterable[Mention]:
        """Yield pairs of words with a role, an age or a verb of speech behind them, or a role before them."""
        roles = alternatives(self.rules.roles_word)
        behind = re.compile(rf" ?(?:\(|(?:{roles})|วัย ?\d|อายุ|จาก(?:มหาวิทยาลัย|สถาบัน|คณะ|บริษัท))")
        lead = alternatives(
            [
                *self.rules.speech_end,
                *self.rules.names_kin,
                "ฝั่ง",
                "โดย",
                "หลัง",
                "และ",
                "รวมถึง",
                "เมื่อ",
                "อาทิ",
                "ได้แก่",
                "ของ",
                "กับ",
                "คู่กับ",
                "ให้",
                "จาก",
            ]
        )
        opening = re.compile(rf"(?:^|\n|{lead} ?|[,:;|({COVER_CLOSE}] ?)$")
        role_before = re.compile(
            rf"(?:{roles}(?:[{THAI}]{{0,40}}|[{THAI}A-Za-z. ]{{0,24}}) |(?:ภาพ|เรื่อง|เขียนโดย|ถ่ายภาพ) ?: ?)$"
        )
        for match in re.finditer(rf"(?<![{THAI}])[{THAI}]{{2,22}}(?= [{THAI}])", self.covered):
            begin = match.start()
            word = self._lead_start.match(self.covered, begin, match.end())
            if word and match.end() - word.end() >= 2:
                begin = word.end()
            name = self._name_at(begin, must_have_surname=True)
            if name is None or self._begins_other.match(self.covered, begin):
                continue
            end = name[1]
            who = self.covered[begin:end]
            parts = who.split()
            if any(part.startswith("การ") and len(part) > 9 for part in parts):
                continue
            if self._is_phrase(parts) or self._is_body(begin, parts):
                continue
            head = self.covered[max(0, begin - 60) : begin]
            follows_role = bool(behind.match(self.covered, end))
            follows_cue = bool(self._cue_behind.match(self.covered, end))
            leads = bool(opening.search(head)) or begin == 0 or word is not None
            has_role = bool(role_before.search(head))
            is_short = all(len(part) <= 14 for part in parts) and self.covered[begin - 1 : begin] == " "
            if (
                (follows_role and not follows_cue and is_short and len(parts) == 2 and self.covered[end] == " ")
                or (follows_role and (leads or has_role))
                or (follows_cue and (leads or has_role))
                or (len(parts) == 2 and is_short and re.search(r"ชื่อ(?:ว่า)? $", head))
                or (
                    has_role
                    and re.match(r"[\s)|]|$", self.covered[end : end + 1])
                    and len(who) <= 26
                    and (follows_cue or "ภาพ" in head[-8:])
                )
            ):
                yield Mention(
                    begin, end, "person", who, 0.75, _("A role, an age or a verb of speech stands beside two words.")
                )

    def _is_phrase(self, parts: list[str]) -> bool:
        """Whether words are those of a sentence rather than a given name and a surname."""
        return any(
            len(part) > 16 or part.startswith(_COMMON) or any(common in part for common in _COMMON_INSIDE)
            for part in parts
        )

    def _is_body(self, begin: int, parts: list[str]) -> bool:
        """Whether two words are those of a body: บริษัท น้ำใส จำกัด, มังกรท่า เอฟซี."""
        head = self.covered[max(0, begin - 24) : begin]
        return parts[-1] in self.rules.organizations_kind or bool(
            re.search(rf"{alternatives(self.rules.organizations_word)} $", head)
        )

    def _latin(self) -> Iterable[Mention]:
        """Yield names in Latin letters with a title or role before them, or a verb of speech behind them."""
        before = re.compile(rf"{alternatives(self.rules.names_title)} ?$")
        bodies = {*rules_for("en").organizations_word, *rules_for("en").events_word}
        for match in _LATIN_NAME.finditer(self.covered):
            head = self.covered[max(0, match.start() - 24) : match.start()]
            if bodies.intersection(match[0].split()):
                continue
            if before.search(head) or self._cue_behind.match(self.covered, match.end()):
                yield Mention(
                    match.start(),
                    match.end(),
                    "person",
                    match[0],
                    0.8,
                    _("A role, an age or a verb of speech stands beside two words."),
                )

    # Places of the same names

    def _everywhere(self, full: dict[str, Mention], known: list[Mention]) -> list[Mention]:
        """Return every place of the full names, and of their given names."""
        forms: dict[str, str] = {}
        for name in [*full, *(one.who for one in known)]:
            given = name.split()[0]
            if len(given) >= 4 and given not in _NOT_GIVEN:
                forms.setdefault(given, name)
        for name in full:
            forms[name] = name
        if not forms:
            return []
        places = []
        for match in re.finditer(alternatives(forms), self.covered):
            who = forms[match[0]]
            if match.start() and self.covered[match.start() - 1] in "เแโใไ":
                continue
            if re.match("[\u0e30-\u0e3a\u0e47-\u0e4e]", self.covered[match.end() : match.end() + 1]):
                continue
            first = full.get(who)
            whole = match[0] == who
            score = (first.score if first else 0.8) if whole else 0.7
            reason = (first.reason if first else "") if whole else _("A part of a name that is given in full.")
            places.append(
                Mention(match.start(), match.end(), "person", who, score, reason, None, first.gender if first else "")
            )
        return places


# Titles that are also ordinary words or parts of them: a name without surname needs a verb of speech behind it.
_LOOSE_TITLES = frozenset(
    [
        "คุณ", "อาจารย์", "ครู", "หมอ", "โค้ช", "ลุง", "ป้า", "ยาย", "พี่", "น้อง", "พระ", "กำนัน",
        "เชฟ", "ผู้กำกับ", "ปู่", "ย่า", "รัฐมนตรี", "เอกอัครราชทูต", "ศาสตราจารย์", "อ.", "นาง", "ดร", "เฮีย", "เจ๊",
    ]
)  # fmt: skip
_NOT_GIVEN = frozenset(["ประธาน", "อาจารย์"])
