"""Any id that a record may have leads to it: no fixed address of the site or its admin stands where an id could stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from tests import factories as make

CONVERTER = re.compile(r"<(?:(\w+):)?(\w+)>")
VALUES = {"int": "1", "slug": "x", "str": "x", "path": "x"}


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[tuple[str, str]]:
    """Yield the address of every page as its route, with its name."""
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern).lstrip("^")
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from addresses(pattern, route)


def test_no_id_is_taken_for_a_fixed_address() -> None:
    routes = list(addresses(get_resolver()))
    words = {word for route, _name in routes for word in route.split("/") if re.fullmatch(r"[\w-]+", word)}
    with_id = [(route, name) for route, name in routes if re.search(r"<(slug|str):slug>", route)]
    assert {name for _route, name in with_id} >= {"person-detail", "source-detail", "desk_read", "desk_text"}
    assert words >= {"new", "suggestions", "token", "people", "admin"}
    for route, name in with_id:
        for word in words | {"new", "record", "doubles", "cards"}:
            address = CONVERTER.sub(lambda found: word if found[2] == "slug" else VALUES[found[1] or "str"], route)  # noqa: B023
            found = resolve(address)
            assert (found.url_name, found.kwargs.get("slug")) == (name, word), address


@pytest.mark.django_db
@pytest.mark.parametrize("slug", ["new", "token", "record", "suggestions", "doubles", "intake", "lookups", "cards"])
def test_a_source_of_any_id_is_opened_at_the_desk(admin_client: Client, slug: str) -> None:
    make.make_source("The Walk", text="It begins here.\n", slug=slug)
    answer = admin_client.get(reverse("admin:desk_read", args=[slug]))
    assert answer.status_code == 200
    assert "It begins here." in answer.content.decode()
    assert admin_client.get(reverse("admin:desk_text", args=[slug])).status_code == 200
