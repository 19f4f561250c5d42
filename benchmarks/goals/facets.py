"""Goal 7: counting beside a filtered list costs at most half of the list again."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ..bench import Bench, Figure, at_most, compare, landmarks

LIST = "/api/v1/statements/"
COUNTED = "facets=speaker,kind,topic&count=true"


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare the list with and without facets and count, by a frequent and a rare filter, at both sizes."""
    for size, site in zip(bench.sizes, bench.both, strict=True):
        marks = site.call(landmarks)
        for name, query in (("topic", f"topic={marks['topic']}"), ("event", f"event={marks['another_event']}")):
            plain, counted = f"{LIST}?{query}", f"{LIST}?{query}&{COUNTED}"
            what = f"facets and count beside a list of one {name}, at {size:,}"
            status = site.get(counted).status
            if status != 200:
                yield Figure(7, what, f"answered {status}", "≤ 1.5 ×", False)
                continue
            ratio = compare(bench.rounds, partial(site.get, counted, 3), partial(site.get, plain, 3))
            yield at_most(7, what, ratio, 1.5)
