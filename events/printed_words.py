"""Words as printed that follow their passages when the text of a source is corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q, QuerySet

from directory.models import Passage

from .models import Wording
from .models.segments import printed_words
from .models.statements import Nature


def printed_by(passages: Sequence[Passage]) -> list[Wording]:
    """Return the wordings as printed that are exactly what their passages print, if one of these passages is among them."""
    rows = _with_passages(Wording.objects.filter(Q(passage__in=passages) | Q(further_passages__in=passages)).distinct())
    return [wording for wording in rows if wording.text == printed_words(wording.passages_in_order())]


def follow_printed_words(wordings: Iterable[Wording], reason: str) -> None:
    """Give wordings the words that their passages print now. `reason` is kept in their histories."""
    for wording in _with_passages(Wording.objects.filter(pk__in=[wording.pk for wording in wordings])):
        words = printed_words(wording.passages_in_order())
        if wording.text != words:
            wording.text = words
            wording.__dict__["_change_reason"] = reason
            wording.save()


def _with_passages(wordings: QuerySet[Wording]) -> QuerySet[Wording]:
    """Return words as printed with their passages and the texts of the sources. Two queries more."""
    rows = wordings.filter(nature=Nature.VERBATIM).select_related("passage__source", "statement")
    return rows.prefetch_related("further_passages__source")
