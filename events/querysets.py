"""What lists and pages load of statements, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from django.db.models import F, Manager, Prefetch, Q

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

    def before_in_source(self, source: int, position: int, key: int) -> Self:
        """Keep what stands before a statement in a source, the nearest first; it is told by its position and its key.

        Passages of the source are read in the order of their index, so the first rows cost the same in a source of any length.
        """
        earlier = Q(passages__start__lt=position) | Q(pk__lt=key)
        return self.filter(earlier, passages__start__lte=position, **self._starts_in(source)).order_by(
            "-passages__start", "-pk"
        )

    def after_in_source(self, source: int, position: int, key: int) -> Self:
        """Keep what stands after a statement in a source, the nearest first; it is told by its position and its key."""
        later = Q(passages__start__gt=position) | Q(pk__gt=key)
        return self.filter(later, passages__start__gte=position, **self._starts_in(source)).order_by(
            "passages__start", "pk"
        )

    @staticmethod
    def _starts_in(source: int) -> dict[str, object]:
        """Return the condition on a passage of a statement: it is in this source, and the statement begins with it."""
        return {"passages__source": source, "passages__start": F("position")}


StatementManager = Manager.from_queryset(StatementQuerySet)
