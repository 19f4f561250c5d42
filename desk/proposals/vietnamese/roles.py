"""Roles in Vietnamese, with the body in which they are held: “Giám đốc Sở Giáo dục và Đào tạo tỉnh Hưng Sơn”."""

from __future__ import annotations

import re
from functools import cached_property

from desk.proposals.mentions import Mention
from desk.proposals.proposal import Span
from desk.proposals.roles import Roles
from desk.proposals.rules import alternatives, words_pattern
from desk.proposals.vietnamese.runs import INSIDE_BODY, RolePhrases

_LONGEST = 160  # characters of an apposition


class VietnameseRoles(Roles):
    """Finds the roles of one article."""

    @cached_property
    def _phrases(self) -> RolePhrases:
        return RolePhrases(self.covered, self.rules)

    @cached_property
    def _title_at_end(self) -> re.Pattern[str]:
        return re.compile(rf",? (?:{alternatives(self.rules.names_title)})$", re.IGNORECASE)

    def _before(self, mention: Mention) -> Span | None:
        start = self._phrases.start_before(mention.start)
        if start is None:
            return None
        text = self.covered[start : mention.start].rstrip()
        while match := self._title_at_end.search(text):
            text = text[: match.start()]
        return (start, start + len(text)) if text else None

    @cached_property
    def _apposition(self) -> re.Pattern[str]:
        roles = alternatives([*self.rules.roles_word, *self.rules.roles_doing])
        return re.compile(
            rf"(?: \([^)]{{1,40}}\))?(?:, \d\d? tuổi)?(?:, | - | – | \((?:\d\d? tuổi, )?)((?:[^\W\d_]+ ){{0,3}}?{roles}(?!\w))",
            re.IGNORECASE,
        )

    @cached_property
    def _end(self) -> re.Pattern[str]:
        cues = [*self.rules.speech_say, *self.rules.speech_quote, *self.rules.roles_stop]
        return re.compile(rf"[,.;:()\n\ue000-\ue002]| [-–—] |(?<= )\d\d? tuổi| {alternatives(cues)}(?!\w)")

    @cached_property
    def _never(self) -> re.Pattern[str]:
        return words_pattern(self.rules.speech_never)

    def _behind(self, mention: Mention) -> Span | None:
        match = self._apposition.match(self.covered, mention.end, mention.end + _LONGEST)
        if match is None or self.mentions.between(mention.end, match.end(1)):
            return None
        inside = {one.start() for one in INSIDE_BODY.finditer(self.covered, match.end(1), match.end(1) + _LONGEST)}
        never = [one.span() for one in self._never.finditer(self.covered, match.end(1), match.end(1) + _LONGEST)]
        ends = (one for one in self._end.finditer(self.covered, match.end(1), match.end(1) + _LONGEST))
        end = next(
            (
                one.start()
                for one in ends
                if one.start() not in inside
                and not any(begin < one.end() and one.start() < stop for begin, stop in never)
            ),
            match.end(1),
        )
        # The body of another person's apposition begins behind a name.
        people = [one for one in self.mentions.between(match.end(1), end) if one.kind == "person"]
        end = people[0].start if people else end
        return match.start(1), match.start(1) + len(self.covered[match.start(1) : end].rstrip())
