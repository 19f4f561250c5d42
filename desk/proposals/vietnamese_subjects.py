"""Who speaks in Vietnamese, where “bà”, “ông” and “vị chuyên gia” stand for names all the time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from .article import COVER_CLOSE
from .mentions import Mention
from .references import SpeakingSubject
from .rules import alternatives
from .subjects import Subjects

_MOST_SENTENCES = 10  # looked at before a pronoun
_MOST_WORDS = 9  # of a noun with what belongs to it
_SAME_PERSON = re.compile(r"(?: [^\W\d_]+){0,3}? (?:này|ấy|đó|kia|nọ|\d\d tuổi|sinh năm \d{4})(?!\w)")
_APPOSITION = re.compile(r"(?: \([^)]{1,40}\))?(?:, | - | – | \(|, là )")


class VietnameseSubjects(Subjects):
    """Finds whom words mean: whoever is the subject of the last sentence that has a subject, or spoke in it."""

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.article.sentences]

    @cached_property
    def _no_subject(self) -> re.Pattern[str]:
        """What stands before a name that is not the subject: “của bà”."""
        titles = alternatives(self.rules.names_title)
        return re.compile(
            rf"(?<!\w){alternatives([*self.rules.reference_object, *self.rules.names_kin])} (?:{titles} )?$", re.IGNORECASE
        )

    @cached_property
    def _subordinate(self) -> re.Pattern[str]:
        links = alternatives(self.rules.sentences_begin)
        return re.compile(rf"(?:{links} )?{alternatives(self.rules.reference_while)}(?!\w)", re.IGNORECASE)

    def person_before(self, place: int, gender: str) -> Mention | None:
        """Return the person whom a pronoun at this place means."""
        paragraph = self.article.paragraph_at(place)
        number = bisect_right(self._starts, place) - 1
        for sentence in reversed(self.article.sentences[max(0, number - _MOST_SENTENCES) : number + 1]):
            if sentence.paragraph < paragraph - 1:
                break
            end = min(sentence.end, place)
            last = self.last
            spoke = last is not None and sentence.start <= self.last_place < end
            if last is not None and spoke and last.is_person and last.who and self.mentions.fits(last.who, gender):
                return Mention(*last.span, "person", last.who, record=last.record)
            subject = self.subject_of(sentence.start, end, gender)
            if subject is not None:
                return subject
        last = self.last
        if last is not None and last.is_person and last.who and self.mentions.fits(last.who, gender):
            return Mention(*last.span, "person", last.who, record=last.record)
        return self.mentions.last_before(place, "person", gender)

    def subject_of(self, begin: int, end: int, gender: str = "") -> Mention | None:
        """Return the person who is rather the subject of a sentence than “chồng của bà Lụa” or “khi bà Lụa nằm viện, …”."""
        people = [
            one
            for one in self.mentions.between(begin, end)
            if one.kind == "person" and self.mentions.fits(one.who, gender)
        ]
        if not people:
            return None
        likely = [
            one for one in people if not self._no_subject.search(self.covered[max(begin, one.start - 40) : one.start])
        ]
        if self._subordinate.match(self.covered, begin, end):
            comma = self.covered.find(",", begin, end)
            behind = [one for one in likely if comma >= 0 and one.start > comma]
            likely = behind or likely
        return (likely or people)[0]

    @cached_property
    def _synonyms(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for entry in self.rules.reference_same:
            noun, _equals, other = entry.partition(" = ")
            found[noun.casefold()].append(other)
        return found

    def person_called(self, noun: str, place: int) -> Mention | None:
        """Return the last person before a place beside whose name a noun stands, or one that means the same."""
        words = alternatives([noun, *self._synonyms.get(noun, ())])
        called = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
        before = self.mentions.before(place)
        for number in range(len(before) - 1, -1, -1):
            mention = before[number]
            if mention.kind != "person":
                continue
            begin = max(before[number - 1].end if number else 0, mention.start - 60)
            head = re.split(r"[.!?;:\n\ue002]\s|[\n\ue002]", self.covered[begin : mention.start])[-1]
            behind = self.covered[mention.end : mention.end + 60]
            follows = before[number + 1].start - mention.end if number + 1 < len(before) else len(behind)
            behind = behind[: max(0, follows)] if _APPOSITION.match(behind) else ""
            if called.search(head) or called.search(re.split(rf"[.!?;:\n{COVER_CLOSE}]", behind)[0]):
                return mention
        return None

    def _noun_first(self, begin: int, place: int) -> SpeakingSubject | None:
        """Return the subject of “một số hộ dân”, “Lãnh đạo thị xã”: a noun that begins its clause, with what belongs to it."""
        text = self.covered[begin:place]
        cut = max(text.rfind(mark) for mark in (",", ";", ":", COVER_CLOSE, "(", "–"))
        clause = text[cut + 1 :]
        start = place - len(clause.lstrip())
        match = self._noun_ahead.match(self.covered, start, place)
        if match is None:
            links = list(re.finditer(r"(?:^|(?<= ))(?:nhưng|còn|song|và|khi|khiến|vì|nên|mà|để|rằng) ", clause))
            if links:
                start = place - len(clause) + links[-1].end()
                match = self._noun_ahead.match(self.covered, start, place)
        if match is None or len(self.covered[start:place].split()) > _MOST_WORDS + 6:
            return None
        same = _SAME_PERSON.match(self.covered, match.end(), place)
        end = same.end() if same else place
        if len(self.covered[start:end].split()) > _MOST_WORDS:
            return None
        return self.of_noun((start, end))
