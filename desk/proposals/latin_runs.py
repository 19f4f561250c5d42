"""Capitalised words that stand together, in languages with blanks between words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from .article import Article
from .rules import Rules

_WORD = re.compile(r"[^\W\d_](?:\.(?= ?[^\W\d_])(?<=[A-Z]\.)|[^\W_]|[’'-](?=[^\W\d_]))*")
_POSSESSIVE = re.compile(r"[’']s?$")
_MOTHER_OF_TWO = re.compile(r"^[^\W\d_]+-of-[^\W\d_]+$")
MOST_WORDS = 12


@dataclass(frozen=True)
class Word:
    """A word at its place; `text` is without the possessive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Run:
    """Capitalised words that stand together, with the small words of names between them."""

    words: tuple[Word, ...]
    begins_sentence: bool

    @property
    def start(self) -> int:
        return self.words[0].start

    @property
    def end(self) -> int:
        return self.words[-1].end

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    def cut(self, first: int, last: int | None = None) -> Run | None:
        """Return a part of the run, from one number of a word to another; None if nothing is left."""
        words = self.words[first:last]
        return replace(self, words=words, begins_sentence=self.begins_sentence and first == 0) if words else None


def capital_runs(article: Article) -> list[Run]:
    """Return the runs of an article, quotations left out."""
    rules, covered = article.rules, article.covered
    abbreviations = frozenset(word.rstrip(".") for word in (*rules.sentences_abbreviation, *rules.names_title))
    particles = {word for word in rules.names_particle if word}
    beginnings = {sentence.start for sentence in article.sentences}
    runs: list[Run] = []
    current: list[Word] = []
    words = [_word(match) for match in _WORD.finditer(covered)]

    def close() -> None:
        while current and not current[-1].text[0].isupper():
            current.pop()
        if current:
            runs.append(Run(tuple(current), current[0].start in beginnings))
        current.clear()

    previous: Word | None = None
    for word, following in [*pairwise(words), (words[-1], None)] if words else []:
        joined = previous is not None and _joins(covered, previous, word, abbreviations)
        if current and (not joined or len(current) >= MOST_WORDS):
            close()
        if word.text[0].isupper() or (
            current
            and word.text in particles
            and following is not None
            and (following.text[0].isupper() or following.text in particles)
        ):
            current.append(word)
        elif current:
            close()
        if current and _had_possessive(covered, word):
            close()
        previous = word
    close()
    return runs


def _word(match: re.Match[str]) -> Word:
    text = _POSSESSIVE.sub("", match[0]) if len(match[0]) > 2 else match[0]
    return Word(match.start(), match.start() + len(text), text)


def _had_possessive(covered: str, word: Word) -> bool:
    return covered[word.end : word.end + 1] in ("’", "'")


def _joins(covered: str, previous: Word, word: Word, abbreviations: frozenset[str]) -> bool:
    between = covered[previous.end : word.start]
    if between != ". ":
        return between in (" ", " & ")
    return previous.text.rstrip(".") in abbreviations or len(previous.text.replace(".", "")) == 1


def without_beginning(run: Run, rules: Rules) -> tuple[Run | None, str]:
    """Return a run without the words that only begin a sentence and the titles before a name, and the last title."""
    first, title = 0, ""
    beginnings = set(rules.sentences_begin)
    titles = {title.rstrip(".") for title in rules.names_title}
    while first < len(run.words):
        text = run.words[first].text.rstrip(".")
        if text in titles:
            title = text
        elif _MOTHER_OF_TWO.search(text):
            title = text.split("-")[0]
        elif not (text in beginnings and (first == 0 or not title) and first <= 1):
            break
        first += 1
    return run.cut(first), title
