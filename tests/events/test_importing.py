"""An import as a whole: what comes back of an export, what is stored beside it, and what a run that stops leaves."""

from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext

from base.api.answers import answers
from base.changes import feed as changes
from base.changes.version import content_version
from base.models import Change, TouchedRow
from base.records.provenance import sha256_of
from base.sql.bulk import BulkTable
from directory.models import Passage, Source
from events.importing import load
from events.importing.format import EXPECTED, WORDING_COLUMN
from events.importing.parse import read_rows
from events.importing.pipeline import ProblemReport, StatementImport
from events.models import Statement, StatementFormerId, Wording
from events.statement_fields import PLAIN_FIELDS
from tests import factories as make
from tests.contract.test_guide import names, rows_below


def documents() -> dict[str, dict[str, Any]]:
    """Return the API's answers of all statements by id, without the time of the last change and what no import takes.

    How statements stand to each other is not imported (docs/curation.md).
    """
    found = answers(Statement, Statement.objects.values_list("pk", flat=True)).values()
    return {slug: {**json.loads(answer), "updated_at": "", "relations": []} for slug, answer in found}


def forget_statements() -> None:
    """Leave everything but statements, and the passages that nothing else cites."""
    StatementFormerId.objects.all().delete()
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    for passage in Passage.objects.all():
        with contextlib.suppress(ProtectedError), transaction.atomic():
            passage.delete()


def exported(client: Any, form: str, folder: Path) -> Path:
    """Return a file with all public statements as the site exports them."""
    file = folder / f"statements.{form}"
    file.write_bytes(b"".join(client.get(f"/api/v1/export/statements.{form}").streaming_content))
    return file


def as_table(file: Path) -> Path:
    """Write an NDJSON export as a table, as docs/curation.md describes it."""
    lines = []
    for text in file.read_text(encoding="utf-8").splitlines():
        document = json.loads(text)
        ids = {name: document[name] and document[name]["id"] for name in ("speaker", "speaker_organization", "event")}
        line = {
            **{name: document[name] for name in ("id", "speaker_label", "role_at_time", "kind", "certainty", "note")},
            **{name: document[name] for name in ("attribution", "attribution_text", "date")},
            "person_id": ids["speaker"],
            "organization_id": ids["speaker_organization"],
            "event_id": ids["event"],
            "on_behalf_of_id": document["on_behalf_of"] and document["on_behalf_of"]["id"],
            "passages": "; ".join(
                f"{one['source']['id']} ¶{one['paragraph']} {one['start']}-{one['end']} {one['sha256']}"
                for one in document["passages"]
            ),
            **{f"{one['nature']}_{one['language']}": one["text"] for one in document["wordings"]},
            **{f"{one['nature']}_{one['language']}_by": one["by"] for one in document["wordings"]},
            "written_in": document["text_language"],
            **{
                f"{name}_{code}": text
                for code, texts in document["translations"].items()
                for name, text in texts.items()
            },
        }
        for column, name in (
            ("topic_ids", "topics"),
            ("initiative_ids", "initiatives"),
            ("about_people_ids", "about_people"),
            ("about_organization_ids", "about_organizations"),
        ):
            line[column] = "; ".join(one["id"] for one in document[name])
        lines.append(line)
    table = file.with_suffix(".csv")
    with table.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(dict.fromkeys(name for line in lines for name in line)))
        writer.writeheader()
        writer.writerows(lines)
    return table


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_was_exported_comes_back_the_same(form: str, client: Any, tmp_path: Path, capsys: Any) -> None:
    call_command("loaddata", "film-workshop", verbosity=0)
    before = documents()
    file = exported(client, "ndjson", tmp_path)
    forget_statements()
    assert (len(before), documents()) == (46, {})
    call_command("import_statements", as_table(file) if form == "csv" else file, "--status", "published")
    assert capsys.readouterr().out == "46 statements imported, 0 were there already, 0 lines refused.\n"
    assert documents() == before
    for row in [*Statement.objects.all(), *Wording.objects.all(), *Passage.objects.all()]:
        same_when_saved(row)


def same_when_saved(row: Any) -> None:
    """Saving a row by hand finds it valid and changes no column of it."""
    names = [field.attname for field in row._meta.concrete_fields if field.name != "updated_at"]
    stored = {name: getattr(row, name) for name in names}
    row.full_clean()
    row.save()
    again = type(row).objects.get(pk=row.pk)
    assert {name: getattr(again, name) for name in names} == stored
    if type(row) is not Passage:
        assert row.publish_problems() == []


@pytest.mark.django_db
def test_the_exported_table_comes_back_as_far_as_it_holds_the_facts(client: Any, tmp_path: Path) -> None:
    passage = make.make_passage(None, "It was said.")
    person, event = make.make_person(), make.make_event(date="2025")
    columns = {"topics": [make.make_topic()], "initiatives": [make.make_initiative()], "role_at_time": "Director"}
    statement = make.make_statement(
        person, event, "It was said.", nature="verbatim", passages=[passage], note="=1", **columns
    )
    make.make_wording(statement, "มีผู้กล่าวไว้", nature="translation", language="en")
    before = documents()
    file = exported(client, "csv", tmp_path)
    Wording.objects.all().delete()
    Statement.objects.all().delete()
    call_command("import_statements", file, "--status", "published", verbosity=0)
    assert documents() == before


def lines(count: int) -> list[dict[str, str]]:
    """Return lines that are right, each with a passage of its own in a source whose text is not stored."""
    return [
        {
            "person_id": "ann-lee",
            "paraphrase_en": f"She said {number}.",
            "verbatim_th": f"คำพูด {number}",
            "passages": f"a-book ¶1 {number}-{number + len(f'คำพูด {number}')} {sha256_of(f'คำพูด {number}')}",
            "topic_ids": "training",
        }
        for number in range(count)
    ]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Seven lines, and what they name."""
    make.make_person("Ann Lee")
    make.make_topic("Training")
    make.make_source("A book", language="th")
    Source.objects.update(paragraphs=[[0, 1000]])
    return written(tmp_path / "statements.csv", lines(7))


def written(file: Path, rows: list[dict[str, str]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    return file


def stored() -> dict[str, int]:
    """Return how many rows every table of an import has."""
    models = [Statement, Wording, Passage, Statement.topics.through, Statement.passages.through]
    models += [model.history.model for model in (Statement, Wording, Passage)]
    models += [Statement.history.model.topics.model, Statement.history.model.passages.model]
    return {model.__name__: model.objects.count() for model in models}


def of(statements: int) -> dict[str, int]:
    """Return the same for so many of our lines."""
    return {name: statements * (2 if name.endswith("Wording") else 1) for name in stored()}


@pytest.mark.django_db
def test_everything_imported_has_a_history_that_can_be_gone_back_to(file: Path) -> None:
    curator = User.objects.create_user("curator")
    call_command("import_statements", file, "--user", "curator", verbosity=0)
    assert stored() == of(7)
    statement = Statement.objects.order_by("pk")[1]
    statement.role_at_time = "Director"
    statement.save()
    statement.passages.clear()
    first = statement.history.earliest()
    assert (first.history_type, first.history_user, first.history_change_reason) == (
        "+",
        curator,
        "Imported from statements.csv, line 3",
    )
    assert (first.role_at_time, [one.passage.start for one in first.passages.all()]) == ("", [1])
    versions = [row.history.get() for row in (*Wording.objects.all(), *Passage.objects.all())]
    assert {(row.history_type, row.history_user) for row in versions} == {("+", curator)}
    assert {row.text for row in versions[:14]} == {
        text for line in lines(7) for text in (line["paraphrase_en"], line["verbatim_th"])
    }


@pytest.mark.django_db
def test_drafts_are_what_a_curator_would_have_saved(file: Path) -> None:
    before = content_version()
    call_command("import_statements", file, verbosity=0)
    assert set(Statement.objects.values_list("status", "published_at", "search")) == {("draft", None, "")}
    assert documents() == {}
    for row in Statement.objects.all():
        same_when_saved(row)
        row.publish()
    assert len(documents()) == 7
    assert content_version() > before


@pytest.mark.django_db
def test_a_dry_run_writes_nothing_and_says_the_same(file: Path, capsys: Any) -> None:
    rows = [*lines(3), {**lines(4)[3], "person_id": "nobody"}, lines(1)[0]]
    written(file, rows)
    before, version = stored(), content_version()
    for option, verb in (["--dry-run"], "would be imported"), ([], "imported"):
        with pytest.raises(CommandError) as refused:
            call_command("import_statements", file, "--batch", "2", *option)
        report = file.with_name("statements.csv.problems.csv")
        told = (
            f"3 statements {verb}, 0 were there already, 2 lines refused. What is wrong with them stands in {report}."
        )
        assert str(refused.value) == told
        said = [line[:2] for line in csv.reader(report.read_text(encoding="utf-8-sig").splitlines())]
        assert said == [["line", "column"], ["5", "person_id"], ["6", "id"]]
        if option:
            assert (stored(), content_version()) == (before, version)
    assert stored() == of(3)


@pytest.mark.django_db
def test_the_change_feed_tells_what_was_imported(file: Path) -> None:
    changes.catch_up(answers)
    before = content_version()
    call_command("import_statements", file, "--status", "published", verbosity=0)
    assert content_version() > before
    table, numbers = Statement._meta.db_table, sorted(Statement.objects.values_list("pk", flat=True))
    noted = list(TouchedRow.objects.filter(relation=table).order_by("row_id").values_list("row_id", flat=True))
    assert noted == numbers  # each once, though six tables were written
    Change.objects.all().delete()
    changes.catch_up(answers)
    told = Change.objects.values_list("action", "kind", "slug")
    assert sorted(told) == sorted(("created", "statement", slug) for slug in documents())
    Statement.objects.update(role_at_time="x")  # what is written later is noted as ever
    assert TouchedRow.objects.count() == 7


@pytest.mark.django_db(transaction=True)
def test_a_run_that_breaks_off_leaves_whole_batches_and_goes_on(file: Path, monkeypatch: Any, capsys: Any) -> None:
    write, written_tables = BulkTable.write, []

    def break_off(self: BulkTable, packed: Any) -> None:
        written_tables.append(self.name)
        if written_tables.count("events_wording") == 3:
            raise OperationalError("the connection was lost")
        write(self, packed)

    monkeypatch.setattr(BulkTable, "write", break_off)
    with pytest.raises(CommandError) as broken:
        call_command("import_statements", file, "--batch", "2", "--status", "published")
    assert str(broken.value) == (
        "The database refused a batch: the connection was lost\n"
        "4 statements imported, 0 were there already, 0 lines refused. Somebody may have changed the same "
        "records meanwhile. Run it again with --existing skip: it goes on where it stopped."
    )
    assert stored() == of(4)
    monkeypatch.undo()
    call_command("import_statements", file, "--existing", "skip", "--status", "published")
    assert capsys.readouterr().out == "3 statements imported, 4 were there already, 0 lines refused.\n"
    assert stored() == of(7)
    texts = Wording.objects.filter(language="en").order_by("statement__position").values_list("text", flat=True)
    assert list(texts) == [f"She said {number}." for number in range(7)]


@pytest.mark.django_db
def test_a_batch_costs_the_same_number_of_queries_whatever_its_size(file: Path) -> None:
    taken = []
    for batch, rows in (3, lines(3)), (1, lines(4)[3:]), (40, lines(44)[4:]):
        written(file, rows)
        statement_import = StatementImport(read_rows(file), file.name, batch=batch, publish=True, skip=False)
        with ProblemReport(file.with_suffix(".problems")) as report, CaptureQueriesContext(connection) as queries:
            assert [count.imported for count in statement_import.run(report)][-1] == len(rows)
        taken.append(len(queries))
    # Look-ups of ids, former ids and passages; what makes the change set; the savepoint of the batch. PostgreSQL gives the keys
    # of passages in one query, those of statements and wordings, their versions, and two kinds of links in another; ten COPY, and
    # twice what says that the rows are noted already. On SQLite each kind of key takes two, in two savepoints, and rows go past
    # Django's counting.
    postgres = connection.vendor == "postgresql"
    assert taken[1:] == [3 + 1 + 2 + 2 + 10 + 2 if postgres else 3 + 1 + 2 + 7 * 2 + 2 * 2] * 2


@pytest.mark.django_db
def test_options_that_make_no_sense(file: Path, tmp_path: Path) -> None:
    for options, said in {
        ("--user", "nobody"): "There is no account “nobody”.",
        ("--report", str(file)): "--report would overwrite the file itself.",
        ("--batch", "0"): "--batch is a number of lines, at least 1.",
        (
            "--report",
            str(tmp_path / "none" / "x.csv"),
        ): f"Cannot write {tmp_path / 'none' / 'x.csv'}: No such file or directory.",
    }.items():
        with pytest.raises(CommandError) as refused:
            call_command("import_statements", file, *options)
        assert str(refused.value) == said
    assert Statement.objects.count() == 0


def test_the_table_of_the_guide_has_every_column_and_no_other() -> None:
    guide = (Path(settings.BASE_DIR) / "docs" / "curation.md").read_text(encoding="utf-8")
    rows = [(names(columns), meaning, empty) for columns, meaning, empty in rows_below(guide, "column")]
    columns = {name for several, _meaning, _empty in rows for name in several}
    wordings = {name for name in columns if WORDING_COLUMN.fullmatch(name)}
    assert len(wordings) == 4
    assert columns - wordings == set(EXPECTED), "docs/curation.md, “Many statements at once”"
    for field in PLAIN_FIELDS:
        ((meaning, empty),) = [(meaning, empty) for several, meaning, empty in rows if field.name in several]
        if "{longest}" in str(field.meaning):
            assert f"up to {field.longest} characters" in meaning, field.name
        if field.choices:
            assert f"`{field.default}`" in meaning, field.name
            assert empty == "these"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "columns", "missing"),
    [("Statement", "STATEMENT", "note"), ("Wording", "WORDING", "by"), ("Passage", "PASSAGE", "sha256")],
)
def test_a_column_that_the_import_does_not_know_stops_it(
    model: str, columns: str, missing: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [name for name in getattr(load, columns) if name != missing]
    monkeypatch.setattr(load, columns, known)
    with pytest.raises(CommandError) as refused:
        call_command("import_statements", file)
    assert str(refused.value) == (
        f"{model} has columns that nobody fills: {missing}. The import has to know every column: name a plain field of a "
        "statement in PLAIN_FIELDS of events/statement_fields.py, any other column in events/importing/load.py, and give it "
        "a value there."
    )
    assert stored() == of(0)
    assert not file.with_name("statements.csv.problems.csv").exists()


@pytest.mark.django_db
def test_a_link_that_the_import_does_not_know_stops_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "LINKS", load.LINKS[:-1])
    with pytest.raises(CommandError, match="Statement has links that nobody fills: about_organizations"):
        call_command("import_statements", file)
    assert stored() == of(0)


@pytest.mark.django_db
def test_lines_that_are_no_statements_of_the_api(tmp_path: Path, file: Path) -> None:
    bad = tmp_path / "bad.ndjson"
    bad.write_text('{"id": 5}\n\nnot json\n{"id": "x", "wordings": [{"text": 1}]}\n[]\n', encoding="utf-8")
    with pytest.raises(CommandError, match="0 statements imported, 0 were there already, 4 lines refused"):
        call_command("import_statements", bad)
    report = bad.with_name("bad.ndjson.problems.csv").read_text(encoding="utf-8-sig")
    assert [line.partition(",")[0] for line in report.splitlines()] == ["line", "1", "3", "4", "5"]
