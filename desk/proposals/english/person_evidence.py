"""What speaks for or against capitalised words being the name of a person, in English."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import COVER_CLOSE, Article
from desk.proposals.english.bodies import EnglishBodies
from desk.proposals.latin_runs import Run
from desk.proposals.rules import alternatives

_DATELINE = 90  # characters of a paragraph in which the dash behind a place stands
_PLACE_LINE = re.compile(
    r"([^\W\d_a-z][\w’'-]*(?: [^\W\d_a-z][\w’'-]*){0,3})(?:, [^—–:\ue000-\ue002]{1,60})?(?: ?[—–] | - )|"
    r"([A-Z][A-Z’'-]+(?: [A-Z][A-Z’'-]+){0,3}): "
)
_PASSIVE = ("is", "was", "are", "were", "be", "been")  # “is expected to” says nothing
GIVEN = 1.5  # evidence of a given name at the beginning
NEAR = 60  # characters looked at before and behind a name
_NO_NAME_FOLLOWS = ("after", "before", "that", "when", "as", "in", "on", "at", "by", "with", "to", "about", "of", "how")


@dataclass
class PersonCandidate:
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
    def _place_noun_of(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.names_place_noun)} of (?:the )?$", re.IGNORECASE)

    @cached_property
    def _told(self) -> re.Pattern[str]:
        return re.compile(r"(?<!\w)(?:tell|tells|told|telling) (?:the )?$")

    @cached_property
    def _datelines(self) -> frozenset[str]:
        """The places, in small letters, with which paragraphs begin: “BRENNA, 3 March –”, “BRENNA:”."""
        beginnings = (self.covered[begin : min(end, begin + _DATELINE)] for begin, end in self.article.paragraphs)
        matches = (_PLACE_LINE.match(beginning) for beginning in beginnings)
        return frozenset((match[1] or match[2]).casefold() for match in matches if match)

    @cached_property
    def _source_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.speech_source)} $", re.IGNORECASE)

    @cached_property
    def cues(self) -> str:
        rules = self.rules
        return alternatives(
            [*rules.speech_say, *rules.speech_state, *rules.speech_ask, *rules.speech_quote, *rules.speech_call]
        )

    @cached_property
    def cue_behind(self) -> re.Pattern[str]:
        between = alternatives([word for word in self.rules.speech_between if word not in _PASSIVE])
        return re.compile(rf"(?: \([^)]{{1,30}}\))?,? (?:{between} )*{self.cues}(?!\w)")

    @cached_property
    def cue_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){self.cues} (?:(?!{alternatives(_NO_NAME_FOLLOWS)} )[^\W\d_]+\.? ){{0,3}}$")

    @cached_property
    def _honour(self) -> re.Pattern[str]:
        return re.compile(rf"^(?:,? {alternatives(self.rules.names_behind)}(?!\w))+")

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
        some = rf", (?:an?|one|another) (?:[\w’'-]+ ){{0,3}}?{nouns}(?!\w)"
        return re.compile(rf" {nouns}(?!\w)|{some}|, the (?:[\w’'-]+ ){{0,3}}?{nouns}(?:,| (?:of|in|on|near|where)\b)")

    @cached_property
    def _thing_before(self) -> re.Pattern[str]:
        """What says that a name is a thing: “the film”, “known as”."""
        return re.compile(rf"(?<!\w){alternatives(self.rules.marks_title_before)} $", re.IGNORECASE)

    def judge(self, candidate: PersonCandidate, run: Run, title: str) -> None:
        """Add what stands round one place of a run to what is known of it."""
        before = self.covered[max(0, run.start - NEAR) : run.start]
        behind = self._honour.sub("", self.covered[run.end : run.end + NEAR + 40])
        given = self.given_gender(run.words[0].text)
        described = self._described.match(behind)
        role = self.role_before.search(before)
        evidence = 0.0
        if given is not None and not candidate.runs:
            evidence += GIVEN
        candidate.runs.append(run)
        if title:
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
        if role:
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
            candidate.gender = candidate.gender or self.gender_of(role[1])
        candidate.gender = candidate.gender or self.gender_of(title) or given or ""
        is_source = self._source_before.search(before)
        place_before = not is_source and self._place_before.search(before)
        if self._place_noun_of.search(before) or run.text.casefold() in self._datelines:
            evidence -= 4
        if self._told.search(before):
            evidence -= 1.5  # “told the Ledger” names who listens
        if is_source:
            evidence += 2
            candidate.reason = candidate.reason or _("A word for speaking stands beside the name.")
        speaks = self.cue_behind.match(behind)
        if (speaks and not (place_before and speaks[0].startswith(","))) or (
            self.cue_before.search(before) and COVER_CLOSE in before and not self._told.search(before)
        ):
            evidence += 3
            candidate.reason = candidate.reason or _("A word for speaking stands beside the name.")
        is_place = self._place_behind.match(behind)
        if described and not is_place:
            evidence += 2
            candidate.reason = candidate.reason or _("What stands behind the name describes a person.")
        if self._apposition.match(behind) and not is_place:
            evidence += 2
            candidate.reason = candidate.reason or _("What stands behind the name describes a person.")
        if given is not None and not candidate.reason:
            candidate.reason = _("The first word is a given name.")
        is_sure = bool(title or role or described or (given is not None and speaks))
        if run.words[-1].text.casefold() in self.rules.role_and_kin:
            evidence -= 3
        if is_place or (not is_sure and any(word.text in self.rules.names_place for word in run.words)):
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
