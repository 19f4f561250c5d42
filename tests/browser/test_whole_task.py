"""The whole task in a real Chromium, in each language: counted, held against the goals, and read by somebody signed out."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, Page, expect

from events.models import Event, Statement
from tests import factories as make
from tests.browser.desk_steps import Desk, Hand
from tests.browser.seed_article import ARTICLES, Said
from tests.browser.test_desk import sign_in
from tests.browser.whole_task import WholeTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS, SECONDS = 60, 240  # for the article, beside typing translations and paraphrases
CLICKS_OF_STATEMENT, SECONDS_OF_STATEMENT = 4, 20


@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_an_article_becomes_public_within_the_goals(
    page: Page, browser: Browser, live_server: Any, client: Client, language: str
) -> None:
    article = ARTICLES[language]
    make.make_person(article.known_person, language)
    sign_in(page, live_server, client)
    task = WholeTask(Desk(Hand(page), live_server.url, language), article)
    account = task.do()
    goals = f"goals: {CLICKS} clicks and {SECONDS} s, {CLICKS_OF_STATEMENT} and {SECONDS_OF_STATEMENT} a statement"
    sys.stdout.write(f"\n{language} ({goals})\n{account}\n")
    assert account.whole.clicks <= CLICKS, account.steps
    assert account.whole.seconds <= SECONDS, account.steps
    assert len(account.statements) == len(article.said) == 5
    for counts in account.statements:
        assert counts.clicks <= CLICKS_OF_STATEMENT, account.steps
        assert counts.seconds <= SECONDS_OF_STATEMENT, account.steps
    reader = browser.new_page()
    for said in article.said:
        seen_by_a_reader(reader, live_server.url, language, said)
    see_the_event(reader, live_server.url, language)
    reader.context.close()


def statement_of(said: Said) -> Statement:
    """Return the statement that has the typed text of this one."""
    return Statement.objects.published().get(wordings__text=said.typed)


def address_of(record: Any, language: str) -> str:
    """Return the address of a page in a language."""
    with translation.override(language):
        return str(record.get_absolute_url())


def seen_by_a_reader(reader: Page, site: str, language: str, said: Said) -> None:
    """Open the page of a statement: its words, who speaks, and the strip that proves it."""
    statement = statement_of(said)
    assert reader.goto(site + address_of(statement, language)).ok
    main = reader.locator("main")
    expect(main).to_contain_text(said.typed)
    if not said.is_reported:
        for part in said.parts:
            expect(main.locator(".quote")).to_contain_text(part)
    assert statement.speaker is not None
    expect(main).to_contain_text(statement.speaker.name)
    expect(main.locator("figure.strip")).to_be_visible()
    expect(main.locator("table.passages tbody tr")).to_have_count(len(said.parts))


def see_the_event(reader: Page, site: str, language: str) -> None:
    """Open the page of the event: it lists the five statements, who took part, and the organizer."""
    event = Event.objects.published().get()
    assert event.date == "2026-03-14"
    assert event.participations.get().person.status == event.organization_links.get().organization.status == "published"
    assert reader.goto(site + address_of(event, language)).ok
    for statement in Statement.objects.published():
        expect(reader.locator(f"main a[href*='{statement.slug}']").first).to_be_visible()
