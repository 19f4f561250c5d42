"""Lists of another kind on the page of a record: what a person said, what was said about a topic.

The page of a record knows the name of the relation alone. The app whose rows they are says how they are listed
(`register_related`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from base.documents.plan import FetchPlan
from base.lists.counting import MOST_ROWS
from base.records.publishing import Publishable
from base.sql.prepared import Row


class RelatedRows(Protocol):
    """How rows of a kind are listed on the pages of other records. The plan says what is shown of a row."""

    plan: FetchPlan

    def first_by(self, columns: Sequence[str], key: int, most: int) -> list[Row]:
        """Return the first public rows that have the record with this key in one of these foreign keys, in their order."""

    def first_linked(self, column: str, key: int, most: int) -> list[Row]:
        """Return the first public rows that are linked with the record by this many-to-many field, in their order."""


@dataclass(frozen=True)
class RelatedList:
    """A list on the page of a record: the record's relations to the rows, and how many rows are shown."""

    relations: tuple[str, ...]
    most: int = MOST_ROWS


_related: dict[type[Publishable], RelatedRows] = {}


def register_related(model: type[Publishable], rows: RelatedRows) -> None:
    """Note how the rows of this kind are listed on the pages of other records."""
    _related[model] = rows


def related_rows(model: type[Publishable]) -> RelatedRows:
    """Return how the rows of this kind are listed on the pages of other records."""
    return _related[model]
