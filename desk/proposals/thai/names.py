"""Names of people and bodies in Thai, which marks no names: what every way of finding them gives, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import COVER, COVER_CLOSE, COVER_OPEN, Article
from desk.proposals.mentions import Mention
from desk.proposals.rules import alternatives
from desk.proposals.thai.bodies import thai_bodies
from desk.proposals.thai.name_shapes import ThaiNameShapes
from desk.proposals.thai.nicknames import ThaiNicknames
from desk.proposals.thai.text import THAI
from desk.proposals.thai.titled_names import ThaiTitledNames
from desk.proposals.thai.untitled_names import ThaiUntitledNames

_SURE_GIVEN = 6  # characters of a given name that is hardly ever part of another word
_FEWEST_GIVEN, _FEWEST_SURNAME = 2, 4  # characters


class ThaiNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        self.shapes = ThaiNameShapes(article)
        self.nicknames = ThaiNicknames(self.shapes)

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken = list(taken)
        occupied = {place for mention in taken for place in range(mention.start, mention.end)}
        hyphenated = [one for one in self.nicknames.hyphenated() if one[1].start not in occupied]
        full: dict[str, Mention] = {}
        alone: list[Mention] = []
        titled = list(ThaiTitledNames(self.shapes).mentions())
        inside = {place for one in titled if " " in one.who for place in range(one.start, one.end)}
        untitled = [one for one in ThaiUntitledNames(self.shapes).mentions() if one.end - 1 not in inside]
        pairs = {place for one in untitled if " " in one.who for place in range(one.start, one.end)}
        titled = [one for one in titled if " " in one.who or one.start not in pairs]
        for mention in [*(named for _nick, named in hyphenated), *titled, *untitled]:
            if mention.start in occupied:
                continue
            if " " in mention.who:
                full.setdefault(mention.who, mention)
            else:
                alone.append(mention)
        known = [one for one in taken if one.kind == "person"]
        for mention in self._in_lists(full):
            if mention.start not in occupied:
                full.setdefault(mention.who, mention)
        found = self._everywhere(full, known)
        nicknames = self._nicknames_of(full, [(nick, named.who) for nick, named in hyphenated])
        for nick, who in nicknames.items():
            found += self.nicknames.mentions(nick, who, full[who].gender if who in full else "")
        givens = {name.split()[0]: name for name in reversed([*full, *(one.who for one in known if " " in one.who)])}
        found += self._with_surname(alone, {**nicknames, **givens})
        return [*found, *thai_bodies(self.article)]

    def _in_lists(self, full: dict[str, Mention]) -> list[Mention]:
        """Return pairs of words that “และ” or “กับ” joins to a name: สุรเกียรติ หมื่นหาญ กับ นายภูผา ใจเพชร."""
        found = []
        for mention in full.values():
            head = self.covered[max(0, mention.start - 90) : mention.start]
            offset = mention.start - len(head)
            spans = [self._joined_before.search(head), self._joined_behind.match(self.covered, mention.end)]
            for match, shift in zip(spans, (offset, 0), strict=True):
                if match is None:
                    continue
                begin, end = match.start(1) + shift, match.end(1) + shift
                parts = self.covered[begin:end].split()
                if self.shapes.begins_other.match(parts[0]) or self._has_title.match(parts[0]):
                    continue
                if self.shapes.is_phrase(parts) or self.shapes.is_body(begin, parts):
                    continue
                if self.shapes.name_at(begin, must_have_surname=True) == (begin, end):
                    found.append(
                        replace(mention, start=begin, end=end, who=self.covered[begin:end], score=0.6, gender="")
                    )
        return found

    @cached_property
    def _has_title(self) -> re.Pattern[str]:
        return re.compile(alternatives([one for one in self.rules.names_title if one not in self.rules.names_loose]))

    @cached_property
    def _joined_before(self) -> re.Pattern[str]:
        quoted = f"(?:{COVER_OPEN}{COVER}*{COVER_CLOSE} ?)?"
        return re.compile(
            rf"(?<![{THAI}])([{THAI}]{{2,14}} [{THAI}]{{3,16}}) ?(?:กับ|และ|,) ?{quoted}(?:{self.shapes.titles} ?)*$"
        )

    @cached_property
    def _joined_behind(self) -> re.Pattern[str]:
        return re.compile(rf" ?(?:กับ|และ|,) ?([{THAI}]{{2,14}} [{THAI}]{{3,16}})(?=[ ,)\n]|$)")

    def _with_surname(self, alone: list[Mention], forms: dict[str, str]) -> list[Mention]:
        """Return names without a surname, as mentions of the full name where there is one by this given name or nickname."""
        found = []
        for mention in alone:
            known = max((form for form in forms if mention.who.startswith(form)), key=len, default=None)
            if known is None:
                found.append(mention)
            else:
                found.append(replace(mention, end=mention.start + len(known), who=forms[known], score=0.7))
        return found

    def _nicknames_of(self, full: dict[str, Mention], hyphenated: list[tuple[str, str]]) -> dict[str, str]:
        """Return the nicknames of these people, with the full name of each."""
        nicknames: dict[str, str] = {}
        given = {name.split()[0] for name in full}
        beside = [(nick, who) for who, mention in full.items() for nick in self.nicknames.beside(mention)]
        for nick, who in [*hyphenated, *beside]:
            if nick not in given:
                nicknames.setdefault(nick, who)
        return nicknames

    def _everywhere(self, full: dict[str, Mention], known: list[Mention]) -> list[Mention]:
        """Return every place of the full names, and of their given names."""
        forms: dict[str, str] = {}
        ordinary = {*self.rules.roles_word, *self.rules.names_title, *self.rules.names_common}
        for name in [*full, *(one.who for one in known)]:
            given = name.split()[0]
            if len(given) >= _FEWEST_GIVEN and given not in ordinary:
                forms.setdefault(given, name)
        for name in full:  # มาร์ติเนซ, of a foreigner
            if len(surname := name.split()[-1]) >= _FEWEST_SURNAME:
                forms.setdefault(surname, name)
        for name in full:
            forms[name] = name
        if not forms:
            return []
        places = []
        for match in re.finditer(alternatives(forms), self.covered):
            who = forms[match[0]]
            whole = match[0] == who
            if match.start() and self.covered[match.start() - 1] in "เแโใไ":
                continue
            if re.match("[\u0e30-\u0e3a\u0e47-\u0e4e]", self.covered[match.end() : match.end() + 1]):
                continue
            is_sure = len(match[0]) >= _SURE_GIVEN and who.startswith(match[0])
            if not whole and not is_sure and not self.shapes.stands_alone(*match.span()):
                continue
            first = full.get(who)
            score = (first.score if first else 0.8) if whole else 0.7
            reason = (first.reason if first else "") if whole else _("A part of a name that is given in full.")
            places.append(
                Mention(match.start(), match.end(), "person", who, score, reason, None, first.gender if first else "")
            )
        return places
