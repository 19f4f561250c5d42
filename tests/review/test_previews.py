"""A preview shows the public pages as they would be, to whoever has its address, and leaves no trace anywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.utils import timezone

from base.changes.models import TouchedRow
from base.changes.version import content_version
from base.records.submissions import Submission
from operations.logs import without_values
from tests import factories as make
from tests.guarantees.test_drafts_are_not_sensed import ADDRESSES
from tests.review.article import Work, make_work, press, submit, url_of

pytestmark = pytest.mark.django_db


def opened_preview(work: Work, row: Any) -> tuple[Submission, str]:
    """Submit a row, and return the submission with the path of its preview."""
    submission = submit(work.mai, row)
    press(work.mai, submission, "preview")
    submission.refresh_from_db()
    assert len(submission.preview_key) == 32
    return submission, f"/preview/{submission.preview_key}/"


def test_a_preview_shows_every_page_as_it_would_be() -> None:
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    reader = Client()
    listing = reader.get(address).content.decode()
    pages = [
        f"{address}{plural}/{row.slug}/"
        for plural, row in [
            ("sources", work.source),
            ("people", work.person),
            ("organizations", work.organization),
            ("events", work.event),
            ("topics", work.topic),
            *(("statements", row) for row in work.statements),
        ]
    ]
    for page in pages:
        assert f'href="{page}"' in listing
        response = reader.get(page)
        text = response.content.decode()
        assert response.status_code == 200
        assert "Preview: not public" in text
        assert '<meta name="robots" content="noindex, nofollow">' in text
        assert "canonical" not in text
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert response["Cache-Control"] == "private, no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in response
        assert "Last-Modified" not in response
        assert not response.cookies
        assert "by Mai" not in text
        for missing in ("Changes to this record", "Report a problem", "Use this record"):
            assert missing not in text, missing  # a draft has neither
    statement = reader.get(f"{address}statements/{work.statements[0].slug}/").content.decode()
    assert "Asks for a tide table, 1." in statement
    assert f'href="{address}people/{work.person.slug}/"' in statement  # links stay in the preview
    assert f'href="/people/{work.person.slug}/"' not in statement
    assert "Quay Board" in reader.get(f"{address}people/{work.person.slug}/").content.decode()


def test_a_preview_of_a_new_spelling_is_the_page_of_its_person() -> None:
    work = make_work()
    known = make.make_person("Ines Aldana", passages=[make.make_passage()])
    make.make_name(known, "Inés Aldana", "es", status="draft", passages=[make.make_passage()])
    _submission, address = opened_preview(work, known)
    page = f"{address}people/{known.slug}/"
    assert f'href="{page}"' in Client().get(address).content.decode()
    assert "Inés Aldana" in Client().get(page).content.decode()
    assert "Inés Aldana" not in Client().get(f"/people/{known.slug}/").content.decode()


@pytest.mark.parametrize("language", ["th", "vi"])
def test_a_preview_has_every_language(language: str) -> None:
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    page = f"/{language}{address}people/{work.person.slug}/"
    text = Client().get(page).content.decode()
    assert f'<html lang="{language}">' in text
    assert f'href="{address}people/{work.person.slug}/"' in text  # the same page in English
    assert f'href="/{language}{address}organizations/{work.organization.slug}/"' in text


def test_only_what_was_submitted_is_shown() -> None:
    work = make_work()
    other = make.make_person("Never Submitted", status="draft")
    _submission, address = opened_preview(work, work.statements[0])
    assert Client().get(f"{address}people/{other.slug}/").status_code == 404
    assert Client().get(f"{address}statements/{work.statements[1].slug}/").status_code == 404
    person = Client().get(f"{address}people/{work.person.slug}/").content.decode()
    assert "tide table, 1" in person
    assert "tide table, 2" not in person
    assert "Quay Board" not in person  # the organization was not submitted


@pytest.mark.parametrize(
    "path", ["people/nobody/", "nothing/x/", "people/%00/", "statements/" + "x" * 300 + "/", "people/mira%20olen/"]
)
def test_there_is_nothing_at_other_addresses_of_a_preview(path: str) -> None:
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    assert Client().get(f"{address}{path}").status_code == 404


@pytest.mark.parametrize("key", ["x", "é", "%00", "a" * 31, "a" * 500, ".."])
def test_a_forged_key_opens_nothing(key: str) -> None:
    make_work()
    assert Client().get(f"/preview/{key}/").status_code == 404
    assert Client().get(f"/preview/{'a' * 32}/").status_code == 410


def test_a_preview_ends_with_its_time_its_decision_and_a_new_address() -> None:
    work = make_work()
    submission, address = opened_preview(work, work.source)
    assert Client().get(address).status_code == 200
    Submission.objects.update(preview_until=timezone.now() - timedelta(seconds=1))
    response = Client().get(address)
    assert response.status_code == 410
    assert "This preview has ended" in response.content.decode()
    assert response["Cache-Control"] == "private, no-store"
    page = work.mai.get(url_of(submission)).content.decode()
    assert address not in page, "an address that has ended is not shown as one that works"
    assert "Make an address" in page

    press(work.mai, submission, "preview")
    submission.refresh_from_db()
    second = f"/preview/{submission.preview_key}/"
    assert Client().get(address).status_code == 410
    assert Client().get(second).status_code == 200
    press(work.lan, submission, "publish")
    assert Client().get(second).status_code == 410
    assert Client().get(f"{second}people/{work.person.slug}/").status_code == 410


@pytest.mark.parametrize("action", ["no-preview", "take-back", "send-back"])
def test_a_preview_ends_when_it_is_ended_taken_back_or_sent_back(action: str) -> None:
    work = make_work()
    submission, address = opened_preview(work, work.source)
    press(work.lan if action == "send-back" else work.mai, submission, action, answer="No.")
    assert Client().get(address).status_code == 410


def test_a_preview_is_not_in_robots_sitemap_or_log() -> None:
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    for listing in ("/robots.txt", "/sitemap.xml", "/sitemap-people.xml", "/sitemap-sources.xml"):
        assert "preview" not in Client().get(listing).content.decode()
    assert without_values(f"GET {address}people/x/ 200 1 ms 2 B") == "GET /preview/…/people/x/ 200 1 ms 2 B"
    assert without_values(f"Internal Server Error: /th{address}") == "Internal Server Error: /th/preview/…/"


def test_other_methods_are_refused() -> None:
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    assert Client().post(address).status_code == 405
    assert Client().head(address).status_code == 200


def test_a_preview_with_preconditions_is_answered_whole() -> None:
    """A client may send tags of the public page."""
    work = make_work()
    _submission, address = opened_preview(work, work.source)
    page = f"{address}people/{work.person.slug}/"
    for headers in (
        {"If-None-Match": "*"},
        {"If-Match": '"x"'},
        {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"},
    ):
        response = Client().get(page, headers=headers)
        assert (response.status_code, "Preview: not public" in response.content.decode()) == (200, True)


def answers() -> dict[str, tuple[int, str | None, bytes]]:
    """Return what a stranger is given at public addresses: status, ETag, bytes."""
    client = Client()
    found = {address: client.get(address) for address in ADDRESSES}
    return {
        address: (answer.status_code, answer.get("ETag"), b"".join(answer) if answer.streaming else answer.content)
        for address, answer in found.items()
    }


@pytest.mark.django_db(transaction=True)
def test_a_preview_leaves_no_trace() -> None:
    """Outside of a transaction, so that pages, counts and facets are kept as in life."""
    for cache in caches.all():
        cache.clear()
    work = make_work()
    public = make.make_person("Ann Lee", passages=[make.make_passage()])
    make.make_statement(public)
    make.make_statement(
        public, topics=[work.topic], passages=[make.make_passage(work.source, "The towns agreed.")], status="draft"
    )
    _submission, address = opened_preview(work, work.source)
    hidden = [
        f"/people/{work.person.slug}/",
        f"/sources/{work.source.slug}/",
        f"/statements/{work.statements[0].slug}/",
    ]

    for cache in caches.all():
        cache.clear()
    before = answers()
    kept = {alias: dict(cache._cache) for alias, cache in _caches().items()}
    version, touched = content_version(), TouchedRow.objects.count()
    history = work.person.history.count()
    for _time in range(2):
        for path in (
            "",
            f"people/{work.person.slug}/",
            f"people/{public.slug}/",
            f"sources/{work.source.slug}/",
            f"events/{work.event.slug}/",
        ):
            assert Client().get(address + path).status_code == 200
    assert (content_version(), TouchedRow.objects.count()) == (version, touched)
    assert work.person.history.count() == history
    assert work.statuses() == {"draft"}
    assert {alias: dict(cache._cache) for alias, cache in _caches().items()} == kept
    assert answers() == before
    for cache in caches.all():
        cache.clear()
    assert answers() == before
    for path in hidden:
        assert Client().get(path).status_code == 404


def _caches() -> dict[str, Any]:
    return {alias: caches[alias] for alias in ("default", "facets", "pages")}
