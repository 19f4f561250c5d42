"""The text of a source stays private: no address, search, error, header, feed, figure or line of the log has a word of it."""

from __future__ import annotations

import copy
import io
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.core.exceptions import SuspiciousOperation
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from operations.logs import LineFormatter, PlainFormatter, RequestIdFilter
from tests import factories as make
from tests.guarantees.test_drafts_change_nothing import crawl
from tests.world import add_drafts, publish_world, shared_rows

pytestmark = pytest.mark.django_db

BEFORE, AFTER, ALONE, LABEL = "Qvarnsten", "Blemskorg", "Trudvekil", "Hjolmfadr"
PRIVATE = (BEFORE, AFTER, ALONE, LABEL)


def private_world() -> dict[str, Any]:
    """Publish a small world. Around the words that it prints, in paragraphs of their own and in drafts are private words."""
    made = publish_world()
    source = made["source"]
    make.make_passage(source, f"{BEFORE} said: She paused for long. {AFTER} agreed.")
    passage = make.make_passage(source, "She paused for long.")
    make.make_passage(source, f"{ALONE} stands alone.")
    statement = make.make_statement(
        made["person"], made["event"], "She paused for long.", nature="verbatim", passages=[passage]
    )
    make.make_wording(statement, f"{ALONE} is a near miss", language="th", status="draft")
    make.make_passage(source, f"“We wait,” {ALONE} whispered, “for the rain.”")
    parts = [make.make_passage(source, words) for words in ("We wait", "for the rain")]
    make.make_statement(made["person"], made["event"], "We wait … for the rain", nature="verbatim", passages=parts)
    make.make_person(f"{LABEL} Draft", status="draft")
    add_drafts(made)
    made["quoted"] = statement
    return made


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make that world once for all tests of this file."""
    with shared_rows(django_db_blocker, private_world) as world:
        yield world


@pytest.fixture
def world(db: None, shared: dict[str, Any]) -> dict[str, Any]:
    """Return its records, for one test to change."""
    return copy.deepcopy(shared)


@pytest.fixture
def logged() -> Iterator[list[io.StringIO]]:
    """Return what is written to the log meanwhile, in both forms, down to the level DEBUG of what is ours."""
    streams = []
    handlers = []
    for formatter in (LineFormatter(), PlainFormatter("{levelname} {name} {message}", style="{")):
        streams.append(io.StringIO())
        handlers.append(logging.StreamHandler(streams[-1]))
        handlers[-1].setFormatter(formatter)
        handlers[-1].addFilter(RequestIdFilter())
    loggers = [logging.getLogger(name) for name in ("", "access", "django", "django.request")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG if logger.name == "access" else logging.INFO)
        for handler in handlers:
            logger.addHandler(handler)
    yield streams
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        for handler in handlers:
            logger.removeHandler(handler)


def words_in(text: str) -> list[str]:
    """Return the private words of a text."""
    return [word for word in PRIVATE if word.lower() in text.lower()]


def told(answer: Any) -> str:
    """Return all that an answer says: headers and body."""
    return f"{answer.headers} {answer.cookies} {answer.getvalue().decode(errors='replace')}"


@pytest.mark.slow
def test_no_public_address_has_a_word_of_it(client: Client, world: dict[str, Any], logged: list[io.StringIO]) -> None:
    answers = crawl(client)
    assert len(answers) > 60
    assert any(b"She paused for long." in body for _status, body in answers.values())
    assert any("We wait … for the rain".encode() in body for _status, body in answers.values())
    assert {address: words for address, (_status, body) in answers.items() if (words := words_in(body.decode()))} == {}
    statement, source = world["quoted"].slug, world["source"].slug
    paths = [f"/statements/{statement}{form}" for form in (".anno", ".bib", ".ris", ".csl.json", "/embed/")]
    paths += [f"/sources/{source}{form}" for form in ("/", ".bib", ".ris", ".csl.json")]
    paths += [
        "/statements.atom",
        "/statements.json",
        "/events.ics",
        "/export/statements.csv",
        "/oembed/?url=http://testserver/",
    ]
    paths += ["/healthz", "/readyz", "/metrics", "/robots.txt", "/.well-known/security.txt", "/api/v1/datapackage.zip"]
    assert {path: words for path in paths if (words := words_in(told(client.get(path))))} == {}
    assert words_in("".join(stream.getvalue() for stream in logged)) == []


ASKED = [
    "/search/?q={}",
    "/th/search/?q={}",
    "/search/suggest/?q={}",
    "/people/?q={}",
    "/statements/?q={}",
    "/sources/?q={}",
    "/api/v1/statements/?q={}&count=true",
    "/api/v1/sources/?q={}",
    "/api/v1/people/?q={}&fields=id",
    '/api/v1/reconcile/?queries={{"q":{{"query":"{}"}}}}',
    "/api/v1/reconcile/suggest/entity/?prefix={}",
    "/statements.atom?q={}",
]


@pytest.mark.parametrize("address", ASKED)
def test_no_search_finds_or_senses_it(client: Client, world: dict[str, Any], address: str) -> None:
    """Whoever asks for a private word is told the same as for one that stands nowhere."""
    for word in (BEFORE, AFTER, ALONE, LABEL, BEFORE[:5]):
        nowhere = "".join(reversed(word))
        answers = [client.get(address.format(quote(asked))) for asked in (word, nowhere)]
        found, none = (
            answer.getvalue().decode().replace(asked, "ASKED").replace(quote(asked), "ASKED")
            for answer, asked in zip(answers, (word, nowhere), strict=True)
        )
        assert answers[0].status_code == answers[1].status_code
        if "application/json" in answers[0]["Content-Type"]:
            assert found == none
        assert [other for other in words_in(found) if not other.startswith(word)] == []
        assert "She paused" not in found


def test_no_error_page_or_line_of_the_log_has_a_word_of_it(
    world: dict[str, Any], logged: list[io.StringIO], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    assert settings.DEBUG is False
    client = Client(raise_request_exception=False)
    text = world["source"].text

    def refused_by_the_database(self: Any, *_arguments: object, **_names: object) -> None:
        source = text  # as in a frame of ours
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE directory_source SET text = %s, status = 'unknown'", [source])

    def suspicious(self: Any, *_arguments: object, **_names: object) -> None:
        raise SuspiciousOperation("A reader sent nonsense.")

    for fault, status in ((refused_by_the_database, 500), (suspicious, 400)):
        monkeypatch.setattr("directory.views.people.PersonList.get", fault)
        monkeypatch.setattr("directory.api.views.PersonViewSet.list", fault)
        for path in ("/people/", "/api/v1/people/"):
            answer = client.get(path)
            assert answer.status_code == status
            assert words_in(told(answer)) == []
            assert "Traceback" not in told(answer)
    for path in (
        "/nothing/",
        "/api/v1/nothing/",
        "/people/?organization=none",
        "/api/v1/topics/?x=1",
        "/statements/?page=x",
    ):
        assert words_in(told(client.get(path))) == []
    lines = "".join(stream.getvalue() for stream in logged)
    assert "Internal Server Error: /people/" in lines
    assert words_in(lines) == []
