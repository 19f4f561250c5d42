"""Whom the words beside a verb of speech mean: the person of a pronoun, the body of “the company”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from .article import Article
from .mentions import Mention, Mentions
from .proposal import RecordReference, Span, Speaker
from .rules import words_pattern

_SAME_PERSON = re.compile(r"^(?!một )(?:.* này$|.* \d\d tuổi$|.* sinh năm \d{4}$|(?:nữ|vị) )", re.IGNORECASE)

_LEAD = 45  # characters from the beginning of a sentence in which its subject stands


@dataclass(frozen=True)
class SpeakingSubject:
    """The words that name a speaker. `outer` takes in title, role and apposition."""

    span: Span
    outer: Span
    who: str | None
    record: RecordReference | None = None
    is_pronoun: bool = False
    is_person: bool = False

    def speaker(self, text: str) -> Speaker:
        """Return the speaker as it is proposed."""
        return Speaker(text[slice(*self.span)], self.span, self.who, self.record)


class ReferringWords:
    """Finds whom a pronoun or a noun of an article means, and remembers who spoke last."""

    def __init__(self, article: Article, mentions: Mentions) -> None:
        self.article, self.rules, self.mentions = article, article.rules, mentions
        self.covered = article.covered
        self.last: SpeakingSubject | None = None  # who spoke last
        self.last_place = -1

    @cached_property
    def known_noun(self) -> re.Pattern[str]:
        """A noun of the lists for a person or a body: “minister”, “company”, “mother”."""
        rules = self.rules
        return words_pattern([*rules.roles_word, *rules.reference_group, *rules.names_kin])

    def of_pronoun(self, span: Span, word: str) -> SpeakingSubject:
        """Return the subject that a pronoun means."""
        rules, folded = self.rules, word.casefold()
        if folded in (one.casefold() for one in rules.reference_they):
            mention = self.mentions.last_before(span[0], "organization", most=12)
            return SpeakingSubject(
                span, span, mention.who if mention else None, mention.record if mention else None, is_pronoun=True
            )
        gender = ""
        if folded in (one.casefold() for one in rules.reference_he):
            gender = "he"
        elif folded in (one.casefold() for one in rules.reference_she):
            gender = "she"
        return self.pronoun_for(span, gender)

    def pronoun_for(self, span: Span, gender: str) -> SpeakingSubject:
        """Return the subject that a pronoun of this gender means: who was named or spoke last."""
        mention = self.person_before(span[0], gender)
        if mention is None:
            return SpeakingSubject(span, span, None, is_pronoun=True, is_person=True)
        if gender:
            self.mentions.note_gender(mention.who, gender)
        return SpeakingSubject(span, span, mention.who, mention.record, is_pronoun=True, is_person=True)

    def person_before(self, place: int, gender: str) -> Mention | None:
        """Return the person whom a pronoun at this place means: the first of the sentence, else of the paragraph before it."""
        paragraph = self.article.paragraph_at(place)
        begin = self.article.paragraphs[paragraph][0]
        nearby = [
            one
            for one in self.mentions.between(begin, place)
            if one.kind == "person" and self.mentions.fits(one.who, gender)
        ]
        if nearby:
            # The subject of a sentence stands before other people in it; a later sentence counts more.
            stops = [match.end() for match in re.finditer(r"[.!?…](?=\s)|\ue002(?=\s)", self.covered[begin:place])]
            last_stop = begin + max((stop for stop in stops if begin + stop <= nearby[-1].start), default=0)
            subjects = [one for one in nearby if one.start >= last_stop]
            return subjects[0]
        if (
            self.last is not None
            and self.last.is_person
            and self.last.who
            and self.mentions.fits(self.last.who, gender)
        ):
            between = [
                one
                for one in self.mentions.between(self.last_place, begin)
                if one.kind == "person" and one.who != self.last.who and self._leads(one, gender)
            ]
            if not between or paragraph - self.article.paragraph_at(self.last_place) <= 1:
                return Mention(*self.last.span, "person", self.last.who, record=self.last.record)
        return self.mentions.last_before(place, "person", gender)

    def _leads(self, person: Mention, gender: str) -> bool:
        """Whether a person of this gender stands near the beginning of a sentence, where its subject stands."""
        if not self.mentions.fits(person.who, gender):
            return False
        before = self.covered[max(0, person.start - _LEAD) : person.start]
        return len(before) < _LEAD or bool(re.search(r"\n|[.!?…\ue002][”’\"')]? ", before))

    def of_noun(self, span: Span) -> SpeakingSubject:
        """Return the subject of “the company”, “the minister”: the last one named to whom the noun applies."""
        text = self.covered[slice(*span)]
        nouns = list(self.known_noun.finditer(text))
        noun = (nouns[0] if self.article.language == "vi" else nouns[-1])[0].casefold() if nouns else text.casefold()
        rules = self.rules
        if noun in (one.casefold() for one in rules.reference_group):
            if self.article.language == "en" and re.search(r" [^\W\d_a-z]", text):
                return SpeakingSubject(span, span, None)  # a name of its own: “the Dockers’ union”
            singular = noun.rstrip("s")
            for mention in reversed(self.mentions.before(span[0])):
                if mention.kind == "organization" and singular in mention.who.casefold():
                    return SpeakingSubject(span, span, mention.who, mention.record)
            body = self.mentions.last_before(span[0], "organization", most=12)
            if (
                body is not None
                and not noun.endswith("s")
                and text.casefold().startswith(("the ", "its "))
                and noun not in rules.reference_document
            ):
                return SpeakingSubject(span, span, body.who, body.record)
            return SpeakingSubject(span, span, None)
        called = self.person_called(noun, span[0])
        if called is not None:
            return SpeakingSubject(span, span, called.who, called.record, is_person=True)
        gender = "he" if noun in rules.reference_man else "she" if noun in rules.reference_woman else ""
        if gender and (self.article.language == "vi" or text.casefold().startswith("the ")):
            found = self.pronoun_for(span, gender)
            return SpeakingSubject(span, span, found.who, found.record, is_person=True)
        if self.article.language == "vi" and _SAME_PERSON.search(text):
            found = self.pronoun_for(span, "she" if text.casefold().startswith("nữ ") else "")
            return SpeakingSubject(span, span, found.who, found.record, is_person=True)
        return SpeakingSubject(span, span, None, is_person=True)

    def person_called(self, noun: str, place: int) -> Mention | None:
        """Return the last person before a place beside whose name a noun stands."""
        for mention in reversed(self.mentions.before(place)):
            if mention.kind != "person":
                continue
            near = (
                self.covered[max(0, mention.start - 60) : mention.start]
                + self.covered[mention.end : min(mention.end + 60, place)]
            )
            if re.search(rf"(?<!\w){re.escape(noun)}(?!\w)", near, re.IGNORECASE):
                return mention
        return None

    def is_inside_role(self, begin: int, end: int) -> bool:
        """Whether a verb between two places belongs to a role; Vietnamese has such ones."""
        return False
