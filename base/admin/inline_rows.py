"""Rows of a form that are not there any more when it is sent, because somebody else deleted them meanwhile."""

from __future__ import annotations

import re

from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import QueryDict

GONE, ANEW = "gone", "anew"  # what becomes of such a row: it stays deleted, or is added again
OF_ROW_ALONE = ("id", "seen", "DELETE")  # fields that a new row has not


def name_of_row(prefix: str) -> str:
    """Return under which name a form says what becomes of a row, given by its prefix (`names-0`)."""
    return f"choice-{prefix}"


def without_lost_rows(sent: QueryDict, prefix: str) -> QueryDict:
    """Return what was sent without the rows that stay deleted; those to be added again stand behind the others, as new ones.

    `prefix` is that of the formset. What cannot be read is left to the formset to refuse.
    """
    lost = {
        int(match[1]): values[-1]
        for name, values in sent.lists()
        if (match := re.fullmatch(rf"choice-{re.escape(prefix)}-(\d{{1,4}})", name)) and values[-1] in (GONE, ANEW)
    }
    counts = [sent.get(f"{prefix}-{name}", "") for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT)]
    if not lost or not all(count.isdecimal() and len(count) < 5 for count in counts):
        return sent
    total, initial = map(int, counts)
    kept = [number for number in range(initial) if number not in lost]
    anew = [number for number in range(initial) if lost.get(number) == ANEW]
    numbers = [*kept, *range(initial, total), *anew]
    new_numbers = {old: new for new, old in enumerate(numbers)}
    result = QueryDict(mutable=True)
    for name, values in sent.lists():
        match = re.fullmatch(rf"(choice-)?{re.escape(prefix)}-(\d+)(-.*)?", name)
        if match is None:
            result.setlist(name, values)
            continue
        begin, number, rest = match[1] or "", int(match[2]), match[3] or ""
        is_left_out = number in lost and (begin or rest.removeprefix("-") in OF_ROW_ALONE)
        if number in new_numbers and not is_left_out:
            result.setlist(f"{begin}{prefix}-{new_numbers[number]}{rest}", values)
    result[f"{prefix}-{TOTAL_FORM_COUNT}"] = str(len(numbers))
    result[f"{prefix}-{INITIAL_FORM_COUNT}"] = str(len(kept))
    return result
