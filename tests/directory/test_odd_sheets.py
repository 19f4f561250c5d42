"""Sheets that spreadsheets spoil, or that somebody made up: each is refused in words, by row and column, and writes nothing."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
from django.test import Client
from openpyxl.xml.constants import ARC_SHARED_STRINGS, SHARED_STRINGS, SHEET_MAIN_NS

from base.models import ChangeSet
from base.text.workbook_worker import MOST_PLACES, read_workbook
from directory.models import Passage, Person, PersonName, Topic, TopicName
from events.models import Statement, Wording
from tests import factories as make
from tests.curation import url_of
from tests.sheets import Rows, csv_file, downloaded, faults, handed_in, head, taken_over, xlsx_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def names() -> list[TopicName]:
    """Return the names of three topics."""
    return [make.make_name(make.make_topic(name), f"{name} again") for name in ("Film", "Sound", "Light")]


def workbook(rows: Rows) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(xlsx_file(rows)))


def bytes_of(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_file(content: bytes, name: str) -> bytes:
    """Return a workbook with one more file inside."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, b"x")
    return file.getvalue()


def test_merged_cells_are_told_by_their_place(admin_client: Client, names: list[TopicName]) -> None:
    rows = downloaded(admin_client, TopicName, "xlsx")
    book = workbook(rows)
    place = openpyxl.utils.get_column_letter(list(rows[0]).index("text") + 1)
    book.worksheets[0].merge_cells(f"{place}2:{place}3")
    ((row, column, problem), *_rest) = faults(handed_in(admin_client, TopicName, bytes_of(book)))
    assert (row, column) == (2, "text")
    assert "merged" in problem


def test_cells_in_another_worksheet_are_not_passed_over(admin_client: Client, names: list[TopicName]) -> None:
    book = workbook(downloaded(admin_client, TopicName, "xlsx"))
    book.create_sheet("Empty")
    assert handed_in(admin_client, TopicName, bytes_of(book)).context["outcome"].unchanged == 6
    book.create_sheet("Mine")["B2"] = "changed here"
    ((_row, _column, problem),) = faults(handed_in(admin_client, TopicName, bytes_of(book)))
    assert "several sheets" in problem


def with_shared_text(rows: int, text: str) -> bytes:
    """Return a workbook that holds a text once, and names it in two cells of each row."""
    book = openpyxl.Workbook()
    for _row in range(rows):
        book.worksheets[0].append(["x", "x"])
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(bytes_of(book))) as plain,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as shared,
    ):
        for name in plain.namelist():
            part = plain.read(name).replace(b' t="inlineStr"><is><t>x</t></is>', b' t="s"><v>0</v>')
            override = f'<Override PartName="/{ARC_SHARED_STRINGS}" ContentType="{SHARED_STRINGS}"/></Types>'
            shared.writestr(name, part.replace(b"</Types>", override.encode()))
        texts = f'<sst xmlns="{SHEET_MAIN_NS}" count="1"><si><t>{text}</t></si></sst>'
        shared.writestr(ARC_SHARED_STRINGS, texts)
    return file.getvalue()


def test_one_text_that_very_many_cells_name_is_too_costly(admin_client: Client) -> None:
    """A file of some kilobytes would become hundreds of megabytes in the process of the site."""
    rows = read_workbook(with_shared_text(2, "some words"), 1_001)["rows"]
    assert [row[:3] for row in rows] == [["some words", "some words", ""]] * 2
    content = with_shared_text(1_000, "x" * 100_000)
    assert len(content) < 20_000
    ((_row, _column, problem),) = faults(handed_in(admin_client, TopicName, content))
    assert "too much memory" in problem


def test_of_very_many_formulas_and_merged_cells_the_first_are_told(
    admin_client: Client, names: list[TopicName]
) -> None:
    rows = downloaded(admin_client, TopicName, "xlsx")
    book = workbook(rows)
    for row in range(2, 702):
        book.worksheets[0].cell(row, 1, "=SUM(1)")
        book.worksheets[0].merge_cells(start_row=1_000 + row, end_row=1_000 + row, start_column=2, end_column=3)
    book.worksheets[0].merge_cells("B3:C3")
    reading = read_workbook(bytes_of(book), 1_001)
    assert (len(reading["formulas"]), len(reading["merged"])) == (MOST_PLACES, MOST_PLACES)
    assert reading["formulas"][0] == (2, 1)
    assert reading["merged"][0] == (3, 2), "of a row that is taken over"
    assert handed_in(admin_client, TopicName, bytes_of(book)).status_code == 422


def test_rows_of_blanks_hide_none_that_follow(admin_client: Client, names: list[TopicName]) -> None:
    rows = downloaded(admin_client, TopicName, "xlsx")
    rows[0]["text"] = "Changed"
    blank = dict.fromkeys(rows[0], " ")
    for content in (csv_file([*[blank] * 1_100, *rows]), xlsx_file([*[blank] * 1_100, *rows])):
        outcome = handed_in(admin_client, TopicName, content).context["outcome"]
        assert [change.line.number for change in outcome.changes] == [1_102]
        assert outcome.faults == []


def test_a_file_of_very_many_empty_lines_is_refused(admin_client: Client, names: list[TopicName]) -> None:
    content = csv_file(downloaded(admin_client, TopicName))
    for empty in (b"\n", b",,\r\n", b" , \n"):
        ((_row, _column, problem),) = faults(handed_in(admin_client, TopicName, content + empty * 20_001))
        assert "empty rows" in problem
    assert handed_in(admin_client, TopicName, content + b"\n" * 20_000).status_code == 200


def test_a_workbook_with_macros_is_refused(admin_client: Client, names: list[TopicName]) -> None:
    content = xlsx_file(downloaded(admin_client, TopicName, "xlsx"))
    ((_row, _column, problem),) = faults(
        handed_in(admin_client, TopicName, with_file(content, "xl/vbaProject.bin"), "sheet.xlsm")
    )
    assert "macros" in problem


@pytest.mark.parametrize("letter", ["\x00", "\x07", "\x0c", "\u200b", "\ufffe"])
def test_letters_that_nobody_sees_are_told_by_their_cell(
    admin_client: Client, names: list[TopicName], letter: str
) -> None:
    rows = downloaded(admin_client, TopicName)
    rows[1]["text"] += f"{letter}x"
    (fault,) = faults(handed_in(admin_client, TopicName, csv_file(rows)))
    assert fault[:2] == (3, "text")
    assert not ChangeSet.objects.exists()


@pytest.mark.parametrize("column", ["id", "version", "person", "kind", "certainty", "position", "passages"])
@pytest.mark.parametrize("text", ["\x00", "x\x07y", "\ud7ff\u200b", "9" * 30, "-1", "ก" * 300, "1;2;3"])
def test_no_cell_brings_the_page_down(admin_client: Client, column: str, text: str) -> None:
    make.make_person("Ann Lee", passages=[make.make_passage()])
    (row,) = downloaded(admin_client, PersonName)
    row |= {"note": "Changed.", next(iter(row)) if column == "id" else column: text}
    assert handed_in(admin_client, PersonName, csv_file([row])).status_code in (200, 422)
    assert not ChangeSet.objects.exists()


def test_a_long_thai_text_is_told_by_its_cell(admin_client: Client, names: list[TopicName]) -> None:
    rows = downloaded(admin_client, TopicName)
    rows[2]["text"] = "ภาพยนตร์" * 100
    ((row, column, problem),) = faults(handed_in(admin_client, TopicName, csv_file(rows)))
    assert (row, column) == (4, "text")
    assert "800" in problem


def test_dates_of_the_buddhist_era_are_asked_about(admin_client: Client) -> None:
    make.make_statement(passages=[make.make_passage()], date="2026-01-05")
    rows = downloaded(admin_client, Statement, "xlsx")
    rows[0]["date"] = "2569-01-05"
    ((row, column, problem),) = faults(handed_in(admin_client, Statement, csv_file(rows)))
    assert (row, column) == (2, "date")
    assert "2026" in problem
    book = workbook(rows)
    place = book.worksheets[0].cell(2, list(rows[0]).index("date") + 1)
    place.value, place.number_format = datetime.datetime(2569, 1, 5), "[$-D07041E]d mmm yyyy"
    ((row, column, problem),) = faults(handed_in(admin_client, Statement, bytes_of(book), "sheet.xlsx"))
    assert (row, column) == (2, "date")
    assert "2026" in problem


def test_days_that_a_spreadsheet_wrote_as_it_likes_are_refused(admin_client: Client) -> None:
    make.make_statement(passages=[make.make_passage()], date="2026-01")
    rows = downloaded(admin_client, Statement)
    for text in ("Jan-26", "5/1/2026", "5 ม.ค. 2569"):
        rows[0]["date"] = text
        ((row, column, _problem),) = faults(handed_in(admin_client, Statement, csv_file(rows)))
        assert (row, column) == (2, "date")


def test_the_cells_of_semicolon_and_tab_files_are_told_apart(admin_client: Client, names: list[TopicName]) -> None:
    for delimiter in (";", "\t"):
        rows = downloaded(admin_client, TopicName)
        rows[0]["text"] = "Film, sound; light"
        outcome = handed_in(admin_client, TopicName, csv_file(rows, delimiter)).context["outcome"]
        assert next(cell.after for change in outcome.changes for cell in change.cells).startswith("Film, sound")
        assert not outcome.faults


def test_utf_16_and_other_encodings_are_told(admin_client: Client, names: list[TopicName]) -> None:
    text = csv_file(downloaded(admin_client, TopicName)).decode("utf-8-sig")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "tis-620"):
        content = text.replace("Film", "ภาพยนตร์").encode(encoding)
        ((_row, _column, problem),) = faults(handed_in(admin_client, TopicName, content))
        assert "UTF-8" in problem, encoding


def test_a_version_that_somebody_made_up_does_not_help(admin_client: Client, names: list[TopicName]) -> None:
    rows = downloaded(admin_client, TopicName)
    rows[0] |= {"text": "Changed", "version": rows[1]["version"]}
    rows[1] |= {"text": "Changed too", "version": ""}
    wrong = faults(handed_in(admin_client, TopicName, csv_file(rows)))
    assert [row for row, _column, _problem in wrong] == [2, 3]


def test_an_id_of_another_list_is_no_id_of_this_one(admin_client: Client, names: list[TopicName]) -> None:
    make.make_person("Ann Lee")
    rows = downloaded(admin_client, TopicName)
    first = next(iter(rows[0]))
    rows[0] |= {first: PersonName.objects.get().uid, "text": "Mine"}
    ((row, _column, problem),) = faults(handed_in(admin_client, TopicName, csv_file(rows)))
    assert row == 2
    assert "No row of this list" in problem


def test_a_text_that_no_workbook_can_hold_leads_to_csv(admin_client: Client, names: list[TopicName]) -> None:
    TopicName.objects.filter(pk=names[0].pk).update(text="bell\x07")  # as an earlier version took it
    response = admin_client.get(url_of(TopicName, "sheet_file", "xlsx"), follow=True)
    assert "as CSV" in str(next(iter(response.context["messages"])))
    assert "bell\x07" in [row["text"] for row in downloaded(admin_client, TopicName)]


def test_a_text_with_marks_of_formulas_comes_back_as_it_was(admin_client: Client) -> None:
    statement = make.make_statement(passages=[make.make_passage()])
    texts = ("=1+1", "'=1+1", "-5 °C", "@home", "+66", "'quoted'", "_x0041_", "a\nb", "1e5", "007")
    languages = ("fr", "de", "ja", "ko", "lo", "km", "my", "ms", "es", "it")
    for text, language in zip(texts, languages, strict=True):
        make.make_wording(statement, text, nature="paraphrase", language=language)
    for ending in ("csv", "xlsx"):
        content = admin_client.get(url_of(Wording, "sheet_file", ending)).content
        outcome = handed_in(admin_client, Wording, content).context["outcome"]
        assert (outcome.changes, outcome.faults, outcome.unchanged) == ([], [], Wording.objects.count())


def test_a_cell_that_is_cleared_is_cleared(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", passages=[make.make_passage()])
    PersonName.objects.update(note="As printed.")
    rows = downloaded(admin_client, PersonName)
    rows[0]["note"] = ""
    assert taken_over(admin_client, PersonName, handed_in(admin_client, PersonName, csv_file(rows))).status_code == 302
    name = PersonName.objects.get(person=person)
    assert (name.note, name.passages.count()) == ("", 1)


@pytest.mark.any_database  # rows that only the check before the database refuses
def test_a_wrong_cell_far_below_is_named(admin_client: Client) -> None:
    first, *_ = head(admin_client, Topic)
    rows = [{first: "", "slug": f"topic-{number}"} for number in range(1, 1_000)]
    rows[698]["slug"] = "no id at all"
    wrong = faults(handed_in(admin_client, Topic, csv_file(rows)))
    assert [(row, column) for row, column, _problem in wrong] == [(700, "slug")]
    assert not Topic.objects.exists()


def test_a_sheet_of_no_rows_changes_nothing(admin_client: Client, names: list[TopicName]) -> None:
    only_head = csv_file(downloaded(admin_client, TopicName)).splitlines()[0]
    response = handed_in(admin_client, TopicName, only_head)
    assert response.status_code == 200
    assert "changes nothing" in response.content.decode()


def test_a_missing_column_stays_as_it_is(admin_client: Client) -> None:
    make.make_person("Ann Lee", passages=[make.make_passage()])
    rows = [
        {name: text for name, text in row.items() if name not in ("passages", "kind")}
        for row in downloaded(admin_client, PersonName)
    ]
    rows[0]["note"] = "Seen."
    assert taken_over(admin_client, PersonName, handed_in(admin_client, PersonName, csv_file(rows))).status_code == 302
    assert PersonName.objects.get().passages.count() == 1
    assert Person.objects.get().status == "published"
    assert Passage.objects.count() == 1
