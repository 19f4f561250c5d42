"""Everything at once: the same records as the API, page by page, and refusals before the first byte."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.api import export, streams
from config.api import EXPORTED
from tests import factories as make
from tests.contract.conftest import HOST, as_bytes, refused
from tests.contract.test_requests import PLURALS
from tests.queries import Queries
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
BOM = b"\xef\xbb\xbf"


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut pages and what is sent at once so that a few rows are several."""
    monkeypatch.setattr(streams, "PAGE", 2)
    monkeypatch.setattr(export, "LINES", 1)


def table(response: Any) -> list[dict[str, str]]:
    """Return the rows of a CSV."""
    content = response.getvalue()
    assert content.startswith(BOM)
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("plural", PLURALS)
@pytest.mark.slow
def test_lines_are_the_items_of_the_api(ask: Ask, plural: str) -> None:
    for number in (1, 2, 3):
        add_drafts(publish_world(number)) if number == 1 else publish_world(number)
    response = ask(f"export/{plural}.ndjson", accept="application/x-ndjson", accept_language="th")
    assert response["Content-Type"] == "application/x-ndjson"
    assert response["Content-Disposition"] == f'attachment; filename="{plural}.ndjson"'
    lines = response.getvalue().splitlines(keepends=True)
    items = {item["id"]: item for item in ask(f"{plural}/?page_size=200").json()["results"]}
    assert len(lines) == len(items) >= 3
    for line in lines:
        item = json.loads(line)
        assert line == as_bytes(items.pop(item["id"])) + b"\n" == ask(f"{plural}/{item['id']}/").content + b"\n"
    rows = table(ask(f"export/{plural}.csv", accept="text/csv", accept_language="th"))
    assert [row["id"] for row in rows] == [json.loads(line)["id"] for line in lines]
    for row, line in zip(rows, lines, strict=True):
        item = json.loads(line)
        assert [row[name] for name in ("url", "page", "updated_at")] == [
            item[name] for name in ("url", "page", "updated_at")
        ]


def test_columns_are_stable(ask: Ask) -> None:
    head = ask("export/people.csv").getvalue().decode("utf-8-sig")
    names = "name,name_language,name_en,name_th,name_vi,spellings"
    positions = "positions,wikidata,positions_en,positions_th,positions_vi"
    assert head == f"id,url,page,{names},{positions},updated_at\r\n"
    assert ask("export/topics.csv").getvalue().decode("utf-8-sig") == f"id,url,page,{names},updated_at\r\n"


def test_a_row_of_people(ask: Ask) -> None:
    person = make.make_person("Zoë, Lee", wikidata="Q42")
    make.make_name(person, "โซอี้ ลี", "th", kind="transliteration")
    make.make_name(person, "Hidden", status="draft")
    (row,) = table(ask("export/people.csv"))
    assert {name: row[name] for name in ("name", "name_th", "name_vi", "spellings", "wikidata", "url", "page")} == {
        "name": "Zoë, Lee",
        "name_th": "โซอี้ ลี",
        "name_vi": "",
        "spellings": "Zoë, Lee; โซอี้ ลี",
        "wikidata": "Q42",
        "url": f"{HOST}/api/v1/people/zoe-lee/",
        "page": f"{HOST}/people/zoe-lee/",
    }


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_is_a_formula(ask: Ask, sign: str) -> None:
    make.make_person(f"{sign}1+1")
    (row,) = table(ask("export/people.csv"))
    assert row["name"] == f"'{sign}1+1"


def test_filters_are_those_of_the_list(ask: Ask) -> None:
    person, board = make.make_person(), make.make_organization()
    make.make_affiliation(person, board)
    for number in range(5):
        make.make_affiliation(make.make_person(f"Bo {number}"), board if number % 2 else None, role=f"role {number}")
    for query in ("", "organization=film-board", "q=bo", "q=bo&organization=film-board", "q=none"):
        expected = {item["id"] for item in ask(f"people/?{query}").json()["results"]}
        lines = ask(f"export/people.ndjson?{query}").getvalue().splitlines()
        assert [json.loads(line)["id"] for line in lines if line].__len__() == len(expected)
        assert {json.loads(line)["id"] for line in lines} == expected
        assert {row["id"] for row in table(ask(f"export/people.csv?{query}"))} == expected


def test_a_table_may_have_an_order_of_its_list(ask: Ask) -> None:
    for name in ("Bo", "Ann", "Cy", "Di", "Eve"):
        make.make_person(name)
    assert [row["id"] for row in table(ask("export/people.csv"))] == ["bo", "ann", "cy", "di", "eve"]
    for ordering in ("name", "-name", "-updated"):
        listed = [item["id"] for item in ask(f"people/?ordering={ordering}").json()["results"]]
        response = ask(f"export/people.csv?ordering={ordering}")
        assert [row["id"] for row in table(response)] == listed
    assert [row["id"] for row in table(ask("export/people.csv?ordering=-name&q=e"))] == ["eve"]
    refused(ask("export/people.ndjson?ordering=name"))


def test_what_is_withdrawn_while_an_ordered_table_is_sent_is_left_out(ask: Ask) -> None:
    for name in ("Ann", "Bo", "Cy", "Di", "Eve"):
        make.make_person(name)
    chunks = iter(ask("export/people.csv?ordering=name").streaming_content)
    seen = [next(chunks), next(chunks), next(chunks)]  # the mark, the names of the columns, and two people
    make.Person.objects.filter(slug="di").update(status="withdrawn", withdrawn_reason="An error.")
    lines = b"".join([*seen, *chunks]).decode("utf-8-sig").splitlines()
    assert [line.partition(",")[0] for line in lines] == ["id", "ann", "bo", "cy", "eve"]


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_a_wrong_parameter_is_refused_before_the_first_byte(ask: Ask, form: str) -> None:
    for query in ("x=1", "ordering=name", "cursor=1", "kind=x", "speaker=nobody", "q=a&q=b", "format=csv"):
        problem = refused(ask(f"export/statements.{form}?{query}"))
        assert problem["errors"]
    assert "q" in refused(ask(f"export/people.{form}?page_size=1"))["errors"][0]["allowed"]


def test_head_has_the_headers_and_asks_for_no_rows(ask: Ask, client: Any) -> None:
    publish_world()
    for path in ("export/people.ndjson", "export/people.csv", "export/datapackage.zip"):
        with CaptureQueriesContext(connection) as captured:
            head = client.head(f"/api/v1/{path}")
            assert head.getvalue() == b""
        assert len(captured) == 2  # the content version, and the place in the change feed
        answer = ask(path)
        assert len(answer.getvalue()) > 100
        for name in ("Content-Type", "Content-Disposition", "Cache-Control", "ETag", "Vary"):
            assert head[name] == answer[name]
    assert client.head("/api/v1/export/people.csv?x=1").status_code == 400
    assert client.post("/api/v1/export/people.csv").status_code == 405
    assert ask("export/people.csv", origin="https://notebook.example")["Access-Control-Allow-Origin"] == "*"


def test_a_page_of_rows_costs_as_many_queries_as_a_page_of_the_api(ask: Ask, queries: Queries) -> None:
    for number in range(4):
        make.make_statement(wording=f"Claim {number}.", topics=[make.make_topic(f"Topic {number}")])
    # The content version, the place in the change feed; two pages, each with whether the feed has begun; the empty one after them.
    with queries("/api/v1/export/statements.ndjson"):
        ask("export/statements.ndjson").getvalue()
    ask("changes/")
    with queries("/api/v1/export/statements.ndjson, compared with what the feed told"):
        ask("export/statements.ndjson").getvalue()
    with queries("/api/v1/export/topics.csv"):
        ask("export/topics.csv").getvalue()


def test_what_is_published_meanwhile_doubles_and_loses_nothing(ask: Ask) -> None:
    for number in range(5):
        make.make_topic(f"Topic {number}")
    response = ask("export/topics.ndjson")
    chunks = iter(response.streaming_content)
    seen = [next(chunks)]
    renamed = make.Topic.objects.get(slug="topic-4")
    renamed.names.update(text="A Topic")
    renamed.refresh_names()
    make.make_topic("Another")
    seen += chunks
    ids = [json.loads(line)["id"] for line in b"".join(seen).splitlines()]
    assert ids == [f"topic-{number}" for number in range(5)] + ["another"]


def test_the_data_package(ask: Ask) -> None:
    for number in (1, 2, 3):
        publish_world(number)
    make.make_source("Web", url="https://example.org/web")
    response = ask("export/datapackage.zip")
    assert (response["Content-Type"], response.streaming) == ("application/zip", True)
    content = response.getvalue()
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    package = json.loads(archive.read("datapackage.json"))
    assert archive.namelist() == [f"{plural}.csv" for plural in PLURALS] + ["datapackage.json"]
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["sources"][0] == {"title": "Article 1", "path": f"{HOST}/sources/article-1/"}
    assert package["sources"][-1] == {"title": "Web", "path": "https://example.org/web"}
    assert len(package["sources"]) == 4
    for found in package["resources"]:
        words = archive.read(found["path"])
        assert not words.startswith(BOM)
        assert (found["bytes"], found["hash"]) == (len(words), f"sha256:{hashlib.sha256(words).hexdigest()}")
        assert ask(f"export/{found['path']}").getvalue() == BOM + words
        reader = csv.DictReader(io.StringIO(words.decode(), newline=""))
        assert [field["name"] for field in found["schema"]["fields"]] == reader.fieldnames
        assert len({row["id"] for row in reader}) >= 3
    assert ask("export/datapackage.zip").getvalue() == content
    refused(ask("export/datapackage.zip?q=a"))


def test_every_kind_is_exported(ask: Ask) -> None:
    assert [view.model.plural for view, _table in EXPORTED] == PLURALS
    assert all(view.model is found.model for view, found in EXPORTED)
    listed = ask("export/").json()
    assert listed["people"] == {f"{form}_url": f"{HOST}/api/v1/export/people.{form}" for form in ("ndjson", "csv")}
    refused(ask("export/dogs.csv/"), 404)


def test_an_empty_site_has_empty_exports(ask: Ask) -> None:
    assert ask("export/people.ndjson").getvalue() == b""
    package = zipfile.ZipFile(io.BytesIO(ask("export/datapackage.zip").getvalue()))
    assert json.loads(package.read("datapackage.json"))["sources"] == []
