"""A statement is found as people ask for it: who, about what, in whatever order, spelling and script; on both databases alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from directory.models import Topic
from events.statement_search import StatementSearch
from tests import factories as make
from tests.events.search_queries import QUERIES, Expected
from tests.reading import article

pytestmark = pytest.mark.django_db

SAID_FOR_AI = {"AI": "en", "เอไอ": "th", "ปัญญาประดิษฐ์": "th", "Trí tuệ nhân tạo": "vi", "Artificial intelligence": "en"}
ALL = [(expected, query) for expected, queries in QUERIES for query in queries.split(" | ")]


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once; artificial intelligence goes by the names that people use."""
    with article(django_db_blocker):
        topic = Topic.objects.get(slug="artificial-intelligence")
        known = set(topic.names.values_list("text", flat=True))
        for text, language in SAID_FOR_AI.items():
            if text not in known:
                make.make_name(topic, text, language, kind="variant")
        yield


def test_the_tables_have_two_hundred_queries() -> None:
    assert len({query for _expected, query in ALL}) >= 200


@pytest.mark.parametrize(("expected", "query"), ALL, ids=[query for _expected, query in ALL])
def test_what_is_asked_for_is_found(expected: Expected, query: str) -> None:
    first, also, never = (set(ids.split()) for ids in (expected.first, expected.also, expected.never))
    asked = StatementSearch(query)
    slugs = dict(asked.matches.values_list("pk", "slug"))
    best = [slugs[row[0]] for row in asked.first(len(first))]
    found = set(slugs.values())
    assert first | also <= found, f"missing: {sorted((first | also) - found)}"
    assert not (never - first - also) & found, f"too many: {sorted((never - first - also) & found)}"
    assert set(best) <= first, f"first: {best}"
    if expected.only:
        assert found == first
