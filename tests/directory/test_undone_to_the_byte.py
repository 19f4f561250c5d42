"""What was united or split and undone leaves everything that leaves the site the same to the byte, whatever the kind of record."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from base.records.merge_plan import columns_to, plan_merge, rows_with
from base.records.merging import merge
from base.records.names import Name
from base.records.reverting import revert
from base.records.split_plan import SplitChoices, column_key, values_to_split
from base.records.splitting import split
from directory.models import Person
from events.models import Statement
from tests import factories as make
from tests.contract.test_requests import PLURALS
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db
# Those at the other end of a link between two of a kind take seconds more, and are left to the whole suite.
AT_THE_OTHER_END = [pytest.param(kind, marks=pytest.mark.slow) for kind in ("other", "whole", "series")]
KINDS = ["person", "organization", "initiative", "event", "topic", *AT_THE_OTHER_END]
Everything = dict[str, bytes]


@pytest.fixture
def exports() -> Callable[[], Everything]:
    """Return everything that readers can take away at once, by its address."""

    def read() -> Everything:
        addresses = [f"/api/v1/export/{plural}.{form}" for plural in PLURALS for form in ("ndjson", "csv")]
        answers = {address: Client().get(address) for address in [*addresses, "/api/v1/export/datapackage.zip"]}
        assert {answer.status_code for answer in answers.values()} == {200}
        return {address: b"".join(answer.streaming_content) for address, answer in answers.items()}

    return read


@pytest.fixture
def everything(exports: Callable[[], Everything], tmp_path: Path) -> Callable[[], Everything]:
    """Return the same, and all rows of the database that are content, drafts too."""

    def read() -> Everything:
        call_command("dump_fixtures", str(tmp_path / "all.json"), verbosity=0)
        return {**exports(), "fixture": (tmp_path / "all.json").read_bytes()}

    return read


def two_worlds(kind: str) -> tuple[Any, Any]:
    """Return two records of a kind with all that can hang on one, some of it on both, some doubtful, some in Thai alone."""
    worlds = publish_world(1), publish_world(2)
    add_drafts(worlds[0])
    first, second = (type(world[kind])._base_manager.get(pk=world[kind].pk) for world in worlds)
    words = worlds[0]["passages"]
    make.make_name(first, "ชื่อเดียวกัน", "th", position=1, passages=words[:1])
    make.make_name(second, "ชื่อเดียวกัน", "th", position=3, certainty="inferred", note="As heard.", passages=words[1:2])
    make.make_name(first, "แอน", "th", position=2, certainty="disputed", note="Two spellings.", passages=words[:2])
    if kind == "person":
        body = worlds[0]["organization"]
        make.make_affiliation(first, body, role="chair", end="2020", passages=words[:1])
        make.make_affiliation(second, body, role="chair", end="2021", note="Until 2021.", passages=words[1:2])
        make.make_participation(second, worlds[0]["event"], certainty="inferred", note="By her title.")
        make.make_statement(wording="Both said so.", about_people=[first, second])
    return first, second


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("of_the_double", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_uniting(kind: str, of_the_double: bool, everything: Callable[[], Everything]) -> None:
    loser, winner = two_worlds(kind)
    plan = plan_merge(loser, winner)
    keys = [each.key for each in [*plan.differences, *(each for row in plan.united for each in row.differences)]]
    assert keys
    before = everything()
    act = merge(loser, winner, reason="The same.", choices=dict.fromkeys(keys, of_the_double)).change_set
    assert act is not None
    united = everything()
    assert united != before
    undone = revert(act, None, "Two of them.")
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
    revert(undone)
    again = everything()
    assert [name for name in united if united[name] != again[name]] == []


def all_of_it(record: Any) -> SplitChoices:
    """Return the choice of all rows and values of a record; its names are given to both."""
    rows, names = {}, set()
    for column in columns_to(type(record)):
        keys = set(rows_with(column, record).values_list("pk", flat=True))
        if issubclass(column.model, Name):
            names |= keys
        else:
            rows[column_key(column)] = keys
    return SplitChoices(rows, names, {column.name: "both" for column in values_to_split(record)})


@pytest.mark.parametrize("kind", KINDS)
def test_splitting(kind: str, everything: Callable[[], Everything]) -> None:
    source, target = two_worlds(kind)
    before = everything()
    _target, counts = split(source, target, all_of_it(source), reason="Two of them.")
    assert counts.change_set is not None
    assert counts.moved
    assert everything() != before
    revert(counts.change_set, None, "One after all.")
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_splitting_into_a_new_record(kind: str, exports: Callable[[], Everything]) -> None:
    """Its address was public and has to answer, so it stays on record as withdrawn; readers have all that they had."""
    source, _target = two_worlds(kind)
    before = exports()
    record, counts = split(source, None, all_of_it(source), reason="Two of them.")
    assert counts.change_set is not None
    assert exports() != before
    revert(counts.change_set, None, "One after all.")
    after = exports()
    assert [name for name in before if before[name] != after[name]] == []
    assert Client().get(record.get_absolute_url()).status_code == 410


def test_splitting_a_draft_into_a_new_draft(everything: Callable[[], Everything]) -> None:
    source = make.make_person("แอน ลี", "th", status="draft", wikidata="Q7", passages=[make.make_passage()])
    for number in range(3):
        make.make_statement(source, wording=f"I said {number}.", status="draft")
    before = everything()
    record, counts = split(source, None, all_of_it(source), reason="Two of them.")
    assert counts.change_set is not None
    assert (record.status, record.name) == ("draft", "แอน ลี")
    revert(counts.change_set, None, "One after all.")
    assert everything() == before
    assert not Person.objects.filter(pk=record.pk).exists()


# With a thousand it takes two minutes; what it proves beside the fifty is no other on either database.
@pytest.mark.parametrize("number", [50, pytest.param(1_000, marks=[pytest.mark.slow, pytest.mark.once])])
def test_a_person_who_said_much(number: int, everything: Callable[[], Everything]) -> None:
    loser, winner = two_worlds("person")
    passages = [make.make_passage(words=f"Passage {each}.") for each in range(5)]
    for each in range(number):
        doubt = {"certainty": "inferred", "note": "By the context."} if each % 7 == 0 else {}
        make.make_statement(loser, wording=f"Statement {each}.", passages=[passages[each % 5]], **doubt)
    before = everything()
    choices = {difference.key: True for difference in plan_merge(loser, winner).differences}
    act = merge(loser, winner, reason="The same.", choices=choices).change_set
    assert act is not None
    assert Statement.objects.filter(speaker=winner).count() >= number
    assert everything() != before
    revert(act, None, "Two people.")
    after = everything()
    assert [name for name in before if before[name] != after[name]] == []
