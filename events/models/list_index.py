"""The list index of statements: by their topics, and by whom and what they are about."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from base.lists.list_index import ListIndex

from .statements import Statement


class StatementIndexEntry(ListIndex):
    """The place of a statement in the list of a topic, an initiative, a person or an organization. Written by triggers alone."""

    relations: ClassVar[tuple[str, ...]] = ("topics", "initiatives", "about_people", "about_organizations")

    pk = models.CompositePrimaryKey("statement", "relation", "target")
    # Hidden, so that nothing takes it for a link, and without a constraint: the links that it follows have theirs.
    statement = models.ForeignKey(
        Statement,
        models.DO_NOTHING,
        related_name="+",
        related_query_name="index_entries",
        db_constraint=False,
        db_index=False,
    )
    sort_date = models.DateField()
    position = models.IntegerField()

    class Meta:
        db_table = "events_heading"  # as it was first called; the names of index and triggers are of that time too
        default_permissions = ()
        indexes = [
            models.Index(fields=["relation", "target", "-sort_date", "position", "statement"], name="heading_order")
        ]

    def __str__(self) -> str:
        return f"{self.relations[self.relation - 1]} {self.target}: {self.statement_id}"
