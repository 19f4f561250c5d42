"""Wrong requests, made up from a fixed seed, at every page of editors: review, doubts, sheets, uniting, splitting, undoing, forms.

`FUZZ=200 pytest tests/guarantees/test_editors_fuzz.py` sends two hundred to each page instead of a few, `FUZZ_SEED=2` others.
"""

from __future__ import annotations

import csv
import io
import os
import random
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from base.models import FormDraft
from base.records.submissions import Submission
from directory.models import Affiliation, Person, PersonName, Topic
from review.urls import admin_urls
from tests import factories as make
from tests.accounts.test_addresses import accounts_and_rows, browsers
from tests.curation import change_url, url_of
from tests.editors_forms import Forms, editors_forms
from tests.fuzzing import VALUES, Fields, Sender, fields_of, multipart, urlencoded, wrong_request
from tests.guarantees.test_admin_fuzz import OTHER_KEYS, ROLES, sender

__all__ = ["sender"]  # a fixture
pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TIMES = int(os.environ.get("FUZZ", "0")) or 6
SEED = os.environ.get("FUZZ_SEED", "1")
SHORT = [value for value in VALUES if len(value) < 5_000]  # what fits into an address
# What looks right, by the name of the parameter.
ALMOST_RIGHT = {
    "row": [
        "directory.topic:",
        "directory.topic:" + "9" * 18,
        "x.y:1",
        "directory:1",
        "auth.user:1",
        "directory.topic:²",
        ":",
    ],
    "before": ["2026-01-01", "2026-01-01T00:00:00+99:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"],
    "line": ["directory.Person:1:", "auth.User:1:password", "x:1:y", "directory.Person:" + "9" * 18 + ":x", "::"],
    "page": ["last", "1000000", "-1"],
}


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make public rows and drafts of everything, and an account of each role, once."""
    with django_db_blocker.unblock(), accounts_and_rows() as keys:
        yield keys


@pytest.fixture(scope="module")
def clients(world: dict[str, Any]) -> dict[str, Client]:
    """Sign in every role."""
    return browsers()


@pytest.fixture(scope="module")
def curator(clients: dict[str, Client]) -> Client:
    """Return the browser of somebody who may do everything."""
    return clients["superuser"]


@pytest.fixture(scope="module")
def forms(world: dict[str, Any], curator: Client) -> Forms:
    """Return every form of these pages, as it would be taken."""
    return editors_forms(curator)


def test_every_page_of_review_is_asked_here(forms: Forms) -> None:
    asked = {address.partition("?")[0] for address, _form in forms}
    waiting = Submission.objects.latest("pk")
    pages = {
        reverse(f"admin:{url.name}", args=[waiting.pk] if "<" in str(url.pattern) else [])
        for url in admin_urls(_site())
    }
    assert pages - asked == set()


def _site() -> Any:
    from django.contrib import admin

    return admin.site


def test_the_forms_are_taken_as_they_are(forms: Forms, curator: Client) -> None:
    taken = 0
    for address, form in forms:
        with transaction.atomic():
            taken += curator.post(address, form).status_code == 302
            transaction.set_rollback(True)
    assert taken >= 20, "what is wrong is sent beside what is right, so that it gets far"


def test_wrong_forms(forms: Forms, clients: dict[str, Client], sender: Sender) -> None:
    chance = random.Random(f"{SEED} forms")
    keys = [
        *OTHER_KEYS,
        "9" * 18,
        "directory.Person:1:wikidata",
        "directory.PersonName:1:",
        "auth.User:1:password",
        "x:1:y",
    ]
    for address, form in forms:
        for _number in range(max(2, TIMES // 2)):
            role = chance.choices(ROLES, [6, 2, 1, 1])[0]
            sender.post(clients[role], address, wrong_request(form, keys, chance))
    assert sender.statuses.keys() >= {200, 302, 400, 409, 422}


# What a refusal looks like: in a page, or as a sentence alone.
REFUSAL = re.compile(r'class="(?:errornote|errorlist[^"]*|desk-problem|error|warning)"|role="alert"')


def spoiled(form: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the form spoiled in the ways of a curator: what is wrong, and the form."""
    yield "empty", {}
    yield (
        "only its button",
        {name: form[name] for name in ("action", "draft_action", "answer", "split") if name in form},
    )
    for name, value in form.items():
        if name in ("seen", "expected") or name.startswith("expected-"):
            yield f"stale: {name}", {**form, name: "0" * 32}
            yield f"without {name}", {each: old for each, old in form.items() if each != name}
        elif name in ("reason", "note", "answer", "target", "moment"):
            for text in ("", " ", "a" * 300, "a\x07b", "a\0b", "a\u202eb", "a\nb"):
                yield f"{name}={text[:9]!r}", {**form, name: text}
        elif str(value).isdecimal() or str(value).isidentifier():
            for text in ("999999", "9" * 18, "x", "-1"):
                yield f"{name}={text}", {**form, name: text}


def test_a_refusal_says_why(forms: Forms, curator: Client) -> None:
    silent, statuses = [], set()
    for address, form in forms:
        for what, wrong in spoiled(form) if address != reverse("admin:review_submissions") else ():  # it takes no forms
            with transaction.atomic():
                response = curator.post(address, wrong)
                transaction.set_rollback(True)
            statuses.add(response.status_code)
            body = response.content.decode()
            is_page = response.headers.get("Content-Type", "").startswith("text/html")
            says = REFUSAL.search(body) if is_page and response.status_code in (200, 409, 422) else body.strip()
            is_shown = response.status_code == 200 and ("split" not in wrong and "/split/" in address)  # what would go
            is_list = "cl" in (response.context or ())  # nothing was pressed
            if response.status_code != 302 and not (says or is_shown or is_list):
                silent.append(f"{address} {form.get('action', '')}: {what}: {response.status_code}")
    assert silent == [], "\n".join(silent)
    assert statuses <= {200, 302, 400, 403, 404, 409, 413, 422}


def test_wrong_parameters(forms: Forms, clients: dict[str, Client], sender: Sender, world: dict[str, Any]) -> None:
    chance = random.Random(f"{SEED} parameters")
    person = Person.objects.published().earliest("pk")
    pages = [
        (url_of(person, "history", person.pk), ["before", "x"]),
        (url_of(Person, "sheet"), ["q", "x"]),
        *(
            (url_of(Person, "sheet_file", ending), ["q", "o", "p", "e", "status__exact", "id__in"])
            for ending in ("csv", "xlsx")
        ),
        (reverse("admin:desk_doubts"), ["kind", "page", "kept"]),
        (reverse("admin:review_submit"), ["row"]),
        (reverse("admin:review_submissions"), ["own", "page"]),
        (url_of(person, "split", person.pk), ["target"]),
        *((address.partition("?")[0], ["line", "x"]) for address, form in forms if "keep" in form),
    ]
    for address, names in pages:
        for name in names:
            wrong = [chance.choice(SHORT) for _number in range(TIMES)]
            for value in (*wrong, *ALMOST_RIGHT.get(name, ())):
                role = chance.choices(ROLES, [6, 2, 1, 1])[0]
                url = f"{address}?{urlencoded([(name, value)]).decode()}"
                sender.send(clients[role], "GET", url, (f"{name}={value[:20]!r}", "", b""))


def test_wrong_methods(forms: Forms, clients: dict[str, Client], sender: Sender) -> None:
    for address in dict.fromkeys(address for address, _form in forms):
        for method in ("PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "HEAD"):
            sender.send(clients["superuser"], method, address, (method, "application/json", b'{"action": "publish"}'))


# Sheets -----------------------------------------------------------------------------------------------------------------------
def rows_of_sheet(curator: Client, model: Any) -> list[list[str]]:
    """Return the lines of the sheet of a list."""
    file = curator.get(url_of(model, "sheet_file", "csv")).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(file, newline="")))


def csv_of(lines: list[list[Any]]) -> bytes:
    """Return lines as a CSV file; a cell of bytes stands there as it is."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(
        [[cell.decode("latin-1") if isinstance(cell, bytes) else cell for cell in line] for line in lines]
    )
    return text.getvalue().encode("utf-8", "surrogatepass")


def broken(content: bytes, chance: random.Random) -> bytes:
    """Return a file with some of its bytes changed, cut off, or doubled."""
    wrong = bytearray(content)
    for _number in range(chance.randint(1, 8)):
        wrong[chance.randrange(len(wrong))] = chance.randrange(256)
    return bytes(
        chance.choice([wrong, wrong[: chance.randrange(len(wrong))], wrong + wrong, wrong[chance.randrange(99) :]])
    )


def sheet_request(name: str, content: bytes, **fields: str) -> tuple[str, str, bytes]:
    """Return a request that hands in a file."""
    body = multipart(list(fields.items()), {"file": content})
    return name, "multipart/form-data; boundary=----fuzz", body


def test_wrong_cells(clients: dict[str, Client], curator: Client, sender: Sender) -> None:
    chance = random.Random(f"{SEED} cells")
    for model in (PersonName, Person, Affiliation, Topic):
        head, *lines = rows_of_sheet(curator, model)
        for _number in range(TIMES * 3):
            line, column = chance.choice(lines)[:], chance.randrange(len(head))
            line[column] = chance.choice(VALUES)  # type: ignore[call-overload]
            if chance.random() < 0.3:
                line[0] = ""  # a new row
            wrong = [chance.choice([head, head, head, head[1:], [*head, head[1]], head[::-1]]), line]
            role = chance.choices(ROLES, [6, 2, 1, 1])[0]
            what = f"{head[column]}={str(line[column])[:20]!r}"
            sender.post(clients[role], url_of(model, "sheet"), sheet_request(what, csv_of(wrong)))
    assert sender.statuses.keys() >= {200, 422}


def test_broken_files_and_forged_rows(clients: dict[str, Client], curator: Client, sender: Sender) -> None:
    chance = random.Random(f"{SEED} files")
    url = url_of(PersonName, "sheet")
    files = [curator.get(url_of(PersonName, "sheet_file", ending)).content for ending in ("csv", "xlsx")]
    for content in files:
        for number in range(TIMES * 2):
            sender.post(clients["superuser"], url, sheet_request(f"broken file {number}", broken(content, chance)))
    lines = rows_of_sheet(curator, PersonName)
    head = lines[0]
    cited = next(line for line in lines[1:] if line[head.index("passages")])
    cited[head.index("note")] = "As printed."
    with transaction.atomic():
        body = sheet_request("sheet", csv_of(lines))
        shown = curator.generic("POST", url, body[2], content_type=body[1])
        transaction.set_rollback(True)
    signed = shown.context["signed"]
    assert signed, shown.context["outcome"].faults
    for _number in range(TIMES * 3):
        role = chance.choices(ROLES, [6, 2, 1, 1])[0]
        sender.post(clients[role], url, wrong_request({"rows": signed, "reason": "Spelling."}, OTHER_KEYS, chance))


# Kept forms -------------------------------------------------------------------------------------------------------------------
def test_what_was_kept_is_shown_again_whatever_it_is(
    clients: dict[str, Client], curator: Client, sender: Sender
) -> None:
    chance = random.Random(f"{SEED} kept")
    address = reverse("admin:form_drafts")
    statement = make.make_statement(passages=[make.make_passage()])
    for row in (make.make_person("Mai Tran"), statement):
        path = change_url(row)
        for _number in range(TIMES):
            names = [
                "names-TOTAL_FORMS",
                "names-0-id",
                "names-0-language",
                "passages",
                "speaker",
                "wordings-TOTAL_FORMS",
                "seen",
            ]
            fields: Fields = [(name, chance.choice(VALUES)) for name in (*names, "wikidata", "date", "_publish", "\0")]
            with transaction.atomic():
                kept = urlencoded([("draft_path", path), *fields])
                curator.generic("POST", address, kept, content_type="application/x-www-form-urlencoded")
                show = urlencoded(fields_of({"draft_path": path, "draft_action": "show"}))
                curator.generic("POST", address, show, content_type="application/x-www-form-urlencoded")
                assert FormDraft.objects.count() == 1
                sender.send(curator, "GET", path, (f"kept: {fields}"[:300], "", b""))
                transaction.set_rollback(True)
