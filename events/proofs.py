"""Words as printed are compared with their passages again when a passage, or the text of its source, is another."""

from __future__ import annotations

from django.db.models import QuerySet

from .models import Wording


def prove_again(wordings: QuerySet[Wording]) -> None:
    """Note of each wording whether its passages prove it now; where that is new, readers find its statement by other words."""
    for wording in wordings.select_related("passage__source", "statement").prefetch_related("further_passages__source"):
        before = wording.proven
        wording.derive()
        if wording.proven != before:
            Wording.objects.filter(pk=wording.pk).update(proven=wording.proven)
            wording.statement.refresh_search()
