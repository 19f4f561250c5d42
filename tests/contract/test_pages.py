"""Pages of a list: walked forwards and back, while rows come and go."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests import factories as make
from tests.contract.conftest import HOST, found, refused

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def links(response: Any) -> dict[str, str]:
    """Return the addresses of a Link header by their relation."""
    return {rel: address for address, rel in re.findall(r'<([^>]*)>; rel="([a-z]+)"', response["Link"])}


def walked(ask: Ask, address: str) -> list[str]:
    """Return the ids on all pages, forwards; check that going back shows every page again."""
    seen: list[str] = []
    came_from = None
    following: str | None = address
    while following:
        response = ask(following)
        body = response.json()
        named = {name: body[member] for name, member in (("next", "next"), ("prev", "previous")) if body[member]}
        assert named == {name: link for name, link in links(response).items() if name != "first"}
        assert (body["previous"] is None) == (came_from is None)
        if came_from:
            assert ask(body["previous"]).json()["results"] == came_from
        seen += found(response)
        following, came_from = body["next"], body["results"]
    return seen


@pytest.mark.slow
def test_a_walk_over_all_pages_loses_nothing_and_repeats_nothing(ask: Ask) -> None:
    event = make.make_event(date="2025-03-14")
    expected = {make.make_statement(wording=f"Claim {n}.", event=event).slug for n in range(25)}
    expected |= {make.make_statement(date=f"20{n % 5 + 10}").slug for n in range(20)}
    assert ask("statements/?count=true").json()["count"] == 45
    assert "count" not in ask("statements/").json()
    whole = found(ask("statements/"))
    assert set(whole) == expected
    for order in ("", "&ordering=-date", "&ordering=date", "&ordering=position,-updated", "&ordering=-position,date"):
        in_order = found(ask(f"statements/?page_size=500{order}"))
        for size in (4, 45):
            seen = walked(ask, f"statements/?page_size={size}{order}")
            assert seen == in_order, order
    first = links(ask("statements/?page_size=2"))["first"]
    assert first == f"{HOST}/api/v1/statements/?page_size=2"


def test_rows_without_a_date_are_walked_too(ask: Ask) -> None:
    for number in range(9):
        make.make_event(f"Event {number}", date=("", "2024", "2025-03")[number % 3])
    for order in ("", "?ordering=date", "?ordering=-date", "?ordering=-date,-name"):
        joint = "&" if order else "?"
        in_order = found(ask(f"events/{order}"))
        assert walked(ask, f"events/{order}{joint}page_size=2") == in_order
        assert len(set(in_order)) == 9


def test_rows_that_come_and_go_move_no_other(ask: Ask) -> None:
    people = [make.make_person(f"Person {number}") for number in range(6)]
    body = ask("people/?page_size=3").json()
    make.make_person("A newcomer before all")
    people[1].status = "draft"
    people[1].save()
    make.make_person("Person 35")
    assert found(ask(body["next"])) == ["person-3", "person-35", "person-4"]


def test_a_page_holds_fifty_unless_told_otherwise(ask: Ask) -> None:
    for number in range(51):
        make.make_topic(f"Topic {number:02}")
    body = ask("topics/").json()
    assert len(body["results"]) == 50
    assert found(ask(body["next"])) == ["topic-50"]
    assert len(ask("topics/?page_size=500").json()["results"]) == 51


def test_an_empty_list_has_one_page(ask: Ask) -> None:
    assert ask("people/").json() == {"next": None, "previous": None, "results": []}
    assert ask("people/?count=true").json() == {
        "next": None,
        "previous": None,
        "count": 0,
        "count_is_exact": True,
        "results": [],
    }


def cursor_of(*parts: Any) -> str:
    """Return a cursor made by hand."""
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def test_a_cursor_that_was_tampered_with_is_refused(ask: Ask) -> None:
    make.make_statement()
    make.make_statement()
    following = ask("statements/?page_size=1").json()["next"]
    given = re.search("cursor=([^&]+)", following)[1]  # type: ignore[index]
    order, back, values = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    assert ask(f"statements/?cursor={cursor_of(order, back, values)}").status_code == 200
    wrong: list[Any] = [None, True, 1.5, [], {}, "x", "\0", "\ud800", 10**30, "2025-13-01", -1]
    for at in range(len(values)):
        for value in wrong:
            if not (at > 0 and value == -1):
                changed = [*values[:at], value, *values[at + 1 :]]
                assert ask(f"statements/?cursor={cursor_of(order, back, changed)}").status_code == 400, changed
    for parts in ((), (order,), (order, back), (order, back, []), (order, back, values[:1]), (order, back, "abc")):
        refused(ask(f"statements/?cursor={cursor_of(*parts)}"))
    following = ask("statements/?ordering=updated&page_size=1").json()["next"]
    given_too = re.search("cursor=([^&]+)", following)[1]  # type: ignore[index]
    order, back, (moment, key) = json.loads(base64.urlsafe_b64decode(given_too + "=" * (-len(given_too) % 4)))
    assert ask(f"statements/?ordering=updated&cursor={cursor_of(order, back, [moment, key])}").status_code == 200
    for never in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2025-01-01T00:00:00", "2025-01-01"):
        refused(ask(f"statements/?ordering=updated&cursor={cursor_of(order, back, [never, key])}"))
    fault = refused(ask(f"statements/?ordering=updated&cursor={given}"))["errors"][0]
    assert fault["detail"] == "This cursor belongs to a list in another order; begin without one."
