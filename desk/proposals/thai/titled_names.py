"""Thai names behind a title: นาย, ดร., พล.ต.ต., ร.ต.อ.หญิง, ป้า."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.mentions import Mention
from desk.proposals.rules import alternatives
from desk.proposals.thai.name_shapes import ThaiNameShapes
from desk.proposals.thai.text import THAI

_NO_BEGINNING = "\u0e30-\u0e3a\u0e45-\u0e4e"  # signs with which no Thai word begins
_WHOLE_TITLE = "พระครู"  # a monk's rank that is part of the name


class ThaiTitledNames:
    """Finds the names of one article that have a title before them."""

    def __init__(self, shapes: ThaiNameShapes) -> None:
        self.shapes, self.rules, self.covered = shapes, shapes.rules, shapes.covered

    @cached_property
    def _title(self) -> re.Pattern[str]:
        """Titles in a row; a rank has หญิง behind it where it is a woman's."""
        ranks = alternatives([title for title in self.rules.names_title if title.endswith((".", "เอก", "โท", "ตรี"))])
        whole = r"(?<![\u0e40-\u0e44])(?<!ท(?=นาย))(?<!เจ้า(?=นาย))"
        behind = f"(?=[{THAI}A-Z])(?![{_NO_BEGINNING}])"
        return re.compile(rf"{whole}((?:{ranks} ?หญิง ?|{self.shapes.titles} ?)+){behind}")

    @cached_property
    def _no_name(self) -> re.Pattern[str]:
        return re.compile(alternatives(self.rules.names_not))

    @cached_property
    def _last_title(self) -> re.Pattern[str]:
        return re.compile(rf"{self.shapes.titles}$")

    @cached_property
    def _no_given(self) -> re.Pattern[str]:
        """What begins no name behind a title that is an ordinary word: ครูค้าน."""
        return re.compile(
            rf"{self.shapes.begins_other.pattern}|{alternatives(self.rules.speech_state)}(?![{_NO_BEGINNING}])"
        )

    @cached_property
    def _describes(self) -> re.Pattern[str]:
        """Words that say more of a role and name nobody: ผู้กำกับหนุ่ม."""
        return re.compile(rf"{alternatives(self.rules.roles_describing)}(?![{_NO_BEGINNING}])")

    @cached_property
    def _lead_end(self) -> re.Pattern[str]:
        rules = self.rules
        return re.compile(
            rf"{alternatives([*rules.speech_end, *rules.speech_adding, *rules.names_before, *rules.names_alias])}$"
        )

    def mentions(self) -> Iterable[Mention]:
        """Yield every name with a title; ordinary words that are titles too need a verb of speech or a surname behind them."""
        candidates = list(self._candidates())
        speaking = {mention.who for mention, speaks in candidates if speaks}
        for mention, speaks in candidates:
            if speaks or mention.who in speaking:
                yield mention

    def _candidates(self) -> Iterable[tuple[Mention, bool]]:
        """Yield every name with a title, and whether it is one by what stands beside it."""
        for match in self._title.finditer(self.covered):
            title = match[1].strip()
            head = self.covered[max(0, match.start() - 12) : match.start()]
            is_count = title == "นาย" and re.search(r"\d ?$", head) and not re.search(r"ที่ ?\d+ $", head)
            if is_count:
                continue  # 80 นาย counts officers; หมู่ที่ 3 นายอินสม does not
            last = self._last_title.search(title)
            starts = (match.start(), match.start() + last.start() if last else match.start())
            if any(self._names_nobody(start, match.start() + len(title)) for start in starts):
                continue
            is_loose = self._is_loose(title, last[0] if last else title)
            if is_loose and title != "นาง" and self._is_glued(match.start()):
                continue
            is_office = title in self.rules.names_office
            if (is_office or (is_loose and title != "นาง")) and self._no_given.match(self.covered, match.end()):
                continue
            name = self.shapes.name_at(match.end(), must_have_surname=False)
            if name is None:
                continue
            begin, end = name
            if title == _WHOLE_TITLE:
                begin = match.start()
            elif (is_office or (is_loose and title != "นาง")) and self.shapes.is_phrase(
                self.covered[begin:end].split()
            ):
                end = self.covered.find(" ", begin, end) if " " in self.covered[begin:end] else end
            who = self.covered[begin:end]
            if (is_loose or is_office) and self._describes.match(who):
                continue
            if (not who[0].isascii() and len(who) < 2) or who in self._no_names:
                continue
            if is_office and " " not in who and self._stands_behind_name(match.start()):
                continue
            reason = _("A title or a role stands before the name.")
            mention = Mention(begin, end, "person", who, 0.9 if " " in who else 0.6, reason, None, self._gender(title))
            yield mention, not (is_loose or is_office) or " " in who or self._speaks(match.start(), end)

    def _speaks(self, begin: int, end: int) -> bool:
        """Whether somebody without a surname speaks, or has a role, behind the name."""
        return bool(
            self.shapes.cue_behind.match(self.covered, end)
            or self.shapes.speaks_later.match(self.covered, end)
            or (self.shapes.role_behind.match(self.covered, end) and not self._stands_behind_name(begin))
        )

    @cached_property
    def _no_names(self) -> frozenset[str]:
        rules = self.rules
        return frozenset([*rules.names_end, *rules.reference_he, *rules.reference_she, *rules.reference_anybody])

    def _is_loose(self, title: str, last: str) -> bool:
        """Whether titles are ordinary words too: คุณ, คุณหมอ; not ผศ.ดร."""
        loose = self.rules.names_loose
        return title in loose or (last in loose and title.startswith(loose))

    def _names_nobody(self, start: int, end: int) -> bool:
        """Whether a longer word begins here than the title that ends at `end`: รัฐมนตรีว่าการ."""
        word = self._no_name.match(self.covered, start)
        return word is not None and word.end() > end

    def _gender(self, title: str) -> str:
        if title in self.rules.reference_woman or title.endswith("หญิง"):
            return "she"
        return "he" if title in self.rules.reference_man else ""

    def _is_glued(self, place: int) -> bool:
        """Whether letters before a title make it part of another word, such as ลูกพี่."""
        before = self.covered[max(0, place - 1) : place]
        return bool(re.match(f"[{THAI}]", before)) and not self._lead_end.search(
            self.covered[max(0, place - 16) : place]
        )

    def _stands_behind_name(self, place: int) -> bool:
        """Whether an office is that of the person named right before it: นายสมชาย ใจดี ส.ส.เชียงใหม่."""
        return bool(re.search(rf"[{THAI}] $", self.covered[max(0, place - 2) : place]))
