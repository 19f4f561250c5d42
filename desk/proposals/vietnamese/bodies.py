"""Names of bodies and events in Vietnamese: “Sở Giáo dục và Đào tạo tỉnh Hưng Sơn”, “Cúp Sông Thuồng”."""

from __future__ import annotations

import re
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.mentions import Mention, NameKind
from desk.proposals.rules import alternatives
from desk.proposals.vietnamese.runs import INSIDE_BODY, RolePhrases, person_start

_LONGEST_BODY = 18  # syllables
_MOST_SMALL = 5  # syllables in small letters between two capitalised ones
_TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")
_CAPITALS = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)*(?: [^\W\d_]+(?:[-’'][^\W\d_]+)*)*")
_NAMED_AFTER_PEOPLE = (
    *(
        "Trường",
        "Bệnh viện",
        "Quỹ",
        "Nhà",
        "Bảo tàng",
        "Thư viện",
        "Công ty",
        "Câu lạc bộ",
        "CLB",
        "Học viện",
        "Giải",
        "Cúp",
    ),
    *("Viện", "Trung tâm", "Cuộc thi", "Tập đoàn", "Xí nghiệp", "Đại học", "Đội", "Đoàn", "Nhóm", "Hãng"),
)


class VietnameseBodies:
    """Finds the bodies and events of one article."""

    def __init__(self, article: Article, roles: RolePhrases) -> None:
        self.article, self.rules, self.covered, self.roles = article, article.rules, article.covered, roles
        rules = article.rules
        stops = {*rules.verbs_finite, *rules.speech_between, *rules.organizations_stop}
        self._stop = re.compile(
            rf"{alternatives([*stops, *rules.speech_say, *rules.speech_state, *rules.speech_ask, *rules.speech_quote])}(?!\w)"
        )
        self._compound = re.compile(rf"{alternatives(rules.organizations_compound)}(?!\w)", re.IGNORECASE)
        self._inside = frozenset(rules.organizations_inside)

    def mentions(self) -> list[Mention]:
        """Return the bodies and events in the order of the text."""
        found: list[Mention] = []
        last_end = -1
        for match in self._head.finditer(self.covered):
            if match.start() < last_end or match[0] in self.rules.names_family or self._is_inside_name(match.start()):
                continue
            end = self._end(match.start(), match.end())
            if end <= match.end():
                continue
            kind: NameKind = "event" if match[0] in self.rules.events_word else "organization"
            text = self.article.text[match.start() : end]
            reason = (
                _("A word for a body is part of the name.")
                if kind == "organization"
                else _("A word for an event is part of the name.")
            )
            found.append(Mention(match.start(), end, kind, text, 0.7, reason))
            last_end = end
        return found

    @cached_property
    def _head(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<!\w){alternatives([*self.rules.organizations_joined, *self.rules.events_word])}(?!\w)(?! trưởng)"
        )

    def _is_inside_name(self, place: int) -> bool:
        """Whether a capitalised syllable of a name stands before: “huyện Yên Sở”."""
        before = re.search(r"([^\W\d_]+) $", self.covered[max(0, place - 20) : place])
        if before is None or not before[1].istitle() or before[1] in self.rules.sentences_begin:
            return False
        return before[1].casefold() not in self._ranks

    @cached_property
    def _ranks(self) -> frozenset[str]:
        words = [*self.rules.roles_before, *self.rules.roles_word, *self.rules.names_title]
        return frozenset(word.casefold().split()[0] for word in words)

    def _end(self, start: int, head_end: int) -> int:
        """Return where the name of a body ends.

        That is behind its last capitalised syllable, with the small ones that belong to it: the rest of a word of two
        syllables, whatever stands before another capitalised one, all before the name of whoever holds a role in it.
        """
        has_role = self.roles.noun_before(start) is not None or self.roles.noun_before(head_end) is not None
        end = at = head_end
        small = row = capitals = 0
        alone = False  # whether a single capitalised syllable stands before the small ones
        person = -1  # where the name of a person begins
        for _number in range(_LONGEST_BODY):
            mark = INSIDE_BODY.match(self.covered, at)
            place = mark.end() if mark else at + 1
            match = _TOKEN.match(self.covered, place) if self.covered[place - 1 : place] == " " else None
            if match is None:
                break
            word = match[0]
            if word[0].isupper() and row == 0 and has_role:
                is_namesake = self.covered.startswith(_NAMED_AFTER_PEOPLE, start)
                person = self._person_ahead(place, may_be_first=capitals > 0 or not is_namesake)
            if place == person:
                return at
            if word == "và" and self._head.match(self.covered, match.end() + 1):
                break
            compound = self._compound.match(self.covered, place)
            if compound and (blank := compound[0].find(" ")) >= 0 and self._stop.match(self.covered, place + blank + 1):
                compound = None  # “Công ty Phong Viễn thông báo”
            is_number = word.isdigit() and not re.match(r"[-–/,.]\d", self.covered[match.end() : match.end() + 2])
            if word[0].isupper() or is_number:
                capitals += 1
                small = 0
                row += 1
                if compound and " " in compound[0] and compound[0][compound[0].index(" ") + 1].islower():
                    match, row = compound, 0
                end = match.end()
            elif compound and place == at + 1 and capitals and row <= 1:
                small += len(compound[0].split())
                match, row = compound, 0
                end = match.end()
            else:
                if self._stop.match(self.covered, place):
                    # “Viện Đất khô hạn đã”: small syllables behind a single capitalised one, up to a verb.
                    return at if small >= 2 and alone else end if capitals else head_end
                small += 1
                alone = alone if small > 1 else row == 1
                if small > _MOST_SMALL or (row >= 2 and word not in self._inside):
                    break
                if row == 1 and small == 1 and word not in self._inside:
                    end = match.end()
                row = 0
            at = match.end()
        return end if capitals else head_end

    def _person_ahead(self, place: int, *, may_be_first: bool) -> int:
        """Return where in the capitalised words at a place the name of whoever heads the body begins, or -1."""
        match = _CAPITALS.match(self.covered, place, place + 80)
        words = match[0].split() if match else []
        words = words[: next((number for number, word in enumerate(words) if not word[0].isupper()), len(words))]
        first = person_start(words, self.rules)
        if first is None or (first == 0 and not may_be_first):
            return -1
        return place + sum(len(word) + 1 for word in words[:first])
