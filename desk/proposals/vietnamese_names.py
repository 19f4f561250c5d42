"""Names of people, bodies and events in Vietnamese: a family name and more capitalised syllables, heads of bodies."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property

from django.utils.translation import gettext as _

from .article import Article
from .latin_runs import Run, capital_runs
from .mentions import Mention, NameKind
from .rules import alternatives

_NEAR = 60
_LONGEST_BODY = 12  # syllables
_TOKEN = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


class VietnameseNames:
    """Finds the names of one article."""

    def __init__(self, article: Article) -> None:
        self.article, self.rules, self.covered = article, article.rules, article.covered

    def mentions(self, taken: Iterable[Mention]) -> list[Mention]:
        """Return the mentions of new names. What `taken` names already is left alone."""
        taken = list(taken)
        occupied = {place for mention in taken for place in range(mention.start, mention.end)}
        found = [one for one in self._bodies() if one.start not in occupied]
        occupied |= {place for mention in found for place in range(mention.start, mention.end)}
        evidence: dict[str, float] = defaultdict(float)
        places: dict[str, list[tuple[Run, str]]] = defaultdict(list)
        singles: list[tuple[Run, str]] = []
        for run in capital_runs(self.article):
            part, title = self._without_title(run)
            if part is None or part.start in occupied:
                continue
            if len(part.words) == 1:
                singles.append((part, title))
            elif len(part.words) <= 6:
                evidence[part.text] += self._evidence(part, title)
                places[part.text].append((part, title))
        tails = {" ".join(one.who.split()[-number:]) for one in found for number in (1, 2, 3)}
        people = {name for name, some in places.items() if evidence[name] >= 2 and name not in tails}
        # A name that goes on behind another one: “Trương Kha”, never a part of a longer one alone.
        for name in sorted(people):
            score = min(0.95, 0.5 + 0.08 * evidence[name])
            for run, title in places[name]:
                reason = _("A family name or a title, and capitalised syllables.")
                found.append(Mention(run.start, run.end, "person", name, score, reason, None, self._gender_of(title)))
        known = [one for one in taken if one.kind == "person"]
        return [*found, *self._short_forms(found, known, singles, places, people)]

    # Bodies and events

    @cached_property
    def _head(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<!\w){alternatives([*self.rules.organizations_joined, *self.rules.events_word])}(?!\w)(?! trưởng)"
        )

    def _bodies(self) -> list[Mention]:
        stops = {
            *self.rules.verbs_finite,
            *self.rules.speech_between,
            "của",
            "tại",
            "ở",
            "khi",
            "về",
            "với",
            "theo",
            "quyết",
            "do",
            "trong",
            "trên",
            "cùng",
            "hay",
            "mà",
            "nhưng",
            "tổ",
            "nói",
            "kể",
            "đứng",
            "tiến",
            "bắt",
            "chính",
            "cho",
            "hôm",
            "sau",
            "trước",
            "để",
            "từ",
            "đến",
            "vào",
            "ra",
            "tài",
            "mở",
            "tiếp",
            "này",
            "đó",
            "ngày",
            "sáng",
            "tối",
            "chiều",
        } | {word.split()[0] for word in (*self.rules.speech_say, *self.rules.speech_state)}
        found: list[Mention] = []
        last_end = -1
        for match in self._head.finditer(self.covered):
            if match.start() < last_end or match[0] in self.rules.names_family:
                continue
            end = self._end_of_body(match.start(), match.end(), stops)
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

    def _is_person_ahead(self, place: int) -> bool:
        """Whether a family name and two more capitalised syllables stand here: the name of whoever heads the body."""
        names = re.match(r"([^\W\d_]+) ([^\W\d_]+) ([^\W\d_]+)", self.covered[place : place + 40])
        return (
            bool(names)
            and names is not None
            and names[1] in self.rules.names_family
            and all(part[0].isupper() for part in names.groups())
        )

    def _end_of_body(self, start: int, head_end: int, stops: set[str]) -> int:
        """Return where the name of a body ends: behind its last capitalised syllable, or the small ones that belong to it."""
        end, at, lowers, capitals = head_end, head_end, 0, 0
        run_of_capitals = 0
        for _number in range(_LONGEST_BODY):
            match = _TOKEN.match(self.covered, at + 1) if self.covered[at : at + 1] == " " else None
            if match is None:
                break
            word = match[0]
            if at > head_end and not self.covered.startswith("Trường", start) and self._is_person_ahead(at + 1):
                break
            if word == "và" and self._head.match(self.covered, match.end() + 1):
                break
            if word[0].isupper() or (
                word.isdigit() and not re.match(r"[-–/,.]\d", self.covered[match.end() : match.end() + 2])
            ):
                capitals += 1
                run_of_capitals += 1
                lowers = 0
                end = match.end()
            else:
                if word in stops:
                    break
                lowers += 1
                if lowers > 5 or (run_of_capitals >= 2 and word not in _INSIDE_BODIES):
                    break
                if run_of_capitals == 1 and lowers == 1:
                    end = match.end()
                if word in _INSIDE_BODIES or capitals == 0:
                    run_of_capitals = 0
                elif lowers >= 2:
                    run_of_capitals = run_of_capitals
            at = match.end()
        else:
            return end
        if capitals and 2 <= lowers <= 5 and run_of_capitals == 1:
            following = _TOKEN.match(self.covered, at + 1)
            if following and following[0] in stops:
                end = at
        return end if capitals else head_end

    # People

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
                title = word
            elif not (first == 0 and run.begins_sentence and word in self.rules.sentences_begin):
                if word not in self.rules.names_not or word in self.rules.names_family:
                    break
                title = title or ("role" if word.casefold() in self.rules.role_and_kin else "")
            first += 1
        return run.cut(first), title

    @cached_property
    def _title_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w)({alternatives(self.rules.names_title)}) $", re.IGNORECASE)

    @cached_property
    def _role_before(self) -> re.Pattern[str]:
        words = alternatives([*self.rules.roles_word, *self.rules.names_kin])
        return re.compile(rf"(?<!\w){words}(?: [^\W\d_]+){{0,2}} $", re.IGNORECASE)

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
    def _place_before(self) -> re.Pattern[str]:
        return re.compile(rf"(?<!\w){alternatives(self.rules.names_place_before)} $", re.IGNORECASE)

    def _evidence(self, run: Run, title: str) -> float:
        before = self.covered[max(0, run.start - _NEAR) : run.start]
        behind = self.covered[run.end : run.end + _NEAR]
        evidence = 0.0
        if title:
            evidence += 3
        elif self._role_before.search(before) and not self._place_before.search(before):
            evidence += 2.5
        if run.words[0].text in self.rules.names_family and len(run.words) >= 2:
            evidence += 1.5 if len(run.words) == 2 else 2
        if any(word.text in ("Thị", "Văn") for word in run.words[1:-1]):
            evidence += 1
        if self._cue_behind.match(behind):
            evidence += 2
        if self._apposition.match(behind):
            evidence += 2
        if self._place_before.search(before) and not title:
            evidence -= 3
        if any(word.text.isupper() and len(word.text) > 1 for word in run.words):
            evidence -= 2
        return evidence

    def _gender_of(self, title: str) -> str:
        folded = title.casefold()
        return "he" if folded in self.rules.reference_man else "she" if folded in self.rules.reference_woman else ""

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
        for mention in sorted([*found, *known], key=lambda one: one.start):
            if mention.kind == "person":
                of_word[mention.who.split()[-1]].append(mention)
                of_word[" ".join(mention.who.split()[-2:])].append(mention)
        genders = {one.who: one.gender for one in found if one.kind == "person" and one.gender}
        short = []
        longer = [(run, title) for name, some in places.items() if name not in people for run, title in some]
        for run, title in [*singles, *longer]:
            gender = self._gender_of(title)
            named = [one for one in of_word.get(run.text, []) if not gender or genders.get(one.who, gender) == gender]
            behind = self.covered[run.end : run.end + _NEAR]
            if named and (title or not run.begins_sentence or self._cue_behind.match(behind) or len(run.text) > 3):
                if self._place_before.search(self.covered[max(0, run.start - 24) : run.start]) and not title:
                    continue
                earlier = [one for one in named if one.start < run.start]
                who = (earlier or named)[-1 if earlier else 0].who
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
            elif (
                title
                and title != "role"
                and len(run.text) > 1
                and len(run.words) == 1
                and not run.text.isupper()
                and self._gender_of(title)
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


_INSIDE_BODIES = frozenset(
    "và thị xã tỉnh thành phố huyện quận phường tiểu học trung phổ thông đại cổ phần dân nhân bang nước".split()  # noqa: SIM905
)
