"""Records with several links of the same kind: wherever few ends and many begins, a filter leaves what a scan leaves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.lists import search
from base.sql import lookup_or_scan
from directory.filters import PersonFilter
from directory.models import Person
from events.filters import EventFilter, StatementFilter
from events.models import Event, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make twelve statements with two wordings of a nature and several passages, by people who were at events in two roles."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        topics = [make.make_topic(f"Topic {number}") for number in range(3)]
        sources = [make.make_source(title, text="") for title in ("One", "Two")]
        events = [make.make_event(f"Event {number}", date=f"2025-01-0{number + 1}") for number in range(4)]
        for number in range(12):
            person = make.make_person(f"Person {number}")
            event = events[number % 4]
            passages = [make.make_passage(sources[number % 2], f"Words {number} {part}.") for part in range(3)]
            make.cite(event, *passages)
            statement = make.make_statement(
                person, event, f"claim {number}", passages=passages, topics=topics[: 1 + number % 3]
            )
            make.make_wording(statement, f"ข้ออ้าง {number}", language="th")
            for role in ("speaker", "attendee"):
                make.make_participation(person, event, role)
            name = person.names.model(person=person, text=f"Name {number}", language="en", kind="variant", position=1)
            name.save()
        yield
        transaction.set_rollback(True)


QUERIES: list[tuple[Any, dict[str, str], Any]] = [
    (StatementFilter, {"nature": "paraphrase"}, lambda row: row.wordings.filter(nature="paraphrase").exists()),
    (StatementFilter, {"language": "th"}, lambda row: row.wordings.filter(language="th").exists()),
    (StatementFilter, {"source": "one"}, lambda row: row.passages.filter(source__slug="one").exists()),
    (
        StatementFilter,
        {"topic__in": "topic-0,topic-1,topic-2"},
        lambda row: row.topics.filter(slug__in=("topic-0", "topic-1", "topic-2")).exists(),
    ),
    (StatementFilter, {"topic": "topic-1"}, lambda row: row.topics.filter(slug="topic-1").exists()),
    (EventFilter, {"source": "two"}, lambda row: row.passages.filter(source__slug="two").exists()),
    (EventFilter, {"participant__in": "person-1,person-2,person-5"}, lambda row: row.slug in ("event-1", "event-2")),
    (PersonFilter, {"event": "event-2"}, lambda row: row.participations.filter(event__slug="event-2").exists()),
    (PersonFilter, {"language": "en"}, lambda row: row.names.filter(language="en").exists()),
]


@pytest.mark.parametrize("few", [1, 2, 3, 5, 8, 13, 30])
@pytest.mark.parametrize("number", range(len(QUERIES)), ids=lambda number: "&".join(QUERIES[number][1]))
def test_a_filter_leaves_what_a_scan_leaves(number: int, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    filterset, data, holds = QUERIES[number]
    monkeypatch.setattr(lookup_or_scan, "MOST_LOOKED_UP", few)
    rows = filterset._meta.model.objects.published()
    used = filterset(data, queryset=rows)
    assert used.form.is_valid()
    expected = [row.slug for row in rows if holds(row)]
    assert expected
    assert list(used.qs.values_list("slug", flat=True)) == expected


# What nothing has, of every kind of filter.
NOTHING = {
    "statements": [
        "q=zzzzxxxq",
        "language=ja",
        "source=one&paragraph=9999",
        "nature=translation",
        "topic=topic-0&q=zzzq",
    ],
    "people": ["q=zzzzxxxq", "language=ja", "role=nothing"],
    "events": ["q=zzzzxxxq", "language=ja", "participant=person-1&role=panellist", "place=nowhere"],
    "organizations": ["q=zzzzxxxq", "language=ja"],
    "sources": ["q=zzzzxxxq", "publisher=nobody"],
}


@pytest.mark.parametrize(("plural", "query"), [(plural, query) for plural, found in NOTHING.items() for query in found])
def test_nothing_found_is_an_answer_everywhere(client: Client, plural: str, query: str) -> None:
    page = client.get(f"/{plural}/?{query}")
    assert (page.status_code, page.context["paginator"].count) == (200, 0)
    counts = ["", "&count=true", "&count=capped"]
    if facets := {"statements": "kind,topic", "people": "organization", "events": "kind"}.get(plural):
        counts += [f"&facets={facets}", f"&facets={facets}&facets_exact=true"]
    for more in counts:
        answer = client.get(f"/api/v1/{plural}/?{query}{more}")
        assert (answer.status_code, answer.json()["results"]) == (200, [])
    for path in (f"/{plural}.csv", f"/api/v1/export/{plural}.csv"):
        lines: Any = b"".join(client.get(f"{path}?{query}", follow=True))  # type: ignore[arg-type]
        assert lines.count(b"\r\n") == 1
    assert b"".join(client.get(f"/api/v1/export/{plural}.ndjson?{query}")) == b""  # type: ignore[arg-type]


@pytest.mark.parametrize("word", ["ขอ", "claim", "zz"])
@pytest.mark.parametrize("newest", [3, 20_000])
def test_a_facet_says_what_the_list_then_has(
    client: Client, word: str, newest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "NEWEST", newest)
    told = client.get(f"/api/v1/statements/?q={word}&topic=topic-2&facets=topic").json()["facets"]["topic"]
    assert bool(told) == (word != "zz")
    for line in told:
        chosen = client.get(f"/api/v1/statements/?q={word}&topic={line['value']}&count=true").json()
        # Among the newest that the other filters leave there may be fewer of a topic than among the newest of that topic.
        assert line["count"] <= chosen["count"]
        if newest > 12 or word == "claim":
            assert line["count"] == chosen["count"]


def test_the_world_has_rows_with_several_links() -> None:
    assert Statement.objects.filter(wordings__nature="paraphrase").count() == 24
    assert Event.objects.count() == 4
    assert Person.objects.count() == 12
