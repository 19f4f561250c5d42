"""The public log of corrections: what readers saw change, with its reason; no drafts, no names, no words that went."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.records.change_sets import ChangeAction, change_set
from base.records.row_changes import models_with_history
from base.records.withdrawing import withdraw_together
from events.models import Statement
from reports.models import Part, Report, ReportEntry, State
from reports.subjects import subject_at
from tests import factories as make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def log(client: Client, language: str = "", query: str = "") -> str:
    return client.get(f"{language and f'/{language}'}/corrections/{query}").text.split("<main")[1]


def correct(statement: Statement, text: str, reason: str) -> None:
    """Change the words of a statement as a curator of the name “secretive” would."""
    user = get_user_model().objects.get_or_create(username="secretive")[0]
    with change_set(user, ChangeAction.SAVE, reason):
        wording = statement.wordings.get()
        wording.text = text
        wording.save()


@pytest.fixture
def statement() -> Statement:
    return make.make_statement(make.make_person("Ann Lee"), wording="Fewer films should be made.")


def test_what_is_new_is_no_correction(client: Client, statement: Statement) -> None:
    page = log(client)
    assert "Nothing was corrected yet." in page
    assert "Ann Lee" not in page


def test_changed_words_are_told_with_their_reason_and_without_a_name(client: Client, statement: Statement) -> None:
    correct(statement, "More films should be made.", "The passage says more.")
    page = log(client)
    assert "<del>Fewer</del>" in page
    assert "<ins>More</ins>" in page
    assert "The passage says more." in page
    assert f"/statements/{statement.slug}/changes/" in page
    assert "secretive" not in page


@pytest.mark.parametrize("language", ["th", "vi"])
def test_it_has_three_languages(client: Client, statement: Statement, language: str) -> None:
    correct(statement, "More films should be made.", "The passage says more.")
    assert "<ins>More</ins>" in log(client, language)
    assert f"/{language}/statements/{statement.slug}/changes/" in log(client, language)


def test_a_withdrawal_is_told_without_the_words(client: Client, statement: Statement) -> None:
    correct(statement, "More films should be made.", "The passage says more.")
    withdraw_together([statement], "It was a caption.")
    page = log(client)
    assert "It was a caption." in page
    assert statement.slug in page
    assert "films should be made" not in page


def test_drafts_are_told_nothing_of(client: Client) -> None:
    draft = make.make_statement(make.make_person("Ann Lee"), wording="Secret words.", status="draft")
    correct(draft, "Other secret words.", "A secret reason.")
    hidden = make.make_wording(
        make.make_statement(make.make_person("Bo Ek")), "A hidden wording.", language="vi", status="draft"
    )
    hidden.text = "A hidden wording, changed."
    hidden.save()
    page = log(client)
    assert "ecret" not in page
    assert "hidden wording" not in page


def test_an_accepted_report_is_told_with_its_answer_alone(client: Client, statement: Statement) -> None:
    for part in (Part.WORDS, Part.PRIVACY):
        report = Report(part=part, message=f"My own words about {part}.", contact="reader@record.example")
        subject = subject_at(f"/statements/{statement.slug}/")
        assert subject
        report.about(subject)
        report.move_to(State.OPEN)
        report.answer = f"We mended it: {part}."
        report.move_to(State.ACCEPTED, report.answer)
    page = log(client)
    assert "We mended it: words." in page
    assert "We mended it: privacy." not in page
    assert "My own words" not in page
    assert "reader@" not in page
    assert report.reference not in page


def test_a_report_that_was_accepted_again_is_told_once_with_the_answer_that_holds(
    client: Client, statement: Statement
) -> None:
    reports = []
    for number in range(2):
        report = Report(part=Part.WORDS, message=f"A word is wrong, {number}.")
        subject = subject_at(f"/statements/{statement.slug}/")
        assert subject
        report.about(subject)
        report.move_to(State.OPEN)
        report.answer = f"We mended it, as Mx Secretive of {number} asked."
        report.move_to(State.ACCEPTED, report.answer)
        reports.append(report)
    again = reports[0]
    again.move_to(State.OPEN)
    again.answer = "We mended it."
    again.move_to(State.ACCEPTED, again.answer)
    ReportEntry.objects.update(at=again.entries.earliest("id").at)  # all in one moment
    for text in (log(client), client.get("/corrections.atom").text):
        assert text.count("We mended it.") == 1
        assert "Secretive of 0" not in text
        assert text.count("Secretive of 1") == 1


def accepted(path: str, answer: str) -> Report:
    """Return an accepted report about the record at a path."""
    report = Report(part=Part.NAME, message="Another letter.")
    subject = subject_at(path)
    assert subject
    report.about(subject)
    report.move_to(State.OPEN)
    report.answer = answer
    report.move_to(State.ACCEPTED, report.answer)
    return report


def test_whoever_was_withdrawn_is_not_named_by_the_id(client: Client, statement: Statement) -> None:
    person = make.make_person("Ira Voss")
    accepted("/people/ira-voss/", "We mended the spelling.")
    withdraw_together([person], "We were asked to.")
    withdraw_together([statement], "It was a caption.")
    feed = client.get("/corrections.atom").text
    for text in (log(client), feed):
        assert "We were asked to." in text
        assert "We mended the spelling." in text
        assert "oss" not in text.replace("across", "")
        assert statement.slug in text  # drawn by lot, it names nobody
    assert "Withdrawn: person" in feed


def test_only_ids_that_were_drawn_by_lot_stand_for_what_was_withdrawn() -> None:
    drawn, chosen = make.make_statement(make.make_person("Ann Lee")), Statement(slug="st-anna-schwyz")
    assert drawn.has_random_id
    assert not chosen.has_random_id
    assert not Statement(slug="ann-lee-on-films").has_random_id
    assert not make.make_person("Ann Schwyz").has_random_id


def test_a_report_is_told_by_the_name_its_record_has_today_in_the_language_of_the_page(client: Client) -> None:
    person = make.make_person("Ann Lee")
    make.make_name(person, "แอน ลี", language="th")
    accepted("/people/ann-lee/", "We mended it.")
    person.refresh_from_db()
    person.slug = "ann-li"
    person.save()
    assert '<a href="/people/ann-li/">Ann Lee</a>' in log(client)
    assert '<a href="/th/people/ann-li/">แอน ลี</a>' in log(client, "th")
    assert "ann-lee" not in client.get("/corrections.atom").text


def test_entries_of_the_feed_are_text_and_keep_their_identity(client: Client, statement: Statement) -> None:
    def entries() -> dict[str, tuple[str, str | None]]:
        feed = ElementTree.fromstring(client.get("/corrections.atom").content)
        return {
            str(entry.findtext(f"{ATOM}id")): (
                str(entry.findtext(f"{ATOM}summary")),
                entry.find(f"{ATOM}summary").get("type"),  # type: ignore[union-attr]
            )
            for entry in feed.findall(f"{ATOM}entry")
        }

    correct(statement, "1 < 2 films.", "The passage says <2.")
    report = accepted(f"/statements/{statement.slug}/", "We mended it.")
    first = entries()
    assert sorted(first.values()) == [("The passage says <2.", "text"), ("We mended it.", "text")]
    report.answer = "We mended all of it."
    report.move_to(State.ACCEPTED, report.answer)
    assert entries().keys() == first.keys()
    assert ("We mended all of it.", "text") in entries().values()


def test_it_costs_the_same_however_much_was_corrected_of_a_kind(client: Client, statement: Statement) -> None:
    costs = []
    for number in range(8):
        correct(statement, f"{number} films should be made.", f"Reason {number}.")
        client.get("/corrections/")
        with CaptureQueriesContext(connection) as captured:
            client.get("/corrections/")
        costs.append(len(captured))
    assert set(costs) == {costs[0]}


def test_what_an_import_added_is_not_looked_through(client: Client, statement: Statement) -> None:
    correct(statement, "More films should be made.", "The passage says more.")
    with CaptureQueriesContext(connection) as captured:
        client.get("/corrections/")
    [sql] = [query["sql"] for query in captured if "history_type" in query["sql"] and "LIMIT 200" in query["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # tables of a few rows are read whole, else
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if connection.vendor == 'sqlite' else ''}{sql}")
        plan = " ".join(str(row) for row in cursor.fetchall())
        assert plan.count("_changed") == len(models_with_history()) - 1, plan  # passages are not published themselves
        assert "TEMP B-TREE FOR ORDER BY" not in plan


def test_it_is_paged_to_its_end(client: Client, statement: Statement) -> None:
    for number in range(45):
        correct(statement, f"{number} films should be made.", f"Reason {number}.")
    seen: list[str] = []
    query = ""
    for _page in range(10):
        page = log(client, query=query)
        seen += [part.split(".")[0] for part in page.split("Reason ")[1:]]
        if "?before=" not in page:
            break
        query = "?before=" + page.split("?before=")[1].split('"')[0]
    assert seen == [str(number) for number in reversed(range(45))]


def test_a_page_that_there_is_not_is_told(client: Client) -> None:
    assert client.get("/corrections/?before=nonsense").status_code == 404


def test_the_feed_has_the_newest(client: Client, statement: Statement) -> None:
    assert ElementTree.fromstring(client.get("/corrections.atom").content).findall(f"{ATOM}entry") == []
    correct(statement, "More films should be made.", "The passage says more.")
    answer = client.get("/corrections.atom")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    (entry,) = ElementTree.fromstring(answer.content).findall(f"{ATOM}entry")
    assert "The passage says more." in ElementTree.tostring(entry, encoding="unicode")
    assert "secretive" not in answer.text
    assert client.get("/corrections.atom?lang=xx").status_code == 400
    assert client.get("/corrections.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_pages_lead_to_it(client: Client) -> None:
    assert 'href="/th/corrections/"' in client.get("/th/").text
    assert "http://testserver/vi/corrections/" in client.get("/sitemap-pages.xml").text
