"""Facets of the API count what the filters then find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.api import router
from tests.contract.test_requests import found, refused

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
FILTERS = {plural: view.filterset_class for plural, view, _name in router.registry}


@pytest.mark.parametrize("plural", FILTERS)
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
def test_facets_cost_one_query(ask: Ask, world: dict[str, Any], names: str) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask(f"statements/?{query}").status_code == 200
        return len(captured)

    assert cost(f"facets={names}") == cost("") + 1


@pytest.mark.parametrize(
    ("asked", "nearest"), [("kinds", "kind"), ("kind,", None), ("kind,kind", None), ("paragraph", None), ("q", None)]
)
def test_what_cannot_be_counted_is_refused(ask: Ask, asked: str, nearest: str | None) -> None:
    (fault,) = refused(ask(f"statements/?facets={asked}"))["errors"]
    assert (fault["parameter"], fault.get("nearest")) == ("facets", nearest)
    assert "kind" in fault["allowed"]


def test_an_export_counts_nothing(ask: Ask) -> None:
    refused(ask("export/people.ndjson?facets=organization"))
