"""Splitting a record that is two: what was chosen goes to another record, and comes back when it is undone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.test import Client

from base.models import ChangeSet
from base.records.reverting import revert
from base.records.split_plan import SplitChoices, plan_split
from base.records.splitting import CannotSplit, split
from directory.models import Passage, Person
from events.models import Statement
from tests import factories as make
from tests.curation import url_of

pytestmark = pytest.mark.django_db

NAMES, SPOKEN = "directory.personname.person", "events.statement.speaker"
ABOUT = "events.statement.about_people"


@pytest.fixture
def passage() -> Passage:
    return make.make_passage(words="Ann spoke.")


@pytest.fixture
def person(passage: Passage) -> Person:
    """One record of two people, both called Ann Lee."""
    record = make.make_person("Ann Lee", passages=[passage], wikidata="Q7", slug="ann-lee")
    make.make_name(record, "แอน ลี", "th", position=1, passages=[passage])
    return record


def rows(**keys: Any) -> dict[str, set[int]]:
    names = {"names": NAMES, "spoken": SPOKEN, "about": ABOUT}
    return {names[name]: {row.pk for row in of_name} for name, of_name in keys.items()}


def test_what_was_chosen_goes_to_a_new_record(person: Person, passage: Passage) -> None:
    english, thai = person.names.order_by("position")
    stays, goes = (make.make_statement(person, wording=f"Statement {number}.") for number in range(2))
    about = make.make_statement(wording="She said so.", about_people=[person])
    choices = SplitChoices(rows(names=[thai], spoken=[goes], about=[about]), {english.pk}, {"wikidata": "goes"})
    other, counts = split(person, None, choices, reason="Two people.")
    assert (other.status, other.slug, other.wikidata, other.name) == ("published", "ann-lee-2", "Q7", "Ann Lee")
    assert [(name.text, list(name.passages.all())) for name in other.names.all()] == [
        ("Ann Lee", [passage]),
        ("แอน ลี", [passage]),
    ]
    person.refresh_from_db()
    assert (person.wikidata, person.labels) == ("", {"en": "Ann Lee"})
    assert [Statement.objects.get(pk=each.pk).speaker for each in (stays, goes)] == [person, other]
    assert list(about.about_people.all()) == [other]
    assert (counts.moved, counts.united) == (4, 0)
    assert goes.history.first().history_change_reason == "Two people."
    assert ChangeSet.objects.get().action == "split"


def test_rows_that_the_other_record_has_are_united(person: Person, passage: Passage) -> None:
    second = make.make_passage(words="Ms Lee spoke.")
    other = make.make_person("Ann Lee", passages=[second], slug="ann-lee-x")
    english, _thai = person.names.order_by("position")
    split(person, other, SplitChoices(rows(names=[english])), reason="Two people.")
    assert set(other.names.get().passages.all()) == {passage, second}
    person.refresh_from_db()
    assert person.name == "แอน ลี"


def test_splitting_is_undone_to_the_byte(person: Person, tmp_path: Path) -> None:
    def everything() -> tuple[str, list[bytes]]:
        call_command("dump_fixtures", str(tmp_path / "all.json"), verbosity=0)
        answers = [Client().get(f"/api/v1/export/{kind}.ndjson") for kind in ("people", "statements")]
        return (tmp_path / "all.json").read_text(), [b"".join(answer.streaming_content) for answer in answers]

    other = make.make_person("Ann Lee", passages=[make.make_passage()], slug="ann-lee-x")
    english, thai = person.names.order_by("position")
    spoken = [make.make_statement(person, wording=f"Statement {number}.") for number in range(3)]
    before = everything()
    choices = SplitChoices(rows(names=[thai], spoken=spoken[1:]), {english.pk}, {"wikidata": "both"})
    _other, counts = split(person, other, choices, reason="Two people.")
    assert counts.change_set is not None
    assert everything() != before
    revert(counts.change_set)
    assert everything() == before


def test_a_new_public_record_is_withdrawn_when_splitting_is_undone(person: Person) -> None:
    statement = make.make_statement(person)
    [english, _thai] = person.names.order_by("position")
    other, counts = split(person, None, SplitChoices(rows(spoken=[statement]), {english.pk}), reason="Two people.")
    assert counts.change_set is not None
    revert(counts.change_set, None, "One after all.")
    other.refresh_from_db()
    assert (other.status, other.withdrawn_reason) == ("withdrawn", "One after all.")
    assert Statement.objects.get().speaker == person


def test_what_cannot_be_split_is_refused_and_nothing_moves(person: Person) -> None:
    [english, thai] = person.names.order_by("position")
    statement = make.make_statement(person)
    draft, gone = make.make_person("Ann", status="draft"), make.make_person("Ann", status="withdrawn")
    chosen = SplitChoices(rows(spoken=[statement]))
    cases: list[tuple[Any, SplitChoices, str]] = [
        (None, SplitChoices(), "Nothing was chosen"),
        (None, chosen, "has no name yet"),
        (person, chosen, "another record"),
        (make.make_topic(), chosen, "of the same kind"),
        (draft, chosen, "publish it first"),
        (gone, chosen, "is withdrawn"),
        (None, SplitChoices(rows(names=[english, thai])), "has no name yet"),
    ]
    for target, choices, problem in cases:
        with pytest.raises(CannotSplit, match=problem):
            split(person, target, choices, reason="Two people.")
    with pytest.raises(CannotSplit, match="is withdrawn"):
        split(gone, None, chosen, reason="Two people.")
    assert (Statement.objects.get().speaker, person.names.count()) == (person, 2)
    assert not ChangeSet.objects.filter(action="split").exists()


def test_rows_of_others_are_passed_over(person: Person) -> None:
    foreign = make.make_statement(make.make_person("Somebody Else"))
    assert plan_split(person, None, SplitChoices(rows(spoken=[foreign]))).is_empty


# On the page -------------------------------------------------------------------------------------------------------------
def test_the_page_shows_first_what_goes(admin_client: Client, person: Person) -> None:
    statements = [make.make_statement(person, wording=f"Statement {number}.") for number in range(7)]
    english, _thai = person.names.order_by("position")
    url = url_of(person, "split", person.pk)
    assert f'href="{url}"' in admin_client.get(url_of(person, "change", person.pk)).content.decode()
    assert admin_client.get(url).status_code == 200
    data: dict[str, Any] = {f"all-{SPOKEN}": "on", f"{NAMES}-{english.pk}": "both", "reason": "Two people."}
    page = admin_client.post(url, {**data, "show": "yes"}).content.decode()
    assert "What goes to a new record" in page
    assert "Statements: speaker: 7" in page
    [digest] = re.findall(r'name="expected" value="(\w+)"', page)
    make.make_statement(person, wording="Meanwhile.")
    stale = admin_client.post(url, {**data, "split": "yes", "expected": digest})
    assert stale.status_code == 409
    assert "Nothing was split; look at what goes now." in stale.content.decode()
    assert "Statements: speaker: 8" in stale.content.decode()
    [digest] = re.findall(r'name="expected" value="(\w+)"', stale.content.decode())
    answer = admin_client.post(url, {**data, "split": "yes", "expected": digest}, follow=True)
    other = Person.objects.get(slug="ann-lee-2")
    assert Statement.objects.filter(speaker=other).count() == len(statements) + 1
    act = ChangeSet.objects.get(action="split")
    assert (act.user.username, act.reason) == ("admin", "Two people.")
    assert f"/admin/changes/{act.pk}/" in answer.content.decode()


def test_bad_input_is_told_on_the_page(admin_client: Client, person: Person) -> None:
    url = url_of(person, "split", person.pk)
    answer = admin_client.post(url, {"target": "nobody", "reason": "Two people.", "split": "yes"})
    assert answer.status_code == 422
    assert "no record of this kind with the public id “nobody”" in answer.content.decode()
    forged = {SPOKEN: ["x", "9" * 30, "-1"], f"{NAMES}-x": "goes", "value-wikidata": "burnt", "reason": "Two."}
    assert admin_client.post(url, {**forged, "show": "yes"}).status_code == 422
    assert admin_client.get("/admin/directory/person/x/split/").status_code == 404
    assert admin_client.post(url, {**forged, "split": "yes", "expected": ""}).status_code == 422


def test_splitting_needs_the_right_to_unite(client: Client, person: Person) -> None:
    user = User.objects.create_user("editor", is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="directory").exclude(codename__startswith="merge")
    )
    client.force_login(user)
    url = url_of(person, "split", person.pk)
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "Two people."}).status_code == 403
    assert f'href="{url}"' not in client.get(url_of(person, "change", person.pk)).content.decode()
