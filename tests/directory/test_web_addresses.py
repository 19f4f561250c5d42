"""Addresses of other sites: only those of the web are kept, and only they are ever a link."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from base.text.web_addresses import is_web_address
from directory.models import Source
from tests import factories as make
from tests.curation import change_url, errors, opened

pytestmark = pytest.mark.django_db

OTHER_SCHEMES = [
    "javascript:alert(1)",
    "JavaScript://news.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://news.example/a",
    "file:///etc/passwd",
    "//news.example/a",
    "news.example/a",
    "blob:https://news.example/1",
]
NOT_OF_THE_WEB = [
    *OTHER_SCHEMES,
    "https://",
    "https:///a",
    "http://?q=1",
    "https://news.example/a b",
    "https://news.example/a\x01b",
    "https://news.example/\u202egpj.a",
    "https://known.example@elsewhere.example/",
    "https://[::1/",
]


@pytest.mark.parametrize("url", NOT_OF_THE_WEB)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    source = make.make_source()
    source.url = url
    with pytest.raises(ValidationError) as refused:
        source.clean_fields(exclude=["paragraphs"])
    assert list(refused.value.message_dict) == ["url"]


@pytest.mark.parametrize(
    "url", ["https://news.example/a?b=c#d", "HTTP://news.example", "https://ข่าว.example/ก", "http://192.0.2.1:8000/"]
)
def test_addresses_of_the_web_are_taken(url: str) -> None:
    source = make.make_source()
    source.url = url
    source.clean_fields(exclude=["paragraphs"])
    source.save()
    assert is_web_address(url)


@pytest.mark.parametrize("url", OTHER_SCHEMES)
def test_the_database_refuses_other_schemes(url: str) -> None:
    source = make.make_source()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(url=url)


def test_a_form_says_what_is_wrong(admin_client: Client) -> None:
    url = change_url(make.make_source())
    found = errors(admin_client.post(url, {**opened(admin_client, url), "url": "javascript:alert(1)"}))
    assert "“javascript:alert(1)” is no address of the web." in found["url"][0]


def past_the_constraint(source: Source, url: str) -> None:
    """Store an address without the constraint. The transaction of the test puts the constraint back."""
    constraint = next(each for each in Source._meta.constraints if each.name == "source_url_of_the_web")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            Source.objects.filter(pk=source.pk).update(url=url)
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
    else:
        connection.check_constraints()  # what waits for the end of the transaction would stand in the way
        with connection.schema_editor() as editor:
            editor.remove_constraint(Source, constraint)
        Source.objects.filter(pk=source.pk).update(url=url)


@pytest.mark.parametrize("url", ["javascript:alert(1)//https://", "data:text/html,x", "https://a@b.example/"])
def test_what_is_stored_all_the_same_is_no_link(client: Client, url: str) -> None:
    """As if it had come past the constraint: everything that shows it reads the same member of the documents."""
    words = "It was said."
    passage = make.make_passage(make.make_source(), words)
    source = passage.source
    statement = make.make_statement(passages=[passage])
    make.make_wording(statement, words, nature="verbatim", passage=passage)
    addresses = (
        source.get_absolute_url(),
        statement.get_absolute_url(),
        f"/api/v1/sources/{source.slug}/",
        f"/statements/{statement.slug}.anno",
        "/api/v1/export/sources.csv",
    )
    past_the_constraint(source, url)
    for address in addresses:
        answer = client.get(address)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200, address
        assert url not in body.decode(), address


def test_a_fixture_with_another_scheme_is_refused_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "sources.json"
    row = {
        "slug": "s",
        "title": "A title",
        "language": "en",
        "sha256": "0" * 64,
        "length": 1,
        "url": "javascript:alert(1)",
    }
    file.write_text(json.dumps([{"model": "directory.source", "fields": row}]))
    with pytest.raises(CommandError) as refused:
        call_command("loaddata", file, verbosity=0)
    assert "\n" not in str(refused.value)
    assert "url: “javascript:alert(1)” is no address of the web." in str(refused.value)


@pytest.mark.parametrize(
    "address", ["/", "/th/people/", "/nothing/", "/api/v1/people/", "/admin/login/", "/static/css/base.css", "/healthz"]
)
def test_no_answer_lets_a_page_use_what_the_site_does_not(client: Client, address: str) -> None:
    answer = client.get(address)
    answer.close()
    policy = answer["Permissions-Policy"]
    for feature in ("camera", "microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in policy
