"""Interviews: paragraphs that begin with the name or the letter of who speaks, without quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .proposal import Span
from .rules import Rules, alternatives

_LABEL = re.compile(r"\s*(?:[-–—*•]\s*)?([^\W\d_][^:：\n]{0,44}?)\s*[:：]\s+(?=\S)")
_FEWEST = 2  # paragraphs with a label before they count as an interview


@dataclass(frozen=True)
class Answer:
    """A paragraph that somebody speaks. `label` is what stands before the colon, `span` the words behind it."""

    label: Span
    span: Span
    is_question: bool


def answers(text: str, rules: Rules) -> list[Answer]:
    """Return the questions and answers of an interview; none if the text is no interview."""
    questions = re.compile(rf"{alternatives(rules.interview_question)}$", re.IGNORECASE)
    replies = re.compile(rf"{alternatives(rules.interview_answer)}$", re.IGNORECASE)
    found: list[Answer] = []
    labels: Counter[str] = Counter()
    place = 0
    for line in text.split("\n"):
        match = _LABEL.match(line[:200])
        if match:
            label = match[1].strip()
            end = place + len(line.rstrip())
            if place + match.end() < end:
                found.append(Answer((place + match.start(1), place + match.end(1)), (place + match.end(), end), bool(questions.match(label))))
                labels[label.casefold()] += 1
        place += len(line) + 1
    if not any(one.is_question for one in found) and not any(replies.match(text[slice(*one.label)]) for one in found):
        # Two names that take turns.
        repeated = [label for label, number in labels.items() if number >= _FEWEST and text[:1]]
        if len(repeated) < _FEWEST:
            return []
        return [one for one in found if text[slice(*one.label)].strip().casefold() in repeated]
    kept = [
        one
        for one in found
        if one.is_question or replies.match(text[slice(*one.label)]) or labels[text[slice(*one.label)].strip().casefold()] >= _FEWEST
    ]
    return kept if len(kept) >= _FEWEST else []
