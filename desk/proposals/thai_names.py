"""Names of people and bodies in Thai, which marks no names: what every way of finding them gives, put together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from django.utils.translation import gettext as _

from .article import Article
from .mentions import Mention
from .rules import alternatives
from .thai_bodies import thai_bodies
from .thai_name_shapes import ThaiNameShapes
from .thai_nicknames import ThaiNicknames
from .thai_titled_names import ThaiTitledNames
from .thai_untitled_names import ThaiUntitledNames

_SURE_GIVEN = 6  # characters of a given name that is hardly ever part of another word
_FEWEST_GIVEN = 2


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
        inside = {place for mention in titled for place in range(mention.start, mention.end)}
        untitled = [one for one in ThaiUntitledNames(self.shapes).mentions() if one.end - 1 not in inside]
        for mention in [*(named for _nick, named in hyphenated), *titled, *untitled]:
            if mention.start in occupied:
                continue
            if " " in mention.who:
                full.setdefault(mention.who, mention)
            else:
                alone.append(mention)
        known = [one for one in taken if one.kind == "person"]
        found = self._everywhere(full, known)
        found += self._of_nicknames(full, [(nick, named.who) for nick, named in hyphenated])
        found += self._with_surname(alone, [*full, *(one.who for one in known if " " in one.who)])
        return [*found, *thai_bodies(self.article)]

    def _with_surname(self, alone: list[Mention], names: list[str]) -> list[Mention]:
        """Return names without a surname, as mentions of the full name where there is one."""
        givens = {name.split()[0]: name for name in reversed(names)}
        found = []
        for mention in alone:
            known = next(
                (
                    name
                    for given, name in givens.items()
                    if len(given) >= _FEWEST_GIVEN and mention.who.startswith(given)
                ),
                None,
            )
            if known is None:
                found.append(mention)
            else:
                end = mention.start + len(known.split()[0])
                found.append(replace(mention, end=end, who=known, score=0.7))
        return found

    def _of_nicknames(self, full: dict[str, Mention], hyphenated: list[tuple[str, str]]) -> list[Mention]:
        """Return every place of the nicknames of these people."""
        nicknames: dict[str, str] = {}
        for nick, who in [
            *hyphenated,
            *((nick, who) for who, mention in full.items() for nick in self.nicknames.beside(mention)),
        ]:
            if nick not in {name.split()[0] for name in full}:
                nicknames.setdefault(nick, who)
        return [
            mention
            for nick, who in nicknames.items()
            for mention in self.nicknames.mentions(nick, who, full[who].gender if who in full else "")
        ]

    def _everywhere(self, full: dict[str, Mention], known: list[Mention]) -> list[Mention]:
        """Return every place of the full names, and of their given names."""
        forms: dict[str, str] = {}
        ordinary = {*self.rules.roles_word, *self.rules.names_title, *self.rules.names_common}
        for name in [*full, *(one.who for one in known)]:
            given = name.split()[0]
            if len(given) >= _FEWEST_GIVEN and given not in ordinary:
                forms.setdefault(given, name)
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
            if not whole and len(match[0]) < _SURE_GIVEN and not self.shapes.stands_alone(*match.span()):
                continue
            first = full.get(who)
            score = (first.score if first else 0.8) if whole else 0.7
            reason = (first.reason if first else "") if whole else _("A part of a name that is given in full.")
            places.append(
                Mention(match.start(), match.end(), "person", who, score, reason, None, first.gender if first else "")
            )
        return places
