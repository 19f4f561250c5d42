"""The page where readers compare their copy of a source: what it offers, and that its fields have nothing to send."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from base.records.withdrawing import withdraw_together
from tests import factories as make

pytestmark = pytest.mark.django_db


def test_without_a_choice_it_lists_the_public_sources(client: Client) -> None:
    source, draft = make.make_source("Minutes"), make.make_source("Secret", status="draft")
    page = client.get("/check/").content.decode()
    assert f'href="?source={source.slug}"' in page
    assert (draft.slug in page, "check-text" in page) == (False, False)


def test_a_source_is_compared_by_all_its_passages(client: Client) -> None:
    source = make.make_source("Minutes", text="One.\nTwo.\n")
    answer = client.get(f"/check/?source={source.slug}")
    page = answer.content.decode()
    assert f"/api/v1/sources/{source.slug}/passages/?page_size=500" in page
    assert source.sha256 in page
    assert answer["X-Robots-Tag"] == "noindex"


def test_a_statement_is_compared_by_its_own_passages(client: Client) -> None:
    source = make.make_source("Minutes")
    passage = make.make_passage(source, "We wait.")
    make.make_passage(source, "We leave.")
    statement = make.make_statement(None, None, "We wait.", nature="verbatim", passages=[passage])
    page = client.get(f"/check/?statement={statement.slug}").content.decode()
    (chosen,) = re.findall(r'<script id="check-passages" type="application/json">(.*?)</script>', page)
    assert json.loads(chosen) == [
        {"label": "These words", "paragraph": 1, "start": 0, "end": 8, "sha256": passage.sha256}
    ]
    assert f"/check/?source={source.slug}" in page


def test_nothing_in_the_box_has_a_name_so_a_browser_has_nothing_to_send(client: Client) -> None:
    source = make.make_source("Minutes")
    page = client.get(f"/check/?source={source.slug}").content.decode()
    box = page[page.index('id="check"') : page.index("</section>", page.index('id="check"'))]
    assert re.findall(r"<(?:textarea|input|button|select|form)[^>]*\sname=", box) == []
    assert "<form" not in box


@pytest.mark.parametrize("query", ["source=nope", "statement=st-nope00", "source=%00", "statement=%00"])
def test_what_is_not_on_record_is_not_found(client: Client, query: str) -> None:
    assert client.get(f"/check/?{query}").status_code == 404


def test_an_old_id_leads_to_the_new_one_and_what_was_withdrawn_says_so(client: Client) -> None:
    source = make.make_source("Minutes")
    passage = make.make_passage(source, "We wait.")
    statement = make.make_statement(None, None, "We wait.", nature="verbatim", passages=[passage])
    source.refresh_from_db()
    source.slug = "harbour-minutes"
    source.save()
    answer = client.get(f"/vi/check/?statement={statement.slug}&source=minutes")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/vi/check/?statement={statement.slug}&source=harbour-minutes"
    assert client.get(answer.headers["Location"]).status_code == 200
    withdraw_together([statement], "It was a caption.")
    gone = client.get(f"/check/?statement={statement.slug}")
    assert gone.status_code == 410
    assert "It was a caption." in gone.text


def test_a_statement_is_not_compared_with_a_source_that_it_does_not_cite(client: Client) -> None:
    other = make.make_source("Letters")
    statement = make.make_statement()
    answer = client.get(f"/check/?statement={statement.slug}&source={other.slug}")
    assert answer.status_code == 404
    assert "This statement cites no passage of this source." in answer.text


def test_drafts_are_not_found(client: Client) -> None:
    draft = make.make_statement(status="draft")
    assert client.get(f"/check/?statement={draft.slug}").status_code == 404
    hidden = make.make_source("Secret", status="draft")
    assert client.get(f"/check/?source={hidden.slug}").status_code == 404


def test_every_source_leads_here(client: Client) -> None:
    source = make.make_source("Minutes")
    page = client.get(source.get_absolute_url()).content.decode()
    assert f'href="/check/?source={source.slug}"' in page
    assert "We have no address where it can be read." in page
