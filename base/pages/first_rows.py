"""The beginning of a long list on the page of a record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple


class CitedPlaces(NamedTuple):
    """The paragraphs that rows cite, as (id of the source, number), and whether other sources may be cited too."""

    places: list[tuple[str, int]]
    cut: bool


def no_places() -> CitedPlaces:
    """Return that nothing is cited."""
    return CitedPlaces([], False)


@dataclass(frozen=True)
class FirstRows:
    """The first rows of a relation, and how many there are in all, as far as pages count."""

    rows: list[Any]
    total: int
    cut: bool = False  # whether there are more than were counted
    # What all the rows cite, shown or not; asked for only if rows were left out.
    cited: Callable[[], CitedPlaces] = no_places

    @property
    def more(self) -> bool:
        """Whether rows were left out."""
        return self.total > len(self.rows)

    @property
    def plus(self) -> str:
        """What stands behind the number of rows."""
        return "+" if self.cut else ""
