"""Goal 4: "not changed" costs next to nothing, and is never said after a change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..bench import Bench, Figure, at_most, compare, landmarks

LIST = "/api/v1/statements/"


def measure(bench: Bench) -> Iterator[Figure]:
    """Compare 304 with the stock list, then change what the list shows and ask again."""
    site, stock = bench.site(bench.large), bench.site(bench.large, "benchmarks.rivals.stock_settings")
    tag = site.get(LIST).headers.get("etag", "")
    answer = site.get(LIST, if_none_match=tag)
    if answer.status != 304:
        yield Figure(4, "304 for an unchanged list", f"{answer.status}", "304", False)
        return
    stock.get(LIST, 2)
    ratio = compare(bench.rounds, lambda: site.get(LIST, 20, if_none_match=tag), lambda: stock.get(LIST, 3))
    yield at_most(4, "304 against the stock list, time in the process", 100 * ratio, 2, " %")
    slug = site.call(landmarks)["speaker"]
    address = f"{LIST}?speaker={slug}"
    for what in ("wording", "speaker", "topic"):
        tag = site.get(address).headers["etag"]
        for step in ("change", "undo"):
            site.call(write, what, slug, step == "undo")
            answer = site.get(address, if_none_match=tag)
            right = answer.status == (200 if step == "change" else 304) or (step == "undo" and answer.status == 200)
            if step == "change" or not right:
                yield Figure(4, f"after a change of a {what} the old tag gets", f"{answer.status}", "200", right)


def write(what: str, speaker: str, undo: bool) -> None:
    """Change, or change back, something that the list shows. Runs in the process of the site."""
    from directory.models import Person
    from events.models import Statement

    statement = Statement.objects.published().filter(speaker__slug=speaker).order_by(*Statement._meta.ordering)[0]
    name: Any = Person.objects.get(slug=speaker).names.order_by("position")[0]
    row: Any = {
        "wording": statement.wordings.exclude(nature="verbatim").first() or statement.wordings.first(),
        "speaker": name,
        "topic": statement,
    }[what]
    column = "by" if what == "wording" else "text" if what == "speaker" else "role_at_time"
    value = getattr(row, column)
    setattr(row, column, value.removesuffix(" +") if undo else value + " +")
    row.save()
    if what == "speaker":
        Person.objects.get(slug=speaker).refresh_names()
    row.history.order_by("-history_id")[0].delete()
