"""Goal 1: lists stay as quick at a million as at ten thousand, at any depth, and lose nothing on the way."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import urlsplit

from ..bench import Bench, Figure, at_most, compare, landmarks, number
from ..site import Site, get

LIST = "/api/v1/statements/"
TIMES = 5
LONGEST_PAGE = 200


def addresses(marks: dict[str, Any]) -> dict[str, str]:
    """Return the list with each one filter."""
    filters = {
        "no filter": "",
        "a frequent speaker": f"?speaker={marks['speaker']}",
        "another speaker": f"?speaker={marks['speakers'][15]}",
        "organization": f"?organization={marks['organization']}",
        "event": f"?event={marks['another_event']}",
        "initiative": f"?initiative={marks['initiative']}",
        "topic": f"?topic={marks['topic']}",
        "source": f"?source={marks['source']}",
        "kind": "?kind=direct",
        "certainty": "?certainty=disputed",
        "language": "?language=vi",
    }
    return {name: LIST + query for name, query in filters.items()}


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare the sizes filter by filter, the deep page with the first, and walk the great day."""
    sizes = [(site, addresses(site.call(landmarks))) for site in bench.both]
    ratios = {}
    for name in sizes[0][1]:
        (small, at_small), (large, at_large) = sizes
        small.get(at_small[name], 2), large.get(at_large[name], 2)  # warm
        ratios[name] = compare(
            bench.rounds,
            partial(large.get, at_large[name], TIMES),
            partial(small.get, at_small[name], TIMES),
        )
    growth = f"list of 50, {bench.sizes[1]:,} against {bench.sizes[0]:,} statements"
    yield at_most(1, f"{growth}: median of {len(ratios)} filters", median(ratios.values()), 1.3)
    worst = max(ratios, key=lambda name: ratios[name])
    yield Figure(1, f"{growth}: worst filter ({worst})", f"{number(ratios[worst])} ×")
    large = bench.both[1]
    share, deep = large.call(go_deep, LIST, 0.98, bench.patience)
    what = f"page at {share:.0%} depth against the first"
    if share < 0.97:
        yield Figure(1, f"{what}: walking on took longer than {bench.patience:.0f} s", "", "98%", False)
    ratio = compare(bench.rounds, lambda: large.get(deep, TIMES), lambda: large.get(LIST, TIMES))
    yield at_most(1, what, ratio, 1.3)
    for name, site in zip(bench.sizes, bench.both, strict=True):
        yield from _day(name, site)


def _day(size: int, site: Site) -> Iterator[Figure]:
    for inserting in (False, True):
        lost, twice, count = site.call(walk_the_day, inserting)
        what = f"the day of {count:,} statements at {size:,}" + (", under inserts" if inserting else "")
        yield Figure(1, f"{what}: lost, twice", f"{lost}, {twice}", "0, 0", not lost and not twice)


def follow(address: str) -> Iterator[dict[str, Any]]:
    """Yield the pages of a list. Runs in the process of a site."""
    following: str | None = address
    while following:
        page = json.loads(get(following).body)
        yield page
        following = page["next"] and "?".join(urlsplit(page["next"])[2:4])


def go_deep(address: str, share: float, patience: float) -> tuple[float, str]:
    """Follow `next` to this share of the public statements, as far as time allows: (share, address of 50 rows there)."""
    from events.models import Statement

    rows, seen, until = Statement.objects.published().count(), 0, time.monotonic() + patience
    following = f"{address}?page_size={LONGEST_PAGE}"
    for page in follow(following):
        seen += len(page["results"])
        if page["next"] is None:
            break
        following = "?".join(urlsplit(page["next"])[2:4])
        if seen >= share * rows or time.monotonic() > until:
            break
    # A numbered page of 200 holds other rows than one of 50; a cursor stands where it stands.
    deep = following.replace(f"page_size={LONGEST_PAGE}", "page_size=50")
    if "cursor=" not in deep:
        deep = f"{address}?page_size=50&page={max(seen // 50, 1)}"
    return seen / rows, deep


def walk_the_day(inserting: bool) -> tuple[int, int, int]:
    """Walk through the statements of the great day: (lost, met twice, all); a statement is added after every page if wished."""
    from events.models import Event, Statement

    event = Event.objects.get(pk=1)
    expected = set(Statement.objects.published().filter(event=event).values_list("slug", flat=True))
    met: Counter[str] = Counter()
    added = []
    for page in follow(f"{LIST}?event={event.slug}"):
        met.update(row["id"] for row in page["results"])
        if inserting:
            new = Statement(event=event, speaker_label="delegates", status="published")
            new.save()
            # Its place is anywhere on the day, before or behind the reader.
            Statement.objects.filter(pk=new.pk).update(position=(len(added) * 7919) % 5000)
            added.append(new)
    for new in added:
        new.history.all().delete()
        new.delete()
    return len(expected - set(met)), sum(1 for slug in expected if met[slug] > 1), len(expected)
