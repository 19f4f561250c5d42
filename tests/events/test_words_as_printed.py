"""Passages and words as printed are of whole letters, and words that nearly are what is printed are told where they differ."""

# ruff: noqa: E501  the tables hold whole sentences

from __future__ import annotations

import contextlib
import csv
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from base.records.provenance import sha256_of
from directory.models import Passage, Source
from events.management.commands.import_statements import LinesRefused
from events.models import Statement, Wording
from tests import factories as make
from tests.curation import change_url, errors, opened, url_of, with_row

pytestmark = pytest.mark.django_db

TEXT = "เขาบอกว่า ไม่ไป แล้วก็นำไป\nShe said: “It’s Café  Noir.”\n"
CUT = "The words begin or end inside the letter “ม่” (U+0E21 U+0E48)."
QUOTE = "At character 3 “’” (U+2019 RIGHT SINGLE QUOTATION MARK) is printed, and you typed “'” (U+0027 APOSTROPHE)."


@pytest.fixture
def source() -> Source:
    return make.make_source("The Walk", text=TEXT)


def statement_of(source: Source) -> Statement:
    """Make a draft that cites both paragraphs."""
    passages = [make.make_passage(source, line) for line in TEXT.splitlines()]
    return make.make_statement(make.make_person("Ann Lee"), passages=passages, status="draft")


def added(client: Client, source: Source, **values: Any) -> Any:
    return client.post(url_of(Passage, "add"), {"source": source.pk, **values})


# Passages -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("words", "letter"), [("ไม", "ม่"), ("่ไป", "ม่"), ("น", "นำ"), ("ำไป", "นำ")])
def test_a_passage_is_of_whole_letters(admin_client: Client, source: Source, words: str, letter: str) -> None:
    start = TEXT.index(words) if letter != "นำ" else TEXT.index("นำ") + words.startswith("ำ")
    cut = Passage(source=source, uid="x", paragraph=1, start=start, end=start + len(words), sha256=sha256_of(words))
    with pytest.raises(ValidationError, match=f"whole letters: this cuts “{letter}”"):
        cut.full_clean()
    refused = errors(added(admin_client, source, start=start, end=start + len(words)))
    assert f"A passage of whole letters: this cuts “{letter}”." in [*refused.get("start", ()), *refused.get("end", ())]
    assert list(errors(added(admin_client, source, words=words))) == ["words"]
    assert not Passage.objects.exists()


def test_a_vowel_before_its_consonant_is_a_letter_of_its_own(admin_client: Client, source: Source) -> None:
    assert added(admin_client, source, words="ขาบอก").status_code == 302


def test_only_whole_letters_are_found(admin_client: Client) -> None:
    source = make.make_source("Twice", text="ไม่ ไม\n")
    assert added(admin_client, source, words="ไม").status_code == 302
    assert Passage.objects.get().start == 4


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("It's Café", QUOTE),
        ("Cafe\u0301", "At character 4 the letter is made of “é” (U+00E9 LATIN SMALL LETTER E WITH ACUTE), and you typed “e\u0301” (U+0065 U+0301)."),
        ("Café Noir", "At character 6 (U+0020 SPACE) is printed, which you left out."),
        ("ไม", CUT),
        ("Nothing of the kind", ""),
    ],
)  # fmt: skip
def test_words_for_a_passage_are_told_where_they_differ(
    admin_client: Client, source: Source, words: str, sentence: str
) -> None:
    [told] = errors(added(admin_client, source, words=words))["words"]
    assert told.startswith("These words are not in one paragraph of the source.")
    assert told.endswith(sentence or "marks and spaces too.")


# Wordings -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "place", "sentence"),
    [
        ("ไม", 0, CUT),
        ("It's", 1, QUOTE),
        ("It’s Café Noir", 1, "At character 11 (U+0020 SPACE) is printed, which you left out."),
        ("it’s Café", 1, "At character 1 “I” (U+0049 LATIN CAPITAL LETTER I) is printed, and you typed “i” (U+0069 LATIN SMALL LETTER I)."),
        ("\u0e48ไป", 0, "It begins inside a letter, with “\u0e48” (U+0E48 THAI CHARACTER MAI EK). Copy the letter whole."),
        ("\u202eIt’s\u202c", 1, "Take it out; browsers find the direction by themselves."),
    ],
)  # fmt: skip
def test_the_form_says_where_words_as_printed_differ(
    admin_client: Client, source: Source, words: str, place: int, sentence: str
) -> None:
    statement = statement_of(source)
    passage = statement.passages.order_by("start")[place]
    row = {
        "nature": "verbatim",
        "language": "th",
        "text": words,
        "passage": passage.pk,
        "by": "",
        "status": "published",
    }
    data = with_row(opened(admin_client, change_url(statement)), "wordings", **row)
    told = errors(admin_client.post(change_url(statement), data))["wordings-1-text"]
    assert any(one.endswith(sentence) for one in told), told
    assert statement.wordings.count() == 1


@pytest.mark.parametrize("words", ["ไม่ไป", "ไม่", "นำไป", "It’s Café  Noir."])
def test_a_part_of_whole_letters_is_proven(source: Source, words: str) -> None:
    passage = statement_of(source).passages.order_by("start")["It" in words]
    assert passage.proves(words)


@pytest.mark.parametrize("words", ["ไม", "น", "ำไป", "่ไป"])
def test_a_part_that_cuts_a_letter_proves_nothing(source: Source, words: str) -> None:
    assert not statement_of(source).passages.order_by("start")[0].proves(words)


def test_a_passage_that_cuts_a_letter_proves_not_even_itself(source: Source) -> None:
    start = TEXT.index("ไม่")
    passage = Passage.objects.create(source=source, paragraph=1, start=start, end=start + 2, sha256=sha256_of("ไม"))
    assert not passage.proves("ไม")


def test_without_the_text_the_hash_tells_of_another_composition(source: Source) -> None:
    passage = make.make_passage(source, "Café")
    Source.objects.update(text="")
    passage = Passage.objects.get()
    assert passage.near_miss(unicodedata.normalize("NFD", "Café")).startswith(
        "The passage prints composed letters (NFC)"
    )
    assert passage.near_miss("Cafe") == ""


def test_a_wording_of_ours_is_kept_composed_and_a_printed_one_is_not() -> None:
    apart = unicodedata.normalize("NFD", "Việt Hà")
    passage = make.make_passage(make.make_source(text=f"{apart}\n"), apart)
    statement = make.make_statement(wording="It was said.", passages=[passage])
    for nature, kept in (("verbatim", apart), ("translation", "Việt Hà")):
        wording = Wording(statement=statement, language="vi", nature=nature, text=apart, passage=passage)
        wording.full_clean(exclude=["uid"])
        assert wording.text == kept


# Import and verification ----------------------------------------------------------------------------------------------------
def reported(folder: Path, **cells: str) -> list[tuple[str, str]]:
    """Import one line; return column and problem of each line of the report."""
    file = folder / "statements.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, cells)
        writer.writeheader()
        writer.writerow(cells)
    with contextlib.suppress(LinesRefused):
        call_command("import_statements", file, verbosity=0)
    with (folder / "statements.csv.problems.csv").open(encoding="utf-8-sig", newline="") as report:
        return [(row["column"], row["problem"]) for row in csv.DictReader(report)]


def test_the_import_says_where_words_as_printed_differ(source: Source, tmp_path: Path) -> None:
    statement_of(source)
    first, second = (
        f"the-walk ¶{passage.paragraph} {passage.start}-{passage.end}" for passage in Passage.objects.all()
    )
    wrong = "No passage of this row prints exactly these words."
    assert reported(tmp_path, verbatim_en="It's Café", passages=f"{first};{second}") == [
        ("verbatim_en", f"{wrong} {QUOTE}")
    ]
    assert reported(tmp_path, verbatim_th="ไม", passages=first) == [("verbatim_th", f"{wrong} {CUT}")]
    assert reported(tmp_path, verbatim_th="ไม่", passages=first) == [
        ("verbatim_th", "The source is in English; are these words really Thai?")
    ]


def test_the_import_refuses_passages_that_cut_a_letter(source: Source, tmp_path: Path) -> None:
    start = TEXT.index("ไม่")
    told = reported(tmp_path, paraphrase_en="No.", passages=f"the-walk ¶1 {start}-{start + 2}")
    assert told == [("passages", "This passage begins or ends inside the letter “ม่”.")]
    assert not Passage.objects.exists()


def test_verification_says_where_words_differ(
    source: Source, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    statement = statement_of(source)
    passage = statement.passages.order_by("start")[1]
    make.make_wording(statement, "It's Café", nature="verbatim", passage=passage, uid="quote")
    name = make.make_name(make.make_person("Noir"), "Cafè", passages=[passage], uid="name")
    (tmp_path / "text.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(CommandError):
        call_command("verify_passages", source.slug, text=str(tmp_path / "text.txt"))
    told = capsys.readouterr().err
    assert f"wording quote: “It's Café…” is not what its passage prints. {QUOTE}" in told
    assert "personname name: “Cafè” is printed in none of its passages. At character 4 “é” (U+00E9" in told
    assert name.text == "Cafè"


def test_a_name_is_found_in_a_passage_that_has_unseen_characters(tmp_path: Path) -> None:
    text = "ฟ้า\u200bใส กล่าว\n"
    source = make.make_source("The Sky", text=text)
    passage = make.make_passage(source, text.strip())
    make.make_name(make.make_person("Fa Sai"), "ฟ้าใส", "th", passages=[passage])
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    call_command("verify_passages", source.slug, text=str(tmp_path / "text.txt"))
