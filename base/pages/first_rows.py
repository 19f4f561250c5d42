"""The beginning of a long list on the page of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FirstRows:
    """The first rows of a relation, and how many there are in all, as far as pages count."""

    rows: list[Any]
    total: int
    cut: bool = False  # whether there are more than were counted
    # (id of a source, paragraph) that all the rows cite, as far as they were counted; asked for only if rows were left out.
    paragraphs: Callable[[], list[tuple[str, int]]] = list

    @property
    def more(self) -> bool:
        """Whether rows were left out."""
        return self.total > len(self.rows)

    @property
    def plus(self) -> str:
        """What stands behind the number of rows."""
        return "+" if self.cut else ""
