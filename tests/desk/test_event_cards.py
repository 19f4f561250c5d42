"""The card of an event: a new one, or who took part in the one of the article."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from desk.cards.printed_dates import printed_dates
from desk.fields import value_of_record
from events.models import Event, EventOrganization, Participation
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import Article, english
from tests.desk.test_name_cards import as_opened, errors, open_card
from tests.desk.test_role_cards import guesses

pytestmark = pytest.mark.django_db


def article_of(text: str, language: str = "en") -> Article:
    """Return the English article with another text, and without anything known of its event."""
    article = english()
    source = article.source
    source.text, source.language = text, language
    source.paragraphs = [[0, len(text.rstrip())]]
    source.save()
    article.event.delete() if not article.event.names.filter(text__in=text).exists() else None
    return article


@pytest.mark.parametrize(
    ("text", "language", "edtf"),
    [
        ("on 14 May 2026", "en", "2026-05-14"),
        ("on Thursday, May 14, 2026", "en", "2026-05-14"),
        ("in September 2026", "en", "2026-09"),
        ("on 2026-05-14", "en", "2026-05-14"),
        ("เมื่อวันที่ 14 พฤษภาคม 2569", "th", "2026-05-14"),
        ("เมื่อวันที่ ๑๔ พ.ค. ๒๕๖๙", "th", "2026-05-14"),
        ("ngày 14 tháng 5 năm 2026", "vi", "2026-05-14"),
        ("ngày 14/5/2026", "vi", "2026-05-14"),
        ("ngày 3 tháng 12 năm 2025", "vi", "2025-12-03"),
    ],
)
def test_printed_dates_are_read(text: str, language: str, edtf: str) -> None:
    assert [date.edtf for date in printed_dates(text, language)] == [edtf]


@pytest.mark.parametrize("text", ["recently", "on 14 May", "on 31 February 2026", "in 1999 words", "Thursday"])
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert printed_dates(text, "en") == []


def test_a_buddhist_year_says_what_it_is() -> None:
    [date] = printed_dates("14 พฤษภาคม 2569", "th")
    assert date.reason == "“14 พฤษภาคม 2569”: 2569 of the Buddhist era is 2026"


def test_a_new_event_takes_name_kind_and_date_from_the_words(admin_client: Client) -> None:
    article = article_of("The Pellmere Film Festival opened on 14 May 2026 in the harbour.\n")
    answer = open_card(admin_client, article, "Pellmere Film Festival", "event")
    found = guesses(answer)
    assert (found["name"], found["event_kind"], found["date"]) == ("Pellmere Film Festival", "festival", "2026-05-14")
    saved = admin_client.post(article.url("event"), as_opened(answer, place="Pellmere"))
    assert saved.status_code == 200, saved.content.decode()
    event = Event.objects.get(slug="pellmere-film-festival")
    assert (event.status, event.date, event.place, event.event_kind) == ("draft", "2026-05-14", "Pellmere", "festival")
    name = event.names.get()
    assert (name.certainty, name.passages.count(), event.passages.count()) == ("stated", 1, 1)
    assert event.history.order_by("history_id").first().history_change_reason.startswith("Made at the desk from ¶1")


def test_a_name_of_our_own_is_never_said_to_be_printed(admin_client: Client) -> None:
    article = article_of("The Pellmere Film Festival opened.\n")
    answer = open_card(admin_client, article, "Pellmere Film Festival", "event")
    admin_client.post(article.url("event"), as_opened(answer, name="Festival of 2026"))
    name = Event.objects.get(slug="festival-of-2026").names.get()
    assert (name.certainty, name.note) == ("inferred", "The editors' own name for it.")


def test_all_who_are_named_take_part_in_one_save(admin_client: Client) -> None:
    article = article_of(
        "Pellmere meeting: Ines Aldana, Tomas Reka, Jon Aske and the Lantern Coast Association came.\n"
    )
    people = [article.speaker, make.make_person("Tomas Reka"), make.make_person("Jon Aske")]
    event = Event.objects.filter(slug="pellmere-meeting").first() or make.make_event("Pellmere meeting")
    words = "Ines Aldana, Tomas Reka, Jon Aske and the Lantern Coast Association"
    answer = open_card(admin_client, article, words, "event")
    assert guesses(answer)["people"] == people
    assert guesses(answer)["organizations"] == [article.body]
    data = as_opened(answer, event=[value_of_record(event)], name="", date="", action="publish")
    saved = admin_client.post(article.url("event"), data)
    assert saved.status_code == 200, saved.content.decode()
    rows = Participation.objects.filter(event=event)
    assert {(row.person, row.role, row.status, row.passages.count()) for row in rows} == {
        (person, "attendee", "published", 1) for person in people
    }
    link = EventOrganization.objects.get(event=event)
    assert (link.organization, link.role) == (article.body, "organizer")
    admin_client.post(article.url("event"), data)
    assert Participation.objects.filter(event=event).count() == 3


def test_what_is_not_known_is_filled_in_and_what_differs_is_refused(admin_client: Client) -> None:
    article = english(status="draft")
    answer = open_card(admin_client, article, "met in Pellmere on Thursday", "event")
    data = as_opened(answer, event=[value_of_record(article.event)], name="", place="Pellmere", date="2026-05-14")
    assert admin_client.post(article.url("event"), data).status_code == 200
    article.event.refresh_from_db()
    assert (article.event.place, article.event.date) == ("Pellmere", "2026-05-14")
    refused = admin_client.post(article.url("event"), {**data, "date": "2026-05-15"})
    assert refused.status_code == 422
    assert "has another date on record: 2026-05-14, and you give 2026-05-15" in refused.content.decode()


def test_a_contributor_changes_no_public_event(client: Client) -> None:
    client.force_login(make_user("mai", "contributor"))
    article = english()
    answer = open_card(client, article, "met in Pellmere on Thursday", "event")
    data = as_opened(answer, event=[value_of_record(article.event)], name="", place="Pellmere")
    refused = client.post(article.url("event"), data)
    assert refused.status_code == 422
    assert "is public" in refused.content.decode()
    article.event.refresh_from_db()
    assert article.event.place == ""


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event": [], "name": ""}, "name"),
        ({"event": ["event:987654321"]}, "event"),
        ({"event": ["person:1"]}, "event"),
        ({"date": "recently"}, "date"),
        ({"date": "2569-05-14"}, "date"),
        ({"date": "2026-13"}, "date"),
        ({"place": "x" * 201}, "place"),
        ({"name": "x" * 501}, "name"),
        ({"name": "a\u200bb"}, "name"),
        ({"people": ["person:987654321"]}, "people"),
        ({"people-text": "somebody"}, "people"),
        ({"organizations": ["person:1"]}, "organizations"),
        ({"event_kind": "party"}, "event_kind"),
        ({"participation_role": "king"}, "participation_role"),
        ({"organization_role": "king"}, "organization_role"),
        ({"language": "zz"}, "language"),
        ({"certainty": "rejected"}, "note"),
    ],
)
def test_bad_input_is_refused_at_its_field(admin_client: Client, change: dict[str, Any], field: str) -> None:
    article = article_of("The Pellmere Film Festival opened.\n")
    before = Event.objects.count()
    data = as_opened(open_card(admin_client, article, "Pellmere Film Festival", "event"))
    refused = admin_client.post(article.url("event"), {**data, **change})
    assert field in errors(refused)
    assert Event.objects.count() == before


def test_a_buddhist_year_is_asked_about_and_taken_if_it_is_meant(admin_client: Client) -> None:
    article = article_of("The Pellmere Film Festival opened.\n")
    data = as_opened(open_card(admin_client, article, "Pellmere Film Festival", "event"), date="2569-05-14")
    found = errors(admin_client.post(article.url("event"), data))
    assert "Did you mean 2026-05-14?" in found["date"][0]
    assert admin_client.post(article.url("event"), {**data, "date-confirmed": "2569-05-14"}).status_code == 200


def test_a_card_that_says_nothing_is_refused(admin_client: Client) -> None:
    article = english()
    data = as_opened(open_card(admin_client, article, "met in Pellmere", "event"))
    data |= {"event": [value_of_record(article.event)], "name": ""}
    assert "Nothing is said of the event yet" in str(errors(admin_client.post(article.url("event"), data)))
