"""Curators record a divided quote with the fields of today: one more passage, and the words are read from the source."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Passage, Source
from events.models import Statement, Wording
from tests import factories as make
from tests.curation import change_url, errors, opened, url_of, with_row

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = "Films join people", "and people make films", "That is all"
TEXT = f"“{FIRST},” Ann Lee said, “{SECOND}.”\nShe paused.\n“{THIRD},” she added.\n"
WORDS = f"{FIRST} … {SECOND}"


@pytest.fixture
def source() -> Source:
    return make.make_source("The Walk", text=TEXT)


@pytest.fixture
def passages(source: Source) -> list[Passage]:
    return [make.make_passage(source, words) for words in (FIRST, SECOND, THIRD)]


@pytest.fixture
def statement(passages: list[Passage]) -> Statement:
    """Return a public statement that quotes the first passage alone."""
    return make.make_statement(make.make_person("Ann Lee"), wording=FIRST, nature="verbatim", passages=passages[:2])


def quote(first: Passage | None, *further: Passage, text: str = "", **values: Any) -> dict[str, Any]:
    """Return the fields of a quote as an inline sends them."""
    row = {"nature": "verbatim", "language": "en", "text": text, "by": "", "status": "published"}
    keys = {"passage": first.pk if first else "", "further_passages": [str(each.pk) for each in further]}
    return {**row, **keys, **values}


def test_a_statement_with_a_divided_quote_is_added_and_published_in_one_go(
    admin_client: Client, passages: list[Passage]
) -> None:
    url, speaker = url_of(Statement, "add"), make.make_person("Ann Lee")
    cited = [passage.pk for passage in passages]
    data = opened(admin_client, url) | {"speaker": speaker.pk, "passages": cited, "statement_kind": "direct"}
    data = with_row(data, "wordings", **quote(passages[0], passages[2], passages[1]))
    assert admin_client.post(url, {**data, "_publish": "1"}).status_code == 302
    statement = Statement.objects.get()
    [wording] = statement.wordings.all()
    assert (statement.status, wording.text, wording.proven) == ("published", f"{WORDS} … {THIRD}", True)
    assert wording.passages_in_order() == passages


def test_a_second_passage_is_added_to_a_quote_and_its_words_follow(
    admin_client: Client, statement: Statement, passages: list[Passage]
) -> None:
    wording = statement.wordings.get()
    data = opened(admin_client, change_url(wording)) | {"further_passages": [passages[1].pk]}
    assert admin_client.post(change_url(wording), data).status_code == 302
    wording.refresh_from_db()
    assert (wording.text, wording.proven) == (WORDS, True)
    statement.refresh_from_db()
    assert (statement.status, "people make films" in statement.search) == ("published", True)
    data = {
        name: value for name, value in opened(admin_client, change_url(wording)).items() if name != "further_passages"
    }
    assert admin_client.post(change_url(wording), data).status_code == 302
    wording.refresh_from_db()
    assert (wording.text, wording.proven, wording.further_passages.count()) == (FIRST, True, 0)


def test_in_the_form_of_the_statement_too(admin_client: Client, statement: Statement, passages: list[Passage]) -> None:
    data = opened(admin_client, change_url(statement)) | {"wordings-0-further_passages": [passages[1].pk]}
    assert admin_client.post(change_url(statement), data).status_code == 302
    assert statement.wordings.get().text == WORDS


def test_the_order_in_which_passages_are_chosen_makes_no_difference(
    admin_client: Client, statement: Statement, passages: list[Passage]
) -> None:
    wording = statement.wordings.get()
    chosen = {"passage": passages[1].pk, "further_passages": [passages[1].pk, passages[0].pk], "text": ""}
    chosen["change_reason"] = "Copied too little."
    assert admin_client.post(change_url(wording), opened(admin_client, change_url(wording)) | chosen).status_code == 302
    wording.refresh_from_db()
    assert (wording.text, wording.passage, wording.proven) == (WORDS, passages[0], True)
    assert list(wording.further_passages.all()) == passages[1:2]


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"text": f"{FIRST} {SECOND}"}, "text", f"A quote in 2 passages reads: “{WORDS}”"),
        ({"text": f"{FIRST}... {SECOND}"}, "text", f"A quote in 2 passages reads: “{WORDS}”"),
        ({"text": f"{FIRST} … And people make films"}, "text", "Part 2 of the quote is not what ¶1 [36–57] prints."),
        ({"text": f"{FIRST} … And people make films"}, "text", "At character 1 “a”"),
        (
            {"nature": "paraphrase", "text": "Ours."},
            "further_passages",
            "Only words as printed go on in further passages.",
        ),
        ({"nature": "paraphrase", "text": ""}, "text", "This field is required."),
        (
            {"passage": "other", "text": WORDS},
            "further_passages",
            "these passages are of several: “another”, “the-walk”",
        ),
        ({"passage": "overlapping", "text": WORDS}, "further_passages", "overlap; a quote has its words once."),
        ({"further_passages": ["99999"], "text": WORDS}, "further_passages", "99999"),
        ({"further_passages": ["x"], "text": WORDS}, "further_passages", "“x” is not a valid value."),
    ],
)
def test_what_is_no_quote_is_refused_and_loses_nothing(
    admin_client: Client,
    statement: Statement,
    passages: list[Passage],
    source: Source,
    values: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    special = {
        "other": make.make_passage(make.make_source("Another"), "Elsewhere"),
        "overlapping": make.make_passage(source, "join people,” Ann Lee said, “and"),
    }
    wording = statement.wordings.get()
    values = {
        name: special[value].pk if isinstance(value, str) and value in special else value
        for name, value in values.items()
    }
    sent = opened(admin_client, change_url(wording)) | {"further_passages": [passages[1].pk]} | values
    answer = admin_client.post(change_url(wording), sent)
    assert any(sentence in text for text in errors(answer)[field]), errors(answer)
    if values.get("text"):
        assert answer.context["adminform"].form["text"].value() == values["text"]
    wording.refresh_from_db()
    assert (wording.text, wording.proven, wording.further_passages.count()) == (FIRST, True, 0)


def test_without_the_text_the_words_are_typed_and_proven_by_the_hashes(
    admin_client: Client, statement: Statement, passages: list[Passage]
) -> None:
    Source.objects.update(text="")
    wording = statement.wordings.get()
    data = opened(admin_client, change_url(wording)) | {"further_passages": [passages[1].pk]}
    refused = errors(admin_client.post(change_url(wording), data))
    assert refused == {
        "text": ["A quote in 2 passages has a part for each, of as many characters as the passage: here 17 … 21."]
    }
    assert admin_client.post(change_url(wording), data | {"text": WORDS, "change_reason": "Whole."}).status_code == 302
    wording.refresh_from_db()
    assert (wording.text, wording.proven) == (WORDS, True)


def test_an_old_version_comes_back_with_its_passages(
    admin_client: Client, statement: Statement, passages: list[Passage]
) -> None:
    wording = statement.wordings.get()
    data = opened(admin_client, change_url(wording)) | {"further_passages": [passages[1].pk]}
    admin_client.post(change_url(wording), data)
    divided = wording.history.latest()
    assert [link.passage for link in divided.further_passages.all()] == passages[1:2]
    data = {
        name: value for name, value in opened(admin_client, change_url(wording)).items() if name != "further_passages"
    }
    admin_client.post(change_url(wording), data)
    wording.refresh_from_db()
    assert wording.text == FIRST
    url = url_of(Wording, "simple_history", wording.pk, divided.pk)
    assert admin_client.post(url, opened(admin_client, url)).status_code == 302
    wording.refresh_from_db()
    assert (wording.text, wording.proven, list(wording.further_passages.all())) == (WORDS, True, passages[1:2])


def test_a_passage_that_a_public_quote_goes_on_in_cannot_be_broken_or_deleted(
    admin_client: Client, passages: list[Passage]
) -> None:
    statement = make.make_statement(
        make.make_person("Ann Lee"), wording=WORDS, nature="verbatim", passages=passages[:2]
    )
    Wording.objects.get().statement.passages.remove(passages[1])
    url = change_url(passages[1])
    answer = admin_client.post(url, opened(admin_client, url) | {"words": "people make films"})
    assert "is published and has to stay fit for it" in str(errors(answer)[""])
    deleted = admin_client.post(url_of(Passage, "delete", passages[1].pk), {"post": "yes"}, follow=True)
    assert "cannot be deleted" in deleted.content.decode()
    passages[1].refresh_from_db()
    assert statement.wordings.get().proven


def test_the_passages_of_all_quotes_of_a_form_are_read_at_once(
    admin_client: Client, statement: Statement, passages: list[Passage]
) -> None:
    def reads() -> int:
        with CaptureQueriesContext(connection) as captured:
            admin_client.get(change_url(statement))
        return sum("wording_further_passages" in query["sql"] for query in captured)

    one = reads()
    for language in ("th", "vi", "de"):
        make.make_wording(statement, "Ours.", nature="translation", language=language)
    assert reads() == one
