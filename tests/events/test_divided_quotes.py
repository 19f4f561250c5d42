"""A quote that is interrupted, as by “she said”, is one wording of several segments, each proven by the hash of its own passage."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.records.merging import merge
from base.records.provenance import sha256_of
from base.records.publishing import Status
from directory import verification
from directory.models import Passage, Source
from events.models import Statement, Wording
from events.models.segments import JOINER, texts_of_segments
from events.quotes import save_quote
from tests import factories as make

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = "Films join people", "and people make films", "That is all"
TEXT = f"“{FIRST},” Ann Lee said, “{SECOND}.”\nShe paused.\n“{THIRD},” she added.\n"
WORDS = f"{FIRST} … {SECOND}"


@pytest.fixture
def source() -> Source:
    return make.make_source("The Walk", text=TEXT, url="https://news.example/walk")


@pytest.fixture
def passages(source: Source) -> list[Passage]:
    return [make.make_passage(source, words) for words in (FIRST, SECOND, THIRD)]


@pytest.fixture
def statement(passages: list[Passage]) -> Statement:
    """Return a public statement whose quote is divided, with a translation of it."""
    statement = make.make_statement(
        make.make_person("Ann Lee"),
        make.make_event("Film Workshop"),
        "ภาพยนตร์เชื่อมผู้คน",
        nature="translation",
        language="th",
        passages=passages[:2],
        statement_kind="direct",
    )
    make.make_divided_quote(statement, passages[:2])
    return statement


def quote_of(statement: Statement) -> Wording:
    return statement.wordings.get(nature="verbatim")


# The words and their passages -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "lengths", "texts"),
    [
        ("One", [3], ["One"]),
        ("One", [9], ["One"]),
        ("One … two", [9], ["One … two"]),
        ("One … two", [3, 3], ["One", "two"]),
        ("One … two … three", [3, 3, 5], ["One", "two", "three"]),
        ("One … two … three", [9, 5], ["One … two", "three"]),
        ("One two", [3, 3], []),
        ("One... two", [3, 3], []),
        ("One … two", [3, 4], []),
        ("One … two", [3, 2], []),
        ("One … two", [3, 3, 3], []),
        ("One … two … three", [3, 3], []),
    ],
)
def test_words_are_taken_apart_by_the_lengths_of_the_passages(words: str, lengths: list[int], texts: list[str]) -> None:
    assert texts_of_segments(words, lengths) == texts


def test_every_segment_is_proven_by_its_own_hash(statement: Statement) -> None:
    quote = quote_of(statement)
    assert (quote.text, quote.proven) == (WORDS, True)
    Source.objects.update(text="")
    quote.refresh_from_db()
    quote.derive()
    assert quote.proven, "the hashes prove it without the text too"
    assert WORDS in statement.wordings.published().values_list("text", flat=True)


@pytest.mark.parametrize("text", [f"{FIRST} {SECOND}", f"{FIRST} ... {SECOND}", f"{FIRST} … {SECOND.title()}", FIRST])
def test_other_words_are_not_proven_and_not_public(statement: Statement, text: str) -> None:
    quote = quote_of(statement)
    quote.text = text
    quote.save()
    quote.refresh_from_db()
    assert not quote.proven
    assert not Wording.objects.published().filter(pk=quote.pk).exists()
    with pytest.raises(ValidationError):
        quote.full_clean()
    statement.refresh_from_db()
    assert any("is not proven by its passage" in problem for problem in statement.publish_problems())


def test_a_passage_added_or_taken_away_proves_other_words(statement: Statement, passages: list[Passage]) -> None:
    quote = quote_of(statement)
    quote.further_passages.remove(passages[1])
    quote.refresh_from_db()
    assert not quote.proven
    statement.refresh_from_db()
    assert "people make films" not in statement.search
    quote.further_passages.add(passages[1])
    quote.refresh_from_db()
    assert quote.proven
    statement.refresh_from_db()
    assert "people make films" in statement.search


def test_a_corrected_passage_takes_its_proof_back(statement: Statement, passages: list[Passage]) -> None:
    passages[1].sha256 = sha256_of("something else")
    passages[1].save()
    quote = quote_of(statement)
    assert not quote.proven
    statement.refresh_from_db()
    assert "people make films" not in statement.search


def test_a_passage_that_carries_a_segment_stays(passages: list[Passage], source: Source) -> None:
    statement = make.make_statement(passages=passages[2:])
    make.make_divided_quote(statement, passages[:2])
    for passage in passages:
        with pytest.raises(ProtectedError), transaction.atomic():
            passage.delete()


def test_without_its_source_there_is_no_quote(statement: Statement, source: Source, client: Client) -> None:
    source.status = Status.DRAFT
    Source.objects.filter(pk=source.pk).update(status=Status.DRAFT)
    assert not Wording.objects.published().filter(nature="verbatim").exists()


def test_uniting_two_statements_leaves_the_quote_of_the_one_that_stays(passages: list[Passage]) -> None:
    speaker = make.make_person("Ann Lee")
    double, stays = (
        make.make_statement(speaker, wording=text, nature="verbatim", passages=cited)
        for text, cited in ((WORDS, passages[:2]), (f"{FIRST} … {THIRD}", passages[::2]))
    )
    merge(double, stays, reason="The same.")
    [quote] = stays.wordings.all()
    assert (quote.text, quote.proven, quote.passages_in_order()) == (f"{FIRST} … {THIRD}", True, passages[::2])
    assert set(stays.passages.all()) == set(passages)


# Made of passages -----------------------------------------------------------------------------------------------------------
def test_a_quote_is_made_of_passages_in_any_order(passages: list[Passage]) -> None:
    statement = make.make_statement(passages=passages[2:], status="draft")
    quote = Wording(statement=statement)
    save_quote(quote, [passages[2], passages[0], passages[1], passages[0]])
    quote.refresh_from_db()
    assert (quote.text, quote.proven, quote.language) == (f"{FIRST} … {SECOND} … {THIRD}", True, "en")
    assert (quote.passage, set(quote.further_passages.all())) == (passages[0], set(passages[1:]))
    assert set(statement.passages.all()) == set(passages)
    assert quote.history.latest().further_passages.count() == 2


def test_a_stored_quote_gets_another_passage(statement: Statement, passages: list[Passage]) -> None:
    quote = quote_of(statement)
    save_quote(quote, passages)
    quote.refresh_from_db()
    assert (quote.text, quote.proven) == (f"{WORDS} … {THIRD}", True)
    save_quote(quote, passages[:1])
    quote.refresh_from_db()
    assert (quote.text, quote.proven, quote.further_passages.count()) == (FIRST, True, 0)


def test_what_is_no_quote_is_refused_and_says_why(
    statement: Statement, passages: list[Passage], source: Source
) -> None:
    other = make.make_passage(make.make_source("Another"), "Elsewhere")
    overlapping = make.make_passage(source, "people,” Ann Lee said")
    draft = make.make_statement(passages=passages, status="draft")

    def refusal(*args: Any, of: Statement = draft) -> str:
        with pytest.raises(ValidationError) as refused:
            save_quote(Wording(statement=of, language="en"), *args)
        assert not Wording.objects.filter(statement=draft, nature="verbatim").exists()
        return str(refused.value)

    assert "Words as printed need the passage they are printed in." in refusal([])
    assert "these passages are of several: “another”, “the-walk”" in refusal([passages[0], other])
    assert "overlap" in refusal([passages[0], overlapping])
    assert f"A quote in 2 passages reads: “{WORDS}”" in refusal(passages[:2], FIRST)
    assert "Part 2 of the quote is not what" in refusal(passages[:2], f"{FIRST} … {SECOND.title()}")
    assert "There already is a wording of this nature in this language" in refusal(passages[:2], of=statement)
    Source.objects.update(text="")
    without = list(Passage.objects.filter(pk__in=[passage.pk for passage in passages[:2]]))
    assert "the words have to be given" in refusal(without)
    assert "here 17 … 21" in refusal(without, FIRST)
    save_quote(Wording(statement=draft, language="en"), without, WORDS)
    assert draft.wordings.get(nature="verbatim").proven


# Checked against the text ----------------------------------------------------------------------------------------------------
def test_verification_compares_segment_by_segment(statement: Statement, source: Source) -> None:
    assert verification.verify(source, TEXT).failures == []
    Wording.objects.filter(nature="verbatim").update(text=f"{FIRST} … {SECOND.title()}")
    [failure] = verification.verify(source, TEXT).failures
    assert f"“{SECOND.title()}…” is not what its passage prints." in failure
    Wording.objects.filter(nature="verbatim").update(text=f"{FIRST} {SECOND}")
    [failure] = verification.verify(source, TEXT).failures
    assert "has other parts than its 2 passages" in failure


def test_a_text_that_is_attached_proves_it(statement: Statement, source: Source) -> None:
    Wording.objects.filter(nature="verbatim").update(proven=False)
    verification.attach(source, TEXT)
    assert quote_of(statement).proven


# Shown -----------------------------------------------------------------------------------------------------------------------
MARKED = f'<mark class="verbatim"{{}}>{FIRST}</mark> … <mark class="verbatim"{{}}>{SECOND}</mark>'


def test_pages_mark_each_segment_and_not_what_stands_between(statement: Statement, client: Client) -> None:
    with_language = MARKED.replace("{}", ' lang="en"')
    assert with_language in client.get(f"/statements/{statement.slug}/").content.decode()
    for path in ("/statements/", "/events/film-workshop/", "/people/ann-lee/"):
        assert with_language in client.get(path).content.decode(), path
    quoted = f'<blockquote class="printed" lang="en">“{MARKED.replace("{}", "")}”</blockquote>'
    assert quoted in client.get(f"/th/statements/{statement.slug}/").content.decode()
    assert quoted in client.get("/th/statements/").content.decode()


def test_the_page_of_the_source_has_each_segment_where_it_stands(
    passages: list[Passage], source: Source, client: Client
) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), passages=[passages[0], passages[2]])
    make.make_divided_quote(statement, [passages[0], passages[2]])
    page = client.get("/sources/the-walk/").content.decode()
    assert f'“<mark class="verbatim">{FIRST}</mark> …”' in page.split('id="p2"')[0]
    assert f'“… <mark class="verbatim">{THIRD}</mark>”' in page.split('id="p3"')[1]
    assert JOINER.join([FIRST, THIRD]) not in page.split('id="p2"')[0].split("</ol>")[-1].split("recorded")[0]
    Source.objects.update(licence="CC BY", text_is_public=True)
    page = client.get("/sources/the-walk/").content.decode()
    assert f'“<mark class="verbatim">{FIRST}</mark>,” Ann Lee said, “{SECOND}.”' in page
    assert f'“<mark class="verbatim">{THIRD}</mark>,” she added.' in page


def test_the_source_is_opened_at_all_its_parts(statement: Statement, client: Client) -> None:
    page = client.get(f"/statements/{statement.slug}/").content.decode()
    fragment = "#:~:text=Films%20join%20people&amp;text=and%20people%20make%20films"
    assert f'href="https://news.example/walk{fragment}"' in page


def test_the_api_has_the_segments(statement: Statement, passages: list[Passage], client: Client) -> None:
    answer = client.get(f"/api/v1/statements/{statement.slug}/").json()
    printed, translation = answer["wordings"]
    assert (printed["text"], printed["proven"]) == (WORDS, True)
    assert printed["segments"] == [
        {"passage": row.uid, "text": text, "start": row.start, "end": row.end, "sha256": row.sha256}
        for row, text in zip(passages[:2], (FIRST, SECOND), strict=True)
    ]
    assert [TEXT[each["start"] : each["end"]] for each in printed["segments"]] == [FIRST, SECOND]
    assert [sha256_of(each["text"]) for each in printed["segments"]] == [each["sha256"] for each in printed["segments"]]
    assert translation["segments"] == []
    assert answer["reading"] == printed
    few = client.get(f"/api/v1/statements/{statement.slug}/?fields=wordings.segments.text,reading.text").json()
    assert few == {
        "reading": {"text": WORDS},
        "wordings": [{"segments": [{"text": FIRST}, {"text": SECOND}]}, {"segments": []}],
    }


def test_an_annotation_has_one_target_a_segment(statement: Statement, passages: list[Passage], client: Client) -> None:
    statement.passages.remove(passages[1])
    annotation = json.loads(client.get(f"/statements/{statement.slug}.anno").content)
    assert [body["value"] for body in annotation["body"] if body.get("purpose") == "highlighting"] == [WORDS]
    selectors = [target["selector"] for target in annotation["target"]]
    assert [[each["type"] for each in target] for target in selectors] == [
        ["TextPositionSelector", "TextQuoteSelector"]
    ] * 2
    assert [target[0]["start"] for target in selectors] == [passage.start for passage in passages[:2]]
    assert [target[1]["exact"] for target in selectors] == [FIRST, SECOND]
    assert all(target["state"]["value"].endswith(sha256_of(TEXT)) for target in annotation["target"])


def test_search_finds_the_words_of_all_segments_but_no_word_across_the_joint(
    passages: list[Passage], source: Source, client: Client
) -> None:
    printed = make.make_source("ข่าว", text="“หนังเชื่อมคน” เธอกล่าว “และคนสร้างหนัง”\n", language="th")
    parts = [make.make_passage(printed, words) for words in ("หนังเชื่อมคน", "และคนสร้างหนัง")]
    statement = make.make_statement(make.make_person("Ann Lee"), passages=parts)
    make.make_divided_quote(statement, parts, "th")

    def found(words: str) -> list[str]:
        return [row["id"] for row in client.get("/api/v1/statements/", {"q": words}).json()["results"]]

    assert found("หนังเชื่อมคน") == found("คนสร้างหนัง") == found("เชื่อม สร้าง") == [statement.slug]
    assert found("เชื่อมคนและคน") == []
    page = client.get("/search/", {"q": "สร้าง"}).content.decode()
    assert "<b>สร้าง</b>" in page


PATHS = [
    *("/statements/", "/statements/{}/", "/sources/the-walk/", "/people/ann-lee/", "/api/v1/statements/"),
    *("/api/v1/statements/{}/", "/statements/{}.anno", "/api/v1/export/statements.ndjson", "/statements.atom"),
]


@pytest.mark.parametrize("path", PATHS)
def test_divided_quotes_cost_no_query_more(passages: list[Passage], client: Client, path: str) -> None:
    speaker = make.make_person("Ann Lee")
    statement = make.make_statement(speaker, wording=FIRST, nature="verbatim", passages=passages)
    other = make.make_statement(speaker, wording=FIRST, nature="verbatim", passages=passages)

    def queries() -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path.format(statement.slug)).getvalue()
        return [query["sql"] for query in captured]

    queries()  # what is made once
    plain = queries()
    save_quote(quote_of(statement), passages)
    save_quote(quote_of(other), passages[:2])
    divided = queries()
    assert len(divided) == len(plain), "\n".join(divided)
