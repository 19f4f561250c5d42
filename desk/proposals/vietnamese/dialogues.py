"""Lines of dialogue that begin with a dash, as Vietnamese prints them: “- Hôm nay nó vui, bà bảo.”"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desk.proposals.proposal import Span
from desk.proposals.quotation_marks import Quotation
from desk.proposals.rules import Rules, alternatives, words_pattern
from desk.proposals.vietnamese.runs import UPPER

_DASH = re.compile(r"\s*[-–—]\s+(?=\S)")
_BETWEEN = re.compile(r"\s+[-–—]\s+(?=\S)")
_NAME = rf"(?-i:[{UPPER}][\w’'-]*)"
_LONGEST = 2_000  # characters of a line
_FEWEST_WORDS = 2  # before a tag that has no verb of speech


@dataclass
class _Line:
    """A line that begins with a dash: what is said in it, and whether the line itself shows that somebody speaks."""

    begin: int
    end: int
    spans: list[Span] = field(default_factory=list)
    has_tag: bool = False
    has_voice: bool = False
    has_end: bool = False  # a full stop or another mark ends it
    introduced: bool = False
    below_colon: bool = False


class Dialogues:
    """Finds lines of dialogue by the words of one language."""

    def __init__(self, rules: Rules) -> None:
        verbs = alternatives([*rules.speech_say, *rules.speech_quote, *rules.speech_ask])
        persons = [*rules.reference_he, *rules.reference_she, *rules.reference_anybody, *rules.names_title]
        nouns = [*rules.roles_word, *rules.names_kin]
        speaker = rf"(?:{alternatives([*persons, *nouns])}(?!\w)|{_NAME} )"
        self._voice = words_pattern(rules.speech_voice)
        self._cue = words_pattern([*rules.speech_say, *rules.speech_quote, *rules.speech_ask])
        self._list = words_pattern(rules.interview_list)
        self._subject = re.compile(rf"(?:(?:{alternatives(rules.reference_the)} )?{speaker})", re.IGNORECASE)
        # “…, bà bảo. …”
        self._tag = re.compile(
            rf"(?:,|(?<=[?!….,]))\s*(?:{alternatives(rules.reference_the)} )?{alternatives([*persons, *nouns])}"
            rf"(?: [^\W\d_]+,?){{0,9}}? {verbs}(?!\w)(?: [^\W\d_]+){{0,4}}(?=[.:,]|$)",
            re.IGNORECASE,
        )
        # “…, ông Lỗ Bá Phách, người bán cá, gãi đầu. …”
        self._silent_tag = re.compile(
            rf"(?:,|(?<=[?!….,]))\s*{alternatives(persons)} {_NAME}(?: {_NAME})*(?:,? (?-i:[^\W{UPPER}][^\W_]*)){{1,10}}(?=\.|$)",
            re.IGNORECASE,
        )

    def quotations(self, text: str) -> list[Quotation]:
        """Return what is said in lines that begin with a dash, in order."""
        found: list[Quotation] = []
        groups = list(self._groups(text))
        has_dialogue = any(self._is_dialogue(group) for group in groups)
        for group in groups:
            # Elsewhere in a text with a dialogue, and behind plain prose, a line that only somebody who speaks says.
            is_loose = not group[0].below_colon and all(line.has_end for line in group)
            is_loose = is_loose and any(line.has_voice for line in group)
            if self._is_dialogue(group) or (is_loose and (has_dialogue or len(group) == 1)):
                found += [Quotation(*span, "", is_closed=False) for line in group for span in line.spans]
        return found

    @staticmethod
    def _is_dialogue(group: list[_Line]) -> bool:
        introduced = group[0].introduced and any(line.has_voice for line in group)
        return introduced or any(line.has_tag for line in group)

    def _groups(self, text: str) -> Iterator[list[_Line]]:
        """Yield lines with a dash that stand together; the first knows whether the line before announces speech."""
        group: list[_Line] = []
        place, before = 0, ""
        for printed in text.split("\n"):
            line = printed.rstrip()
            dash = _DASH.match(line)
            if dash and len(line) <= _LONGEST:
                one = self._line(line, place, dash.end())
                one.introduced = not group and self._introduces(before)
                one.below_colon = before.endswith(":")
                group.append(one)
            elif line:
                if group:
                    yield group
                group, before = [], line
            place += len(printed) + 1
        if group:
            yield group

    def _introduces(self, line: str) -> bool:
        """Whether a line ends with a colon behind somebody who speaks, and announces no list."""
        last = re.split(r"(?<=[.!?…”\"»])\s+", line[-300:])[-1]
        return (
            line.endswith(":")
            and not self._list.search(last[-60:])
            and bool(self._cue.search(last) or self._subject.match(last))
        )

    def _line(self, line: str, place: int, begin: int) -> _Line:
        found = _Line(place + begin, place + len(line))
        body = line[begin:]
        found.has_end = body[-1:] in ".?!…"
        found.has_voice = bool(self._voice.search(body)) or body[-1:] in "?!…"
        spans = self._between_dashes(line, begin) or self._behind_comma(line, begin, found.has_voice)
        found.has_tag = bool(spans)
        found.spans = [(place + start, place + end) for start, end in spans or [(begin, len(line))]]
        return found

    def _between_dashes(self, line: str, begin: int) -> list[Span]:
        """Return what is said in “words - ông nói, tay kéo lại mép bạt - words”; nothing if no part is such a tag."""
        edges = [(begin, begin), *(match.span() for match in _BETWEEN.finditer(line, begin)), (len(line), len(line))]
        parts = [(edges[number][1], edges[number + 1][0]) for number in range(len(edges) - 1)]
        tags = {number for number, part in enumerate(parts) if number and self._is_tag(line[slice(*part)])}
        if not tags:
            return []
        spans: list[Span] = []
        for number, (start, end) in enumerate(parts):
            if number in tags:
                continue
            if spans and number - 1 not in tags:
                spans[-1] = (spans[-1][0], end)
            else:
                spans.append((start, end))
        return spans

    def _is_tag(self, part: str) -> bool:
        if not self._subject.match(part):
            return False
        cue = self._cue.search(part[:120])
        first = re.split(r"[.!?]", part)[0]
        return bool(cue) or (part[:1].islower() and len(first.split()) <= 12 and not self._voice.search(first))

    def _behind_comma(self, line: str, begin: int, has_voice: bool) -> list[Span]:
        match = self._tag.search(line, begin)
        if match is None:
            match = self._silent_tag.search(line, begin)
            if match is None or len(line[begin : match.start()].split()) < _FEWEST_WORDS:
                return []
            if not has_voice and match.end() >= len(line) - 1:
                return []
        spans = [(begin, match.start())]
        rest = match.end() + len(re.match(r"[.:,\s]*", line[match.end() :])[0])  # type: ignore[index]
        return [*spans, (rest, len(line))] if rest < len(line) else spans
