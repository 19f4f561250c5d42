"""Goal 7: counting beside a filtered list costs at most half of the list again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from statistics import median

from ..bench import Bench, Figure, at_most, compare, landmarks, number
from ..site import Site

LIST = "/api/v1/statements/"
COUNTED = "facets=speaker,kind,topic&count=capped"
TIMES = 5


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare the list with and without facets and count, by frequent and rare filters, at both sizes.

    What was counted is kept until the next write: the figure that is judged is that of a list asked for again. What the
    first one after a write costs stands beside it.
    """
    for size, site in zip(bench.sizes, bench.both, strict=True):
        marks = site.call(landmarks)
        filters = {
            "no filter": "",
            "one topic": f"topic={marks['topic']}",
            "one event": f"event={marks['another_event']}",
            "a frequent speaker": f"speaker={marks['speaker']}",
        }
        for name, query in filters.items():
            plain, counted = f"{LIST}?{query}", f"{LIST}?{query}&{COUNTED}"
            what = f"facets and count beside a list by {name}, at {size:,}"
            status = site.get(counted).status
            if status != 200:
                yield Figure(7, what, f"answered {status}", "≤ 1.5 ×", False)
                continue
            ratio = compare(bench.rounds, partial(site.get, counted, TIMES), partial(site.get, plain, TIMES))
            yield at_most(7, what, ratio, 1.5)
            first = [_first(site, counted, plain) for _round in range(min(bench.rounds, 3))]
            yield Figure(7, f"{what}: the first time after a write", f"{number(median(first))} ×")


def _first(site: Site, counted: str, plain: str) -> float:
    """Return how many times as long the list with counts takes as without, right after a write."""
    site.call(write)
    return site.get(counted).ms / site.get(plain).ms


def write() -> None:
    """Write something. Runs in the process of the site."""
    from directory.models import Topic

    Topic.objects.order_by("pk")[0].touch()
