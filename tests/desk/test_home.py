"""The first page says what waits: articles in work, drafts, reports, the last changes; nothing a curator may not see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from base.records.change_sets import ChangeAction, change_set
from desk.last_changes import last_changes
from desk.open_proposals import open_proposals
from directory.models import Passage, Source
from reports.models import Report
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import english

pytestmark = pytest.mark.django_db


def signed_in(name: str, *groups: str) -> Client:
    """Return a browser in which an account of these groups is signed in."""
    client = Client()
    client.force_login(make_user(name, *groups, first_name=name.title()))
    return client


def home(client: Client) -> Any:
    """Open the first page."""
    response = client.get(reverse("admin:index"))
    assert response.status_code == 200
    return response


def add_work(number: int) -> None:
    """Add an article in work with two draft statements, a public one, a draft of a person and an open report."""
    source = make.make_source(f"Tides {number}", text=f"One {number}.\nTwo {number}.\nThree.\n", status="draft")
    make.make_source(f"Settled {number}")
    for words in (f"One {number}.", f"Two {number}."):
        statement = make.make_statement(speaker_label="a pilot", status="draft")
        make.cite(statement, make.make_passage(source, words))
    make.make_person(f"Ann Lee {number}", status="draft")
    report = Report(record_kind="person", record_id="x", record_path="/people/x/", message=f"Wrong {number}.")
    report.move_to("open")


def test_articles_in_work_are_told_with_statements_paragraphs_and_problems() -> None:
    add_work(1)
    old = make.make_source("Published long ago", text="A.\nB.\n")
    make.cite(make.make_statement(speaker_label="a pilot", status="draft"), make.make_passage(old, "A."))
    Passage.objects.filter(source=old).update(check_state="changed")
    response = home(signed_in("lan", "editor"))
    articles = {article.source.title: article for article in response.context["articles"]}
    assert set(articles) == {
        "Tides 1",
        "Published long ago",
        "An article",
    }  # the last holds what statements of tests say
    tides, again = articles["Tides 1"], articles["Published long ago"]
    assert (tides.statements, tides.draft_statements, tides.cited_paragraphs, tides.paragraphs) == (2, 2, 2, 3)
    assert (again.changed_passages, again.draft_statements) == (1, 1)
    text = response.content.decode()
    assert "2 of 3 paragraphs are cited" in text
    assert "1 passage no longer matches its text" in text
    assert "Settled 1" not in text.partition("Last changes")[0]


def test_a_public_article_on_which_somebody_works_now_stands_before_many_drafts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desk.articles_in_work.MOST_ARTICLES", 2)
    old = make.make_source("Published long ago", text="A.\nB.\n")
    for number in range(8):
        make.make_source(f"Draft {number}", text="A.\n", status="draft")
    Source.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=900))
    make.make_statement(speaker_label="a pilot", passages=[make.make_passage(old, "A.")], status="draft")
    titles = [article.source.title for article in home(signed_in("lan", "editor")).context["articles"]]
    assert titles == ["Published long ago", "Draft 7"]


def test_what_a_curator_may_see_is_found_behind_many_changes_of_other_kinds() -> None:
    with change_set(None, ChangeAction.SAVE):
        make.make_source("Tides")
    for number in range(20):
        with change_set(None, ChangeAction.SAVE):
            make.make_topic(f"Topic {number}")
    user = make_user("reader")
    user.user_permissions.add(Permission.objects.get(codename="view_source"))
    assert [line.label for line in last_changes(User.objects.get(pk=user.pk))] == ["Tides"]


def test_drafts_reports_and_changes_lead_where_they_are_settled() -> None:
    add_work(1)
    response = home(signed_in("lan", "editor"))
    text = response.content.decode()
    drafts = {draft.url: draft.number for draft in response.context["drafts"]}
    assert drafts[reverse("admin:events_statement_changelist") + "?status__exact=draft"] == 2
    assert drafts[reverse("admin:directory_person_changelist") + "?status__exact=draft"] == 1
    assert reverse("admin:reports_report_change", args=[Report.objects.get().pk]) in text
    assert "Wrong 1." in text
    assert {change.label for change in response.context["changes"]} >= {"statements"}


def test_what_a_curator_may_not_see_is_not_there() -> None:
    add_work(1)
    text = home(signed_in("mai", "contributor")).content.decode()
    assert "Wrong 1." not in text
    assert reverse("admin:reports_report_changelist") not in text
    assert "New article" in text
    bare = home(signed_in("reader"))
    assert (bare.context["articles"], bare.context["drafts"], bare.context["changes"]) == ([], None, [])
    assert "New article" not in bare.content.decode()


def test_one_work_is_one_line() -> None:
    client = signed_in("lan", "editor")
    for number in range(3):
        make.make_person(f"Ann Lee {number}")
    changes = home(client).context["changes"]
    assert [(change.number, change.label, str(change.done)) for change in changes] == [(3, "people", "added")]


def test_the_first_page_costs_the_same_however_much_waits(queries: Any) -> None:
    client = signed_in("lan", "keeper")
    home(client)  # what a process reads once is read
    for number in range(1, 9):
        add_work(number)
        if number in (4, 8):  # of fewer the last changes are of other kinds, each with a query for its names
            with queries("/admin/"):
                home(client)


def test_what_is_to_settle_is_counted_and_leads_to_its_list() -> None:
    person = make.make_person("Ann Lee")
    make.make_person("ANN LEE")
    make.make_affiliation(person, role="pilot", certainty="disputed", note="Two say two things.")
    make.make_affiliation(person, role="diver", certainty="inferred", note="From the photograph.")
    response = home(signed_in("lan", "editor"))
    counts = {count.kind.key: count.number for count in response.context["doubts"]}
    assert counts == {"disputed": 1, "doubles": 1}
    text = response.content.decode()
    assert f"{reverse('admin:desk_doubts')}?kind=doubles" in text
    assert "Doubts 2" in text
    assert "Doubts" not in home(signed_in("reader")).content.decode()


def test_a_change_set_is_one_line_that_leads_to_its_undoing() -> None:
    client = signed_in("lan", "editor")
    with change_set(User.objects.get(username="lan"), ChangeAction.PUBLISH, "checked against the recording") as act:
        person = make.make_person("Ann Lee")
        for number in range(3):
            make.make_statement(person, None, f"The tide turns at {number}.")
    response = home(client)
    line = response.context["changes"][0]
    assert (line.who, str(line.done), line.number, line.label) == ("Lan", "published", 3, "statements")
    assert line.reason == "checked against the recording"
    assert line.undo_url == line.url == reverse("admin:change_set", args=[act.row().pk])
    assert f'<a href="{line.url}">Undo' in response.content.decode()
    with change_set(None, ChangeAction.REVERT, reverts=act.row()):
        person.save()
    lines = {each.url: each for each in home(client).context["changes"]}
    assert (lines[line.url].undo_url, lines[line.url].is_undone) == ("", True)


def test_one_statement_is_named_by_its_words_and_a_name_by_itself() -> None:
    client = signed_in("lan", "editor")
    person = make.make_person("Ann Lee")
    with change_set(None, ChangeAction.SAVE):
        make.make_name(person, "Annie Lee")
    with change_set(None, ChangeAction.SAVE):
        make.make_statement(person, None, "The tide turns.", passages=[make.make_passage(make.make_source("Tides"))])
    labels = [line.label for line in home(client).context["changes"]]
    assert "Annie Lee" in labels
    assert "Ann Lee: The tide turns." in labels


def test_lists_show_words_and_no_ids() -> None:
    client = signed_in("lan", "keeper")
    statement = make.make_statement(make.make_person("Ann Lee"), None, "The tide turns.")
    lists = {"events_statement": "The tide turns.", "events_wording": "Ann Lee", "directory_passage": "It was said."}
    for name, words in lists.items():
        text = client.get(reverse(f"admin:{name}_changelist")).content.decode()
        assert words in text, name
    row = client.get(reverse("admin:events_wording_changelist")).content.decode()
    assert statement.slug not in row


def test_a_group_that_is_empty_says_so_in_one_line() -> None:
    text = home(signed_in("lan", "editor")).content.decode()
    for sentence in (
        "Nothing is in work.",
        "Nothing waits.",
        "Nothing is a draft.",
        "None is open.",
        "Nothing is in doubt.",
        "Nothing was changed yet.",
    ):
        assert text.count(sentence) == 1, sentence


def test_an_article_says_how_many_quotes_are_not_proven() -> None:
    source = make.make_source("Tides", text="“Wait,” she said.\n", status="draft")
    statement = make.make_statement(speaker_label="a pilot", status="draft")
    passage = make.make_passage(source, "“Wait,” she said.")
    make.cite(statement, passage)
    wording = make.make_wording(statement, "Wait,", nature="verbatim", passage=passage)
    type(wording).objects.filter(pk=wording.pk).update(proven=False)
    response = home(signed_in("lan", "editor"))
    (article,) = (each for each in response.context["articles"] if each.source == source)
    assert article.unproven_quotes == 1
    assert "1 quote is not proven by its passage" in response.content.decode()


def test_how_many_proposals_are_open_is_asked_once_the_page_is_shown() -> None:
    article = english("draft")
    client = signed_in("mai", "contributor")
    response = home(client)
    (shown,) = (each for each in response.context["articles"] if each.source == article.source)
    assert f'data-hx-get="{shown.proposals_url}"' in response.content.decode()
    answer = client.get(shown.proposals_url)
    number = len(open_proposals(article.source))
    assert number > 1
    assert f">{number} proposals open</a>" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert signed_in("reader").get(shown.proposals_url).status_code == 403
    without_text = make.make_source("No text", status="draft")
    urls = {each.source: each.proposals_url for each in home(client).context["articles"]}
    assert urls[without_text] == ""
    assert client.get(reverse("admin:desk_proposals_number", args=[without_text.slug])).content.strip() == b""


def test_the_header_counts_all_that_waits_in_one_query() -> None:
    add_work(1)
    client = signed_in("lan", "keeper")
    client.get(reverse("admin:records"))
    with CaptureQueriesContext(connection) as queries:
        text = client.get(reverse("admin:records")).content.decode()
    counting = [each["sql"] for each in queries if "submission" in each["sql"] or "reports_report" in each["sql"]]
    assert len(counting) == 1
    assert "Reports 1" in text


def test_what_is_counted_ends_at_ninety_nine() -> None:
    model = type(make.make_topic("Tides", status="draft"))
    model.objects.bulk_create(model(slug=f"topic-{number}", status="draft") for number in range(120))
    for number in range(2):
        make.make_person(f"Ann Lee {number}", status="draft")
    Report.objects.bulk_create(
        Report(reference=f"R-{number}", record_kind="person", record_id="x", record_path="/people/x/", message="Wrong.")
        for number in range(101)
    )
    response = home(signed_in("lan", "keeper"))
    numbers = {draft.url.split("/")[3]: draft.number for draft in response.context["drafts"]}
    assert (numbers["topic"], numbers["person"]) == (99, 2)
    assert response.context["header_counts"].reports == 99
    assert len(response.context["reports"]) == 5


def test_a_report_is_told_by_what_it_is_about_and_not_by_an_id() -> None:
    statement = make.make_statement(make.make_person("Ines Aldana"), None, "The tide turns.")
    for kind, key in (("statement", statement.slug), ("person", "gone")):
        report = Report(record_kind=kind, record_id=key, record_path=f"/{kind}/{key}/", message="She was deputy then.")
        report.move_to("open")
    response = home(signed_in("lan", "editor"))
    assert {each.subject for each in response.context["reports"]} == {"statement: Ines Aldana", "/person/gone/"}
    page = signed_in("ada", "editor").get(
        reverse("admin:reports_report_change", args=[Report.objects.get(record_kind="statement").pk])
    )
    assert ">Ines Aldana</a>" in page.content.decode()
