"""Cards that are not saved yet: kept, shown again, dismissed, forgotten once they are saved."""

from __future__ import annotations

import pytest
from django.test import Client

from desk.models import CardDraft
from tests.accounts.people import make_user
from tests.desk.articles import english
from tests.desk.test_statement_cards import FIRST, values

pytestmark = pytest.mark.django_db


def test_what_is_typed_is_kept_and_shown_again_and_forgotten_once_saved(admin_client: Client) -> None:
    article = english()
    url = f"/admin/desk/{article.source.slug}/drafts/"
    typed = {**values(article, FIRST, text_th="ไม่มีใครจม"), "key": "abcdefgh12345678", "kind": "quote"}
    answer = admin_client.post(url, typed)
    assert answer.status_code == 200
    assert answer.json()["saved"]
    assert "no-store" in answer["Cache-Control"]
    again = admin_client.get(article.url("quote"), {"draft": "abcdefgh12345678"})
    assert "ไม่มีใครจม" in again.content.decode()
    assert FIRST in again.content.decode()
    assert admin_client.post(article.url("quote"), typed).status_code == 200
    assert not CardDraft.objects.exclude(data="").exists()
    gone = admin_client.get(article.url("quote"), {"draft": "abcdefgh12345678"})
    assert gone.status_code == 409


def test_a_kept_card_is_dismissed_on_request_and_belongs_to_one_curator(admin_client: Client, client: Client) -> None:
    article = english()
    url = f"/admin/desk/{article.source.slug}/drafts/"
    typed = {**values(article, FIRST), "key": "abcdefgh12345678", "kind": "quote"}
    admin_client.post(url, typed)
    client.force_login(make_user("mai", "contributor"))
    assert client.get(article.url("quote"), {"draft": "abcdefgh12345678"}).status_code == 409
    client.post(url, {**typed, "action": "dismiss"})
    assert CardDraft.objects.exclude(data="").count() == 1
    admin_client.post(url, {**typed, "action": "dismiss"})
    assert not CardDraft.objects.exclude(data="").exists()


def test_a_kept_card_whose_text_changed_shows_what_was_typed(admin_client: Client) -> None:
    article = english()
    typed = {**values(article, FIRST, text_th="ไม่มีใครจม"), "key": "abcdefgh12345678", "kind": "quote"}
    admin_client.post(f"/admin/desk/{article.source.slug}/drafts/", typed)
    article.source.text = article.source.text.replace("Nobody", "No one")
    article.source.save()
    answer = admin_client.get(article.url("quote"), {"draft": "abcdefgh12345678"})
    assert answer.status_code == 409
    assert "ไม่มีใครจม" in answer.content.decode()


def test_what_comes_late_of_a_saved_card_is_not_kept_again(admin_client: Client) -> None:
    article = english()
    typed = {**values(article, FIRST), "key": "abcdefgh12345678", "kind": "quote"}
    assert admin_client.post(article.url("quote"), typed).status_code == 200
    assert admin_client.post(f"/admin/desk/{article.source.slug}/drafts/", typed).status_code == 200
    assert "Go on" not in admin_client.get(f"/admin/desk/{article.source.slug}/drafts/").content.decode()


@pytest.mark.parametrize("wrong", [{"key": "x"}, {"kind": "poem"}, {"note": "x" * 200_001}])
def test_what_cannot_be_kept_is_told(admin_client: Client, wrong: dict[str, str]) -> None:
    article = english()
    typed = {**values(article, FIRST), "key": "abcdefgh12345678", "kind": "quote", **wrong}
    answer = admin_client.post(f"/admin/desk/{article.source.slug}/drafts/", typed)
    assert answer.status_code == 422
    assert answer.json()["error"]
