"""Publishing at once what was made of an article."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from directory.models import Person, PersonName, Source
from events.models import Event, Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import Article, english
from tests.desk.test_statement_cards import FIRST, SECOND, values

pytestmark = pytest.mark.django_db
QUOTED = "late, and still welcome"


def url_of(article: Article) -> str:
    """Return the address of the list."""
    return f"/admin/desk/{article.source.slug}/publish/"


def drafts_in(client: Client, article: Article) -> list[str]:
    """Return what the list would send."""
    return [row.record for row in client.get(url_of(article)).context["drafts"]]


def say(client: Client, article: Article, words: str = FIRST, **more: Any) -> Statement:
    """Save a quote as a draft."""
    assert client.post(article.url("quote"), values(article, words, **more)).status_code == 200
    return Statement.objects.order_by("pk").last()


def test_all_drafts_of_an_article_are_published_in_the_order_in_which_they_rest_on_each_other(
    admin_client: Client,
) -> None:
    article = english(status="draft")
    statement = say(admin_client, article)
    listed = drafts_in(admin_client, article)
    assert listed[0] == f"directory.source:{article.source.pk}"
    assert listed[-1] == f"events.statement:{statement.pk}"
    assert f"directory.person:{article.speaker.pk}" in listed
    answer = admin_client.post(url_of(article), {"record": listed[::-1]})
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "marks-changed"
    assert f"/statements/{statement.slug}/" in answer.content.decode()
    assert not answer.context["outcome"].refused
    for model in (Source, Person, Event, Statement):
        assert model.objects.published().count() == 1
    assert drafts_in(admin_client, article) == []
    assert statement.history.first().history_change_reason == f"Published with {article.source.slug}"


@pytest.mark.parametrize("language", ["th", "vi"])
def test_the_reason_is_kept_in_english_and_fits_a_history(admin_client: Client, language: str) -> None:
    article = english(status="draft")
    article.source.slug = "harbour-" * 11 + "a"
    article.source.save()
    statement = say(admin_client, article)
    wanted = {"record": drafts_in(admin_client, article)}
    assert admin_client.post(f"/{language}{url_of(article)}", wanted).status_code == 200
    assert statement.history.first().history_change_reason == f"Published with {article.source.slug}"[:100]


def test_what_is_not_ready_stays_a_draft_with_the_reason_and_the_rest_is_published(admin_client: Client) -> None:
    article = english()
    ready = say(admin_client, article)
    nobody = say(admin_client, article, QUOTED, speaker="")
    answer = admin_client.post(url_of(article), {"record": drafts_in(admin_client, article)})
    assert "Nobody is named as the speaker." in answer.content.decode()
    ready.refresh_from_db()
    nobody.refresh_from_db()
    assert (ready.status, nobody.status) == ("published", "draft")
    assert drafts_in(admin_client, article) == [f"events.statement:{nobody.pk}"]


def test_only_what_is_chosen_is_published_and_nothing_forged(admin_client: Client) -> None:
    article = english()
    first, second = say(admin_client, article), say(admin_client, article, QUOTED)
    elsewhere = make.make_statement(status="draft")
    forged = [f"events.statement:{elsewhere.pk}", "events.statement:x", "directory.source:999", ""]
    answer = admin_client.post(url_of(article), {"record": [f"events.statement:{first.pk}", *forged]})
    assert answer.context["outcome"].gone == len(forged)
    assert "4 are no drafts of this article any more" in answer.content.decode()
    rows = {row.pk: row.status for row in Statement.objects.all()}
    assert rows == {first.pk: "published", second.pk: "draft", elsewhere.pk: "draft"}
    assert admin_client.post(url_of(article), {}).status_code == 422


def test_what_was_withdrawn_meanwhile_is_not_published_again(admin_client: Client) -> None:
    article = english()
    statement = say(admin_client, article)
    listed = drafts_in(admin_client, article)
    statement.status, statement.withdrawn_reason = "withdrawn", "Recorded twice."
    statement.save()
    assert admin_client.post(url_of(article), {"record": listed}).context["outcome"].gone == 1
    statement.refresh_from_db()
    assert statement.status == "withdrawn"


def test_a_draft_spelling_of_somebody_public_is_published_too(admin_client: Client) -> None:
    article = english()
    passage = make.make_passage(article.source, "Ms Aldana")
    name = make.make_name(article.speaker, "Ms Aldana", passages=[passage], status="draft")
    assert isinstance(name, PersonName)
    answer = admin_client.post(url_of(article), {"record": drafts_in(admin_client, article)})
    assert [made.text for made, _url in answer.context["outcome"].published] == ["Ms Aldana"]
    name.refresh_from_db()
    assert name.status == "published"


def test_a_contributor_neither_sees_the_button_nor_publishes(client: Client, admin_client: Client) -> None:
    article = english()
    statement = say(admin_client, article)
    page = f"/admin/desk/{article.source.slug}/"
    assert b"publish-button" in admin_client.get(page).content
    client.force_login(make_user("mai", "contributor"))
    assert b"publish-button" not in client.get(page).content
    assert client.get(url_of(article)).status_code == 403
    assert client.post(url_of(article), {"record": [f"events.statement:{statement.pk}"]}).status_code == 403
    statement.refresh_from_db()
    assert statement.status == "draft"


def test_the_list_costs_the_same_for_one_statement_and_for_three(admin_client: Client) -> None:
    article = english()
    numbers = []
    for words in ((FIRST,), (QUOTED, SECOND)):
        for each in words:
            say(admin_client, article, each)
        drafts_in(admin_client, article)
        with CaptureQueriesContext(connection) as queries:
            drafts_in(admin_client, article)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
