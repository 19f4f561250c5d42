"""What a preview of a link shows of a page: Open Graph on every page, in its language, each with words of its own."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.text.languages import CODES, address_in
from tests.reading import article

pytestmark = pytest.mark.django_db
PAGES = [
    "/",
    "/people/",
    "/people/tony-bui/",
    "/organizations/",
    "/organizations/vfda/",
    "/initiatives/",
    "/initiatives/aiws-film-park/",
    "/events/",
    "/events/vietnam-us-film-workshop-harvard/",
    "/statements/",
    "/statements/st-g114xc/",
    "/statements/st-7hs43z/",
    "/sources/",
    "/sources/film-workshop/",
    "/topics/",
    "/topics/film-industry/",
    "/network/",
    "/check/",
    "/corrections/",
    "/api-guide/",
    "/api-guide/changes/",
    "/people/tony-bui/changes/",
    "/data/",
    "/data/quality/no-thai/",
    "/search/?q=film",
    "/reports/new/",
    "/people/nobody/",
]
LOCALES = {"en": "en_GB", "th": "th_TH", "vi": "vi_VN"}


@pytest.fixture(scope="module", autouse=True)
def fixture_article(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


class Metas(HTMLParser):
    """The meta elements of a page, by name or property."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "meta" and (name := found.get("property") or found.get("name")):
            self.values.setdefault(name, []).append(found.get("content") or "")

    def one(self, name: str) -> str:
        """Return the only value of this name."""
        (value,) = self.values[name]
        return value


@pytest.mark.any_database
@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("address", PAGES)
def test_a_page_has_a_preview(client: Client, address: str, language: str) -> None:
    answer = client.get(address_in(address, language))
    metas = Metas(answer.content.decode())
    assert metas.one("og:title")
    assert not metas.one("og:title").endswith("– On the Record")
    assert "&amp;" not in metas.one("og:title") + metas.one("og:description")
    assert "<" not in metas.one("description") + metas.one("og:description")
    assert " ".join(metas.one("description").split()).startswith(metas.one("og:description").rstrip("…"))
    assert metas.one("og:type") in ("website", "article", "profile")
    assert metas.one("og:site_name") == "On the Record"
    assert metas.one("og:locale") == LOCALES[language]
    picture = f"{address_in(address, language)}share.png" if "/st-" in address else "/static/preview.png"
    assert metas.one("og:image") == f"http://testserver{picture}"
    assert metas.one("og:image:alt")
    assert metas.one("twitter:card") == "summary_large_image"
    if answer.status_code == 200:
        assert metas.one("og:url") == f"http://testserver{address_in(address, language).partition('?')[0]}"
        assert set(metas.values["og:locale:alternate"]) == {*LOCALES.values()} - {LOCALES[language]}


@pytest.mark.any_database
@pytest.mark.parametrize("language", CODES)
def test_every_page_has_a_description_of_its_own(client: Client, language: str) -> None:
    pages = {address: Metas(client.get(address_in(address, language)).content.decode()) for address in PAGES}
    texts = [metas.one("og:description") for metas in pages.values()]
    assert len(set(texts)) == len(texts), sorted(text for text in texts if texts.count(text) > 1)


def test_the_picture_of_a_statement_is_there_and_described(client: Client) -> None:
    metas = Metas(client.get("/th/statements/st-7hs43z/").content.decode())
    picture = client.get(metas.one("og:image"))
    assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/png")
    assert metas.one("og:image:alt") == metas.one("og:title")


def test_the_picture_is_as_big_as_it_says() -> None:
    data = (settings.BASE_DIR / "static" / "preview.png").read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", data[16:24]) == (1200, 630)
    assert len(data) < 60_000
