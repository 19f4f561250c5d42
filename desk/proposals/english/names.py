"""Names of people, bodies and events in English: capitalised words, judged by what stands round them in the whole article."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.english.bodies import EnglishBodies
from desk.proposals.english.person_evidence import NEAR, PersonCandidate, PersonEvidence
from desk.proposals.latin_runs import Run, capital_runs, without_beginning
from desk.proposals.mentions import Mention, short_mention
from desk.proposals.rules import alternatives

_APPOSITION = 180  # characters looked at behind a single name
ACCEPTED = 1.0  # evidence from which a run is a person


class EnglishNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules = article, article.rules
        self.covered = article.covered
        self.bodies = EnglishBodies(article)
        self.evidence = PersonEvidence(article, self.bodies)

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken_starts = {place for mention in taken for place in range(mention.start, mention.end)}
        people: dict[str, PersonCandidate] = defaultdict(PersonCandidate)
        singles: list[tuple[Run, str]] = []
        found: list[Mention] = []
        runs = self.bodies.joined(self._parted(capital_runs(self.article)))
        for run in runs:
            if run.start in taken_starts or run.words[-1].start in taken_starts:
                continue
            kind = self.bodies.kind_of(run)
            if kind:
                stripped = self.bodies.without_article(run)
                if stripped and len(stripped.words) > 1:
                    found.append(self.bodies.body(stripped, kind))
                continue
            named, title = without_beginning(run, self.rules)
            if named is not None and not title and len(named.words) > 1 and self.bodies.is_named(named):
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
                    self.evidence.judge(people[part.text], part, part_title)
        accepted = self._accepted(people, singles, runs)
        for name, candidate in accepted.items():
            for run in candidate.runs:
                found.append(self._person(run, name, candidate))
        known = [mention for mention in taken if mention.kind == "person"]
        found += self._short_forms(accepted, singles, known, found)
        return found

    def _parted(self, runs: list[Run]) -> Iterable[Run]:
        """Yield the runs, cut before a Vietnamese name in full: “Department of Tourism Đặng Hồng Nhung”."""
        family = frozenset(self.rules.names_family)
        for run in runs:
            texts = [word.text for word in run.words]
            cut = next((n for n in range(1, len(texts) - 2) if texts[n] in family), None)
            before, name = (run.cut(0, cut), run.cut(cut)) if cut is not None else (run, None)
            if name is None or before is None or before.words[-1].text in self.rules.names_title:
                yield run
            else:
                yield before
                yield name

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

    def _accepted(
        self, people: dict[str, PersonCandidate], singles: list[tuple[Run, str]], runs: list[Run]
    ) -> dict[str, PersonCandidate]:
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

    def _person(self, run: Run, name: str, candidate: PersonCandidate) -> Mention:
        score = min(0.95, 0.5 + candidate.evidence * 0.08)
        gender = candidate.gender
        return Mention(
            run.start, run.end, "person", name, score, candidate.reason, None, gender if gender in ("he", "she") else ""
        )

    def _short_forms(
        self,
        accepted: dict[str, PersonCandidate],
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
            if self._is_described_speaker(run) or (not run.begins_sentence and self._is_relative(run))
        }
        titled = {run.text: self.evidence.gender_of(title) for run, title in singles if title and title != "role"}
        for run, title in singles:
            text = run.text
            gender = self.evidence.gender_of(title)
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
                short.append(short_mention(run.start, run.end, who, gender))
            elif title and title != "role" and len(text) > 1:
                reason = _("A title or a role stands before the name.")
                short.append(Mention(run.start, run.end, "person", text, 0.7, reason, None, gender))
            elif text in titled and text not in self.rules.sentences_begin and len(text) > 1:
                reason = _("A title or a role stands before the name.")
                short.append(Mention(run.start, run.end, "person", text, 0.6, reason, None, titled[text]))
            elif text in named_alone:
                reason = _("A word for speaking stands beside the name.")
                short.append(Mention(run.start, run.end, "person", text, 0.65, reason))
            elif (
                self.bodies.kind_before.search(self.covered[max(0, run.start - NEAR) : run.start])
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

    def _is_described_speaker(self, run: Run) -> bool:
        """Whether a single word is somebody who speaks: “said Tobin, 14,”, “Tobin, a pupil of the school, said”, “Anna said”."""
        before = self.covered[max(0, run.start - NEAR) : run.start]
        behind = self.covered[run.end : run.end + _APPOSITION]
        if self.evidence.cue_before.search(before) and re.match(r",? (?:aged )?\d{1,3}\b", behind):
            return True
        is_word = run.text in self.rules.sentences_begin or self.bodies.kind_before.search(before)
        if is_word or not self._described_cue.match(behind):
            return False
        return self.evidence.given_gender(run.text) is not None or behind.startswith(",")

    @cached_property
    def _described_cue(self) -> re.Pattern[str]:
        """An age or a description of a person, if there is one, and a verb of speech."""
        articles = alternatives(self.rules.reference_the)
        nouns = alternatives(self.rules.role_and_kin)
        rest = r"[^.;:\ue000-\ue002]{0,90}?"
        person = rf"(?:aged )?\d{{1,3}}|{articles} (?:[\w’'-]+ ){{0,5}}?{nouns}{rest}|who {rest}"
        return re.compile(rf"(?:, (?:{person}),)? {self.evidence.cues}(?!\w)", re.IGNORECASE)

    def _nearest(self, earlier: list[str], named: list[tuple[int, str]], run: Run) -> str:
        """Return who is meant by a short form that several people share: who was named first."""
        return earlier[0] if earlier else named[0][1]
