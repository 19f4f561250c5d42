"""A list goes out as a sheet, is changed in a spreadsheet, and comes in again: all of it, or nothing with the reasons."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.test import Client

from accounts.groups import CONTRIBUTOR
from base.admin.sheets import reading
from base.admin.sheets.importing import SheetImport
from base.models import ChangeSet
from base.records.reverting import revert
from base.records.support import may_have_problems
from directory.models import Passage, Person, PersonName, Topic
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import url_of
from tests.sheets import csv_file, downloaded, faults, handed_in, head, taken_over, xlsx_file

pytestmark = pytest.mark.django_db


def names() -> list[str]:
    return list(PersonName.objects.order_by("pk").values_list("text", flat=True))


@pytest.fixture
def people() -> list[Person]:
    passage = make.make_passage(words="Ann Lee spoke to Bo Chan.")
    return [make.make_person(name, passages=[passage]) for name in ("Ann Lee", "Bo Chan")]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("model", [PersonName, Person, Topic, Passage])
def test_a_sheet_that_nobody_changed_changes_nothing(
    admin_client: Client, people: list[Person], model: Any, ending: str
) -> None:
    make.make_topic("Training")
    content = admin_client.get(url_of(model, "sheet_file", ending)).content
    response = handed_in(admin_client, model, content)
    assert response.status_code == 200, faults(response)
    outcome = response.context["outcome"]
    assert (outcome.changes, outcome.unchanged) == ([], model.objects.count())
    assert response.context["signed"] == ""
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_changed_and_new_rows_are_one_change_set_that_can_be_undone(
    admin_client: Client, people: list[Person], ending: str
) -> None:
    rows = downloaded(admin_client, PersonName, ending)
    first = next(row for row in rows if row["text"] == "Ann Lee")
    first["text"] = "Anne Lee"
    new = {**first, next(iter(first)): "", "version": "", "text": "แอน ลี", "language": "th", "position": ""}
    content = csv_file([*rows, new], ";") if ending == "csv" else xlsx_file([*rows, new])
    looked_at = handed_in(admin_client, PersonName, content)
    assert names() == ["Ann Lee", "Bo Chan"], "looking changes nothing"
    assert not ChangeSet.objects.exists()
    outcome = looked_at.context["outcome"]
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 1, 1)
    assert next((c.column, c.before, c.after) for change in outcome.changes for c in change.cells) == (
        "text",
        "Ann Lee",
        "Anne Lee",
    )
    response = taken_over(admin_client, PersonName, looked_at)
    act = ChangeSet.objects.get()
    assert response.headers["Location"].endswith(f"/changes/{act.pk}/")
    assert (act.action, act.reason, act.user.username) == ("sheet", "Spelling.", "admin")
    assert names() == ["Anne Lee", "Bo Chan", "แอน ลี"]
    assert PersonName.objects.get(language="th").passages.count() == 1
    revert(act, act.user, "A mistake.")
    assert names() == ["Ann Lee", "Bo Chan"]


def test_a_wrong_cell_is_named_and_nothing_is_written(admin_client: Client, people: list[Person]) -> None:
    first, second = downloaded(admin_client, PersonName)
    first |= {"text": "Changed", "certainty": "sure"}
    second |= {"person": "nobody-of-this-id", "passages": "nowhere.p1.0-1"}
    response = handed_in(admin_client, PersonName, csv_file([first, second]))
    assert response.status_code == 422
    wrong = {(row, column): problem for row, column, problem in faults(response)}
    assert set(wrong) == {(2, "certainty"), (3, "person"), (3, "passages")}
    assert "stated, inferred" in wrong[2, "certainty"]
    assert "nobody-of-this-id" in wrong[3, "person"]
    assert response.context["signed"] == ""
    assert sorted(names()) == ["Ann Lee", "Bo Chan"]


def test_what_the_forms_of_the_admin_refuse_is_refused_cell_by_cell(admin_client: Client, people: list[Person]) -> None:
    first, second = downloaded(admin_client, PersonName)
    first["passages"] = ""
    second["certainty"] = "disputed"
    wrong = {
        (row, column)
        for row, column, _problem in faults(handed_in(admin_client, PersonName, csv_file([first, second])))
    }
    assert wrong == {(2, "passages"), (3, "note")}


def test_a_published_person_keeps_a_name(admin_client: Client, people: list[Person]) -> None:
    first, second = downloaded(admin_client, PersonName)
    first["status"] = "draft"
    response = handed_in(admin_client, PersonName, csv_file([first, second]))
    assert [(row, column) for row, column, _problem in faults(response)] == [(2, "")]
    assert PersonName.objects.filter(status="draft").count() == 0


def test_a_published_person_whose_facts_lack_support_keeps_a_name_too(
    admin_client: Client, people: list[Person]
) -> None:
    """Whoever was doubtful before is asked all the same."""
    ann, bo = people
    make.make_affiliation(ann, passages=[make.make_passage(make.make_source("A draft", status="draft"))])
    assert may_have_problems(Person, {ann.pk, bo.pk}) == {ann.pk}
    rows = downloaded(admin_client, PersonName)
    next(row for row in rows if row["text"] == "Ann Lee")["person"] = bo.slug
    ((_row, _column, problem),) = faults(handed_in(admin_client, PersonName, csv_file(rows)))
    assert "is published and has to stay fit for it" in problem
    assert ann.names.exists()


def test_a_sheet_that_takes_long_is_refused(
    admin_client: Client, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**row, "note": "Seen."} for row in downloaded(admin_client, PersonName)]
    looked_at = handed_in(admin_client, PersonName, csv_file(rows))
    monkeypatch.setattr("base.admin.sheets.importing.MOST_SECONDS", -1)
    response = taken_over(admin_client, PersonName, looked_at)
    assert response.status_code == 422
    assert "Divide this sheet" in response.context["problem"]
    assert not PersonName.objects.filter(note="Seen.").exists()
    assert not ChangeSet.objects.exists()
    assert handed_in(admin_client, PersonName, csv_file(rows)).status_code == 422


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_at_the_end_is_told(
    admin_client: Client, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**row, "note": "Seen."} for row in downloaded(admin_client, PersonName)]
    looked_at = handed_in(admin_client, PersonName, csv_file(rows))
    take_over = SheetImport._take_over

    def with_a_person_that_is_gone(self: SheetImport, sheet: reading.Sheet, together: bool) -> None:
        take_over(self, sheet, together)
        PersonName.objects.update(person_id=1_000_000)

    with monkeypatch.context() as patch:
        patch.setattr(SheetImport, "_take_over", with_a_person_that_is_gone)
        response = taken_over(admin_client, PersonName, looked_at)
    assert response.status_code == 409
    assert "Nothing was saved" in response.context["problem"]
    assert not PersonName.objects.filter(note="Seen.").exists()
    assert not ChangeSet.objects.exists()
    again = {"rows": response.context["signed"], "reason": "Spelling."}
    assert admin_client.post(url_of(PersonName, "sheet"), again).status_code == 302, "nothing has to be handed in again"


def test_a_row_that_was_changed_on_the_site_meanwhile_is_told(admin_client: Client, people: list[Person]) -> None:
    rows = downloaded(admin_client, PersonName)
    name = PersonName.objects.get(text="Ann Lee")
    name.text = "Ann Li"
    name.save()
    assert handed_in(admin_client, PersonName, csv_file(rows)).context["outcome"].unchanged == 2, "it was not touched"
    next(row for row in rows if row["text"] == "Ann Lee")["note"] = "As printed."
    ((_row, _column, problem),) = faults(handed_in(admin_client, PersonName, csv_file(rows)))
    assert "changed on the site" in problem
    assert problem.count("text") == 1


def test_a_row_that_changes_between_looking_and_confirming_is_told(admin_client: Client, people: list[Person]) -> None:
    rows = downloaded(admin_client, PersonName)
    rows[0]["note"] = "As printed."
    looked_at = handed_in(admin_client, PersonName, csv_file(rows))
    PersonName.objects.update(position=7)
    response = taken_over(admin_client, PersonName, looked_at)
    assert response.status_code == 409
    assert not PersonName.objects.exclude(note="").exists()


def test_the_rows_of_another_page_or_person_are_refused(admin_client: Client, client: Client, people: Any) -> None:
    rows = downloaded(admin_client, PersonName)
    rows[0]["note"] = "As printed."
    looked_at = handed_in(admin_client, PersonName, csv_file(rows))
    client.force_login(make_user("other", is_superuser=True))
    assert taken_over(client, PersonName, looked_at).status_code == 422
    assert admin_client.post(url_of(PersonName, "sheet"), {"rows": "forged", "reason": "x"}).status_code == 422
    assert not PersonName.objects.exclude(note="").exists()


def test_a_sheet_of_another_list_or_site_is_refused(admin_client: Client, people: list[Person]) -> None:
    content = admin_client.get(url_of(Person, "sheet_file", "csv")).content
    ((_row, _column, problem),) = faults(handed_in(admin_client, PersonName, content))
    assert "directory.Person " in problem
    assert "directory.PersonName " in problem
    content = admin_client.get(url_of(PersonName, "sheet_file", "csv")).content.replace(b"testserver", b"elsewhere.org")
    assert handed_in(admin_client, PersonName, content).status_code == 422


def test_unknown_and_repeated_ids_are_refused(admin_client: Client, people: list[Person]) -> None:
    first, second = downloaded(admin_client, PersonName)
    key = next(iter(first))
    wrong = faults(handed_in(admin_client, PersonName, csv_file([first, {**second, key: "unknown"}, first])))
    assert [row for row, _column, _problem in wrong] == [2, 3, 4]


def test_formulas_are_never_computed_and_text_stays_text(admin_client: Client, people: list[Person]) -> None:
    name = PersonName.objects.get(text="Ann Lee")
    name.note = "=1+1"
    name.save()
    rows = downloaded(admin_client, PersonName, "xlsx")
    assert "=1+1" in [row["note"] for row in rows]
    place = f"{openpyxl.utils.get_column_letter(list(rows[0]).index('note') + 1)}3"
    ((row, column, problem),) = faults(handed_in(admin_client, PersonName, xlsx_file(rows, place)))
    assert (row, column) == (3, "note")
    assert "formula" in problem


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "file"),
        (b"\n\n", "nothing"),
        ("Tên".encode("utf-16"), "UTF-8"),
        ("Tên".encode("cp1258"), "UTF-8"),
        (b'"open', "quotation mark"),
        (b"PK\x03\x04 no archive", "damaged"),
    ],
)
def test_files_that_are_no_sheets_are_refused(admin_client: Client, content: bytes, words: str) -> None:
    response = handed_in(admin_client, PersonName, content)
    assert response.status_code == 422
    assert words in response.content.decode()


def test_large_files_are_refused(admin_client: Client, people: list[Person]) -> None:
    row = downloaded(admin_client, PersonName)[0]
    assert "1,000 rows" in faults(handed_in(admin_client, PersonName, csv_file([row] * 1_001)))[0][2]
    assert "5 MB" in faults(handed_in(admin_client, PersonName, b"x" * (reading.MOST_BYTES + 1)))[0][2]
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 21_000_000)
    assert "20 MB" in faults(handed_in(admin_client, PersonName, bomb.getvalue()))[0][2]


def test_a_workbook_of_very_many_rows_is_refused_soon(admin_client: Client) -> None:
    first, *_ = head(admin_client, PersonName)
    assert "1,000 rows" in faults(handed_in(admin_client, PersonName, xlsx_file([{first: "x"}] * 3_000)))[0][2]


def test_a_long_list_has_to_be_narrowed_first(
    admin_client: Client, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("base.admin.sheets.views.MOST_ROWS", 1)
    response = admin_client.get(url_of(PersonName, "sheet_file", "csv") + "?q=lee", follow=True)
    assert response.status_code == 200
    response = admin_client.get(url_of(PersonName, "sheet_file", "csv"), follow=True)
    assert "1,000 rows" in str(next(iter(response.context["messages"])))


def test_contributors_change_drafts_only(client: Client, people: list[Person]) -> None:
    client.force_login(make_user("somchai", CONTRIBUTOR))
    draft = make.make_person("Cy Dao", status="draft")
    PersonName.objects.filter(person=draft).update(status="draft")
    rows = downloaded(client, PersonName)
    for row in rows:
        row["note"] = "Seen."
    wrong = faults(handed_in(client, PersonName, csv_file(rows)))
    assert len(wrong) == 2
    assert all("drafts" in problem for _row, _column, problem in wrong)
    mine = [row for row in rows if row["text"] == "Cy Dao"]
    assert taken_over(client, PersonName, handed_in(client, PersonName, csv_file(mine))).status_code == 302
    assert PersonName.objects.get(person=draft).note == "Seen."
    row = next(row for row in downloaded(client, PersonName) if row["text"] == "Cy Dao")
    new = {**row, next(iter(row)): "", "person": people[0].slug, "text": "Annie", "status": "published"}
    assert handed_in(client, PersonName, csv_file([{**new, "certainty": "inferred"}])).status_code == 422
    assert not PersonName.objects.filter(text="Annie").exists()


def test_the_status_of_a_record_is_shown_and_not_changed(admin_client: Client, people: list[Person]) -> None:
    rows = downloaded(admin_client, Person)
    rows[0]["status"] = "withdrawn"
    ((_row, column, problem),) = faults(handed_in(admin_client, Person, csv_file(rows)))
    assert column == "status"
    assert "published" in problem


def test_a_passage_is_found_by_its_words(admin_client: Client) -> None:
    source = make.make_source(text="He came. She spoke of films.\n")
    first, *_ = head(admin_client, Passage)
    row = {first: "", "source": source.slug, "words": "She spoke of films."}
    looked_at = handed_in(admin_client, Passage, csv_file([row]))
    assert taken_over(admin_client, Passage, looked_at).status_code == 302
    assert Passage.objects.get().start == 9


def test_a_reason_is_asked(admin_client: Client, people: list[Person]) -> None:
    rows = downloaded(admin_client, PersonName)
    rows[0]["note"] = "As printed."
    looked_at = handed_in(admin_client, PersonName, csv_file(rows))
    response = taken_over(admin_client, PersonName, looked_at, reason=" ")
    assert response.status_code == 422
    assert response.context["signed"], "what was handed in is still there"
    assert not PersonName.objects.exclude(note="").exists()


def test_a_list_costs_the_same_queries_however_long(
    admin_client: Client, people: list[Person], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        downloaded(admin_client, PersonName)
    for number in range(30):
        make.make_name(people[0], f"Ann {number}")
    with django_assert_max_num_queries(20):
        assert len(downloaded(admin_client, PersonName)) == 32
