"""A browser that has a page is told so for one query, and never after a write that changes the page."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django import DjangoDbBlocker

from directory.models import Affiliation, Passage, PersonName, Source
from events.models import Wording
from tests import factories as make
from tests.world import shared_world

pytestmark = pytest.mark.django_db
PAGES = {
    "home": "/",
    "people": "/people/",
    "person": "/people/ann-lee-1/",
    "organizations": "/organizations/",
    "organization": "/organizations/film-board-1/",
    "initiatives": "/initiatives/",
    "initiative": "/initiatives/film-fund-1/",
    "topics": "/topics/",
    "topic": "/topics/training-1/",
    "sources": "/sources/",
    "source": "/sources/article-1/",
    "events": "/events/",
    "event": "/events/film-workshop-1/",
    "statements": "/statements/?speaker=ann-lee-1",
    "statement": "/statements/{statement}/",
    "citation": "/statements/{statement}.bib",
    "search": "/search/?q=ann",
    "network": "/network/?focus=people/ann-lee-1",
    "check": "/check/?source=article-1",
    "data": "/data/",
    "figure": "/data/quality/no-thai/",
}


def tag_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return str(answer["ETag"])


def again(client: Client, address: str, tag: str, **headers: str) -> Any:
    return client.get(address, headers={"if-none-match": tag, **headers})


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make one public world for all tests of this file."""
    with shared_world(django_db_blocker) as world:
        yield world


@pytest.fixture
def world(db: None, shared: dict[str, Any]) -> dict[str, Any]:
    """Return its records, for one test to change."""
    return copy.deepcopy(shared)


@pytest.mark.parametrize(
    ("language", "page"), [*(("", page) for page in PAGES), ("/th", "home"), ("/th", "person"), ("/vi", "network")]
)
def test_an_unchanged_page_costs_one_query(
    client: Client, world: dict[str, Any], django_assert_num_queries: Any, language: str, page: str
) -> None:
    address = language + PAGES[page].format(statement=world["statement"].slug)
    first = client.get(address, headers={"accept-encoding": "gzip"})
    tag = first["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
        with django_assert_num_queries(1):
            answer = again(client, address, known)
        assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
        for header in ("Cache-Control", "Vary"):
            assert answer[header] == first[header]
    with django_assert_num_queries(1):
        assert client.head(address, headers={"if-none-match": tag}).status_code == 304
    assert again(client, address, '"other"').status_code == 200
    assert again(client, address, "*").status_code == 304
    assert again(client, "/people/nobody/", "*").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_pages_may_be_kept_by_anybody_who_asks_again(client: Client, world: dict[str, Any], page: str) -> None:
    answer = client.get(PAGES[page].format(statement=world["statement"].slug))
    vary = "Accept-Encoding, Accept-Language" if page == "home" else "Accept-Encoding"
    assert (answer["Cache-Control"], answer["Vary"]) == ("public, no-cache", vary)
    assert not answer.cookies


@pytest.mark.parametrize("page", PAGES)
def test_a_curator_reads_the_same_bytes_as_everybody(client: Client, world: dict[str, Any], page: str) -> None:
    address = PAGES[page].format(statement=world["statement"].slug)
    public = client.get(address)
    curator = Client()
    curator.force_login(get_user_model().objects.create_superuser("curator"))
    answer = curator.get(address)
    assert answer.headers.pop("X-Request-ID") != public.headers.pop("X-Request-ID")
    assert (answer.content, dict(answer.headers)) == (public.content, dict(public.headers))


@pytest.mark.parametrize(
    "address",
    ["/people/nobody/", "/people/?page=99", "/people/?organization=none", "/reports/", "/search/?q=" + "a" * 300],
)
def test_what_is_no_page_has_no_tag(client: Client, address: str) -> None:
    assert "ETag" not in client.get(address)


@pytest.mark.parametrize("page", ["/admin/login/", "/reports/new/?record=/people/ann-lee-1/"])
def test_forms_have_no_tag(client: Client, world: dict[str, Any], page: str) -> None:
    answer = client.get(page, follow=True)
    assert answer.status_code == 200
    assert "ETag" not in answer


def name(world: dict[str, Any]) -> None:
    row = world["person"].names.get()
    row.text = "Anna Lee"
    row.save()


def bulk(world: dict[str, Any]) -> None:
    PersonName.objects.filter(person=world["person"]).update(note="Seen again.", certainty="inferred")


def wording(world: dict[str, Any]) -> None:
    make.make_wording(world["statement"], "ถ้อยคำ", nature="translation", language="th")


def passage(world: dict[str, Any]) -> None:
    make.cite(world["statement"], world["passages"][4])


def source(world: dict[str, Any]) -> None:
    Source.objects.filter(pk=world["source"].pk).update(publisher="Daily")


def draft(world: dict[str, Any]) -> None:
    Affiliation.objects.filter(person=world["person"]).update(status="draft")


def withdrawal(world: dict[str, Any]) -> None:
    event = world["event"]
    event.status, event.withdrawn_reason = "withdrawn", "It never took place."
    event.save()


def deletion(world: dict[str, Any]) -> None:
    Wording.objects.filter(statement=world["statement"]).exclude(nature="verbatim").delete()


def check(world: dict[str, Any]) -> None:
    Passage.objects.filter(pk=world["passages"][0].pk).update(check_state="changed")


WRITES: list[Callable[[dict[str, Any]], None]] = [
    name,
    bulk,
    wording,
    passage,
    source,
    draft,
    withdrawal,
    deletion,
    check,
]


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
@pytest.mark.slow
def test_a_page_that_a_write_changed_is_never_called_unchanged(
    client: Client, world: dict[str, Any], write: Callable[[dict[str, Any]], None]
) -> None:
    addresses = [address.format(statement=world["statement"].slug) for address in PAGES.values()]
    before = {address: client.get(address) for address in addresses}
    write(world)
    changed = 0
    for address, answer in before.items():
        now = client.get(address)
        changed += now.content != answer.content
        assert again(client, address, answer["ETag"]).status_code != 304, address
    assert changed > 0


def test_other_code_templates_language_address_and_day_have_another_tag(
    client: Client, world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tags = [tag_of(client, address) for address in ("/people/", "/people/?page=1", "/th/people/", "/")]
    tags.append(client.get("/", headers={"accept-language": "th"})["ETag"])
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    monkeypatch.setattr("base.pages.conditional.timezone.now", lambda: tomorrow)
    tags.append(tag_of(client, "/people/"))
    monkeypatch.undo()
    monkeypatch.setattr("base.changes.version.code_version", lambda: "other")
    tags.append(tag_of(client, "/people/"))
    assert len(set(tags)) == len(tags)


def test_templates_styles_and_catalogues_are_part_of_the_code(tmp_path: Any, settings: Any) -> None:
    from base.changes.version import MADE_OF, _digest

    for folder in (*MADE_OF, "requirements"):
        (tmp_path / folder).mkdir()
    (tmp_path / "requirements" / "base.txt").write_text("Django")
    settings.BASE_DIR = tmp_path
    digests = [_digest()]
    for file in (
        "templates/base.html",
        "static/tokens.css",
        "locale/django.mo",
        "events/views.py",
        "requirements/base.txt",
    ):
        (tmp_path / file).write_text("new")
        digests.append(_digest())
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "other"}}
    digests.append(_digest())
    assert len(set(digests)) == len(digests)
