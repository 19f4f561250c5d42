"""Interviews: paragraphs that begin with the name or the letter of who speaks, without quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace

from .proposal import Span
from .rules import Rules, alternatives, words_pattern

_LABEL = re.compile(r"\s*(?:[-–—*•]\s*)?([^\W\d_][^:：\n]{0,44}?)\s*[:：]\s+(?=\S)")
_DASH = re.compile(r"\s*[-–—]\s+(?=\S)")
_MARKS = "“”„\"'‘’«»「」"
_QUESTION_MARK = re.compile(r"^[-–—*•]\s*")
_LONGEST_LINE = 600  # characters of a question
_FEWEST_QUESTIONS = 3  # that no label tells
_MOST_IN_LABEL = 7  # words
_LONGEST_QUESTION = 60  # words
_FEWEST = 2  # paragraphs with a label before they count as an interview


@dataclass(frozen=True)
class InterviewAnswer:
    """A paragraph that somebody speaks. `label` is what stands before the colon, `span` the words behind it."""

    label: Span
    span: Span
    is_question: bool


def interview_answers(text: str, rules: Rules) -> list[InterviewAnswer]:
    """Return the questions and answers of an interview; none if the text is no interview."""
    found = _labelled(text, rules)
    if rules.interview_asking:  # Vietnamese
        ends = {one.span[1] for one in found}
        more = [one for one in _between_questions(text, rules) if one.span[1] not in ends]
        more = more or ([] if found else _behind_dashes(text))
    elif found or not (more := _behind_dashes(text)):
        more = _by_questions(text, rules, found)
    return sorted([*found, *more], key=lambda one: one.span)


def _between_questions(text: str, rules: Rules) -> list[InterviewAnswer]:
    """Return the paragraphs between questions that speak to somebody, as Vietnamese prints interviews without labels."""
    you = words_pattern(rules.interview_you)
    asking = re.compile(rf"{alternatives(rules.interview_asking)}(?!\w)", re.IGNORECASE)
    closing = re.compile(rf"(?:[-–—*•]\s*)?{alternatives(rules.interview_closing)}(?!\w)", re.IGNORECASE)
    lines: list[tuple[Span, str]] = []
    place = 0
    for line in text.split("\n"):
        if line.strip():
            begin = place + len(line) - len(line.lstrip())
            lines.append(((begin, place + len(line.rstrip())), line.strip()))
        place += len(line) + 1
    questions: list[int] = []
    for number, (_span, line) in enumerate(lines):
        if not 0 < number < len(lines) - 1 or len(line) > _LONGEST_LINE:
            continue
        body = _QUESTION_MARK.sub("", line)
        label = _LABEL.match(line)
        is_labelled = label is not None and label[1].strip().casefold() in {
            one.casefold() for one in rules.interview_question
        }
        asks = line.rstrip(' ”"»').endswith("?") and bool(you.search(line))
        if line[0] in '“"«' or (label is not None and not is_labelled):
            continue
        if asks or is_labelled or line[0] in "*•" or asking.match(body):
            questions.append(number)
    if len(questions) < _FEWEST_QUESTIONS:
        return []
    found: list[InterviewAnswer] = []
    end = next((number for number in range(questions[-1] + 1, len(lines)) if closing.match(lines[number][1])), None)
    last = end if end is not None else questions[-1] + 2
    for number in range(questions[0] + 1, min(last, len(lines))):
        span, line = lines[number]
        if number in questions:
            continue
        mark, label = _DASH.match(line), _LABEL.match(line)
        if (
            label
            and mark
            and label.end() < len(line)
            and label[1][0].isupper()
            and len(label[1].split()) <= _MOST_IN_LABEL
        ):
            at = (span[0] + label.start(1), span[0] + label.end(1))
            found.append(InterviewAnswer(at, (span[0] + label.end(), span[1]), False))
            continue
        begin = span[0] + (mark.end() if mark else 0)
        found.append(InterviewAnswer((begin, begin), (begin, span[1]), False))
    return found if (len(found) + len(questions)) * 2 >= len(lines) else []


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


def _by_questions(text: str, rules: Rules, labelled: list[InterviewAnswer]) -> list[InterviewAnswer]:
    """Return the answers of an interview without labels: the paragraphs below those that end with a question mark.

    Explanations have such headings too; in an interview half the questions say “you” and half the answers say “I”.
    """
    you, me = words_pattern(rules.interview_you), words_pattern(rules.interview_i)
    taken = [one.label[0] for one in labelled]
    questions: list[InterviewAnswer] = []
    answers: list[InterviewAnswer] = []
    waiting: list[InterviewAnswer] = []  # paragraphs below the last question
    place = 0
    for line in text.split("\n"):
        begin, end = place + len(line) - len(line.lstrip()), place + len(line.rstrip())
        place += len(line) + 1
        if begin >= end:
            continue
        if bisect_left(taken, begin) < bisect_left(taken, end):
            waiting = []
            continue
        turn = InterviewAnswer((begin, begin), (begin, end), line.rstrip(_MARKS + " ").endswith("?"))
        if turn.is_question and len(line.split()) <= _LONGEST_QUESTION and line.lstrip()[0] not in _MARKS:
            if waiting and questions:
                answers += waiting[1:]  # paragraphs between an answer and the next question belong to the answer
            questions.append(turn)
            waiting = []
        elif questions and not waiting:
            answers.append(turn)
            waiting = [turn]
        elif waiting:
            waiting.append(turn)
    asking = sum(bool(you.search(text[slice(*one.span)])) for one in questions)
    speaking = sum(bool(me.search(text[slice(*one.span)])) for one in answers)
    fewest = _FEWEST if labelled else _FEWEST + 1
    if len(questions) < fewest or asking * 2 < len(questions) or speaking * 2 < len(answers):
        return []
    return answers  # names and quotes in the questions are the article’s own


def _asking_labels(turns: list[InterviewAnswer], text: str) -> set[str]:
    """Return the labels of which most paragraphs end with a question mark."""
    number: Counter[str] = Counter()
    asking: Counter[str] = Counter()
    for turn in turns:
        label = text[slice(*turn.label)]
        number[label] += 1
        asking[label] += text[turn.span[0] : turn.span[1]].rstrip(_MARKS + " ").endswith("?")
    return {label for label in number if number[label] >= _FEWEST and asking[label] * 2 > number[label]}


def _grouped(labels: Counter[str]) -> Counter[str]:
    """Return how often each label stands there, in full or shortened.

    “Dunleavy”, “SD” and “Saoirse Dunleavy (director)” are “Saoirse Dunleavy”.
    """
    names = {label: label.partition(" (")[0].strip() or label for label in labels}
    by_name: Counter[str] = Counter()
    by_word: Counter[str] = Counter()
    by_initials: Counter[str] = Counter()
    for label, times in labels.items():
        words = names[label].split()
        by_name[names[label]] += times
        for word in {words[0], words[-1]}:
            by_word[word] += times
        if len(words) > 1:
            by_initials["".join(word[0] for word in words)] += times
    grouped = {}
    for label, name in names.items():
        words = name.split()
        times = by_name[name]
        initials = by_initials["".join(word[0] for word in words)] - times if len(words) > 1 else by_initials[name]
        grouped[label] = max(times + initials, by_word[words[0]] if len(words) == 1 else 0, by_word[words[-1]])
    return Counter(grouped)


def _labelled(text: str, rules: Rules) -> list[InterviewAnswer]:
    questions = re.compile(rf"{alternatives(rules.interview_question)}$", re.IGNORECASE)
    replies = re.compile(rf"{alternatives(rules.interview_answer)}$", re.IGNORECASE)
    # In a panel somebody may speak once: “Bà Trịnh Lệ Quân (cư dân): …”.
    titled = re.compile(rf"{alternatives(rules.names_title if rules.interview_asking else ())} [^\W\d_]", re.IGNORECASE)
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
    labels = _grouped(labels)
    asking = _asking_labels(found, text)
    found = [replace(one, is_question=one.is_question or text[slice(*one.label)] in asking) for one in found]
    if not any(one.is_question for one in found) and not any(replies.match(text[slice(*one.label)]) for one in found):
        # Two names that take turns.
        repeated = [label for label, number in labels.items() if number >= _FEWEST and text[:1]]
        if len(repeated) < _FEWEST:
            return []
        return [
            one
            for one in found
            if (label := text[slice(*one.label)].strip()).casefold() in repeated or titled.match(label)
        ]
    kept = [
        one
        for one in found
        if one.is_question
        or replies.match(text[slice(*one.label)])
        or labels[text[slice(*one.label)].strip().casefold()] >= _FEWEST
        or titled.match(text[slice(*one.label)].strip())
    ]
    return kept if len(kept) >= _FEWEST else []
