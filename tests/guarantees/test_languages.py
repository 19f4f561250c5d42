"""English, Thai and Vietnamese: addresses, names, wordings and years, and no English left in the others."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import LocalePrefixPattern
from django.utils.translation import override

from base.text.languages import CODES, address_in, language_of
from events.models import Wording
from tests import factories as make
from tests.queries import Queries
from tests.world import publish_world

TRANSLATED = [code for code in CODES if code != settings.LANGUAGE_CODE]


# Addresses -----------------------------------------------------------------------------------------------------------
def test_the_language_is_the_beginning_of_the_address() -> None:
    assert [language_of(path) for path in ("/", "/th/", "/th", "/vi/people/", "/then/", "/en/")] == [
        "en", "th", "th", "vi", "en", "en",
    ]  # fmt: skip
    for path in ("/", "/people/", "/people/ann-lee/"):
        for code in TRANSLATED:
            assert address_in(path, code) == f"/{code}{path}"
            assert address_in(f"/{code}{path}", "en") == path
    assert address_in("/th/people/", "vi") == "/vi/people/"


def page_names() -> set[str]:
    """Return the names of all pages that have languages. Pictures have, too: tests/events/test_share_images.py."""
    (pages,) = [p for p in get_resolver().url_patterns if isinstance(p.pattern, LocalePrefixPattern)]
    groups = [
        group for group in pages.url_patterns if group.namespace != "admin"
    ]  # tests/accounts/test_admin_languages.py
    patterns = [pattern for group in groups for pattern in group.url_patterns]
    return {pattern.name for pattern in patterns if not str(pattern.pattern).endswith(".png")}


def addresses(world: dict[str, Any]) -> dict[str, str]:
    """Return an address of every page that has languages, by name."""
    kinds = ("person", "organization", "initiative", "topic", "event", "statement", "source")
    found = {f"{kind}-list": f"/{world[kind].plural}/" for kind in kinds}
    found |= {f"{kind}-detail": f"/{world[kind].plural}/{world[kind].slug}/" for kind in kinds}
    found |= {f"{kind}-changes": f"/{world[kind].plural}/{world[kind].slug}/changes/" for kind in kinds}
    return found | {
        "home": "/",
        "search": "/search/?q=1",
        "network": "/network/",
        "check": "/check/",
        "doubts": "/doubts/",
        "how-we-work": "/how-we-work/",
        "corrections": "/corrections/",
        "api-guide": "/api-guide/",
        "api-guide-changes": "/api-guide/changes/",
        "data": "/data/",
        "quality": "/data/quality/inferred/",
        "report-new": f"/reports/new/?record=/people/{world['person'].slug}/",
    }


# Pages that cannot be asked for without having sent a form; the tests of reports and of review look at them. And the card that
# stands in pages of others, which leads to no other language: tests/events/test_taking_along.py.
NOT_ASKED = {"report-detail", "preview", "preview-record", "statement-card"}
# Its form needs a cookie against forgery, and says so.
WITH_COOKIE = {"report-new"}


class Page(HTMLParser):
    """The words of a page that are in its own language, its links, and what its head says."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.stack: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.links: list[tuple[str, dict[str, str]]] = []
        self.alternates: dict[str, str] = {}
        self.canonical = self.language = ""
        self.feed(text)

    VOID = ("meta", "link", "input", "br", "img", "rect", "hr")
    HEARD = ("aria-label", "placeholder", "title", "alt")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = found["lang"]
        language = found.get("lang") or (self.stack[-1][1] if self.stack else "")
        if tag == "link" and "hreflang" in found:
            self.alternates[found["hreflang"]] = found["href"]
        if tag == "link" and found.get("rel") == "canonical":
            self.canonical = found["href"]
        if tag in ("a", "form"):
            self.links.append((found.get("href") or found.get("action", ""), found))
        if language == self.language:
            self.words += [found[name] for name in self.HEARD if name in found and tag != "link"]
            self.words += [found["content"]] if tag == "meta" and found.get("name") == "description" else []
        if tag not in self.VOID:
            self.stack.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.stack and self.stack.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = {tag for tag, _language in self.stack}
        if self.stack and self.stack[-1][1] == self.language and not tags & {"script", "code", "pre"}:
            self.words.append(data)


# Words of no language: names of formats, of programs and of this site.
NO_LANGUAGE = re.compile(
    r"On the Record|SHA-256|JSON Feed|CSL-JSON|JSON-LD|JSON|BibTeX|RIS|CSV|Atom|RSS|iCalendar|API|OpenAPI|REST|Wikidata|EDTF|"
    r"Web Annotation|Annotation|oEmbed|OpenRefine|Reconciliation|MIT|SIL Open Font License|CC BY|Creative Commons|UTF-8|"
    r"cookies?|email|e-mail|https?://\S+|/\S+|st-\w+|sitemap\S*|\S+\.(?:xml|atom|json|csv|ics)\S*|tiếng Việt|Sitemap|"
    r"make run|No\.|[\w.-]+@[\w.-]+"
)


# Vietnamese is written in the same letters: there, words that English cannot do without and Vietnamese does not have.
ENGLISH = re.compile(r"\b(?:the|of|and|is|this|by|are|was|for|with|not|page|record|source|all|search)\b", re.I)


def english(page: Page, world: dict[str, Any]) -> list[str]:
    """Return what is still English on a page in another language."""
    texts = [str(record) for record in world.values() if hasattr(record, "kind")]
    texts += Wording.objects.values_list("text", flat=True)
    names = sorted(texts, key=len, reverse=True)
    found = []
    for text in page.words:
        for name in names:
            text = text.replace(name, "")
        text = NO_LANGUAGE.sub("", text)
        if ENGLISH.search(text) or (page.language == "th" and re.search(r"[A-Za-z]{2,}", text)):
            found.append(text.strip())
    return found


def test_every_page_with_languages_is_looked_at() -> None:
    class Any_:
        slug, plural = "x", "x"

    world = dict.fromkeys(("person", "organization", "initiative", "topic", "event", "statement", "source"), Any_)
    assert set(addresses(world)) | NOT_ASKED == page_names(), "Add an address of the new page to addresses() above."


@pytest.mark.django_db
def test_every_page_answers_in_every_language(client: Client) -> None:
    world = publish_world()
    for name, address in addresses(world).items():
        path = address.partition("?")[0]
        expected = {code: f"http://testserver{address_in(path, code)}" for code in CODES}
        for code in CODES:
            answer = client.get(address_in(address, code), headers={"accept-language": "vi"})
            page = Page(answer.content.decode())
            assert (answer.status_code, page.language, answer["Content-Language"]) == (200, code, code), address
            assert page.alternates == {**expected, "x-default": expected["en"]}, address
            assert page.canonical == expected[code]
            assert ("Accept-Language" in answer.get("Vary", "")) == (name == "home" and code == "en")
            assert name in WITH_COOKIE or (not answer.cookies and "Cookie" not in answer.get("Vary", "")), address
            switch = [
                (href, found["lang"], "aria-current" in found) for href, found in page.links if "hreflang" in found
            ]
            wanted = [(address_in(address, other), other, other == code) for other in CODES]
            offer = [("/vi/", "vi", False)] if name == "home" and code == "en" else []
            assert switch == wanted + offer, address


@pytest.mark.django_db
@pytest.mark.any_database
@pytest.mark.parametrize("language", TRANSLATED)
def test_links_stay_in_the_language_and_no_english_is_left(client: Client, language: str) -> None:
    world = publish_world()
    files = re.compile(
        r"/(?:api|static)/|/[\w.-]+\.(?:ics|csv|atom|feed\.json|xml|txt)\b|/\w+/[\w-]+\.\w+|/reports/\w+\.|/oembed/|"
        r"/api-guide/mirror\.py"
    )
    asked = list(addresses(world).values())
    asked += ["/nothing/", "/people/?organization=film-board-1", "/people/?organization=999", "/search/?q=999"]
    for address in asked:
        page = Page(client.get(address_in(address, language)).content.decode())
        inner = [href for href, found in page.links if href.startswith("/") and "hreflang" not in found]
        assert inner
        strays = {href for href in inner if language_of(href) != language and not files.match(href)}
        assert strays == set(), f"{address} leaves the language: make these addresses with reverse() or {{% url %}}."
        assert english(page, world) == [], (
            f"{address} has words that are not translated: put them into {{% translate %}} or _(), and run “make messages”; "
            'or into an element with lang="en", if they are content.'
        )


@pytest.mark.django_db
def test_english_that_is_left_would_be_noticed() -> None:
    page = Page(
        '<html lang="th"><p>ไทย <b lang="en">said</b></p><p aria-label="Close">Film Board 1 SHA-256</p><i>Said</i></html>'
    )
    board = make.make_organization("Film Board 1")
    assert english(page, {"board": board}) == ["Close", "Said"]
    assert english(Page('<html lang="vi"><p>Phát biểu</p><p>All of it</p></html>'), {}) == ["All of it"]


@pytest.mark.django_db
def test_what_has_no_language_has_one_address(client: Client) -> None:
    world = publish_world()
    statement = world["statement"]
    for path in (
        "/api/v1/",
        "/robots.txt",
        "/sitemap.xml",
        "/statements.atom",
        "/events.ics",
        f"/statements/{statement.slug}.txt",
    ):
        answer = client.get(path, headers={"accept-language": "th"})
        assert answer.status_code == 200
        lines = answer.content.decode().splitlines()
        assert [line for line in lines if "/th/" in line and not line.startswith("Disallow: /th/")] == []
        assert "Accept-Language" not in answer.get("Vary", "")
        assert client.get(f"/th{path}", follow=True).status_code == 404
    page = client.get(f"/th/statements/{statement.slug}/").content.decode()
    assert f'"@id": "http://testserver/statements/{statement.slug}/#id"' in page
    assert f"http://testserver/statements/{statement.slug}/. " in page, (
        "the citation has the address without a language"
    )
    data = client.get("/oembed/", {"url": f"http://testserver/th/statements/{statement.slug}/"}).json()
    assert f"http://testserver/th/statements/{statement.slug}/" in data["html"]


@pytest.mark.django_db
def test_the_sitemap_has_every_page_in_every_language(client: Client) -> None:
    for number in range(4):
        make.make_person(f"Ann Lee {number}")
    body = client.get("/sitemap-people.xml").content.decode()
    for entry in re.findall(r"<url>(.*?)</url>", body, re.S):
        path = language_neutral(re.search(r"<loc>http://testserver(.*?)</loc>", entry)[1])
        alternates = dict(re.findall(r'hreflang="(.*?)" href="http://testserver(.*?)"', entry))
        assert alternates == {**{code: address_in(path, code) for code in CODES}, "x-default": path}
    assert len(re.findall(r"<loc>", body)) == 4 * len(CODES)


def language_neutral(path: str) -> str:
    return address_in(path, settings.LANGUAGE_CODE)


@pytest.mark.django_db
def test_long_sitemaps_are_loaded_page_by_page(django_assert_num_queries) -> None:
    from config.sitemaps import RecordSitemap
    from directory.models import Person

    for number in range(5):
        make.make_person(f"Ann Lee {number}")
    section = RecordSitemap(Person)
    section.limit = 4  # not a multiple of three
    with django_assert_num_queries(1):
        assert section.paginator.num_pages == 4
    pairs = [pair for page in range(1, 5) for pair in section.paginator.page(page).object_list]
    assert [len(section.paginator.page(page).object_list) for page in range(1, 5)] == [4, 4, 4, 3]
    assert len({(person.pk, code) for person, code in pairs}) == 15


# What a first visitor is offered -------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("th", "อ่านหน้านี้เป็นภาษาไทย"),
        ("vi-VN,vi;q=0.9,en;q=0.5", "Đọc trang này bằng tiếng Việt"),
        ("fr,th;q=0.5,en;q=0.4", "อ่านหน้านี้เป็นภาษาไทย"),
        ("en-GB,th;q=0.9", ""),
        ("fr", ""),
        ("", ""),
        ("%%%;q=x", ""),
    ],
)
def test_home_offers_the_readers_language_and_sends_nobody_away(client: Client, asked: str, offered: str) -> None:
    answer = client.get("/", headers={"accept-language": asked, "cookie": "django_language=th"})
    page = answer.content.decode()
    assert (answer.status_code, Page(page).language) == (200, "en")
    assert re.findall(r'class="offer"><a [^>]*>(.*?)</a>', page) == ([offered] if offered else [])
    assert 'class="offer"' not in client.get("/vi/", headers={"accept-language": asked}).content.decode()
    assert 'class="offer"' not in client.get("/people/", headers={"accept-language": asked}).content.decode()


# Names, wordings and years -------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_names_and_wordings_are_the_readers_or_say_whose_they_are(client: Client) -> None:
    source = make.make_source("The article")
    passage = make.make_passage(source, "คำพูดที่พิมพ์ไว้")
    person = make.make_person("Tony Bui", passages=[passage])
    make.make_name(person, "โทนี่ บุย", "th")
    event = make.make_event("Film Workshop")
    statement = make.make_statement(person, event, "Films matter.", passages=[passage])
    make.make_wording(statement, "Điện ảnh quan trọng.", nature="translation", language="vi")
    make.make_wording(statement, "คำพูดที่พิมพ์ไว้", nature="verbatim", language="th", passage=passage)

    thai = client.get("/th/statements/").content.decode()
    assert "โทนี่ บุย" in re.sub(r"<[^>]*>", "", thai)
    assert '<mark class="verbatim" lang="th">คำพูดที่พิมพ์ไว้</mark>' in thai
    assert '<span lang="en">Film Workshop</span>' in thai
    vietnamese = client.get("/vi/statements/").content.decode()
    assert "Điện ảnh quan trọng." in vietnamese
    assert "nguyên văn tiếng Thái" in vietnamese
    statement.wordings.exclude(language="en").delete()
    assert "<span>ภาษาอังกฤษ (ยังไม่มีภาษาไทย)</span>" in client.get("/th/statements/").content.decode()
    assert "<span>chỉ có tiếng Anh</span>" in client.get("/vi/statements/").content.decode()
    assert "Chỉ có tên" not in client.get("/vi/people/tony-bui/").content.decode()  # in letters that she reads
    thai_alone = make.make_person("แอน ลี", "th")
    assert (
        "Chỉ có tên tiếng Thái, chưa có tên tiếng Việt."
        in client.get(f"/vi/people/{thai_alone.slug}/").content.decode()
    )
    assert "ชื่อนี้เป็น" not in client.get("/th/people/tony-bui/").content.decode()
    assert "none in" not in client.get("/people/tony-bui/").content.decode()


@pytest.mark.django_db
def test_years_are_buddhist_in_thai(client: Client) -> None:
    event = make.make_event("Film Workshop", date="2025-03-14")
    source = make.make_source("The article", date="2025")
    for page in (event, source):
        thai = client.get(f"/th/{page.plural}/{page.slug}/").content.decode()
        assert "พ.ศ. 2568" in thai
    assert "14 มีนาคม พ.ศ. 2568" in client.get("/th/events/").content.decode()
    assert "ngày 14 tháng 3 năm 2025" in client.get("/vi/events/").content.decode()
    assert "14 March 2025" in client.get("/events/").content.decode()
    assert client.get(f"/api/v1/events/{event.slug}/").json()["date"] == "2025-03-14"


@pytest.mark.django_db
def test_a_page_costs_the_same_in_every_language(client: Client, queries: Queries) -> None:
    from tests.guarantees.test_queries import PAGES

    statement = publish_world()["statement"].slug
    for address in PAGES:
        if "{statement}" in address:
            continue
        client.get(address)
        for code in TRANSLATED:
            with queries(address):
                assert client.get(address_in(address.format(statement=statement), code)).status_code == 200


@pytest.mark.django_db
def test_an_address_from_outside_stays_inside(client: Client) -> None:
    """A path that begins with two slashes shall not become a link to another site."""
    page = Page(client.get("//evil.example/th/").content.decode())
    assert [href for href, _found in page.links if href.startswith("//")] == []


@pytest.mark.parametrize(("language", "written"), [("en", "13,059"), ("th", "13,059"), ("vi", "13.059")])
def test_thousands_are_parted_as_the_language_does(language: str, written: str) -> None:
    with override(language):
        assert intcomma(13059) == written
