"""What speaks for or against capitalised words being the name of a person, in English."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from .article import COVER_CLOSE, Article
from .english_bodies import EnglishBodies
from .latin_runs import Run
from .rules import alternatives

_PASSIVE = ("is", "was", "are", "were", "be", "been")  # “is expected to” says nothing
GIVEN = 1.5  # evidence of a given name at the beginning
NEAR = 60  # characters looked at before and behind a name
_NO_NAME_FOLLOWS = ("after", "before", "that", "when", "as", "in", "on", "at", "by", "with", "to", "about", "of", "how")


@dataclass
class Candidate:
    """Everything that speaks for or against a run's being a person."""

    runs: list[Run] = field(default_factory=list)
    evidence: float = 0
    gender: str = ""
    reason: str = ""


class PersonEvidence:
    """Weighs what stands round the names of one article."""

    def __init__(self, article: Article, bodies: EnglishBodies) -> None:
        self.article, self.rules, self.covered, self.bodies = article, article.rules, article.covered, bodies

    @cached_property
    def role_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)({alternatives(self.rules.role_and_kin)}),? (?:\([^)]{{1,20}}\) )?$", re.IGNORECASE)

    @cached_property
    def _place_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.names_place_before)} $", re.IGNORECASE)

    @cached_property
    def _cues(self) -> str:
        rules = self.rules
        return alternatives(
            [*rules.speech_say, *rules.speech_state, *rules.speech_ask, *rules.speech_quote, *rules.speech_call]
        )

    @cached_property
    def cue_behind(self) -> re.Pattern[str]:
        between = alternatives([word for word in self.rules.speech_between if word not in _PASSIVE])
        return re.compile(rf"(?: \([^)]{{1,30}}\))?,? (?:{between} )*{self._cues}(?!\w)")

    @cached_property
    def cue_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){self._cues} (?:(?!{alternatives(_NO_NAME_FOLLOWS)} )[^\W\d_]+\.? ){{0,3}}$")

    @cached_property
    def _described(self) -> re.Pattern[str]:
        """What only a person has behind the name: an age, a role, “who runs the shop”."""
        doing = alternatives(self.rules.roles_doing)
        role = alternatives(self.rules.roles_word)
        return re.compile(
            rf", (?:\d{{1,3}}\b|aged\b|who\b|whose\b|{doing}\b)|,? who {doing}\b|"
            rf"(?: \([^)]{{1,30}}\))?, (?:[^\W\d_][\w’'-]* ){{0,6}}?{role}\b| \(\d\d\)",
            re.IGNORECASE,
        )

    @cached_property
    def _apposition(self) -> re.Pattern[str]:
        return re.compile(r", (?:an?|the|his|her|its|their) [^\W\d_]", re.IGNORECASE)

    @cached_property
    def _place_behind(self) -> re.Pattern[str]:
        """What says that a name is a place: “Brenna, a village in the hills”, “Brenna district”."""
        nouns = alternatives(self.rules.names_place_noun)
        articles = alternatives(self.rules.reference_the)
        return re.compile(rf"(?: |, {articles} (?:[\w’'-]+ ){{0,3}}?){nouns}(?!\w)")

    @cached_property
    def _thing_before(self) -> re.Pattern[str]:
        """What says that a name is a thing: “the film”, “known as”."""
        return re.compile(rf"(?<!\w){alternatives(self.rules.marks_title_before)} $", re.IGNORECASE)

    def judge(self, candidate: Candidate, run: Run, title: str) -> None:
        """Add what stands round one place of a run to what is known of it."""
        before = self.covered[max(0, run.start - NEAR) : run.start]
        behind = self.covered[run.end : run.end + NEAR + 40]
        given = self.given_gender(run.words[0].text)
        evidence = 0.0
        if given is not None and not candidate.runs:
            evidence += GIVEN
        candidate.runs.append(run)
        if title:
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
        if role := self.role_before.search(before):
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
            candidate.gender = candidate.gender or self.gender_of(role[1])
        candidate.gender = candidate.gender or self.gender_of(title) or given or ""
        place_before = self._place_before.search(before)
        speaks = self.cue_behind.match(behind)
        if (speaks and not (place_before and speaks[0].startswith(","))) or (
            self.cue_before.search(before) and COVER_CLOSE in before
        ):
            evidence += 3
            candidate.reason = candidate.reason or _("A word for speaking stands beside the name.")
        is_place = self._place_behind.match(behind)
        if self._described.match(behind) and not is_place:
            evidence += 2
            candidate.reason = candidate.reason or _("What stands behind the name describes a person.")
        is_sure = evidence >= GIVEN + 2 or (evidence >= 2 and not is_place)
        if self._apposition.match(behind) and not is_place:
            evidence += 2
            candidate.reason = candidate.reason or _("What stands behind the name describes a person.")
        if given is not None and not candidate.reason:
            candidate.reason = _("The first word is a given name.")
        if run.words[-1].text.casefold() in self.rules.role_and_kin:
            evidence -= 3
        if is_place or (any(word.text in self.rules.names_place for word in run.words) and not is_sure):
            evidence -= 4
        if place_before:
            evidence -= 2
        if self.bodies.kind_before.search(before):
            evidence -= 4
        if re.search(r"\b[Tt]he $", before) and not title:
            evidence -= 3
        if self._thing_before.search(before):
            evidence -= 3
        if any(word.text.isupper() and len(word.text) > 2 for word in run.words):
            evidence -= 2
        if re.match(r" (?:of|from|at) (?:the )?[^\W\d_a-z]", behind):
            evidence += 1
        if run.begins_sentence and not evidence and self._is_heading(run):
            evidence -= 0.5
        candidate.evidence += evidence

    def given_gender(self, word: str) -> str | None:
        """Return “he” or “she” for a given name that tells, "" for one that does not, None for another word."""
        rules = self.rules
        for names, gender in ((self._given_man, "he"), (self._given_woman, "she"), (rules.names_given, "")):
            if word in names:
                return gender
        return None

    @cached_property
    def _given_man(self) -> frozenset[str]:
        return frozenset(self.rules.names_given_man)

    @cached_property
    def _given_woman(self) -> frozenset[str]:
        return frozenset(self.rules.names_given_woman)

    def _is_heading(self, run: Run) -> bool:
        """Whether the paragraph of a run ends without a stop, as headings do."""
        end = self.article.paragraphs[self.article.paragraph_at(run.start)][1]
        return self.covered[end - 1] not in ".!?…\ue002):"

    def gender_of(self, word: str) -> str:
        if word in self.rules.reference_man or word.casefold() in self.rules.reference_man:
            return "he"
        if word in self.rules.reference_woman or word.casefold() in self.rules.reference_woman:
            return "she"
        return ""
