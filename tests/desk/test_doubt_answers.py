"""Every kind of doubt is kept, put off and asked again; one of two facts is preferred with a reason, and that is undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.records.change_sets import ChangeSet
from desk.doubts import answers
from desk.doubts.kinds import DOUBT_KINDS, doubt_counts
from desk.models import DifferentRecords, SettledDoubt
from directory.models import Passage
from events.models import EventDescription, EventPart
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.test_doubts import ADDRESS, doubts, form_of, passage, seen, signed_in, two_roles

pytestmark = pytest.mark.django_db


def make_dates() -> None:
    two_roles(first={"start": "2019"}, second={"role": "pilot", "start": "2020"})


def make_part_out_of_time() -> None:
    whole, part = make.make_event("Harbour Week", date="2024-05"), make.make_event("Regatta", date="2024-06-01")
    make.cite(EventPart.objects.create(event=part, parent=whole), passage(1))


def make_names() -> None:
    board = make.make_organization("Port of Sond", passages=[passage(1)])
    make.make_name(board, "Sond Port Authority", passages=[passage(2)])


def make_figures() -> None:
    event = make.make_event("Harbour Week")
    for number, text in enumerate(["Some 1,200 people came.", "Some 2,100 people came."], 1):
        make.cite(EventDescription.objects.create(event=event, text=text), passage(number))


def make_row(certainty: str) -> None:
    make.make_affiliation(make.make_person("Ann Lee"), role="pilot", certainty=certainty, note="Two say two things.")


def make_doubles() -> None:
    make.make_person("Ann Lee")
    make.make_person("ANN LEE")


def make_changed_passage() -> None:
    Passage.objects.filter(pk=passage(1).pk).update(check_state="changed")


MAKERS: dict[str, Callable[[], Any]] = {
    "roles": two_roles,
    "dates": make_dates,
    "names": make_names,
    "figures": make_figures,
    "disputed": lambda: make_row("disputed"),
    "doubles": make_doubles,
    "passages": make_changed_passage,
    "inferred": lambda: make_row("inferred"),
}
CASES = [*MAKERS.items(), ("dates", make_part_out_of_time)]


def test_every_kind_has_data_here() -> None:
    assert set(MAKERS) == set(DOUBT_KINDS)


@pytest.mark.parametrize(("kind", "make_it"), CASES)
def test_every_kind_is_kept_and_asked_again(kind: str, make_it: Callable[[], Any]) -> None:
    make_it()
    client, (doubt,) = signed_in("lan", "keeper"), doubts(kind)
    page = client.get(ADDRESS, {"kind": kind})
    assert [shown.doubt for shown in page.context["doubts"]] == [doubt]
    assert client.post(ADDRESS, form_of(doubt, "keep")).status_code == 302
    assert doubts(kind) == []
    assert client.post(ADDRESS, form_of(doubt, "later")).status_code == 409
    kept = client.get(ADDRESS, {"kind": kind, "kept": ""})
    assert [shown.doubt for shown in kept.context["doubts"]] == [doubt]
    assert "Ask again" in kept.content.decode()
    assert client.post(ADDRESS, form_of(doubt, "ask")).status_code == 302
    assert doubts(kind) == [doubt]
    assert not SettledDoubt.objects.exists()
    assert not DifferentRecords.objects.exists()


@pytest.mark.parametrize(("kind", "make_it"), CASES)
def test_every_kind_is_put_off_and_taken_up_again(kind: str, make_it: Callable[[], Any]) -> None:
    make_it()
    client, (doubt,) = signed_in("lan", "keeper"), doubts(kind)
    user = make_user("ada", "keeper")
    assert client.post(ADDRESS, form_of(doubt, "later")).status_code == 302
    assert [each.is_later for each in doubts(kind)] == [True]
    assert {count.kind.key: count.number for count in doubt_counts(user)}[kind] == 0
    assert "put off" in client.get(ADDRESS, {"kind": kind}).content.decode()
    client.post(ADDRESS, form_of(doubt, "ask"))
    assert [each.is_later for each in doubts(kind)] == [False]
    assert {count.kind.key: count.number for count in doubt_counts(user)}[kind] == 1


@pytest.mark.parametrize("kind", ["roles", "dates", "names", "figures"])
def test_one_of_two_is_preferred_and_that_is_undone(kind: str) -> None:
    MAKERS[kind]()
    client, (doubt,) = signed_in("lan", "keeper"), doubts(kind)
    rows = doubt.model._base_manager
    response = client.post(ADDRESS, form_of(doubt, f"prefer:{doubt.second}", "The register says so."))
    assert response.status_code == 302, response.content.decode()
    first = rows.get(pk=doubt.first)
    assert (first.certainty, first.note) == ("rejected", "The register says so.")
    assert doubts(kind) == []
    act = ChangeSet.objects.get()
    undone = client.post(reverse("admin:change_set", args=[act.pk]), {"reason": "A mistake."})
    assert undone.status_code == 302
    assert (rows.get(pk=doubt.first).certainty, doubts(kind)) == ("stated", [doubt])


@pytest.mark.parametrize(
    ("kind", "make_it"), [case for case in CASES if case[0] in ("disputed", "doubles", "passages", "inferred")]
)
def test_of_one_row_or_two_records_nothing_can_be_preferred(kind: str, make_it: Callable[[], Any]) -> None:
    make_it()
    (doubt,) = doubts(kind)
    response = signed_in("lan", "keeper").post(ADDRESS, form_of(doubt, f"prefer:{doubt.first}", "Because."))
    assert response.status_code == 400
    assert "Of this doubt nothing can be preferred." in response.content.decode()


@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_forged_doubt_of_every_kind_is_none(kind: str) -> None:
    MAKERS[kind]()
    client, (doubt,) = signed_in("lan", "keeper"), doubts(kind)
    for forged in ({"second": str(doubt.second + 1)}, {"first": "77777777"}, {"first": str(doubt.second or 9)}):
        for answer in ("keep", "later"):
            response = client.post(ADDRESS, {**form_of(doubt, answer), **forged})
            assert response.status_code == 409, (forged, answer)
    other = "events.Statement" if kind not in ("disputed", "inferred") else "directory.Topic"
    assert client.post(ADDRESS, {**form_of(doubt, "keep"), "model": other}).status_code == 400
    assert not SettledDoubt.objects.exists()
    assert not DifferentRecords.objects.exists()


@pytest.mark.parametrize("kind", list(MAKERS))
def test_who_may_change_the_rows_of_a_doubt_may_keep_it_or_put_it_off(kind: str) -> None:
    MAKERS[kind]()
    (doubt,) = doubts(kind)
    for role, status in (("nobody", 403), ("contributor", 302), ("editor", 302), ("keeper", 302)):
        client = signed_in(role, *([role] if role != "nobody" else []))
        for answer in ("later", "ask", "keep", "ask"):
            assert client.post(ADDRESS, form_of(doubt, answer)).status_code == status, (role, answer)


def test_those_behind_many_that_are_kept_are_listed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desk.doubts.kinds.MOST_PAIRS", 2)
    person, user = make.make_person("Ann Lee"), make_user("lan", "keeper")
    rows = [
        make.make_affiliation(person, role=f"role {number}", certainty="disputed", note="Two say two things.")
        for number in range(5)
    ]
    kind = DOUBT_KINDS["disputed"]
    models = kind.models(user)
    for doubt in kind.doubts(models, 2):
        answers.keep_both(doubt, user, seen(doubt))
    assert [doubt.first for doubt in kind.doubts(models, 2)] == [rows[2].pk, rows[1].pk]
    assert [(count.number, count.is_more) for count in doubt_counts(user, [kind], 2)] == [(2, True)]


def test_figures_behind_pairs_that_do_not_differ_are_found() -> None:
    event = make.make_event("Harbour Week")
    for number, text in enumerate(
        ["Some 1,200 people came.", "Some 2,100 people came.", "It began in 1901.", "Nine of 9 boats sank."], 1
    ):
        make.cite(EventDescription.objects.create(event=event, text=text), passage(number))
    kind = DOUBT_KINDS["figures"]
    assert len(kind.doubts(list(kind.queries()), 1)) == 1


def test_a_row_that_is_deleted_meanwhile_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = two_roles()
    client, (doubt,) = signed_in("lan", "editor"), doubts("roles")
    real = answers._locked

    def deleted(model: Any, keys: list[int]) -> Any:
        model._base_manager.filter(pk=first.pk).delete()
        return real(model, keys)

    monkeypatch.setattr(answers, "_locked", deleted)
    response = client.post(ADDRESS, form_of(doubt, f"prefer:{second.pk}", "Because."))
    assert response.status_code == 409
    assert "This was settled meanwhile" in response.content.decode()


@pytest.mark.parametrize("change", ["role", "dates", "note", "passage"])
@pytest.mark.parametrize("answer", ["prefer", "keep", "later"])
def test_a_row_that_was_changed_since_the_page_was_opened_is_not_answered_unseen(change: str, answer: str) -> None:
    first, second = two_roles()
    client, (doubt,) = signed_in("lan", "editor"), doubts("roles")
    form = form_of(doubt, f"prefer:{first.pk}" if answer == "prefer" else answer, "The register says so.")
    assert f'name="seen" value="{form["seen"]}"' in client.get(ADDRESS, {"kind": "roles"}).content.decode()
    if change == "passage":
        make.cite(second, passage(3, "He rang the bell."))
    else:
        columns = {"role": {"role": "diver"}, "dates": {"end": "2020"}, "note": {"note": "As the poster has it."}}
        for name, value in columns[change].items():
            setattr(second, name, value)
        second.save()
    response = client.post(ADDRESS, form)
    text = response.content.decode()
    assert response.status_code == 409
    assert "This was settled meanwhile, or one of the rows was changed." in text
    assert 'value="The register says so."' in text
    second.refresh_from_db()
    assert second.certainty == "stated"
    assert not SettledDoubt.objects.exists()
    again = client.post(ADDRESS, {**form, "seen": seen(doubt)})
    assert again.status_code == 302


def test_a_form_without_what_was_seen_settles_nothing() -> None:
    first, _second = two_roles()
    (doubt,) = doubts("roles")
    form = {**form_of(doubt, f"prefer:{first.pk}", "Because."), "seen": ""}
    assert signed_in("lan", "editor").post(ADDRESS, form).status_code == 409


def test_the_reason_stays_in_its_own_field_alone() -> None:
    two_roles(first={"start": "2019"}, second={"role": "pilot", "start": "2020"})
    whole, part = make.make_event("Harbour Week", date="2024-05"), make.make_event("Regatta", date="2024-06-01")
    make.cite(EventPart.objects.create(event=part, parent=whole), passage(3))
    doubt = next(doubt for doubt in doubts("dates") if doubt.second)
    response = signed_in("lan", "editor").post(ADDRESS, form_of(doubt, f"prefer:{doubt.first}"))
    assert response.status_code == 422
    text = response.content.decode()
    assert text.count('aria-describedby="doubt-problems"') == 1
    assert 'id="doubt-problems"' in text


def test_ten_thousand_answers_cost_no_more_queries_and_read_no_more_rows() -> None:
    two_roles()
    user = make_user("lan", "keeper")
    with CaptureQueriesContext(connection) as few:
        doubt_counts(user)
    SettledDoubt.objects.bulk_create(
        SettledDoubt(kind="roles", model="directory.Affiliation", first=number, second=number + 1, answer="keep")
        for number in range(1_000_000, 1_010_000)
    )
    with CaptureQueriesContext(connection) as many:
        counts = {count.kind.key: count.number for count in doubt_counts(user)}
    assert len(many) <= len(few) <= 6
    assert counts["roles"] == 1
