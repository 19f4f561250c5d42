"""The page of doubts: readings of the same words side by side, and what was inferred, with the reason."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from events.competing_readings import Span
from events.views import doubts
from tests import factories as make
from tests.queries import Queries
from tests.reading import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def rival_readings() -> dict[str, Any]:
    """Two people to whom the same words give a post, one of whom another passage knows by another post."""
    source = make.make_source("A list", text="Ann Lee, Bo Li director Cy Ma\nBo Li is a lecturer.\n")
    ann, bo, board = make.make_person("Ann Lee"), make.make_person("Bo Li"), make.make_organization("Film Board")
    first, second = make.make_passage(source, "Bo Li director"), make.make_passage(source, "director Cy Ma")
    disputed = make.make_affiliation(
        ann, board, role="director", passages=[first], certainty="disputed", note="No comma parts the names in ¶1."
    )
    rejected = make.make_affiliation(
        bo,
        board,
        role="producer",
        passages=[make.make_passage(source, "Li director")],
        certainty="rejected",
        note="¶2.",
    )
    make.make_affiliation(bo, role="lecturer", passages=[make.make_passage(source, "Bo Li is a lecturer.")])
    return {"source": source, "disputed": disputed, "rejected": rejected, "passages": [first, second]}


def page_of(client: Client, address: str = "/doubts/") -> Page:
    answer = client.get(address)
    assert answer.status_code == 200
    return Page(answer.text, address)


def groups(page: Page) -> list[str]:
    """Return the text of every group of competing readings."""
    part = page.html.partition('id="readings"')[2].partition('id="inferred"')[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", group).split()) for group in part.split('<section class="rivals">')[1:]]


def test_two_passages_compete_if_they_share_half_of_the_shorter() -> None:
    here = Span("s", 1, 10, 20)
    assert here.competes_with(Span("s", 1, 15, 40))
    assert Span("s", 1, 15, 40).competes_with(here)
    assert not here.competes_with(Span("s", 1, 16, 40))
    assert not here.competes_with(Span("t", 1, 10, 20))
    assert not here.competes_with(Span("s", 1, 20, 30))


def test_readings_of_the_same_words_stand_together_with_what_else_is_on_record(
    client: Client, rival_readings: dict[str, Any]
) -> None:
    page = page_of(client)
    (group,) = groups(page)
    assert re.search(r"disputed .*director.* rejected .*producer.* stated .*lecturer", group)
    assert "No comma parts the names in" in group
    url = rival_readings["source"].get_absolute_url()
    assert {f"{url}#p1", f"{url}#p2"} <= set(page.links)
    assert {"/people/ann-lee/", "/people/bo-li/", "/organizations/film-board/"} <= set(page.links)
    assert f'<a href="{url}#p1">¶1</a>' in page.html.partition("No comma")[2]  # of the note


def test_readings_of_other_words_stand_apart(client: Client, rival_readings: dict[str, Any]) -> None:
    make.make_name(
        make.make_person("Dee Ro"),
        "Di Ro",
        passages=[make.make_passage(rival_readings["source"], "Elsewhere Di Ro.")],
        certainty="rejected",
        note="A misprint.",
    )
    assert len(groups(page_of(client))) == 2


def test_an_inferred_statement_stands_with_its_reason_and_equal_reasons_are_told_once(client: Client) -> None:
    ann, passage = make.make_person("Ann Lee"), make.make_passage(words="Films are needed.")
    for words in ("Films are needed.", "More films are needed."):
        make.make_statement(
            ann,
            wording=words,
            passages=[passage],
            statement_kind="narrated",
            certainty="inferred",
            note="It goes on from ¶1.",
        )
    page = page_of(client)
    assert re.search(r"Ann Lee \(\s*narrated\s*,\s*inferred\s*\): Films are needed\.", page.text)
    assert page.text.count("It goes on from") == 1
    assert "/how-we-work/#inferred" in page.links
    assert "/how-we-work/#narrated" in page.links


def test_without_doubts_the_page_says_so(client: Client) -> None:
    assert "No passage contradicts another." in page_of(client).text


def test_many_doubts_are_read_page_by_page(
    client: Client, monkeypatch: pytest.MonkeyPatch, rival_readings: dict[str, Any]
) -> None:
    monkeypatch.setattr(doubts, "ROWS_OF_PAGE", 2)
    source, board = rival_readings["source"], make.make_organization("Archive")
    for number in range(4):
        passage = make.make_passage(source, f"Archivist {number} of many.")
        make.make_affiliation(
            make.make_person(f"Archivist {number}"), board, passages=[passage], certainty="disputed", note="Unclear."
        )
    assert "Page 1 of 3" in page_of(client).text
    texts = [page_of(client, f"/doubts/?page={number}").text for number in (1, 2, 3)]
    assert all(any(f"Archivist {number}" in text for text in texts) for number in range(4))
    for wrong in ("4", "0", "x"):
        assert client.get(f"/doubts/?page={wrong}").status_code == 404


def test_the_page_costs_the_same_with_many_doubts(
    client: Client, queries: Queries, rival_readings: dict[str, Any]
) -> None:
    client.get("/doubts/")
    with queries("/doubts/"):
        client.get("/doubts/")
    for number in range(12):
        passage = make.make_passage(rival_readings["source"], f"Clerk {number} of many.")
        make.make_affiliation(
            make.make_person(f"Clerk {number}"),
            make.make_organization(f"Body {number}"),
            passages=[passage],
            certainty="rejected",
            note="Unclear.",
        )
    with queries("/doubts/"):
        client.get("/doubts/")


def test_drafts_are_no_doubts(client: Client, rival_readings: dict[str, Any]) -> None:
    before = page_of(client).html
    hidden = make.make_affiliation(
        make.make_person("Ed Hide"),
        passages=rival_readings["passages"],
        certainty="disputed",
        note="Hidden.",
        status="draft",
    )
    assert hidden.pk
    with CaptureQueriesContext(connection):
        assert page_of(client).html == before
