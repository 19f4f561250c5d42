"""Reconciliation (Service API 0.2): ids, properties, the manifest, and odd requests, which are never a failure of ours."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from base.reconcile import requests as reconcile
from base.records.merging import merge
from tests import factories as make
from tests.contract.conftest import HOST, refused
from tests.contract.reconciliation import MANIFEST, PROPOSED, RESULTS, checked, told

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def test_former_ids_and_wikidata_ids_find_their_entity(one: Any) -> None:
    left, double, last = make.make_person(wikidata="Q42"), make.make_person("A. Lee"), make.make_person("Anne Lee")
    for loser, into in ((double, last), (last, left)):
        loser.status, loser.merged_into = "withdrawn", into
        loser.save()
    left.slug = "ann"
    left.save()
    make.make_person("Draft", wikidata="Q43", status="draft")
    for query in ("ann", "people/ann-lee", "people/a-lee", "people/anne-lee", "Q42"):
        assert [(c["id"], c["match"]) for c in one(query)] == [("people/ann", True)], query
    assert one("Q43") == one("people/draft") == one("draft") == []


def test_an_id_is_followed_to_the_end_of_a_chain_of_mergers(one: Any) -> None:
    chain = [make.make_person(f"Chain {number}", slug=f"chain-{number}") for number in range(6)]
    for loser, winner in pairwise(chain):
        merge(loser, winner, reason="The same.")
    for query in ("chain-0", "people/chain-3", f"{HOST}/people/chain-5"):
        assert next((c["id"], c["match"]) for c in one(query)) == ("people/chain-5", True), query


def test_properties_tell_two_of_one_name_apart_but_make_nothing_certain(one: Any) -> None:
    board, school = make.make_organization(), make.make_organization("School", wikidata="Q7")
    make.make_name(board, "คณะกรรมการภาพยนตร์", "th", kind="translation")
    first, second = make.make_person(wikidata="Q1"), make.make_person(wikidata="Q2")
    make.make_affiliation(first, board)
    make.make_affiliation(second, school)
    for value in (
        "Film Board",
        "คณะกรรมการภาพยนตร์",
        {"id": "organizations/film-board", "name": "?"},
        ["x", "film board"],
    ):
        found = one("Ann Lee", properties=[{"pid": "affiliation", "v": value}])
        assert [(c["id"], c["match"], told(c)["affiliation"]) for c in found] == [
            (f"people/{first.slug}", False, True),
            (f"people/{second.slug}", False, False),
        ]
        assert found[0]["score"] == 100 > found[1]["score"]
    only = one(properties=[{"pid": "wikidata", "v": "Q2"}])
    assert [(c["id"], c["match"], told(c)["wikidata"]) for c in only] == [(f"people/{second.slug}", True, True)]
    assert one("School", properties=[{"pid": "wikidata", "v": "Q8"}])[0]["match"] is False
    assert one(properties=[{"pid": "other_names", "v": "School"}], type="Organization")[0]["match"] is True
    assert one(properties=[{"pid": "affiliation", "v": "Film Board"}]) == []


def test_dates_agree_if_a_day_can_be_meant_by_both(one: Any) -> None:
    make.make_event(date="2025-03")
    agrees = {
        date: told(one("Film Workshop", properties=[{"pid": "date", "v": date}])[0])["date"]
        for date in ("2025", "2025-03-14", "2025-04", "2024~/2026", "soon")
    }
    assert agrees == {"2025": True, "2025-03-14": True, "2025-04": False, "2024~/2026": True, "soon": False}
    assert one("Film Workshop", properties=[{"pid": "date", "v": 2024}])[0]["match"] is False
    assert one("Film Workshop", properties=[{"pid": "date", "v": 2025}])[0]["match"] is True
    assert "wikidata" not in told(one("Film Workshop", properties=[{"pid": "wikidata", "v": "Q1"}])[0])


def test_manifest(ask: Ask) -> None:
    manifest = checked(ask("reconcile/"), MANIFEST)
    assert manifest["identifierSpace"] == f"{HOST}/"
    assert [kind["id"] for kind in manifest["defaultTypes"]] == ["Person", "Organization", "Initiative", "Event"]
    assert ask("reconcile/?callback=x&_=1").json() == manifest
    assert ask("").json()["reconcile"] == f"{HOST}/api/v1/reconcile/"
    assert ask("reconcile/", if_none_match=ask("reconcile/")["ETag"]).status_code == 304


def test_suggestions_are_walked_by_their_cursor(ask: Ask) -> None:
    expected = {f"people/{make.make_person(f'Ann {number:02}').slug}" for number in range(13)}
    expected |= {f"organizations/{make.make_organization(f'Ann {number:02}').slug}" for number in range(10)}
    seen: list[str] = []
    for cursor in (0, 10, 20, 30):
        seen += [row["id"] for row in ask(f"reconcile/suggest/entity/?prefix=ann&cursor={cursor}").json()["result"]]
    assert (len(seen), set(seen)) == (23, expected)


def test_an_id_suggests_its_record(ask: Ask) -> None:
    ann, other = make.make_person("Ann Lee"), make.make_person("Ann Lee")
    former = ann.slug
    ann.slug = "ann-b-lee"
    ann.save()
    for prefix in ("people/ann-b-lee", f"people/{former}", f"{HOST}/people/ann-b-lee/", "/people/ann-b-lee/"):
        suggested = ask(f"reconcile/suggest/entity/?prefix={prefix}").json()["result"]
        assert [row["id"] for row in suggested] == ["people/ann-b-lee"]
        assert ask(f"reconcile/suggest/entity/?prefix={prefix}&cursor=1").json() == {"result": []}
        assert ask(f"reconcile/suggest/entity/?type=Event&prefix={prefix}").json() == {"result": []}
    by_name = {row["id"] for row in ask("reconcile/suggest/entity/?prefix=ann").json()["result"]}
    assert by_name == {"people/ann-b-lee", f"people/{other.slug}"}


def test_propose_properties(ask: Ask) -> None:
    proposed = checked(ask("reconcile/properties/?type=Event&limit=1"), PROPOSED)
    assert proposed == {"type": "Event", "limit": 1, "properties": [{"id": "date", "name": "date"}]}
    assert len(checked(ask("reconcile/properties/"), PROPOSED)["properties"]) == 4
    refused(ask("reconcile/properties/?type=Dog"))
    refused(ask("reconcile/properties/?limit=x"))


ODD_QUERIES: list[Any] = [
    5,
    [],
    "null",
    "",
    "{",
    '{"q": NaN}',
    '{"q": {"query": "\\ud800"}}',
    "[" * 100_000,
    {"query": 5},
    {"q": 5},
    {"q": None},
    {"q": []},
    {"q": {}},
    {"q": {"query": 5}},
    {"q": {"query": None}},
    {"q": {"query": " "}},
    {"q": {"query": "a", "type": 5}},
    {"q": {"query": "a", "type": {"id": "Person"}}},
    {"q": {"query": "a", "type": ["Person", 5]}},
    {"q": {"query": "a", "type": "Dog"}},
    {"q": {"query": "a", "limit": "x"}},
    {"q": {"query": "a", "limit": 0}},
    {"q": {"query": "a", "limit": -1}},
    {"q": {"query": "a", "limit": 1.5}},
    {"q": {"query": "a", "limit": True}},
    '{"q": {"query": "a", "limit": 1e999}}',
    {"q": {"query": "a", "type_strict": "x"}},
    {"q": {"query": "a", "type_strict": []}},
    {"q": {"query": "a", "properties": 5}},
    {"q": {"query": "a", "properties": [5]}},
    {"q": {"query": "a", "properties": [{"v": "x"}]}},
    {"q": {"query": "a", "properties": [{"pid": "x", "v": "x"}]}},
    {"q": {"query": "a", "properties": [{"pid": ["x"], "v": "x"}]}},
    {"q": {"query": "a", "properties": [{"pid": "date"}]}},
    {"q": {"query": "a", "properties": [{"pid": "date", "v": {"id": 5}}]}},
    {"q": {"query": "a", "properties": [{"pid": "date", "v": [[]]}]}},
    {"q": {"query": "a", "properties": [{"pid": "date", "v": ["x"] * 21}]}},
    {"q": {"query": "a", "properties": [{"pid": "date", "v": "x"}] * 21}},
]


@pytest.mark.parametrize("queries", ODD_QUERIES, ids=lambda value: str(value)[:40])
def test_odd_queries_are_refused(send: Any, queries: Any) -> None:
    assert refused(send(queries=queries))["errors"][0]["parameter"] == "queries"


@pytest.mark.parametrize(
    "extend",
    [
        5,
        {},
        {"ids": 5},
        {"ids": [5], "properties": []},
        {"ids": []},
        {"ids": [], "properties": 5},
        {"ids": [], "properties": ["date"]},
        {"ids": [], "properties": [{"id": 5}]},
        {"ids": [], "properties": [{"id": "x"}]},
        {"ids": [], "properties": [{}]},
    ],
    ids=str,
)
def test_odd_extensions_are_refused(send: Any, extend: Any) -> None:
    assert refused(send(extend=extend))["errors"][0]["parameter"] == "extend"


def test_too_much_at_once(send: Any) -> None:
    most = {f"q{number}": {"query": "a"} for number in range(reconcile.BATCH)}
    checked(send(queries=most), RESULTS)
    problem = refused(send(queries={**most, "more": {"query": "a"}}), 413)
    assert problem["limit"] == reconcile.BATCH
    ids = {"ids": ["people/x"] * (reconcile.MOST_IDS + 1), "properties": []}
    assert refused(send(extend=ids), 413)["limit"] == reconcile.MOST_IDS
    refused(send(queries={"q": {"query": "a" * 3_000_000}}), 413)


def test_forms_that_are_none(send: Any, client: Client) -> None:
    refused(send(), 415)
    refused(send(other="x"))
    refused(send(queries={"q": {"query": "a"}}, extend={"ids": [], "properties": []}))
    address = "/api/v1/reconcile/"
    refused(client.post(address, "queries={}&queries={}", content_type="application/x-www-form-urlencoded"))
    refused(client.post(address, {"queries": "{}"}), 415)
    refused(client.post(address, "{}", content_type="application/json"), 415)
    odd = client.post(address, b"queries=%7B%7D", content_type="application/x-www-form-urlencoded; charset=utf-16")
    assert odd.status_code == 400
    refused(client.put(address), 405)
    refused(client.post("/api/v1/people/"), 405)


def test_any_page_may_ask_without_cookies(send: Any, client: Client) -> None:
    origin = {"origin": "http://127.0.0.1:3333"}
    answers = [send(queries={"q": {"query": "a"}}), send(queries=5)]
    for path in ("", "suggest/entity/?prefix=a", "suggest/property/", "suggest/type/", "properties/", "preview/?id=x"):
        answers.append(client.get(f"/api/v1/reconcile/{path}", headers=origin))
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies
    asked = {**origin, "access-control-request-method": "POST"}
    preflight = client.options("/api/v1/reconcile/", headers=asked)
    assert "POST" in preflight["Access-Control-Allow-Methods"]
    assert answers[0]["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "date", ["Y1E400", "Y9E999999999", "9" * 60, "[" * 60, "x" * 5000, "2025-02-30", "\x00", "recently"]
)
def test_what_is_no_date_never_agrees_and_is_found_out_at_once(one: Any, client: Client, date: str) -> None:
    make.make_event(date="2025-03")
    asked = {"query": "events/film-workshop", "properties": [{"pid": "date", "v": date}]}
    (candidate,) = one(**asked)
    assert told(candidate)["date"] is False if date != "\x00" else "date" not in told(candidate)
    got = client.get("/api/v1/reconcile/", {"queries": json.dumps({"q": asked})})
    assert got.status_code == 200


def test_all_queries_together_have_only_so_many_values(send: Any) -> None:
    values = [{"pid": "other_names", "v": ["x"] * 20}]
    most = {f"q{number}": {"query": "a", "properties": values} for number in range(reconcile.MOST_VALUES // 20)}
    checked(send(queries=most), RESULTS)
    assert refused(send(queries={**most, "more": {"query": "a", "properties": values}}), 413)["limit"] == 500


def test_a_property_is_answered_with_its_first_values(send: Any) -> None:
    person = make.make_person("Ann Lee")
    for number in range(103):
        make.make_name(person, f"Lee {number:03}")
    answer = send(extend={"ids": ["people/ann-lee"], "properties": [{"id": "other_names"}]}).json()
    values = [value["str"] for value in answer["rows"]["people/ann-lee"]["other_names"]]
    assert values == [f"Lee {number:03}" for number in range(100)]
