"""Words as printed that follow their passages when the text of a source is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from directory.models import Passage
from events.models import Wording
from events.models.statements import Nature


def printed_by(passages: Sequence[Passage]) -> list[Wording]:
    """Return the wordings as printed whose words are exactly those of passages among these, as they are stored. One query."""
    rows = Wording.objects.filter(nature=Nature.VERBATIM, passage__in=passages).select_related("passage__source")
    return [wording for wording in rows if wording.text == words_of(wording)]


def words_of(wording: Wording) -> str:
    """Return what the passage of a wording prints, out of the stored text; empty if it has none."""
    passage = wording.passage
    return passage.source.text[passage.start : passage.end] if passage is not None else ""


def follow_printed_words(wordings: Iterable[Wording], reason: str) -> None:
    """Give wordings the words that their passages print now. `reason` is kept in their histories."""
    for row in wordings:
        wording = Wording.objects.select_related("passage__source").get(pk=row.pk)
        words = words_of(wording)
        if wording.text != words:
            wording.text = words
            wording.__dict__["_change_reason"] = reason
            wording.save()
