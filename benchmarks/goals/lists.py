"""Goal 1: lists stay as quick at a million as at ten thousand, at any depth, and lose nothing on the way."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator
from functools import partial
from statistics import median
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from ..bench import Bench, Figure, at_most, compare, number
from ..site import Site, get

LIST = "/api/v1/statements/"
TIMES = 5
FULL = 60  # statements that fill a page of 50, though some are not public


def values() -> dict[str, str]:
    """Return a query string for every filter of statements, and more for those by which few, some and many rows are found.

    Runs in the process of a site. The names are the same at every size, the values are not: what is in the middle here is
    what stands in the middle of the values by how many statements they have. Only values that fill a page count, if there is
    one: a list of 50 takes longer than one of 5 at any size.
    """
    from django.db.models import Count

    from directory.models import Initiative, Organization, Passage, Person, Source, Topic
    from events.filters import StatementFilter
    from events.models import Event, Statement

    statements = Statement.objects.order_by()
    found: dict[str, str] = {}

    def by(name: str, column: str, model: Any, **places: float) -> None:
        """Add values by their place among all, 0 the most frequent."""
        counts = (
            statements.filter(**{f"{column}__isnull": False})
            .values_list(column)
            .annotate(n=Count("pk"))
            .order_by("-n", column)
        )
        slugs = dict(model.objects.published().values_list("pk", "slug")) if model else {}
        named = [(slugs.get(key) if model else quote(str(key)), n) for key, n in counts]
        keys = [key for key, n in named if key and n >= FULL] or [next(key for key, _n in named if key)]
        for told, place in places.items():
            found[f"{name}, {told}"] = f"{name}={keys[int(place * (len(keys) - 1))]}"

    ends = {"frequent": 0.0, "middle": 0.1, "rare": 0.9}
    by("speaker", "speaker", Person, **ends)
    by("speaker_organization", "speaker_organization", Organization, **ends)
    by("on_behalf_of", "on_behalf_of", Organization, **ends)
    by("organization", "on_behalf_of", Organization, **ends)
    by("event", "event", Event, **ends)
    by("initiative", "initiatives", Initiative, **ends)
    by("topic", "topics", Topic, frequent=0.0, middle=0.5, rare=1.0)
    by("about_person", "about_people", Person, **ends)
    by("about_organization", "about_organizations", Organization, **ends)
    by("about", "about_organizations", Organization, frequent=0.0)
    for column in ("speaker_label", "role_at_time", "attribution", "certainty"):
        by(column, column, None, frequent=0.0, rare=1.0)
    by("kind", "statement_kind", None, frequent=0.0)
    by("source", "passages__source", Source, frequent=0.0, rare=1.0)
    source = Source.objects.order_by("pk")[5]
    page = (
        Passage.objects.filter(source=source, statement_rows__isnull=False).values_list("paragraph", flat=True).first()
    )
    found |= {
        "source and paragraph": f"source={source.slug}&paragraph={page}",
        "paragraph, frequent": "paragraph=3",
        "paragraph, rare": f"paragraph={Passage.objects.order_by('-paragraph').values_list('paragraph', flat=True)[0]}",
        "language": "language=vi",
        "nature, frequent": "nature=paraphrase",
        "nature, rare": "nature=translation",
        "language and nature": "language=th&nature=verbatim",
        "proven": "proven=true",
        "not proven": "proven=false",
        "after": "after=2015-06-01",
        "before": "before=2010-06-01",
        "updated_since": "updated_since=2026-01-01",
        "updated_since, nothing": "updated_since=2099-01-01",
        "updated_before": "updated_before=2099-01-01",
        "speakers": f"speaker__in={found['speaker, frequent'][8:]},{found['speaker, middle'][8:]}",
        "kinds": "kind__in=direct,reported",
        "id": f"id={Statement.objects.published().order_by('pk').values_list('slug', flat=True)[10]}",
    }
    single = {name for name in StatementFilter.base_filters if not name.endswith("__in")} - {"q", "ordering"}
    unmeasured = single - {text.partition("=")[0] for text in found.values()}
    if unmeasured:
        raise LookupError(f"no value for {sorted(unmeasured)}")
    return {"no filter": "", **found}


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare the sizes filter by filter, the deep page with the first, and walk the great day."""
    small, large = bench.both
    asked = [site.call(values) for site in (small, large)]
    ratios, counts = {}, {}
    for name in asked[0]:
        one, other = (
            partial(site.get, f"{LIST}?{query[name]}") for site, query in zip((large, small), asked[::-1], strict=True)
        )
        counts[name] = max(one(2).queries, other(2).queries)  # warm, too
        ratios[name] = compare(bench.rounds, partial(one, TIMES), partial(other, TIMES))
    growth = f"list of 50, {bench.sizes[1]:,} against {bench.sizes[0]:,} statements"
    yield at_most(1, f"{growth}: median of {len(ratios)} filters", median(ratios.values()), 1.3)
    slow = sorted((name for name in ratios if ratios[name] > 1.3), key=lambda name: -ratios[name])
    told = ", ".join(f"{name} {number(ratios[name])} ×" for name in slow)
    yield Figure(1, f"{growth}: filters above 1.3", told or "none", "none", not slow)
    yield at_most(1, "queries of a list by one filter, the most", max(counts.values()), 8, "")
    differ = [name for name, query in asked[0].items() if not small.call(same_either_way, f"{LIST}?{query}")]
    yield Figure(
        1,
        "filters that find other rows when walked than when looked up",
        ", ".join(differ) or "none",
        "none",
        not differ,
    )
    for depth in (0.5, 0.98):
        deep = large.call(go_deep, depth)
        ratio = compare(bench.rounds, lambda deep=deep: large.get(deep, TIMES), lambda: large.get(LIST, TIMES))
        yield at_most(1, f"page at {depth:.0%} depth against the first", ratio, 1.3)
    for name, site in zip(bench.sizes, bench.both, strict=True):
        yield from _day(name, site)


def same_either_way(address: str) -> bool:
    """Whether a list has as many rows if few are many and if many are few. Runs in the process of a site."""
    from base.sql import lookup_or_scan

    few, found = lookup_or_scan.MOST_LOOKED_UP, set()
    for lookup_or_scan.MOST_LOOKED_UP in (0, few, 10**9):
        found.add(
            json.loads(get(f"{address}{'' if address.endswith('?') else '&'}count=true&page_size=1").body)["count"]
        )
    lookup_or_scan.MOST_LOOKED_UP = few
    return len(found) == 1


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


def go_deep(share: float) -> str:
    """Return the address of the page at this share of the statements, without walking there.

    The cursor of another page is given the values of the row that stands there.
    """
    from events.models import Statement

    rows = Statement.objects.all()  # drafts and all, to find a place
    date, *place = rows.values_list("sort_date", "position", "pk")[int(share * rows.count())]
    following = next(follow(LIST))["next"]
    (cursor,) = parse_qs(urlsplit(following).query)["cursor"]
    mark, back, _values = json.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    text = json.dumps([mark, back, [date.isoformat(), *place]])
    return f"{LIST}?cursor={urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


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
    Statement.objects.filter(pk__in=[new.pk for new in added]).delete()
    return len(expected - set(met)), sum(1 for slug in expected if met[slug] > 1), len(expected)
