"""An editor sees word by word what was changed after the submission; the desk says of every row that waits that it is in review."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from base.records.submissions import Submission
from tests import factories as make
from tests.review.article import Work, make_work, press, submit, url_of

pytestmark = pytest.mark.django_db


def told(response: Any) -> list[str]:
    """Return what the page of a submission says of changes; what went in [-…-], what came in {+…+}."""
    page = response.content.decode()
    page = re.sub(r"<del>(.*?)</del>", r"[-\1-]", page)
    page = re.sub(r"<ins>(.*?)</ins>", r"{+\1+}", page)
    blocks = re.findall(r'<div class="history review-words">(.*?)</div>\s*(?=<p|</li>)', page, re.S)
    return [unescape(" ".join(re.sub(r"<[^>]*>", " ", block).split())) for block in blocks]


def change_a_wording(work: Work, text: str, number: int = 0) -> None:
    """Let mai change the words of a statement."""
    wording = work.statements[number].wordings.get()
    wording.text = text
    wording._history_user = User.objects.get(username="mai")
    wording.save()


def test_words_that_were_changed_after_the_submission_are_marked() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    assert told(work.lan.get(url_of(submission))) == []
    change_a_wording(work, "Asks for a tide clock, 1.")
    work.person.wikidata = "Q1"
    work.person.save()
    page = work.lan.get(url_of(submission))
    words, wikidata = told(page)
    assert re.search(r"Text Asks for a tide \[-table-\] ?\{\+clock\+\}, 1\.", words)
    assert "Wikidata id {+Q1+}" in wikidata
    assert "Wording, Mai," in page.content.decode()
    assert "2 rows were changed after they were submitted; see below." in page.content.decode()


def test_several_changes_of_a_row_are_one_and_a_name_that_came_is_shown() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    for text in ("Asks for a clock, 1.", "Asks for a tide table, 1.", "Asks for one table, 1."):
        change_a_wording(work, text)
    make.make_name(work.person, "M. Olen", passages=[make.make_passage(work.source, "The towns agreed.")])
    texts = told(work.lan.get(url_of(submission)))
    assert re.search(r"Asks for \[-a tide-\] ?\{\+one\+\} table, 1\.", texts[0])
    assert "Name of a person added: M. Olen" in texts[1]


def test_what_was_changed_since_it_was_sent_back_is_told_after_it_was_submitted_again() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)
    change_a_wording(work, "Asks for a tide clock, 1.")
    press(work.lan, submission, "send-back", answer="Say which one.")
    change_a_wording(work, "Asks for a new tide clock, 1.")
    press(work.mai, submission, "again", note="Done.")
    page = work.lan.get(url_of(submission))
    (words,) = told(page)
    assert re.search(r"Asks for a \{\+new ?\+\} ?tide clock, 1\.", words)
    text = page.content.decode()
    assert "Changed since it was sent back: Wording, Mai," in text
    assert "1 row was changed since it was sent back; see below." in text
    assert "Changed after it was submitted" not in text


def test_many_changes_cost_no_query_each() -> None:
    work = make_work()
    submission = submit(work.mai, work.source)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            work.lan.get(url_of(submission))
        return len(captured)

    for number in (0, 1):
        change_a_wording(work, "Asks for a clock.", number)
    few = queries()
    for text in ("Asks.", "Asks again.", "Asks for ever."):
        for number in (0, 1):
            change_a_wording(work, text, number)
    assert queries() == few


# Where the desk says so -----------------------------------------------------------------------------------------------------
def test_what_was_made_of_a_paragraph_says_that_it_waits() -> None:
    work = make_work()
    address = reverse("admin:desk_paragraph", args=[work.source.slug, 2])
    assert "in review" not in work.mai.get(address).content.decode()
    submit(work.mai, work.statements[0])
    statuses = re.findall(r'<span class="status draft">(.*?)</span>', work.mai.get(address).content.decode())
    assert sorted(statuses) == ["draft", "draft, in review"]


def test_cards_say_of_what_they_choose_cite_or_add_to_that_it_waits() -> None:
    work = make_work()
    submit(work.mai, work.person)
    submit(work.mai, work.event)
    suggested = work.mai.get(reverse("admin:desk_suggestions"), {"kind": "person", "q": "Mira"})
    assert "draft, in review" in suggested.content.decode()
    start, end = work.source.text.index("tide table"), work.source.text.index("tide table") + 10
    selection = {"start": start, "end": end, "quote": "tide table"}
    chosen = work.mai.post(
        reverse("admin:desk_card", args=[work.source.slug, "role"]),
        {**selection, "key": "abcdefgh12", "action": "open"},
    )
    assert re.search(r"Quay Talk <small>draft, in review</small>", chosen.content.decode()), "the event of the article"
    cited = work.mai.post(
        reverse("admin:desk_cite", args=[work.source.slug]),
        {**selection, "record": f"directory.personname:{work.person.names.get().pk}"},
    )
    assert cited.status_code == 200, cited.content.decode()
    assert "Whoever reviews it is shown this change." in cited.content.decode()
    other = work.mai.post(
        reverse("admin:desk_cite", args=[work.source.slug]),
        {**selection, "record": f"directory.organizationname:{work.organization.names.get().pk}"},
    )
    assert "Whoever reviews it is shown this change." not in other.content.decode()


def test_possible_doubles_say_that_they_wait() -> None:
    work = make_work()
    submit(work.mai, work.person)
    page = work.mai.get(reverse("admin:desk_doubles"), {"kind": "person", "name": "Mira Olen"})
    assert "draft, in review" in page.content.decode()
    assert Submission.objects.count() == 1
