"""Curators give their texts in the languages of the site, in a box for each below the text, on pages and in rows of a record."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from accounts.groups import CONTRIBUTOR
from base.models import ChangeSet
from base.records.merge_plan import plan_merge
from base.records.merging import merge
from base.records.reverting import revert
from directory.models import Affiliation, InitiativeDescription, PersonName, Source
from events.models import Event, Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import change_url, errors, opened, url_of
from tests.sheets import csv_file, downloaded, faults, handed_in, taken_over, xlsx_file

pytestmark = pytest.mark.django_db

THAI, VIETNAMESE = "ผู้อำนวยการ", "giám đốc"


@pytest.fixture
def position() -> Affiliation:
    passage = make.make_passage(words="Ann Lee, the director.")
    person = make.make_person(passages=[passage])
    return make.make_affiliation(
        person, make.make_organization(), translations={"th": {"role": THAI}}, passages=[passage]
    )


def test_a_text_is_translated_below_itself_and_the_language_is_said_once(
    admin_client: Client, position: Affiliation
) -> None:
    url = change_url(position)
    data = opened(admin_client, url)
    assert (data["role_th"], data["role_vi"], data["text_language"]) == (THAI, "", "en")
    assert not {"translations", "role_en"} & data.keys()
    data |= {"role_vi": f"  {VIETNAMESE} ", "change_reason": "For readers."}
    assert admin_client.post(url, data).status_code == 302
    position.refresh_from_db()
    assert position.translations == {"th": {"role": THAI}, "vi": {"role": VIETNAMESE}}
    admin_client.post(url, {**opened(admin_client, url), "role_th": "", "change_reason": "Wrong."})
    position.refresh_from_db()
    assert position.translations == {"vi": {"role": VIETNAMESE}}


@pytest.mark.parametrize(
    ("typed", "box", "message"),
    [
        ({"role_th": "ผู้\u200bอำนวยการ"}, "role_th", "U+200B"),
        ({"role_vi": "x" * 201}, "role_vi", "role in Vietnamese: It has 201 characters. At most 200 are kept."),
        ({"note_th": "หมายเหตุ"}, "note_th", "There is no text to translate. Write the text first."),
        ({"text_language": "th"}, "role_th", "The text itself is in this language."),
        ({"text_language": "xx-klingon"}, "text_language", "names no language"),
    ],
)
def test_what_is_wrong_is_said_at_the_box_and_nothing_is_lost(
    admin_client: Client, position: Affiliation, typed: dict[str, str], box: str, message: str
) -> None:
    url = change_url(position)
    response = admin_client.post(url, opened(admin_client, url) | typed)
    assert response.status_code == 200
    form = response.context["adminform"].form
    assert list(form.errors) == [box]
    assert message in form.errors[box][0]
    assert all(form[name].value() == text for name, text in typed.items())
    assert message.partition(" ")[0] in response.content.decode()
    position.refresh_from_db()
    assert position.translations == {"th": {"role": THAI}}


def test_a_form_that_is_sent_without_the_boxes_leaves_translations_as_they_are(
    admin_client: Client, position: Affiliation
) -> None:
    url = change_url(position)
    data = {name: value for name, value in opened(admin_client, url).items() if name[-3:] not in ("_th", "_vi")}
    del data["text_language"], data["seen"]
    assert admin_client.post(url, data | {"role": "head", "change_reason": "Better."}).status_code == 302
    position.refresh_from_db()
    assert (position.role, position.text_language, position.translations) == ("head", "en", {"th": {"role": THAI}})


def test_whoever_writes_in_thai_translates_into_english(admin_client: Client, position: Affiliation) -> None:
    url = change_url(position)
    data = opened(admin_client, url) | {"text_language": "th", "role": THAI, "role_th": "", "role_en": "director"}
    assert admin_client.post(url, data | {"change_reason": "Written in Thai."}).status_code == 302
    position.refresh_from_db()
    assert (position.text_language, position.translations) == ("th", {"en": {"role": "director"}})
    data = opened(admin_client, url)
    assert "role_th" not in data
    assert data["role_en"] == "director"


def test_rows_of_a_record_have_boxes_and_rows_with_nothing_to_translate_none(
    admin_client: Client, position: Affiliation
) -> None:
    url = change_url(position.person)
    data = opened(admin_client, url)
    rows = {name for name in data if name.startswith(("names-0-", "affiliations-0-"))}
    assert {"affiliations-0-role_th", "affiliations-0-role_vi", "names-0-text_language"} <= rows
    assert not {"names-0-note_th", "affiliations-0-note_th", "affiliations-0-role_en"} & rows
    assert '<details class="translations" open>' in admin_client.get(url).content.decode()
    data |= {"affiliations-0-role_vi": VIETNAMESE, "change_reason": "For readers."}
    assert admin_client.post(url, data).status_code == 302
    position.refresh_from_db()
    assert position.translations["vi"] == {"role": VIETNAMESE}
    response = admin_client.post(url, opened(admin_client, url) | {"affiliations-0-role_vi": "x" * 201})
    assert "At most 200 are kept." in errors(response)["affiliations-0-role_vi"][0]


def test_a_new_row_has_boxes_for_every_language(admin_client: Client) -> None:
    html = admin_client.get(url_of(Affiliation, "add")).content.decode()
    for code in ("en", "th", "vi"):
        assert f'name="role_{code}"' in html
    html = admin_client.get(change_url(make.make_person())).content.decode()
    assert 'name="affiliations-__prefix__-role_vi"' in html


@pytest.mark.parametrize(
    ("model", "texts"),
    [
        (Statement, ("speaker_label", "role_at_time", "note")),
        (Event, ("short_name", "date_note", "place", "note")),
        (Source, ("title", "short_title", "note")),
        (InitiativeDescription, ("text", "note")),
        (PersonName, ("note",)),
    ],
)
def test_every_text_has_its_boxes_and_no_json_is_in_sight(
    admin_client: Client, model: Any, texts: tuple[str, ...]
) -> None:
    form = admin_client.get(url_of(model, "add")).context["adminform"].form
    assert [name for name in form.fields if name.endswith("_vi")] == [f"{name}_vi" for name in texts]
    assert "translations" not in form.fields
    assert all(form[f"{name}_vi"].field.widget.attrs["lang"] == "vi" for name in texts)


def test_a_changed_translation_of_a_public_row_is_asked_the_reason(admin_client: Client, position: Affiliation) -> None:
    url = change_url(position)
    response = admin_client.post(url, opened(admin_client, url) | {"role_th": "หัวหน้า"})
    assert "Role in Thai" in response.content.decode()
    assert "Reason for this change" in response.content.decode()
    position.refresh_from_db()
    assert position.translations == {"th": {"role": THAI}}


# Sheets -------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_sheet_has_a_column_for_each_language_and_comes_back(
    admin_client: Client, position: Affiliation, ending: str
) -> None:
    (row,) = downloaded(admin_client, Affiliation, ending)
    columns = ("role", "role [en]", "role [th]", "role [vi]", "text_language")
    assert [row[name] for name in columns] == ["director", "", THAI, "", "en"]
    assert not any("{" in cell for cell in row.values())
    content = admin_client.get(url_of(Affiliation, "sheet_file", ending)).content
    assert handed_in(admin_client, Affiliation, content).context["outcome"].unchanged == 1
    row |= {"role [th]": "", "role [vi]": VIETNAMESE}
    file = csv_file([row]) if ending == "csv" else xlsx_file([row])
    looked_at = handed_in(admin_client, Affiliation, file)
    assert [cell.column for cell in looked_at.context["outcome"].changes[0].cells] == ["role [th]", "role [vi]"]
    taken_over(admin_client, Affiliation, looked_at)
    position.refresh_from_db()
    assert position.translations == {"vi": {"role": VIETNAMESE}}


def test_a_wrong_translation_in_a_sheet_is_named_by_its_cell(admin_client: Client, position: Affiliation) -> None:
    (row,) = downloaded(admin_client, Affiliation)
    row |= {"role [vi]": "x" * 201, "note [th]": "หมายเหตุ", "role [en]": "director"}
    wrong = {
        (line, column): problem
        for line, column, problem in faults(handed_in(admin_client, Affiliation, csv_file([row])))
    }
    assert set(wrong) == {(2, "role [vi]"), (2, "note [th]"), (2, "role [en]")}
    assert "At most 200 are kept." in wrong[2, "role [vi]"]
    assert "The text itself is in this language." in wrong[2, "role [en]"]


def test_a_sheet_says_which_translations_a_changed_text_leaves_behind(
    admin_client: Client, position: Affiliation
) -> None:
    (row,) = downloaded(admin_client, Affiliation)
    looked_at = handed_in(admin_client, Affiliation, csv_file([row | {"role": "head"}]))
    (warning,) = looked_at.context["warnings"]
    assert warning.endswith("Role is another now. Look whether its translations still hold: Thai.")
    assert escape(warning) in looked_at.content.decode()
    taken_over(admin_client, Affiliation, looked_at)
    position.refresh_from_db()
    assert (position.role, position.translations) == ("head", {"th": {"role": THAI}})
    (row,) = downloaded(admin_client, Affiliation)
    both = handed_in(admin_client, Affiliation, csv_file([row | {"role": "director", "role [th]": "หัวหน้า"}]))
    assert both.context["warnings"] == []


@pytest.mark.parametrize("page", ["fact", "record"])
def test_a_page_says_which_translations_a_changed_text_leaves_behind(
    admin_client: Client, position: Affiliation, page: str
) -> None:
    """Of the row itself, and of a row on the page of its record."""
    url = change_url(position if page == "fact" else position.person)
    data = opened(admin_client, url)
    name = next(key for key in data if key == "role" or key.endswith("-0-role"))
    answer = admin_client.post(url, data | {name: "head", "change_reason": "Better."}, follow=True)
    assert "Role is another now. Look whether its translations still hold: Thai." in answer.content.decode()
    data = opened(admin_client, url)
    both = data | {name: "chief", f"{name}_th": "หัวหน้า", "change_reason": "Better."}
    assert "Look whether" not in admin_client.post(url, both, follow=True).content.decode()


# Two curators ---------------------------------------------------------------------------------------------------------------
def test_of_two_curators_each_keeps_a_translation(admin_client: Client, position: Affiliation) -> None:
    url = change_url(position)
    mine = opened(admin_client, url) | {"role_th": "หัวหน้า", "change_reason": "Mine."}
    theirs = opened(admin_client, url) | {"role_vi": VIETNAMESE, "change_reason": "Theirs."}
    admin_client.post(url, theirs)
    answer = admin_client.post(url, mine)
    assert answer.status_code == 409
    (row,) = answer.context["conflict"].rows
    choices = [(choice.label, choice.language, choice.chosen) for choice in row.choices]
    assert choices == [("Role in Thai", "th", "mine"), ("Role in Vietnamese", "vi", "theirs")]
    sent = dict(answer.context["conflict"].sent) | {"choice-role_th": "mine", "choice-role_vi": "theirs"}
    assert admin_client.post(url, sent).status_code == 302
    position.refresh_from_db()
    assert position.translations == {"th": {"role": "หัวหน้า"}, "vi": {"role": VIETNAMESE}}


# Uniting --------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("takes", [True, False])
def test_of_two_translations_of_one_text_one_is_chosen_and_the_other_noted(takes: bool) -> None:
    loser = make.make_event(
        "The Opening", place="Sond", translations={"th": {"place": "ซอนด์"}, "vi": {"place": "Sond"}}
    )
    winner = make.make_event("Opening", place="Sond", translations={"th": {"place": "เมืองซอนด์"}})
    [difference] = [each for each in plan_merge(loser, winner).differences if each.key.column != "names"]
    assert (difference.label, difference.loser, difference.winner) == ("place in Thai", "ซอนด์", "เมืองซอนด์")
    merge(loser, winner, reason="The same.", choices={difference.key: takes})
    winner.refresh_from_db()
    kept, other = ("ซอนด์", "เมืองซอนด์") if takes else ("เมืองซอนด์", "ซอนด์")
    assert winner.translations == {"th": {"place": kept}, "vi": {"place": "Sond"}}
    assert f"place in Thai: {other}" in winner.note


def test_the_page_of_uniting_offers_both_translations(admin_client: Client) -> None:
    rows = [
        make.make_event(name, place="Sond", translations={"th": {"place": place}})
        for name, place in (("The Opening", "ซอนด์"), ("Opening", "เมืองซอนด์"))
    ]
    data = {"action": "merge_doubles", "_selected_action": [row.pk for row in rows]}
    page = admin_client.post(url_of(Event, "changelist"), data)
    assert 'name="value-place [th]"' in page.content.decode()
    data |= {"confirmed": "yes", "winner": rows[1].pk, "reason": "The same.", "value-place [th]": rows[0].pk}
    assert admin_client.post(url_of(Event, "changelist"), data).status_code == 302
    rows[1].refresh_from_db()
    assert rows[1].translations == {"th": {"place": "ซอนด์"}}


# History, and looking only ----------------------------------------------------------------------------------------------------
def test_history_shows_a_changed_translation_by_text_and_language_and_it_is_undone(
    admin_client: Client, position: Affiliation
) -> None:
    url = change_url(position)
    data = {"role": "director", "role_th": "ผู้อำนวยการใหญ่", "change_reason": "The whole title."}
    assert admin_client.post(url, opened(admin_client, url) | data).status_code == 302
    html = admin_client.get(url_of(position, "history", position.pk)).content.decode()
    assert "Role in Thai" in html
    assert re.search(r'lang="th">.*<ins>', html)
    act = ChangeSet.objects.get()
    revert(act, act.user, "A mistake.")
    position.refresh_from_db()
    assert position.translations == {"th": {"role": THAI}}


def test_whoever_may_only_look_reads_translations_and_sends_none(client: Client, position: Affiliation) -> None:
    client.force_login(make_user("nat", CONTRIBUTOR))
    html = client.get(change_url(position)).content.decode()
    assert f'<dd lang="th">{THAI}</dd>' in html
    assert 'name="role_th"' not in html
