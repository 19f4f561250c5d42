"""Checking what is recorded of a source against its text, with a small text made up for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from base.records.provenance import sha256_of
from directory.models import Passage, Person, PersonName, Source
from directory.models.sources import paragraph_spans
from events.models import Statement, Wording

pytestmark = pytest.mark.django_db

TEXT = "ฟ้าใส (Fa Sai) กล่าวว่า “แมวชอบปลา”\n\nเธอยิ้ม | cafe\u0301\n"


def passage_of(source: Source, words: str) -> Passage:
    """Record where these words stand in the text."""
    start = TEXT.index(words)
    number = source.paragraph_of(start, start + len(words))
    return Passage.objects.create(
        source=source, paragraph=number, start=start, end=start + len(words), sha256=sha256_of(words)
    )


@pytest.fixture
def source() -> Source:
    """A source of two paragraphs with a person, a name composed otherwise, and a direct quote; no text is stored."""
    source = Source.objects.create(
        slug="cat-talk",
        title="Talk of cats",
        language="th",
        status="published",
        sha256=sha256_of(TEXT),
        length=len(TEXT),
        paragraphs=paragraph_spans(TEXT),
    )
    person = Person.objects.create(slug="fa-sai", status="published")
    for uid, text, words, kind, certainty in [
        ("th", "ฟ้าใส", "ฟ้าใส", "official", "stated"),
        ("en", "Fa Sai", "Fa Sai", "transliteration", "stated"),
        ("ours", "Clear Sky", "ฟ้าใส", "translation", "inferred"),
        ("fr", "café", "cafe\u0301", "variant", "stated"),
    ]:
        name = PersonName.objects.create(
            uid=uid, person=person, text=text, language="th", kind=kind, certainty=certainty, note="Because."
        )
        found = source.passages.filter(start=TEXT.index(words)).first() or passage_of(source, words)
        name.passages.add(found)
    statement = Statement.objects.create(
        slug="st-cats00", status="published", speaker=person, statement_kind="direct", attribution_text="ฟ้าใส"
    )
    quote = passage_of(source, "แมวชอบปลา")
    statement.passages.add(quote)
    Wording.objects.create(
        uid="quote", statement=statement, language="th", nature="verbatim", text="แมวชอบปลา", passage=quote
    )
    return source


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """The text in a file."""
    file = tmp_path / "article.txt"
    file.write_bytes(TEXT.encode())
    return file


def failures(capsys: pytest.CaptureFixture[str], command: str, file: Path) -> list[str]:
    """Run a command that must fail, and return the lines it wrote to stderr."""
    with pytest.raises(CommandError) as caught:
        call_command(command, "cat-talk", text=str(file))
    assert caught.value.returncode == 1
    return capsys.readouterr().err.splitlines()


def test_agreement_is_counted(source: Source, article: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("verify_passages", "cat-talk", text=str(article))
    out, err = capsys.readouterr()
    assert out == (
        "cat-talk: 1 text, 1 length, 1 paragraph table, 4 passages, 4 names, 1 verbatim wordings, 1 attributions checked; "
        "0 failed.\n"
    )
    assert err == ""
    source.refresh_from_db()
    assert source.text == ""
    assert set(source.passages.values_list("check_state", flat=True)) == {"unverified"}


@pytest.mark.parametrize(
    ("model", "columns", "complaint"),
    [
        (Source, {"sha256": "0" * 64}, "cat-talk: the text has SHA-256"),
        (Source, {"length": 7}, f"cat-talk: the text has {len(TEXT)} code points, not 7"),
        (Source, {"paragraphs": [[0, 38]]}, "cat-talk: the table of paragraphs differs from paragraph"),
        (Passage, {"sha256": "0" * 64}, "the text has other words there than its SHA-256 says"),
        (Passage, {"paragraph": 9}, "lies in paragraph 1, not 9"),
        (PersonName, {"text": "หมา"}, "personname th: “หมา” is printed in none of its passages"),
        (Wording, {"text": "แมวชอบนม"}, "wording quote: “แมวชอบนม…” is not what its passage prints"),
        (Statement, {"attribution_text": "หมา"}, "statement st-cats00: “หมา” stands in no paragraph that it cites"),
    ],
)
def test_each_disagreement_is_a_line(
    source: Source,
    article: Path,
    capsys: pytest.CaptureFixture[str],
    model: Any,
    columns: dict[str, Any],
    complaint: str,
) -> None:
    rows = model.objects.filter(uid="th") if model is PersonName else model.objects.all()
    rows.update(**columns)  # behind the back of every check on saving
    assert [line for line in failures(capsys, "verify_passages", article) if complaint in line]


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [(30, 45, "30–45 lies in no single paragraph"), (50, 999, "ends at 999, after the end of the text")],
)
def test_spans_outside_their_paragraph_are_found(
    source: Source, article: Path, capsys: pytest.CaptureFixture[str], start: int, end: int, complaint: str
) -> None:
    source.passages.filter(start=0).update(start=start, end=end)
    assert [line for line in failures(capsys, "verify_passages", article) if complaint in line]


@pytest.mark.parametrize("spoil", [lambda text: text.replace("ยิ้ม", "ยิม"), lambda text: "x" + text, str.strip])
def test_another_text_is_found_out_and_not_stored(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: Any
) -> None:
    other = tmp_path / "other.txt"
    other.write_bytes(spoil(TEXT).encode())
    assert "cat-talk: the text has SHA-256" in failures(capsys, "attach_text", other)[0]
    source.refresh_from_db()
    assert source.text == ""
    assert set(source.passages.values_list("check_state", flat=True)) == {"unverified"}


def test_text_is_attached_once_everything_agrees(source: Source, article: Path) -> None:
    call_command("attach_text", "cat-talk", text=str(article), verbosity=0)
    source.refresh_from_db()
    assert (source.text, source.text_is_public) == (TEXT, False)
    assert set(source.passages.values_list("check_state", flat=True)) == {"verified"}
    assert Wording.objects.get().proven


def test_attached_text_proves_a_part_of_a_passage(source: Source, article: Path) -> None:
    part = Wording.objects.get()
    part.text = "ชอบปลา"
    part.save()
    assert not part.proven
    call_command("attach_text", "cat-talk", text=str(article), verbosity=0)
    part.refresh_from_db()
    assert part.proven


def test_loading_a_fixture_again_keeps_the_text(source: Source, article: Path, tmp_path: Path) -> None:
    call_command("attach_text", "cat-talk", text=str(article), verbosity=0)
    call_command("dump_fixtures", str(tmp_path / "dump.json"), verbosity=0)
    assert "ยิ้ม" not in (tmp_path / "dump.json").read_text(encoding="utf-8")
    call_command("loaddata", tmp_path / "dump.json", verbosity=0)
    source.refresh_from_db()
    assert source.text == TEXT
    assert set(source.passages.values_list("check_state", flat=True)) == {"verified"}


def test_loading_the_fixture_of_another_text_drops_the_old_one(source: Source, article: Path, tmp_path: Path) -> None:
    call_command("attach_text", "cat-talk", text=str(article), verbosity=0)
    call_command("dump_fixtures", str(tmp_path / "dump.json"), verbosity=0)
    dump = (tmp_path / "dump.json").read_text(encoding="utf-8").replace(sha256_of(TEXT), "0" * 64)
    (tmp_path / "dump.json").write_text(dump, encoding="utf-8")
    call_command("loaddata", tmp_path / "dump.json", verbosity=0)
    source.refresh_from_db()
    assert source.text == ""
    assert set(source.passages.values_list("check_state", flat=True)) == {"unverified"}


def test_unknown_source_names_its_neighbours(source: Source, article: Path) -> None:
    with pytest.raises(CommandError, match=r"no source “cat-walk”. Did you mean cat-talk\?"):
        call_command("verify_passages", "cat-walk", text=str(article))


def test_unknown_source_without_neighbours(article: Path) -> None:
    with pytest.raises(CommandError, match=r"no source “cat-walk”. There are 0 sources"):
        call_command("verify_passages", "cat-walk", text=str(article))


def test_missing_file_is_named(source: Source, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"none\.txt: No such file"):
        call_command("verify_passages", "cat-talk", text=str(tmp_path / "none.txt"))


def test_file_that_is_not_text_is_refused(source: Source, tmp_path: Path) -> None:
    (tmp_path / "bytes.txt").write_bytes(b"ab\xff")
    with pytest.raises(CommandError, match=r"is not UTF-8: byte 2 cannot be decoded"):
        call_command("attach_text", "cat-talk", text=str(tmp_path / "bytes.txt"))


def test_the_day_of_a_comparison_is_noted_if_that_is_asked_for_and_all_agrees(source: Source, article: Path) -> None:
    call_command("verify_passages", "cat-talk", text=str(article), verbosity=0)
    source.refresh_from_db()
    assert source.compared_on is None
    call_command("verify_passages", "cat-talk", text=str(article), note_day=True, verbosity=0)
    source.refresh_from_db()
    assert source.compared_on == timezone.now().date()
    assert source.history.latest().history_change_reason == "Compared with the text"


def test_no_day_is_noted_if_something_differs(source: Source, article: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(f"{TEXT}!", encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("verify_passages", "cat-talk", text=str(other), note_day=True, verbosity=0)
    source.refresh_from_db()
    assert source.compared_on is None


def test_attaching_a_text_notes_the_day(source: Source, article: Path) -> None:
    call_command("attach_text", "cat-talk", text=str(article), verbosity=0)
    source.refresh_from_db()
    assert source.compared_on == timezone.now().date()
