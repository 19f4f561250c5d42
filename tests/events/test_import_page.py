"""The page of the import: a file is handed in, checked, and taken in as one change set or not at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.groups import CONTRIBUTOR, EDITOR
from base.models import ChangeSet
from base.records.reverting import revert
from directory.models import Passage
from events.importing import file_runs, handed_in
from events.models import Statement, StatementFile, Wording
from events.models.statement_files import FileState
from tests.accounts.people import make_user
from tests.import_page import (
    PAGE,
    Cells,
    as_csv,
    as_workbook,
    body,
    bytes_of,
    good_line,
    handed_in_file,
    many,
    page_of,
    pressed,
    refusal,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def line() -> Cells:
    return good_line()


def test_a_file_is_looked_at_taken_in_and_undone(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv(many(line, 3)))
    assert not Statement.objects.exists(), "looking writes nothing"
    assert not ChangeSet.objects.exists()
    assert (file.state, file.lines) == (FileState.CHECKED, 3)
    page = page_of(admin_client, file)
    assert "Lines: 3 · new: 3 · there already: 0 · wrong: 0" in page
    assert "She spoke of film 2." in page
    assert 'value="start"' in page

    response = pressed(admin_client, file, "start")
    assert response.headers["Refresh"] == f"0; url={PAGE}{file.pk}/"
    assert "3 of 3 lines" in body(response)
    file.refresh_from_db()
    act = ChangeSet.objects.get()
    assert (file.state, file.change_set, bytes(file.packed)) == (FileState.IMPORTED, act, b"")
    assert (act.action, act.user.username) == ("import", "admin")
    assert set(Statement.objects.values_list("status", flat=True)) == {"draft"}
    assert Passage.objects.count() == 1
    assert reverse("admin:change_set", args=[act.pk]) in page_of(admin_client, file)

    revert(act, act.user, "A mistake.")
    assert not Statement.objects.exists()
    assert not Wording.objects.exists()
    assert not Passage.objects.exists()


def test_the_page_says_how_far_it_is(admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file_runs, "BATCH", 2)
    file = handed_in_file(admin_client, as_csv(many(line, 5)))
    response = pressed(admin_client, file, "start")
    parts = [part.decode() for part in response.streaming_content]
    shown = [part.partition("</progress>")[2].strip() for part in parts[1:-1]]
    assert [text.split(" lines")[0] for text in shown] == ["2 of 5", "4 of 5", "5 of 5"]
    assert "0 of 5 lines" in parts[0]
    assert "no-transform" in response.headers["Cache-Control"], "what is packed arrives as a whole"


def test_the_page_grows_in_the_language_of_its_address(admin_client: Client, line: Cells) -> None:
    response = admin_client.post(f"/th{PAGE}", {"file": SimpleUploadedFile("statements.csv", as_csv([line]))})
    assert 'lang="th"' in body(response)
    assert response.headers["Refresh"].startswith("0; url=/th/admin/")


def test_a_packed_page_would_not_grow(admin_client: Client, line: Cells) -> None:
    response = admin_client.post(
        PAGE,
        {"file": SimpleUploadedFile("statements.csv", as_csv([line]))},
        headers={"Accept-Encoding": "gzip"},
    )
    assert "Content-Encoding" not in response.headers
    assert "1 of 1 lines" in body(response)


@pytest.mark.parametrize("name", ["[[progress]].csv", "{{ place }}.csv", "<!--.csv", "%s %(x)s.csv"])
def test_no_name_of_a_file_breaks_the_page(admin_client: Client, line: Cells, name: str) -> None:
    file = handed_in_file(admin_client, as_csv([line]), name)
    assert file.name == name
    body(pressed(admin_client, file, "start"))
    assert Statement.objects.count() == 1


def test_who_lost_the_right_to_publish_may_forget_a_file(client: Client, line: Cells, settings: Any) -> None:
    client.force_login(make_user("edith", EDITOR))
    file = handed_in_file(client, as_csv([line]), publish="on")
    settings.REVIEW_BY_TWO = True
    assert pressed(client, file, "start").status_code == 403
    assert pressed(client, file, "forget").status_code == 302
    assert not StatementFile.objects.exists()


def test_one_wrong_line_keeps_all_out(admin_client: Client, line: Cells) -> None:
    lines = many(line, 4)
    lines[2]["person_id"] = "nobody"
    file = handed_in_file(admin_client, as_csv(lines))
    assert file.problems == [[4, "person_id", "nobody", "There is no person with this id.", file.problems[0][4]]]
    page = page_of(admin_client, file)
    assert "1 line is wrong" in page
    assert 'value="start"' not in page
    assert pressed(admin_client, file, "start").status_code == 302
    assert not Statement.objects.exists()


def test_of_many_problems_the_first_are_shown_and_all_counted(
    admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("events.importing.file_runs", "events.admin.import_page"):
        monkeypatch.setattr(f"{module}.MOST_PROBLEMS", 2)
    file = handed_in_file(admin_client, as_csv([{**each, "person_id": "nobody"} for each in many(line, 5)]))
    assert [problem[0] for problem in file.problems] == [2, 3]
    assert "and 3 more" in page_of(admin_client, file)


def test_what_is_there_already_can_be_left_out(admin_client: Client, line: Cells) -> None:
    body(pressed(admin_client, handed_in_file(admin_client, as_csv(many(line, 2))), "start"))
    file = handed_in_file(admin_client, as_csv(many(line, 3)), skip="on")
    assert "new: 1 · there already: 2 · wrong: 0" in page_of(admin_client, file)
    body(pressed(admin_client, file, "start"))
    assert Statement.objects.count() == 3
    nothing = handed_in_file(admin_client, as_csv(many(line, 3)), skip="on")
    assert "no new statement" in page_of(admin_client, nothing)


def test_a_file_goes_in_once(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    body(pressed(admin_client, file, "start"))
    assert pressed(admin_client, file, "start").status_code == 302
    assert pressed(admin_client, file, "check").status_code == 302
    assert Statement.objects.count() == 1


def test_workbooks_and_ndjson_go_in_too(admin_client: Client, line: Cells) -> None:
    file = handed_in_file(admin_client, bytes_of(as_workbook(many(line, 2))), "statements.xlsx")
    body(pressed(admin_client, file, "start"))
    assert Statement.objects.count() == 2
    body(
        pressed(admin_client, handed_in_file(admin_client, as_csv([{**line, "id": "by-hand"}]), publish="on"), "start")
    )
    document = json.loads(admin_client.get("/api/v1/statements/by-hand/").content)
    document["id"] = "copied"
    text = json.dumps(document).encode() + b"\n"
    body(pressed(admin_client, handed_in_file(admin_client, text, "statements.jsonl"), "start"))
    assert Statement.objects.filter(slug="copied", status="draft").exists()


def test_what_spreadsheets_do_is_told_by_row_and_column(admin_client: Client, line: Cells) -> None:
    book = as_workbook(many(line, 4))
    sheet = book.worksheets[0]
    sheet["C3"] = "=SUM(1)"
    sheet.merge_cells("B4:C4")
    sheet["E5"] = "astray"
    file = handed_in_file(admin_client, bytes_of(book), "statements.xlsx")
    assert [problem[:2] for problem in file.problems] == [
        [3, "paraphrase_en"],
        [4, "passages"],
        [5, "the whole line"],
    ]


def test_files_that_cannot_be_used_are_refused(admin_client: Client, line: Cells) -> None:
    good = as_csv([line])
    assert "UTF-16" in refusal(admin_client, good.decode().encode("utf-16"))
    assert "Unknown column" in refusal(admin_client, good.replace(b"person_id", b"person"))
    assert "no line below" in refusal(admin_client, good.splitlines()[0])
    assert "damaged" in refusal(admin_client, b"PK\x03\x04 no archive", "statements.xlsx")
    assert "JSON" in refusal(admin_client, b'[{"id": 1}]')
    several = as_workbook([line])
    several.create_sheet()["A1"] = "forgotten"
    assert "several sheets" in refusal(admin_client, bytes_of(several), "statements.xlsx")


def test_a_file_of_very_many_lines_is_refused_and_the_command_named(
    admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "import_statements" in refusal(admin_client, as_csv(many(line, handed_in.MOST_LINES + 1)))
    assert "import_statements" in refusal(admin_client, b"x" * (handed_in.MOST_BYTES + 1))
    monkeypatch.setattr(handed_in, "MOST_LINES", 2)
    assert "import_statements" in refusal(admin_client, bytes_of(as_workbook(many(line, 3))), "statements.xlsx")


def test_contributors_import_drafts_and_editors_publish(client: Client, line: Cells, settings: Any) -> None:
    client.force_login(make_user("somchai", CONTRIBUTOR))
    assert b"Publish them at once" not in client.get(PAGE).content
    file = handed_in_file(client, as_csv([line]), publish="on")
    assert not file.publish
    client.force_login(make_user("edith", EDITOR))
    assert client.get(f"{PAGE}{file.pk}/").status_code == 404, "the file of somebody else"
    assert pressed(client, file, "start").status_code == 404
    file = handed_in_file(client, as_csv([line]), publish="on")
    settings.REVIEW_BY_TWO = True
    assert b"Publish them at once" not in client.get(PAGE).content
    assert pressed(client, file, "start").status_code == 403
    settings.REVIEW_BY_TWO = False
    body(pressed(client, file, "start"))
    assert Statement.objects.published().count() == 1


def test_who_may_not_add_statements_may_not_import(client: Client, line: Cells) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(make_user("reader", is_staff=True))
    assert client.get(PAGE).status_code == 403
    assert client.get(f"{PAGE}1/").status_code == 403
    assert client.post(PAGE, {"file": SimpleUploadedFile("s.csv", as_csv([line]))}).status_code == 403


def test_the_list_of_statements_leads_to_it(admin_client: Client, client: Client) -> None:
    link = f'href="{PAGE}"'
    assert link in admin_client.get("/admin/events/statement/").content.decode()
    client.force_login(make_user("reader", is_staff=True))
    assert link not in client.get("/admin/events/statement/").content.decode()


def test_files_are_forgotten(admin_client: Client, line: Cells, monkeypatch: pytest.MonkeyPatch) -> None:
    file = handed_in_file(admin_client, as_csv([line]))
    assert pressed(admin_client, file, "forget").status_code == 302
    assert not StatementFile.objects.exists()
    monkeypatch.setattr("events.admin.import_page.MOST_FILES", 2)
    names = [f"{number}.csv" for number in range(3)]
    for name in names:
        handed_in_file(admin_client, as_csv([line]), name)
    assert [str(file) for file in StatementFile.objects.all()] == ["2.csv", "1.csv"]
    assert "2.csv" in admin_client.get(PAGE).content.decode()


def test_very_long_names_of_files_are_cut(admin_client: Client, line: Cells) -> None:
    assert handed_in_file(admin_client, as_csv([line]), "ก" * 200 + ".csv").name == "ก" * 80 + ".csv"


def test_the_page_of_many_files_costs_what_that_of_one_does(
    admin_client: Client, line: Cells, django_assert_max_num_queries: Any
) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        handed_in_file(admin_client, as_csv([line]), name)
    with django_assert_max_num_queries(8):
        admin_client.get(PAGE)
    with django_assert_max_num_queries(8):
        page_of(admin_client, StatementFile.objects.latest("id"))
