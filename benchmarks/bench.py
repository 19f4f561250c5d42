"""What every goal is given: the databases, the processes over them, and a way to say what came out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

from .site import Loader, Site

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Figure:
    """One line of the table. `reached` is None for a figure that no goal speaks of."""

    goal: int
    what: str
    value: str
    target: str = ""
    reached: bool | None = None

    @property
    def verdict(self) -> str:
        """The word for it."""
        return "" if self.reached is None else ("reached" if self.reached else "missed")


def at_most(goal: int, what: str, value: float, limit: float, unit: str = " ×") -> Figure:
    """Return a figure that must not be larger."""
    return Figure(goal, what, f"{number(value)}{unit}", f"≤ {number(limit)}{unit}", value <= limit)


def at_least(goal: int, what: str, value: float, limit: float, unit: str = " ×") -> Figure:
    """Return a figure that must not be smaller."""
    return Figure(goal, what, f"{number(value)}{unit}", f"≥ {number(limit)}{unit}", value >= limit)


def number(value: float) -> str:
    """Return a number with three digits that count."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


@dataclass
class Bench:
    """One kind of database at two sizes."""

    vendor: str
    small: str  # addresses of the databases
    large: str
    sizes: tuple[int, int]
    seed: int
    var: Path
    tools: Path  # the Python that has Datasette
    rounds: int = 5
    seconds: float = 1.0
    lines: int = 100_000  # of the file that is imported
    patience: float = 20.0  # seconds that walking through a list may take
    sites: dict[tuple[str, str], Site] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def on_postgres(self) -> bool:
        """Whether this is PostgreSQL."""
        return self.vendor == "PostgreSQL"

    def site(self, url: str, settings: str = "config.settings") -> Site:
        """Return the process over this database."""
        if (url, settings) not in self.sites:
            self.sites[url, settings] = Site(url, self.var, settings)
        return self.sites[url, settings]

    @property
    def both(self) -> tuple[Site, Site]:
        """The product over the small and over the large database."""
        return self.site(self.small), self.site(self.large)

    def close(self) -> None:
        """End the processes."""
        for site in self.sites.values():
            site.close()


def compare(rounds: int, one: Callable[[], Loader], other: Callable[[], Loader]) -> float:
    """Return how many times as long `one` takes as `other`: the median of rounds in which they take turns."""
    ratios = []
    for _round in range(rounds):
        answers = one(), other()
        if any(answer.status >= 400 for answer in answers):
            raise AssertionError(f"answered {[answer.status for answer in answers]}: there is nothing to compare")
        ratios.append(answers[0].ms / answers[1].ms)
    return median(ratios)


@cache
def landmarks() -> dict[str, Any]:
    """Return the public ids that the goals ask for. Runs in the process of a site."""
    from directory.models import Initiative, Organization, Person, Source, Topic
    from events.models import Event, Statement

    statements = Statement.objects.published()

    @cache
    def often(relation: str) -> list[int]:
        """Return the keys of the records with the most statements."""
        from django.db.models import Count

        rows = statements.exclude(**{relation: None}).values_list(relation).annotate(n=Count("pk"))
        return [key for key, _n in rows.order_by("-n", relation)[:31]]

    return {
        "speaker": Person.objects.get(pk=1).slug,
        "speakers": [Person.objects.get(pk=often("speaker")[place]).slug for place in range(20)],
        "organization": Organization.objects.get(pk=often("on_behalf_of")[3]).slug,
        "event": Event.objects.get(pk=1).slug,
        "another_event": Event.objects.get(pk=often("event")[30]).slug,
        "initiative": Initiative.objects.get(pk=often("initiatives")[3]).slug,
        "topic": Topic.objects.get(pk=often("topics")[2]).slug,
        "source": Source.objects.order_by("pk")[5].slug,
        "quiet": Person.objects.published().order_by("-pk")[0].slug,
        "statement": statements.order_by("pk")[10].slug,
    }
