"""How far an article is read: marked by any curator, shown on its page and on the first page, kept in a newer text."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from desk.models import ReadParagraph
from desk.reading.progress import read_paragraphs
from directory.models import Source
from directory.source_texts import store_text
from tests import factories as make
from tests.accounts.people import make_user

pytestmark = pytest.mark.django_db
TEXT = "One.\nTwo.\nThree.\nFour.\nFive.\n"


@pytest.fixture
def source() -> Source:
    return make.make_source("The Walk", text=TEXT, status="draft")


def mark(client: Client, number: int, action: str) -> int:
    """Mark a paragraph and return the status of the answer."""
    return int(client.post(f"/admin/desk/the-walk/paragraphs/{number}/", {"action": action}).status_code)


def text_of(page: bytes) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page.decode()))


def test_paragraphs_are_marked_one_by_one_or_all_up_to_one(admin_client: Client, source: Source) -> None:
    assert read_paragraphs(source) == set()
    assert mark(admin_client, 5, "read") == 200
    assert mark(admin_client, 5, "read") == 200
    assert mark(admin_client, 3, "read-so-far") == 200
    assert read_paragraphs(source) == {1, 2, 3, 5}
    assert mark(admin_client, 2, "unread") == 200
    assert mark(admin_client, 2, "unread") == 200
    assert read_paragraphs(source) == {1, 3, 5}
    answer = admin_client.post("/admin/desk/the-walk/paragraphs/4/", {"action": "read"})
    assert answer["HX-Trigger"] == "paragraphs-read"
    assert 'aria-pressed="true"' in answer.content.decode()


def test_all_curators_share_what_is_read_and_see_it_on_both_pages(source: Source) -> None:
    lan, mai = Client(), Client()
    lan.force_login(make_user("lan", "editor"))
    mai.force_login(make_user("mai", "contributor"))
    mark(lan, 2, "read-so-far")
    mark(mai, 4, "read")
    assert ReadParagraph.objects.get(source=source, digest=ReadParagraph.objects.last().digest).user is not None
    for client in (lan, mai):
        page = client.get("/admin/desk/the-walk/").content
        assert "3 of 5 read" in text_of(page)
        assert re.findall(r'id="p(\d)"[^>]*class="[^"]*\bread\b', page.decode()) == ["1", "2", "4"]
        assert "3 of 5 read" in text_of(client.get("/admin/desk/the-walk/text/").content)
        assert "3 of 5 read" in text_of(client.get("/admin/").content)


def test_a_newer_text_keeps_the_marks_of_paragraphs_with_the_same_words(admin_client: Client, source: Source) -> None:
    mark(admin_client, 4, "read-so-far")
    store_text(source, "A new beginning.\nOne.\nTwo and more.\nFour.\nThree.\n")
    source.save()
    assert read_paragraphs(source) == {2, 4, 5}
    assert "3 of 5 read" in text_of(admin_client.get("/admin/").content)


@pytest.mark.parametrize(
    ("number", "action", "status"), [(0, "read", 404), (6, "read", 404), (1, "", 422), (1, "x" * 9, 422)]
)
def test_what_cannot_be_marked_is_refused(
    admin_client: Client, source: Source, number: int, action: str, status: int
) -> None:
    assert mark(admin_client, number, action) == status
    assert not ReadParagraph.objects.exists()


def test_a_source_without_text_has_nothing_to_read(admin_client: Client) -> None:
    make.make_source("The Walk", text=TEXT)
    Source.objects.update(text="")
    assert mark(admin_client, 1, "read") == 422
    assert "read up to here" not in admin_client.get("/admin/desk/the-walk/paragraphs/1/").content.decode().lower()


def test_who_may_not_add_passages_marks_nothing(client: Client, source: Source) -> None:
    client.force_login(make_user("lek"))
    assert mark(client, 1, "read") == 403


def test_marking_costs_the_same_for_one_paragraph_and_for_all(
    admin_client: Client, source: Source, django_assert_max_num_queries: object
) -> None:
    mark(admin_client, 1, "read")
    with django_assert_max_num_queries(32):  # type: ignore[operator]
        mark(admin_client, 5, "read-so-far")
