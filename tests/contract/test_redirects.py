"""A public id answers for ever: with 308 where it leads to another, with 410 where it leads nowhere; and a list says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from base.changes import feed as changes
from base.records.merging import merge
from tests import factories as make
from tests.contract.conftest import HOST

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
MAKERS: dict[str, Callable[[], Any]] = {
    "event": make.make_event,
    "initiative": make.make_initiative,
    "organization": make.make_organization,
    "person": make.make_person,
    "source": make.make_source,
    "statement": lambda: make.make_statement(passages=[]),
    "topic": make.make_topic,
}


def rename(record: Any, slug: str) -> None:
    """Give a record another id, as the admin does."""
    record = type(record).objects.get(pk=record.pk)
    record.slug = slug
    record.save()


def withdraw(record: Any) -> None:
    """Withdraw a record, as the admin does."""
    record = type(record).objects.get(pk=record.pk)
    record.status, record.withdrawn_reason = "withdrawn", "It was a mistake."
    record.save()


def listed(ask: Ask, size: int = 100) -> list[tuple[str, str, str]]:
    """Return every row of the list, read in pages of `size`; each leads where it says."""
    rows: list[Any] = []
    address: str | None = f"redirects/?page_size={size}"
    while address:
        answer = ask(address)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        assert list(page) == ["next", "results"]
        assert len(page["results"]) <= size
        assert answer.get("Link") == (f'<{page["next"]}>; rel="next"' if page["next"] else None)
        rows += page["results"]
        address = page["next"]
    for row in rows:
        plural = changes.models_by_kind()[row["kind"]].plural
        led = ask(f"{plural}/{row['former_id']}/")
        assert (led.status_code, led["Location"]) == (308, row["url"])
        assert row["url"] == f"{HOST}/api/v1/{plural}/{row['id']}/"
        assert ask(row["url"]).status_code == 200
    return [(row["kind"], row["former_id"], row["id"]) for row in rows]


def test_every_kind_has_a_maker() -> None:
    assert sorted(changes.models_by_kind()) == sorted(MAKERS)


@pytest.mark.parametrize("kind", MAKERS)
def test_renamed_twice_then_merged_then_withdrawn(ask: Ask, kind: str) -> None:
    loser, winner = MAKERS[kind](), MAKERS[kind]()
    first, other = loser.slug, winner.slug
    rename(loser, "second")
    rename(loser, "third")
    assert listed(ask) == [(kind, *pair) for pair in sorted([(first, "third"), ("second", "third")])]
    if kind != "source":
        merge(loser, winner, reason="The same.")
        pairs = sorted((former, other) for former in (first, "second", "third"))
        assert listed(ask) == [(kind, *pair) for pair in pairs]
        rename(winner, "fourth")
        pairs = sorted((former, "fourth") for former in (first, "second", "third", other))
        assert listed(ask) == [(kind, *pair) for pair in pairs]
        assert listed(ask, 1) == listed(ask)
    last = winner if kind != "source" else loser
    withdraw(last)
    assert listed(ask) == []
    last.refresh_from_db()
    for former in (first, last.slug):
        gone = ask(f"{last.plural}/{former}/")
        assert (gone.status_code, gone.json()["reason"]) == (410, "It was a mistake.")


def test_all_kinds_in_pages_of_any_size(ask: Ask) -> None:
    wanted = []
    for kind, maker in MAKERS.items():
        for number in range(3):
            record = maker()
            wanted.append((kind, record.slug, f"{kind}-new-{number}"))
            rename(record, f"{kind}-new-{number}")
    wanted.sort()
    for size in (1, 2, 3, 4, 100):
        assert listed(ask, size) == wanted


def test_only_what_is_public_is_listed(ask: Ask) -> None:
    draft = make.make_person("Hidden", status="draft")
    rename(draft, "still-hidden")
    merge(make.make_person("Hidden too", status="draft"), make.make_person("Ann Lee"), reason="The same.")
    taken, taker = make.make_person("Bo Kim"), make.make_person("Bob Kim")
    rename(taken, "bo-kim-2")
    type(taker).objects.filter(pk=taker.pk).update(slug="bo-kim")
    assert listed(ask) == []


@pytest.mark.parametrize(
    "query", ["after=x", "after=person", "after=nobody:x", "after=person:%00", "page_size=0", "page=1", "kind=person"]
)
def test_what_is_not_understood_is_refused(ask: Ask, query: str) -> None:
    answer = ask(f"redirects/?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
