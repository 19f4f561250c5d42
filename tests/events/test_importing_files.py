"""Files that are damaged or no CSV at all: no line vanishes, and a sentence says what is wrong. Cells come back as they went out."""

# ruff: noqa: E501  the table holds whole sentences
from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import example, given
from hypothesis import strategies as some

from base.documents import csv as csv_files
from events.models import Statement
from tests import factories as make

PASSAGE = "an-article ¶1 0-12"
HEAD = "id,person_id,paraphrase_en,passages\n"


def row(number: int, text: str = "She said it.") -> str:
    """Return a line of a file."""
    return f"st-{number},ann-lee,{text},{PASSAGE}\n"


@pytest.fixture
def world(db: None) -> None:
    make.make_passage(None, "It was said.")
    make.make_person("Ann Lee")


def counts(folder: Path, content: str | bytes, name: str = "lines.csv") -> tuple[tuple[int, int, int], list[list[str]]]:
    """Import a file; return how many lines were imported, skipped and refused, and the report."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    out = io.StringIO()
    try:
        call_command("import_statements", file, stdout=out)
        told = out.getvalue()
    except CommandError as refused:
        told = str(refused)
    imported, skipped, refused_lines = map(int, re.findall(r"(\d+) (?:statements|were|lines)", told))
    with (folder / f"{name}.problems.csv").open(encoding="utf-8-sig", newline="") as report:
        return (imported, skipped, refused_lines), list(csv.reader(report))[1:]


BROKEN = {
    "two of them": [row(1, '"open one'), row(2), row(3), row(4, '"open two'), row(5)],
    "the last line": [row(1), row(2, '"open'), row(3)],
    "at the end": [row(1), row(2), row(3, '"open')],
    "every line": [row(n, '"open') for n in range(1, 8)],
    "closed by another": [row(1, '"open'), row(2), f'st-3,ann-lee,text,"{PASSAGE}"\n'],
    "closed where a row would be right": [f'st-1,ann-lee,text,"{PASSAGE}\n', row(2), f'{PASSAGE}"\n'],
}


@pytest.mark.parametrize("lines", BROKEN.values(), ids=BROKEN)
def test_a_quotation_mark_that_is_never_closed_swallows_no_line(world: None, tmp_path: Path, lines: list[str]) -> None:
    (imported, skipped, refused), problems = counts(tmp_path, HEAD + "".join(lines))
    assert imported + skipped + refused == len(lines)
    assert Statement.objects.count() == imported
    opened = [str(number) for number, line in enumerate(lines, 2) if line.count('"') == 1 and '"\n' not in line]
    named = [
        line for line, _column, _value, wrong, _right in problems if "quotation mark" in wrong or "end of data" in wrong
    ]
    assert set(opened) <= set(named)


def test_a_cell_of_several_lines_is_one_record(world: None, tmp_path: Path) -> None:
    assert counts(tmp_path, HEAD + row(1, '"One, two,\nthree, ""four""\n\nfive"') + row(2))[0] == (2, 0, 0)
    assert Statement.objects.get(slug="st-1").wordings.get().text == 'One, two,\nthree, "four"\n\nfive'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(world: None, tmp_path: Path, end: str) -> None:
    assert counts(tmp_path, (HEAD + row(1) + row(2)).replace("\n", end))[0] == (2, 0, 0)


UNREADABLE = {
    "utf-16 with mark": ((HEAD + row(1)).encode("utf-16"), "is UTF-16. Save it as “CSV UTF-8”."),
    "utf-16 without": ((HEAD + row(1)).encode("utf-16-le"), "is UTF-16. Save it as “CSV UTF-8”."),
    "workbook": (b"PK\x03\x04" + bytes(100), "is a workbook or an archive (.xlsx, .ods, .docx, .zip). Save it as “CSV UTF-8”."),
    "old workbook": (b"\xd0\xcf\x11\xe0" + bytes(100), "is an old workbook or document (.xls, .doc). Save it as “CSV UTF-8”."),
    "binary": (bytes(range(256)), "is no text. Save it as “CSV UTF-8”."),
    "pdf": (b"%PDF-1.7\n", "is a PDF. Save it as “CSV UTF-8”."),
    "json": (b'[{"id": "x"}]', "is JSON. Take a CSV, or the export statements.ndjson: one statement a line, in a file named .ndjson."),
    "page": (b"<!DOCTYPE html>", "is a web page or XML. Save the table itself as “CSV UTF-8”."),
    "head alone": (HEAD.encode(), "has no line below the names of its columns."),
    "other delimiter": (HEAD.replace(",", "|").encode(), "line 1: The columns are parted by |. Part them by commas, semicolons or tabs."),
    "latin-1": ("id,pårson_id\n".encode("latin-1"), "line 1: Unknown column “id”"),
    "long cell": (b"x" * 200_000 + b"\n", "line 1: field larger than field limit (131072)"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("suffix", ["csv", "json", "xlsx", ""])
def test_a_file_that_cannot_be_read_says_what_it_is(db: None, tmp_path: Path, name: str, suffix: str) -> None:
    content, message = UNREADABLE[name]
    file = tmp_path / f"lines.{suffix}"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_statements", file)
    if name == "latin-1":
        assert "p\ufffdrson_id" in str(refused.value) or "p?rson_id" in str(refused.value)
    else:
        assert str(refused.value).removeprefix(str(file)).lstrip(", ").startswith(message)


TEXTS = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0")) | some.text(
    "'=+-@\t\r ax", max_size=6
)


@given(TEXTS, TEXTS)
@example("=x", "'=x")
@example("''=x", "'")
def test_a_cell_gives_its_text_back_and_no_two_texts_are_one_cell(one: str, other: str) -> None:
    assert csv_files.text_of_cell(csv_files.cell(one)) == one
    assert (csv_files.cell(one) == csv_files.cell(other)) == (one == other)
    assert not csv_files.cell(one).startswith(("=", "+", "-", "@", "\t", "\r"))
    (line,) = csv.reader(io.StringIO(csv_files.lines([[one], [other], ["x"]]), newline=""))
    assert [csv_files.text_of_cell(text) for text in line] == [one, other, "x"]
