"""Where two people are needed, nobody publishes what they changed or submitted themselves, at whichever door they try."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from base.records.submissions import ReviewState
from desk.fields import value_of_record
from directory.models import Affiliation, Person, PersonName
from tests import factories as make
from tests.curation import change_url, errors, name, opened, with_row
from tests.curation import url_of as admin_url
from tests.desk.articles import english
from tests.desk.test_name_cards import as_opened, open_card
from tests.review.article import browser, make_work, press, submit, url_of

pytestmark = pytest.mark.django_db
TWO = "Two people are needed here"


@pytest.fixture(autouse=True)
def review_by_two(settings: Any) -> None:
    """Switch the rule on."""
    settings.REVIEW_BY_TWO = True


def draft_person(client: Client, text: str = "Ola Brun") -> Person:
    """Make a draft of a person, as the form does."""
    url = reverse("admin:directory_person_add")
    data = with_row(opened(client, url), "names", **name(text, certainty="inferred", note="Ours."))
    response = client.post(url, data)
    assert response.status_code == 302, errors(response)
    return Person.objects.get(name=text)


def status_of(row: Any) -> str:
    """Return the status in the database."""
    return str(type(row)._base_manager.get(pk=row.pk).status)


def publish_by_button(client: Client, row: Any) -> Any:
    """Press “Save and publish” on the form."""
    url = change_url(row)
    return client.post(url, {**opened(client, url), "_publish": "1"}, follow=True)


def test_who_made_a_draft_does_not_publish_it_by_the_form_but_somebody_else_does() -> None:
    lan, kai = browser("lan", "editor"), browser("kai", "editor")
    person = draft_person(lan)
    assert TWO in publish_by_button(lan, person).content.decode()
    assert status_of(person) == "draft"
    publish_by_button(kai, person)
    assert status_of(person) == "published"


def test_who_changed_a_name_of_it_counts_too() -> None:
    lan, kai = browser("lan", "editor"), browser("kai", "editor")
    person = draft_person(lan)
    row = person.names.get()
    url = change_url(row)
    assert kai.post(url, {**opened(kai, url), "note": "Ours too."}).status_code == 302
    assert TWO in publish_by_button(kai, person).content.decode()
    assert status_of(person) == "draft"


def test_the_action_of_the_list_asks_too() -> None:
    lan = browser("lan", "editor")
    person = draft_person(lan)
    data = {"action": "publish_selected", "_selected_action": [person.pk]}
    response = lan.post(admin_url(Person, "changelist"), data, follow=True)
    assert TWO in response.content.decode()
    assert status_of(person) == "draft"


def test_who_submitted_it_does_not_publish_it_even_if_others_made_it() -> None:
    work = make_work()
    kai = browser("kai", "editor")
    submission = submit(kai, work.source)
    page = kai.get(url_of(submission)).content.decode()
    assert TWO in page
    press(kai, submission, "publish")
    assert work.statuses() == {"draft"}
    assert press(kai, submission, "date", moment="2099-01-01T08:00").status_code == 409
    assert TWO in publish_by_button(kai, work.topic).content.decode()
    press(work.lan, submission, "publish")
    assert work.statuses() == {"published"}


def test_an_editor_publishes_what_others_made_and_nobody_what_is_their_own() -> None:
    work = make_work()
    own = make.make_statement(
        work.person, passages=[make.make_passage(work.source, "The towns agreed.")], status="draft"
    )
    version = own.history.first()
    version.history_user = work.editor
    version.save()
    submission = submit(work.mai, work.source)
    press(work.lan, submission, "publish")
    assert work.statuses() == {"published"}
    assert status_of(own) == "draft"
    submission.refresh_from_db()
    assert submission.state == ReviewState.WAITING
    press(browser("kai", "editor"), submission, "publish")
    assert status_of(own) == "published"


def test_a_new_public_name_of_a_public_record_is_a_draft_first() -> None:
    lan, kai = browser("lan", "editor"), browser("kai", "editor")
    person = make.make_person("Ines Aldana", passages=[make.make_passage()])
    url = change_url(person)
    new = name("Inés Aldana", "es", certainty="inferred", note="Ours.", position=1)
    response = lan.post(url, with_row(opened(lan, url), "names", **new))
    assert TWO in " ".join(errors(response)[""])
    assert PersonName.objects.count() == 1
    assert lan.post(url, with_row(opened(lan, url), "names", **{**new, "status": "draft"})).status_code == 302
    row = PersonName.objects.get(text="Inés Aldana")

    page = change_url(row)
    assert TWO in " ".join(errors(lan.post(page, {**opened(lan, page), "status": "published"}))[""])
    assert status_of(row) == "draft"
    changed = {**opened(kai, page), "status": "published", "note": "Mine."}
    assert TWO in " ".join(errors(kai.post(page, changed))[""])
    assert kai.post(page, {**opened(kai, page), "status": "published"}).status_code == 302
    assert status_of(row) == "published"


def test_what_is_public_is_corrected_as_before() -> None:
    lan = browser("lan", "editor")
    person = make.make_person("Ines Aldana", passages=[make.make_passage()])
    url = change_url(person.names.get())
    changed = {**opened(lan, url), "text": "Ines Aldana Ruiz", "change_reason": "Her whole name."}
    assert lan.post(url, changed).status_code == 302
    assert PersonName.objects.get().text == "Ines Aldana Ruiz"


def test_a_row_is_not_brought_before_readers_by_moving_it_to_a_public_record() -> None:
    lan = browser("lan", "editor")
    person = make.make_person("Ines Aldana", passages=[make.make_passage()])
    draft = make.make_person("Ines Ruiz", status="draft", passages=[make.make_passage()])
    url = change_url(draft.names.get())
    assert TWO in " ".join(errors(lan.post(url, {**opened(lan, url), "person": person.pk}))[""])
    assert PersonName.objects.get(text="Ines Ruiz").person == draft
    changed = {**opened(lan, url), "text": "Ines Ruíz"}
    assert lan.post(url, changed).status_code == 302, "a name of a draft is nothing that readers see"


def test_who_withdrew_it_does_not_publish_it_again_alone() -> None:
    keeper, kai = browser("ada", "keeper"), browser("kai", "keeper")
    source = make.make_source("Forged")
    statement = make.make_statement(passages=[make.make_passage(source, "Words.")])
    page = f"{admin_url(type(source), 'withdrawal')}?rows={source.pk}"
    shown = keeper.get(page)
    data = {
        "_selected_action": [source.pk],
        "confirmed": "yes",
        "expected": shown.context["digest"],
        "reason": "Forged.",
    }
    assert keeper.post(page, data).status_code == 302
    assert status_of(statement) == "withdrawn"
    again = admin_url(type(source), "republication", source.pk)
    assert TWO in keeper.post(again, follow=True).content.decode()
    assert status_of(statement) == "withdrawn"
    kai.post(again)
    assert (status_of(source), status_of(statement)) == ("published", "published")


def test_the_cards_of_the_desk_make_drafts() -> None:
    article = english()
    lan = browser("lan", "editor")
    answer = open_card(lan, article, "Tomas Reka")
    saved = lan.post(article.url("name"), as_opened(answer, action="publish"))
    assert saved.status_code == 422
    assert TWO in saved.content.decode()
    make.make_person("Tomas Reka")
    data = as_opened(open_card(lan, article, "pilot of the port of Sond", "role"))
    person = value_of_record(article.speaker)
    for action in ("save", "publish"):
        sent = {
            **data,
            "person": person,
            "organization": value_of_record(article.body),
            "role": action,
            "action": action,
        }
        assert lan.post(article.url("role"), sent).status_code == 200
        assert Affiliation.objects.get(role=action).status == "draft"


def test_the_list_of_what_can_be_published_asks_too() -> None:
    work = make_work()
    spelling = make.make_name(
        work.person, "Mira Holm Olen", status="draft", passages=[make.make_passage(work.source, "The towns agreed.")]
    )
    for version in spelling.history.all():
        version.history_user = work.editor
        version.save()
    url = reverse("admin:desk_publish", args=[work.source.slug])
    rows = [work.source, work.person, work.organization, work.event, spelling]
    names = [f"{row._meta.label_lower}:{row.pk}" for row in rows]
    text = work.lan.post(url, {"record": names}).content.decode()
    assert TWO in text
    assert [status_of(row) for row in rows] == ["published", "published", "published", "published", "draft"]
    browser("kai", "editor").post(url, {"record": names})
    assert status_of(spelling) == "published"


def test_without_the_rule_one_person_is_enough(settings: Any) -> None:
    settings.REVIEW_BY_TWO = False
    lan = browser("lan", "editor")
    person = draft_person(lan)
    publish_by_button(lan, person)
    assert status_of(person) == "published"
