"""A divided quote in every form in which a statement leaves the site: never joined without the ellipsis."""

from __future__ import annotations

import io
import json
import re
import zipfile

import pytest
from django.test import Client

from base.text.languages import CODES, address_in
from events.models import Statement
from events.views import STATEMENT_FORMS
from tests.events.statement_forms import QUOTE, embed_code
from tests.events.test_doubt_travels import shared

__all__ = ["shared"]  # a fixture

pytestmark = pytest.mark.django_db
SECOND = "ผู้คนสร้างภาพยนตร์"
WORDS = f"{QUOTE} 5 … {SECOND}"
FILES = [f"/statements/{{slug}}.{form}" for form in STATEMENT_FORMS]
PAGES = [
    *("/", "/statements/", "/statements/{slug}/", "/search/?q=join", "/people/speaker-5/", "/topics/training/"),
    *("/organizations/film-board/", "/events/film-workshop/"),
]
DATA = [
    *("/statements.atom", "/statements.feed.json", "/api/v1/statements/", "/api/v1/statements/{slug}/"),
    *("/api/v1/export/statements.csv", "/api/v1/export/statements.ndjson", "/api/v1/changes/?expand=record"),
    *("/statements.csv?q=join", "/oembed/?url=http://testserver/statements/{slug}/"),
]


def text_of(client: Client, path: str) -> str:
    """Return what an address answers, without elements and escapes."""
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    body = answer.getvalue().decode()
    body = (
        json.dumps([json.loads(line) for line in body.splitlines()], ensure_ascii=False)
        if path.startswith("/oembed")
        else body
    )
    return re.sub(r"<[^>]*>", "", body).replace("\\u2026", "…")


@pytest.mark.parametrize("path", [*FILES, *PAGES, *DATA])
def test_no_form_joins_the_parts_without_an_ellipsis(
    client: Client,
    shared: dict[str, Statement],
    path: str,
) -> None:
    paths = [address_in(path, language) for language in CODES] if path in PAGES else [path]
    for each in paths:
        text = text_of(client, each.format(slug=shared["rejected"].slug))
        assert WORDS in text, each
        joints = re.findall(rf"{QUOTE} 5(.{{0,12}}?){SECOND}", text, re.S)
        assert set(joints) == {" … "}, each


def test_so_does_no_text_to_embed_and_no_package(client: Client, shared: dict[str, Statement]) -> None:
    assert f"“{WORDS}”" in embed_code(client, shared["rejected"], "en").replace("&quot;", '"')
    archive = zipfile.ZipFile(io.BytesIO(client.get("/api/v1/export/datapackage.zip").getvalue()))
    assert WORDS in archive.read("statements.csv").decode()


def test_citations_have_the_ellipsis_inside_the_quotation(
    client: Client,
    shared: dict[str, Statement],
) -> None:
    for form in ("txt", "bib", "ris", "csl.json"):
        assert f"“{WORDS}”" in client.get(f"/statements/{shared['rejected'].slug}.{form}").content.decode(), form


def test_structured_data_quotes_it_whole(client: Client, shared: dict[str, Statement]) -> None:
    page = client.get(f"/statements/{shared['rejected'].slug}/").content.decode()
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert found
    node = json.loads(found[1])
    assert (node["@type"], node["text"]) == ("Quotation", WORDS)
