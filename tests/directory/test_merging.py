"""Two rows become one, and nothing is lost."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from base.records.merging import CannotMerge, merge
from base.records.resolution import Gone, Moved
from base.records.successors import successors
from directory.models import Initiative, InitiativePart, Organization, Person
from events.models import Event, Participation, Statement
from tests import factories as make
from tests.curation import messages, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def passages() -> list[Any]:
    return [make.make_passage(words=words) for words in ("Ann spoke.", "Ms Lee spoke.", "Ann listened.")]


@pytest.fixture
def pair(passages: list[Any]) -> tuple[Person, Person]:
    """A double and the person that is to stay; both are called Ann Lee."""
    loser = make.make_person("Ann Lee", passages=[passages[0]], wikidata="Q7", slug="ann-lee-double")
    make.make_name(loser, "แอน ลี", "th", passages=[passages[2]])
    winner = make.make_person("Ann Lee", passages=[passages[1]], slug="ann-lee")
    return loser, winner


def test_names_move_behind_and_equal_ones_are_united(pair: tuple[Person, Person], passages: list[Any]) -> None:
    loser, winner = pair
    counts = merge(loser, winner, reason="The same.")
    assert (counts.moved, counts.united, counts.left) == (1, 1, 0)
    assert [(n.text, set(n.passages.all())) for n in winner.names.all()] == [
        ("Ann Lee", {passages[0], passages[1]}),
        ("แอน ลี", {passages[2]}),
    ]
    winner.refresh_from_db()
    assert (winner.name, winner.labels, winner.wikidata) == ("Ann Lee", {"en": "Ann Lee", "th": "แอน ลี"}, "Q7")
    assert "แอน ลี" in winner.search


def test_the_address_of_the_double_leads_on(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    loser.slug = "ann-lee-2"
    loser.save()
    merge(loser, winner, reason="The same.")
    loser.refresh_from_db()
    assert (loser.status, loser.merged_into) == ("withdrawn", winner)
    assert list(loser.former_ids.values_list("slug", flat=True)) == ["ann-lee-double"]
    for slug in ("ann-lee-2", "ann-lee-double"):
        with pytest.raises(Moved) as moved:
            Person.objects.resolve(slug)
        assert moved.value.record == winner


def test_statements_go_over_by_every_relation(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    spoken = make.make_statement(loser, wording="I said so.")
    about = make.make_statement(wording="She said so.", about_people=[loser])
    both = make.make_statement(wording="They said so.", about_people=[loser, winner])
    merge(loser, winner, reason="The same.")
    assert Statement.objects.get(pk=spoken.pk).speaker == winner
    assert [list(s.about_people.all()) for s in (about, both)] == [[winner], [winner]]
    for statement in (spoken, about, both):
        assert statement.history.first().history_change_reason == "The same."
        assert statement.publish_problems() == [] or statement.pk == spoken.pk


def test_links_that_collide_are_united_and_say_what_differed(pair: tuple[Person, Person], passages: list[Any]) -> None:
    loser, winner = pair
    event, body = make.make_event(), make.make_organization()
    make.make_participation(loser, event, passages=[passages[0]])
    kept = make.make_participation(winner, event, certainty="inferred", note="By her title.", passages=[passages[1]])
    make.make_participation(loser, event, "attendee", passages=[passages[0]])
    make.make_affiliation(loser, body, end="2020", passages=[passages[0]])
    position = make.make_affiliation(winner, body, end="2021", note="Until 2021.", passages=[passages[1]])
    profession = make.make_affiliation(winner, role="actor", passages=[passages[1]])
    make.make_affiliation(loser, role="actor", note="Since ever.", passages=[passages[2]])
    merge(loser, winner, reason="The same.")

    kept.refresh_from_db()
    assert (kept.certainty, set(kept.passages.all())) == ("stated", set(passages[:2]))
    assert kept.note == "By her title."
    assert sorted(winner.participations.values_list("role", flat=True)) == ["attendee", "speaker"]
    position.refresh_from_db()
    assert (position.end, position.note) == ("2021", "Until 2021.\nThe double that was merged had until: 2020.")
    profession.refresh_from_db()
    assert (profession.note, set(profession.passages.all())) == ("Since ever.", set(passages[1:]))
    assert loser.participations.count() == loser.affiliations.count() == 0
    assert Participation.history.filter(history_type="-").count() == 1, "the history of the united row stays"


def test_a_link_between_the_two_stays_with_the_double() -> None:
    loser, winner, third = (make.make_initiative(name) for name in ("Fund", "Film Fund", "Culture"))
    between = InitiativePart.objects.create(initiative=loser, parent=winner)
    InitiativePart.objects.create(initiative=loser, parent=third)
    InitiativePart.objects.create(initiative=winner, parent=third)
    counts = merge(loser, winner, reason="The same.")
    assert (counts.united, counts.left) == (1, 1)
    between.refresh_from_db()
    assert (between.initiative, between.parent) == (loser, winner)
    assert not InitiativePart.objects.published().filter(pk=between.pk).exists()


def test_events_keep_the_passages_of_both(passages: list[Any]) -> None:
    loser, winner = make.make_event("Film Day", date="2025-03"), make.make_event("Film Days", date="2025-04")
    loser.passages.add(passages[0])
    winner.passages.add(passages[1])
    statement = make.make_statement(event=loser)
    merge(loser, winner, reason="The same.")
    winner, statement = Event.objects.get(pk=winner.pk), Statement.objects.get(pk=statement.pk)
    assert set(winner.passages.all()) == set(passages[:2])
    assert (winner.date, winner.note) == ("2025-04", "The double that was merged had date: 2025-03.")
    assert (statement.event, statement.sort_date.isoformat()) == (winner, "2025-04-01")


def test_every_kind_of_double_can_be_united() -> None:
    for maker in (make.make_person, make.make_organization, make.make_initiative, make.make_topic, make.make_event):
        loser, winner = maker("One"), maker("Two")
        merge(loser, winner, reason="The same.")
        assert list(winner.names.values_list("text", flat=True)) == ["Two", "One"]


def test_what_cannot_be_merged_is_refused_before_anything_moves(pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    draft, gone = make.make_person("Ann", status="draft"), make.make_person("Ann", status="withdrawn")
    for one, other in ((loser, loser), (loser, draft), (loser, gone), (loser, make.make_topic())):
        with pytest.raises(CannotMerge):
            merge(one, other, reason="The same.")
    merge(loser, winner, reason="The same.")
    with pytest.raises(CannotMerge, match="was merged before"):
        merge(loser, winner, reason="Again.")
    assert merge(draft, winner, reason="A draft is merged too.").moved == 1


# In the admin -------------------------------------------------------------------------------------------------------------
def test_a_curator_chooses_two_and_says_which_stays(admin_client: Client, pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    url = url_of(Person, "changelist")
    data: dict[str, Any] = {"action": "merge_doubles", "_selected_action": [loser.pk, winner.pk]}
    page = admin_client.post(url, data).content.decode()
    assert "Ann Lee (ann-lee-double, published)" in page
    data |= {"confirmed": "yes"}
    assert b"This field is required." in admin_client.post(url, data).content
    response = admin_client.post(url, {**data, "winner": winner.pk, "reason": "Same post."}, follow=True)
    [message] = messages(response)
    assert message.startswith("“Ann Lee” was merged into “Ann Lee”: 1 rows moved, 1 united, 0 left. <a ")
    loser.refresh_from_db()
    assert loser.history.first().history_change_reason == "Same post."
    assert loser.history.first().history_user.username == "admin"
    assert winner.names.first().history.first().history_change_reason == "Same post."


def test_the_page_says_first_what_moves_and_what_differs(admin_client: Client, pair: tuple[Person, Person]) -> None:
    loser, winner = pair
    Person.objects.filter(pk=winner.pk).update(wikidata="Q8")
    for number in range(7):
        make.make_statement(loser, wording=f"Statement {number}.")
    data = {"action": "merge_doubles", "_selected_action": [loser.pk, winner.pk]}
    page = admin_client.post(url_of(Person, "changelist"), data).content.decode()
    assert "If “Ann Lee” (ann-lee) stays" in page
    assert "Statements: speaker: 7" in page
    assert f"/admin/events/statement/?speaker__id__exact={loser.pk}" in page
    assert "Is there already, and is united with its equal" in page
    assert re.search(
        r"> Q7</label></td>.*> Q8</label></td>.*<strong>The other value is dropped.</strong>", page, re.DOTALL
    )
    fields = dict(re.findall(r'name="(expected-\d+)" value="(\w+)"', page))
    make.make_statement(loser, wording="Meanwhile.")
    sent = {**data, **fields, "confirmed": "yes", "winner": winner.pk, "reason": "Same post."}
    page = admin_client.post(url_of(Person, "changelist"), sent).content.decode()
    assert "Meanwhile somebody changed one of them." in page
    assert Statement.objects.filter(speaker=loser).count() == 8
    fields = dict(re.findall(r'name="(expected-\d+)" value="(\w+)"', page))
    assert admin_client.post(url_of(Person, "changelist"), {**sent, **fields}).status_code == 302
    assert Statement.objects.filter(speaker=winner).count() == 8


def test_what_would_break_a_public_record_takes_the_whole_merger_back(pair: tuple[Person, Person]) -> None:
    _loser, winner = pair
    hidden = make.make_passage(make.make_source("Draft article", status="draft"), "Hidden words.")
    draft = make.make_person("Anne Lee", passages=[hidden], status="draft")
    with pytest.raises(CannotMerge, match="Nothing was united, because “Ann Lee” would not be fit"):
        merge(draft, winner, reason="The same.")
    draft.refresh_from_db()
    assert (draft.merged_into, draft.names.count(), winner.names.count()) == (None, 1, 1)


def test_a_thousand_statements_move_at_once(pair: tuple[Person, Person], django_assert_max_num_queries: Any) -> None:
    loser, winner = pair
    statements = [make.make_statement(loser, wording=f"Statement {number}.") for number in range(30)]
    with django_assert_max_num_queries(160):  # ten a statement would be 300
        merge(loser, winner, reason="The same.")
    version = statements[0].history.first()
    assert (version.speaker, version.history_change_reason) == (winner, "The same.")
    assert [link.passage for link in version.passages.all()] == list(statements[0].passages.all())


def test_one_or_three_rows_are_not_united(admin_client: Client) -> None:
    rows = [make.make_organization(name).pk for name in ("A", "B", "C")]
    data = {"action": "merge_doubles", "_selected_action": rows}
    response = admin_client.post(url_of(Organization, "changelist"), data, follow=True)
    assert messages(response) == ["Choose exactly two rows to unite."]


def test_a_refusal_is_shown_on_the_page(admin_client: Client) -> None:
    public, draft = make.make_initiative("Fund"), make.make_initiative("Fund", status="draft")
    data = {"action": "merge_doubles", "_selected_action": [public.pk, draft.pk], "confirmed": "yes", "reason": "Same."}
    response = admin_client.post(url_of(Initiative, "changelist"), {**data, "winner": draft.pk})
    assert "publish the other one first" in response.content.decode()


def test_a_published_record_that_was_merged_is_not_published_again(
    admin_client: Client, pair: tuple[Person, Person]
) -> None:
    loser, winner = pair
    merge(loser, winner, reason="The same.")
    data = {"action": "publish_selected", "_selected_action": [loser.pk]}
    [told] = messages(admin_client.post(url_of(Person, "changelist"), data, follow=True))
    assert "It was merged into “Ann Lee”." in told


def test_a_chain_of_mergers_is_followed_to_its_end_in_one_query(django_assert_num_queries: Any) -> None:
    chain = [make.make_person(f"Chain {number}", slug=f"chain-{number}") for number in range(6)]
    alone = make.make_person("Alone")
    for loser, winner in pairwise(chain):
        merge(loser, winner, reason="The same.")
    with django_assert_num_queries(1):
        today = successors(Person, [chain[0].pk, chain[4].pk, alone.pk, 0])
    assert today == {chain[0].pk: chain[5].pk, chain[4].pk: chain[5].pk, alone.pk: alone.pk, 0: 0}
    with django_assert_num_queries(0):
        assert successors(Person, []) == {}
    with django_assert_num_queries(2), pytest.raises(Moved) as moved:
        Person.objects.resolve("chain-0")
    assert moved.value.record == chain[5]
    assert Person.objects.by_former_ids(["chain-1"]) == {"chain-1": chain[5]}


def test_a_chain_that_ends_in_a_withdrawn_record_says_what_was_public_last() -> None:
    first, second, last = (make.make_person(f"Chain {number}", slug=f"chain-{number}") for number in range(3))
    merge(first, second, reason="The same.")
    merge(second, last, reason="The same.")
    Person.objects.filter(pk=last.pk).update(status="withdrawn", withdrawn_reason="She asked for it.")
    with pytest.raises(Gone) as gone:
        Person.objects.resolve("chain-0")
    assert (gone.value.record, gone.value.reason) == (last, "She asked for it.")


def test_a_circle_of_mergers_ends() -> None:
    """Only SQL by hand makes one."""
    people = [make.make_person(f"Circle {number}", slug=f"circle-{number}", status="draft") for number in range(3)]
    for number, person in enumerate(people):
        heir = people[(number + 1) % 3]
        Person.objects.filter(pk=person.pk).update(merged_into=heir, status="withdrawn")
    assert set(successors(Person, [people[0].pk])) == {people[0].pk}
    with pytest.raises(Person.DoesNotExist):
        Person.objects.resolve("circle-0")
