"""The forms in which a statement leaves the site, each read as a program or a reader would read it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from xml.etree import ElementTree

from django.test import Client
from django.utils.html import strip_tags
from django.utils.translation import override

from base.records.provenance import Certainty
from base.text.languages import CODES, address_in
from events.models import Statement
from events.models.statements import StatementKind

QUOTE = "ภาพยนตร์เชื่อมผู้คน"
NOTE = "The paragraph does not say who speaks."
ATOM = "{http://www.w3.org/2005/Atom}"
Form = Callable[[Client, Statement, str], str]


def labels(kind: str, certainty: str, language: str) -> str:
    with override(language):
        return f"{StatementKind(kind).label} {Certainty(certainty).label}"


class Head(HTMLParser):
    """What stands in the head of a page: its title and the contents of its meta elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.title = re.search(r"<title>(.*?)</title>", html, re.S)
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "meta" and (name := values.get("name") or values.get("property")):
            self.meta.setdefault(name, values.get("content") or "")


def page(client: Client, statement: Statement, language: str) -> str:
    return client.get(address_in(f"/statements/{statement.slug}/", language)).text


def changes(client: Client, statement: Statement, language: str) -> str:
    return strip_tags(client.get(address_in(f"/statements/{statement.slug}/changes/", language)).text.split("<main")[1])


def title(client: Client, statement: Statement, language: str) -> str:
    found = Head(page(client, statement, language)).title
    assert found
    return found[1]


def meta(name: str) -> Form:
    return lambda client, statement, language: Head(page(client, statement, language)).meta[name]


def json_ld(client: Client, statement: Statement, language: str) -> str:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page(client, statement, language))
    assert found
    node = json.loads(found[1])
    speaker = node.get("creator") or node["author"]
    assert speaker["@type"] == "Role", "a speaker in a role or in doubt stands in a Role"
    if statement.certainty != "stated":
        assert NOTE in speaker["description"]
        assert f"{statement.speaker.name} (" in node["creditText"]
    assert (node["@type"] == "Quotation") == (statement.statement_kind == "direct")
    assert node["sourceOrganization"]["name"] == "Film Board"
    return " ".join((node["genre"], node["creativeWorkStatus"], node["description"]))


def embed_code(client: Client, statement: Statement, language: str) -> str:
    found = re.search(r'<pre class="cite"><code>(.*?)</code>', page(client, statement, language), re.S)
    assert found
    return found[1]


def cite(client: Client, statement: Statement, language: str) -> str:
    found = re.search(r'<p class="cite">(.*?)</p>', page(client, statement, language), re.S)
    assert found
    return found[1]


def oembed(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        address = f"http://testserver{address_in(f'/statements/{statement.slug}/', language)}"
        return str(client.get("/oembed/", {"url": address}).json()[part])

    return form


def file_of(client: Client, statement: Statement, form: str, language: str) -> str:
    return client.get(f"/statements/{statement.slug}.{form}", {"lang": language}).content.decode()


def bibtex(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        text = file_of(client, statement, "bib", language)
        fields = dict(re.findall(r"^  (\w+) = \{(.*)\},$", text, re.M))
        assert fields["author"] == "{" + credited(statement, language) + "}"
        return fields[part]

    return form


def ris(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        lines = [line.split("  - ", 1) for line in file_of(client, statement, "ris", language).split("\r\n")[:-1]]
        assert [value for tag, value in lines if tag == "AU"] == [credited(statement, language)]
        return " ".join(value for tag, value in lines if tag == part)

    return form


def csl(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        (item,) = json.loads(file_of(client, statement, "csl.json", language))
        assert item["author"] == [{"literal": credited(statement, language)}]
        return str(item[part])

    return form


def credited(statement: Statement, language: str) -> str:
    """Return the name of the speaker with the doubt there is, written out by the test itself."""
    with override(language):
        label = str(Certainty(statement.certainty).label)
    return f"{statement.speaker.name} ({label})" if statement.certainty != "stated" else statement.speaker.name


def annotation(client: Client, statement: Statement, language: str) -> str:
    bodies = json.loads(file_of(client, statement, "anno", "en"))["body"]
    purposes = ("tagging", "assessing")
    assert credited(statement, "en") in [body["value"] for body in bodies if body["purpose"] == "identifying"]
    return " ".join(b["value"] for b in bodies if b.get("purpose") in purposes and b.get("language") == language)


def atom(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        feed = ElementTree.fromstring(client.get("/statements.atom").content)
        (entry,) = [e for e in feed.findall(f"{ATOM}entry") if statement.slug in str(e.find(f"{ATOM}link").attrib)]  # type: ignore[union-attr]
        assert entry.findtext(f"{ATOM}author/{ATOM}name") == credited(statement, "en")
        if part == "category":
            return " ".join(each.attrib.get("label", "") for each in entry.findall(f"{ATOM}category"))
        return str(entry.findtext(f"{ATOM}{part}"))

    return form


def json_feed(part: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        items = client.get("/statements.feed.json").json()["items"]
        (item,) = [item for item in items if item["url"].endswith(f"/{statement.slug}/")]
        assert item["authors"] == [{"name": credited(statement, "en")}]
        own = item["_on_the_record"]
        assert (own["kind"], own["certainty"]) == (statement.statement_kind, statement.certainty)
        return str(item[part])

    return form


def table(address: str) -> Form:
    """Return the cells of a CSV: their values are those of the API."""

    def form(client: Client, statement: Statement, language: str) -> str:
        text = b"".join(client.get(address, follow=True)).decode("utf-8-sig")  # type: ignore[arg-type]
        return cells(text, statement)

    return form


def cells(text: str, statement: Statement) -> str:
    (row,) = [row for row in csv.DictReader(io.StringIO(text)) if row["id"] == statement.slug]
    assert row["note"] == statement.note
    assert row["text_nature"] in ("translation", "paraphrase")
    return labels(row["kind"], row["certainty"], "en")


def data_package(client: Client, statement: Statement, language: str) -> str:
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get("/api/v1/export/datapackage.zip"))))  # type: ignore[arg-type]
    return cells(archive.read("statements.csv").decode(), statement)


def api(address: str) -> Form:
    def form(client: Client, statement: Statement, language: str) -> str:
        answer = client.get(address.format(statement.slug))
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        records = [json.loads(line) for line in body.splitlines()]
        records = [row.get("record", row) for each in records for row in each.get("results", [each])]
        (record,) = [record for record in records if record["id"] == statement.slug]
        return labels(record["kind"], record["certainty"], "en")

    return form


def card(path: str) -> Form:
    """Return the statement as a list on another page shows it: as a card, or as a line."""

    def form(client: Client, statement: Statement, language: str) -> str:
        speaker = statement.speaker.slug
        html = client.get(address_in(path.format(speaker=speaker), language)).content.decode()
        cards = re.findall(r'<article class="statement">.*?</article>|<li>(?:(?!<li>).)*?</li>', html, re.S)
        (found, *_more) = [each for each in cards if f"/statements/{statement.slug}/" in each]
        return strip_tags(found)

    return form


ONE_LANGUAGE = {"en"}
# name of the address, and the part of it: what tells the kind and the certainty, and the languages that it has
FORMS: dict[str, tuple[Form, set[str]]] = {
    "statement-detail, title": (title, set(CODES)),
    "statement-detail, og:title": (meta("og:title"), set(CODES)),
    "statement-detail, description": (meta("description"), set(CODES)),
    "statement-detail, og:description": (meta("og:description"), set(CODES)),
    "statement-detail, JSON-LD": (json_ld, set(CODES)),
    "statement-detail, embed": (embed_code, set(CODES)),
    "statement-detail, citation": (cite, set(CODES)),
    "statement-detail, text": (lambda *of: strip_tags(page(*of).split("<main")[1]), set(CODES)),
    "statement-changes": (changes, set(CODES)),
    "oembed, title": (oembed("title"), set(CODES)),
    "oembed, html": (oembed("html"), set(CODES)),
    "statement-form, bib title": (bibtex("title"), set(CODES)),
    "statement-form, bib note": (bibtex("note"), set(CODES)),
    "statement-form, bib keywords": (bibtex("keywords"), set(CODES)),
    "statement-form, ris title": (ris("TI"), set(CODES)),
    "statement-form, ris note": (ris("N1"), set(CODES)),
    "statement-form, ris keywords": (ris("KW"), set(CODES)),
    "statement-form, csl.json title": (csl("title"), set(CODES)),
    "statement-form, csl.json note": (csl("note"), set(CODES)),
    "statement-form, csl.json genre": (csl("genre"), set(CODES)),
    "statement-form, txt": (lambda c, s, language: file_of(c, s, "txt", language), set(CODES)),
    "statement-form, anno": (annotation, set(CODES)),
    "statement-atom, title": (atom("title"), ONE_LANGUAGE),
    "statement-atom, summary": (atom("summary"), ONE_LANGUAGE),
    "statement-atom, category": (atom("category"), ONE_LANGUAGE),
    "statement-json-feed, title": (json_feed("title"), ONE_LANGUAGE),
    "statement-json-feed, content_text": (json_feed("content_text"), ONE_LANGUAGE),
    "statement-json-feed, tags": (json_feed("tags"), ONE_LANGUAGE),
    "statement-csv": (table("/statements.csv"), ONE_LANGUAGE),
    "statement-csv, search": (table("/statements.csv?q=join"), ONE_LANGUAGE),
    "api:statement-csv": (table("/api/v1/export/statements.csv"), ONE_LANGUAGE),
    "api:export/datapackage.zip": (data_package, ONE_LANGUAGE),
    "api:statement-ndjson": (api("/api/v1/export/statements.ndjson"), ONE_LANGUAGE),
    "api:statement-list": (api("/api/v1/statements/"), ONE_LANGUAGE),
    "api:statement-detail": (api("/api/v1/statements/{}/"), ONE_LANGUAGE),
    "api:changes": (api("/api/v1/changes/?expand=record"), ONE_LANGUAGE),
    "statement-list": (card("/statements/"), set(CODES)),
    "home": (card("/"), set(CODES)),
    "search": (card("/search/?q=join"), set(CODES)),
    "person-detail": (card("/people/{speaker}/"), set(CODES)),
    "organization-detail": (card("/organizations/film-board/"), set(CODES)),
    "topic-detail": (card("/topics/training/"), set(CODES)),
    "event-detail": (card("/events/film-workshop/"), set(CODES)),
    "source-detail": (card("/sources/the-article/"), set(CODES)),
}
