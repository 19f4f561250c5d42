"""Uniting two records: whose value is kept is chosen for each field, and all of it is undone by one link."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from base.models import ChangeSet
from base.records.merge_plan import plan_merge
from base.records.merging import merge
from base.records.reverting import revert
from base.records.row_changes import LineKey
from directory.models import Affiliation, Person
from tests import factories as make
from tests.curation import change_url, messages, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair() -> tuple[Person, Person]:
    """Two with different Wikidata ids and names; the first is the double."""
    loser = make.make_person(
        "Ann Li", wikidata="Q7", slug="ann-li", passages=[make.make_passage(words="Ann Li spoke.")]
    )
    winner = make.make_person("Ann Lee", wikidata="Q8", slug="ann-lee", passages=[make.make_passage(words="Ms Lee.")])
    return loser, winner


def key(row: Any, column: str) -> LineKey:
    return LineKey(row._meta.label, row.pk, column)


def test_what_is_kept_of_two_values_is_chosen(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    [first, second] = plan_merge(loser, winner).differences
    assert (first.loser, first.winner, first.kept) == ("Ann Li", "Ann Lee", "behind")
    assert (second.loser, second.winner, second.kept) == ("Q7", "Q8", "dropped")
    merge(loser, winner, reason="The same.", choices={second.key: True})
    winner.refresh_from_db()
    assert (winner.wikidata, winner.name) == ("Q7", "Ann Lee")


def test_a_value_that_only_the_double_has_need_not_be_taken(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    Person.objects.filter(pk=winner.pk).update(wikidata="")
    merge(loser, winner, reason="The same.", choices={key(loser, "wikidata"): False})
    winner.refresh_from_db()
    assert winner.wikidata == ""


def test_the_names_of_the_double_can_stand_first(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    make.make_name(winner, "A. Lee", position=1)
    merge(loser, winner, reason="The same.", choices={key(loser, "names"): True})
    winner.refresh_from_db()
    assert (winner.name, winner.slug) == ("Ann Li", "ann-lee")
    assert list(winner.names.values_list("text", flat=True)) == ["Ann Li", "Ann Lee", "A. Lee"]


def test_what_is_not_kept_of_a_fact_stands_in_its_note(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    body, passage = make.make_organization(), make.make_passage()
    theirs = make.make_affiliation(loser, body, end="2020", passages=[passage])
    own = make.make_affiliation(winner, body, end="2021", passages=[passage])
    [row] = plan_merge(loser, winner).united
    assert [(each.loser, each.winner, each.kept) for each in row.differences] == [("2020", "2021", "noted")]
    merge(loser, winner, reason="The same.", choices={key(theirs, "end"): True})
    own.refresh_from_db()
    assert (own.end, own.note) == ("2020", "Before a double was merged into it, it had until: 2021.")
    assert Affiliation.objects.count() == 1


# On the page -------------------------------------------------------------------------------------------------------------
def fields_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(expected-\d+)" value="(\w+)"', page))


def test_the_page_lays_both_sides_beside_each_other(admin_client: Client, pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    data: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [loser.pk, winner.pk]}
    response = admin_client.post(url_of(Person, "changelist"), data)
    page = response.content.decode()
    choices = {each.name: each for each in response.context["choices"]}
    assert (choices["value-wikidata"].first.text, choices["value-wikidata"].second.text) == ("Q7", "Q8")
    assert choices["value-wikidata"].either.checked
    assert "The other value is dropped." in page
    sent = {**data, **fields_of(page), "confirmed": "yes", "winner": winner.pk, "reason": "Same post."}
    stale = admin_client.post(
        url_of(Person, "changelist"),
        {**sent, f"expected-{winner.pk}": "0", "value-wikidata": loser.pk, "value-names": "999"},
    )
    kept = {each.name: each for each in stale.context["choices"]}
    assert "Nothing was united" in stale.content.decode()
    assert kept["value-wikidata"].first.checked, "what was chosen is not lost"
    assert kept["value-names"].either.checked, "a forged key chooses nothing"
    assert admin_client.post(url_of(Person, "changelist"), {**sent, "value-wikidata": loser.pk}).status_code == 302
    winner.refresh_from_db()
    assert winner.wikidata == "Q7"


def test_undo_is_offered_wherever_the_merger_shows(admin_client: Client, pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    data: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [loser.pk, winner.pk]}
    page = admin_client.post(url_of(Person, "changelist"), data).content.decode()
    sent = {**data, **fields_of(page), "confirmed": "yes", "winner": winner.pk, "reason": "Same post."}
    answer = admin_client.post(url_of(Person, "changelist"), sent, follow=True)
    act = ChangeSet.objects.get(action="merge")
    link = f'href="/admin/changes/{act.pk}/"'
    [message] = messages(answer)
    assert link in message
    for url in (change_url(winner), change_url(loser), "/admin/"):
        assert link in admin_client.get(url).content.decode(), url
    undone = revert(act, None, "Two people.")
    assert link not in admin_client.get(change_url(winner)).content.decode()
    revert(undone)
    assert link in admin_client.get(change_url(winner)).content.decode(), "united again"


def test_uniting_with_choices_is_undone_to_the_byte(pair: tuple[Person, Person], tmp_path: Path) -> None:
    def everything() -> tuple[str, list[bytes]]:
        call_command("dump_fixtures", str(tmp_path / "all.json"), verbosity=0)
        answers = [Client().get(f"/api/v1/export/{kind}.ndjson") for kind in ("people", "statements", "organizations")]
        return (tmp_path / "all.json").read_text(), [b"".join(answer.streaming_content) for answer in answers]

    loser, winner = pair
    body, passage = make.make_organization(), make.make_passage()
    theirs = make.make_affiliation(loser, body, end="2020", passages=[passage])
    make.make_affiliation(winner, body, end="2021", passages=[passage])
    for number in range(3):
        make.make_statement(loser, wording=f"I said {number}.")
    before = everything()
    choices = {key(loser, "wikidata"): True, key(loser, "names"): True, key(theirs, "end"): True}
    act = merge(loser, winner, reason="The same.", choices=choices).change_set
    assert act is not None
    assert everything() != before
    revert(act)
    assert everything() == before
