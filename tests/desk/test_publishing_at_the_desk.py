"""“Save and publish” says which drafts stand in the way, and publishes them with the card in one go."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from desk.fields import value_of_record
from directory.models import Affiliation, Person, Source
from events.models import Participation, Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import Article, english
from tests.desk.test_name_cards import as_opened, open_card
from tests.desk.test_statement_cards import FIRST, values

pytestmark = pytest.mark.django_db


def with_draft_source() -> Article:
    """Return the article with everything public but its source, which is a draft; what is public rests on another one."""
    article = english()
    Source.objects.filter(pk=article.source.pk).update(status="draft")
    other = make.make_passage()
    for record in (article.speaker, article.body, article.event):
        for name in record.names.all():
            name.passages.add(other)
    return article


def needs(answer: Any) -> list[str]:
    """Return what would be published with the card, as the curator reads it."""
    assert answer.status_code == 422, answer.content.decode()
    assert "Publish these with it" in answer.content.decode()
    return [f"{record.kind} {record}" for record in answer.context["needs"]]


def agreed(data: dict[str, Any], answer: Any) -> dict[str, Any]:
    """Return a card that is sent again with all that it asked about."""
    return {**data, "also": [value_of_record(record) for record in answer.context["needs"]]}


def test_a_statement_is_published_with_its_source(admin_client: Client) -> None:
    article = with_draft_source()
    data = values(article, FIRST, action="publish")
    answer = admin_client.post(article.url("quote"), data)
    assert needs(answer) == ["source Harbour towns agree"]
    assert "rest on drafts: source “Harbour towns agree”" in answer.content.decode()
    assert not Statement.objects.exists()
    assert admin_client.post(article.url("quote"), agreed(data, answer)).status_code == 200
    assert Statement.objects.published().count() == 1
    assert Source.objects.get(pk=article.source.pk).status == "published"


def test_a_new_person_is_published_with_the_source_of_the_name(admin_client: Client) -> None:
    article = with_draft_source()
    data = as_opened(open_card(admin_client, article, "Tomas Reka"), same="new", action="publish")
    data |= {"kind_of_record": "person"}
    answer = admin_client.post(article.url("name"), data)
    assert needs(answer) == ["source Harbour towns agree"]
    assert not Person.objects.filter(slug="tomas-reka").exists()
    answer = admin_client.post(article.url("name"), agreed(data, answer))
    assert answer.status_code == 200, answer.content.decode()
    assert "Public: Tomas Reka" in answer.content.decode()
    assert Person.objects.published().filter(slug="tomas-reka").exists()


def test_a_spelling_is_published_with_the_source_and_the_person(admin_client: Client) -> None:
    article = english(status="draft")
    data = as_opened(open_card(admin_client, article, "Ms Aldana"), action="publish", same="")
    data |= {"record": [value_of_record(article.speaker)]}
    answer = admin_client.post(article.url("name"), data)
    assert needs(answer) == ["source Harbour towns agree", "person Ines Aldana"]
    answer = admin_client.post(article.url("name"), agreed(data, answer))
    assert answer.status_code == 200, answer.content.decode()
    assert "Public: Ms Aldana" in answer.content.decode()
    assert Person.objects.published().filter(slug="ines-aldana").exists()


def test_a_role_is_published_with_the_source(admin_client: Client) -> None:
    article = with_draft_source()
    make.make_person("Tomas Reka", passages=[make.make_passage()])
    make.make_organization("Port of Sond", passages=[make.make_passage()])
    data = as_opened(open_card(admin_client, article, "pilot of the port of Sond", "role"), action="publish")
    answer = admin_client.post(article.url("role"), data)
    assert needs(answer) == ["source Harbour towns agree"]
    assert admin_client.post(article.url("role"), agreed(data, answer)).status_code == 200
    assert Affiliation.objects.published().filter(role__startswith="pilot").count() == 1


def test_who_took_part_in_a_public_event_is_published_with_the_source(admin_client: Client) -> None:
    article = with_draft_source()
    answer = open_card(admin_client, article, "Ines Aldana", "event")
    data = as_opened(answer, event=[value_of_record(article.event)], name="", action="publish")
    data |= {"organizations": [value_of_record(article.body)]}
    answer = admin_client.post(article.url("event"), data)
    assert needs(answer) == ["source Harbour towns agree"]
    assert admin_client.post(article.url("event"), agreed(data, answer)).status_code == 200
    assert Participation.objects.published().count() == 1


def test_a_speaker_whose_name_stands_in_another_draft_brings_that_along(admin_client: Client) -> None:
    article = english()
    letter = make.make_source("A letter", text="Tomas Reka writes.\n", status="draft")
    pilot = make.make_person("Tomas Reka", status="draft", passages=[make.make_passage(letter, "Tomas Reka")])
    data = values(article, FIRST, action="publish", speaker=value_of_record(pilot))
    answer = admin_client.post(article.url("quote"), data)
    assert needs(answer) == ["source A letter", "person Tomas Reka"]
    assert admin_client.post(article.url("quote"), agreed(data, answer)).status_code == 200
    assert Statement.objects.published().count() == 1


def test_who_may_not_publish_the_source_is_told_so_and_offered_nothing(client: Client) -> None:
    article = with_draft_source()
    user = make_user("mai", "editor")
    user.groups.clear()
    rights = Permission.objects.filter(codename__regex="^(view|add|change|publish)_").exclude(codename="publish_source")
    user.user_permissions.set(rights)
    client.force_login(user)
    answer = client.post(article.url("quote"), values(article, FIRST, action="publish"))
    assert answer.status_code == 422
    assert "“Harbour towns agree” has to be published by an editor" in answer.content.decode()
    assert not answer.context["needs"]
    assert not Statement.objects.exists()
