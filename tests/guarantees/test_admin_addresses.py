"""Every address of the admin with odd numbers, characters and parameters: 400, 404, a redirect or a page, never a failure."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.contrib import admin
from django.contrib.admin.options import ModelAdmin
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from directory.models import Person
from tests import factories as make
from tests.accounts.people import make_user
from tests.curation import change_url, errors, opened
from tests.world import shared_world

pytestmark = pytest.mark.django_db

ODD_KEYS = ["abc", "-1", "1.0", "²", "9" * 19, "9" * 5000, "_00", "1%00", "1_20"]
ODD_VALUES = ["abc", "9" * 19, "1\0", "²", "1,2", "[]"]
LIST_PARAMETERS = [
    *(
        "p",
        "o",
        "q",
        "_popup",
        "_to_field",
        "_changelist_filters",
        "evidence",
        "status",
        "status__in",
        "id__exact",
        "id__in",
    ),
    *("id__range", "no_such", "no__such__exact", "updated_at__year", "updated_at__gte", "passages__id__exact"),
    *(
        "event__id__exact",
        "speaker__id__in",
        "password__startswith",
        "slug__regex",
        "pk",
        "language",
        "user__id__exact",
    ),
]
FORM_PARAMETERS = [
    *(
        "passages",
        "statement",
        "speaker",
        "person",
        "event",
        "date",
        "topics",
        "slug",
        "permissions",
        "groups",
        "source",
        "start",
    ),
    *("_popup", "_to_field", "_changelist_filters"),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make one row of each kind for all tests of this file."""
    with shared_world(django_db_blocker):
        yield


@pytest.fixture
def site(world: None, admin_client: Client) -> Iterator[Client]:
    """Return a client of somebody who may do anything, in a world with one row of each kind."""
    admin_client.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    yield admin_client
    logging.disable(logging.NOTSET)


def failures(client: Client, addresses: list[str], method: str = "get") -> list[str]:
    """Return the addresses that failed."""
    failed = []
    for address in addresses:
        with transaction.atomic():  # so that a failure on PostgreSQL does not spoil what follows
            status = getattr(client, method)(address).status_code
            transaction.set_rollback(True)
        if status >= 500:
            failed.append(address[:150])
    return failed


def base_of(row: ModelAdmin) -> str:
    """Return the address of the list of a kind of row."""
    return f"/admin/{row.opts.app_label}/{row.opts.model_name}/"


@pytest.mark.slow
@pytest.mark.parametrize("row", admin.site._registry.values(), ids=lambda row: row.opts.label)
def test_odd_keys(site: Client, row: ModelAdmin) -> None:
    base = base_of(row)
    keyed = [
        f"{base}{key}/{page}"
        for key in ODD_KEYS
        for page in ("change/", "delete/", "history/", "history/1/", "password/")
    ]
    assert failures(site, [*keyed, *(f"{base}1/history/{key}/" for key in ODD_KEYS)]) == []
    assert failures(site, keyed, "post") == []


@pytest.mark.slow
@pytest.mark.parametrize("row", admin.site._registry.values(), ids=lambda row: row.opts.label)
def test_odd_parameters(site: Client, row: ModelAdmin) -> None:
    base = base_of(row)
    values = [quote(value) for value in ODD_VALUES]
    if row.model is not Person:  # one kind is asked everything, the others one value each
        values = values[:1]
    listed = [f"{base}?{name}={value}" for name in LIST_PARAMETERS for value in values]
    added = [f"{base}add/?{name}={value}" for name in FORM_PARAMETERS for value in values]
    assert failures(site, listed + added) == []


def test_odd_parameters_beside_the_lists(site: Client) -> None:
    field = {"app_label": "events", "model_name": "statement", "field_name": "speaker", "term": "a"}
    addresses = []
    for value in map(quote, ODD_VALUES):
        for name in (*field, "p"):
            query = "&".join(f"{each}={text}" for each, text in {**field, name: value}.items())
            addresses.append(f"/admin/autocomplete/?{query}")
        addresses += [
            f"/admin/{part}" for part in (f"r/{value}/1/", f"r/1/{value}/", f"{value}/", f"login/?next={value}")
        ]
        addresses += [
            f"/admin/{part}" for part in (f"jsi18n/?language={value}", f"?x={value}", f"password_change/?{value}=1")
        ]
    assert failures(site, addresses) == []


@pytest.mark.parametrize("selected", ["abc", "9" * 30, "1\0", "-1"])
def test_odd_selected_rows(site: Client, selected: str) -> None:
    for action in ("publish_selected", "withdraw_selected", "merge_doubles", "delete_selected", "no_such"):
        form = {"action": action, "_selected_action": [selected], "index": "0", "confirmed": "1", "reason": "x"}
        assert site.post("/admin/directory/person/", form).status_code == 400


@pytest.mark.parametrize("seen", ["x", "2025-01-01T00:00:00", "0001-01-01T00:00:00+23:59", "9" * 5000, "\0"])
def test_an_odd_version_of_a_form_is_an_older_one(site: Client, seen: str) -> None:
    url = change_url(make.make_person())
    assert errors(site.post(url, {**opened(site, url), "seen": seen}))


ODD_ROWS = [
    *(("names-0-id", key) for key in ("abc", "٣", "9" * 30)),
    *(("names-TOTAL_FORMS", number) for number in ("9" * 30, "5000", "x")),
    *(("names-INITIAL_FORMS", number) for number in ("-1", "9" * 30)),
    ("names-0-passages", "abc"),
    ("names-0-passages", "9" * 30),
    ("names-0-position", "9" * 30),
    ("names-0-status", "\0"),
    ("affiliations-0-organization", "²"),
]


@pytest.mark.parametrize(("name", "value"), ODD_ROWS)
def test_odd_rows_of_an_inline_are_no_failure(site: Client, name: str, value: str) -> None:
    url = change_url(make.make_person())
    assert site.post(url, {**opened(site, url), name: value}).status_code < 500


def test_a_form_with_more_rows_than_are_read_is_refused_with_the_number(site: Client) -> None:
    url = change_url(make.make_person())
    page = site.post(url, {**opened(site, url), "names-TOTAL_FORMS": "201"})
    assert "Please submit at most 200 forms." in page.content.decode()
    (names, *_others) = [
        each.formset for each in page.context["inline_admin_formsets"] if each.formset.prefix == "names"
    ]
    assert len(names.forms) == 200


def test_what_a_form_cannot_begin_with_is_left_out(site: Client) -> None:
    page = site.get("/admin/events/statement/add/?passages=abc&speaker=1.5&date=2025")
    assert page.status_code == 200
    initial = page.context["adminform"].form.initial
    assert (initial["passages"], initial.get("speaker"), initial["date"]) == ([], None, "2025")


def test_only_so_many_words_are_looked_for(site: Client) -> None:
    for model in ("directory/person", "events/statement", "directory/passage"):
        assert site.get(f"/admin/{model}/?q={'a+' * 3900}").status_code == 200


def test_an_old_version_is_never_restored_for_another_window(site: Client) -> None:
    version = f"/admin/directory/person/{make.make_person().pk}/history/"
    person = Person.objects.latest("pk")
    page = f"{version}{person.history.latest().pk}/"  # type: ignore[attr-defined]
    assert site.post(page, {**opened(site, page), "_popup": "1"}).status_code == 302


@pytest.mark.parametrize("key", ["abc", "\u00ad", "9" * 30, "-1"])
def test_a_group_that_is_no_row_is_refused_on_the_page_of_an_account(site: Client, key: str) -> None:
    url = change_url(make_user("target"))
    assert list(errors(site.post(url, {**opened(site, url), "groups": key}))) == ["groups"]
