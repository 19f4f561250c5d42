"""Facets of the API count what the filters then find."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoDbBlocker

from config.api import router
from tests.contract.conftest import make_two_worlds
from tests.contract.test_requests import found, refused
from tests.world import shared_rows

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
FILTERS = {plural: view.filterset_class for plural, view, _name in router.registry}


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make two public worlds for all tests of this file."""
    with shared_rows(django_db_blocker, make_two_worlds) as first:
        yield first


@pytest.fixture
def world(db: None, shared: dict[str, Any]) -> dict[str, Any]:
    """Return the records of the first, for one test to change."""
    return copy.deepcopy(shared)


@pytest.mark.parametrize("plural", FILTERS)
@pytest.mark.slow
def test_a_facet_counts_what_the_filter_finds(ask: Ask, world: dict[str, Any], plural: str) -> None:
    others = ["", "language__in=en", "updated_since=2020-01-01"]
    others += {
        "events": ["participant=ann-lee-2", "role=speaker"],
        "statements": ["kind=direct", "topic=training-1"],
    }.get(plural, [])
    names = FILTERS[plural].facet_names()
    for other in others:
        facets: dict[str, Any] = {}
        for part in (names[:10], names[10:20], names[20:]):
            if part:
                answer = ask(f"{plural}/?facets={','.join(part)}&{other}")
                assert list(answer.json()["facets"]) == part
                facets |= answer.json()["facets"]
        for name, lines in facets.items():
            beside = "" if other.startswith((f"{name}=", f"{name}__in=")) else other
            for line in lines:
                query = urlencode({name: line["value"]})
                assert len(found(ask(f"{plural}/?{query}&{beside}"))) == line["count"], (name, line, other)
                assert line["label"]


def test_facets_are_named_and_sorted(ask: Ask, world: dict[str, Any]) -> None:
    facets = ask("statements/?facets=kind,speaker,language").json()["facets"]
    assert facets == {
        "kind": [
            {"value": "direct", "label": "direct quote", "count": 2},
            {"value": "reported", "label": "reported speech", "count": 1},
        ],
        "speaker": [
            {"value": "ann-lee-1", "label": "Ann Lee 1", "count": 1},
            {"value": "ann-lee-2", "label": "Ann Lee 2", "count": 1},
        ],
        "language": [{"value": "en", "label": "en", "count": 3}, {"value": "vi", "label": "vi", "count": 2}],
    }
    assert "facets" not in ask("statements/").json()


@pytest.mark.parametrize("names", ["kind", "kind,speaker,topic,initiative,event,certainty,language,source"])
@pytest.mark.parametrize("beside", ["", "kind=direct&speaker=ann-lee-1&topic=training-1&language=en"])
@pytest.mark.slow
def test_facets_cost_one_query(ask: Ask, world: dict[str, Any], names: str, beside: str) -> None:
    """Whichever of the filters are in use, and with a count that goes no further than they do."""

    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(f"statements/?{beside}&{query}").status_code == 200
        return len(captured)

    plain = cost("")
    assert cost("count=capped") == plain + 1
    assert cost(f"facets={names}") == plain + 1
    assert cost(f"facets={names}&count=capped") == plain + 1
    assert cost(f"facets={names}&count=true") == plain + 2
    assert cost(f"facets={names}&facets_exact=true&count=capped") == plain + 2


@pytest.mark.parametrize(
    ("asked", "nearest"), [("kinds", "kind"), ("kind,", None), ("kind,kind", None), ("paragraph", None), ("q", None)]
)
def test_what_cannot_be_counted_is_refused(ask: Ask, asked: str, nearest: str | None) -> None:
    (fault,) = refused(ask(f"statements/?facets={asked}"))["errors"]
    assert (fault["parameter"], fault.get("nearest")) == ("facets", nearest)
    assert "kind" in fault["allowed"]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages count two rows."""
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 2)


@pytest.mark.usefixtures("few")
def test_what_is_cut_says_so(ask: Ask, world: dict[str, Any]) -> None:
    cut = ask("statements/?facets=kind,speaker&count=capped").json()
    assert (cut["count"], cut["count_is_exact"], cut["facets_cut"]) == (2, False, ["kind", "speaker"])
    assert sum(line["count"] for line in cut["facets"]["kind"]) == 2
    exact = ask("statements/?facets=kind,speaker&count=true&facets_exact=true").json()
    assert (exact["count"], exact["count_is_exact"], exact["facets_cut"]) == (3, True, [])
    assert sum(line["count"] for line in exact["facets"]["kind"]) == 3
    # What a filter leaves may be counted to the end while what its other choices would leave is not.
    one = ask("statements/?kind=reported&facets=kind,speaker&count=capped").json()
    assert (one["count"], one["count_is_exact"], one["facets_cut"]) == (1, True, ["kind"])
    people = ask(f"events/{world['event'].slug}/participants/?count=capped").json()
    assert (people["count"], people["count_is_exact"]) == (2, True)
    assert "facets_cut" not in people
    assert not {"count", "count_is_exact", "facets", "facets_cut"} & ask("statements/").json().keys()


@pytest.mark.usefixtures("few")
def test_the_first_rows_are_those_of_the_list(ask: Ask, world: dict[str, Any]) -> None:
    first = found(ask("statements/?page_size=2"))
    lines = ask("statements/?facets=kind,topic").json()["facets"]
    shown = [row for row in ask("statements/").json()["results"] if row["id"] in first]
    assert {line["value"]: line["count"] for line in lines["kind"]} == dict(Counter(row["kind"] for row in shown))
    topics = Counter(topic["id"] for row in shown for topic in row["topics"])
    assert {line["value"]: line["count"] for line in lines["topic"]} == dict(topics)


@pytest.mark.parametrize("query", ["count=yes", "facets=kind&facets_exact=maybe"])
def test_a_wrong_way_of_counting_is_refused(ask: Ask, query: str) -> None:
    parameter = query.split("&")[-1].partition("=")[0]
    assert [fault["parameter"] for fault in refused(ask(f"statements/?{query}"))["errors"]] == [parameter]


def test_an_export_counts_nothing(ask: Ask) -> None:
    refused(ask("export/people.ndjson?facets=organization"))
