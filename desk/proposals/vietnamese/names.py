"""Names of people in Vietnamese: a family name and more capitalised syllables, or what stands beside a title or role."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from django.utils.translation import gettext as _

from desk.proposals.article import Article
from desk.proposals.latin_runs import Run, capital_runs
from desk.proposals.mentions import Mention, short_mention
from desk.proposals.rules import alternatives, words_pattern
from desk.proposals.vietnamese.bodies import VietnameseBodies
from desk.proposals.vietnamese.runs import (
    RolePhrases,
    is_common_family,
    is_foreign_name,
    is_vietnamese,
    person_start,
    without_country,
)

_NEAR = 60


class VietnameseNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered
        self.roles = RolePhrases(self.covered, self.rules)

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken = list(taken)
        occupied = {place for mention in taken for place in range(mention.start, mention.end)}
        found = [one for one in VietnameseBodies(self.article, self.roles).mentions() if one.start not in occupied]
        occupied |= {place for mention in found for place in range(mention.start, mention.end)}
        evidence: dict[str, float] = defaultdict(float)
        places: dict[str, list[tuple[Run, str]]] = defaultdict(list)
        singles: list[tuple[Run, str]] = []
        for run in capital_runs(self.article):
            part, title = self._without_title(run)
            part = self._person_of(part, title) if part is not None else None
            if part is None or part.start in occupied:
                continue
            if body := self._body_of(part, title):
                found.append(body)
                continue
            if self._brand_words & {word.text for word in part.words}:
                continue
            if len(part.words) == 1:
                singles.append((part, title))
            elif len(part.words) <= 6:
                evidence[part.text] += self._evidence(part, title)
                places[part.text].append((part, title))
        tails = {" ".join(one.who.split()[-number:]) for one in found for number in (1, 2, 3)}
        people = {name for name, some in places.items() if evidence[name] >= 2 and name not in tails}
        people -= {" ".join(name.split()[-2:]) for name in people if len(name.split()) > 2}
        people = {name for name in people if not self._is_place(name)}
        # A name that goes on behind another one: “Trương Kha”, never a part of a longer one alone.
        for name in sorted(people):
            score = min(0.95, 0.5 + 0.08 * evidence[name])
            for run, title in places[name]:
                is_letter = len(run.words[-1].text) == 1 and self.covered[run.end : run.end + 1] == "."
                end, name = (run.end + 1, f"{run.text}.") if is_letter else (run.end, run.text)
                reason = _("A family name or a title, and capitalised syllables.")
                found.append(
                    Mention(
                        run.start,
                        end,
                        "person",
                        name,
                        score,
                        reason,
                        None,
                        self._gender_of(title, name) or self._gender_before(run),
                    )
                )
        known = [one for one in taken if one.kind == "person"]
        found += self._initials([*known, *(one for one in found if one.kind == "person")])
        return [*found, *self._short_forms(found, known, singles, places, people)]

    # People

    def _initials(self, people: list[Mention]) -> Iterator[Mention]:
        """Yield people whom the article names by letters alone: “em T.”, “bà N.T.H.”, whom “bà H.” means later."""
        names = [one.who for one in people if one.who.endswith(".")]
        pattern = re.compile(
            rf"(?<!\w)({alternatives(self.rules.names_title)}) ((?:[A-ZĐ]\.){{1,4}}(?:[A-ZĐ](?!\w))?)", re.IGNORECASE
        )
        for match in pattern.finditer(self.covered):
            if match[2][0].isupper():
                reason = _("A title or a role stands before the name.")
                gender = self._gender_of(match[1])
                who = next((name for name in names if len(match[2]) == 2 and name.endswith(match[2])), match[2])
                names.append(who)
                yield Mention(match.start(2), match.end(2), "person", who, 0.5, reason, None, gender)

    def _without_title(self, run: Run) -> tuple[Run | None, str]:
        """Return a run without titles and words that begin a sentence, and the title before the name, capitalised or not."""
        before = self.covered[max(0, run.start - 24) : run.start]
        match = self._title_before.search(before)
        title = match[1].strip() if match else ""
        first = 0
        titles = {word.rstrip(".").casefold() for word in self.rules.names_title}
        while first < len(run.words) - 1:
            word = run.words[first].text.rstrip(".")
            is_title = word.casefold() in titles and (
                first > 0 or run.begins_sentence or word.isupper() or "." in word or not title
            )
            if is_title and not (word in self.rules.names_family and (title or first > 0)):
                if self._is_part_of_name(run, first):
                    return None, ""
                title = word
            elif not (first == 0 and run.begins_sentence and word in self.rules.sentences_begin):
                if word not in self.rules.names_not or word in self.rules.names_family:
                    break
                rest = [one.text for one in run.words[first + 1 :]]
                if word in self.rules.names_country and not is_foreign_name(rest) and len(rest) < 3:
                    break  # “Mỹ Tâm”
                title = title or ("role" if word.casefold() in self.rules.role_and_kin else "")
            first += 1
        return run.cut(first), title

    def _is_part_of_name(self, run: Run, number: int) -> bool:
        """Whether a capitalised courtesy title inside a sentence belongs to what is named: “cù lao Ông Hổ”."""
        before = self.covered[max(0, run.start - 2) : run.start].strip()
        if number or run.begins_sentence or before[-1:] in ("", "-", "–", ":", "(", "\n", "•", "*"):
            return False
        following = [word.text for word in run.words[1:]]
        is_courtesy = bool(self._gender_of(run.words[0].text)) or run.words[0].text == "Chú"
        return is_courtesy and (len(following) < 2 or following[0] not in self.rules.names_family)

    def _person_of(self, run: Run, title: str) -> Run | None:
        """Return the name at the end of a run: behind a body or country of its role, or what only stands before it."""
        last = run.words[-1]
        if len(run.words) > 1 and (noun := self.roles.noun_at(last.start)) and noun.end() > run.end:
            return None  # “Phó Chủ nhiệm”
        words = [word.text for word in run.words]
        if len(words) < 3 and not (len(words) == 2 and not is_vietnamese(words[1])):
            return run
        first = without_country(words, self.rules) if len(words) > 2 else 0
        if title in ("", "role") or first:
            noun = self.roles.noun_before(run.start)
            behind_role = noun is not None
            start = person_start(words, self.rules)
            if start is not None and len(words) - start == 3 and is_foreign_name(words[start:]):
                led_by = self.roles.noun_before(run.words[start].start)
                if led_by is not None and led_by[0].casefold() in self._roles_of_companies:
                    start, behind_role = start + 1, True  # “CEO Apple Tim Cook”
            # “Khmer Trương Vĩnh Tồn”: a word that is no family name before one that is.
            if start is not None and (behind_role or (words[0] not in self.rules.names_family and start == 1)):
                first = max(first, start)
        return run.cut(first)

    def _body_of(self, run: Run, title: str) -> Mention | None:
        """Return a body that is told by a small word before it, or by a word in it: “tờ Veyrac Tribune”."""
        words = [word.text for word in run.words]
        has_word = len(words) > 1 and bool(self._brand_words & set(words[1:])) and not title
        is_person = title or is_common_family(words[0], self.rules) or any(word in ("Thị", "Văn") for word in words)
        has_kind = not is_person and self._kind_before.search(self.covered[max(0, run.start - 40) : run.start])
        if not has_word and not (has_kind and (len(words) > 1 or (len(words[0]) > 1 and not is_vietnamese(words[0])))):
            return None
        reason = (
            _("A word for a body is part of the name.") if has_word else _("A word for a body stands before the name.")
        )
        return Mention(run.start, run.end, "organization", self.article.text[run.start : run.end], 0.6, reason)

    @cached_property
    def _kind_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)(?<![Bb]an ){alternatives(self.rules.organizations_kind)} $")

    def _is_behind_role(self, run: Run) -> bool:
        """Whether one word stands between a role and a verb of speech: “cô giáo Hạnh hỏi”."""
        before = self.covered[max(0, run.start - 40) : run.start]
        role = self._role_before.search(before)
        is_next = role is not None and len(role[0].split()) <= 3 and not self._place_before.search(before)
        return (
            is_next
            and is_vietnamese(run.text)
            and bool(self._cue_behind.match(self.covered[run.end : run.end + _NEAR]))
        )

    def _is_place(self, name: str) -> bool:
        """Whether a name that begins a sentence is a place elsewhere: “Hồ Khe Lim”, and “hồ Khe Lim”."""
        kind, _blank, rest = name.partition(" ")
        return kind.casefold() in self.rules.names_place_before and f" {kind.casefold()} {rest}" in self.covered

    @cached_property
    def _roles_of_companies(self) -> frozenset[str]:
        return frozenset(word.casefold() for word in self.rules.roles_company)

    @cached_property
    def _brand_words(self) -> frozenset[str]:
        return frozenset(self.rules.organizations_word)

    @cached_property
    def _title_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)({alternatives(self.rules.names_title)}) $", re.IGNORECASE)

    @cached_property
    def _role_before(self) -> re.Pattern[str]:
        words = alternatives([*self.rules.roles_word, *self.rules.names_kin])
        return re.compile(rf"(?<!\w){words}(?: [^\W\d_]+){{0,2}} $", re.IGNORECASE)

    @cached_property
    def _cue(self) -> re.Pattern[str]:
        return words_pattern([*self.rules.speech_say, *self.rules.speech_state, *self.rules.speech_ask])

    @cached_property
    def _cue_behind(self) -> re.Pattern[str]:
        cues = alternatives([*self.rules.speech_say, *self.rules.speech_ask, *self.rules.speech_quote])
        between = alternatives(self.rules.speech_between)
        return re.compile(rf"(?: \([^)]{{1,40}}\))?,? (?:{between} )*{cues}(?!\w)")

    @cached_property
    def _apposition(self) -> re.Pattern[str]:
        words = alternatives([*self.rules.roles_word, *self.rules.names_kin])
        return re.compile(
            rf" \(\d\d? tuổi|,? \d\d? tuổi|(?: \([^)]{{1,40}}\))?(?:,| -| –) {words}(?!\w)|, người ", re.IGNORECASE
        )

    @cached_property
    def _link_behind(self) -> re.Pattern[str]:
        """A small word behind a name that is no verb: “New York và”."""
        return re.compile(rf" {alternatives([*self.rules.reference_object, *self.rules.reference_adjunct])}(?!\w)")

    @cached_property
    def _place_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.names_place_before)} $", re.IGNORECASE)

    def _evidence(self, run: Run, title: str) -> float:
        before = self.covered[max(0, run.start - _NEAR) : run.start]
        behind = self.covered[run.end : run.end + _NEAR]
        words = [word.text for word in run.words]
        is_led = self._is_named_by_role(run)
        evidence = 0.0
        role = self._role_before.search(before)
        # “tuyên bố sẽ thăm”: a noun for a person inside a verb is none.
        is_verb = role is not None and any(one.start() < role.start() < one.end() for one in self._cue.finditer(before))
        if title:
            evidence += 3
        elif is_led or (role and not is_verb and not self._place_before.search(before)):
            evidence += 2.5
        if run.words[0].text in self.rules.names_family and len(run.words) >= 2:
            evidence += 1.5 if len(run.words) == 2 else 2
        if any(word.text in ("Thị", "Văn") for word in run.words[1:-1]):
            evidence += 1
        if self._cue_behind.match(behind):
            evidence += 2
        if self._apposition.match(behind):
            evidence += 2
        if is_foreign_name(words):
            evidence += 1
            is_subject = re.match(r" [^\W\d_A-Z]", behind) and not self._link_behind.match(behind)
            if is_subject and not any(is_vietnamese(word) for word in words):
                evidence += 1
        is_place = self._place_before.search(before) or words[0] in self.rules.names_place
        if (is_place or run.text in self.rules.names_place) and not title and not is_led:
            evidence -= 3
        if any(word.text.isupper() and len(word.text) > 1 for word in run.words):
            evidence -= 2
        return evidence

    def _is_named_by_role(self, run: Run) -> bool:
        """Whether a name that a family name begins, or one from abroad, stands behind a role and its body."""
        words = [word.text for word in run.words]
        return (is_foreign_name(words) or person_start(words, self.rules) == 0) and (
            self.roles.noun_before(run.start) is not None
        )

    @cached_property
    def _gendered(self) -> re.Pattern[str]:
        return words_pattern([*self.rules.reference_man, *self.rules.reference_woman])

    def _gender_before(self, run: Run) -> str:
        """Return what the words before a name say: “Cô cháu nội Võ Sếu Nhỏ”, “nữ đại biểu”."""
        before = re.split(r"[.,;:()\n\ue000-\ue002]", self.covered[max(0, run.start - 40) : run.start])[-1]
        words = self._gendered.findall(" ".join(before.split()[-5:]))
        return self._gender_of(words[-1]) if words else ""

    def _gender_of(self, title: str, name: str = "") -> str:
        folded, middle = title.casefold(), name.split()[1:-1]
        if folded in self.rules.reference_man:
            return "he"
        if folded in self.rules.reference_woman:
            return "she"
        return "she" if "Thị" in middle else "he" if "Văn" in middle[:1] else ""

    def _short_forms(
        self,
        found: list[Mention],
        known: list[Mention],
        singles: list[tuple[Run, str]],
        places: dict[str, list[tuple[Run, str]]],
        people: set[str],
    ) -> list[Mention]:
        """Return given names that stand for whoever was named in full, with or without a title."""
        of_word: dict[str, list[Mention]] = defaultdict(list)
        of_first: dict[str, list[Mention]] = defaultdict(list)  # “ông Park”: where the family name stands first
        for mention in sorted([*found, *known], key=lambda one: one.start):
            if mention.kind == "person":
                of_word[mention.who.split()[-1]].append(mention)
                of_word[" ".join(mention.who.split()[-2:])].append(mention)
                of_first[mention.who.split()[0]].append(mention)
        genders = {one.who: one.gender for one in found if one.kind == "person" and one.gender}
        short = []
        longer = [(run, title) for name, some in places.items() if name not in people for run, title in some]
        for run, title in [*singles, *longer]:
            gender = self._gender_of(title)
            called = of_word.get(run.text) or (of_first.get(run.text, []) if gender else [])
            named = [one for one in called if not gender or genders.get(one.who, gender) == gender]
            behind = self.covered[run.end : run.end + _NEAR]
            is_called = bool(title) or self._is_behind_role(run)
            if named and (title or not run.begins_sentence or self._cue_behind.match(behind) or len(run.text) > 3):
                if self._place_before.search(self.covered[max(0, run.start - 24) : run.start]) and not title:
                    continue
                earlier = [one for one in named if one.start < run.start]
                who = (earlier or named)[-1 if earlier else 0].who
                short.append(short_mention(run.start, run.end, who, gender))
            elif (
                is_called
                and title != "role"
                and len(run.text) > 1
                and len(run.words) == 1
                and not run.text.isupper()
                and title.casefold() not in self.rules.names_title_only_full
            ):
                short.append(
                    Mention(
                        run.start,
                        run.end,
                        "person",
                        run.text,
                        0.65,
                        _("A title or a role stands before the name."),
                        None,
                        gender,
                    )
                )
        return short
