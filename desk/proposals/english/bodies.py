"""Names of bodies and events in English: capitalised words, one of which says that it is a body."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.latin_runs import Run
from desk.proposals.mentions import Mention, NameKind
from desk.proposals.rules import alternatives

_NEAR = 60  # characters looked at before a name


class EnglishBodies:
    """Tells which capitalised words of one article are bodies or events."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered

    @cached_property
    def kind_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.organizations_kind)},? $", re.IGNORECASE)

    def joined(self, runs: Iterable[Run]) -> list[Run]:
        """Return the runs with those put together that “of” and “for” join behind a word for a body or an event."""
        heads = {*self.rules.organizations_word, *self.rules.events_word}
        found: list[Run] = []
        for run in runs:
            if (
                found
                and self.covered[found[-1].end : run.start] in ("’s ", "'s ")
                and run.words[0].text in self.rules.organizations_word
            ):
                found[-1] = Run((*found[-1].words, *run.words), found[-1].begins_sentence)
                continue
            if found and run.start - found[-1].end <= 12 and len(found[-1].words) <= 15:
                before = found[-1]
                between = self.covered[before.end : run.start].split()
                has_head = any(word.text in heads for word in before.words)
                has_of = (
                    any(not word.text[0].isupper() for word in before.words)
                    or " of " in self.covered[before.start : before.end]
                )
                if (
                    has_head
                    and between
                    and all(word in self.rules.organizations_joined for word in between)
                    and (between[0] != "and" or (has_of and not self.kind_of(run)))
                    and "," not in self.covered[before.end : run.start]
                    and (between[0] in ("of", "for", "de") or has_of)
                ):
                    found[-1] = Run((*before.words, *run.words), before.begins_sentence)
                    continue
            found.append(run)
        return found

    def kind_of(self, run: Run) -> NameKind | None:
        words = [word.text for word in run.words]
        if any(word in self.rules.events_word for word in words[1:] or words):
            last_head = max(number for number, word in enumerate(words) if word in self.rules.events_word)
            if not any(word in self.rules.organizations_word for word in words[last_head:]):
                return "event"
        heads = [number for number, word in enumerate(words) if word in self.rules.organizations_word]
        if heads:
            named = words[heads[-1] + 1 : -1]  # “Transport Minister Ana Reis” is no body
            return None if any(self._is_role(word) for word in named) else "organization"
        if " & " in self.article.text[run.start : run.end]:
            return "organization"
        return None

    def _is_role(self, word: str) -> bool:
        return word.casefold() in self.rules.role_and_kin or word in self.rules.names_title

    def without_article(self, run: Run) -> Run | None:
        first = 0
        while first < len(run.words) and (
            run.words[first].text == "The"
            or (run.begins_sentence and run.words[first].text in self.rules.sentences_begin)
        ):
            first += 1
        return run.cut(first)

    def body(self, run: Run, kind: NameKind) -> Mention:
        text = self.article.text[run.start : run.end]
        reason = {
            "organization": _("A word for a body is part of the name."),
            "event": _("A word for an event is part of the name."),
        }[kind]
        return Mention(run.start, run.end, kind, text, 0.75, reason)

    def is_named(self, run: Run) -> bool:
        """Whether a word for a body stands before a run: “the shipping line”, “The developer,”."""
        return bool(self.kind_before.search(self.covered[max(0, run.start - _NEAR) : run.start]))
