"""Reconciliation (Service API 0.2): what names find in the fixture, in Thai, Vietnamese and English, printed right or wrong."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests import factories as make
from tests.contract.conftest import HOST, refused
from tests.contract.reconciliation import EXTENDED, RESULTS, SUGGESTED, SUGGESTED_ENTITIES, checked, told
from tests.queries import Queries

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
FIXTURE = Path(settings.FIXTURE_DIRS[0], "film-workshop.json")


@pytest.fixture(scope="module", autouse=True)
def article(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the fixture once for every test here, and take it back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", FIXTURE, verbosity=0)
        yield
        transaction.set_rollback(True)


GOLDEN = [
    # Vietnamese with marks, without them, in capitals, with a doubled space
    ("Ngô Phương Lan", "people/ngo-phuong-lan", 100, True),
    ("ngo phuong lan", "people/ngo-phuong-lan", 100, True),
    ("NGÔ  PHƯƠNG LAN", "people/ngo-phuong-lan", 100, True),
    ("Hiep hoi Xuc tien Phat trien Dien anh Viet Nam", "organizations/vfda", 100, True),
    # Thai, in several spellings that were printed
    ("โง เฟือง ลาน", "people/ngo-phuong-lan", 100, True),
    ("โง ฟอง ลาน", "people/ngo-phuong-lan", 100, True),
    ("สมาคมส่งเสริมภาพยนตร์เวียดนาม", "organizations/vfda", 100, True),
    ("เทศกาลภาพยนตร์เอเชีย ดานัง", "events/danaff", 100, True),
    # English
    ("Boston Global Forum", "organizations/boston-global-forum", 100, True),
    ("Da Nang Asian Film Festival", "events/danaff", 100, True),
    ("Production Attraction Index", "initiatives/pai-index", 100, True),
    # misprints, words in another order, titles: found, never certain
    ("Ngo Phoung Lan", "people/ngo-phuong-lan", None, False),
    ("Lan Ngo Phuong", "people/ngo-phuong-lan", 99, False),
    ("Prof. Nazli Choucri", "people/nazli-choucri", None, False),
    ("Nazli Chourci", "people/nazli-choucri", None, False),
    ("Boston Globl Forum", "organizations/boston-global-forum", None, False),
    ("สมาคมส่งเสริมภาพยนต์เวียดนาม", "organizations/vfda", None, False),
    ("มหาวิทยาลัยฮาวาร์ด", "organizations/harvard-university", None, False),
]


@pytest.mark.parametrize(("query", "entity", "score", "match"), GOLDEN)
@pytest.mark.slow
def test_the_first_candidate(one: Any, query: str, entity: str, score: float | None, match: bool) -> None:
    first, *others = one(query)
    assert (first["id"], first["match"]) == (entity, match)
    if score is not None:
        assert first["score"] == score
    else:
        assert 50 < first["score"] < 99
    scores = [first["score"], *(candidate["score"] for candidate in others)]
    assert scores == sorted(scores, reverse=True)
    assert not any(candidate["match"] for candidate in others)


def test_a_whole_answer(one: Any) -> None:
    assert one("โง ฟอง ลาน", limit=1) == [
        {
            "id": "people/ngo-phuong-lan",
            "name": "Ngô Phương Lan",
            "description": "President, Vietnam Film Development Association; found as “โง ฟอง ลาน” (th)",
            "type": [{"id": "Person", "name": "Person"}],
            "score": 100.0,
            "match": True,
            "features": [
                {"id": "name_similarity", "value": 1.0},
                {"id": "same_name", "value": True},
                {"id": "same_characters", "value": True},
                {"id": "same_id", "value": False},
            ],
        }
    ]


def test_an_ambiguous_name_matches_nothing_until_the_type_decides(one: Any) -> None:
    both = one("AIWS")[:2]
    assert {candidate["id"] for candidate in both} == {"organizations/ai-world-society", "initiatives/aiws-film-park"}
    assert [candidate["match"] for candidate in both] == [False, False]
    assert [candidate["score"] for candidate in both] == [100, 100]
    assert [candidate["match"] for candidate in one("AIWS", limit=1)] == [False]
    for kind in ("Organization", ["Organization"], ["Organization", "Person"]):
        assert one("AIWS", type=kind)[0]["match"] is True


def test_a_rejected_reading_finds_nothing(one: Any) -> None:
    assert not any(told(candidate)["same_name"] for candidate in one("แองเจลา แคสติ้ง"))


@pytest.mark.parametrize(
    "query",
    [
        "people/ngo-phuong-lan",
        "ngo-phuong-lan",
        f"{HOST}/people/ngo-phuong-lan/",
        f"{HOST}/api/v1/people/ngo-phuong-lan/",
        "/people/ngo-phuong-lan/",
    ],
)
def test_an_id_finds_its_entity(one: Any, query: str) -> None:
    first = one(query)[0]
    assert (first["id"], first["match"], first["score"]) == ("people/ngo-phuong-lan", True, 100)
    assert told(first)["same_id"] is True


def test_limit_and_type(one: Any) -> None:
    assert len(one("University", limit=2)) == 2
    assert len(one("University", limit=2.0)) == 2
    assert len(one("University", limit=10**9)) >= 2
    assert {candidate["type"][0]["id"] for candidate in one("Film", type=["Event", "Initiative"])} <= {
        "Event",
        "Initiative",
    }
    assert one("Ngô Phương Lan", type="Event") == []


def test_keys_come_back_as_they_were_sent(send: Any, ask: Ask) -> None:
    queries = {"ก/1": {"query": "VFDA"}, "": {"query": "nobody at all"}, "q0": {"query": "x" * 501}}
    answer = checked(send(queries=queries), RESULTS)
    assert list(answer) == list(queries)
    assert [len(found["result"]) > 0 for found in answer.values()] == [True, False, False]
    assert ask(f"reconcile/?queries={quote(json.dumps(queries))}").json() == answer
    assert checked(send(queries={}), RESULTS) == {}


def test_every_address_of_the_manifest_answers(ask: Ask) -> None:
    manifest = ask("reconcile/").json()
    for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
        assert ask(service["service_path"]).status_code == 200
    for template, status in ((manifest["view"]["url"], 302), (manifest["preview"]["url"], 200)):
        for id_ in ("people/ngo-phuong-lan", quote("people/ngo-phuong-lan", safe="")):
            assert ask(template.replace("{{id}}", id_)).status_code == status
        assert ask(template.replace("{{id}}", "people/none")).status_code == 404
    assert ask(manifest["view"]["url"].replace("{{id}}", "events/danaff"))["Location"] == "/events/danaff/"


def test_suggest(ask: Ask) -> None:
    make.make_person("Boston Hidden", status="draft")
    entities = checked(ask("reconcile/suggest/entity/?prefix=Bost&type_strict=any"), SUGGESTED_ENTITIES)["result"]
    assert [entity["id"] for entity in entities] == [
        "organizations/boston-casting",
        "organizations/boston-global-forum",
    ]
    assert entities[0]["notable"] == [{"id": "Organization", "name": "Organization"}]
    found = [entity["id"] for entity in ask("reconcile/suggest/entity/?prefix=ดานัง").json()["result"]]
    assert found == ["events/danaff"]
    assert ask("reconcile/suggest/entity/?prefix=bost&type=Person").json() == {"result": []}
    assert ask("reconcile/suggest/entity/").json() == {"result": []}
    properties = checked(ask("reconcile/suggest/property/?prefix=w"), SUGGESTED)["result"]
    assert [option["id"] for option in properties] == ["wikidata"]
    types = checked(ask("reconcile/suggest/type/?prefix=per"), SUGGESTED)["result"]
    assert types == [{"id": "Person", "name": "Person"}]
    assert len(ask("reconcile/suggest/type/").json()["result"]) == 4
    for wrong in ("cursor=x", "cursor=-1", "cursor=501", "type=Dog", f"prefix={'a' * 501}"):
        refused(ask(f"reconcile/suggest/entity/?{wrong}"))


def test_preview_may_be_framed_and_nothing_else_may(ask: Ask) -> None:
    page = ask("reconcile/preview/?id=people/ngo-phuong-lan")
    assert "X-Frame-Options" not in page
    assert "frame-ancestors *" in page["Content-Security-Policy"]
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "<script" not in text
    assert '<li lang="th">โง เฟือง ลาน</li>' in text
    for address in ("reconcile/", "/api/v1/people/"):
        other = ask(address)
        assert other["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
    make.make_person("Gone", status="withdrawn")
    assert ask("reconcile/preview/?id=people/gone").status_code == 410
    event = make.make_event()
    event.slug = "other"
    event.save()
    assert b"Film Workshop" in ask("reconcile/preview/?id=events/film-workshop").content


def test_extend(send: Any) -> None:
    ids = ["people/ngo-phuong-lan", "events/danaff", "people/none", "odd"]
    properties = [
        {"id": "affiliation"},
        {"id": "other_names", "settings": {"limit": "1"}},
        {"id": "date"},
        {"id": "wikidata"},
    ]
    answer = checked(send(extend={"ids": ids, "properties": properties}), EXTENDED)
    assert answer["meta"][0] == {
        "id": "affiliation",
        "name": "affiliation",
        "type": {"id": "Organization", "name": "Organization"},
    }
    assert list(answer["rows"]) == ids
    person, event, *nobody = answer["rows"].values()
    assert person["affiliation"] == [{"id": "organizations/vfda", "name": "Vietnam Film Development Association"}]
    others = ("Ngo Phuong Lan", "โง เฟือง ลาน", "โง ฟอง ลาน", "ดร. โง เฟือง ลาน", "ดร. โง ฟอง ลาน", "TS Ngô Phương Lan")
    assert person["other_names"] == [{"str": text} for text in others]
    assert {"str": "DANAFF"} in event["other_names"]
    assert event["affiliation"] == []
    assert nobody == [{"affiliation": [], "other_names": [], "date": [], "wikidata": []}] * 2


@pytest.mark.parametrize(
    "query",
    [
        "\0",
        "a\0b",
        "%",
        "_",
        "\\",
        "'",
        "🎬",
        "e\u0301",
        "ำ",
        "ก" * 500,
        "2" * 400,
        "'; drop table",
        "\u202e",
        "-",
        "…",
    ],
)
def test_no_text_is_too_odd(one: Any, query: str) -> None:
    if query != "\0":  # nothing of it is left
        one(query)
        one(query, properties=[{"pid": pid, "v": query} for pid in ("date", "affiliation", "wikidata", "other_names")])


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["people/ngo-phuong-lan"], "Person"),
        (["VFDA"], "Organization"),
        (["PAI"], "Initiative"),
        (["DANAFF"], "Event"),
        (["ngo phuong lan", "VFDA", "PAI", "DANAFF"], None),
    ],
)
def test_a_batch_costs_the_same_for_few_queries_and_for_fifty(
    send: Any, names: list[str], kind: str | None, queries: Queries
) -> None:
    restricted = {"type": kind} if kind else {}
    for number in (len(names), 50):
        batch = {f"q{n}": {"query": (names * 50)[n], **restricted} for n in range(number)}
        with queries(f"/api/v1/reconcile/ {kind or 'any kind'}"):
            send(queries=batch)
