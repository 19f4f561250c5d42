"""Cards take the texts of curators in the languages of the site, and a statement in as many wordings."""

from __future__ import annotations

import pytest
from django.test import Client

from directory.models import Affiliation
from events.models import Event, Statement
from tests import factories as make
from tests.desk.articles import english
from tests.desk.test_name_cards import as_opened, errors, open_card
from tests.desk.test_statement_cards import REPORTED, values

pytestmark = pytest.mark.django_db

ROLE = "pilot of the port of Sond"


def test_a_role_is_given_in_three_languages(admin_client: Client) -> None:
    article = english()
    make.make_person("Tomas Reka", status="draft")
    make.make_organization("Port of Sond", status="draft")
    opened = open_card(admin_client, article, ROLE, "role")
    assert '<details class="translations">' in opened.content.decode(), "folded while there is none"
    data = as_opened(opened, role_th="นักบินนำร่อง", role_vi="hoa tiêu")
    assert admin_client.post(article.url("role"), data).status_code == 200
    row = Affiliation.objects.get(role="pilot")
    assert (row.text_language, row.translations) == (
        "en",
        {"th": {"role": "นักบินนำร่อง"}, "vi": {"role": "hoa tiêu"}},
    )


def test_a_translation_of_a_role_that_is_on_record_is_added_to_it(admin_client: Client) -> None:
    article = english()
    person = make.make_person("Tomas Reka", status="draft")
    body = make.make_organization("Port of Sond", status="draft")
    row = make.make_affiliation(person, body, role="pilot", translations={"th": {"role": "นักบินนำร่อง"}})
    data = as_opened(open_card(admin_client, article, ROLE, "role"), role_th="คนขับ", role_vi="hoa tiêu")
    assert admin_client.post(article.url("role"), data).status_code == 200
    row.refresh_from_db()
    assert row.translations == {"th": {"role": "นักบินนำร่อง"}, "vi": {"role": "hoa tiêu"}}


@pytest.mark.parametrize(
    ("typed", "box", "message"),
    [
        ({"role_vi": "x" * 201}, "role_vi", "At most 200 are kept."),
        ({"note_th": "หมายเหตุ"}, "note_th", "There is no text to translate."),
        ({"role_en": "pilot"}, "role_en", "The text itself is in this language."),
        ({"role_th": "นักบิน\u200bนำร่อง"}, "role_th", "U+200B"),
    ],
)
def test_a_wrong_translation_is_said_at_its_box_and_nothing_is_saved(
    admin_client: Client, typed: dict[str, str], box: str, message: str
) -> None:
    article = english()
    make.make_person("Tomas Reka", status="draft")
    make.make_organization("Port of Sond", status="draft")
    before = Affiliation.objects.count()
    answer = admin_client.post(article.url("role"), as_opened(open_card(admin_client, article, ROLE, "role"), **typed))
    assert answer.status_code == 422
    assert message in errors(answer)[box][0]
    assert '<details class="translations" open>' in answer.content.decode()
    assert Affiliation.objects.count() == before


def test_whoever_writes_three_languages_saves_three_wordings_in_one_card(admin_client: Client) -> None:
    article = english()
    texts = {"text_en": "The tables differed.", "text_th": "ตารางต่างกัน", "text_vi": "Các bảng khác nhau."}
    data = values(
        article,
        REPORTED,
        speaker="label:harbour masters",
        speaker_label_th="นายท่าเรือ",
        note="Who exactly is not said.",
        note_vi="Không nói rõ là ai.",
        statement_kind="reported",
        **texts,
    )
    answer = admin_client.post(article.url("reported"), data)
    assert answer.status_code == 200, errors(answer)
    statement = Statement.objects.get(speaker_label="harbour masters")
    assert statement.translations == {"th": {"speaker_label": "นายท่าเรือ"}, "vi": {"note": "Không nói rõ là ai."}}
    assert {f"text_{row.language}": row.text for row in statement.wordings.all()} == texts
    assert {row.nature for row in statement.wordings.all()} == {"paraphrase"}


def test_a_label_is_translated_only_if_there_is_one(admin_client: Client) -> None:
    article = english()
    data = values(article, REPORTED, statement_kind="reported", text_en="They differed.", speaker_label_th="นายท่าเรือ")
    answer = admin_client.post(article.url("reported"), data)
    assert "There is no text to translate." in errors(answer)["speaker_label_th"][0]


def test_the_place_of_an_event_on_record_is_filled_with_its_translations(admin_client: Client) -> None:
    article = english()
    event: Event = article.event
    event.place, event.text_language = "", "en"
    event.save()
    data = as_opened(
        open_card(admin_client, article, "agreed on one tide table for nine harbours", "event"),
        place="Sond",
        place_th="ซอนด์",
        name="",
    )
    answer = admin_client.post(article.url("event"), data)
    assert answer.status_code == 200, errors(answer)
    event.refresh_from_db()
    assert (event.place, event.translations) == ("Sond", {"th": {"place": "ซอนด์"}})
