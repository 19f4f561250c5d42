"""Every page costs the same number of queries with one row and with three: the number of tests/queries.json."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make
from tests.queries import Queries
from tests.world import publish_world

PAGES = (
    "/",
    "/people/",
    "/organizations/",
    "/initiatives/",
    "/topics/",
    "/sources/",
    "/events/",
    "/statements/",
    "/search/?q=film",
    "/search/?q=article",
    "/search/?q=hidden",
    "/people/ann-lee-1/",
    "/organizations/film-board-1/",
    "/initiatives/film-fund-1/",
    "/topics/training-1/",
    "/sources/article-1/",
    "/events/film-workshop-1/",
    "/statements/{statement}/",
    "/check/",
    "/check/?source=article-1",
    "/check/?statement={statement}",
    "/statements/{statement}/share.png",
    "/statements/{statement}/embed/",
)


def grow(world: dict[str, Any]) -> None:
    """Add two worlds, and to the records of the first two statements more, by the same speaker at the same event."""
    for number in (2, 3):
        statement = publish_world(number)["statement"]
        statement.speaker, statement.event = world["person"], world["event"]
        statement.on_behalf_of = world["organization"]
        statement.save()
        statement.topics.add(world["topic"])
        statement.initiatives.add(world["initiative"])
        statement.about_organizations.add(world["other"])
        statement.passages.add(world["passages"][0])


@pytest.fixture(scope="module")
def asked(django_db_setup: None, django_db_blocker: Any) -> dict[str, list[list[str | None]]]:
    """Ask for every page with one row of everything, then with three; return what each asked of the database both times."""
    client = Client()
    sql: dict[str, list[list[str | None]]] = {page: [] for page in PAGES}
    with django_db_blocker.unblock(), transaction.atomic():
        world = publish_world()
        # The page of a statement shows the others of its paragraph: one, then three.
        make.make_statement(wording="Another.", passages=world["passages"][:1], topics=[world["topic"]])
        for step in (None, grow):
            if step is not None:
                step(world)
            for page in PAGES:
                address = page.format(statement=world["statement"].slug)
                client.get(address)
                with CaptureQueriesContext(connection) as captured:
                    assert client.get(address).status_code == 200, address
                sql[page].append([query["sql"] for query in captured])
        transaction.set_rollback(True)
    return sql


@pytest.mark.parametrize("address", PAGES)
def test_a_page_costs_the_same_with_one_row_and_with_three(
    asked: dict[str, list[list[str | None]]], queries: Queries, address: str
) -> None:
    one, three = asked[address]
    queries.compare(address, one)
    queries.compare(address, three)
