"""The card of a role: positions and parts in events, guessed from the selected words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from desk.fields import value_of_record
from directory.models import Affiliation
from events.models import Participation
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import english, thai
from tests.desk.test_name_cards import as_opened, errors, open_card

pytestmark = pytest.mark.django_db
ROLE = "pilot of the port of Sond"


def guesses(answer: Any) -> dict[str, object]:
    """Return what an opened card guessed."""
    return {name: guess.value for name, guess in answer.context["card"].guesses.items()}


def test_person_role_and_body_are_guessed_from_the_sentence(admin_client: Client) -> None:
    article = english()
    pilot = make.make_person("Tomas Reka", status="draft")
    port = make.make_organization("Port of Sond", status="draft")
    found = guesses(open_card(admin_client, article, ROLE, "role"))
    assert (found["person"], found["role"], found["organization"]) == (pilot, "pilot", port)
    assert (found["link"], found["event"]) == ("position", article.event)


def test_one_save_records_a_position_with_its_passage(admin_client: Client) -> None:
    article = english()
    pilot = make.make_person("Tomas Reka", status="draft")
    make.make_organization("Port of Sond", status="draft")
    saved = admin_client.post(article.url("role"), as_opened(open_card(admin_client, article, ROLE, "role")))
    assert saved.status_code == 200, saved.content.decode()
    row = pilot.affiliations.get()
    assert (str(row), row.certainty, row.status) == ("Tomas Reka: pilot, Port of Sond", "stated", "published")
    assert row.passages.get().paragraph == 4
    assert row.history.count() == 1
    assert "seen once" in saved.content.decode()
    again = admin_client.post(article.url("role"), as_opened(open_card(admin_client, article, ROLE, "role")))
    assert again.status_code == 200
    assert pilot.affiliations.count() == 1, "what is on record gets no second row"


def test_a_person_who_is_not_on_record_is_named_in_the_reason(admin_client: Client) -> None:
    answer = open_card(admin_client, english(), ROLE, "role")
    assert "“Tomas Reka” is not on record yet." in answer.content.decode()


def test_the_nearest_person_is_guessed_where_the_words_name_none(admin_client: Client) -> None:
    article = english()
    found = guesses(open_card(admin_client, article, "chairs the Lantern Coast Association", "role"))
    assert (found["person"], found["organization"], found["role"]) == (article.speaker, article.body, "chairs")


def test_a_role_of_a_thai_article_is_put_into_english_by_hand(admin_client: Client) -> None:
    article = thai()
    answer = open_card(admin_client, article, "ประธานสมาคมชายฝั่งโคมไฟ", "role")
    assert "put it into English" in answer.content.decode()
    assert errors(admin_client.post(article.url("role"), as_opened(answer)))["role"]
    saved = admin_client.post(article.url("role"), as_opened(answer, role="chair"))
    assert saved.status_code == 200, errors(saved)
    assert Affiliation.objects.filter(passages__source=article.source, role="chair").exists()


def test_words_for_a_part_in_an_event_choose_that(admin_client: Client) -> None:
    article = english()
    article.source.text = "Ines Aldana moderated the Pellmere meeting.\n"
    article.source.paragraphs = [[0, len(article.source.text) - 1]]
    article.source.save()
    answer = open_card(admin_client, article, "Ines Aldana moderated", "role")
    found = guesses(answer)
    assert (found["link"], found["participation_role"], found["person"]) == ("part", "moderator", article.speaker)
    saved = admin_client.post(article.url("role"), as_opened(answer, event=[value_of_record(article.event)]))
    assert saved.status_code == 200
    assert Participation.objects.get(person=article.speaker, event=article.event, role="moderator").passages.exists()


def test_what_readers_would_see_is_a_draft_until_it_is_published(admin_client: Client) -> None:
    article = english()
    data = as_opened(open_card(admin_client, article, "chairs the Lantern Coast Association", "role"), role="head")
    admin_client.post(article.url("role"), data)
    assert Affiliation.objects.get(role="head").status == "draft"
    saved = admin_client.post(article.url("role"), {**data, "role": "leader", "action": "publish"})
    assert Affiliation.objects.get(role="leader").status == "published"
    assert "Public: Ines Aldana: leader" in saved.content.decode()


def test_a_contributor_publishes_nothing(client: Client) -> None:
    client.force_login(make_user("mai", "contributor"))
    article = english()
    data = as_opened(open_card(client, article, "chairs the Lantern Coast Association", "role"), role="head")
    client.post(article.url("role"), {**data, "action": "publish"})
    assert Affiliation.objects.get(role="head").status == "draft"


def test_nothing_public_cites_a_source_that_is_not(admin_client: Client) -> None:
    article = english()
    article.source.status = "draft"
    article.source.save()
    data = as_opened(open_card(admin_client, article, "chairs the Lantern Coast Association", "role"), role="head")
    answer = admin_client.post(article.url("role"), {**data, "action": "publish"})
    assert answer.status_code == 422
    assert answer.context["needs"] == [article.source]
    assert not Affiliation.objects.filter(role="head").exists()
    assert admin_client.post(article.url("role"), data).status_code == 200
    assert Affiliation.objects.get(role="head").status == "draft"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": []}, "person"),
        ({"person": ["person:987654321"]}, "person"),
        ({"person": ["organization:1"]}, "person"),
        ({"person": [], "person-text": "Tomas"}, "person"),
        ({"role": ""}, "role"),
        ({"role": "x" * 201}, "role"),
        ({"role": "a\nb"}, "role"),
        ({"since": "recently"}, "since"),
        ({"until": "2569"}, "until"),
        ({"link": "part", "event": []}, "event"),
        ({"link": "other"}, "link"),
        ({"participation_role": "king"}, "participation_role"),
        ({"certainty": "disputed"}, "note"),
    ],
)
def test_bad_input_is_refused_at_its_field(admin_client: Client, change: dict[str, Any], field: str) -> None:
    article = english()
    before = Affiliation.objects.count()
    data = as_opened(open_card(admin_client, article, "chairs the Lantern Coast Association", "role"), role="head")
    refused = admin_client.post(article.url("role"), {**data, **change})
    assert field in errors(refused)
    assert Affiliation.objects.count() == before


def test_an_end_before_the_beginning_and_a_buddhist_year_are_asked_about(admin_client: Client) -> None:
    article = english()
    data = as_opened(open_card(admin_client, article, "chairs the Lantern Coast Association", "role"), role="head")
    found = errors(admin_client.post(article.url("role"), {**data, "since": "2569"}))
    assert "Did you mean 2026?" in found["since"][0]
