"""Statements that make the same claim as another one, or contradict it: on pages, in the API and files, and at a curator's desk."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.models import ChangeSet
from base.records.change_sets import ChangeAction, change_set
from base.records.merging import merge
from base.records.reverting import revert
from events.models import Statement, StatementRelation
from tests import factories as make
from tests.curation import change_url, errors, opened, with_row

pytestmark = pytest.mark.django_db


def statement(number: int, **columns: Any) -> Statement:
    """Make a statement of somebody, in a paragraph of its own."""
    passage = make.make_passage(make.make_source(f"Article {number}"), f"Words of statement {number}.")
    return make.make_statement(
        make.make_person(f"Speaker {number}"), None, f"Text {number}.", passages=[passage], **columns
    )


@pytest.fixture
def pair() -> tuple[Statement, Statement]:
    return statement(1), statement(2, certainty="disputed", note="Another paragraph differs.")


def page_of(row: Statement, client: Client, prefix: str = "") -> str:
    response = client.get(prefix + row.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def section(page: str, heading: str) -> str:
    """Return the section of a page with this heading."""
    assert f"<h2>{heading}</h2>" in page
    return page.split(f"<h2>{heading}</h2>")[1].split("</section>")[0]


def words_of(html: str) -> list[str]:
    """Return the texts between the tags."""
    return [" ".join(text.split()) for text in re.split(r"<[^>]*>", html) if text.strip()]


def plain(html: str) -> str:
    """Return a page without its tags."""
    return re.sub(r"<[^>]*>", "", html)


def relations_in_api(row: Statement, client: Client, query: str = "") -> list[dict[str, Any]]:
    relations: list[dict[str, Any]] = client.get(f"/api/v1/statements/{row.slug}/{query}").json()["relations"]
    return relations


# For readers --------------------------------------------------------------------------------------------------------------
def test_both_pages_show_the_other_with_its_words_speaker_source_and_doubt(
    pair: tuple[Statement, Statement], client: Client
) -> None:
    one, two = pair
    note = {"note": "Nearly the same words.", "translations": {"th": {"note": "ถ้อยคำเกือบเหมือนกัน"}}}
    make.make_statement_relation(one, two, passages=[two.passages.get()], **note)
    part = section(page_of(one, client), "The same claim elsewhere")
    assert words_of(part) == [
        *("Text 2.", "Speaker 2", "reported speech", "disputed"),
        *("Another paragraph differs.", "What “disputed” means", "in our words", "¶1"),
        *("Article 2", "Same claim:", "inferred", "Nearly the same words."),
    ]
    assert f'href="{two.get_absolute_url()}"' in part
    assert "Text 1." in section(page_of(two, client), "The same claim elsewhere")
    assert "ถ้อยคำเกือบเหมือนกัน" in page_of(two, client, "/th")


def test_what_contradicts_it_stands_behind_what_says_the_same(
    pair: tuple[Statement, Statement], client: Client
) -> None:
    one, two = pair
    make.make_statement_relation(two, one, "contradicts", certainty="stated", passages=[one.passages.get()])
    make.make_statement_relation(one, statement(3))
    page = page_of(one, client)
    assert "Text 2." in section(page, "Contradicted elsewhere")
    assert "Text 3." in section(page, "The same claim elsewhere")
    assert page.index("The same claim elsewhere") < page.index("Contradicted elsewhere")
    assert "Text 3." not in section(page, "Contradicted elsewhere")


def test_a_page_costs_the_same_with_one_relation_and_with_four(
    pair: tuple[Statement, Statement], client: Client
) -> None:
    one, two = pair
    make.make_statement_relation(one, two)
    numbers = []
    for number in (3, 4, 5):
        with CaptureQueriesContext(connection) as captured:
            page_of(one, client)
        numbers.append(len(captured))
        make.make_statement_relation(statement(number), one, "contradicts")
    assert len({*numbers[1:]}) == 1
    assert numbers[0] >= numbers[1]


@pytest.mark.parametrize("hidden", ["relation", "statement", "speaker", "passage"])
def test_a_relation_is_public_only_if_both_statements_and_its_evidence_are(
    pair: tuple[Statement, Statement], client: Client, hidden: str
) -> None:
    one, two = pair
    relation = make.make_statement_relation(two, one, passages=[two.passages.get()])
    assert [row["id"] for row in relations_in_api(one, client)] == [relation.uid]
    row: Any = {"relation": relation, "statement": two, "speaker": two.speaker, "passage": two.passages.get().source}[
        hidden
    ]
    type(row).objects.filter(pk=row.pk).update(status="draft")
    if hidden == "passage":
        assert relation.evidence_problems()
        return
    assert "elsewhere" not in page_of(one, client)
    assert relations_in_api(one, client) == []


def test_the_api_shows_it_from_either_end_and_the_other_statement_in_full(
    pair: tuple[Statement, Statement], client: Client
) -> None:
    one, two = pair
    relation = make.make_statement_relation(one, two, certainty="rejected", note="Another sense of the word.")
    for here, there in (pair, (two, one)):
        (row,) = relations_in_api(here, client)
        assert (row["id"], row["kind"], row["certainty"]) == (relation.uid, "same_claim", "rejected")
        assert row["statement"] == {"id": there.slug, "url": f"http://testserver/api/v1/statements/{there.slug}/"}
        (row,) = relations_in_api(here, client, "?expand=relations.statement&lang=th")
        assert row["statement"]["reading"]["text"] == there.wordings.get().text


def test_files_have_it(pair: tuple[Statement, Statement], client: Client) -> None:
    one, two = pair
    three, four = statement(3), statement(4)
    make.make_statement_relation(two, one)
    make.make_statement_relation(one, three)
    make.make_statement_relation(one, four, "contradicts")
    make.make_statement_relation(two, three, "contradicts", certainty="rejected", note="Misread.")
    text = b"".join(client.get("/api/v1/export/statements.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {*rows[one.slug]["same_claim_ids"].split("; ")} == {two.slug, three.slug}
    assert rows[one.slug]["contradicts_ids"] == four.slug
    assert (rows[two.slug]["same_claim_ids"], rows[two.slug]["contradicts_ids"]) == (one.slug, "")
    lines = b"".join(client.get("/api/v1/export/statements.ndjson").streaming_content).splitlines()  # type: ignore[attr-defined]
    kinds = {row["id"]: sorted(each["kind"] for each in row["relations"]) for row in map(json.loads, lines)}
    assert kinds[one.slug] == ["contradicts", "same_claim", "same_claim"]
    assert kinds[two.slug] == ["contradicts", "same_claim"]


def test_the_page_of_the_source_names_both_statements(pair: tuple[Statement, Statement], client: Client) -> None:
    one, two = pair
    make.make_name(one.speaker, "ผู้พูดหนึ่ง", "th")
    make.make_statement_relation(one, two, passages=[two.passages.get()])
    page = client.get("/sources/article-2/").content.decode()
    for row, speaker in ((one, "Speaker 1"), (two, "Speaker 2")):
        assert f'<a href="/statements/{row.slug}/">{speaker} ({row.slug})</a>' in page
    assert "(same claim)" in page
    assert f"ผู้พูดหนึ่ง ({one.slug})" in plain(client.get("/th/sources/article-2/").content.decode())


def test_the_feed_tells_of_it_at_both_statements(pair: tuple[Statement, Statement], client: Client) -> None:
    def new(after: str = "") -> tuple[set[tuple[str, str]], str]:
        answer = client.get(after or "/api/v1/changes/?page_size=100").json()
        return {(row["action"], row["id"]) for row in answer["results"] if row["kind"] == "statement"}, answer["next"]

    one, two = pair
    _old, after = new()
    make.make_statement_relation(one, two)
    told, after = new(after)
    assert told == {("changed", one.slug), ("changed", two.slug)}
    two.status, two.withdrawn_reason = "withdrawn", "Never said."
    two.save()
    assert new(after)[0] == {("changed", one.slug), ("withdrawn", two.slug)}


# For curators -------------------------------------------------------------------------------------------------------------
RELATION = {"kind": "contradicts", "certainty": "inferred", "note": "Both cannot be.", "status": "published"}


def test_a_curator_adds_one_on_the_page_of_a_statement_and_undoes_it(
    pair: tuple[Statement, Statement], admin_client: Client
) -> None:
    one, two = pair
    data = with_row(opened(admin_client, change_url(one)), "relations", other=two.pk, **RELATION)
    assert admin_client.post(change_url(one), data).status_code == 302
    relation = StatementRelation.objects.get()
    assert (relation.statement, relation.other, relation.kind) == (one, two, "contradicts")
    assert "Text 2." in section(page_of(one, admin_client), "Contradicted elsewhere")
    revert(ChangeSet.objects.latest("pk"), reason="Misread.")
    assert not StatementRelation.objects.exists()
    assert "elsewhere" not in page_of(one, admin_client)


def test_it_is_recorded_once_whichever_statement_comes_first(
    pair: tuple[Statement, Statement], admin_client: Client
) -> None:
    one, two = pair
    make.make_statement_relation(one, two, "contradicts")
    same = {**RELATION, "kind": "same_claim"}
    data = with_row(opened(admin_client, change_url(two)), "relations", other=one.pk, **RELATION)
    texts = [text for of_place in errors(admin_client.post(change_url(two), data)).values() for text in of_place]
    assert "This is already recorded, here or at the other statement; add the passage to that row." in texts
    twice = with_row(
        with_row(opened(admin_client, change_url(two)), "relations", other=one.pk, **same),
        "relations",
        other=one.pk,
        **same,
    )
    texts = [text for of_place in errors(admin_client.post(change_url(two), twice)).values() for text in of_place]
    assert texts == ["Two rows say the same of this statement and another one; keep one of them."]
    itself = with_row(opened(admin_client, change_url(two)), "relations", other=two.pk, **RELATION)
    texts = [text for of_place in errors(admin_client.post(change_url(two), itself)).values() for text in of_place]
    assert texts == ["A statement cannot be related to itself."]
    with pytest.raises(ValidationError, match="already recorded"):
        StatementRelation(statement=two, other=one, kind="contradicts").full_clean()
    make.make_statement_relation(two, one)  # of another kind


def test_it_is_corrected_at_the_other_statement_too(pair: tuple[Statement, Statement], admin_client: Client) -> None:
    one, two = pair
    relation = make.make_statement_relation(one, two)
    data = opened(admin_client, change_url(two))
    assert data["relations-TOTAL_FORMS"] == 0
    assert data["relations_from_others-0-statement"] == one.pk
    data |= {"relations_from_others-0-note": "In other words.", "change_reason": "Clearer."}
    assert admin_client.post(change_url(two), data).status_code == 302
    relation.refresh_from_db()
    assert relation.note == "In other words."
    changes = admin_client.get(f"{one.get_absolute_url()}changes/").content.decode()
    assert "In other words" in plain(changes)


def test_a_statement_that_is_deleted_takes_its_relations_with_it(pair: tuple[Statement, Statement]) -> None:
    one, two = pair
    make.make_statement_relation(one, two)
    make.make_statement_relation(statement(3), one)
    one.delete()
    assert not StatementRelation.objects.exists()


# Uniting ------------------------------------------------------------------------------------------------------------------
def test_relations_of_two_statements_are_united_whichever_way_they_stand(
    pair: tuple[Statement, Statement], client: Client
) -> None:
    """The double has what the other has, the other way round; one of the two themselves stays with the double."""
    one, double = pair
    other, farther = statement(3), statement(4)
    kept = make.make_statement_relation(other, one, passages=[other.passages.get()], certainty="stated")
    turned = make.make_statement_relation(double, other, passages=[double.passages.get()], note="In other words.")
    moved = make.make_statement_relation(farther, double)
    between = make.make_statement_relation(double, one)
    before = [relations_in_api(row, client) for row in (one, double, other, farther)]
    with change_set(action=ChangeAction.MERGE, reason="The same."):
        counts = merge(double, one, reason="The same.")
    assert counts.left == 1
    assert {row["id"] for row in relations_in_api(one, client)} == {kept.uid, moved.uid}
    assert not StatementRelation.objects.filter(pk=turned.pk).exists()
    kept.refresh_from_db()
    assert {*kept.passages.all()} == {other.passages.get(), double.passages.get()}
    assert str(double.slug) not in kept.note
    between.refresh_from_db()
    assert between.statement == double
    revert(ChangeSet.objects.filter(action=ChangeAction.MERGE).latest("pk"), reason="Not the same.")
    assert [relations_in_api(row, client) for row in (one, double, other, farther)] == before
