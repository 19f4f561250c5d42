"""A divided quote goes out in exports and fixtures and comes back in as it was, and the change feed tells of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from base.changes import feed
from directory.models import Passage, Source
from events.models import Statement, Wording
from tests import factories as make
from tests.events.test_importing import documents

pytestmark = pytest.mark.django_db
TEXT = "“It begins,” she said, “here,” and paused: “it ends there.”\n“It begins,” she said again.\n"
PARTS = ("It begins", "here", "it ends there")


@pytest.fixture
def statement() -> Statement:
    """Return a public statement with a quote in three parts, in a paragraph that has a fourth passage."""
    source = make.make_source("The Walk", text=TEXT)
    parts = [make.make_passage(source, words) for words in PARTS]
    make.make_person("Bo Lin", passages=[make.make_passage(source, "she said again")])
    statement = make.make_statement(
        make.make_person("Ann Lee"),
        make.make_event(date="2025"),
        " … ".join(PARTS),
        nature="verbatim",
        passages=parts,
        topics=[make.make_topic()],
    )
    make.make_wording(statement, "เริ่มที่นี่ จบที่นั่น", nature="translation", language="th")
    return statement


@pytest.mark.parametrize("form", ["ndjson", "csv"])
@pytest.mark.parametrize("is_stored", [True, False])
def test_what_was_exported_comes_back_the_same(
    client: Client, statement: Statement, tmp_path: Path, form: str, *, is_stored: bool
) -> None:
    if form == "csv":
        statement.wordings.exclude(nature="verbatim").delete()  # a table has one text beside the printed ones
    before = documents()
    file = tmp_path / f"statements.{form}"
    file.write_bytes(client.get(f"/api/v1/export/statements.{form}").getvalue())
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    if not is_stored:
        Source.objects.update(text="")
    call_command("import_statements", file, "--status", "published", verbosity=0)
    assert documents() == before
    quote = Wording.objects.get(nature="verbatim")
    assert (quote.text, quote.proven, quote.further_passages.count()) == (" … ".join(PARTS), True, 2)
    version = quote.history.get()
    assert [link.passage for link in version.further_passages.order_by("passage__start")] == quote.passages_in_order()[
        1:
    ]
    quote.full_clean()
    quote.save()
    assert Statement.objects.get().position == TEXT.index(PARTS[0])


@pytest.mark.parametrize(
    ("words", "is_taken"),
    [
        ("It begins … here", True),
        ("It begins … it ends there", True),
        ("It begins … here … it ends there", True),
        ("It begins", True),
        ("here … It begins", False),
        ("It begins … It begins", False),
        ("It begins here", False),
        ("It begins ... here", False),
        ("It begins … it ends … there", False),
        ("It begins … ", False),
        (" … here", False),
    ],
)
def test_the_import_takes_parts_in_the_order_of_the_source(
    statement: Statement, tmp_path: Path, words: str, *, is_taken: bool
) -> None:
    file = tmp_path / "statements.csv"
    passages = Passage.objects.filter(source__slug="the-walk", paragraph=1)
    places = [f"the-walk ¶1 {row.start}-{row.end} {row.sha256}" for row in passages]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, ["id", "person_id", "kind", "verbatim_en", "passages"])
        writer.writeheader()
        writer.writerow(
            {
                "id": "st-parts",
                "person_id": "ann-lee",
                "kind": "direct",
                "verbatim_en": words,
                "passages": "; ".join(reversed(places)),
            }
        )
    refused: list[Any] = []
    try:
        call_command("import_statements", file, "--status", "published", verbosity=0)
    except Exception as error:
        refused.append(error)
    assert bool(refused) is not is_taken
    if is_taken:
        quote = Wording.objects.get(statement__slug="st-parts")
        assert (quote.text, quote.further_passages.count()) == (words, words.count(" … "))
        quote.derive()
        assert quote.proven
    else:
        assert "with “ … ” between them" in Path(f"{file}.problems.csv").read_text(encoding="utf-8-sig")


def test_a_fixture_has_the_segments(statement: Statement, tmp_path: Path) -> None:
    Source.objects.update(text="")  # a fixture has no texts, and passages are checked against one that is stored
    before = documents()
    dump = tmp_path / "dump.json"
    call_command("dump_fixtures", dump)
    [row] = [
        row
        for row in json.loads(dump.read_text(encoding="utf-8"))
        if row["model"] == "events.wording" and row["fields"]["nature"] == "verbatim"
    ]
    assert [key for [key] in row["fields"]["further_passages"]] == [
        each.uid for each in statement.wordings.get(nature="verbatim").passages_in_order()[1:]
    ]
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    call_command("loaddata", dump, verbosity=0)
    assert documents() == before
    assert Wording.objects.get(nature="verbatim").proven
    call_command("dump_fixtures", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == dump.read_bytes()


# The change feed ---------------------------------------------------------------------------------------------------------------
def test_the_change_feed_tells_of_a_passage_added_and_taken_away(client: Client, statement: Statement) -> None:
    start = client.get("/api/v1/changes/").json()["next"]
    assert feed.has_begun()
    while start:
        answer = client.get(start).json()
        if not answer["results"]:
            break
        start = answer["next"]

    def told() -> list[tuple[str, str]]:
        rows = client.get(start).json()["results"]
        return [(row["action"], row["id"]) for row in rows if row["kind"] == "statement"]

    assert told() == []
    quote = statement.wordings.get(nature="verbatim")
    quote.further_passages.remove(quote.passages_in_order()[-1])
    assert told() == [("changed", statement.slug)]
