"""Why a row was changed is kept in English, whatever the language of the curator, and shown in that of the reader."""

from __future__ import annotations

import pytest
from django.contrib.admin import site
from django.db.models import Model
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags

from base.records.change_reasons import MOST_CHARACTERS, ChangeReason, shown_reason
from base.records.withdrawing import withdraw_together
from desk.selections import digest_of_words
from directory.models import Person, Source
from tests import factories as make
from tests.curation import filled, url_of
from tests.desk.articles import english
from tests.desk.test_name_cards import as_opened
from tests.desk.test_statement_cards import values

pytestmark = pytest.mark.django_db


def reasons(*models: type[Model]) -> set[str]:
    """Return the reasons that the histories of these kinds hold."""
    return {row.history_change_reason for model in models for row in model.history.all() if row.history_change_reason}  # type: ignore[attr-defined]


def all_reasons() -> set[str]:
    """Return the reasons that the histories of all kinds hold."""
    return reasons(*(model for model in site._registry if hasattr(model, "history")))


@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_reasons_are_kept_in_english(admin_client: Client, language: str) -> None:
    article = english("draft")
    prefix = "" if language == "en" else f"/{language}"
    start, end = article.span("Tomas Reka")
    url = f"{prefix}{article.url('name')}"
    card = admin_client.get(url, {"start": start, "end": end, "digest": digest_of_words("Tomas Reka")})
    assert admin_client.post(url, as_opened(card)).status_code == 200
    quote = values(article, "Nobody drowns because of a number,")
    assert admin_client.post(f"{prefix}{article.url('quote')}", quote).status_code == 200
    for record in (article.source, article.speaker):
        url = prefix + url_of(type(record), "change", record.pk)
        assert admin_client.post(url, {**filled(admin_client.get(url)), "_publish": "1"}).status_code == 302
    with translation.override(language):
        withdraw_together([Source.objects.get(pk=article.source.pk)], "It was a copy.")
    assert all_reasons() == {
        "Made at the desk from ¶3 of harbour-towns-agree",
        "Made at the desk from ¶4 of harbour-towns-agree",
        "Published",
        "Withdrawn: It was a copy.",
    }


@pytest.mark.parametrize(
    ("reason", "thai"),
    [
        ("Published", "เผยแพร่แล้ว"),
        ("Made at the desk from ¶3 of the-walk", "บันทึกที่โต๊ะทำงานจาก ¶3 ของ the-walk"),
        ("Withdrawn with “A: b”: It: ends.", "ถอดออกพร้อมกับ “A: b”: It: ends."),
        ("Taken in at the desk", "นำเข้าที่โต๊ะทำงาน"),
        ("The newspaper corrected it.", "The newspaper corrected it."),
        ("เผยแพร่แล้ว", "เผยแพร่แล้ว"),
        ("100 % of it", "100 % of it"),
        ("", ""),
        (None, ""),
    ],
)
def test_reasons_are_shown_in_the_language_of_the_reader(reason: str | None, thai: str) -> None:
    assert shown_reason(reason) == (reason or "")
    with translation.override("th"):
        assert shown_reason(reason) == thai


def test_no_reason_is_longer_than_a_history_takes() -> None:
    assert all(
        len(
            known(
                {
                    "slug": "x" * 200,
                    "reason": "y" * 200,
                    "records": "z" * 200,
                    "paragraph": 1,
                    "source": "s" * 200,
                    "file": "f",
                    "line": 2,
                }
            )
        )
        <= MOST_CHARACTERS
        for known in ChangeReason.known
        if "(" in known.template
    )


def test_history_and_first_page_say_what_was_done_in_the_language_of_the_reader(admin_client: Client) -> None:
    person = make.make_person("Ann Lee", status="draft", passages=[make.make_passage()])
    make.make_source("The Walk")
    url = url_of(Person, "change", person.pk)
    admin_client.post(url, {**filled(admin_client.get(url)), "_publish": "1"})
    assert person.history.first().history_change_reason == "Published"
    assert "เผยแพร่แล้ว" in admin_client.get(f"/th{url_of(Person, 'history', person.pk)}").content.decode()
    first_page = " ".join(strip_tags(admin_client.get("/th/admin/").content.decode()).split())
    assert "เผยแพร่ Ann Lee" in first_page
