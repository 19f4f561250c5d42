"""What the site tells crawlers, and how few addresses one that listens asks for; and security.txt."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.text.languages import CODES
from config.env import Settings
from tests.reading import article

pytestmark = pytest.mark.django_db
SITE = "http://testserver"


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


class Links(HTMLParser):
    """The links of a page that a crawler may follow."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        given = dict(attrs)
        relation, address = given.get("rel") or "", given.get("href") or ""
        if address and "nofollow" not in relation and (tag == "a" or relation in ("next", "prev", "canonical")):
            self.found.append(address)


def robots(client: Client) -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(client.get("/robots.txt").text.splitlines())
    return parser


@pytest.mark.once  # what a page links to is the same on either database
@pytest.mark.slow
def test_a_crawler_that_listens_asks_for_few_addresses_with_a_query(client: Client) -> None:
    rules, queue, seen = robots(client), ["/statements/"], {"/statements/"}
    queries = set()
    while queue:
        address = queue.pop()
        answer = client.get(address)
        assert answer.status_code in (200, 301, 302), address
        if "?" in address:
            queries.add(address)
        links = [answer["Location"]] if answer.status_code != 200 else []
        if answer.get("Content-Type", "").startswith("text/html") and "noindex" not in answer.get("X-Robots-Tag", ""):
            links += Links(answer.text).found
        for link in links:
            target = urlsplit(urljoin(SITE + address, link))
            found = target.path + (f"?{target.query}" if target.query else "")
            if (
                f"{target.scheme}://{target.netloc}" == SITE
                and rules.can_fetch("*", SITE + found)
                and found not in seen
            ):
                seen.add(found)
                queue.append(found)
    assert all(address.count("=") == 1 for address in queries), sorted(queries)
    pages = {address for address in queries if "?page=" in address}
    records = len({address for address in seen if address.count("/") == 3 and not address.startswith(("/th", "/vi"))})
    assert len(queries - pages) <= len(CODES) * records / 2  # lists of what one record has, which its page leads to
    assert 6 <= len(pages) < 100  # the rest of long lists is found
    assert len(seen) > 200  # so are all records, in three languages


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/", True),
        ("/statements/?page=2", True),
        ("/statements/?speaker=tony-bui", True),
        ("/people/tony-bui/", True),
        ("/api/v1/docs/", True),
        ("/search/?q=a", False),
        ("/th/search/?q=a", False),
        ("/api/v1/people/", False),
        ("/admin/", False),
        ("/reports/new/?record=/people/tony-bui/", False),
        ("/vi/network/?focus=people/tony-bui", False),
    ],
)
def test_robots(client: Client, path: str, allowed: bool) -> None:
    assert robots(client).can_fetch("AnyBot", SITE + path) == allowed


def test_robots_also_speaks_to_those_who_know_wildcards(client: Client) -> None:
    text = client.get("/robots.txt").text
    assert "Disallow: /*?*&\n" in text
    assert text.endswith(f"Sitemap: {SITE}/sitemap.xml\n")


@pytest.mark.parametrize(
    ("address", "indexed"),
    [
        ("/statements/", True),
        ("/statements/?page=2", True),
        ("/statements/?speaker=tony-bui", True),
        ("/statements/?speaker=tony-bui&utm_source=x", True),
        ("/statements/?speaker=tony-bui&kind=direct", False),
        ("/th/statements/?kind=direct&certainty=stated", False),
        ("/statements/?q=film", False),
        ("/people/?ordering=-name", False),
        ("/search/?q=film", False),
    ],
)
def test_search_engines_keep_lists_of_one_filter_at_most(client: Client, address: str, indexed: bool) -> None:
    answer = client.get(address)
    assert ("noindex" not in answer.get("X-Robots-Tag", "")) == indexed
    assert '<link rel="canonical" href="http://testserver/' in answer.text


# security.txt --------------------------------------------------------------------------------------------------------
def test_security_txt(client: Client, settings: object) -> None:
    settings.SECURITY_CONTACT = ["mailto:security@record.example", "https://record.example/security"]
    answer = client.get("/.well-known/security.txt")
    lines = answer.text.splitlines()
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[:2] == ["Contact: mailto:security@record.example", "Contact: https://record.example/security"]
    fields = dict(line.split(": ", 1) for line in lines)
    left = datetime.datetime.fromisoformat(fields["Expires"]) - datetime.datetime.now(datetime.UTC)
    assert 170 < left.days < 365
    assert fields["Canonical"] == f"{SITE}/.well-known/security.txt"
    assert fields["Preferred-Languages"] == "en, th, vi"
    assert [line for line in lines if line.startswith("Expires")] == [f"Expires: {fields['Expires']}"]
    assert client.get("/.well-known/security.txt/").status_code == 404


def test_security_txt_needs_a_contact(client: Client) -> None:
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    "value", ["security@record.example", "http://record.example", "mailto:", "mailto:a b@c.example"]
)
def test_a_contact_is_an_address_to_write_to(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECURITY_CONTACT", value)
    with pytest.raises(SystemExit, match="is no contact"):
        Settings().contacts("SECURITY_CONTACT")
    monkeypatch.setenv("SECURITY_CONTACT", "mailto:a@b.example, https://b.example/x")
    assert Settings().contacts("SECURITY_CONTACT") == ["mailto:a@b.example", "https://b.example/x"]
