"""Statements and wordings: what may be published, what is proven, what is read and what is printed."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from base.documents.plan import Document
from base.records.provenance import sha256_of
from events.models import Statement, Wording
from events.titles import headline
from events.views.embedding import statement_at
from events.wordings import printed_beside, wording_to_read
from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db

WORDS = "ภาพยนตร์เวียดนามมีอิทธิพลต่อโลกมากขึ้น"


def make_quote(words: str = WORDS, **columns: Any) -> Statement:
    """Make a direct quote in Thai."""
    return make.make_statement(make.make_person("Tony Bui"), None, words, nature="verbatim", language="th", **columns)


def document_of(statement: Statement) -> Document:
    """Return the document of which the page of a statement is made."""
    document = statement_at(statement.slug)
    assert document is not None
    return document


def reading(statement: Statement, language: str) -> Any:
    """Return the wording that a reader of this language reads."""
    return wording_to_read(document_of(statement)["wordings"], language)


def printed(statement: Statement) -> list[Document]:
    """Return what a page shows as words as printed."""
    return printed_beside(document_of(statement)["wordings"], None)


def texts(wordings: list[Wording]) -> list[str]:
    return [wording.text for wording in wordings]


def test_nothing_stands_against_a_whole_statement() -> None:
    assert make.make_statement().publish_problems() == []
    assert make_quote().publish_problems() == []


@pytest.mark.parametrize(
    ("breaking", "problem"),
    [
        (lambda s: Statement.objects.filter(pk=s.pk).update(status="draft", speaker_label=""), "Nobody is named"),
        (lambda s: s.passages.clear(), "No passage is cited."),
        (lambda s: s.wordings.all().delete(), "It has no wording."),
        (lambda s: s.wordings.update(status="draft"), "It has no wording."),
        (lambda s: s.wordings.update(nature="verbatim", passage=s.passages.get()), "is not proven by its passage."),
    ],
)
def test_what_stands_in_the_way(breaking: Any, problem: str) -> None:
    statement = make.make_statement()
    breaking(statement)
    statement = Statement.objects.get()
    (said,) = statement.publish_problems()
    assert problem in said
    with pytest.raises(ValidationError):
        statement.publish()


@pytest.mark.parametrize("end", ["speaker", "speaker_organization", "on_behalf_of", "event"])
def test_every_end_has_to_be_public(end: str) -> None:
    maker = {"speaker": make.make_person, "event": make.make_event}.get(end, make.make_organization)
    statement = make.make_statement(**{end: maker("Hidden One", status="draft")})
    (said,) = statement.publish_problems()
    assert said.endswith("“Hidden One” is not published yet.")
    assert list(Statement.objects.published()) == []


@pytest.mark.parametrize("at", [1, 7, 18, len(WORDS) - 2])
@pytest.mark.parametrize("change", ["", "x", "\u200b", "ำ", " "])
def test_one_changed_character_is_not_proven(at: int, change: str) -> None:
    statement = make_quote()
    wording = statement.wordings.get()
    assert wording.proven
    wording.text = WORDS[:at] + change + WORDS[at + 1 :]
    with pytest.raises(ValidationError, match="The passage prints other words"):
        wording.full_clean()
    wording.save()
    assert not wording.proven
    assert list(Wording.objects.published()) == []


def test_composition_counts_as_a_character() -> None:
    statement = make_quote("Đà Nẵng là")
    wording = statement.wordings.get()
    wording.text = "Đa\u0300 Nẵng là"
    wording.save()
    assert not wording.proven


def test_proven_by_hash_alone_without_the_text() -> None:
    statement = make_quote()
    wording = statement.wordings.get()
    source = wording.passage.source
    source.text = ""
    source.save()
    wording = Wording.objects.get()
    wording.save()
    assert wording.proven
    wording.text = WORDS[:-3]
    wording.save()
    assert not wording.proven
    assert list(Wording.objects.published()) == []


def test_proven_as_a_part_of_a_stored_text() -> None:
    statement = make_quote()
    wording = statement.wordings.get()
    wording.text = WORDS[5:-5]
    wording.full_clean()
    wording.save()
    assert wording.proven


def test_a_paraphrase_is_never_proven_whatever_it_says() -> None:
    for nature in ("paraphrase", "translation"):
        passage = make.make_passage(words=WORDS)
        statement = make.make_statement(wording=WORDS, nature=nature, language="th", passages=[passage])
        make.make_wording(statement, WORDS, nature=nature, language="vi", passage=passage)
        assert [wording.proven for wording in statement.wordings.all()] == [False, False]
        assert printed(statement) == []


def unprove(how: str, statement: Statement) -> None:
    """Let the passage of a quote say something else."""
    wording = statement.wordings.get(nature="verbatim")
    passage = wording.passage
    if how == "text":
        wording.text = WORDS + "!"
        wording.save()
    elif how == "hash":
        passage.sha256 = sha256_of("Other words.")
        passage.source.text = ""
        passage.source.save()
        passage.save()
    elif how == "place":
        other = make.make_passage(passage.source, "Other words.")
        passage.start, passage.end, passage.sha256, passage.paragraph = (
            other.start + 1,
            other.end,
            sha256_of("ther words."),
            other.paragraph,
        )
        passage.save()


@pytest.mark.parametrize("how", ["text", "hash", "place"])
def test_what_is_not_proven_any_more_is_nowhere_to_be_seen(client: Client, how: str) -> None:
    statement = make_quote()
    make.make_wording(statement, "Vietnamese films have more influence.", nature="translation")
    pages = ["/", "/statements/", f"/statements/{statement.slug}/", "/people/tony-bui/", "/sources/an-article/"]
    pages += ["/search/?q=tony", "/search/?q=influence", "/api/v1/statements/", f"/api/v1/statements/{statement.slug}/"]
    assert WORDS in client.get(pages[2]).text
    unprove(how, statement)
    assert {page for page in pages if WORDS[:-5] in client.get(page).text} == set()
    assert {page for page in pages if 'class="verbatim"' in client.get(page).text} == set()
    statement = Statement.objects.get()
    assert printed(statement) == []
    (problem,) = statement.publish_problems()
    assert problem.startswith("The verbatim wording “")


def test_unproven_words_are_not_found() -> None:
    statement = make_quote()
    wording = statement.wordings.get()
    statement.refresh_from_db()
    assert WORDS in statement.search
    wording.text += "!"
    wording.save()
    statement.refresh_from_db()
    assert statement.search == ""


def test_printed_words_are_shown_only_at_the_source_that_prints_them(client: Client) -> None:
    """Two sources, both with the statement in their first paragraph; only one has the words."""
    there = make.make_passage(make.make_source("There"), WORDS)
    here = make.make_passage(make.make_source("Here"), "It was said otherwise.")
    make_quote(passages=[there, here])
    assert Page(client.get("/sources/there/").text).verbatim == [("th", WORDS)]
    assert Page(client.get("/sources/here/").text).verbatim == []


LANGUAGES = ["th", "en", "vi"]


def test_reading_is_in_the_readers_language_else_english_else_any() -> None:
    statement = make_quote()
    make.make_wording(statement, "Bản dịch", nature="translation", language="vi")
    make.make_wording(statement, "A translation", nature="translation", language="en")
    make.make_wording(statement, "A paraphrase", nature="paraphrase", language="en")
    assert [reading(statement, language)["nature"] for language in LANGUAGES] == [
        "verbatim",
        "paraphrase",
        "translation",
    ]
    assert [reading(statement, language)["text"] for language in LANGUAGES] == [WORDS, "A paraphrase", "Bản dịch"]
    statement.wordings.filter(language="en").delete()
    assert [reading(statement, language)["text"] for language in LANGUAGES] == [WORDS, "Bản dịch", "Bản dịch"]


def test_reading_falls_back_to_printed_words_but_never_to_unproven_ones() -> None:
    statement = make_quote()
    assert [reading(statement, language)["text"] for language in LANGUAGES] == [WORDS] * 3
    assert headline(document_of(statement), "en") == WORDS
    unprove("text", statement)
    statement = Statement.objects.get()
    assert [reading(statement, language) for language in LANGUAGES] == [None] * 3
    assert headline(document_of(statement), "en") == statement.slug


def test_a_headline_is_short() -> None:
    statement = make.make_statement(wording="word " * 50)
    assert headline(document_of(statement), "en") == ("word " * 18)[:89] + "…"


def test_statements_stand_newest_first_then_as_printed() -> None:
    source = make.make_source()
    passages = [make.make_passage(source, words) for words in ("First.", "Second.", "Third.")]
    event = make.make_event(date="2025")
    rows = [
        make.make_statement(event=event, wording="c", passages=passages[2:]),
        make.make_statement(event=event, wording="a", passages=passages[:1]),
        make.make_statement(event=event, wording="b", passages=[passages[2], passages[1]]),
        make.make_statement(wording="new", date="2026", passages=passages[2:]),
        make.make_statement(wording="old", passages=passages[:1]),
    ]
    assert texts([row.wordings.get() for row in Statement.objects.all()]) == ["new", "a", "b", "c", "old"]
    rows[1].passages.set(passages[2:])
    rows[2].passages.remove(passages[1])
    assert texts([row.wordings.get() for row in Statement.objects.all()]) == ["new", "c", "a", "b", "old"]


def test_a_quote_stands_where_its_words_begin_not_where_it_is_introduced() -> None:
    source = make.make_source()
    introduction, words = make.make_passage(source, "He said:"), make.make_passage(source, WORDS)
    statement = make_quote(passages=[words, introduction])
    statement.refresh_from_db()
    assert statement.position == words.start


def test_a_draft_of_words_does_not_move_a_public_statement() -> None:
    early = make.make_passage(words="Said at first.")
    statement = make.make_statement(wording="More films should be made.", nature="verbatim")
    before = statement.position
    make.make_wording(statement, "Said at first.", nature="verbatim", language="vi", passage=early, status="draft")
    statement.refresh_from_db()
    assert statement.position == before > early.start


def test_a_slug_is_short_and_random() -> None:
    slugs = {make.make_statement().slug for _time in range(5)}
    assert len(slugs) == 5
    assert all(slug.startswith("st-") and len(slug) == 9 for slug in slugs)


def test_who_speaks() -> None:
    board = make.make_organization("Film Board")
    statements = [
        make.make_statement(make.make_person("Ann Lee")),
        make.make_statement(speaker_organization=board),
        make.make_statement(speaker_label="Experts"),
        Statement(),
    ]
    assert [statement.speaker_name for statement in statements] == ["Ann Lee", "Film Board", "Experts", ""]


def test_one_wording_of_a_nature_in_a_language() -> None:
    statement = make.make_statement(wording="One.")
    double = Wording(statement=statement, text="Two.", nature="paraphrase", language="en")
    with pytest.raises(ValidationError, match="change that one"):
        double.full_clean()
