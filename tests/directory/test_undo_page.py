"""The page on which a change set is undone: what it says before anything is done, and how much of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from base.admin import reverting as page_module
from base.models import ChangeSet
from base.records import revert_planning
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.row_changes import LineKey
from directory.models import Organization, Topic
from tests import factories as make

pytestmark = pytest.mark.django_db


def undo_page(act: ChangeSet, **query: Any) -> str:
    """Return the address of the page."""
    return reverse("admin:change_set", args=[act.pk], query=query)


def effects_of(response: Any) -> dict[str, dict[str, int]]:
    """Return what the page says that undoing does: how many rows of which kind, by what becomes of them."""
    return {title: {group.label: group.count for group in groups} for title, groups in response.context["effects"]}


@pytest.fixture
def bodies() -> list[Organization]:
    """Return five organizations that were changed in one act."""
    bodies = [make.make_organization(f"Body {number}") for number in range(5)]
    with change_set(action=ChangeAction.SHEET):
        for body in bodies:
            body.wikidata = f"Q{body.pk}"
            body.save()
    return bodies


def test_it_says_first_what_undoing_does(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    gone = make.make_name(person, "A. Lee", passages=[make.make_passage()])
    with change_set(action=ChangeAction.SAVE):
        person.wikidata = "Q1"
        person.save()
        gone.delete()
        make.make_name(person, "Ann Li")
        make.make_topic("Made and public")
        make.make_topic("Made", status="draft")
    page = admin_client.get(undo_page(ChangeSet.objects.get()))
    assert effects_of(page) == {
        "Is set back": {"People": 1},
        "Is withdrawn": {"Topics": 1},
        "Is deleted": {"Names of people": 1, "Topics": 1, "Names of topics": 1},
        "Comes back": {"Names of people": 1},
    }
    text = page.content.decode()
    assert text.index("What undoing does") < text.index("Undo all of it")
    assert re.search(r"Comes back</h3>.*A\. Lee", text, re.DOTALL)


def test_what_was_published_then_is_withdrawn(admin_client: Client) -> None:
    topic = make.make_topic("Tides", status="draft")
    with change_set(action=ChangeAction.PUBLISH):
        Topic.objects.get(pk=topic.pk).publish()
    assert effects_of(admin_client.get(undo_page(ChangeSet.objects.get()))) == {"Is withdrawn": {"Topics": 1}}


def test_of_a_merger_it_counts_all_and_names_a_few(admin_client: Client) -> None:
    loser, winner = make.make_person("Ann Li"), make.make_person("Ann Lee")
    for number in range(7):
        make.make_statement(loser, wording=f"I said {number}.")
    merge(loser, winner, reason="The same.")
    page = admin_client.get(undo_page(ChangeSet.objects.get()))
    assert effects_of(page)["Is set back"]["Statements"] == 7
    assert "and 2 more" in page.content.decode()


def test_rows_are_shown_a_page_at_a_time(
    admin_client: Client, bodies: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "ROWS_OF_A_PAGE", 2)
    act = ChangeSet.objects.get()
    shown: list[int] = []
    for number in (1, 2, 3):
        page = admin_client.get(undo_page(act, page=number))
        shown += [row.change.pk for row in page.context["rows"]]
        assert f"Rows {2 * number - 1} to {min(2 * number, 5)} of 5" in page.content.decode()
    assert shown == [body.pk for body in bodies]
    for odd in ("0", "x", "99", "-1", "9" * 30):
        assert admin_client.get(undo_page(act, page=odd)).status_code == 200
    line = str(LineKey("directory.Organization", bodies[4].pk, "wikidata"))
    alone = admin_client.get(undo_page(act, line=line))
    assert [row.change.pk for row in alone.context["rows"]] == [bodies[4].pk], "whichever page it is on"


def test_one_row_too_many_is_told_with_the_number_and_lines_can_still_be_undone(
    admin_client: Client, bodies: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revert_planning, "MOST_ROWS", 4)
    act = ChangeSet.objects.get()
    page = admin_client.get(undo_page(act)).content.decode()
    assert "It changed 5 rows; at most 4 can be undone at once." in page
    assert 'name="reason"' not in page
    refused = admin_client.post(undo_page(act), {"reason": "No."})
    assert refused.status_code == 409
    assert "It changed 5 rows" in refused.content.decode()
    line = str(LineKey("directory.Organization", bodies[4].pk, "wikidata"))
    assert admin_client.post(undo_page(act), {"reason": "No.", "line": line}).status_code == 302
    assert [bool(body.wikidata) for body in Organization.objects.order_by("pk")] == [True, True, True, True, False]


def test_many_conflicts_are_bounded_and_kept_at_once(
    admin_client: Client, bodies: list[Organization], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "MOST_CONFLICTS", 2)
    act = ChangeSet.objects.get()
    for body in bodies[1:]:
        body.wikidata = "Q999"
        body.save()
    page = admin_client.get(undo_page(act)).content.decode()
    assert page.count("it was changed again since.") == 2
    assert "and 2 more" in page
    refused = admin_client.post(undo_page(act), {"reason": "No."})
    assert refused.status_code == 409
    assert "Nothing was undone; see what stands in the way." in refused.content.decode()
    unsaid = admin_client.post(undo_page(act), {"reason": "", "keep-newer": "on"})
    assert unsaid.status_code == 422
    assert re.search(r'name="keep-newer" checked', unsaid.content.decode()), "what was chosen is not lost"
    assert admin_client.post(undo_page(act), {"reason": "No.", "keep-newer": "on"}).status_code == 302
    assert [body.wikidata for body in Organization.objects.order_by("pk")] == ["", "Q999", "Q999", "Q999", "Q999"]


def test_what_was_chosen_to_be_kept_stays_chosen(admin_client: Client, bodies: list[Organization]) -> None:
    act = ChangeSet.objects.get()
    bodies[0].wikidata = "Q999"
    bodies[0].save()
    line = str(LineKey("directory.Organization", bodies[0].pk, "wikidata"))
    unsaid = admin_client.post(undo_page(act), {"reason": "", "keep": line})
    assert unsaid.status_code == 422
    assert f'value="{line}" checked' in unsaid.content.decode()


def test_a_name_with_a_percent_sign_is_told_as_it_is(admin_client: Client) -> None:
    body = make.make_organization("50 % more (100%s)")
    with change_set(action=ChangeAction.SAVE):
        body.wikidata = "Q1"
        body.save()
    body.wikidata = "Q2"
    body.save()
    page = admin_client.get(undo_page(ChangeSet.objects.get()))
    assert "“50 % more (100%s)”, Wikidata id: it was changed again since." in page.content.decode()


def test_what_rests_on_it_is_told_before_anything_is_posted(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", status="draft")
    with change_set(action=ChangeAction.PUBLISH):
        type(person).objects.get().publish()
    make.make_statement(person)
    page = admin_client.get(undo_page(ChangeSet.objects.get())).content.decode()
    assert "Public records rest on what would be withdrawn" in page
    assert 'name="reason"' not in page


def test_the_page_costs_the_same_for_one_row_and_for_thirty(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    bodies = [make.make_organization(f"Body {number}") for number in range(30)]
    with change_set(action=ChangeAction.SHEET):
        for body in bodies:
            body.wikidata = f"Q{body.pk}"
            body.save()
    with django_assert_max_num_queries(100):
        assert admin_client.get(undo_page(ChangeSet.objects.get())).status_code == 200
