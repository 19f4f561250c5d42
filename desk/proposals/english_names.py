"""Names of people, bodies and events in English: capitalised words, judged by what stands round them in the whole article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import gettext as _

from .article import COVER_CLOSE, Article
from .latin_runs import Run, capital_runs, without_beginning
from .mentions import Mention, NameKind
from .rules import alternatives

_NEAR = 60  # characters looked at before and behind a name
ACCEPTED = 1.0  # evidence from which a run is a person
_NO_NAME_FOLLOWS = ("after", "before", "that", "when", "as", "in", "on", "at", "by", "with", "to", "about", "of", "how")


@dataclass
class _Candidate:
    """Everything that speaks for or against a run's being a person."""

    runs: list[Run] = field(default_factory=list)
    evidence: float = 0
    gender: str = ""
    reason: str = ""


class EnglishNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules = article, article.rules
        self.covered = article.covered

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken_starts = {place for mention in taken for place in range(mention.start, mention.end)}
        people: dict[str, _Candidate] = defaultdict(_Candidate)
        singles: list[tuple[Run, str]] = []
        found: list[Mention] = []
        runs = self._extended(capital_runs(self.article))
        for run in runs:
            if run.start in taken_starts or run.words[-1].start in taken_starts:
                continue
            kind = self._kind_of_body(run)
            if kind:
                stripped = self._without_article(run)
                if stripped and len(stripped.words) > 1:
                    found.append(self._body(stripped, kind))
                continue
            named, title = without_beginning(run, self.rules)
            if named is not None and not title and len(named.words) > 1 and self._is_named_body(named):
                found.append(
                    Mention(
                        named.start,
                        named.end,
                        "organization",
                        named.text,
                        0.7,
                        _("A word for a body stands before the name."),
                    )
                )
                continue
            for part, part_title in self._people_in(named, title, run):
                if len(part.words) == 1:
                    singles.append((part, part_title))
                elif len(part.words) <= 5:
                    self._judge(people[part.text], part, part_title)
        accepted = self._accepted(people, singles, runs)
        for name, candidate in accepted.items():
            for run in candidate.runs:
                found.append(self._person(run, name, candidate))
        known = [mention for mention in taken if mention.kind == "person"]
        found += self._short_forms(accepted, singles, known, found)
        return found

    # Bodies

    def _extended(self, runs: list[Run]) -> list[Run]:
        """Return the runs with those put together that “of” and “for” join behind a word for a body or an event."""
        heads = {*self.rules.organizations_word, *self.rules.events_word}
        joined: list[Run] = []
        for run in runs:
            if (
                joined
                and self.covered[joined[-1].end : run.start] in ("’s ", "'s ")
                and run.words[0].text in self.rules.organizations_word
            ):
                joined[-1] = Run((*joined[-1].words, *run.words), joined[-1].begins_sentence)
                continue
            if joined and run.start - joined[-1].end <= 12 and len(joined[-1].words) <= 15:
                before = joined[-1]
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
                    and (between[0] != "and" or (has_of and not self._kind_of_body(run)))
                    and "," not in self.covered[before.end : run.start]
                    and (between[0] in ("of", "for", "de") or has_of)
                ):
                    joined[-1] = Run((*before.words, *run.words), before.begins_sentence)
                    continue
            joined.append(run)
        return joined

    def _kind_of_body(self, run: Run) -> NameKind | None:
        words = [word.text for word in run.words]
        if any(word in self.rules.events_word for word in words[1:] or words):
            last_head = max(number for number, word in enumerate(words) if word in self.rules.events_word)
            if not any(word in self.rules.organizations_word for word in words[last_head:]):
                return "event"
        if any(word in self.rules.organizations_word for word in words):
            return "organization"
        if " & " in self.article.text[run.start : run.end]:
            return "organization"
        return None

    def _without_article(self, run: Run) -> Run | None:
        first = 0
        while first < len(run.words) and (
            run.words[first].text == "The"
            or (run.begins_sentence and run.words[first].text in self.rules.sentences_begin)
        ):
            first += 1
        return run.cut(first)

    def _body(self, run: Run, kind: NameKind) -> Mention:
        text = self.article.text[run.start : run.end]
        reason = {
            "organization": _("A word for a body is part of the name."),
            "event": _("A word for an event is part of the name."),
        }[kind]
        return Mention(run.start, run.end, kind, text, 0.75, reason)

    def _is_named_body(self, run: Run) -> bool:
        """Whether a word for a body stands before a run: “the shipping line”, “The developer,”."""
        return bool(self._kind_before.search(self.covered[max(0, run.start - _NEAR) : run.start]))

    # People

    def _people_in(self, run: Run | None, title: str, whole: Run) -> Iterable[tuple[Run, str]]:
        """Return the parts of a run that may name people: roles before a name, days and nations are cut off."""
        if run is None:
            return
        pieces: list[tuple[int, int]] = []
        first = 0
        for number, word in enumerate(run.words):
            if word.text in self.rules.names_not:
                pieces.append((first, number))
                first = number + 1
        pieces.append((first, len(run.words)))
        roles = self.rules.role_and_kin
        for begin, end in pieces:
            last_role = max(
                (number for number in range(begin, end - 1) if run.words[number].text.casefold() in roles), default=None
            )
            part = run.cut(begin if last_role is None else last_role + 1, end)
            if part is None:
                continue
            part, own_title = without_beginning(part, self.rules)
            if part is not None:
                yield part, own_title or (title if begin == 0 else "") or ("role" if last_role is not None else "")

    @cached_property
    def _role_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)({alternatives(self.rules.role_and_kin)}),? (?:\([^)]{{1,20}}\) )?$", re.IGNORECASE)

    @cached_property
    def _kind_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.organizations_kind)},? $", re.IGNORECASE)

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
    def _cue_behind(self) -> re.Pattern[str]:
        between = alternatives(self.rules.speech_between)
        return re.compile(rf"(?: \([^)]{{1,30}}\))?,? (?:{between} )*{self._cues}(?!\w)")

    @cached_property
    def _cue_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){self._cues} (?:(?!{alternatives(_NO_NAME_FOLLOWS)} )[^\W\d_]+\.? ){{0,3}}$")

    @cached_property
    def _apposition(self) -> re.Pattern[str]:
        doing = alternatives(self.rules.roles_doing)
        role = alternatives(self.rules.roles_word)
        return re.compile(
            rf", (?:\d{{1,3}}\b|aged\b|who\b|whose\b|{doing}\b)|,? who {doing}\b|"
            rf"(?: \([^)]{{1,30}}\))?, (?:[^\W\d_][\w’'-]* ){{0,6}}?{role}\b|, (?:an?|the|his|her|its|their) [^\W\d_]",
            re.IGNORECASE,
        )

    def _judge(self, candidate: _Candidate, run: Run, title: str) -> None:
        """Add what stands round one place of a run to what is known of it."""
        candidate.runs.append(run)
        before = self.covered[max(0, run.start - _NEAR) : run.start]
        behind = self.covered[run.end : run.end + _NEAR + 40]
        evidence = 0.0
        if title:
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
        if role := self._role_before.search(before):
            evidence += 3
            candidate.reason = candidate.reason or _("A title or a role stands before the name.")
            candidate.gender = candidate.gender or self._gender_of(role[1])
        candidate.gender = candidate.gender or self._gender_of(title)
        if self._cue_behind.match(behind) or (self._cue_before.search(before) and COVER_CLOSE in before):
            evidence += 3
            candidate.reason = candidate.reason or _("A word for speaking stands beside the name.")
        if self._apposition.match(behind):
            evidence += 2
            candidate.reason = candidate.reason or _("What stands behind the name describes a person.")
        if run.words[-1].text.casefold() in self.rules.role_and_kin:
            evidence -= 3
        if any(word.text in self.rules.names_place for word in run.words):
            evidence -= 4
        if self._place_before.search(before):
            evidence -= 2
        if self._kind_before.search(before):
            evidence -= 4
        if re.search(r"\b[Tt]he $", before) and not title:
            evidence -= 3
        if any(word.text.isupper() and len(word.text) > 2 for word in run.words):
            evidence -= 2
        if re.match(r" (?:of|from|at) (?:the )?[^\W\d_a-z]", behind):
            evidence += 1
        if run.begins_sentence and not evidence and self._is_heading(run):
            evidence -= 0.5
        candidate.evidence += evidence

    def _is_heading(self, run: Run) -> bool:
        """Whether the paragraph of a run ends without a stop, as headings do."""
        end = self.article.paragraphs[self.article.paragraph_at(run.start)][1]
        return self.covered[end - 1] not in ".!?…\ue002):"

    def _gender_of(self, word: str) -> str:
        if word in self.rules.reference_man or word.casefold() in self.rules.reference_man:
            return "he"
        if word in self.rules.reference_woman or word.casefold() in self.rules.reference_woman:
            return "she"
        return ""

    def _accepted(
        self, people: dict[str, _Candidate], singles: list[tuple[Run, str]], runs: list[Run]
    ) -> dict[str, _Candidate]:
        """Return the runs that are people, by their name."""
        alone = {run.text for run, _title in singles}
        accepted = {}
        for name, candidate in people.items():
            words = name.split()
            evidence = candidate.evidence + 1
            if words[-1] in alone or (words[0] in alone and candidate.evidence > 0):
                evidence += 2
            if evidence >= ACCEPTED:
                candidate.evidence = evidence
                candidate.reason = candidate.reason or _(
                    "Two or more capitalised words, and nothing says that it is no person."
                )
                accepted[name] = candidate
        return accepted

    def _person(self, run: Run, name: str, candidate: _Candidate) -> Mention:
        score = min(0.95, 0.5 + candidate.evidence * 0.08)
        gender = candidate.gender
        return Mention(
            run.start, run.end, "person", name, score, candidate.reason, None, gender if gender in ("he", "she") else ""
        )

    def _short_forms(
        self,
        accepted: dict[str, _Candidate],
        singles: list[tuple[Run, str]],
        known: list[Mention],
        found: list[Mention],
    ) -> list[Mention]:
        """Return single words that name again whoever was named in full, or that a title makes a name."""
        of_word: dict[str, list[tuple[int, str]]] = defaultdict(list)
        first_places = {name: candidate.runs[0].start for name, candidate in accepted.items()}
        for mention in known:
            first_places.setdefault(mention.who, mention.start)
        genders = {name: candidate.gender for name, candidate in accepted.items()}
        for name, place in first_places.items():
            for word in {name.split()[-1], name.split()[0]}:
                of_word[word].append((place, name))
        bodies = {
            mention.who.split()[number]: mention
            for mention in reversed(found)
            if mention.kind == "organization"
            for number in (0, -1)
        }
        short = []
        named_alone = {
            run.text
            for run, _title in singles
            if not run.begins_sentence and (self._is_aged_speaker(run) or self._is_relative(run))
        }
        for run, title in singles:
            text = run.text
            gender = self._gender_of(title)
            named = [
                (place, name)
                for place, name in of_word.get(text, [])
                if not gender or genders.get(name, gender) in ("", gender)
            ]
            named = [one for one in named if one[1].split()[-1] == text] or named
            if named:
                earlier = [name for place, name in named if place < run.start]
                who = self._nearest(earlier, named, run)
                if gender and not genders.get(who):
                    genders[who] = gender
                short.append(
                    Mention(
                        run.start,
                        run.end,
                        "person",
                        who,
                        0.7,
                        _("A part of a name that is given in full."),
                        None,
                        gender,
                    )
                )
            elif title and title != "role" and len(text) > 1:
                reason = _("A title or a role stands before the name.")
                short.append(Mention(run.start, run.end, "person", text, 0.7, reason, None, gender))
            elif text in named_alone:
                reason = _("A word for speaking stands beside the name.")
                short.append(Mention(run.start, run.end, "person", text, 0.65, reason))
            elif (
                self._kind_before.search(self.covered[max(0, run.start - _NEAR) : run.start])
                and not run.begins_sentence
            ):
                short.append(
                    Mention(
                        run.start, run.end, "organization", text, 0.6, _("A word for a body stands before the name.")
                    )
                )
            elif text in bodies and not run.begins_sentence and text not in self.rules.organizations_word:
                short.append(Mention(run.start, run.end, "organization", bodies[text].who, 0.5, bodies[text].reason))
        return short

    def _is_relative(self, run: Run) -> bool:
        """Whether a single word is the name of somebody’s relative: “her brother, Otto”."""
        return bool(self._kin_before.search(self.covered[max(0, run.start - 40) : run.start])) and len(run.text) > 1

    @cached_property
    def _kin_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?:[’']s|his|her|their|my|our) {alternatives(self.rules.names_kin)},? $", re.IGNORECASE)

    def _is_aged_speaker(self, run: Run) -> bool:
        """Whether a single word is somebody who speaks and has an age: “said Tobin, 14,”."""
        before = self.covered[max(0, run.start - _NEAR) : run.start]
        behind = self.covered[run.end : run.end + 12]
        return bool(self._cue_before.search(before) and re.match(r",? (?:aged )?\d{1,3}\b", behind))

    def _nearest(self, earlier: list[str], named: list[tuple[int, str]], run: Run) -> str:
        """Return who is meant by a short form that several people share: who was named first."""
        return earlier[0] if earlier else named[0][1]
