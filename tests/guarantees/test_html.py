"""The HTML of every page type in every language: what a checker would say, as far as it can be known without one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoDbBlocker

from base.text.languages import CODES, address_in
from events.models import Event, EventDescription, Statement, Wording
from reports.models import Report, State
from reports.subjects import subject_at
from tests.guarantees.test_languages import page_names
from tests.reading import Page as Formed
from tests.reading import article
from tests.review.article import PREVIEW_KEY, make_preview

pytestmark = pytest.mark.django_db

PAGES = {
    "home": "/",
    "search": "/search/?q=phuong",
    "event-list": "/events/",
    "event-detail": "/events/vietnam-us-film-workshop-harvard/",
    "person-list": "/people/?organization=vfda",
    "person-detail": "/people/tony-bui/",
    "organization-list": "/organizations/",
    "organization-detail": "/organizations/harvard-university/",
    "initiative-list": "/initiatives/",
    "initiative-detail": "/initiatives/aiws-film-park/",
    "topic-list": "/topics/",
    "topic-detail": "/topics/diplomacy/",
    "statement-list": "/statements/?kind=direct",
    "statement-detail": "/statements/st-1kvhg6/",
    "source-list": "/sources/",
    "source-detail": "/sources/film-workshop/",
    "event-changes": "/events/vietnam-us-film-workshop-harvard/changes/",
    "person-changes": "/people/tony-bui/changes/",
    "organization-changes": "/organizations/harvard-university/changes/",
    "initiative-changes": "/initiatives/aiws-film-park/changes/",
    "topic-changes": "/topics/diplomacy/changes/",
    "statement-changes": "/statements/st-1kvhg6/changes/",
    "source-changes": "/sources/film-workshop/changes/",
    "network": "/network/?focus=people/tony-bui",
    "doubts": "/doubts/",
    "how-we-work": "/how-we-work/",
    "check": "/check/?statement=st-1kvhg6",
    "statement-card": "/statements/st-1kvhg6/embed/",
    "corrections": "/corrections/",
    "api-guide": "/api-guide/",
    "api-guide-changes": "/api-guide/changes/",
    "data": "/data/",
    "quality": "/data/quality/inferred/",
    "report-new": "/reports/new/?record=/people/tony-bui/",
    "report-detail": "/reports/OTR-PPPPPP/",
    "preview": f"/preview/{PREVIEW_KEY}/",
    "preview-record": f"/preview/{PREVIEW_KEY}/people/ola-brun/",
}
MORE = [
    "/statements/",  # with the facet of groups, whose names have blanks
    "/check/",
    "/check/?source=film-workshop",
    "/people/thanh-ha/",  # without a statement
    "/network/",
    "/reports/new/",
    "/statements/st-zzzzzz/",
    "/people/nobody/",
    "/statements/?kind=sung",
    "/search/?q=zz",
    f"/preview/{'Q' * 32}/",
]


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article, withdraw a statement and answer a report."""
    with article(django_db_blocker):
        gone = Statement.objects.create(slug="st-zzzzzz", speaker_label="a delegate", status="published")
        gone.status, gone.withdrawn_reason = "withdrawn", "It was a caption."
        gone.save()
        report = Report(reference="OTR-PPPPPP", part="role", message="No director.")
        report.about(subject_at("/people/tony-bui/"))
        report.answer, report.message_is_public = "Marked as disputed.", True
        report.move_to(State.ACCEPTED, report.answer)
        make_preview()
        yield


TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?)?)?")
REFERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant", "list", "form")
NAMED_BY_ITSELF = ("hidden", "submit", "button", "reset")


class Checked(HTMLParser):
    """What is wrong with one page, beyond its being well formed: references, labels, headings, landmarks, tables, times."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: set[str] = set()
        self.refers: list[tuple[str, str]] = []
        self.fields: list[dict[str, str]] = []
        self.labelled: set[str] = set()
        self.headings: list[int] = []
        self.inside: list[str] = []
        self.without_heading: list[str] = []  # the sections and articles that are open, without those that have one
        self.count: dict[str, int] = {}
        self.feed(html)
        self.close()
        missing = {f"{name}={what}" for name, what in self.refers if what not in self.ids}
        self.faults += [f"refers to nothing: {name}" for name in sorted(missing)]
        for field in self.fields:
            named = field.get("id") in self.labelled or field.get("aria-label") or field.get("in-label")
            if not named and field.get("type") not in NAMED_BY_ITSELF:
                self.faults.append(f"a field without a label: {field}")
        steps = zip([0, *self.headings], self.headings, strict=False)
        self.faults += [f"h{after} after h{before}" for before, after in steps if after > before + 1]
        self.faults += [
            f"{self.count.get(tag, 0)} <{tag}>" for tag in ("h1", "main", "title") if self.count.get(tag) != 1
        ]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if not (tag == "title" and "svg" in self.inside):
            self.count[tag] = self.count.get(tag, 0) + 1
        self.ids.add(found.get("id", ""))
        self.refers += [(name, what) for name in REFERS if found.get(name) for what in found[name].split()]
        if found.get("href", "").startswith("#") and found["href"] != "#":
            self.refers.append(("href", found["href"][1:]))
        if tag == "label" and "for" in found:
            self.labelled.add(found["for"])
        if tag in ("input", "select", "textarea"):
            self.fields.append({**found, "in-label": "label" if "label" in self.inside else ""})
        if re.search(r"\s", found.get("id", "")):
            self.faults.append(f"an id with blanks: {found['id']}")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
            self.without_heading = [""] * len(self.without_heading)
        if tag in ("section", "article"):
            self.without_heading.append("" if found.keys() & {"aria-label", "aria-labelledby"} else f"{tag} {found}")
        if tag == "time" and not TIME.fullmatch(found.get("datetime", "")):
            self.faults.append(f"a time nobody can read: {found}")
        if tag == "th" and "scope" not in found:
            self.faults.append("a heading of a table without scope")
        if tag == "button" and "type" not in found:
            self.faults.append(f"a button without type: {found}")
        if tag == "style" or "style" in found or any(name.startswith("on") for name in found):
            self.faults.append(f"style or script in the page: <{tag}> {found}")
        if tag == "img" and "alt" not in found:
            self.faults.append("a picture without words")
        if tag == "svg" and not (found.get("aria-hidden") or found.get("role")):
            self.faults.append("a picture that is neither hidden nor named")
        if tag not in ("input", "meta", "link", "br"):
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass
        if tag in ("section", "article") and self.without_heading and (bare := self.without_heading.pop()):
            self.faults.append(f"without a heading: {bare}")

    def handle_data(self, data: str) -> None:
        if not unicodedata.is_normalized("NFC", data):
            self.faults.append(f"not in normal form C: {data.strip()[:60]!r}")


def test_every_page_type_is_checked() -> None:
    assert set(PAGES) == page_names(), "Add an address of the new page, in the article of the fixture, to PAGES above."


@pytest.mark.parametrize("language", CODES)
@pytest.mark.parametrize("address", [*PAGES.values(), *MORE])
def test_a_page_is_what_a_checker_wants(client: Client, address: str, language: str) -> None:
    html = client.get(address_in(address, language)).content.decode()
    assert Formed(html).faults + Checked(html).faults == []


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("<label for=x>", "refers to nothing: for=x"),
        ('<a href="#x">', "refers to nothing: href=x"),
        ("<input>", "a field without a label"),
        ("<h3>", "h3 after h1"),
        ("<h1>", "2 <h1>"),
        ('<p id="a b">', "an id with blanks"),
        ("<section><p></p></section>", "without a heading: section"),
        ('<time datetime="2025-01-01T00:00:00.123456Z">', "a time nobody can read"),
        ("<th>", "a heading of a table without scope"),
        ("<button>", "a button without type"),
        ('<p style="x">', "style or script in the page"),
        ('<p onclick="x">', "style or script in the page"),
        ("<img>", "a picture without words"),
        ("<svg>", "a picture that is neither hidden nor named"),
        ("Vie\u0323\u0302t", "not in normal form C"),
    ],
)
def test_a_fault_would_be_noticed(part: str, fault: str) -> None:
    faults = Checked(f"<title>x</title><main><h1>x</h1>{part}</main>").faults
    assert [found.startswith(fault) for found in faults] == [True], faults
    assert (
        Checked('<title>x</title><main><h1>x</h1><label>x <input></label><input id="y"><label for="y">y</label>').faults
        == []
    )


def style_sheets_by_class() -> dict[str, set[str]]:
    """Return the style sheets of screens that style a class by itself, rather than inside something else, by class."""
    sheets: dict[str, set[str]] = {}
    for path in (settings.BASE_DIR / "static" / "css").glob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        for selectors in re.findall(r"[^{}@;]+(?={)", text):
            for name in re.findall(r"(?:^|,)\s*\.([\w-]+)", selectors):
                sheets.setdefault(name, set()).add(path.name)
    return {name: files - {"print.css"} for name, files in sheets.items() if files != {"print.css"}}


@pytest.mark.parametrize("address", [*PAGES.values(), *MORE])
def test_a_page_links_the_style_sheets_of_what_it_shows(client: Client, address: str) -> None:
    html = client.get(address).content.decode()
    linked = set(re.findall(r'<link rel="stylesheet" href="/static/css/([\w.-]+)"', html))
    classes = {name for value in re.findall(r'\sclass="([^"]*)"', html) for name in value.split()}
    sheets = style_sheets_by_class()
    assert len(sheets) > 60
    assert {name: sheets[name] for name in classes if name in sheets and not sheets[name] & linked} == {}


# What the pages promise beside that ----------------------------------------------------------------------------------
def test_the_fonts_of_a_language_come_with_its_pages(client: Client) -> None:
    for language, others in (
        ("en", []),
        ("th", ["noto-sans-thai", "noto-serif-thai"]),
        ("vi", ["vietnamese", "vietnamese"]),
    ):
        html = client.get(address_in("/", language)).content.decode()
        fonts = re.findall(
            r'<link rel="preload" as="font" type="font/woff2" href="/static/fonts/([\w.-]+)" crossorigin>', html
        )
        assert fonts[:2] == ["noto-sans-latin.woff2", "source-serif-4-latin.woff2"]
        assert [other in font for other, font in zip(others, fonts[2:], strict=True)] == [True] * len(others)
        for font in fonts:
            assert (settings.BASE_DIR / "static" / "fonts" / font).is_file()


def test_an_icon_is_found_by_those_who_guess(client: Client) -> None:
    answer = client.get("/favicon.ico")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/static/icon.svg")
    assert '<link rel="icon" href="/static/icon.svg"' in client.get("/admin/login/").content.decode()


def test_english_on_the_pages_of_reports_is_marked_and_years_are_thai(client: Client) -> None:
    page = client.get("/th/reports/OTR-PPPPPP/").content.decode()
    assert '<span lang="en">Marked as disputed.</span>' in page
    assert '<bdi lang="">No director.</bdi>' in page
    assert re.search(r"พ\.ศ\. 25\d\d", page)
    gone = client.get("/th/statements/st-zzzzzz/").content.decode()
    assert '<p class="lede"><span lang="en">It was a caption.</span></p>' in gone
    assert re.search(r"พ\.ศ\. 25\d\d", gone)
    Wording.objects.filter(statement__slug="st-5b9ws7", language="th").delete()
    form = client.get("/th/reports/new/?record=/statements/st-5b9ws7/").content.decode()
    assert re.search(r'<a href="/th/statements/st-5b9ws7/"><span lang="en">', form)
    assert "Up to 4000" not in form


def test_a_description_is_shown_in_the_readers_language_where_there_is_one(client: Client) -> None:
    event = Event.objects.get(slug="vietnam-us-film-workshop-harvard")
    told, other = event.descriptions.all()[:2]
    thai = EventDescription.objects.create(event=event, text="คำอธิบายเป็นภาษาไทย", language="th", status="published")
    thai.passages.set(told.passages.all())
    other.translations = {}
    other.save()
    third = event.descriptions.exclude(pk__in=[told.pk, other.pk, thai.pk]).first()
    page = client.get(f"/th/events/{event.slug}/").content.decode()
    assert "คำอธิบายเป็นภาษาไทย" in page
    assert escape(told.text) not in page
    assert f'<span lang="en">{escape(other.text)}</span>' in page
    assert f"<li>{escape(third.translations['th']['text'])} " in page
    assert escape(told.text) in client.get(f"/events/{event.slug}/").content.decode()


def test_a_note_that_several_rows_share_is_told_once(client: Client) -> None:
    page = client.get("/events/vietnam-us-film-workshop-harvard/").content.decode()
    assert page.count("what each of them did is not told") == 1
