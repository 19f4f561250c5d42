"""The command `propose`: what it prints, and how it refuses. It writes nothing."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from directory.models import Source
from tests.factories import make_person, make_source

TEXT = "😀 The bridge is old.\n“The bridge is safe,” said Ines Aldana, the mayor, “and open.”\n"

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("propose", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_a_file_becomes_json(article: Path) -> None:
    document = json.loads(run("--text", str(article), "--language", "en", "--format", "json"))
    assert list(document) == ["proposals"]
    (quote,) = [one for one in document["proposals"] if one["kind"] == "quote"]
    assert [TEXT[start:end] for start, end in quote["spans"]] == ["The bridge is safe,", "and open."]
    assert quote["text"] == "The bridge is safe, … and open."
    assert quote["cue"] == "said"
    assert quote["speaker"]["who"] == "Ines Aldana"
    assert TEXT[slice(*quote["speaker"]["span"])] == quote["speaker"]["text"] == "Ines Aldana"
    assert 0 < quote["score"] <= 1
    assert "said" in quote["reason"]
    kinds = {"quote", "reported", "name", "role", "organization", "event", "initiative", "date"}
    for one in document["proposals"]:
        assert {"kind", "spans", "text", "reason", "score"} <= one.keys()
        assert one["kind"] in kinds


def test_spans_count_every_character_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "windows.txt"
    text = "\ufeffInes Aldana, a pilot, left.\r\n“It is late,” she said.\r\n"
    path.write_bytes(text.encode())
    document = json.loads(run("--text", str(path), "--language", "en", "--format", "json"))
    (quote,) = [one for one in document["proposals"] if one["kind"] == "quote"]
    assert [text[start:end] for start, end in quote["spans"]] == ["It is late,"]


def test_a_stored_source_is_read_in_its_own_language() -> None:
    source = make_source(text=TEXT, language="en")
    make_person("Ines Aldana", slug="ines-aldana")
    for name in (source.slug, str(source.pk)):
        shown = run(name)
        assert "line 2 quote" in shown
        assert "on record as person ines-aldana" in shown
    assert json.loads(run(source.slug, "--format", "json"))["proposals"]


def test_nothing_is_written(article: Path) -> None:
    source = make_source(text=TEXT, language="en")
    before = {model: list(model._base_manager.values()) for model in apps.get_models()}
    run("--text", str(article), "--language", "en")
    run(source.slug)
    assert {model: list(model._base_manager.values()) for model in apps.get_models()} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name either a source, such as film-workshop, or a file"),
        (["film-workshop", "--text", "x"], "Name either a source"),
        (["--text", "x"], "Say in which language the file is"),
        (["--text", "no-such-file", "--language", "en"], "Cannot read no-such-file"),
        (["--text", ".", "--language", "en"], "is a directory"),
        (["no-such-source"], "There is no source “no-such-source”"),
        (["999999999"], "There is no source “999999999”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_would_be_right(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n", "is empty"),
        (b"\xff\xfea\x00b\x00", "is not UTF-8.*UTF-16"),
        ("“né”".encode("cp1252"), "is not UTF-8: byte 0"),
        (b"%PDF-1.7\n\xff", "PDF"),
        (b"a" * 1_000_001, "1,000,001 bytes"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "article.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        run("--text", str(path), "--language", "en")


def test_a_language_without_rules_is_refused(article: Path) -> None:
    with pytest.raises(CommandError, match="no rules for “xx”; there are for en, th and vi"):
        run("--text", str(article), "--language", "xx")


def test_a_source_without_text_is_refused_with_the_way_out() -> None:
    source = make_source()
    Source.objects.filter(pk=source.pk).update(text="")
    with pytest.raises(CommandError, match=r"is not stored\. Store it with attach_text"):
        run(source.slug)


def test_names_that_cannot_be_read_are_new_ones(article: Path, monkeypatch: Any) -> None:
    from django.db import OperationalError

    from desk.proposals import KnownNames

    def refuse() -> KnownNames:
        raise OperationalError("no such table")

    monkeypatch.setattr(KnownNames, "from_database", refuse)
    errors = StringIO()
    call_command("propose", "--text", str(article), "--language", "en", stdout=StringIO(), stderr=errors)
    assert "every name is a new one" in errors.getvalue()
