"""Who speaks in Vietnamese, where “bà”, “ông” and “vị chuyên gia” stand for names all the time."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from functools import cached_property

from desk.proposals.article import COVER_CLOSE
from desk.proposals.mentions import Mention
from desk.proposals.references import SpeakingSubject
from desk.proposals.rules import alternatives, words_pattern
from desk.proposals.subjects import Subjects
from desk.proposals.vietnamese.runs import RolePhrases

_MOST_SENTENCES = 10  # looked at before a pronoun
_MOST_OF_MANNER = 4  # words between a subject and its verb
_LONGEST_ADJUNCT = 90  # characters
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
            rf"(?<!\w){alternatives([*self.rules.reference_object, *self.rules.names_kin])} (?:{titles} )?$",
            re.IGNORECASE,
        )

    @cached_property
    def _subordinate(self) -> re.Pattern[str]:
        links = alternatives(self.rules.sentences_begin)
        return re.compile(rf"(?:{links} )?{alternatives(self.rules.reference_while)}(?!\w)", re.IGNORECASE)

    def person_before(self, place: int, gender: str) -> Mention | None:
        """Return the person whom a pronoun at this place means."""
        found = self.acting_before(place, gender)
        if found is not None:
            return found
        last = self.last
        if last is not None and last.is_person and last.who and self.mentions.fits(last.who, gender):
            return Mention(*last.span, "person", last.who, record=last.record)
        return self.mentions.last_before(place, "person", gender)

    def acting_before(self, place: int, gender: str) -> Mention | None:
        """Return who speaks or acts in the last sentence that has such a person, in this paragraph or the one before.

        A sentence that a pronoun begins (“Bà ngồi xuống”) leads back to the sentences and the paragraph before it.
        """
        furthest = self.article.paragraph_at(place) - 1
        number = bisect_right(self._starts, place) - 1
        for sentence in reversed(self.article.sentences[max(0, number - _MOST_SENTENCES) : number + 1]):
            if sentence.paragraph < furthest:
                break
            end = min(sentence.end, place)
            last = self.last
            spoke = last is not None and sentence.start <= self.last_place < end
            if last is not None and spoke and last.is_person and last.who and self.mentions.fits(last.who, gender):
                return Mention(*last.span, "person", last.who, record=last.record)
            subject = self.subject_of(sentence.start, end, gender)
            if subject is not None:
                return subject
            pronoun = self._leading_pronoun.match(self.covered, sentence.start, end)
            if pronoun is not None:
                called = "he" if pronoun[1] else "she"
                if gender in ("", called):
                    gender, furthest = called, sentence.paragraph - 1
        return None

    @cached_property
    def _leading_pronoun(self) -> re.Pattern[str]:
        he, she = alternatives(self.rules.reference_he), alternatives(self.rules.reference_she)
        return re.compile(rf"(?:({he})|({she}))(?!\w)", re.IGNORECASE)

    def subject_of(self, begin: int, end: int, gender: str = "") -> Mention | None:
        """Return the person who is rather the subject of a sentence than “chồng của bà Lụa” or “khi bà Lụa nằm viện, …”."""
        people = [
            one
            for one in self.mentions.between(begin, end)
            if one.kind == "person" and self.mentions.fits(one.who, gender) and self.covered[one.start].isupper()
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
        # Whoever acts in the paragraph, if once called so, comes before the last one who was.
        begin = self.article.paragraphs[self.article.paragraph_at(place)][0]
        near = self.person_before(place, "") if self.mentions.between(begin, place) else None
        if near is not None and any(
            one.who == near.who and self._is_called(number, before, called) for number, one in enumerate(before)
        ):
            return near
        for number in range(len(before) - 1, -1, -1):
            if before[number].kind == "person" and self._is_called(number, before, called):
                return before[number]
        return None

    def _is_called(self, number: int, before: list[Mention], called: re.Pattern[str]) -> bool:
        """Whether a noun stands beside a name, by its number among those before a place."""
        mention = before[number]
        earlier = next((one.end for one in reversed(before[:number]) if one.kind == "person"), 0)
        begin = max(earlier, mention.start - 90)
        head = re.split(r"[.!?;:\n\ue002]\s|[\n\ue002]", self.covered[begin : mention.start])[-1]
        behind = self.covered[mention.end : mention.end + 60]
        follows = before[number + 1].start - mention.end if number + 1 < len(before) else len(behind)
        behind = behind[: max(0, follows)] if _APPOSITION.match(behind) else ""
        # “con gái nghệ sĩ” is no artist: the first noun of an apposition says who somebody is.
        first = self._noun_or_title.search(re.split(r"[.!?;:\n\ue002]", behind)[0])
        return bool(called.search(head) or (first and called.match(first[0])))

    @cached_property
    def _noun_or_title(self) -> re.Pattern[str]:
        rules = self.rules
        return words_pattern([*rules.roles_word, *rules.reference_group, *rules.names_kin, *rules.names_title])

    # Left of a verb

    @cached_property
    def _adjunct(self) -> re.Pattern[str]:
        """What may stand between a subject and its verb: “chiều 5/6”, “tại họp báo”, “trên trang cá nhân”."""
        links = alternatives(self.rules.reference_adjunct)
        return re.compile(rf"\s{links}(?!\w)[^,.;:()\n\ue000-\ue002]{{0,80}}$", re.IGNORECASE)

    def _without_words_between(self, begin: int, place: int) -> int:
        place = super()._without_words_between(begin, place)
        if self.mentions.ending_at(place) is not None:
            return place
        from_here = max(begin, place - _LONGEST_ADJUNCT)
        text = self.covered[from_here:place]
        for match in re.finditer(r"\s(?=\S)", text):
            start = from_here + match.start()
            if not self._adjunct.match(self.covered[start:place]) or self._finite.search(text, match.start()):
                continue
            subject = super()._without_words_between(begin, start)
            if self._is_named(begin, subject):
                return subject
        # Words of manner or the beginning of a verb that no list has: “Butler cay đắng”, “bà tâm niệm rằng”.
        for manner in re.finditer(rf" (?=(?:[^\W\d_]+ ){{0,{_MOST_OF_MANNER - 1}}}[^\W\d_]+$)", text):
            words = text[manner.start() :]
            subject = from_here + manner.start()
            if words.islower() and not self._finite.search(words) and self._is_named(begin, subject):
                is_name = self.mentions.ending_at(subject) is not None
                return subject if is_name or not self.known_noun.match(self._words_at_end(subject, words)) else place
        return place

    def _words_at_end(self, subject: int, words: str) -> str:
        """Return the pronoun that ends at a place with the words behind it: “bà con”."""
        pronoun = self._pronoun.search(self.covered[max(0, subject - 24) : subject])
        return (pronoun[0] if pronoun else "") + words

    def _is_named(self, begin: int, place: int) -> bool:
        """Whether a name or a pronoun ends here."""
        return self.mentions.ending_at(place) is not None or bool(self._pronoun.search(self.covered[begin:place]))

    @cached_property
    def _finite(self) -> re.Pattern[str]:
        return words_pattern([*self.rules.roles_stop, *self.rules.speech_say])

    def _noun_first(self, begin: int, place: int) -> SpeakingSubject | None:
        """Return the subject of “một số hộ dân”, “Lãnh đạo thị xã”: a noun that begins its clause, with what belongs to it."""
        text = self.covered[begin:place]
        cut = max(text.rfind(mark) for mark in (",", ";", ":", COVER_CLOSE, "(", "–"))
        clause = text[cut + 1 :]
        start = place - len(clause.lstrip())
        match = self._noun_ahead.match(self.covered, start, place)
        if match is None:
            links = list(
                re.finditer(
                    r"(?:^|(?<= ))(?:nhưng|còn|song|và|khi|khiến|vì|nên|mà|để|rằng|dẫn lời|trích lời|theo) ", clause
                )
            )
            if links:
                start = place - len(clause) + links[-1].end()
                match = self._noun_ahead.match(self.covered, start, place)
        if match is None:
            return self._unknown_name(start, place) or self._some_people(start, place)
        mention = self.mentions.starting_at(start)
        if mention is not None and mention.kind == "organization" and mention.end < place:
            return self._of_mention(mention, begin)
        same = _SAME_PERSON.match(self.covered, match.end(), place)
        end = same.end() if same else place
        if not same and re.search(
            r" (?:rồi|và|liền|bèn)$|(?<= )(?:một lúc|hồi lâu)", self.covered[match.end() : place]
        ):
            end = match.end()  # “nữ giám đốc nghĩ một lúc rồi”
        return self.of_noun((start, end)) if len(self.covered[start:end].split()) <= _MOST_WORDS else None

    def _unknown_name(self, start: int, place: int) -> SpeakingSubject | None:
        """Return the subject of capitalised words that fill the clause before a verb: “HĐXX”, “Reuters”."""
        words = self.covered[start:place].split()
        if not 1 <= len(words) <= 5 or not all(word[0].isupper() for word in words):
            return None
        if words[0] in self.rules.sentences_begin or any(re.search(r"[^\w.&’'+-]", word) for word in words):
            return None
        return SpeakingSubject((start, place), (start, place), None)

    def _some_people(self, start: int, place: int) -> SpeakingSubject | None:
        """Return the subject of “Các chủ vuông tôm”, “Một người nuôi tôm giấu tên”: people of a kind that no list has."""
        text = self.covered[start:place]
        several = re.match(rf"{alternatives(self.rules.reference_the)} ", text, re.IGNORECASE)
        if several is None or not 2 <= len(text.split()) <= _MOST_WORDS or self._finite.search(text):
            return None
        return SpeakingSubject((start, place), (start, place), None, is_person=True)

    @cached_property
    def _roles(self) -> RolePhrases:
        return RolePhrases(self.covered, self.rules)

    def _start_of_phrase(self, mention: Mention, begin: int) -> int:
        """Return where titles, roles and bodies before a name begin: at “Bí thư” of “Bí thư Tỉnh ủy Quảng Lâm Hồ Viết Thuận”."""
        noun = self._roles.start_before(mention.start) if mention.kind == "person" else None
        return max(begin, noun) if noun is not None else super()._start_of_phrase(mention, begin)

    def is_inside_role(self, begin: int, end: int) -> bool:
        """Whether a verb belongs to a role: “chuyên gia phân tích Lương Gia Bách”."""
        name = self.mentions.starting_at(end + 1)
        before = self.covered[max(0, begin - 30) : begin].rstrip()
        noun = list(self.known_noun.finditer(before))
        return name is not None and name.kind == "person" and bool(noun) and noun[-1].end() == len(before)
