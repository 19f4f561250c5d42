"""An editor's morning in a real Chromium is held against its goals."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from tests.browser.desk_steps import Hand
from tests.browser.editor_steps import windows
from tests.browser.editors_morning import EditorsMorning, check, make_morning
from tests.review.article import browser

__all__ = ["windows"]  # a fixture
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS, SECONDS = 25, 60  # beside typing the word, the reason and the answer


def test_a_morning_is_done_within_the_goals(windows: Any, live_server: Any) -> None:
    morning = make_morning()
    page = windows(live_server.url, browser("lan", "keeper"))
    account = EditorsMorning(Hand(page), live_server.url, morning).do()
    sys.stdout.write(f"\n(goals: {CLICKS} clicks and {SECONDS} s)\n{account}\n")
    check(morning)
    assert account.whole.clicks <= CLICKS, account.steps
    assert account.whole.seconds <= SECONDS, account.steps
