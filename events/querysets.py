"""What lists and pages load of statements, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db.models import Manager, Prefetch, Q

from base.records.resolution import RecordQuerySet


class StatementQuerySet(RecordQuerySet):
    """Statements."""

    def for_title(self) -> Self:
        """Load what the title is made of: the public wordings and who spoke."""
        wordings = self.model._meta.get_field("wordings").related_model.objects.published()
        return self.select_related("speaker", "speaker_organization").prefetch_related(Prefetch("wordings", wordings))

    def at(self, places: Iterable[tuple[int, int]]) -> Self:
        """Keep what cites any of these (source id, paragraph number)."""
        condition = Q()
        for source, paragraph in places:
            condition |= Q(passage__source=source, passage__paragraph=paragraph)
        return self.filter(pk__in=self.model.passages.through.objects.filter(condition).values("statement"))


StatementManager = Manager.from_queryset(StatementQuerySet)
