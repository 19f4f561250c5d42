"""Texts of the editors have a language and translations: checked as the text is, kept in one form, joined and moved with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError

from base.records.merging import merge
from base.records.reverting import revert
from base.records.split_plan import SplitChoices
from base.records.splitting import split
from base.records.texts import UnstorableText
from base.text.translated_text import TranslatedText
from directory.models import Affiliation, InitiativeDescription, Source
from events.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db

ROLE = {"th": {"role": "ผู้อำนวยการ"}, "vi": {"role": "giám đốc"}}


@pytest.fixture
def position() -> Affiliation:
    """A director, in English, with translations of the role."""
    return make.make_affiliation(make.make_person(), make.make_organization(), translations=ROLE)


def messages(row: Any) -> list[str]:
    """Return what a form would say about the translations of a row."""
    with pytest.raises(ValidationError) as refused:
        row.full_clean()
    assert list(refused.value.message_dict) == ["translations"]
    return refused.value.message_dict["translations"]


def test_a_text_is_given_in_the_language_asked_for_or_as_it_was_written(position: Affiliation) -> None:
    position.refresh_from_db()
    texts = [position.text_in("role", language) for language in ("en", "th", "th-TH", "vi", "pt-BR")]
    assert texts == ["director", "ผู้อำนวยการ", "ผู้อำนวยการ", "giám đốc", "director"]
    assert [text.language for text in texts] == ["en", "th", "th", "vi", "en"]
    assert position.text_in("note", "th") == TranslatedText("", "en")


def test_the_text_of_a_description_is_in_the_language_of_the_description() -> None:
    text = InitiativeDescription(
        initiative=make.make_initiative(), text="Một quỹ.", language="vi", translations={"en": {"text": "A fund."}}
    )
    text.full_clean()
    assert [text.text_in("text", language).language for language in ("vi", "en", "th")] == ["vi", "en", "vi"]
    text.translations = {"vi": {"text": "Một quỹ."}}
    assert messages(text) == [
        "text in Vietnamese: The text itself is in this language. Write it into the text, or say in which language that is."
    ]


@pytest.mark.parametrize(
    ("translations", "message"),
    [
        ([1], 'Translations are an object with a member for each language. Write {"th": {"note": "…"}}.'),
        ("th", 'Translations are an object with a member for each language. Write {"th": {"note": "…"}}.'),
        ({"fr": {"role": "x"}}, "“fr” is no language of this site. These are: en, th, vi."),
        ({"th-TH": {"role": "x"}}, "“th-TH” is no language of this site. These are: en, th, vi."),
        ({"th": "x"}, 'Translations into Thai are an object with a member for each text. Write {"th": {"note": "…"}}.'),
        ({"th": {"roll": "x"}}, "“roll” is no text that has translations here. These are: role, note."),
        ({"th": {"uid": "x"}}, "“uid” is no text that has translations here. These are: role, note."),
        ({"th": {"role": 7}}, 'role in Thai: A translation is a text. Write {"th": {"note": "…"}}.'),
        (
            {"en": {"role": "x"}},
            "role in English: The text itself is in this language. Write it into the text, or say in which language that is.",
        ),
        ({"th": {"note": "x"}}, "note in Thai: There is no text to translate. Write the text first."),
        ({"th": {"role": "x" * 201}}, "role in Thai: It has 201 characters. At most 200 are kept."),
        (
            {"vi": {"role": "a\nb"}},
            "role in Vietnamese: It holds a line break at character 2, after “a”. Write it in one line.",
        ),
        (
            {"vi": {"role": "a\u200bb"}},
            "role in Vietnamese: It holds a zero width space (U+200B) at character 2, after “a”, which nobody sees. Take it out.",
        ),
        (
            {"th": {"role": "a\x00"}},
            "role in Thai: It holds a control character (U+0000) at character 2, after “a”, which cannot be kept. Take it out.",
        ),
    ],
)
def test_what_is_no_translation_is_refused_with_what_would_be_right(
    position: Affiliation, translations: Any, message: str
) -> None:
    position.translations = translations
    assert messages(position) == [message]
    with pytest.raises(UnstorableText, match="translations"):
        position.require_storable()


def test_every_wrong_translation_has_a_sentence(position: Affiliation) -> None:
    position.note = "One line.\nAnother."
    position.translations = {"th": {"role": "a\nb", "note": "บรรทัด\nสอง"}, "vi": {"role": "\x1b"}}
    assert [message.partition(":")[0] for message in messages(position)] == ["role in Thai", "role in Vietnamese"]


def test_translations_are_kept_in_one_form(position: Affiliation) -> None:
    position.note = "A note."
    position.translations = {
        "VI": {"role": "giám đốc", "note": " "},
        "th": {"role": "ก\u0e4d\u0e32", "note": "หมายเหตุ\r\nสอง"},
        "en": {"note": ""},
    }
    position.full_clean()
    position.save()
    position.refresh_from_db()
    assert position.translations == {
        "th": {"note": "หมายเหตุ\nสอง", "role": "ก\u0e4d\u0e32"},
        "vi": {"role": "giám đốc"},
    }
    assert list(position.translations) == ["th", "vi"]
    assert list(position.translations["th"]) == ["note", "role"]


def test_a_fixture_has_them_and_is_checked(position: Affiliation) -> None:
    text = serializers.serialize("json", [position, make.make_affiliation(position.person, role="guest")], indent=1)
    assert text.count('"translations"') == 1  # the usual values are left out
    assert text.count('"text_language"') == 0
    Affiliation.objects.all().delete()
    for row in serializers.deserialize("json", text):
        row.save()
    assert [row.translations for row in Affiliation.objects.order_by("pk")] == [ROLE, {}]
    for row in serializers.deserialize("json", text.replace('"th"', '"xx"')):
        with pytest.raises(UnstorableText, match="“xx” is no language of this site"):
            row.save()
        break


def test_a_translated_title_is_a_name_of_its_source() -> None:
    source = make.make_source("A workshop", short_title="Workshop", translations={"th": {"title": "สัมมนา"}})
    source.refresh_from_db()
    assert (source.name, source.labels) == ("A workshop", {"en": "A workshop", "th": "สัมมนา"})
    assert Source.objects.get(search__contains="สัมมนา") == source
    assert "a workshop" in source.search


def test_uniting_joins_notes_and_their_translations() -> None:
    loser, winner = (make.make_person("Ann Lee", passages=[make.make_passage()]) for _both in range(2))
    board = make.make_organization()
    words = [make.make_passage()]
    double = make.make_affiliation(
        loser, board, passages=words, note="Of ¶2.", translations={"th": {"note": "จาก ¶2", **ROLE["th"]}}
    )
    kept = make.make_affiliation(winner, board, passages=words, note="Of ¶1.", translations={"vi": {"note": "Từ ¶1"}})
    before = [kept.note, kept.translations]
    counts = merge(loser, winner, reason="The same.")
    kept.refresh_from_db()
    assert kept.note == "Of ¶1.\nOf ¶2."
    assert kept.translations == {
        "th": {"note": "Of ¶1.\nจาก ¶2", "role": "ผู้อำนวยการ"},
        "vi": {"note": "Từ ¶1\nOf ¶2."},
    }
    kept.full_clean()
    revert(counts.change_set, reason="They are two.")
    kept.refresh_from_db()
    assert [kept.note, kept.translations] == before
    assert Affiliation.objects.get(pk=double.pk).translations["th"] == {"note": "จาก ¶2", **ROLE["th"]}


def test_a_text_goes_to_another_record_with_its_translations() -> None:
    event = make.make_event("Workshop", place="Cambridge", short_name="Shop")
    event.translations = {"th": {"place": "เคมบริดจ์", "short_name": "สัมมนา"}}
    event.save()
    names = set(event.names.values_list("pk", flat=True))
    other, _counts = split(
        event, None, SplitChoices(names_of_both=names, values={"place": "goes"}), reason="Another place."
    )
    event = Event.objects.get(pk=event.pk)
    assert (other.place, other.translations) == ("Cambridge", {"th": {"place": "เคมบริดจ์"}})
    assert (event.place, event.translations) == ("", {"th": {"short_name": "สัมมนา"}})
