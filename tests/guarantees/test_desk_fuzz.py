"""Wrong requests, made up from a fixed seed, at every address of the desk, as every role: never a failure, and cheap.

`FUZZ=200 pytest tests/guarantees/test_desk_fuzz.py` sends two hundred to each address instead of a few, `FUZZ_SEED=2` others.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoDbBlocker

from desk.cards import CARDS
from desk.fields import value_of_record
from desk.intake.drafts import draft_of_text
from desk.urls import urls_of
from tests.accounts.test_addresses import accounts_and_rows, browsers
from tests.desk.articles import ENGLISH, Article, english
from tests.fuzzing import VALUES, Sender, urlencoded, wrong_request
from tests.guarantees.test_admin_fuzz import OTHER_KEYS, ROLES, sender

__all__ = ["sender"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TIMES = int(os.environ.get("FUZZ", "0")) or 6
SEED = os.environ.get("FUZZ_SEED", "1")
WORDS = "Nobody drowns because of a number,"
Requests = dict[str, tuple[str, dict[str, Any]]]  # by name of the address: the address, and a form that it takes


@pytest.fixture(scope="module")
def article(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Article]:
    """Make public rows and drafts of everything, an article, and an account of each role, once."""
    with django_db_blocker.unblock(), accounts_and_rows():
        yield english()


@pytest.fixture(scope="module")
def clients(article: Article) -> dict[str, Client]:
    """Sign in every role."""
    return browsers()


@pytest.fixture(scope="module")
def requests(article: Article, clients: dict[str, Client]) -> Requests:
    """Return every address of the desk with a form that it takes; a card is sent with the fields of all kinds."""
    draft = draft_of_text(User.objects.get(username="superuser"), ENGLISH)
    source, person, event = article.source, value_of_record(article.speaker), value_of_record(article.event)
    base = f"/admin/desk/{source.slug}/"
    start, end = article.span(WORDS)
    part = article.span("but people have drowned because of two numbers.")
    selection = {"start": start, "end": end, "quote": WORDS}
    statement = {"speaker": person, "role_at_time": "chair", "event": event, "attribution": "explicit", "text_th": "ก"}
    name = {
        "same": "new",
        "record": person,
        "not_the_same": person,
        "kind_of_record": "person",
        "name_kind": "official",
    }
    role = {"link": "part", "person": person, "organization": value_of_record(article.body), "role": "chair"}
    others = {"language": "en", "people": person, "organizations": value_of_record(article.body), "date": "2026-05-14"}
    card = {
        **selection,
        "new-start": part[0],
        "new-end": part[1],
        "new-quote": "x",
        "also": person,
        "key": "abcdefgh12",
        **statement,
        **name,
        **role,
        **others,
        "name": "Tides",
        "place": "Pellmere",
        "about": value_of_record(article.topic),
        "certainty": "stated",
        "note": "",
        "again": "",
        "action": "save",
        "digest": "0" * 16,
        "draft": "abcdefgh12",
    }
    passages = {f"p{row.pk}-place": "keep" for row in source.passages.all()}
    cut = {
        "version": draft.version,
        "title": "Tides",
        "language": "en",
        "date": "2026-05-14",
        "typing": "",
        "typed": "x",
    }
    return {
        "desk_new": ("/admin/intake/", {"text": ENGLISH, "file": ""}),
        "desk_cut": (f"/admin/intake/{draft.key}/", {**cut, "do": "join:2", "show-split": "1", "all_the_same": ""}),
        "desk_suggestions": ("/admin/lookups/suggestions/", {"field": "speaker", "q": "ann", "kinds": "person"}),
        "desk_doubles": (
            "/admin/lookups/doubles/",
            {"kind": "person", "record": article.speaker.pk, "other": 1, "answer": "different", "name": "Ann Lee"},
        ),
        "desk_doubts": (
            "/admin/doubts/",
            {
                "kind": "roles",
                "model": "directory.Affiliation",
                "first": 1,
                "second": 2,
                "answer": "prefer:1",
                "reason": "x",
                "page": "1",
            },
        ),
        "desk_record": ("/admin/lookups/record/", {"kind": "person", "id": article.speaker.slug}),
        "desk_token": ("/admin/lookups/token/", {"a": "b"}),
        "desk_read": (base, {"a": "b"}),
        "desk_text": (f"{base}text/", {"a": "b"}),
        "desk_guide": ("/admin/guide/", {"a": "b"}),
        "desk_guide_file": ("/admin/guide/pictures/name.webp", {"a": "b"}),
        "desk_marks": (f"{base}marks/", {"a": "b"}),
        "desk_paragraph": (f"{base}paragraphs/2/", {"action": "read-so-far"}),
        "desk_role": (f"{base}roles/", {"speaker": person, "paragraph": "2"}),
        "desk_cite": (f"{base}cards/cite/", {**selection, "record": f"directory.person:{article.speaker.pk}"}),
        "desk_card": (f"{base}cards/KIND/", card),
        "desk_proposals": (f"{base}proposals/", {"action": "dismiss", "proposal": "0" * 16, "made": "1"}),
        "desk_proposals_number": (f"{base}proposals/number/", {"a": "b"}),
        "desk_publish": (f"{base}publish/", {"record": [f"directory.source:{source.pk}", person]}),
        "desk_new_text": (
            f"{base}new-text/",
            {
                "text": ENGLISH.replace("forty", "fifty"),
                "reason": "x",
                "decided": "1",
                "expected": source.sha256,
                **passages,
            },
        ),
        "desk_card_draft": (f"{base}drafts/", {"key": "abcdefgh12", "kind": "quote", "action": "", **selection}),
    }


def choices(name: str, data: dict[str, Any]) -> list[str]:
    """Return what the buttons of a page send, so that each of its ways is tried."""
    actions = {
        "desk_card": ["save", "publish", "part", "open", "without-0", "without-9", "x"],
        "desk_proposals": ["accept", "dismiss", "undo"],
        "desk_paragraph": ["read", "unread", "read-so-far"],
        "desk_cut": [
            "keep",
            "autosave",
            "split:1:4",
            "split:9:999999",
            "join:1",
            "join:" + "9" * 30,
            "drop:1",
            "kind:1:x",
            "edit:1",
            "lines",
            "back",
            "date:x",
            "save",
            "show-split:1",
            "discard",
            ":",
            "\0",
        ],
    }
    return actions.get(name, [str(data.get("action", ""))])


def test_every_address_of_the_desk_is_asked_here(requests: Requests) -> None:
    assert {pattern.name for pattern in urls_of(admin.site)} == set(requests)


def test_wrong_forms(requests: Requests, clients: dict[str, Client], sender: Sender) -> None:
    for name, (address, form) in requests.items():
        chance = random.Random(f"{SEED} {name}")
        button = "do" if name == "desk_cut" else "action"
        for kind in CARDS if name == "desk_card" else [""]:
            for pressed in choices(name, form):
                data = {**form, button: pressed} if button in form else form
                for _number in range(max(1, TIMES // 3)):
                    role = chance.choices(ROLES, [6, 2, 1, 2])[0]
                    request = wrong_request(data, OTHER_KEYS, chance)
                    sender.post(clients[role], address.replace("KIND", kind), request)
    assert sender.statuses.keys() & {200, 302, 422}


def test_wrong_parameters(requests: Requests, clients: dict[str, Client], sender: Sender) -> None:
    for name, (address, form) in requests.items():
        chance = random.Random(f"{SEED} {name}")
        for kind in CARDS if name == "desk_card" else [""]:
            for _number in range(TIMES):
                data = {key: value for key, value in form.items() if len(str(value)) < 1000}
                wrong = chance.choice(list(data))
                value = chance.choice([value for value in VALUES if len(value) < 5_000])
                fields = [(key, str(old)) for key, old in data.items() if key != wrong]
                query = urlencoded([*fields, (wrong, value)]).decode()
                url = f"{address.replace('KIND', kind)}?{query}"
                role = chance.choices(ROLES, [6, 2, 1, 2])[0]
                sender.send(clients[role], "GET", url, (f"{wrong}={value[:20]!r}", "", b""))
