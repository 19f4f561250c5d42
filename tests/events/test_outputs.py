"""One record never breaks a file that lists many, and identities last: calendars, feeds, tables, structured data."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from icalendar import Calendar

from base.text.dates import exact_date, exact_span
from directory.models import Person, PersonName
from events.models import Event, EventName, Statement, Wording
from tests import factories as make

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
LISTS = [
    "/",
    "/events/",
    "/people/",
    "/statements/",
    "/network/",
    "/search/?q=good",
    "/events.ics",
    "/statements.atom",
    "/statements.feed.json",
    "/sitemap.xml",
    "/sitemap-events.xml",
    "/sitemap-statements.xml",
    "/api/v1/events/",
    "/api/v1/statements/",
    "/api/v1/changes/?expand=record",
    "/api/v1/export/events.csv",
    "/api/v1/export/events.ndjson",
    "/api/v1/export/statements.csv",
    "/api/v1/export/statements.ndjson",
    "/api/v1/export/datapackage.zip",
    "/api/v1/reconcile/suggest/entity/?prefix=good",
]
# Texts that no form lets through; an older database, or a program that writes past the models, may still have them.
TEXTS = {
    "control characters": "a\x01b\x0bc\x0c",
    "not a character": "a\ufffeb\uffff",
    "lines": "a\r\nb\u2028c\nEND:VEVENT\n",
    "markup": "]]></summary><!--",
    "emoji": "👩‍👩‍👧‍👦 🇻🇳",
    "directions": "\u202eabc\u2066",
    "long": "ก" * 100_000,
    "braces": "{}}{\\",
    "blank": " ",
    "formula": "=1+1",
}
DATES = ["9999-12-31", "9999-12-30/9999-12-31", "0001-01-01", "2025-13-45", "-0100-01-01", "2025-02-30", "Y170000002"]
DATES += ["2025-XX-01", "../9999-12-31", "20XX", "{2025-01-01,2026-01-01}", "2025-03-14~"]


def read(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]


def check_lists(client: Client) -> None:
    """Every list answers, and the well-formed record is in it."""
    answers = {address: read(client, address) for address in LISTS}
    feed = ElementTree.fromstring(answers["/statements.atom"])
    titles = [str(title.text) for title in feed.iterfind(f"{ATOM}entry/{ATOM}title")]
    assert any("Good words" in title for title in titles)
    assert any("Good words" in i["title"] for i in json.loads(answers["/statements.feed.json"])["items"])
    calendar = Calendar.from_ical(answers["/events.ics"])
    assert "Good event" in [str(entry["summary"]) for entry in calendar.walk("VEVENT")]
    ElementTree.fromstring(answers["/sitemap-events.xml"])


@pytest.mark.parametrize("date", DATES)
def test_a_date_breaks_no_list(client: Client, date: str) -> None:
    make.make_statement(make.make_person(), make.make_event("Good event", date="2025-03-14"), "Good words")
    event = make.make_event("Odd event", date=date if date.startswith("9999") or date == "0001-01-01" else "")
    Event.objects.filter(pk=event.pk).update(date=date)
    statement = make.make_statement(make.make_person("Ann"), event, "Odd words")
    Statement.objects.filter(pk=statement.pk).update(date=date)
    check_lists(client)
    for language in ("", "/th", "/vi"):
        for page in (f"/events/{event.slug}/", f"/statements/{statement.slug}/"):
            read(client, language + page)
    for form in ("bib", "ris", "csl.json", "txt", "anno"):
        read(client, f"/statements/{statement.slug}.{form}")
    assert client.get(f"/events/{event.slug}.ics").status_code in (200, 404)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_text_breaks_no_list(client: Client, text: str) -> None:
    make.make_statement(make.make_person(), make.make_event("Good event", date="2025-03-14"), "Good words")
    event, person = make.make_event("Odd event", date="2025-03-15"), make.make_person("Odd person")
    statement = make.make_statement(person, event, "Odd words", topics=[make.make_topic()])
    short = text[:150]
    for names in (EventName.objects.filter(event=event), PersonName.objects.filter(person=person)):
        names.update(text=short)
    Event.objects.filter(pk=event.pk).update(name=short, labels={"en": short}, place=short, note=text)
    Person.objects.filter(pk=person.pk).update(name=short, labels={"en": short})
    Statement.objects.filter(pk=statement.pk).update(role_at_time=short, note=text, certainty="inferred")
    Wording.objects.filter(statement=statement).update(text=text, by=short)
    check_lists(client)
    for page in (f"/events/{event.slug}/", f"/statements/{statement.slug}/", f"/people/{person.slug}/"):
        read(client, page)
    for form in ("csl.json", "anno"):
        json.loads(read(client, f"/statements/{statement.slug}.{form}"))
    (ris, bib) = (read(client, f"/statements/{statement.slug}.{form}").decode() for form in ("ris", "bib"))
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in ris.split("\r\n")[:-1])
    assert re.fullmatch(r"@misc\{[\w-]+,\n(?:  \w+ = \{[^\n]*\},\n)+\}\n", bib)
    (entry,) = Calendar.from_ical(read(client, f"/events/{event.slug}.ics")).walk("VEVENT")
    assert entry["dtstart"].dt == datetime.date(2025, 3, 15)
    oembed = client.get("/oembed/", {"url": f"http://testserver/statements/{statement.slug}/"})
    assert oembed.status_code == 200


def test_a_record_without_names_is_called_by_its_id(client: Client) -> None:
    make.make_statement(make.make_person(), make.make_event("Good event", date="2025-03-14"), "Good words")
    event = Event.objects.create(slug="nameless", date="2025-03-15", status="published")
    person = Person.objects.create(slug="nobody", status="published")
    statement = make.make_statement(person, event, "Odd words")
    check_lists(client)
    calendar = Calendar.from_ical(read(client, "/events.ics"))
    assert {str(entry["summary"]) for entry in calendar.walk("VEVENT")} == {"Good event", "nameless"}
    assert "nobody (reported speech): Odd words" in read(client, "/statements.atom").decode()
    assert "author = {{nobody}}" in read(client, f"/statements/{statement.slug}.bib").decode()


def test_what_cannot_be_written_is_left_out_and_logged(client: Client, monkeypatch: Any, caplog: Any) -> None:
    make.make_statement(make.make_person(), make.make_event("Good event", date="2025-03-14"), "Good words")
    odd = make.make_statement(make.make_person("Odd"), make.make_event("Odd event", date="2025-03-15"), "Odd words")

    def fail(text: str) -> str:
        if "Odd" in text:
            raise ValueError("no such text")
        return text

    monkeypatch.setattr("events.feeds.storable", fail)
    monkeypatch.setattr("events.calendars.storable", fail)
    monkeypatch.setattr("events.feeds.utc_text", lambda moment: fail("Odd" if moment == odd.updated_at else ""))
    check_lists(client)
    messages = [record.getMessage() for record in caplog.records]
    assert f"/statements/{odd.slug}/ was left out of the Atom feed: it cannot be written there." in messages
    assert "/events/odd-event/ was left out of the calendar: it cannot be written there." in messages


def test_the_last_day_there_is_ends_an_event(client: Client) -> None:
    make.make_event("End", date="9999-12-30/9999-12-31")
    (entry,) = Calendar.from_ical(read(client, "/events.ics")).walk("VEVENT")
    assert entry["dtstart"].dt == datetime.date(9999, 12, 30)
    assert entry["duration"].dt == datetime.timedelta(days=2)
    assert "dtend" not in entry


def test_a_calendar_without_events_is_well_formed(client: Client) -> None:
    calendar = Calendar.from_ical(read(client, "/events.ics"))
    assert [component.name for component in calendar.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize("certainty", ["inferred", "disputed", "rejected"])
def test_a_doubtful_event_is_tentative(client: Client, certainty: str) -> None:
    make.make_event("Workshop", date="2025-03-14", certainty=certainty, note="Another paragraph says May.")
    (entry,) = Calendar.from_ical(read(client, "/events.ics")).walk("VEVENT")
    assert (entry["summary"], entry["status"]) == (f"Workshop ({certainty})", "TENTATIVE")
    assert entry["description"] == "Another paragraph says May."
    node = structured(client, "/events/workshop/")
    assert node["description"] == f"{certainty}: Another paragraph says May."


def test_identities_follow_neither_host_nor_name(client: Client, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    event = make.make_event("Workshop", date="2025-03-14")
    statement = make.make_statement(make.make_person(), event)

    def identities(host: str) -> tuple[str, ...]:
        calendar = Calendar.from_ical(client.get("/events.ics", headers={"host": host}).content)
        feed = ElementTree.fromstring(client.get("/statements.atom", headers={"host": host}).content)
        items = client.get("/statements.feed.json", headers={"host": host}).json()["items"]
        note = client.get(f"/statements/{statement.slug}.anno", headers={"host": host}).json()
        uid = str(calendar.walk("VEVENT")[0]["uid"])
        return uid, str(feed.findtext(f"{ATOM}entry/{ATOM}id")), items[0]["id"], note["id"]

    first = identities("one.example")
    tag = f"tag:127.0.0.1,2026:statement/{statement.pk}"
    assert first == (f"event-{event.pk}@127.0.0.1", tag, tag, tag)
    event.slug, statement.slug = "renamed", "st-renamed"
    event.save()
    statement.save()
    assert identities("two.example") == first
    settings.ID_AUTHORITY = "record.example,2027"
    assert identities("two.example")[:2] == (
        f"event-{event.pk}@record.example",
        f"tag:record.example,2027:statement/{statement.pk}",
    )


def test_addresses_begin_with_the_canonical_origin(client: Client, settings: Any) -> None:
    settings.CANONICAL_ORIGIN = "https://record.example"
    statement = make.make_statement(make.make_person())
    page = read(client, f"/statements/{statement.slug}/").decode()
    assert f'<link rel="canonical" href="https://record.example/statements/{statement.slug}/">' in page
    assert "http://testserver" not in page
    for form in ("bib", "ris", "csl.json", "txt", "anno"):
        text = read(client, f"/statements/{statement.slug}.{form}").decode()
        assert f"https://record.example/statements/{statement.slug}" in text
        assert "testserver" not in text
    assert client.get("/oembed/", {"url": f"https://record.example/statements/{statement.slug}/"}).status_code == 200


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("2025", "2025"),
        ("2025-03", "2025-03"),
        ("2025-03-14", "2025-03-14"),
        ("2025-03-14~", ""),
        ("2025-03-14?", ""),
        ("2025%", ""),
        ("2025~-03", ""),
        ("2025-XX", "2025"),
        ("2025-03-XX", "2025-03"),
        ("2025-XX-XX", "2025"),
        ("2025-XX-14", "2025"),
        ("202X", ""),
        ("20XX", ""),
        ("2025-21", "2025"),
        ("", ""),
        ("{2025,2026}", ""),
        ("-0100", ""),
    ],
)
def test_a_date_is_exact_only_as_far_as_it_is_stated(client: Client, text: str, exact: str) -> None:
    assert exact_date(text) == exact
    assert exact_span(text) == (exact, exact)
    event = make.make_event("Workshop")
    Event.objects.filter(pk=event.pk).update(date=text)
    node = structured(client, "/events/workshop/")
    assert (node.get("startDate", ""), node.get("endDate", "")) == (exact, exact)
    assert bool(node.get("description")) == bool(text and not exact)


def test_an_interval_is_as_exact_as_its_ends(client: Client) -> None:
    assert exact_span("2025-03/2025-06") == ("2025-03", "2025-06")
    assert exact_span("2025-03-14/2025-03-16~") == ("2025-03-14", "")
    assert exact_span("../2025") == ("", "2025")
    make.make_event("Workshop", date="2025-03/2025-06")
    node = structured(client, "/events/workshop/")
    assert (node["startDate"], node["endDate"]) == ("2025-03", "2025-06")
    source = make.make_source("Article", date="2025-03-14~")
    assert "datePublished" not in structured(client, f"/sources/{source.slug}/")


@pytest.mark.parametrize(
    ("date", "issued"),
    [
        ("2025-03-14", {"date-parts": [[2025]]}),
        ("2025~", {"literal": "about 2025"}),
        ("2025/2026", {"literal": "2025 to 2026"}),
    ],
)
def test_a_citation_has_no_exact_year_of_a_doubtful_date(client: Client, date: str, issued: dict[str, object]) -> None:
    statement = make.make_statement(make.make_person(), date=date)
    (item,) = json.loads(read(client, f"/statements/{statement.slug}.csl.json"))
    assert item["issued"] == issued
    ris = read(client, f"/statements/{statement.slug}.ris").decode()
    assert ("PY  - 2025" in ris) == ("literal" not in issued)


def structured(client: Client, address: str) -> dict[str, Any]:
    """Return the structured data of a page."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', read(client, address).decode())
    assert found
    node: dict[str, Any] = json.loads(found[1])
    return node


def test_doubtful_positions_and_speakers_are_no_bare_facts(client: Client) -> None:
    person, board = make.make_person("Ann Lee"), make.make_organization("Film Board")
    make.make_affiliation(person, board, role="director", certainty="inferred", note="From a caption.")
    event = make.make_event("Workshop")
    make.make_participation(person, event, certainty="disputed", note="Two lists differ.")
    node = structured(client, "/people/ann-lee/")
    assert node["jobTitle"] == ["director (inferred)"]
    (position,) = node["affiliation"]
    assert (position["@type"], position["description"]) == ("Role", "inferred: From a caption.")
    assert position["affiliation"]["name"] == "Film Board"
    (performer,) = structured(client, "/events/workshop/")["performer"]
    assert (performer["@type"], performer["description"]) == ("Role", "disputed: Two lists differ.")
    preview = client.get("/api/v1/reconcile/preview/", {"id": "people/ann-lee"}).content.decode()
    assert "director, Film Board (inferred)" in preview


def test_times_end_in_z_and_have_one_precision(client: Client) -> None:
    statement = make.make_statement(make.make_person())
    moments = {"created_at": datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)}
    Statement.objects.filter(pk=statement.pk).update(**moments, updated_at=moments["created_at"])
    note = client.get(f"/statements/{statement.slug}.anno").json()
    assert note["created"] == note["modified"] == "2025-01-01T00:00:00.000000Z"
    other = make.make_person("Other")
    Person.objects.filter(pk=other.pk).update(updated_at=moments["created_at"])
    times = [row["updated_at"] for row in client.get("/api/v1/people/").json()["results"]]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", moment) for moment in times)
    assert "2025-01-01T00:00:00.000000Z" in times


@pytest.mark.parametrize(
    "address", ["/statements.atom", "/statements.feed.json", "/events.ics", "/oembed/?url=x", "/oembed/?format=xml"]
)
def test_scripts_of_any_site_may_read_what_is_public(client: Client, address: str) -> None:
    assert client.get(address)["Access-Control-Allow-Origin"] == "*"


def test_scripts_of_any_site_may_read_the_forms_of_a_statement(client: Client) -> None:
    statement = make.make_statement(make.make_person())
    for form in ("bib", "ris", "csl.json", "txt", "anno"):
        answer = client.get(f"/statements/{statement.slug}.{form}")
        assert answer["Access-Control-Allow-Origin"] == "*"
        again = client.get(f"/statements/{statement.slug}.{form}", headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")


def test_a_summary_of_the_feed_is_plain_text(client: Client) -> None:
    words = "A < B <script>alert(1)</script> & C"
    make.make_statement(make.make_person(), None, words)
    summary = ElementTree.fromstring(read(client, "/statements.atom")).find(f"{ATOM}entry/{ATOM}summary")
    assert summary is not None
    assert summary.attrib == {"type": "text"}
    assert words in str(summary.text)


@pytest.mark.parametrize(
    "address",
    [
        "{site}{path}/",
        "{site}{path}",
        "{site}/th{path}/",
        "{site}/vi{path}",
        "{site}{path}/?a=b&utm_source=x#:~:text=c",
        "{site}{path}?a=b#p1",
        "https://testserver{path}/",
        "HTTP://TestServer:80{path}/",
        "https://testserver:443{path}",
        " {site}{path}/ ",
        "{path}/",
    ],
)
def test_oembed_finds_a_statement_by_any_form_of_its_address(client: Client, address: str) -> None:
    statement = make.make_statement(make.make_person())
    url = address.format(site="http://testserver", path=f"/statements/{statement.slug}")
    answer = client.get("/oembed/", {"url": url})
    assert answer.status_code == 200, url


@pytest.mark.parametrize("url", ["ftp://testserver{}/", "http://testserver:8080{}/", "http://testserver.example{}/"])
def test_oembed_knows_no_foreign_address(client: Client, url: str) -> None:
    statement = make.make_statement(make.make_person())
    assert client.get("/oembed/", {"url": url.format(f"/statements/{statement.slug}")}).status_code == 404


@pytest.mark.parametrize("size", ["", "0", "-1", "1e9", "99999999999999999999", "abc", "\u0663", "300", "\0", "12.5"])
def test_oembed_has_a_size_that_fits(client: Client, size: str) -> None:
    statement = make.make_statement(make.make_person(), None, "Words. " * 60)
    url = f"http://testserver/statements/{statement.slug}/"
    answer = client.get("/oembed/", {"url": url, "maxwidth": size, "maxheight": size})
    data = answer.json()
    assert (type(data["width"]), type(data["height"])) == (int, int)
    assert data["width"] >= 1
    assert data["height"] >= 1
    if size == "300":
        assert data["width"] <= 300
        assert data["height"] <= 300


def test_oembed_is_discovered_at_an_absolute_address(client: Client) -> None:
    statement = make.make_statement(make.make_person())
    page = read(client, f"/th/statements/{statement.slug}/").decode()
    found = re.search(r'type="application/json\+oembed" href="([^"]*)"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    assert address.startswith("http://testserver/oembed/?url=http%3A%2F%2Ftestserver%2Fth%2Fstatements%2F")
    assert client.get(address.removeprefix("http://testserver")).json()["title"]
