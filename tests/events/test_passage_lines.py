"""What the page of a statement says of its passages, of when they were compared, and of what stands before and after it."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.test import Client

from directory.models import Passage, Source
from events.models import Statement
from tests import factories as make

pytestmark = pytest.mark.django_db

TEXT = "Ann Lee said: “We wait. We hope.” So did all.\nLater the Board agreed.\n"


@pytest.fixture
def source() -> Source:
    return make.make_source("Minutes", text=TEXT)


def lines_of(client: Client, statement: Statement) -> list[tuple[str, str]]:
    """Return (what the passage is, its words) of each passage on the page of a statement."""
    lines = client.get(statement.get_absolute_url()).context["passage_lines"]
    return [(str(line.label), TEXT[line.passage["start"] : line.passage["end"]]) for line in lines]


def quote(source: Source, *further: Passage, **columns: Any) -> Statement:
    words = make.make_passage(source, "We hope.")
    columns = {"attribution_text": "Ann Lee", **columns}
    return make.make_statement(None, None, "We hope.", nature="verbatim", passages=[words, *further], **columns)


def test_each_passage_of_a_quote_is_told_by_what_it_is(client: Client, source: Source) -> None:
    speaker, whole = make.make_passage(source, "Ann Lee said:"), make.make_passage(source, "We wait. We hope.")
    assert lines_of(client, quote(source, speaker, whole)) == [
        ("names the speaker", "Ann Lee said:"),
        ("the whole quotation", "We wait. We hope."),
        ("these words", "We hope."),
    ]


def test_of_several_passages_beside_the_words_only_a_certain_one_names_the_speaker(
    client: Client, source: Source
) -> None:
    beside = [make.make_passage(source, words) for words in ("Ann Lee", "So did all.", "Later the Board agreed.")]
    assert lines_of(client, quote(source, *beside)) == [
        ("names the speaker", "Ann Lee"),
        ("these words", "We hope."),
        ("stands beside these words", "So did all."),
        ("stands beside these words", "Later the Board agreed."),
    ]


def test_a_passage_too_short_for_the_name_does_not_name_the_speaker(client: Client, source: Source) -> None:
    short = make.make_passage(source, "said:")
    assert lines_of(client, quote(source, short, attribution_text="Ann Lee said"))[0][0] == "stands beside these words"


def test_reported_words_are_told_and_parts_of_a_divided_quote_are_parts(client: Client, source: Source) -> None:
    account = make.make_passage(source, "Later the Board agreed.")
    reported = make.make_statement(None, None, "They agree.", passages=[account])
    assert lines_of(client, reported) == [("tells what was said", "Later the Board agreed.")]
    parts = [make.make_passage(source, words) for words in ("We wait.", "We hope.")]
    divided = make.make_statement(None, None, "We wait. … We hope.", nature="verbatim", passages=parts)
    assert [label for label, _words in lines_of(client, divided)] == ["a part of these words"] * 2


def test_the_passage_of_the_words_is_listed_even_if_only_the_wording_has_it(client: Client, source: Source) -> None:
    speaker = make.make_passage(source, "Ann Lee said:")
    statement = quote(source, speaker)
    statement.passages.set([speaker])
    assert ("these words", "We hope.") in lines_of(client, statement)


def test_links_to_passages_have_different_names_and_hashes_are_folded_away(client: Client, source: Source) -> None:
    speaker, whole = make.make_passage(source, "Ann Lee said:"), make.make_passage(source, "We wait. We hope.")
    page = client.get(quote(source, speaker, whole).get_absolute_url()).content.decode()
    names = re.findall(r'>Paragraph 1<span class="visually-hidden">: ([^<]*)<', page)
    assert names == ["names the speaker", "the whole quotation", "these words"]
    folded = "".join(re.findall(r"<details>.*?</details>", page, re.S))
    assert page.count(whole.sha256) == folded.count(whole.sha256) == 1


STATES = [
    ("verified", None, "these passages agree with it."),
    (
        "verified",
        datetime.date(2026, 11, 28),
        "All passages then on record were last compared with it on 28 November 2026.",
    ),
    ("changed", None, "has other words at one of these passages now"),
    ("unverified", None, "no comparison with it is on record"),
    (
        "unverified",
        datetime.date(2026, 11, 28),
        "compared every passage then on record with the text of the source on 28 Nov",
    ),
]


@pytest.mark.parametrize(("state", "day", "sentence"), STATES)
def test_it_is_said_who_compared_the_passages_and_when(
    client: Client, source: Source, state: str, day: datetime.date | None, sentence: str
) -> None:
    statement = quote(source)
    source.passages.update(check_state=state)
    source.compared_on = day
    source.save()
    page = client.get(statement.get_absolute_url()).content.decode()
    assert sentence in page
    assert f"/check/?statement={statement.slug}" in page
    assert "match the SHA-256 of their passage" not in page


def nearby(client: Client, statement: Statement) -> tuple[list[str], list[str]]:
    context = client.get(statement.get_absolute_url()).context
    return [card["id"] for card in context["previous"]], [card["id"] for card in context["next"]]


def test_the_statements_before_and_after_are_those_of_the_source(client: Client) -> None:
    source, other = make.make_source("Minutes"), make.make_source("Letters")
    said = [
        make.make_statement(None, None, f"Thought {number}.", passages=[make.make_passage(source, f"Words {number}.")])
        for number in range(3)
    ]
    again = make.make_statement(None, None, "Same place.", passages=[make.make_passage(source, "Words 1.")])
    make.make_statement(None, None, "Elsewhere.", passages=[make.make_passage(other, "Words elsewhere.")])
    make.make_statement(None, None, "A draft.", passages=[make.make_passage(source, "Words 1.")], status="draft")
    assert nearby(client, said[0]) == ([], [said[1].slug])
    assert nearby(client, said[1]) == ([said[0].slug], [again.slug])
    assert nearby(client, again) == ([said[1].slug], [said[2].slug])
    assert nearby(client, said[2]) == ([again.slug], [])


def test_quotes_of_one_quotation_follow_each_other(client: Client, source: Source) -> None:
    whole = make.make_passage(source, "We wait. We hope.")
    first, second = (
        make.make_statement(None, None, words, nature="verbatim", passages=[make.make_passage(source, words), whole])
        for words in ("We wait.", "We hope.")
    )
    assert nearby(client, first) == ([], [second.slug])
    assert nearby(client, second) == ([first.slug], [])
