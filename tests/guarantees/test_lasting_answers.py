"""A browser that keeps what it was told never shows what is no longer so: withdrawn and published again, renamed and back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from base.records.kinds import kinds
from base.records.merging import merge
from base.records.records import Record
from tests import factories as make

pytestmark = pytest.mark.django_db
MAKE = {
    "person": make.make_person,
    "organization": make.make_organization,
    "initiative": make.make_initiative,
    "event": lambda name: make.make_event(name, date="2025-03-14"),
    "topic": make.make_topic,
    "source": make.make_source,
    "statement": lambda name: make.make_statement(wording=name),
}
# Statuses that a browser keeps without being told how long (RFC 9110, 15.1).
KEPT = (200, 203, 204, 300, 301, 308, 404, 405, 410, 414, 501)


class Browser:
    """A browser that keeps whatever it may: without a word about it for ever, with `no-cache` until it has asked again."""

    def __init__(self) -> None:
        self.client, self.kept = Client(), {}

    def answer(self, address: str) -> Any:
        if address in self.kept:
            return self.kept[address]
        answer = self.client.get(address)
        limits = answer.get("Cache-Control", "")
        if answer.status_code in KEPT and not any(word in limits for word in ("no-cache", "no-store", "max-age")):
            self.kept[address] = answer
        return answer

    def visit(self, address: str) -> Any:
        """Return the last answer behind all redirects."""
        seen = []
        while (answer := self.answer(address)).status_code in (301, 302, 307, 308):
            seen.append(address)
            location = urlsplit(urljoin(f"http://testserver{address}", answer["Location"]))
            address = location.path + (f"?{location.query}" if location.query else "")
            assert address not in seen, f"too many redirects: {seen}"
        return answer


def addresses(model: type[Record], slug: str) -> list[str]:
    """Return every address that a record of this kind answers at."""
    plural = model.plural
    several = [f"{language}/{plural}/{slug}/" for language in ("", "/th", "/vi")]
    several += [f"/{plural}/{slug}", f"/api/v1/{plural}/{slug}/", f"/api/v1/{plural}/{slug}"]
    if model.kind == "event":
        several += [f"/events/{slug}.ics", f"/api/v1/events/{slug}/participants/"]
    if model.kind == "organization":
        several.append(f"/api/v1/organizations/{slug}/people/")
    if model.kind == "statement":
        several += [f"/statements/{slug}.{form}" for form in ("bib", "ris", "csl.json", "txt", "anno")]
    if model in kinds("network"):
        several.append(f"/network/?focus={plural}/{slug}")
    return several


def save(record: Record, **columns: str) -> None:
    for name, value in columns.items():
        setattr(record, name, value)
    record.save()


@pytest.mark.parametrize("model", kinds("data"), ids=lambda model: model.kind)
def test_every_kind_and_back(model: type[Record]) -> None:
    record, browser = MAKE[model.kind]("First name"), Browser()
    first = record.slug

    def statuses(slug: str) -> set[int]:
        return {browser.visit(address).status_code for address in addresses(model, slug)}

    assert statuses(first) == {200}
    assert statuses("renamed-record") == {404}
    for _time in range(2):
        save(record, status="withdrawn", withdrawn_reason="It never was.")
        assert statuses(first) == {410}
        save(record, status="published", withdrawn_reason="")
        assert statuses(first) == {200}
        save(record, slug="renamed-record")
        assert statuses("renamed-record") | statuses(first) == {200}
        save(record, slug=first)
        assert statuses("renamed-record") | statuses(first) == {200}
    double = MAKE[model.kind]("Double")
    merge(double, record, reason="The same.")
    assert statuses(double.slug) == {200}
    for address in addresses(model, double.slug):
        answer = browser.client.get(address)
        assert (answer.status_code in (301, 308), answer["Cache-Control"]) == (True, "no-cache"), address


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/people", 301),
        ("/th/people", 301),
        ("/people.csv", 301),
        ("/people.csv?q=a", 301),
        ("/api/v1/people", 301),
        ("/nothing/", 404),
        ("/en/", 404),
        ("/people/?page=9", 404),
        ("/statements/none.bib", 404),
        ("/events/none.ics", 404),
        ("/sitemap-none.xml", 404),
        ("/.well-known/security.txt", 404),
        ("/static/none.css", 404),
        ("/api/v1/none/", 404),
        ("/api/v1/people/none/", 404),
        ("/api/v1/reconcile/view/?id=people/none", 404),
        ("/oembed/?url=/none/", 404),
        ("/network/?focus=people/none", 404),
    ],
)
def test_what_leads_on_or_is_not_there_is_asked_for_again(client: Client, address: str, status: int) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Cache-Control"]) == (status, "no-cache")


def test_http_leads_to_https_without_being_kept(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    answer = Client().get("/people/")
    assert (answer.status_code, answer["Cache-Control"]) == (301, "no-cache")
