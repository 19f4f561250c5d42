"""Interviews: paragraphs that begin with the name or the letter of who speaks, without quotation marks."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .proposal import Span
from .rules import Rules, alternatives

_LABEL = re.compile(r"\s*(?:[-–—*•]\s*)?([^\W\d_][^:：\n]{0,44}?)\s*[:：]\s+(?=\S)")
_DASH = re.compile(r"\s*[-–—]\s+(?=\S)")
_MARKS = "“”„\"'‘’«»「」"
_FEWEST = 2  # paragraphs with a label before they count as an interview


@dataclass(frozen=True)
class InterviewAnswer:
    """A paragraph that somebody speaks. `label` is what stands before the colon, `span` the words behind it."""

    label: Span
    span: Span
    is_question: bool


def interview_answers(text: str, rules: Rules) -> list[InterviewAnswer]:
    """Return the questions and answers of an interview; none if the text is no interview."""
    return _labelled(text, rules) or _behind_dashes(text)


def _behind_dashes(text: str) -> list[InterviewAnswer]:
    """Return the answers that begin with a dash below a line that ends with a question mark, as Vietnamese prints interviews."""
    found: list[InterviewAnswer] = []
    place, asked = 0, False
    for line in text.split("\n"):
        dash = _DASH.match(line)
        if dash and asked:
            label = _LABEL.match(line[:200])
            begin = place + (label.end() if label else dash.end())
            end = place + len(line.rstrip())
            if begin < end:
                span = (place + label.start(1), place + label.end(1)) if label else (begin, begin)
                found.append(InterviewAnswer(span, (begin, end), False))
        if line.strip():
            asked = line.rstrip(' ”"»').endswith("?") and not dash
        place += len(line) + 1
    return found if len(found) >= _FEWEST else []


def _labelled(text: str, rules: Rules) -> list[InterviewAnswer]:
    questions = re.compile(rf"{alternatives(rules.interview_question)}$", re.IGNORECASE)
    replies = re.compile(rf"{alternatives(rules.interview_answer)}$", re.IGNORECASE)
    found: list[InterviewAnswer] = []
    labels: Counter[str] = Counter()
    place = 0
    for line in text.split("\n"):
        match = _LABEL.match(line[:200])
        if match:
            label = match[1].strip()
            end = place + len(line.rstrip())
            begin = place + match.end()
            if end - begin > 2 and text[begin] in _MARKS and text[end - 1] in _MARKS:
                begin, end = begin + 1, end - 1
            if begin < end:
                found.append(
                    InterviewAnswer(
                        (place + match.start(1), place + match.end(1)),
                        (begin, end),
                        bool(questions.match(label)),
                    )
                )
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
        if one.is_question
        or replies.match(text[slice(*one.label)])
        or labels[text[slice(*one.label)].strip().casefold()] >= _FEWEST
    ]
    return kept if len(kept) >= _FEWEST else []
