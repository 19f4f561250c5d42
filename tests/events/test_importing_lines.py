"""What an import says of a line that is wrong, and what it makes of one that is right."""

# ruff: noqa: E501  the tables hold whole sentences
from __future__ import annotations

import contextlib
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from base.records.provenance import sha256_of
from directory.models import Passage, Person, Source
from directory.models.sources import PassageCheck
from events.management.commands.import_statements import LinesRefused
from events.models import Statement, Wording
from tests import factories as make
from tests.world import shared_rows

pytestmark = pytest.mark.django_db
WORDS = "It was said."
NOBODY = sha256_of("Words that are not stored.")
PASSAGE = f"an-article ¶1 0-12 {sha256_of(WORDS)}"
GOOD = {"id": "st-good", "person_id": "ann-lee", "paraphrase_en": "She said it.", "passages": PASSAGE}


def make_world() -> None:
    """Make what the lines name: a text, a book that has none, people, a body, an event and a topic."""
    make.make_passage(None, WORDS)
    make.make_source("A book", text="")
    Source.objects.filter(slug="a-book").update(paragraphs=[[0, 100], [101, 50]])
    make.make_person("Ann Lee")
    make.make_person("Bo Kim", status="draft")
    make.make_organization("Film Board")
    make.make_event("Film Workshop", date="2025-03-14")
    make.make_topic("Training")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make it once for all tests of this file."""
    with shared_rows(django_db_blocker, make_world):
        yield


def load(folder: Path, lines: list[dict[str, str]] | bytes, *options: str) -> list[list[str]]:
    """Import these lines as published; return the lines of the report: line, column, value, problem, right."""
    file = folder / "statements.csv"
    if isinstance(lines, bytes):
        file.write_bytes(lines)
    else:
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(dict.fromkeys(name for line in lines for name in line)))
            writer.writeheader()
            writer.writerows(lines)
    with contextlib.suppress(LinesRefused):
        call_command("import_statements", file, "--status", "published", *options, verbosity=0)
    with (folder / "statements.csv.problems.csv").open(encoding="utf-8-sig", newline="") as report:
        head, *problems = csv.reader(report)
    assert head == ["line", "column", "value", "problem", "what would be right"]
    return problems


IDS = "as in the address of the page"
TAG = "a BCP 47 tag such as th, vi or en; one text, other languages in columns such as verbatim_en"
TEXT = "the text itself; verbatim only for words that a passage of the row prints exactly so"
SPAN = "source ¶paragraph start-end SHA-256, such as film-workshop ¶21 5051-5081 and 64 digits; several with ; between"
BAD: dict[str, tuple[dict[str, str], list[tuple[str, str, str, str]]]] = {
    "id": (
        {"id": "no id!"},
        [("id", "no id!", "This is no public id.", "letters a-z, digits and hyphens, at most 92; or empty, then an id is made from the row")],
    ),
    "person": (
        {"person_id": "nobody"},
        [("person_id", "nobody", "There is no person with this id.", f"the id of a person, {IDS}")],
    ),
    "person is a draft": (
        {"person_id": "bo-kim"},
        [("person_id", "bo-kim", "This person is not published yet.", "publish it first, or import drafts")],
    ),
    "organization": (
        {"person_id": "", "organization_id": "none"},
        [("organization_id", "none", "There is no organization with this id.", f"the id of an organization that speaks, {IDS}")],
    ),
    "two speakers": (
        {"organization_id": "film-board"},
        [("organization_id", "film-board", "A person or an organization speaks, not both.", "on_behalf_of_id for the organization")],
    ),
    "nobody speaks": (
        {"person_id": ""},
        [("person_id", "", "Nobody is named as the speaker.", "person_id, organization_id or speaker_label")],
    ),
    "on behalf of": (
        {"on_behalf_of_id": "x"},
        [("on_behalf_of_id", "x", "There is no organization with this id.", f"the id of an organization, {IDS}")],
    ),
    "event": ({"event_id": "x"}, [("event_id", "x", "There is no event with this id.", f"the id of an event, {IDS}")]),
    "kind": ({"kind": "quote"}, [("kind", "quote", "This is none of the choices.", "direct, reported or narrated")]),
    "attribution": (
        {"attribution": "x"},
        [("attribution", "x", "This is none of the choices.", "explicit, anaphoric or contextual")],
    ),
    "certainty": (
        {"certainty": "sure", "note": "Why."},
        [("certainty", "sure", "This is none of the choices.", "stated, inferred, disputed or rejected")],
    ),
    "doubt without a note": (
        {"certainty": "inferred"},
        [("note", "", "The certainty is inferred, and nothing says why.", "why it is inferred, disputed or rejected")],
    ),
    "date": (
        {"date": "14.3.2025"},
        [("date", "14.3.2025", "This is not an EDTF date.", "an EDTF date: 2025, 2025-03, 2025-03-14, 2025~ or 2025-03/2025-06")],
    ),
    "length": ({"role_at_time": "x" * 201}, [("role_at_time", "x" * 200, "It has 201 characters.", "at most 200 characters")]),
    "topics": (
        {"topic_ids": "training; x;y"},
        [("topic_ids", "x", "There is no topic with this id.", "ids of topics with ; between them"),
         ("topic_ids", "y", "There is no topic with this id.", "ids of topics with ; between them")],
    ),
    "character": (
        {"paraphrase_en": "a\0b"},
        [("paraphrase_en", "a\ufffdb", "It holds a control character (U+0000) at character 2, after “a”, which cannot be kept.", "Take it out.")],
    ),
    "no passage": ({"passages": ""}, [("passages", "", "No passage is cited.", SPAN)]),
    "passage without sense": (
        {"passages": "page 5"},
        [("passages", "page 5", "This names no passage.", SPAN)],
    ),
    "source": (
        {"passages": f"a-film ¶1 0-12 {NOBODY}"},
        [("passages", "a-film", "There is no source with this id.", SPAN)],
    ),
    "span outside its paragraph": (
        {"passages": f"a-book ¶1 101-110 {NOBODY}"},
        [("passages", f"a-book ¶1 101-110 {NOBODY}", "Paragraph 1 of this source does not hold all of 101-110.", "¶2, which does")],
    ),
    "span across paragraphs": (
        {"passages": f"a-book ¶1 90-110 {NOBODY}"},
        [("passages", f"a-book ¶1 90-110 {NOBODY}", "Paragraph 1 of this source does not hold all of 90-110.", "a span within one paragraph of the source")],
    ),
    "hash missing": (
        {"passages": "a-book ¶1 0-5"},
        [("passages", "a-book ¶1 0-5", "This passage is not recorded yet, and the text of its source is not stored.", "the SHA-256 of its words")],
    ),
    "another hash than recorded": (
        {"passages": f"an-article ¶1 0-12 {NOBODY}"},
        [("passages", f"an-article ¶1 0-12 {NOBODY}", "This passage is recorded with another SHA-256.", sha256_of(WORDS))],
    ),
    "another hash than stored": (
        {"passages": f"an-article ¶1 0-5 {NOBODY}"},
        [("passages", f"an-article ¶1 0-5 {NOBODY}", "The stored text has other words there than this SHA-256 says.", sha256_of(WORDS[:5]))],
    ),
    "paragraph without a passage": (
        {"passages": "a-book ¶1"},
        [("passages", "a-book ¶1", "This paragraph has 0 passages.", SPAN)],
    ),
    "no wording": (
        {"paraphrase_en": ""},
        [("text", "", "It has no wording.", "a text in a column such as paraphrase_en")],
    ),
    "words that are not printed": (
        {"verbatim_en": "It was not said."},
        [("verbatim_en", "It was not said.", "No passage of this row prints exactly these words. At character 8 you typed “not ”, which is not printed there.", "the words character by character, and the passage that holds only them; of a quote in parts the words of each passage with “ … ” between them")],
    ),
    "words as printed without a passage": (
        {"verbatim_en": WORDS, "passages": ""},
        [("passages", "", "No passage is cited.", SPAN),
         ("verbatim_en", WORDS, "Words as printed need the passage they are printed in.", SPAN)],
    ),
    "language": ({"paraphrase_English": "She said it."}, [("paraphrase_English", "English", "This is no language tag.", TAG)]),
    "language of a text": (
        {"text": "x", "text_nature": "paraphrase", "text_language": "th; en"},
        [("text_language", "th; en", "This is no language tag.", TAG)],
    ),
    "nature of a text": (
        {"text": "x", "text_nature": "quote", "text_language": "th"},
        [("text_nature", "quote", "This is none of the choices.", "verbatim, translation, paraphrase")],
    ),
    "two texts in one language": (
        {"text": "x", "text_nature": "paraphrase", "text_language": "en"},
        [("text", "x", "There is another wording of this nature in this language.", TEXT)],
    ),
    "translator": (
        {"translation_vi": "Lời.", "translation_vi_by": "x" * 201},
        [("translation_vi_by", "x" * 200, "It has 201 characters.", "at most 200 characters")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_wrong_line_is_reported_and_the_others_go_in(name: str, world: None, tmp_path: Path) -> None:
    cells, problems = BAD[name]
    lines = [{**GOOD, "id": "st-before"}, {**GOOD, "id": "st-bad", **cells}, {**GOOD, "id": "st-after"}]
    passages = Passage.objects.count()
    assert load(tmp_path, lines) == [["3", *problem] for problem in problems]
    assert sorted(Statement.objects.values_list("slug", flat=True)) == ["st-after", "st-before"]
    assert Passage.objects.count() == passages


def test_the_same_id_goes_in_once(world: None, tmp_path: Path) -> None:
    old = make.make_statement(Person.objects.get(slug="ann-lee"), slug="st-old")
    old.slug = "st-new"
    old.save()
    lines = [{**GOOD, "id": slug} for slug in ("st-old", "st-new", "st-a", "st-a", "", "")]
    right = "an id of its own, or none; --existing skip leaves out what is there"
    made = load(tmp_path, lines)[-1][2]
    assert load(tmp_path, lines) == [
        [str(line), "id", slug, "A statement has or had this id already.", right]
        for line, slug in enumerate(("st-old", "st-new", "st-a", "st-a", made, made), 2)
    ]
    assert Statement.objects.count() == 3
    assert made.startswith("st-")


@pytest.mark.parametrize("batch", ["1", "2", "5"])
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_line_that_says_the_same_again_is_found_however_far_away(
    batch: str, dry: list[str], world: None, tmp_path: Path
) -> None:
    lines = [{**GOOD, "id": f"st-{name}"} for name in "abcdefa"]
    problems = load(tmp_path, lines, "--batch", batch, "--existing", "skip", *dry)
    assert [(line, value) for line, _column, value, *_rest in problems] == [("8", "st-a")]


FILES = {
    "cut off": (
        b'person_id,paraphrase_en,passages\nann-lee,One.,%s\nann-lee,"Two',
        [["3", "the whole line", "", "This is not CSV: unexpected end of data.", "the closing quotation mark; the file may have been cut off"]],
    ),
    "too short and too long": (
        b"person_id,paraphrase_en,passages\nann-lee,x\n\nann-lee,One.,%s\nann-lee,x,y,z\n",
        [["2", "the whole line", "ann-lee", "The line has 2 cells, the first line has 3.", "as many cells as columns; quotation marks round a cell with commas"],
         ["5", "the whole line", "ann-lee", "The line has 4 cells, the first line has 3.", "as many cells as columns; quotation marks round a cell with commas"]],
    ),
    "quotation marks": (
        b'person_id,paraphrase_en,passages\nann-lee,"a"b,c\nann-lee,One.,%s\n',
        [["2", "the whole line", "", "This is not CSV: ',' expected after '\"'.", 'a quotation mark inside a quoted cell is written twice: ""']],
    ),
    "not UTF-8": (
        b"person_id,paraphrase_en,passages\nann-lee,Caf\xe9,%s\nann-lee,One.,%s\n",
        [["2", "paraphrase_en", "Caf\ufffd", "This is not UTF-8.", "the file saved as “CSV UTF-8”"]],
    ),
    "byte order mark, semicolons, line ends": (b"\xef\xbb\xbfperson_id;paraphrase_en;passages\r\nann-lee;One.;%s\r\n", []),
    "tabs": (b"person_id\tparaphrase_en\tpassages\nann-lee\tOne.\t%s\n", []),
    "a cell over two lines": (b'person_id,paraphrase_en,passages\nann-lee,"One.",%s\nx,"a\nb",\nx,b,\n', [
        ["3", "passages", "", "No passage is cited.", SPAN], ["3", "person_id", "x", "There is no person with this id.", f"the id of a person, {IDS}"],
        ["5", "passages", "", "No passage is cited.", SPAN], ["5", "person_id", "x", "There is no person with this id.", f"the id of a person, {IDS}"],
    ]),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_what_files_may_look_like(name: str, world: None, tmp_path: Path) -> None:
    content, problems = FILES[name]
    found = load(tmp_path, content.replace(b"%s", PASSAGE.encode()))
    assert sorted(found) == problems
    assert list(Wording.objects.values_list("text", flat=True)) == ["One."]


HEADERS = {
    b"": "begins with an empty line; the first line names the columns.",
    b"\xff\xfei\x00d\x00": "is UTF-16. Save it as “CSV UTF-8”.",
    b"id,person\n": "line 1: Unknown column “person”. Did you mean “person_id”? A text has a column such as paraphrase_en or "
    "verbatim_th (nature, language); docs/curation.md, the guide for curators, has all.",
    b"id,translation_vi_by\n": "line 1: Unknown column “translation_vi_by”. A text has a column such as paraphrase_en or "
    "verbatim_th (nature, language); docs/curation.md, the guide for curators, has all.",
    b"id,text,id\n": "line 1: Column “id” stands there twice.",
    b"id,person_id\n": "line 1: There is no column for a text, such as paraphrase_en or verbatim_th.",
}


@pytest.mark.parametrize("content", HEADERS)
def test_a_file_that_cannot_be_used_is_refused_whole(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "statements.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        call_command("import_statements", file)
    assert str(refused.value).removeprefix(str(file)).lstrip(", ") == HEADERS[content]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Cannot read .*: No such file or directory\."):
        call_command("import_statements", tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        ("an-article ¶1", (0, 12, PassageCheck.UNVERIFIED)),  # as the export names it, if there is but one
        ("an-article ¶1 0-12", (0, 12, PassageCheck.UNVERIFIED)),
        ("an-article.p1.0-12", (0, 12, PassageCheck.UNVERIFIED)),
        ("an-article ¶1 [0–12]", (0, 12, PassageCheck.UNVERIFIED)),
        ("an-article ¶1 3-6", (3, 6, PassageCheck.VERIFIED)),  # new, its hash taken from the stored text
        (f"a-book p2 110-120 {NOBODY}", (110, 120, PassageCheck.UNVERIFIED)),
    ],
)
def test_a_passage_is_found_or_made(passage: str, expected: tuple[Any, ...], world: None, tmp_path: Path) -> None:
    assert load(tmp_path, [{**GOOD, "passages": passage}]) == []
    found = Statement.objects.get().passages.get()
    found.full_clean()
    assert (found.start, found.end, found.check_state) == expected
    uid = found.uid
    found.uid = ""
    found.derive()
    assert found.uid == uid


def test_words_within_a_passage_of_a_stored_text_are_proven(world: None, tmp_path: Path) -> None:
    assert load(tmp_path, [{**GOOD, "verbatim_en": "was said"}]) == []
    wording = Wording.objects.get(nature="verbatim")
    assert (wording.proven, wording.passage) == (True, Passage.objects.get())


def test_what_a_cell_may_hold(world: None, tmp_path: Path) -> None:
    person = Person.objects.get(slug="ann-lee")
    person.slug = "ann-b-lee"
    person.save()
    text = "Tab\there, \\N, a back\\slash\nand “two” lines;\r\nน้ำ"
    line = {
        **GOOD,
        "paraphrase_en": text,
        "note": "'=SUM",
        "date": "2025-03-14",
        "event_id": "film-workshop",
        "speaker": "Ann",
    }
    assert load(tmp_path, [line]) == []
    statement = Statement.objects.get()
    assert statement.wordings.get().text == text.replace("\r\n", "\n")
    assert (statement.speaker, statement.note, statement.date, str(statement.sort_date)) == (
        person,
        "=SUM",
        "",
        "2025-03-14",
    )


def test_a_group_speaks_as_the_export_has_it(world: None, tmp_path: Path) -> None:
    assert load(tmp_path, [{**GOOD, "person_id": "", "speaker": "delegates"}]) == []
    assert Statement.objects.get().speaker_label == "delegates"


def told(folder: Path, *lines: str) -> list[list[str]]:
    """Import lines of NDJSON; return the lines of the report."""
    file = folder / "statements.ndjson"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with contextlib.suppress(LinesRefused):
        call_command("import_statements", file, "--existing", "skip", verbosity=0)
    with file.with_name(f"{file.name}.problems.csv").open(encoding="utf-8-sig", newline="") as report:
        return list(csv.reader(report))[1:]


def said(text: str, **members: Any) -> str:
    """Return a statement of a group as a line of NDJSON."""
    wording = {"language": "en", "nature": "paraphrase", "text": text, "by": ""}
    return json.dumps({"kind": "reported", "speaker_label": "delegates", "wordings": [wording], **members})


def test_an_empty_text_and_a_line_nested_without_end_stop_nobody(world: None, tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    problems = told(tmp_path, said("First."), said(""), said("   "), deep, said("Last."))
    assert [(line, problem) for line, _column, _value, problem, _right in problems[:2]] == [
        ("2", "A wording needs a text."),
        ("3", "A wording needs a text."),
    ]
    assert problems[2][0] == "4"
    assert "RecursionError" in problems[2][3]
    assert sorted(Wording.objects.values_list("text", flat=True)) == ["First.", "Last."]


def test_lines_without_an_id_that_say_other_things_are_other_statements(world: None, tmp_path: Path) -> None:
    assert told(tmp_path, said("One thing."), said("Another thing.")) == []
    assert told(tmp_path, said("One thing."), said("A third thing.")) == []
    assert sorted(Wording.objects.values_list("text", flat=True)) == ["A third thing.", "Another thing.", "One thing."]


def test_a_line_without_an_id_has_that_of_earlier_versions(world: None, tmp_path: Path) -> None:
    """Other ids would take in twice what is in already."""
    line = {"person_id": "ann-lee", "paraphrase_en": "She said it.", "page": "x", "note": "It's “so”."}
    load(tmp_path, [line], "--status", "draft")
    told(tmp_path, said("", wordings=[{"nature": "paraphrase", "language": "th", "text": "คำพูด", "by": ""}]))
    assert sorted(Statement.objects.values_list("slug", flat=True)) == ["st-dn6wvcmw7b", "st-f7jhncx926"]


def test_words_longer_than_their_passage_are_not_proven_by_its_digest(world: None, tmp_path: Path) -> None:
    words = "A whole sentence that three characters cannot hold."
    digest = sha256_of(words)
    line = {**GOOD, "id": "st-lie", "passages": f"a-book ¶1 4-7 {digest}", "verbatim_en": words}
    ((_line, column, value, problem, _right),) = load(tmp_path, [line])
    assert (column, value, problem) == ("verbatim_en", words, "No passage of this row prints exactly these words.")
    assert not Statement.objects.exists()
