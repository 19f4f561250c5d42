"""What is understood, what is refused and how, and the HTTP around every answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils.http import parse_http_date

from base.changes.version import content_version
from base.lists.filter_fields import QUERY_LENGTH
from tests import factories as make
from tests.contract.conftest import found, refused

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
EXPANDABLE = [
    *("speaker", "speaker_organization", "on_behalf_of", "event"),
    *("initiatives", "topics", "about_people", "about_organizations", "relations.statement"),
]
PLURALS = ["events", "people", "organizations", "initiatives", "statements", "sources", "topics"]


# What is refused -----------------------------------------------------------------------------------------------------
def test_an_unknown_parameter_names_the_allowed_ones_and_the_nearest(ask: Ask) -> None:
    problem = refused(ask("topics/?langage=x"))
    allowed = [
        "count",
        "cursor",
        "facets",
        "facets_exact",
        "fields",
        "id",
        "id__in",
        "lang",
        "language",
        "language__in",
        "ordering",
    ]
    allowed += ["page_size", "q", "updated_before", "updated_since"]
    detail = "“langage” is not a parameter of this address; did you mean “language”?"
    assert problem == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": f"The query was not understood: langage: {detail}",
        "errors": [{"parameter": "langage", "detail": detail, "allowed": allowed, "nearest": "language"}],
    }


@pytest.mark.parametrize("plural", PLURALS)
def test_every_kind_is_strict(ask: Ask, plural: str) -> None:
    assert refused(ask(f"{plural}/?cursro=1"))["errors"][0]["nearest"] == "cursor"
    refused(ask(f"{plural}/?format=xml"))
    assert "nearest" not in refused(ask(f"{plural}/?zzzz=1"))["errors"][0]
    assert refused(ask(f"{plural}/none/"), 404)["detail"].startswith("There is no ")


@pytest.mark.parametrize("address", ["", "openapi.json", "openapi.yaml"])
def test_an_address_without_parameters_takes_none(ask: Ask, address: str) -> None:
    make.make_person()
    assert refused(ask(f"{address}?q=a"))["errors"][0]["allowed"] == []


@pytest.mark.parametrize(
    ("query", "parameter", "allowed", "nearest"),
    [
        ("kind=dirct", "kind", ["direct", "reported", "narrated"], "direct"),
        ("certainty=sure", "certainty", ["stated", "inferred", "disputed", "rejected"], None),
        ("ordering=-dat", "ordering", ["date", "-date", "position", "-position", "updated", "-updated"], "-date"),
        ("ordering=,", "ordering", None, None),
        ("ordering=date,,position", "ordering", None, None),
        ("paragraph=1.5", "paragraph", None, None),
        ("paragraph=-1", "paragraph", None, None),
        ("speaker=nobody", "speaker", None, None),
        ("speaker=%00", "speaker", None, None),
        ("language=%00", "language", None, None),
        ("paragraph=x", "paragraph", None, None),
        ("paragraph=0", "paragraph", None, None),
        ("page_size=0", "page_size", None, None),
        ("page_size=last", "page_size", None, None),
        ("page_size=%E0%B9%91", "page_size", None, None),
        ("page_size=99999999999999999999", "page_size", None, None),
        ("page_size=", "page_size", None, None),
        ("page_size=501", "page_size", None, None),
        ("page_size=101&expand=speaker", "page_size", None, None),
        ("count=yes", "count", ["false", "capped", "true"], None),
        ("expand=speeker", "expand", EXPANDABLE, "speaker"),
        ("expand=passages.source", "expand", EXPANDABLE, None),
        ("fields=", "fields", None, None),
        ("fields=wordings.txt", "fields", None, "wordings.text"),
        ("fields=speaker.labels", "fields", None, "speaker_label"),
        (f"fields={','.join(['id'] * 101)}", "fields", None, None),
        ("lang=english%20please", "lang", None, None),
        ("lang=%00", "lang", None, None),
        (f"lang=en{'-abcdefg' * 12}!", "lang", None, None),
        ("cursor=", "cursor", None, None),
        ("cursor=abc", "cursor", None, None),
        ("cursor=%FF%00", "cursor", None, None),
        (f"cursor={'W' * 4001}", "cursor", None, None),
        ("page_size=-1", "page_size", None, None),
        (f"q={'a' * (QUERY_LENGTH + 1)}", "q", None, None),
        ("q=%00", "q", None, None),
        ("q=a%00b", "q", None, None),
        ("q=a%1Fb", "q", None, None),
        ("q=%C2%85", "q", None, None),
        ("q=%EF%BF%BF", "q", None, None),
        ("kind=direct&kind=reported", "kind", None, None),
    ],
)
def test_a_wrong_value_is_refused(
    ask: Ask, query: str, parameter: str, allowed: list[str] | None, nearest: str | None
) -> None:
    (fault,) = refused(ask(f"statements/?{query}"))["errors"]
    assert fault["parameter"] == parameter
    assert fault["detail"]
    assert fault.get("nearest") == nearest
    if allowed is not None:
        assert fault["allowed"] == allowed


@pytest.mark.parametrize("day", ["03/04/2025", "Mar 4 2025", "2025-02-30", "2025-3-4", "2025", "-0001-01-01"])
def test_a_day_is_written_in_one_way(ask: Ask, day: str) -> None:
    assert [fault["parameter"] for fault in refused(ask(f"events/?after={day}"))["errors"]] == ["after"]


def test_several_faults_are_told_at_once(ask: Ask) -> None:
    problem = refused(ask("events/?kind=x&after=2025-02-31"))
    assert [fault["parameter"] for fault in problem["errors"]] == ["kind", "after"]


@pytest.mark.parametrize(
    "path", ["xyz/", "people/x/y/", "people/%00/", "people/%FF/", "people/a%0A/", "a%0Ab/", "people/%E0%B8%81/"]
)
def test_there_is_nothing_elsewhere(ask: Ask, path: str) -> None:
    refused(ask(path), 404)


def test_words_on_several_lines_are_words(ask: Ask) -> None:
    make.make_person("Ann Lee")
    assert found(ask("people/?q=ann%0D%0A%09lee%0A")) == ["ann-lee"]


@pytest.mark.parametrize("query", ["q=%00", "q=%FF", "q=%ED%A0%80", "q=%E0%B8", "q=a%00b", "page_size=%FF"])
def test_broken_bytes_in_the_query_break_nothing(ask: Ask, query: str) -> None:
    assert ask(f"people/?{query}").status_code in (200, 400)


def test_a_thousand_parameters_are_refused(ask: Ask) -> None:
    refused(ask("people/?" + "&".join(f"a{number}=1" for number in range(1200))))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("path", ["", "people/", "people/ann-lee/", "openapi.json", "docs/"])
def test_reading_is_all_there_is(client: Client, method: str, path: str) -> None:
    response = getattr(client, method)(f"/api/v1/{path}?q=a")
    refused(response, 405)
    assert response["Allow"] == "GET, HEAD, OPTIONS"


def test_options_says_what_may_be_asked(client: Client) -> None:
    response = client.options("/api/v1/people/")
    assert (response.status_code, response["Allow"], response.content) == (204, "GET, HEAD, OPTIONS", b"")


def test_only_json_is_served(ask: Ask) -> None:
    refused(ask("people/", accept="text/html"), 406)
    assert ask("people/", accept="text/html, */*;q=0.1").status_code == 200


def test_an_address_without_slash_leads_to_the_one_with_it(ask: Ask) -> None:
    response = ask("people?page_size=1")
    assert (response.status_code, response["Location"]) == (301, "/api/v1/people/?page_size=1")


# HTTP ----------------------------------------------------------------------------------------------------------------
def test_head_is_get_without_the_body(client: Client) -> None:
    make.make_person()
    for path in ("people/", "people/ann-lee/", "people/none/", "people/?x=1"):
        got, head = client.get(f"/api/v1/{path}"), client.head(f"/api/v1/{path}")
        for answer in (got, head):
            answer.headers.pop("Last-Modified", None)  # told from the next second on
            answer.headers.pop("X-Request-ID")
        assert (head.status_code, dict(head.headers), head.content) == (got.status_code, dict(got.headers), b"")


def test_the_time_of_the_last_write_is_told_once_its_second_is_over(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.changes.version.STARTED", 0)
    make.make_person()
    written = content_version() // 1_000_000
    monkeypatch.setattr("base.changes.version.time.time", lambda: written + 0.9)
    assert "Last-Modified" not in ask("people/")
    monkeypatch.setattr("base.changes.version.time.time", lambda: written + 1.1)
    told = ask("people/")["Last-Modified"]
    assert parse_http_date(told) == written
    assert ask("people/", if_modified_since=told).status_code == 304
    assert ask("people/", if_modified_since=told, if_none_match='"other"').status_code == 200
    assert ask("people/none/", if_modified_since=told, if_none_match="*").status_code == 404


@pytest.mark.django_db(transaction=True)  # the time of a write is that of its commit
def test_no_write_is_missed_by_the_time_of_the_last_one(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    person = make.make_person()
    written = content_version() // 1_000_000
    monkeypatch.setattr("base.changes.version.time.time", lambda: written + 1.1)
    told = client.get("/api/v1/people/")["Last-Modified"]
    monkeypatch.undo()
    time.sleep(max(0.0, written + 1.001 - time.time()))
    person.wikidata = "Q1"
    person.save()
    assert client.get("/api/v1/people/", headers={"if-modified-since": told}).status_code == 200


@pytest.mark.parametrize("path", ["people/", "people/ann-lee/", "events/", "", "changes/"])
def test_a_precondition_that_fails_is_told_like_every_error(ask: Ask, path: str) -> None:
    make.make_person("Ann Lee")
    assert refused(ask(path, if_match='"other"'), 412)["detail"].startswith("What If-Match")
    assert ask(path, if_match=ask(path)["ETag"]).status_code == 200


def test_other_code_other_time(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks by time alone is not kept at an answer that older code gave."""
    monkeypatch.setattr("base.changes.version.STARTED", 0)
    make.make_person()
    written = content_version() // 1_000_000
    monkeypatch.setattr("base.changes.version.time.time", lambda: written + 10)
    told = ask("people/")["Last-Modified"]
    assert ask("people/", if_modified_since=told).status_code == 304
    monkeypatch.setattr("base.changes.version.STARTED", written + 5)
    answer = ask("people/", if_modified_since=told)
    assert (answer.status_code, parse_http_date(answer["Last-Modified"])) == (200, written + 5)


def test_other_code_other_etag(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask("people/")["ETag"]
    assert ask("people/")["ETag"] == before
    assert ask("people/", accept_language="th")["ETag"] != before
    assert ask("people/?q=")["ETag"] != before
    monkeypatch.setattr("base.changes.version.code_version", lambda: "other")
    assert ask("people/")["ETag"] != before


@pytest.mark.parametrize("path", ["people/", "people/ann-lee/", "openapi.json", ""])
def test_an_unchanged_answer_is_304(ask: Ask, client: Client, path: str) -> None:
    make.make_person()
    first = ask(path)
    etag = first["ETag"]
    assert etag.startswith('"')
    for known in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        again = ask(path, if_none_match=known)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)
        assert again["Cache-Control"] == first["Cache-Control"]
    assert client.head(f"/api/v1/{path}", headers={"if-none-match": etag}).status_code == 304
    assert ask(path, if_none_match='"other"').status_code == 200


def test_a_change_anywhere_in_the_answer_changes_the_etag(ask: Ask) -> None:
    person = make.make_person()
    statement = make.make_statement(person)
    before = ask(f"statements/{statement.slug}/")["ETag"]
    name = person.names.get()
    name.text = "Ann Leigh"
    name.save()
    assert ask(f"statements/{statement.slug}/", if_none_match=before).status_code == 200


def test_answers_are_public_and_without_cookies(ask: Ask) -> None:
    make.make_person()
    make.make_person("Bo Lin", status="withdrawn")
    for path in ("", "people/", "people/ann-lee/", "people/bo-lin/", "openapi.json"):
        response = ask(path)
        vary = "Accept, Accept-Language, origin" if "people" in path else "Accept, origin"
        # A withdrawal may be taken back: whoever was told of it asks again.
        assert response["Cache-Control"] == ("no-cache" if "bo-lin" in path else "public, max-age=60")
        assert response["Vary"] == f"{vary}, Accept-Encoding"
        assert not response.cookies
    for path, kept in (("people/none/", "no-cache"), ("people/?x=1", "no-store"), ("xyz/", "no-cache")):
        response = ask(path)
        assert response["Cache-Control"] == kept
        assert not response.cookies
    assert not ask("docs/").cookies
    assert not ask("docs/?script=").cookies


def test_any_page_may_read_it(ask: Ask, client: Client) -> None:
    make.make_person()
    for path in ("", "people/", "people/ann-lee/", "people/none/", "people/?x=1", "xyz/", "people", "openapi.json"):
        response = ask(path, origin="https://notebook.example")
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response
    preflight = client.options(
        "/api/v1/people/", headers={"origin": "https://notebook.example", "access-control-request-method": "GET"}
    )
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (200, "GET, HEAD, OPTIONS, POST")


def test_messages_are_in_english_and_everything_is_in_utf_8(ask: Ask) -> None:
    make.make_person("ซูซาน", "th")
    assert "ซูซาน".encode() in ask("people/").content
    problem = refused(ask("statements/?kind=x", accept_language="vi"))
    assert problem["errors"][0]["detail"].startswith("Select a valid choice.")


# Finding and sorting -------------------------------------------------------------------------------------------------
def test_thai_and_vietnamese_are_found(ask: Ask) -> None:
    person = make.make_person("Nguyễn Đặng", "vi", slug="nguyen")
    make.make_name(person, "เหงียน น้ำ", "th", kind="transliteration")
    make.make_person("Ann Lee")
    for query in ("nguyen dang", "ĐẶNG", "เหงียน", "หงี", "น\u0e49\u0e4d\u0e32"):
        assert found(ask(f"people/?q={query}")) == ["nguyen"], query
    assert found(ask("people/?q=nobody")) == []


def test_lists_are_filtered_by_the_filters_of_the_site(ask: Ask) -> None:
    person, other, board = make.make_person(), make.make_person("Bo Lin"), make.make_organization()
    event = make.make_event(date="2025-03")
    make.make_affiliation(person, board)
    make.make_participation(person, event)
    statement = make.make_statement(person, event, language="th", wording="เราจะสร้าง")
    make.make_statement(other)
    assert found(ask("people/?organization=film-board")) == ["ann-lee"]
    assert found(ask("events/?participant=ann-lee&after=2025-03-31&before=2025-03-01")) == ["film-workshop"]
    assert found(ask("events/?participant=bo-lin")) == []
    assert found(ask("statements/?speaker=ann-lee&event=film-workshop&language=th&kind=reported")) == [statement.slug]
    assert found(ask("statements/?kind=&speaker=ann-lee&q=")) == [statement.slug]


def test_lists_are_sorted_with_empty_values_last(ask: Ask) -> None:
    for name, date in (("A", "2024"), ("B", ""), ("C", "2025")):
        make.make_event(name, date=date)
    assert found(ask("events/?ordering=date")) == ["a", "c", "b"]
    assert found(ask("events/?ordering=-date")) == ["c", "a", "b"]
    assert found(ask("events/?ordering=-name")) == ["c", "b", "a"]
    assert found(ask("events/?ordering=date,-name")) == ["a", "c", "b"]
    assert found(ask("events/")) == ["c", "a", "b"]
