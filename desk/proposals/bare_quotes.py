"""Quotes beside a person without a verb of speech that a list has: “…”, he grins; “Her voice breaks: …”."""

from __future__ import annotations

import re

from .article import COVER, COVER_CLOSE, COVER_OPEN, Article, Sentence
from .mentions import Mentions
from .proposal import Span
from .references import SpeakingSubject
from .rules import alternatives, words_pattern
from .subjects import Subjects

_AFTER_COLON = re.compile(rf":\s*({COVER_OPEN}{COVER}*{COVER_CLOSE}?)")
_AT_START = re.compile(rf"(?:[–—-]\s+)?({COVER_OPEN}{COVER}*{COVER_CLOSE})\s*[,–—-]?\s*(?=[^\W\d_])")
_IS_HOW = re.compile(rf"({COVER_OPEN}{COVER}*{COVER_CLOSE}),? (?:is|was) how ")
_POSSESSIVE = {"his": "he", "her": "she", "their": "they", "its": "it"}
_TOPIC = re.compile(
    r"(?:On|Of|As for|About|To|And|But|For|Asked|Pressed|Then|Why|Or)\b[^.;]{0,80}$"
)  # “On the budget:”
_FEWEST_WORDS = 4  # of words in marks that are rather a sentence than a title
_LONGEST_TAIL = 160  # characters behind a person to the end of the sentence


class BareQuotes:
    """Finds the person of a sentence whose quotation no verb of speech governs, in languages with blanks between words."""

    def __init__(self, article: Article, mentions: Mentions, subjects: Subjects) -> None:
        self.article, self.mentions, self.subjects = article, mentions, subjects
        self.covered, rules = article.covered, article.rules
        pronouns = alternatives([*rules.reference_he, *rules.reference_she, *rules.reference_anybody])
        self._pronoun = re.compile(rf"(?:^|(?<=, )){pronouns}(?!\w)", re.IGNORECASE)
        nouns = alternatives([*rules.roles_word, *rules.names_kin])
        articles = alternatives(rules.reference_the)
        self._noun = re.compile(rf"(?:^|(?<=, ))(?:{articles} (?:[\w’'-]+ ){{0,2}}?)?{nouns}(?!\w)", re.IGNORECASE)
        self._title = words_pattern(rules.marks_title_before)

    def find(self, sentence: Sentence) -> list[tuple[SpeakingSubject, Span, Span]]:
        """Return (person, place of the colon or comma, words) of a sentence, at most one."""
        for quotation, person in (self._behind_colon(sentence), self._before_person(sentence)):
            if quotation is not None and person is not None and self._is_speech(quotation):
                return [(person, (person.span[1], person.span[1]), quotation)]
        return []

    def person_of(self, begin: int, end: int) -> SpeakingSubject | None:
        """Return who acts in a stretch: the first person named, or whom the pronoun or role at its beginning means."""
        people = [one for one in self.mentions.between(begin, end) if one.kind == "person"]
        text = self.covered[begin:end]
        for pattern in (self._pronoun, self._noun):
            match = pattern.search(text)
            if match and not (people and people[0].start <= begin + match.end() + 60):
                span = (begin + match.start(), begin + match.end())
                if pattern is self._pronoun:
                    return self.subjects.of_pronoun(span, match[0])
                return self.subjects.of_noun(span)
        if not people:
            return None
        first = people[0]
        return SpeakingSubject(first.span, first.span, first.who, first.record, is_person=True)

    def _behind_colon(self, sentence: Sentence) -> tuple[Span | None, SpeakingSubject | None]:
        match = _AFTER_COLON.search(self.covered, sentence.start, sentence.end)
        if match is None:
            return None, None
        head = self.covered[sentence.start : match.start()]
        last_words = head[-24:]
        if COVER in head or any(one.end() == len(last_words) for one in self._title.finditer(last_words)):
            return None, None
        return match.span(1), self.person_of(sentence.start, match.start()) or self._meant(
            sentence.start, match.start()
        )

    def _meant(self, begin: int, end: int) -> SpeakingSubject | None:
        """Return whom “His verdict: …”, “On the budget: …” and “The report’s conclusion: …” mean, in English."""
        if self.article.language != "en":
            return None
        head = self.covered[begin:end]
        for word, pronoun in _POSSESSIVE.items():
            if match := re.match(rf"{word} [\w’'-]+", head, re.IGNORECASE):
                return self.subjects.of_pronoun((begin, begin + match.end()), pronoun)
        paragraph = self.article.paragraph_at(begin)
        last = self.subjects.last
        if last is not None and self.article.paragraph_at(self.subjects.last_place) == paragraph and _TOPIC.match(head):
            return last
        return self.subjects.noun_at(begin, end)

    def _before_person(self, sentence: Sentence) -> tuple[Span | None, SpeakingSubject | None]:
        how = _IS_HOW.match(self.covered, sentence.start, sentence.end)
        if how is not None and self.article.language == "en":
            return how.span(1), self.subjects.right_of(how.end(), sentence.end)
        match = _AT_START.match(self.covered, sentence.start, sentence.end)
        if match is None or sentence.end - match.end() > _LONGEST_TAIL:
            return None, None
        person = self.subjects.right_of(match.end(), sentence.end)
        by_dash = match[0].rstrip().endswith(("–", "—"))
        if person is None or not (person.is_person or by_dash) or person.outer[0] != match.end():
            return None, None
        behind = self.covered[person.span[1] : sentence.end]
        return (match.span(1), person) if by_dash or re.match(r"[, ]", behind) else (None, None)

    def _is_speech(self, span: Span) -> bool:
        """Whether words in marks are a sentence rather than a title."""
        words = self.article.text[slice(*span)].strip("”“‟\"»」』’'›‘ ")
        small = [word for word in words.split()[1:] if word[:1].islower()]
        if (words[-1:] and words[-1] in ".!?…") or (words[:1].isupper() and words.endswith(",")):
            return True
        return words[:1].isupper() and len(words.split()) >= _FEWEST_WORDS and len(small) * 2 >= len(words.split()) - 1
