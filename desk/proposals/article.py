"""An article as the rules see it: paragraphs, sentences, and the text with quotations covered up at their places."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from .quotation_marks import Quotation, quotations
from .rules import rules_for, words_pattern

# In the covered text a quotation is a run of these; every other character stands at its place.
COVER, COVER_OPEN, COVER_CLOSE = "\ue000", "\ue001", "\ue002"
_COVERS = {COVER, COVER_OPEN, COVER_CLOSE}
_STOP = re.compile(r"(?<![.!?…])[.!?…]+[\ue002)\]]?(?=\s)|(?<=\ue002)(?=\s)")
LONGEST_SENTENCE = 1_500  # characters; what goes on longer is cut, so that the work grows as the text
_WORD_BEFORE = 24  # characters looked at before a full stop
_PARAGRAPH = re.compile(r"[^\n]+")
_BLANK = re.compile(r"\s")


@dataclass(frozen=True)
class Sentence:
    """A stretch of one paragraph, without blanks round it. `paragraph` is its number from 0."""

    start: int
    end: int
    paragraph: int


class Article:
    """A text with its paragraphs and quotations. `spoken` are stretches that are somebody's words without any mark."""

    def __init__(
        self, text: str, language: str, spoken: tuple[Quotation, ...] = (), dialogue: tuple[Quotation, ...] = ()
    ) -> None:
        self.language, self.rules = language, rules_for(language)
        self.text = normalised(text)
        self.paragraphs = [
            (match.start() + len(match[0]) - len(match[0].lstrip()), match.start() + len(match[0].rstrip()))
            for match in _PARAGRAPH.finditer(self.text)
            if match[0].strip()
        ]
        self.spoken = spoken
        bare = sorted([*spoken, *dialogue], key=lambda one: one.start)
        covered = [range(quotation.start, quotation.end) for quotation in bare]
        found = quotations(self.text, self.paragraphs)
        starts = [span.start for span in covered]
        self.quotations = sorted(
            [*(one for one in found if not _is_within(one.start, starts, covered)), *dialogue],
            key=lambda one: one.start,
        )
        self.covered = self._covered()

    def _covered(self) -> str:
        pieces, at = [], 0
        for quotation in sorted([*self.quotations, *self.spoken], key=lambda one: one.start):
            begin, end = quotation.outer
            begin = max(begin, at)
            if end <= begin:
                continue
            pieces.append(self.text[at:begin])
            inside = COVER * (end - begin)
            is_bare = not quotation.mark and not quotation.is_closed and not quotation.goes_on
            if (quotation.mark or is_bare) and len(inside) > 1:
                inside = COVER_OPEN + inside[1:]
            if (quotation.is_closed or is_bare) and not quotation.goes_on:
                inside = inside[:-1] + COVER_CLOSE
            pieces.append(inside)
            at = end
        return "".join([*pieces, self.text[at:]])

    @cached_property
    def sentences(self) -> list[Sentence]:
        """The sentences of every paragraph. A quotation with its “she said” is one."""
        found = []
        for number, (begin, end) in enumerate(self.paragraphs):
            at = begin
            for match in _STOP.finditer(self.covered, begin, end):
                if match.end() > at and self._ends_here(match, end):
                    found += self._pieces(at, match.end(), number)
                    at = match.end()
                    while at < end and self.covered[at].isspace():
                        at += 1
            if at < end:
                found += self._pieces(at, end, number)
        return found

    @cached_property
    def stretches(self) -> list[tuple[int, int]]:
        """The paragraphs, with very long ones cut."""
        return [
            (piece.start, piece.end)
            for number, (begin, end) in enumerate(self.paragraphs)
            for piece in self._pieces(begin, end, number)
        ]

    def _pieces(self, begin: int, end: int, paragraph: int) -> list[Sentence]:
        """Return a stretch as one sentence, or cut at blanks where it is too long to be one."""
        pieces = []
        while end - begin > LONGEST_SENTENCE:
            cut = self.covered.rfind(" ", begin + 1, begin + LONGEST_SENTENCE)
            cut = cut if cut > begin else begin + LONGEST_SENTENCE
            pieces.append(Sentence(begin, cut, paragraph))
            begin = cut
            while begin < end and self.covered[begin].isspace():
                begin += 1
        return [*pieces, Sentence(begin, end, paragraph)] if begin < end else pieces

    @cached_property
    def _abbreviation(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{words_pattern(self.rules.sentences_abbreviation).pattern}|(?<![\w’'])[^\W\d_])\.?$")

    @cached_property
    def _tag(self) -> re.Pattern[str]:
        """What follows a quotation in its own sentence: “she asked”, “asked Ines Aldana”."""
        rules = self.rules
        cues = words_pattern([*rules.speech_say, *rules.speech_state, *rules.speech_ask, *rules.speech_quote])
        return re.compile(rf"(?:[^\W\d_][\w’'.-]*\s+){{0,5}}?{cues.pattern}", re.IGNORECASE)

    def _ends_here(self, match: re.Match[str], end: int) -> bool:
        """Whether a sentence ends where a stop or a closing mark stands."""
        place = match.end()
        following = place
        while following < end and self.covered[following].isspace():
            following += 1
        if following >= end:
            return True
        char = self.covered[following]
        if char.islower() or char in ",;:)]—–-":
            return False
        behind_quotation = self.covered[place - 1] == COVER_CLOSE
        last = ""
        if behind_quotation and place >= 2:
            last = self.text[place - 2] if self.text[place - 1] in _CLOSING_MARKS else self.text[place - 1]
        if behind_quotation and match[0] in ("", COVER_CLOSE):
            if last not in ".!?…":
                return False
            if last != "." and char not in _COVERS:
                # “Is it?” Ines Aldana asked.
                return not self._tag.match(self.covered, following, min(end, following + 120))
            return True
        if match[0].startswith("."):
            before = self.covered[max(0, match.start() - _WORD_BEFORE) : match.start()]
            # “không đồng ý.” ends a sentence in Vietnamese, where a word may be one small letter.
            is_word = self.language == "vi" and before[-1:].islower() and not before[-2:-1].isalnum()
            if len(match[0]) == 1 and not is_word and self._abbreviation.search(before):
                return False
        return True

    @cached_property
    def _starts(self) -> list[int]:
        return [begin for begin, _end in self.paragraphs]

    def paragraph_at(self, place: int) -> int:
        """Return the number of the paragraph that holds a place, or of the one before it."""
        return max(0, bisect_right(self._starts, place) - 1)


class UncoveredArticle(Article):
    """An article whose quotations are not covered up: for the names inside them."""

    def _covered(self) -> str:
        return self.text


_CLOSING_MARKS = "”“‟\"»」』’'›‘"


def _is_within(place: int, starts: list[int], covered: list[range]) -> bool:
    number = bisect_right(starts, place) - 1
    return number >= 0 and place in covered[number]


# Blanks of all kinds are one to the rules; covers that a text itself holds are no covers.
_SEPARATORS = {ord(char): "\n" for char in "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"}
_AS_BLANK = (
    {ord(char): " " for char in "\u00a0\u202f\u2007\u2009\u3000\t\ufeff"}
    | _SEPARATORS
    | {ord(char): "\ufffd" for char in _COVERS}
)
_LINE_END = re.compile(r"\r(?!\n)")


def normalised(text: str) -> str:
    """Return a text of the same length in which every blank and every end of a line is the plain one."""
    return _LINE_END.sub("\n", text).replace("\r", " ").translate(_AS_BLANK)
