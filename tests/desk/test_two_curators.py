"""Two curators on one article, and pages that are older than what they show: a helpful answer, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from base.records.merging import merge
from desk.models import CardDraft, DismissedProposal
from directory.models import Person, Source
from directory.source_texts import store_text
from events.models import Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import ENGLISH, english
from tests.desk.test_statement_cards import FIRST, REPORTED, values

pytestmark = pytest.mark.django_db
TYPED = "ไม่มีใครจมน้ำเพราะตัวเลข"


@pytest.fixture
def two() -> tuple[Client, Client]:
    """Return the browsers of two curators."""
    lan, mai = Client(), Client()
    lan.force_login(make_user("lan", "editor"))
    mai.force_login(make_user("mai", "contributor"))
    return lan, mai


def test_the_second_to_record_the_same_words_is_told_so_and_keeps_the_translation(two: tuple[Client, Client]) -> None:
    lan, mai = two
    article = english()
    data = values(article, FIRST, text_th=TYPED)
    assert lan.post(article.url("quote"), data).status_code == 200
    answer = mai.post(article.url("quote"), data)
    assert answer.status_code == 409
    assert "on record already" in answer.content.decode()
    assert TYPED in answer.content.decode()
    assert Statement.objects.count() == 1


def test_the_second_sees_what_the_first_recorded_beside_their_own_words(two: tuple[Client, Client]) -> None:
    lan, mai = two
    article = english()
    assert lan.post(article.url("quote"), values(article, FIRST, text_th="ของหลาน")).status_code == 200
    page = mai.post(article.url("quote"), values(article, FIRST, text_th=TYPED)).content.decode()
    recorded = page[page.index('class="card-recorded"') :].partition("</section>")[0]
    assert "Saved by lan" in recorded
    assert "Ines Aldana" in recorded
    assert ">ของหลาน</dd>" in recorded
    assert TYPED in page.partition("</section>")[2]


@pytest.mark.parametrize("kind", ["quote", "reported"])
def test_a_text_that_changed_under_an_open_card_keeps_what_was_typed(two: tuple[Client, Client], kind: str) -> None:
    article = english()
    data = values(article, FIRST if kind == "quote" else REPORTED, text_th=TYPED, statement_kind="reported")
    source = Source.objects.get(pk=article.source.pk)
    store_text(source, "Another first line.\n" + ENGLISH)
    source.save()
    for client in two:
        answer = client.post(article.url(kind), data)
        assert answer.status_code in (409, 422)
        assert TYPED in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_speaker_who_was_united_or_withdrawn_meanwhile_is_asked_for_again(two: tuple[Client, Client]) -> None:
    article = english()
    double = make.make_person("Ines Aldana")
    data = values(article, FIRST, text_th=TYPED, speaker=f"person:{double.pk}")
    merge(double, article.speaker, reason="The same post.")
    for client in two:
        answer = client.post(article.url("quote"), data)
        assert answer.status_code == 422
        assert "speaker" in answer.context["form"].errors
        assert TYPED in answer.content.decode()
    assert not Statement.objects.filter(speaker=double).exists()


ADDRESSES = ("", "text/", "marks/", "paragraphs/1/", "roles/", "drafts/", "proposals/", "new-text/", "cards/quote/")


def test_a_source_that_was_deleted_under_an_open_page_is_said_to_be_gone(two: tuple[Client, Client]) -> None:
    lan, _mai = two
    source = make.make_source("Tides", text=ENGLISH, status="draft")
    base = f"/admin/desk/{source.slug}/"
    form: dict[str, Any] = {"kind": "quote", "key": "abcdefgh12", "text_th": TYPED, "action": "read"}
    assert lan.post(f"{base}drafts/", form).status_code == 200
    assert lan.post(f"{base}paragraphs/1/", form).status_code == 200
    DismissedProposal.objects.create(source=source, kind="quote", digest="0" * 16)
    source.delete()
    for address in ADDRESSES:
        assert lan.get(base + address).status_code == 404, address
        assert lan.post(base + address, form).status_code in (404, 405), address
    assert not CardDraft.objects.exists()


@pytest.mark.parametrize("kind", ["name", "organization", "role", "event", "quote", "reported"])
def test_a_contributor_makes_drafts_and_changes_nothing_public(two: tuple[Client, Client], kind: str) -> None:
    _lan, mai = two
    article = english()
    before = {model: model.objects.published().count() for model in (Person, Statement, Source)}
    data = values(article, FIRST, action="publish", same="new", kind_of_record="person", language="en", name="Tides")
    assert mai.post(article.url(kind), data).status_code in (200, 422)
    assert {model: model.objects.published().count() for model in before} == before
