"""Forms that unite and split: what is forged or missing is told with 422, what changed meanwhile with 409; nothing moves."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.models import ChangeSet
from base.records import merging, reverting, splitting
from base.records.change_sets import change_set
from base.records.merging import merge
from base.records.row_changes import LineKey
from base.records.split_plan import SplitChoices
from base.records.splitting import split
from base.records.withdrawing import withdraw_together
from directory.models import Affiliation, Person
from events.models import Statement
from tests import factories as make
from tests.curation import url_of
from tests.directory.test_splitting import NAMES, SPOKEN, rows
from tests.world import shared_rows

pytestmark = pytest.mark.django_db
LIST = "/admin/directory/person/"


def two_doubles() -> tuple[Person, Person]:
    """Return a double, who said something, and the person who is to stay; both chair the same body."""
    loser = make.make_person("แอน ลี", "th", wikidata="Q7", slug="ann-li", passages=[make.make_passage()])
    winner = make.make_person(
        "แอนน์ ลี", "th", wikidata="Q8", slug="ann-lee", passages=[make.make_passage(words="Ms Lee.")]
    )
    body = make.make_organization()
    make.make_affiliation(loser, body, end="2020")
    make.make_affiliation(winner, body, end="2021")
    make.make_statement(loser)
    return loser, winner


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[Person, Person]]:
    """Make them once for all tests of this file."""
    with shared_rows(django_db_blocker, two_doubles) as pair:
        yield pair


@pytest.fixture
def pair(db: None, shared: tuple[Person, Person]) -> tuple[Person, Person]:
    """Return the two, for one test to change."""
    return copy.deepcopy(shared)


def opened_merger(client: Client, pair: tuple[Person, Person]) -> dict[str, Any]:
    """Open the page that unites the two, and return what its form sends if the second one stays."""
    sent: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [row.pk for row in pair]}
    page = client.post(LIST, sent)
    assert page.status_code == 200
    expected = {f"expected-{side.plan.winner.pk}": side.plan.digest for side in page.context["sides"]}
    return {**sent, **expected, "confirmed": "yes", "winner": pair[1].pk, "reason": "The same."}


def nothing_moved(pair: tuple[Person, Person]) -> bool:
    """Whether both are as they were."""
    loser, winner = (Person.objects.get(pk=row.pk) for row in pair)
    is_open = loser.merged_into is None and (loser.wikidata, winner.wikidata) == ("Q7", "Q8")
    return is_open and Statement.objects.get().speaker == loser and Affiliation.objects.count() == 2


# Uniting -----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "ก" * 300},
        {"reason": "a\0b"},
        {"winner": ""},
        {"winner": "x"},
        {"winner": "0"},
        {"winner": "9" * 30},
        {"winner": "other"},
        {"value-wikidata": "999999"},
        {"value-wikidata": "x" * 5000},
        {"value-nothing": ""},
        {"value-names": "stays"},
        {"directory.Affiliation:1:end": "burnt"},
        {"nothing.Nothing:1:end": "goes"},
    ],
    ids=str,
)
def test_a_forged_merger(admin_client: Client, pair: tuple[Person, Person], wrong: dict[str, str]) -> None:
    if wrong.get("winner") == "other":  # of another kind: its number is no person's among the two
        wrong = {"winner": str(make.make_event().pk + 1_000)}
    sent = opened_merger(admin_client, pair)
    answer = admin_client.post(LIST, {**sent, **wrong})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert nothing_moved(pair)
    assert not ChangeSet.objects.filter(action="merge").exists()
    assert admin_client.post(LIST, sent).status_code == 302, "what the page offers is taken"


def test_what_was_chosen_and_typed_is_still_there(admin_client: Client, pair: tuple[Person, Person]) -> None:
    loser, _winner = pair
    sent = opened_merger(admin_client, pair)
    line = str(LineKey("directory.Affiliation", loser.affiliations.get().pk, "end"))
    chosen = {"value-wikidata": str(loser.pk), line: "goes", "reason": "ชื่อเดียวกัน โพสต์เดียวกัน", "winner": ""}
    answer = admin_client.post(LIST, {**sent, **chosen})
    assert answer.status_code == 422
    choices = {each.name: each for each in answer.context["choices"]}
    assert choices["value-wikidata"].first.checked
    of_rows = {
        each.name: each for side in answer.context["sides"] for _label, row in side.united_choices for each in row
    }
    assert of_rows[line].second.checked
    assert "ชื่อเดียวกัน โพสต์เดียวกัน" in answer.content.decode()
    assert nothing_moved(pair)


@pytest.mark.parametrize(
    "meanwhile", ["united", "united the other way", "withdrawn", "another statement", "other words"]
)
def test_what_happened_meanwhile(admin_client: Client, pair: tuple[Person, Person], meanwhile: str) -> None:
    loser, winner = pair
    sent = opened_merger(admin_client, pair)
    if meanwhile == "united":
        merge(loser, winner, reason="Theirs.")
    elif meanwhile == "united the other way":
        merge(winner, loser, reason="Theirs.")
    elif meanwhile == "withdrawn":
        withdraw_together([winner], "Theirs.")
    elif meanwhile == "another statement":
        make.make_statement(loser, wording="More.")
    else:
        Affiliation.objects.filter(person=loser).update(end="1999")
    acts = ChangeSet.objects.count()
    answer = admin_client.post(LIST, sent)
    assert answer.status_code == 409
    [problem] = answer.context["form"].non_field_errors()
    assert any(words in problem for words in ("was merged before", "is withdrawn", "Meanwhile somebody changed"))
    assert 'value="The same."' in answer.content.decode()
    assert ChangeSet.objects.count() == acts
    assert Affiliation.objects.count() == (1 if "united" in meanwhile else 2)


def test_rows_of_another_kind_are_none_of_this_list(admin_client: Client, pair: tuple[Person, Person]) -> None:
    topic = make.make_topic()
    sent = {**opened_merger(admin_client, pair), "_selected_action": [pair[0].pk, topic.pk + 1_000]}
    answer = admin_client.post(LIST, sent, follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["Choose exactly two rows to unite."]
    assert admin_client.post(LIST, {**sent, "_selected_action": ["x", "y"]}).status_code == 400
    assert nothing_moved(pair)


def test_names_in_thai_alone_are_united(admin_client: Client, pair: tuple[Person, Person]) -> None:
    sent = opened_merger(admin_client, pair)
    assert admin_client.post(LIST, {**sent, "value-names": str(pair[0].pk)}).status_code == 302
    winner = Person.objects.get(pk=pair[1].pk)
    assert (winner.name, winner.slug) == ("แอน ลี", "ann-lee")


# Splitting ---------------------------------------------------------------------------------------------------------------
def opened_split(client: Client, record: Person, **chosen: Any) -> dict[str, Any]:
    """Look at what goes, and return what the form sends then."""
    sent = {"reason": "Two of them.", **chosen}
    page = client.post(url_of(record, "split", record.pk), {**sent, "show": "yes"})
    assert page.status_code == 200
    return {**sent, "split": "yes", "expected": page.context["plan"].digest}


@pytest.mark.parametrize("button", ["show", "split"])
@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"reason": "ก" * 300}, 422),
        ({"reason": "a\0b"}, 422),
        ({"target": "nobody"}, 422),
        ({"target": "ไม่มีใคร"}, 422),
        ({"target": "x" * 300}, 422),
        ({SPOKEN: ["x"]}, 422),
        ({SPOKEN: ["9" * 30]}, 422),
        ({f"{NAMES}-x": "goes"}, 422),
        ({f"{NAMES}-1": "burnt"}, 422),
        ({"value-wikidata": "burnt"}, 422),
        ({SPOKEN: ["999999"]}, 409),
        ({f"{NAMES}-999999": "goes"}, 409),
        ({f"{NAMES}-999999": "both"}, 409),
        ({"target": "ann-li"}, 409),
        ({"target": "gone"}, 409),
        ({"target": "draft"}, 409),
    ],
    ids=str,
)
def test_a_forged_split(
    admin_client: Client, pair: tuple[Person, Person], wrong: dict[str, Any], status: int, button: str
) -> None:
    person, _other = pair
    make.make_person("Gone", slug="gone", status="withdrawn")
    make.make_person("Draft", slug="draft", status="draft")
    name = person.names.get()
    sent = opened_split(admin_client, person, target="ann-lee", **{f"{NAMES}-{name.pk}": "both"})
    del sent["split"]
    answer = admin_client.post(url_of(person, "split", person.pk), {**sent, **wrong, button: "yes"})
    assert answer.status_code == status
    assert answer.context["problem"] or answer.context["form"].errors
    assert nothing_moved(pair)
    assert not ChangeSet.objects.filter(action="split").exists()


def test_a_reason_is_needed_to_split_and_not_to_look(admin_client: Client, pair: tuple[Person, Person]) -> None:
    person, _other = pair
    sent = opened_split(admin_client, person, target="ann-lee", reason="", **{SPOKEN: [person.statements.get().pk]})
    assert admin_client.post(url_of(person, "split", person.pk), sent).status_code == 422
    assert nothing_moved(pair)


def test_a_thai_name_gives_the_new_record_an_id_that_can_be_read(
    admin_client: Client, pair: tuple[Person, Person]
) -> None:
    person, _other = pair
    name = person.names.get()
    spoken = [str(person.statements.get().pk)]
    sent = opened_split(admin_client, person, **{f"{NAMES}-{name.pk}": "both", SPOKEN: spoken})
    assert admin_client.post(url_of(person, "split", person.pk), sent).status_code == 302
    new = Person.objects.latest("pk")
    assert (new.name, new.status) == ("แอน ลี", "published")
    assert new.slug.isascii()
    assert new.slug.replace("-", "").isalnum()


@pytest.mark.parametrize(
    "meanwhile", ["withdrawn", "target withdrawn", "split by another", "united", "another statement"]
)
def test_what_happened_before_the_split(admin_client: Client, pair: tuple[Person, Person], meanwhile: str) -> None:
    person, other = pair
    make.make_name(person, "Ann Li", passages=[make.make_passage(words="Ann Li.")], position=1)
    sent = opened_split(admin_client, person, target="ann-lee", **{f"all-{SPOKEN}": "on"})
    if meanwhile == "withdrawn":
        withdraw_together([person], "Theirs.")
    elif meanwhile == "target withdrawn":
        withdraw_together([other], "Theirs.")
    elif meanwhile == "split by another":
        split(person, other, rows_of(person), reason="Theirs.")
    elif meanwhile == "united":
        merge(person, other, reason="Theirs.")
    else:
        make.make_statement(person, wording="More.")
    acts = ChangeSet.objects.count()
    answer = admin_client.post(url_of(person, "split", person.pk), sent)
    assert answer.status_code == 409
    assert answer.context["problem"]
    assert 'value="Two of them."' in answer.content.decode()
    assert ChangeSet.objects.count() == acts


def rows_of(person: Person) -> SplitChoices:
    """Return the choice of all that somebody said."""
    return SplitChoices(rows(spoken=list(person.statements.all())))


def deadlock(*_arguments: Any, **_options: Any) -> None:
    """Fail as PostgreSQL does where two transactions wait for each other."""
    cause = Exception("deadlock detected")
    cause.sqlstate = "40P01"  # type: ignore[attr-defined]
    raise OperationalError("deadlock detected") from cause


def test_of_two_who_wait_for_each_other_the_one_that_is_ended_is_told(
    admin_client: Client, pair: tuple[Person, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _other = pair
    sent = opened_merger(admin_client, pair)
    splits = opened_split(admin_client, person, target="ann-lee", **{f"all-{SPOKEN}": "on"})
    with change_set():
        make.make_topic("Tides", status="draft")
    act = ChangeSet.objects.get()
    for module in (merging, splitting):
        monkeypatch.setattr(module, "move_rows", deadlock)
    merger = admin_client.post(LIST, sent)
    assert merger.status_code == 409
    assert "Meanwhile somebody changed one of them. Nothing was united" in merger.content.decode()
    split_page = admin_client.post(url_of(person, "split", person.pk), splits)
    assert split_page.status_code == 409
    assert "Meanwhile somebody changed one of them. Nothing was split" in split_page.content.decode()
    monkeypatch.setattr(reverting, "plan_revert", deadlock)
    undone = admin_client.post(f"/admin/changes/{act.pk}/", {"reason": "No."})
    assert undone.status_code == 409
    assert "Somebody else has just deleted or changed a row" in undone.content.decode()
    assert nothing_moved(pair)
