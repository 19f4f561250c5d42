"""Lines of dialogue that begin with a dash, as Vietnamese prints them: “- Hôm nay nó vui, bà bảo.”"""

from __future__ import annotations

import re

from .quotation_marks import Quotation
from .rules import Rules, alternatives

_DASH = re.compile(r"\s*[-–—]\s+(?=\S)")
_LONGEST = 2_000  # characters of a line


def dash_quotations(text: str, rules: Rules) -> list[Quotation]:
    """Return what is said in lines that begin with a dash and have a verb of speech behind the words."""
    verbs = alternatives([*rules.speech_say, *rules.speech_quote, *rules.speech_ask])
    speakers = alternatives([*rules.reference_he, *rules.reference_she, *rules.reference_anybody, *rules.names_title])
    tag = re.compile(
        rf"(?:,|(?<=[?!….,])|(?= [-–—]))\s*(?:[-–—]\s*)?{speakers}"
        rf"(?: [^\W\d_]+){{0,5}}? {verbs}(?!\w)(?: [^\W\d_]+){{0,4}}(?=[.:,]|$)",
        re.IGNORECASE,
    )
    found: list[Quotation] = []
    place = 0
    for line in text.split("\n"):
        dash = _DASH.match(line)
        if dash and len(line) <= _LONGEST and (match := tag.search(line, dash.end())):
            first = match.start()
            found.append(Quotation(place + dash.end(), place + first, "", is_closed=False))
            rest = match.end() + len(re.match(r"[.:,\s]*", line[match.end() :])[0])  # type: ignore[index]
            end = len(line.rstrip())
            if rest < end:
                found.append(Quotation(place + rest, place + end, "", is_closed=False))
        place += len(line) + 1
    return found
