"""Who says a paragraph that is nothing but somebody's words, as Vietnamese prints them: quotes and lines with a dash."""

from __future__ import annotations

import re

from desk.proposals.vietnamese.subjects import VietnameseSubjects

from .article import Article, Sentence
from .bare_quotes import BareQuotes
from .proposal import Span
from .references import SpeakingSubject

_DASH = re.compile(r"\s*[-–—]\s")
_SHORT = 15  # words of a sentence that only says how somebody speaks
_NEAR = 40  # characters from its beginning to whom it names
_COVERS = re.compile("[\ue000-\ue002]+")


class LoneQuotes:
    """Finds the speakers of one article's paragraphs that hold no verb of speech; knows who spoke in each line with a dash."""

    def __init__(self, article: Article, bare: BareQuotes, subjects: VietnameseSubjects) -> None:
        self.article, self.bare, self.subjects = article, bare, subjects
        self.covered = article.covered
        self._speakers: dict[int, SpeakingSubject | None] = {}  # by the number of the paragraph

    def remember(self, paragraph: int, subject: SpeakingSubject | None) -> None:
        """Keep who speaks in a paragraph."""
        self._speakers[paragraph] = subject

    def find(self, sentence: Sentence) -> tuple[Span, SpeakingSubject | None] | None:
        """Return the words of a paragraph that is a quotation and who says them; None if another rule has to tell."""
        begin, end = self.article.paragraphs[sentence.paragraph]
        if sentence.start == begin and (person := self._named_behind(sentence, end)) is not None:
            return (sentence.start, sentence.end), person
        if sentence.start != begin or _COVERS.sub("", self.covered[begin:end]).strip(" ,.!?…–—-"):
            return None
        words = _COVERS.search(self.covered, begin, end)
        if words is None:
            return None
        is_line = self._is_line(sentence.paragraph)
        announced = self._announced(sentence.paragraph)
        acting = None if is_line or announced is not None else self._acting_before(sentence.paragraph)
        if announced is None and acting is None and not is_line:
            return None
        subject = announced or acting or self._takes_turns(sentence.paragraph)
        if is_line:
            self.remember(sentence.paragraph, subject)
        return (words.start(), end), subject

    def _named_behind(self, sentence: Sentence, end: int) -> SpeakingSubject | None:
        """Return who acts in a short sentence behind a quoted one: “…”. Ông Bảy cười hiền."""
        rest = self.covered[sentence.end : end]
        behind = rest.strip()
        if _COVERS.sub("", self.covered[sentence.start : sentence.end]).strip(" ,.!?…") or not behind:
            return None
        if _COVERS.search(rest) or len(behind.split()) > _SHORT or re.search(r"[.!?…]\s", behind):
            return None
        start = sentence.end + len(rest) - len(rest.lstrip())
        person = self.bare.person_of(start, end)
        return person if person is not None and person.span[0] - start <= _NEAR else None

    def _is_line(self, paragraph: int) -> bool:
        return paragraph >= 0 and _DASH.match(self.covered, self.article.paragraphs[paragraph][0]) is not None

    def _announced(self, paragraph: int) -> SpeakingSubject | None:
        """Return who acts in the last sentence of the paragraph before, if a colon ends it."""
        if not paragraph:
            return None
        begin, end = self.article.paragraphs[paragraph - 1]
        if self.covered[end - 1] != ":" or self._is_line(paragraph - 1):
            return None
        stops = [stop.end() for stop in re.finditer(r"[.!?…\ue002]\s+", self.covered[begin:end])]
        start = begin + (stops[-1] if stops else 0)
        return self.bare.person_of(start, end) or self.bare.person_of(begin, end)

    def _takes_turns(self, paragraph: int) -> SpeakingSubject | None:
        """Return who spoke two lines before: two people take turns."""
        if self._is_line(paragraph - 1):
            return self._speakers.get(paragraph - 2) if self._is_line(paragraph - 2) else None
        return self._acting_before(paragraph)

    def _acting_before(self, paragraph: int) -> SpeakingSubject | None:
        """Return who speaks or acts last in the paragraph before."""
        place = self.article.paragraphs[paragraph][0]
        person = self.subjects.acting_before(place, "") if paragraph else None
        if person is None:
            return None
        return SpeakingSubject(person.span, person.span, person.who, person.record, is_person=True)
