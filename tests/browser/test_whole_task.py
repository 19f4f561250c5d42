"""The whole task in a real Chromium, in each language, counted and held against the goals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page

from events.models import Statement
from tests import factories as make
from tests.browser.desk_steps import Desk, Hand
from tests.browser.seed_article import ARTICLES
from tests.browser.test_desk import sign_in
from tests.browser.whole_task import WholeTask

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("language", ["en", "th", "vi"])
def test_an_article_becomes_public_within_the_goals(page: Page, live_server: Any, client: Client, language: str) -> None:
    article = ARTICLES[language]
    make.make_person(article.known_person, language)
    sign_in(page, live_server, client)
    page.set_default_timeout(8000)
    try:
        task = WholeTask(Desk(Hand(page), live_server.url, language), article)
        account = task.do()
        page.screenshot(path=f"/tmp/k/done-{language}.png", full_page=True)
    except BaseException:
        from desk.reading.known import known_names, proposals_of
        from directory.models import Source
        for source in Source.objects.all():
            print("TEXT", source.text == article.text, source.language)
            print("KNOWN", [(f.start, f.end, [(r.kind, r.id, r.name) for r in f.records]) for f in known_names().find(source.text)])
            for p in proposals_of(source): print("PROP", p.kind, p.text, p.speaker, p.record)
        page.screenshot(path=f"/tmp/k/fail-{language}.png", full_page=True)
        raise
    for name, counts in account.steps.items():
        print(name, counts)
    print("WHOLE", account.whole)
    for s in Statement.objects.all(): print(s.status, s.speaker, s.role_at_time, s.event, [w.text for w in s.wordings.all()])
