"""One history of a record with its names, links and wordings, and the page on which a change set is undone."""

from __future__ import annotations

import datetime
import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.record_history import history_page
from base.text.moments import moment_in
from directory.models import Person, PersonName, Topic
from events.models import Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import change_url, errors, messages, name, opened, url_of, with_row

pytestmark = pytest.mark.django_db


def text_of(response: Any) -> str:
    """Return what a page says, without markup; what went in [-…-], what came in {+…+}."""
    page = response.content.decode()
    page = page[page.index('id="content-main"') :]
    page = re.sub(r"<del>(.*?)</del>", r"[-\1-]", page)
    page = re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", page)
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", page).split()))


def undo_page(act: ChangeSet) -> str:
    return reverse("admin:change_set", args=[act.pk])


def blocks(page: Any) -> list[str]:
    """Return the blocks of a history page as text."""
    parts = re.findall(r"<section>(.*?)</section>", page.content.decode(), re.S)
    return [text_of(type("Part", (), {"content": f'id="content-main"{part}'.encode()})) for part in parts]


def test_a_save_of_many_rows_is_one_block_that_shows_words(admin_client: Client) -> None:
    statement = make.make_statement(wording="More films should be made.", topics=[make.make_topic("Training")])
    wording = statement.wordings.get()
    user = User.objects.get(username="admin")
    user.first_name, user.last_name = "Mai", "Tran"
    user.save()
    with change_set(user, ChangeAction.SAVE, "Read again."):
        statement.save()
        wording.text = "Many films should be shown."
        wording.save()
        statement.topics.clear()
        statement.save()
    page = admin_client.get(url_of(Statement, "history", statement.pk))
    newest, *_older = blocks(page)
    assert "Mai Tran" in newest
    assert "saved" in newest
    assert "Read again." in newest
    assert re.search(r"\[-More-\] ?\{\+Many\+\} films should be \[-made-\] ?\{\+shown\+\}\.", newest)
    assert "Topics [-Training-]" in newest
    assert "style=" not in page.content.decode()
    assert len(blocks(page)) <= 3, "the versions that making it wrote are grouped by their second"


def test_saves_that_changed_nothing_are_not_shown(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    PersonName.history.all().delete()
    Person.history.all().delete()
    for _number in range(3):
        with change_set():
            person.save()
    page = admin_client.get(url_of(Person, "history", person.pk))
    assert blocks(page) == []
    assert "Nothing was changed since it was made or loaded." in text_of(page)


def test_thai_words_are_never_cut_inside_a_letter(admin_client: Client) -> None:
    person = make.make_person("น้ำใส", "th")
    with change_set():
        spelling = person.names.get()
        spelling.text = "น้ำใจ"
        spelling.save()
    newest, *_older = blocks(admin_client.get(url_of(Person, "history", person.pk)))
    assert re.search(r"น้ำ ?\[-ใส-\] ?\{\+ใจ\+\}", newest)


def test_a_united_row_says_with_whom(admin_client: Client) -> None:
    loser, winner = make.make_person("Ann Lee"), make.make_person("Ann B. Lee")
    statement = make.make_statement(loser)
    merge(loser, winner, reason="The same.")
    page = text_of(admin_client.get(url_of(Person, "history", loser.pk)))
    assert "Merged into {+Ann B. Lee+}" in page
    assert "Deleted person" not in page
    newest, *_older = blocks(admin_client.get(url_of(Statement, "history", statement.pk)))
    assert "united" in newest
    assert "Speaker [-ann-lee-]{+Ann B. Lee+}" in newest, "the double has no name of its own any more"


def test_ten_thousand_versions_are_paged(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    version = Person.history.model
    Person.history.all().delete()
    now = timezone.now()
    columns = {field.attname: getattr(person, field.attname) for field in version.tracked_fields}
    version.objects.bulk_create(
        version(
            **{**columns, "wikidata": f"Q{number}"},
            history_date=now + datetime.timedelta(seconds=number),
            history_type="~",
            history_change_reason=f"Change {number}.",
        )
        for number in range(10_000)
    )
    seen: list[str] = []
    url = url_of(Person, "history", person.pk)
    with CaptureQueriesContext(connection) as queries:
        page = admin_client.get(url)
    for _page in range(3):
        seen += re.findall(r"Change (\d+)\.", page.content.decode())
        older = re.search(r'href="\?before=([^"]+)"', page.content.decode())
        assert older is not None
        page = admin_client.get(f"{url}?before={older[1]}")
    assert [int(each) for each in seen] == list(range(9999, 9999 - 60, -1))
    few = make.make_person("Few")
    with CaptureQueriesContext(connection) as of_few:
        admin_client.get(url_of(Person, "history", few.pk))
    assert len(queries) <= len(of_few) + 3


def test_saves_of_two_curators_at_once_are_all_on_some_page() -> None:
    person = make.make_person("Ann Lee")
    users = [User.objects.create_user(name) for name in ("one", "two")]
    version = Person.history.model
    Person.history.update(history_date=timezone.now() - datetime.timedelta(days=1))
    PersonName.history.update(history_date=timezone.now() - datetime.timedelta(days=1))
    now = timezone.now().replace(microsecond=0)
    columns = {field.attname: getattr(person, field.attname) for field in version.tracked_fields}
    for number in range(40):
        version.objects.create(
            **{**columns, "wikidata": f"Q{number}"},
            history_date=now + datetime.timedelta(milliseconds=number * 50),
            history_user=users[number % 2],
            history_type="~",
        )
    before, seen = None, 0
    for _page in range(10):
        page = history_page(Person, person.pk, before=before, most=1)
        seen += sum(stub.at >= now for save in page.saves for stub in save.stubs)
        before = page.older
        if before is None:
            break
    assert seen == 40


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-01T07:30:00+07:00", datetime.datetime(2026, 1, 1, 0, 30, tzinfo=datetime.UTC)),
        ("2026-01-01T00:30:00Z", datetime.datetime(2026, 1, 1, 0, 30, tzinfo=datetime.UTC)),
        ("2026-01-01T00:30:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        ("\0", None),
    ],
)
def test_a_moment_is_read_in_one_way(text: str, moment: datetime.datetime | None) -> None:
    assert moment_in(text) == moment


def test_a_bad_moment_in_the_address_is_the_first_page(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    for text in ("x", "2026", "2026-01-01", "%00", "9" * 400):
        status = admin_client.get(url_of(Person, "history", person.pk) + f"?before={text}").status_code
        assert status in (200, 400), text


def test_a_deleted_row_still_has_its_history(admin_client: Client) -> None:
    topic = make.make_topic("Training", status="draft")
    pk = topic.pk
    with change_set():
        topic.delete()
    page = admin_client.get(url_of(Topic, "history", pk))
    assert page.status_code == 200
    assert "deleted" in blocks(page)[0]
    assert admin_client.get(url_of(Topic, "history", pk + 1000)).status_code == 404


# Undoing ------------------------------------------------------------------------------------------------------------------
def test_a_whole_save_is_undone_from_its_page(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    data = {
        **opened(admin_client, change_url(person)),
        "wikidata": "Q1",
        "names-0-text": "Ann Li",
        "change_reason": "Why.",
    }
    assert admin_client.post(change_url(person), data).status_code == 302
    act = ChangeSet.objects.get()
    page = admin_client.get(url_of(Person, "history", person.pk))
    assert undo_page(act) in page.content.decode()
    shown = text_of(admin_client.get(undo_page(act)))
    assert "{+Q1+}" in shown
    assert re.search(r"Ann \[-Lee-\] ?\{\+Li\+\}", shown)
    refused = admin_client.post(undo_page(act), {"reason": ""})
    assert refused.status_code == 422
    response = admin_client.post(undo_page(act), {"reason": "By mistake."}, follow=True)
    assert messages(response) == ["It is undone. What was done is on this page, and can be undone too."]
    person.refresh_from_db()
    assert (person.wikidata, person.name) == ("", "Ann Lee")
    undone = ChangeSet.objects.first()
    assert (undone.user.username, undone.reason, undone.reverts) == ("admin", "By mistake.", act)
    assert "Undone on" in text_of(admin_client.get(url_of(Person, "history", person.pk)))
    assert "Nothing of it is left to undo." in text_of(admin_client.get(undo_page(act)))


def test_one_line_is_undone_from_the_history(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    with change_set():
        person.wikidata = "Q1"
        person.save()
        spelling = person.names.get()
        spelling.language = "vi"
        spelling.save()
    page = admin_client.get(url_of(Person, "history", person.pk)).content.decode()
    link = next(link for link in re.findall(r'href="(/admin/changes/[^"]+line=[^"]+)"', page) if "language" in link)
    asked = admin_client.get(link)
    assert "Q1" not in text_of(asked)
    line = re.search(r'name="line" value="([^"]+)"', asked.content.decode())
    assert line is not None
    admin_client.post(link, {"reason": "It is English.", "line": line[1]})
    person.refresh_from_db()
    assert (person.wikidata, person.names.get().language) == ("Q1", "en")


def test_what_stands_in_the_way_is_asked_about(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    with change_set():
        person.wikidata = "Q1"
        person.save()
        make.make_name(person, "A. Lee", passages=[make.make_passage()])
    act = ChangeSet.objects.get()
    person.refresh_from_db()
    person.wikidata = "Q2"
    person.save()
    page = admin_client.get(undo_page(act))
    assert "Wikidata id: it was changed again since." in text_of(page)
    refused = admin_client.post(undo_page(act), {"reason": "No."})
    assert refused.status_code == 409
    assert person.names.count() == 2
    keep = re.search(r'name="keep" value="([^"]+)"', page.content.decode())
    assert keep is not None
    assert admin_client.post(undo_page(act), {"reason": "No.", "keep": keep[1]}).status_code == 302
    person.refresh_from_db()
    assert (person.wikidata, person.names.count()) == ("Q2", 1)


def test_only_who_might_have_done_it_may_undo_it(client: Client) -> None:
    person, draft = make.make_person("Ann Lee"), make.make_person("Draft", status="draft")
    with change_set():
        person.wikidata = "Q1"
        person.save()
    public = ChangeSet.objects.first()
    with change_set():
        draft.wikidata = "Q1"
        draft.save()
    of_draft = ChangeSet.objects.first()
    loser, winner = make.make_person("One"), make.make_person("Two")
    merge(loser, winner, reason="The same.")
    merger = ChangeSet.objects.first()
    outcomes = {}
    for role in ("contributor", "editor", "keeper"):
        make_user(role, role)
        client.force_login(User.objects.get(username=role))
        for label, act in (("draft", of_draft), ("public", public), ("merger", merger)):
            assert client.get(undo_page(act)).status_code == 200
            outcomes[role, label] = client.post(undo_page(act), {"reason": "", "keep": "x"}).status_code
    assert outcomes == {
        ("contributor", "draft"): 422,
        ("contributor", "public"): 403,
        ("contributor", "merger"): 403,
        ("editor", "draft"): 422,
        ("editor", "public"): 422,
        ("editor", "merger"): 403,
        ("keeper", "draft"): 422,
        ("keeper", "public"): 422,
        ("keeper", "merger"): 422,
    }


def test_forged_forms_change_nothing(admin_client: Client) -> None:
    person = make.make_person("Ann Lee")
    with change_set():
        person.wikidata = "Q1"
        person.save()
    act = ChangeSet.objects.get()
    assert admin_client.get("/admin/changes/999999/").status_code == 404
    assert admin_client.get(f"/admin/changes/{'9' * 30}/").status_code == 404
    for line in ("", "x", "directory.Person:1", "nothing.Nothing:1:a", f"directory.Person:{'9' * 30}:wikidata"):
        answer = admin_client.post(undo_page(act), {"reason": "No.", "line": line})
        assert answer.status_code == 409, line
    assert Person.objects.get().wikidata == "Q1"
    assert ChangeSet.objects.count() == 1


# The reason ---------------------------------------------------------------------------------------------------------------
def test_a_reason_is_asked_where_words_change_that_readers_see(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    url = change_url(person)
    changed = {**opened(admin_client, url), "names-0-text": "Ann Li"}
    [refused] = errors(admin_client.post(url, changed))[""]
    assert refused == "Readers see these words (Text). Say under “Reason for this change” why they are others now."
    assert person.names.get().text == "Ann Lee"
    again = admin_client.post(url, changed)
    assert 'value="Ann Li"' in again.content.decode(), "what was typed is still there"
    assert admin_client.post(url, {**changed, "change_reason": "Misread."}).status_code == 302
    assert ChangeSet.objects.get().reason == "Misread."


def test_no_reason_is_asked_for_what_readers_do_not_see_or_what_is_new(admin_client: Client) -> None:
    passage = make.make_passage()
    person = make.make_person("Ann Lee", passages=[passage])
    draft = make.make_person("Bo Lee", status="draft", passages=[passage])
    data = {**opened(admin_client, change_url(draft)), "names-0-text": "Bo Li"}
    assert admin_client.post(change_url(draft), data).status_code == 302
    added = with_row(
        opened(admin_client, change_url(person)), "names", **name("A. Lee", passages=[passage.pk], position=1)
    )
    assert admin_client.post(change_url(person), added).status_code == 302
    data = {**opened(admin_client, change_url(person)), "wikidata": "Q1"}
    assert admin_client.post(change_url(person), data).status_code == 302
    taken = {**opened(admin_client, change_url(person)), "names-1-DELETE": "on"}
    assert "Readers see these words" in errors(admin_client.post(change_url(person), taken))[""][0]
    assert person.names.count() == 2
