"""Every page costs the same number of queries with one row and with three."""

import pytest
from django.test import Client

from tests import factories as make
from tests.world import publish_world

LISTS = {
    "/": 14,
    "/people/": 5,
    "/organizations/": 3,
    "/initiatives/": 3,
    "/topics/": 3,
    "/sources/": 3,
    "/events/": 3,
    "/statements/": 7,
    "/search/?q=film": 12,
    "/search/?q=article": 13,
    "/search/?q=hidden": 9,
    "/people/ann-lee-1/": 13,
    "/organizations/film-board-1/": 16,
    "/initiatives/film-fund-1/": 14,
    "/topics/training-1/": 8,
    "/sources/article-1/": 36,
    "/events/film-workshop-1/": 18,
    "/statements/{statement}/": 12,
}


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "queries"), LISTS.items())
def test_a_page_costs_the_same_with_one_row_and_with_three(
    client: Client, django_assert_num_queries, address: str, queries: int
) -> None:
    world = publish_world()
    if "{statement}" in address:  # its page shows the others of the paragraph: one, then three
        make.make_statement(wording="Another.", passages=world["passages"][:1], topics=[world["topic"]])
    address = address.format(statement=world["statement"].slug)
    client.get(address)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
    for number in (2, 3):
        other = publish_world(number)
        # The pages of single records grow as well: two more statements, by the same speaker at the same event.
        other["statement"].speaker, other["statement"].event = world["person"], world["event"]
        other["statement"].on_behalf_of = world["organization"]
        other["statement"].save()
        other["statement"].topics.add(world["topic"])
        other["statement"].initiatives.add(world["initiative"])
        other["statement"].about_organizations.add(world["other"])
        other["statement"].passages.add(world["passages"][0])
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
