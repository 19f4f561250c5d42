"""The list of doubts: what contradicts each other is found, what does not is left alone, and every answer can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from base.records.change_sets import ChangeSet
from desk.doubts.conflicts import differ_in_a_figure
from desk.doubts.kinds import DOUBT_KINDS, Doubt
from desk.doubts.sides import shown_doubts
from desk.models import DifferentRecords, SettledDoubt
from directory.models import Affiliation, Passage
from events.models import EventDescription, EventPart
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import messages

pytestmark = pytest.mark.django_db
ADDRESS = "/admin/doubts/"


def signed_in(name: str, *groups: str) -> Client:
    """Return a browser in which an account of these groups is signed in."""
    client = Client()
    client.force_login(make_user(name, *groups, first_name=name.title()))
    return client


def passage(number: int, words: str = "She was there.") -> Passage:
    """Return a passage of an article of this number."""
    source = make.make_source(f"Article {number}", slug=f"article-{number}", text=f"{words}\n")
    return make.make_passage(source, words)


def doubts(kind: str) -> list[Doubt]:
    """Return all doubts of a kind."""
    return DOUBT_KINDS[kind].doubts(list(DOUBT_KINDS[kind].queries()))


def two_roles(**columns: Any) -> tuple[Affiliation, Affiliation]:
    """Make two positions of one person at one organization, each after an article of its own."""
    person, board = make.make_person("Ann Lee"), make.make_organization("Port of Sond")
    first_values = {"role": "pilot", **columns.get("first", {})}
    first = make.make_affiliation(person, board, passages=[passage(1)], **first_values)
    values = {"role": "harbour master", **columns.get("second", {})}
    return first, make.make_affiliation(person, board, passages=[passage(2)], **values)


# What is found -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("first", "second", "is_conflict"),
    [
        ({}, {}, True),
        ({"start": "2019"}, {"start": "2019"}, True),
        ({"start": "2019"}, {}, True),
        ({"start": "2015", "end": "2020"}, {"start": "2019"}, True),
        ({"start": "2015"}, {"start": "2019"}, False),  # one followed the other
        ({"start": "2010", "end": "2012"}, {"start": "2013", "end": "2015"}, False),
        ({"end": "2012"}, {"start": "2013"}, False),
        ({}, {"role": "Pilot", "start": "2001"}, False),
        ({"role": "Émigré"}, {"role": "émigré"}, False),
        ({"role": "vice-chair"}, {"role": "Vice chair"}, False),
        ({"role": "d_ver"}, {"role": "diver"}, True),
        ({"role": "pilot"}, {"role": "p%t"}, True),  # no pattern
        ({}, {"role": "former pilot"}, False),
        ({"certainty": "rejected", "note": "A misprint."}, {}, False),
        ({"status": "withdrawn"}, {}, False),
        ({"status": "draft"}, {}, True),
    ],
)
def test_roles_contradict_each_other(first: dict[str, str], second: dict[str, str], is_conflict: bool) -> None:
    rows = two_roles(first=first, second=second)
    keys = [(rows[0].pk, rows[1].pk)] if is_conflict else []
    assert [(doubt.first, doubt.second) for doubt in doubts("roles")] == keys


def test_what_one_source_says_of_both_contradicts_nothing() -> None:
    first, second = two_roles()
    make.cite(first, second.passages.get())
    assert doubts("roles") == []


def test_roles_without_a_passage_at_another_organization_or_of_another_person_contradict_nothing() -> None:
    person, board = make.make_person("Ann Lee"), make.make_organization("Port of Sond")
    make.make_affiliation(person, board, role="pilot", passages=[passage(1)])
    make.make_affiliation(person, board, role="harbour master")
    make.make_affiliation(person, make.make_organization("Port of Ales"), role="clerk", passages=[passage(2)])
    make.make_affiliation(make.make_person("Bo Lin"), board, role="diver", passages=[passage(3)])
    assert doubts("roles") == []


@pytest.mark.parametrize(
    ("first", "second", "is_conflict"),
    [
        ({"start": "2019"}, {"start": "2020"}, True),
        ({"start": "2019"}, {"start": "2019-05"}, False),  # only less exact
        ({"start": "2019"}, {"end": "2020"}, False),
        ({"start": "2019", "end": "2022"}, {"start": "2019-01", "end": "2023"}, True),
        ({"start": "2001", "end": "2003"}, {"start": "2019", "end": "2021"}, False),  # twice
        ({"role": "Émigré", "start": "2019"}, {"role": "émigré", "start": "2020"}, True),
    ],
)
def test_dates_of_one_position_contradict_each_other(
    first: dict[str, str], second: dict[str, str], is_conflict: bool
) -> None:
    two_roles(first=first, second={"role": "pilot", **second})
    assert len(doubts("dates")) == is_conflict
    assert doubts("roles") == []


def test_a_part_that_took_place_after_the_whole_is_in_doubt() -> None:
    whole, part = make.make_event("Harbour Week", date="2024-05"), make.make_event("Regatta", date="2024-06-01")
    link = EventPart.objects.create(event=part, parent=whole)
    make.cite(link, passage(1))
    assert [(doubt.model, doubt.first, doubt.second) for doubt in doubts("dates")] == [(EventPart, link.pk, 0)]
    part.date = "2024-05-01"
    part.save()
    assert doubts("dates") == []


def test_official_names_in_one_language_contradict_each_other() -> None:
    board = make.make_organization("Port of Sond", passages=[passage(1)])
    make.make_name(board, "Harbour of Sond", kind="variant", passages=[passage(2)])
    make.make_name(board, "Port de Sond", "fr", passages=[passage(3)])
    make.make_name(board, "Port Of Sond", passages=[passage(4)])  # another case alone
    assert doubts("names") == []
    other = make.make_name(board, "Sond Port Authority", passages=[passage(5)])
    assert {doubt.second for doubt in doubts("names")} == {other.pk}


def test_descriptions_that_differ_in_a_figure_contradict_each_other() -> None:
    event = make.make_event("Harbour Week")
    for number, text in enumerate(["Some 1,200 people came.", "Some 2,100 people came.", "In 2024 it rained."], 1):
        make.cite(EventDescription.objects.create(event=event, text=text), passage(number))
    (doubt,) = doubts("figures")
    assert {row.text for row in EventDescription.objects.filter(pk__in=doubt.keys)} == {
        "Some 1,200 people came.",
        "Some 2,100 people came.",
    }
    assert not differ_in_a_figure("Some 1,200 people came.", "Some 1200 people came.")


def test_disputed_and_inferred_rows_doubles_and_changed_passages_are_found() -> None:
    person = make.make_person("Ann Lee")
    disputed = make.make_affiliation(person, role="pilot", certainty="disputed", note="Two say two things.")
    inferred = make.make_affiliation(person, role="diver", certainty="inferred", note="From the photograph.")
    double = make.make_person("ANN LEE")
    changed = passage(1)
    Passage.objects.filter(pk=changed.pk).update(check_state="changed")
    assert [(doubt.first, doubt.second) for doubt in doubts("disputed")] == [(disputed.pk, 0)]
    assert [(doubt.first, doubt.second) for doubt in doubts("inferred")] == [(inferred.pk, 0)]
    assert [(doubt.first, doubt.second) for doubt in doubts("doubles")] == [(person.pk, double.pk)]
    assert [(doubt.first, doubt.second) for doubt in doubts("passages")] == [(changed.pk, 0)]


def test_statements_in_doubt_are_shown_with_their_words() -> None:
    statement = make.make_statement(
        make.make_person("Ann Lee"), None, "The tide turns.", certainty="disputed", note="?"
    )
    page = signed_in("lan", "editor").get(ADDRESS, {"kind": "disputed"}).content.decode()
    assert "Ann Lee: The tide turns." in page
    assert f">{statement.slug}<" not in page


# The page and the answers --------------------------------------------------------------------------------------------------
def form_of(doubt: Doubt, answer: str, reason: str = "") -> dict[str, Any]:
    """Return what the form of a doubt sends."""
    model = doubt.model._meta.label
    named = {"kind": doubt.kind, "model": model, "first": doubt.first, "second": doubt.second}
    return {**named, "answer": answer, "reason": reason, "seen": seen(doubt)}


def seen(doubt: Doubt) -> str:
    """Return the digest of a doubt as its page has it now; empty of one that is gone."""
    return next((shown.digest for shown in shown_doubts([doubt], AnonymousUser())), "")


def test_the_page_shows_what_speaks_for_which() -> None:
    first, second = two_roles(second={"note": "As the poster has it."})
    page = signed_in("lan", "editor").get(ADDRESS)
    text = page.content.decode()
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    for part in ("pilot", "harbour master", "Article 1", "Article 2", "She was there.", "As the poster has it."):
        assert part in text, part
    for row in (first, second):
        assert reverse("admin:directory_affiliation_change", args=[row.pk]) in text
    assert f'value="prefer:{first.pk}"' in text


def test_one_is_preferred_with_a_reason_and_that_can_be_undone() -> None:
    first, second = two_roles(first={"note": "From the list."})
    client, (doubt,) = signed_in("lan", "editor"), doubts("roles")
    refused = client.post(ADDRESS, form_of(doubt, f"prefer:{second.pk}"))
    assert refused.status_code == 422
    assert "Say why you prefer one" in refused.content.decode()
    answer = client.post(ADDRESS, form_of(doubt, f"prefer:{second.pk}", "The register says so."), follow=True)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.certainty, first.note) == ("rejected", "From the list.\nThe register says so.")
    assert second.certainty == "stated"
    act = ChangeSet.objects.get()
    assert (act.reason, act.user.username) == ("The register says so.", "lan")
    assert reverse("admin:change_set", args=[act.pk]) in messages(answer)[0]
    assert doubts("roles") == []
    undo = client.post(reverse("admin:change_set", args=[act.pk]), {"reason": "A mistake."})
    assert undo.status_code == 302
    assert [(each.first, each.second) for each in doubts("roles")] == [(first.pk, second.pk)]


def test_both_are_kept_and_asked_again() -> None:
    two_roles()
    client, (doubt,) = signed_in("lan", "editor"), doubts("roles")
    assert client.post(ADDRESS, form_of(doubt, "keep")).status_code == 302
    assert doubts("roles") == []
    assert client.post(ADDRESS, form_of(doubt, "keep")).status_code == 409
    assert "harbour master" in client.get(ADDRESS, {"kind": "roles", "kept": ""}).content.decode()
    client.post(ADDRESS, form_of(doubt, "ask"))
    assert doubts("roles") == [doubt]


def test_what_is_put_off_stands_last() -> None:
    person, board = make.make_person("Ann Lee"), make.make_organization("Port of Sond")
    for number, role in enumerate(("pilot", "diver", "clerk"), 1):
        make.make_affiliation(person, board, role=role, passages=[passage(number)])
    client, (newest, *others) = signed_in("lan", "editor"), doubts("roles")
    client.post(ADDRESS, form_of(newest, "later"))
    assert [(each.first, each.second) for each in doubts("roles")[:2]] == [(each.first, each.second) for each in others]
    assert doubts("roles")[2].is_later
    assert client.get(ADDRESS).context["doubts_number"] == "2"


def test_doubles_that_are_not_the_same_are_remembered_for_every_page() -> None:
    make.make_person("Ann Lee"), make.make_person("Ann Lee")
    client, (doubt,) = signed_in("lan", "editor"), doubts("doubles")
    assert reverse("admin:desk_doubles") in client.get(ADDRESS, {"kind": "doubles"}).content.decode()
    client.post(ADDRESS, form_of(doubt, "keep"))
    assert DifferentRecords.objects.count() == 1
    assert doubts("doubles") == []
    assert not SettledDoubt.objects.exists()


def test_the_last_name_of_a_public_record_is_not_rejected() -> None:
    board = make.make_organization("Port of Sond", passages=[passage(1)])
    other = make.make_name(board, "Sond Port Authority", passages=[passage(2)], status="draft")
    client, (doubt,) = signed_in("lan", "editor"), doubts("names")
    answer = client.post(ADDRESS, form_of(doubt, f"prefer:{other.pk}", "The newer one."))
    assert answer.status_code == 409
    assert "It has no name yet." in answer.content.decode()
    assert board.names.filter(certainty="rejected").count() == 0


@pytest.mark.parametrize(
    ("change", "status", "says"),
    [
        ({"kind": "moods"}, 400, "“kind” is one of: roles, dates"),
        ({"answer": "perhaps"}, 400, "“answer” is one of: prefer, keep, later, ask."),
        ({"answer": "prefer:77777777"}, 400, "Say which of the two is preferred"),
        ({"answer": "prefer:x"}, 400, "Say which of the two is preferred"),
        ({"model": "auth.User"}, 400, "A doubt is named by"),
        ({"first": "x"}, 400, "A doubt is named by"),
        ({"second": "1" * 19}, 400, "A doubt is named by"),
        ({"second": "77777777"}, 409, "This was settled meanwhile"),
    ],
)
def test_wrong_answers_are_refused_with_a_sentence(change: dict[str, str], status: int, says: str) -> None:
    two_roles()
    (doubt,) = doubts("roles")
    response = signed_in("lan", "editor").post(ADDRESS, {**form_of(doubt, "keep"), **change})
    assert response.status_code == status
    assert says in response.content.decode()
    assert not SettledDoubt.objects.exists()


def test_who_may_look_and_who_may_settle() -> None:
    first, second = two_roles()
    (doubt,) = doubts("roles")
    prefer = form_of(doubt, f"prefer:{first.pk}", "Because.")
    assert Client().get(ADDRESS).status_code == 302
    nobody = signed_in("reader")
    assert (nobody.get(ADDRESS).status_code, nobody.post(ADDRESS, prefer).status_code) == (403, 403)
    contributor = signed_in("mai", "contributor")
    page = contributor.get(ADDRESS)
    assert "Keep both" in page.content.decode()
    assert "Prefer this one" not in page.content.decode(), "what would be refused is not offered"
    assert contributor.post(ADDRESS, prefer).status_code == 403  # readers see the row
    second.refresh_from_db()
    assert second.certainty == "stated"


def test_the_page_costs_the_same_however_much_is_in_doubt(django_assert_max_num_queries: Any) -> None:
    client = signed_in("lan", "keeper")
    person, board = make.make_person("Ann Lee"), make.make_organization("Port of Sond")
    numbers = []
    for number in range(1, 5):
        make.make_affiliation(person, board, role=f"role {number}", passages=[passage(number)])
        if number in (2, 4):
            client.get(ADDRESS)
            with django_assert_max_num_queries(200) as context:
                client.get(ADDRESS, {"kind": "roles"})
            numbers.append(len(context.captured_queries))
    assert numbers[0] == numbers[1]
