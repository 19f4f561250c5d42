"""Two curators on one row: the later of them sees both versions, and chooses field by field whose value is kept."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.http import QueryDict
from django.test import Client

from base.admin.inline_rows import without_lost_rows
from base.models import FormDraft
from base.records import shown_changes
from directory.models import Affiliation, Person
from events.models import Statement
from reports.models import Report
from tests import factories as make
from tests.curation import change_url, name, opened, with_row

pytestmark = pytest.mark.django_db
REASON = {"change_reason": "Read again."}


@pytest.fixture
def two() -> tuple[Client, Client]:
    """The browsers of two curators, Somchai and Linh."""
    clients = Client(), Client()
    for client, username in zip(clients, ("somchai", "linh"), strict=True):
        client.force_login(User.objects.create_superuser(username))
    return clients


@pytest.fixture
def ann() -> Person:
    """Somebody with two names."""
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    make.make_name(person, "Anna Lee", position=1, status="draft")
    return person


def conflict(response: Any) -> dict[str, tuple[str, str, str]]:
    """Return what the page offers: by the name of the buttons, the saved words, those of this curator, and what is chosen."""
    assert response.status_code == 409
    assert response.templates[0].name == "admin/conflict.html"

    def words(pieces: Any) -> str:
        return "".join(piece.text for piece in pieces)

    choices = [choice for row in response.context["conflict"].rows for choice in row.choices]
    return {each.name: (words(each.theirs), words(each.mine), each.chosen) for each in choices}


def chosen(response: Any, **choices: str) -> dict[str, Any]:
    """Return what the page sends: what is chosen already, and what this curator chooses besides."""
    data: dict[str, Any] = {}
    for field, value in response.context["conflict"].sent:
        data.setdefault(field, []).append(value)
    ready = {field: each[2] for field, each in conflict(response).items() if each[2]}
    return {**data, **ready, **choices}


def both_save(two: tuple[Client, Client], row: Any, first: dict[str, Any], second: dict[str, Any]) -> Any:
    """Open a form in both browsers, save it in the first and then in the second; return the answer to the second."""
    url = change_url(row)
    forms = [opened(client, url) for client in two]
    assert two[0].post(url, {**forms[0], **REASON, **first}).status_code == 302
    return two[1].post(url, {**forms[1], **REASON, **second})


def test_a_field_that_both_changed_is_asked_about_and_the_others_are_chosen(two: Any) -> None:
    body = make.make_organization("A bank")
    theirs, mine = {"wikidata": "Q1", "organization_kind": "company"}, {"wikidata": "Q2", "slug": "the-bank"}
    page = both_save(two, body, theirs, mine)
    assert conflict(page) == {
        "choice-wikidata": ("Q1", "Q2", ""),
        "choice-organization_kind": ("company", "other", "theirs"),
        "choice-slug": ("a-bank", "the-bank", "mine"),
    }
    assert "somchai changed this on" in page.content.decode()
    assert two[1].post(change_url(body), chosen(page, **{"choice-wikidata": "theirs"})).status_code == 302
    body.refresh_from_db()
    assert (body.wikidata, body.organization_kind, body.slug) == ("Q1", "company", "the-bank")


@pytest.mark.parametrize(("seconds", "kinds"), [(3600.0, ["same", "gone"]), (0.0, ["gone"])])
def test_one_time_for_comparing_all_of_a_page(
    two: Any, ann: Person, monkeypatch: pytest.MonkeyPatch, seconds: float, kinds: list[str]
) -> None:
    monkeypatch.setattr(shown_changes, "SECONDS", seconds)
    page = both_save(two, ann, {"names-0-text": "Ann Lee Park"}, {"names-0-text": "Ann Lee Song"})
    assert conflict(page)["choice-names-0-text"][:2] == ("Ann Lee Park", "Ann Lee Song")
    (choice,) = (choice for row in page.context["conflict"].rows for choice in row.choices)
    assert [piece.kind for piece in choice.theirs] == kinds


def test_what_is_not_answered_is_asked_again_by_the_browser_and_mine_is_kept_without_one(two: Any, ann: Person) -> None:
    page = both_save(two, ann, {"wikidata": "Q1"}, {"wikidata": "Q2"})
    assert page.content.decode().count("required") == 2
    assert two[1].post(change_url(ann), chosen(page)).status_code == 302
    ann.refresh_from_db()
    assert ann.wikidata == "Q2"


def test_rows_of_a_record_are_compared_field_by_field(two: Any, ann: Person) -> None:
    page = both_save(
        two,
        ann,
        {"names-0-text": "Anne Lee", "names-1-kind": "variant"},
        {"names-0-text": "Ann Li", "names-0-language": "vi"},
    )
    assert conflict(page) == {
        "choice-names-0-text": ("Anne Lee", "Ann Li", ""),
        "choice-names-0-language": ("en", "vi", "mine"),
        "choice-names-1-kind": ("variant", "official", "theirs"),
    }
    assert two[1].post(change_url(ann), chosen(page, **{"choice-names-0-text": "mine"})).status_code == 302
    assert [(row.text, row.language, row.kind) for row in ann.names.all()] == [
        ("Ann Li", "vi", "official"),
        ("Anna Lee", "en", "variant"),
    ]


def test_rows_that_others_added_stay_and_are_named(two: Any, ann: Person) -> None:
    url = change_url(ann)
    forms = [opened(client, url) for client in two]
    added = with_row(forms[0], "names", **name("แอน ลี", "th", position=2, status="draft"))
    assert two[0].post(url, {**added, **REASON}).status_code == 302
    page = two[1].post(url, with_row(forms[1], "names", **name("An Li", "vi", position=3, status="draft")))
    assert [row.added for row in page.context["conflict"].rows] == [["แอน ลี"]]
    assert two[1].post(url, chosen(page)).status_code == 302
    assert {row.text for row in ann.names.all()} == {"Ann Lee", "Anna Lee", "แอน ลี", "An Li"}


@pytest.mark.parametrize(("choice", "names"), [("gone", ["Ann Lee", "Bo"]), ("anew", ["Ann Lee", "Bo", "Annie Lee"])])
def test_a_row_that_the_other_deleted_stays_deleted_or_is_added_again(
    two: Any, ann: Person, choice: str, names: list[str]
) -> None:
    url = change_url(ann)
    form = with_row(opened(two[1], url), "names", **name("Bo", position=2, status="draft"))
    ann.names.get(text="Anna Lee").delete()
    page = two[1].post(url, {**form, **REASON, "names-1-text": "Annie Lee"})
    [(field, (theirs, mine, ready))] = conflict(page).items()
    assert (field, theirs, ready) == ("choice-names-1", "It stays deleted", "")
    assert mine.startswith("Add it again: Annie Lee")
    assert two[1].post(url, chosen(page, **{field: choice})).status_code == 302
    assert [row.text for row in ann.names.order_by("pk")] == names


def test_a_row_that_the_other_deleted_and_i_left_alone_stays_deleted(two: Any, ann: Person) -> None:
    form = opened(two[1], change_url(ann))
    ann.names.get(text="Anna Lee").delete()
    page = two[1].post(change_url(ann), {**form, "wikidata": "Q1"})
    assert conflict(page)["choice-names-1"][2] == "gone"
    assert two[1].post(change_url(ann), chosen(page)).status_code == 302
    ann.refresh_from_db()
    assert (ann.wikidata, ann.names.count()) == ("Q1", 1)


@pytest.mark.parametrize(("choice", "names"), [("theirs", ["Ann Lee", "Annie Lee"]), ("mine", ["Ann Lee"])])
def test_a_row_that_i_delete_and_the_other_changed_is_asked_about(
    two: Any, ann: Person, choice: str, names: list[str]
) -> None:
    page = both_save(two, ann, {"names-1-text": "Annie Lee"}, {"names-1-DELETE": "on"})
    assert conflict(page) == {"choice-names-1": ("It stays, as it was saved", "It is deleted", "")}
    assert two[1].post(change_url(ann), chosen(page, **{"choice-names-1": choice})).status_code == 302
    assert [row.text for row in ann.names.order_by("pk")] == names


def test_a_row_that_both_delete_is_no_question(two: Any, ann: Person) -> None:
    page = both_save(two, ann, {"names-1-DELETE": "on"}, {"names-1-DELETE": "on", "wikidata": "Q1"})
    assert conflict(page) == {"choice-wikidata": ("", "Q1", "mine")}
    assert two[1].post(change_url(ann), chosen(page)).status_code == 302
    assert ann.names.count() == 1


def test_links_are_told_by_their_words(two: Any, ann: Person) -> None:
    harvard, bank = make.make_organization("Harvard"), make.make_organization("A bank")
    link = make.make_affiliation(ann, harvard, role="chair", passages=[make.make_passage(words="Ann chairs it.")])
    page = both_save(two, link, {"organization": bank.pk}, {"passages": [], "certainty": "inferred", "note": "Why."})
    offered = conflict(page)
    assert offered["choice-organization"] == ("A bank (a-bank)", "Harvard (harvard)", "theirs")
    assert "Ann chairs it." in offered["choice-passages"][0]
    assert offered["choice-passages"][1:] == ("", "mine")
    assert offered["choice-certainty"] == ("stated", "inferred", "mine")
    assert two[1].post(change_url(link), chosen(page)).status_code == 302
    link.refresh_from_db()
    assert (link.organization, link.certainty, link.passages.count()) == (bank, "inferred", 0)
    assert Affiliation.objects.count() == 1


def test_what_the_other_took_away_can_be_kept_away(two: Any, ann: Person) -> None:
    statement = make.make_statement(ann, status="draft", topics=[make.make_topic("Art")])
    page = both_save(two, statement, {"topics": []}, {"role_at_time": "chair"})
    assert conflict(page)["choice-topics"] == ("", "Art (art)", "theirs")
    assert two[1].post(change_url(statement), chosen(page)).status_code == 302
    assert not Statement.objects.get().topics.exists()


def test_a_report_answered_by_two(two: Any) -> None:
    report = Report(record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.")
    report.move_to("open")
    page = both_save(two, report, {"state": "declined", "answer": "No."}, {"state": "accepted", "answer": "Yes."})
    assert conflict(page) == {
        "choice-state": ("declined", "accepted", ""),
        "choice-answer": ("No.", "Yes.", ""),
    }
    data = chosen(page, **{"choice-state": "theirs", "choice-answer": "mine"})
    assert two[1].post(change_url(report), data).status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer) == ("declined", "Yes.")


def test_an_account_and_a_group_are_compared_too(two: Any) -> None:
    account = User.objects.create_user("ann", password="a long enough one", is_staff=True)
    page = both_save(two, account, {"first_name": "Anne"}, {"first_name": "Ann", "last_name": "Lee"})
    assert conflict(page) == {
        "choice-first_name": ("Anne", "Ann", ""),
        "choice-last_name": ("", "Lee", "mine"),
    }
    assert "password" not in dict(page.context["conflict"].sent)
    group = Group.objects.create(name="translators")
    page = both_save(two, group, {"rights": ["passages:view"]}, {"name": "Translators"})
    assert conflict(page)["choice-rights"][2] == "theirs"
    assert two[1].post(change_url(group), chosen(page)).status_code == 302
    group.refresh_from_db()
    assert (group.name, group.permissions.exists()) == ("Translators", True)


def test_who_is_quicker_again_is_compared_again(two: Any, ann: Person) -> None:
    page = both_save(two, ann, {"wikidata": "Q1"}, {"wikidata": "Q2", "slug": "ann-l"})
    data = chosen(page, **{"choice-wikidata": "mine"})
    ann.refresh_from_db()
    ann.wikidata = "Q3"
    ann.save()
    again = two[1].post(change_url(ann), data)
    assert conflict(again)["choice-wikidata"] == ("Q3", "Q2", "")
    ann.refresh_from_db()
    assert ann.wikidata == "Q3"


def test_it_can_be_looked_over_in_the_form_first(two: Any, ann: Person) -> None:
    page = both_save(two, ann, {"wikidata": "Q1"}, {"wikidata": "Q2", "slug": "ann-l"})
    form = two[1].post(change_url(ann), {**chosen(page, **{"choice-wikidata": "theirs"}), "_look": "1"})
    assert form.status_code == 200
    assert "Nothing is saved yet. This is the form with what you chose" in form.content.decode()
    values = form.context["adminform"].form
    assert (values["wikidata"].value(), values["slug"].value()) == ("Q1", "ann-l")
    ann.refresh_from_db()
    assert ann.slug == "ann-lee"


def test_the_button_that_was_pressed_and_what_else_was_typed_go_along(two: Any) -> None:
    draft = make.make_person("Ann Lee", status="draft", passages=[make.make_passage()])
    page = both_save(two, draft, {"wikidata": "Q1"}, {"slug": "ann-l", "_publish": "Save and publish"})
    assert page.context["conflict"].button == "_publish"
    assert 'name="_publish" value="Save and publish"' in page.content.decode()
    two[1].post(change_url(draft), {**chosen(page), "_publish": "1"})
    draft.refresh_from_db()
    assert (draft.status, draft.wikidata, draft.slug) == ("published", "Q1", "ann-l")


def test_what_was_typed_is_kept_until_it_is_saved(two: Any, ann: Person) -> None:
    page = both_save(two, ann, {"wikidata": "Q1"}, {"wikidata": "Q2"})
    assert "wikidata=Q2" in FormDraft.objects.get().data
    two[1].post(change_url(ann), chosen(page, **{"choice-wikidata": "mine"}))
    assert not FormDraft.objects.exists()


@pytest.mark.parametrize(
    "seen",
    [
        "",
        "x",
        "0001-01-01T00:00:00+14:00",
        "2026-01-01T00:00:00+00:00",
        "a b:c",
        "2026-01-01T00:00:00 wikidata:",
        "\x00",
        "é" * 5000,
    ],
)
def test_a_forged_version_is_no_failure(two: Any, ann: Person, seen: str) -> None:
    form = opened(two[1], change_url(ann))
    answer = two[1].post(change_url(ann), {**form, "seen": seen, "names-0-seen": seen, "wikidata": "Q2"})
    assert answer.status_code in (200, 302, 409)


def test_forged_choices_change_nothing_but_the_form_they_name(two: Any, ann: Person) -> None:
    form = opened(two[1], change_url(ann))
    forged = {"choice-names-0": "gone", "choice-names-77": "anew", "choice-names-x": "gone", "choice-status": "theirs"}
    two[1].post(change_url(ann), {**form, **forged, "wikidata": "Q2", "choice-": "theirs"})
    ann.refresh_from_db()
    assert (ann.wikidata, ann.names.count(), ann.status) == ("Q2", 2, "published")


def test_rows_are_numbered_anew_with_their_choices() -> None:
    sent = QueryDict(
        "n-TOTAL_FORMS=4&n-INITIAL_FORMS=3&n-0-id=1&n-0-seen=s&n-0-text=a&n-1-id=2&n-1-text=b&n-2-id=3&n-2-text=c"
        "&n-3-text=new&choice-n-0=anew&choice-n-1=gone&choice-n-2-text=theirs&other=1"
    )
    result = without_lost_rows(sent, "n")
    assert {key: result[key] for key in result} == {
        "n-TOTAL_FORMS": "3",
        "n-INITIAL_FORMS": "1",
        "n-0-id": "3",
        "n-0-text": "c",
        "choice-n-0-text": "theirs",
        "n-1-text": "new",
        "n-2-text": "a",
        "other": "1",
    }
