"""The page “Changes to this record” tells what readers could see change, and nothing of drafts or curators."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from base.admin import publish
from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.reverting import revert
from base.records.withdrawing import publish_together, withdraw_together, withdrawal_of
from directory.models import Person, PersonName
from events.models import Statement
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Person:
    """A public person of whom no history is kept yet, as if loaded from a fixture."""
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    for model in (Person, PersonName):
        model.history.all().delete()
    return Person.objects.get(pk=person.pk)


def blocks(record: Any, query: str = "") -> list[str]:
    """Return what the page says of each change, without markup; what went in [-…-], what came in {+…+}."""
    response = Client().get(f"{record.get_absolute_url()}changes/{query}")
    assert response.status_code == 200
    page = response.content.decode()
    assert "curator" not in page.replace("curators", "")
    texts = []
    for block in re.findall(r"<section>(.*?)</section>", page[page.index('class="history"') :], re.S):
        text = re.sub(r"<del>(.*?)</del>", r"[-\1-]", block)
        text = re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", text)
        text = re.sub(r"<time.*?</time>", "", text)
        texts.append(unescape(" ".join(re.sub(r"<[^>]*>", " ", text).split())))
    return texts


@contextmanager
def by_curator(reason: str = "") -> Iterator[None]:
    user, _made = User.objects.get_or_create(username="curator-zoe", first_name="Zuleika", last_name="Tranovsky")
    with change_set(user, ChangeAction.SAVE, reason):
        yield


def test_words_that_went_and_came_and_why(ann: Person) -> None:
    assert blocks(ann) == []
    with by_curator("Spelled as in the programme."):
        name = ann.names.get()
        name.text = "Ann Li"
        name.save()
        ann.wikidata = "Q1"
        ann.save()
    [text] = blocks(ann)
    assert text.startswith("Spelled as in the programme. Person Wikidata id {+Q1+} Name of a person: Ann Li Text Ann ")
    assert re.search(r"\[-Lee-\] ?\{\+Li\+\}$", text)
    page = Client().get(f"{ann.get_absolute_url()}changes/").content.decode()
    assert "Zuleika" not in page
    assert "Tranovsky" not in page


def test_drafts_are_in_none_of_it(ann: Person) -> None:
    before = Client().get(f"{ann.get_absolute_url()}changes/").content
    with by_curator("Secret reason."):
        draft = make.make_name(ann, "Secret name", status="draft")
        draft.text = "Secret name, changed"
        draft.save()
        make.make_affiliation(ann, make.make_organization("Secret body", status="draft"), role="Secret role")
    assert Client().get(f"{ann.get_absolute_url()}changes/").content == before
    with by_curator("Now shown."):
        draft.status = "published"
        draft.save()
    [text] = blocks(ann)
    assert text.startswith("Now shown. Name of a person added: Secret name, changed")
    assert "Secret reason" not in text


def test_what_a_record_was_as_a_draft_is_nobodys() -> None:
    person = make.make_person("Working title", status="draft")
    with by_curator("A slip."):
        name = person.names.get()
        name.text = "Ann Lee"
        name.save()
    assert Client().get(f"{person.get_absolute_url()}changes/").status_code == 404
    with by_curator("Ready."):
        Person.objects.get().publish()
    [text] = blocks(Person.objects.get())
    assert text == "Ready. Published."


def test_what_is_not_public_any_more_is_not_said_again(ann: Person) -> None:
    with by_curator():
        name = make.make_name(ann, "Slander", passages=[make.make_passage()])
    with by_curator():
        name.text = "Worse slander"
        name.save()
    with by_curator("Nobody calls her so."):
        name.delete()
    texts = blocks(ann)
    assert texts == [
        "Nobody calls her so. Name of a person taken away: not public any more",
        "Name of a person: not public any more",
        "Name of a person added: not public any more",
    ]


def test_links_to_drafts_are_left_out() -> None:
    statement = make.make_statement()
    shown, hidden = make.make_topic("Shown"), make.make_topic("Hidden", status="draft")
    with by_curator():
        statement.topics.add(shown, hidden)
    with by_curator("Only a draft."):
        statement.topics.remove(hidden)
    texts = blocks(statement)
    assert texts[0] == "Statement Topics {+Shown+}"
    assert "draft" not in " ".join(texts)


def test_withdrawn_and_published_again(ann: Person) -> None:
    withdraw_together([ann], "Private.", None)
    gone = Client().get(f"{ann.get_absolute_url()}changes/")
    assert gone.status_code == 410
    assert "Private." in gone.content.decode()
    with by_curator("While it was hidden."):
        name = ann.names.get()
        name.note = "Hidden note."
        name.save()
    withdrawal = withdrawal_of(ann)
    if withdrawal is None:
        ann = Person.objects.get()
        ann.status = "published"
        ann.save()
    else:
        publish_together(withdrawal)
    text = " ".join(blocks(Person.objects.get()))
    assert "Published." in text
    assert "Withdrawn." in text
    assert "Hidden note." not in text
    assert "While it was hidden." not in text


def test_a_merged_record_leads_to_the_other_one(ann: Person) -> None:
    other = make.make_person("Ann B. Lee")
    merge(ann, other, reason="One and the same.")
    answer = Client().get("/th/people/ann-lee/changes/")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/th/people/ann-b-lee/changes/")
    texts = blocks(other)
    assert texts[0].startswith("One and the same. Name of a person added: Ann Lee")
    assert Client().get("/people/nobody/changes/").status_code == 404
    revert(ChangeSet.objects.get(), None, "Two people.")
    assert blocks(other)[0] == "Two people. Name of a person taken away: Ann Lee Text [-Ann Lee-] Language [-English-]"


def test_a_renamed_record_leads_to_its_page(ann: Person) -> None:
    ann.slug = "ann-li"
    ann.save()
    assert Client().get("/people/ann-lee/changes/").headers["Location"] == "/people/ann-li/changes/"


def test_every_language_and_the_link_from_the_record(ann: Person) -> None:
    for prefix in ("", "/th", "/vi"):
        page = Client().get(f"{prefix}/people/ann-lee/").content.decode()
        assert f'href="{prefix}/people/ann-lee/changes/"' in page
        answer = Client().get(f"{prefix}/people/ann-lee/changes/")
        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"] == "noindex"


def test_it_is_asked_for_again(ann: Person) -> None:
    address = "/people/ann-lee/changes/"
    tag = Client().get(address).headers["ETag"]
    with CaptureQueriesContext(connection) as queries:
        again = Client().get(address, headers={"If-None-Match": tag})
    assert (again.status_code, len(queries)) == (304, 1)
    with by_curator():
        ann.wikidata = "Q1"
        ann.save()
    assert Client().get(address, headers={"If-None-Match": tag}).status_code == 200


def test_many_changes_are_paged_and_cost_no_query_each(ann: Person) -> None:
    def change(count: int) -> None:
        for number in range(count):
            with by_curator(f"Reason {number}."):
                ann.wikidata = f"Q{Person.history.count() + 1}"
                ann.save()

    address = f"{ann.get_absolute_url()}changes/"
    change(3)
    Client().get(address)
    with CaptureQueriesContext(connection) as of_three:
        Client().get(f"{address}?before=2999-01-01T00:00:00Z")
    change(27)
    with CaptureQueriesContext(connection) as of_thirty:
        page = Client().get(f"{address}?before=2998-01-01T00:00:00Z").content.decode()
    assert len(of_thirty) <= len(of_three) + 9, "a second page is read to see whether there is one"
    older = re.search(r'href="(\?before=[^"]+)"', page)
    assert older is not None
    assert len(blocks(ann)) == 20
    assert len(blocks(ann, older[1])) == 10
    assert "Older" not in Client().get(f"{address}{older[1]}").content.decode()
    for text in ("x", "2026-01-01", "%00", "9" * 300):
        assert Client().get(f"{address}?before={text}").status_code in (400, 404)


def test_statements_show_their_wordings() -> None:
    statement = make.make_statement(wording="More films should be made.")
    with by_curator("Misread."):
        wording = statement.wordings.get()
        wording.text = "More films should be shown."
        wording.save()
    text = blocks(statement)[0]
    assert re.search(r"Misread\. Wording: .* Text More films should be \[-made-\] ?\{\+shown\+\}\.$", text)
    assert Statement.objects.count() == 1


def test_what_an_editor_answers_to_who_submitted_it_is_for_curators(ann: Person) -> None:
    spelling = make.make_name(ann, "Ann Li", status="draft", passages=[make.make_passage()])
    user = User.objects.create_user("editor")
    with change_set(user, ChangeAction.REVIEW, "Well done, Mai; the minister rang."):
        spelling.status = "published"
        spelling.save()
    [text] = blocks(ann)
    assert text.startswith("Name of a person added: Ann Li")


def test_the_article_from_which_a_record_was_published_is_not_named(ann: Person) -> None:
    draft = make.make_person("Bo Lin", status="draft", passages=[make.make_passage()])
    with change_set():
        publish(draft, "Made at the desk from ¶3 of secret-article")
    [text] = blocks(Person.objects.get(pk=draft.pk))
    assert text == "Published."
    reasons = set(Person.history.filter(id=draft.pk).values_list("history_change_reason", flat=True))
    assert "Made at the desk from ¶3 of secret-article" in reasons


def test_what_lies_behind_many_changes_that_nobody_saw_is_still_reached(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.records.public_history.PAGES_READ", 1)
    with by_curator("Long ago."):
        ann.wikidata = "Q1"
        ann.save()
    draft = make.make_name(ann, "Secret name", status="draft")
    for number in range(45):
        with by_curator("Secret reason."):
            draft.text = f"Secret name {number}"
            draft.save()
    address, query, seen = f"{ann.get_absolute_url()}changes/", "", []
    for _page in range(10):
        page = Client().get(f"{address}{query}").content.decode()
        assert "Secret" not in page
        assert "Nothing was changed" not in page  # as far as was read, which is not all
        seen += blocks(ann, query)
        older = re.search(r'href="(\?before=[^"]+)"', page)
        if older is None:
            break
        query = older[1]
    assert seen == ["Long ago. Person Wikidata id {+Q1+}"]


def test_ten_thousand_changes_cost_no_more_queries(ann: Person) -> None:
    version = Person.history.model
    with by_curator("The first."):
        ann.wikidata = "Q0"
        ann.save()
    address = f"{ann.get_absolute_url()}changes/"
    Client().get(address)
    with CaptureQueriesContext(connection) as few:
        Client().get(f"{address}?before=2999-01-01T00:00:00Z")
    now = timezone.now()
    columns = {field.attname: getattr(ann, field.attname) for field in version.tracked_fields}
    version.objects.bulk_create(
        version(
            **{**columns, "wikidata": f"Q{number}"},
            history_date=now + datetime.timedelta(seconds=number),
            history_type="~",
        )
        for number in range(1, 10_001)
    )
    with CaptureQueriesContext(connection) as many:
        page = Client().get(f"{address}?before=2998-01-01T00:00:00Z").content.decode()
    assert page.count("<section>") == 20
    assert "{+" not in page
    assert len(many) <= len(few) + 9, "a second page is read to see whether there is one"


def test_old_versions_without_a_change_set_are_grouped_by_their_second(ann: Person) -> None:
    ann.wikidata = "Q1"
    ann.save()
    spelling = ann.names.get()
    spelling.text = "Ann Li"
    spelling.save()
    moment = timezone.now() - datetime.timedelta(minutes=5)
    Person.history.update(history_date=moment, change_set=None, history_change_reason="Secret reason.")
    PersonName.history.update(history_date=moment, change_set=None, history_change_reason="Secret reason.")
    [text] = blocks(ann)
    assert "Wikidata id {+Q1+}" in text
    assert "Ann Li" in text
    assert "Secret" not in text
