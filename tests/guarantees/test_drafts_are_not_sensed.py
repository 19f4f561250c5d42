"""What nobody sees leaves no trace: no ETag, no Last-Modified and no kept page of the public changes with a draft."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, cast

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DateTimeField,
    F,
    ForeignKey,
    JSONField,
    Model,
    TextField,
)
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from base.changes.triggers import content_models
from base.changes.version import content_version
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId
from directory.models import Person, Source
from events.models import KeptFigure, Statement
from reports.models import Report, ReportEntry
from tests import factories as make
from tests.world import shared_world

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/",
    "/people/",
    "/people/ann-lee-1/",
    "/statements/",
    "/sources/article-1/",
    "/check/",
    "/data/",
    "/network/",
    "/statements.atom",
    "/events.ics",
    "/sitemap.xml",
    "/sitemap-people.xml",
    "/api/v1/people/",
    "/api/v1/people/ann-lee-1/",
    "/api/v1/statements/",
    "/api/v1/changes/",
    "/api/v1/redirects/",
    "/api/v1/export/people.csv",
]
RECORDS = [model for model in content_models() if issubclass(model, Record)]
ALWAYS_SEEN = [model for model in content_models() if model in (Report, ReportEntry, KeptFigure)]
ROWS = [model for model in content_models() if model not in ALWAYS_SEEN and not issubclass(model, FormerId)]


def name_of(model: type[Model]) -> str:
    return model._meta.object_name or ""


@pytest.fixture(autouse=True)
def at_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a second pass after every write, so that Last-Modified is told."""
    monkeypatch.setattr("base.changes.version.STARTED", 0)
    monkeypatch.setattr("base.changes.version.complete_until", lambda: 1e11)


def validators() -> dict[str, tuple[int, str | None, str | None]]:
    """Return status, ETag and Last-Modified of public addresses, as a stranger is given them."""
    client = Client()
    answers = {address: client.get(address) for address in ADDRESSES}
    return {
        address: (answer.status_code, answer.get("ETag"), answer.get("Last-Modified"))
        for address, answer in answers.items()
    }


@pytest.fixture(scope="module")
def shared(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[dict[str, Any]]:
    """Make a public world that has a row in every table of content, for all tests of this file."""
    with shared_world(django_db_blocker) as world:
        Report(record_kind="person", record_id="x", record_path="/x/", message="No.").move_to("open")
        KeptFigure.objects.create(check_key="x", kind="x", count=1, total=1, counted_at=timezone.now())
        for model in RECORDS:
            model._base_manager.order_by("pk").first().former_ids.create(slug=f"former-{name_of(model).lower()}")
        make.cite(world["topic"].names.get(), world["passages"][0])
        divided = make.make_statement(world["person"], wording="Ours.", passages=world["passages"][1:3])
        make.make_divided_quote(divided, world["passages"][1:3])
        yield world


@pytest.fixture
def world(db: None, shared: dict[str, Any]) -> dict[str, Any]:
    """Return its records, for one test to change."""
    return copy.deepcopy(shared)


# Every model with a state -------------------------------------------------------------------------------------------


def draft_of(model: type[Model], world: dict[str, Any]) -> Any:
    """Make a draft record of a kind, with all that such a record has: names, links, wordings, passages."""
    passage = world["passages"][0]
    kind = cast("type[Record]", model).kind
    if kind == "statement":
        return make.make_statement(
            world["person"], world["event"], "Unheard of.", status="draft", passages=[passage], topics=[world["topic"]]
        )
    if kind == "source":
        source = make.make_source("Unheard of", status="draft")
        make.make_passage(source, "Words unheard of.")
        return source
    made = {
        "person": make.make_person,
        "organization": make.make_organization,
        "initiative": make.make_initiative,
        "topic": make.make_topic,
        "event": make.make_event,
    }
    record = made[kind]("Unheard of", status="draft")
    make.make_name(record, "Unheard-of", "en", passages=[passage])
    if kind == "person":
        make.make_affiliation(record, world["organization"], passages=[passage])
        make.make_participation(record, world["event"], passages=[passage])
    return record


def rows_of(record: Record) -> list[Model]:
    """Return the rows that belong to a record: names, links, wordings, passages."""
    relations = [relation for relation in record._meta.related_objects if relation.one_to_many]
    models = [
        r for r in relations if issubclass(r.related_model, Publishable) and not issubclass(r.related_model, Record)
    ]
    return [row for r in models for row in r.related_model._base_manager.filter(**{r.field.name: record})]


@pytest.mark.parametrize("model", RECORDS, ids=name_of)
def test_a_draft_is_not_sensed_until_it_is_published(model: type[Model], world: dict[str, Any]) -> None:
    before = validators()
    assert {status for status, _tag, _time in before.values()} == {200}

    record = draft_of(model, world)
    assert validators() == before, "made"
    record.save()
    model._base_manager.filter(pk=record.pk).update(status="draft")
    model._base_manager.bulk_update([record], ["slug"])
    for row in rows_of(record):
        row.save()
        if hasattr(row, "passages"):
            row.passages.add(world["passages"][1])
            row.passages.remove(world["passages"][0])
    assert validators() == before, "edited"
    other = draft_by_bulk(model)
    assert validators() == before, "made by bulk"
    other.delete()
    assert validators() == before, "deleted"

    assert record.publish_problems() == []
    record.publish()
    after = validators()
    same = [address for address in before if after[address] == before[address]]
    # These two have the ETag of their bytes.
    assert set(same) <= {"/api/v1/changes/", "/api/v1/redirects/"}
    assert "/api/v1/changes/" not in same


def draft_by_bulk(model: type[Model]) -> Any:
    columns = {"length": 1, "sha256": "0" * 64} if model is Source else {}
    model._base_manager.bulk_create([model(slug="unheard-of-9", status="draft", **columns)])
    return model._base_manager.get(slug="unheard-of-9")


@pytest.mark.parametrize("model", [Person, Statement], ids=name_of)
def test_what_was_withdrawn_or_merged_is_public_still(model: type[Model], world: dict[str, Any]) -> None:
    """It answers 410 or leads elsewhere."""
    record, other = world[cast("type[Record]", model).kind], draft_of(model, world)
    model._base_manager.filter(pk=record.pk).update(status="withdrawn", withdrawn_reason="Wrong.")
    before = content_version()
    model._base_manager.filter(pk=record.pk).update(withdrawn_reason="Quite wrong.")
    assert content_version() > before
    model._base_manager.filter(pk=record.pk).update(status="draft", withdrawn_reason="")
    before = content_version()
    model._base_manager.filter(pk=record.pk).update(slug="else-where")
    assert content_version() > before
    before = content_version()
    model._base_manager.filter(pk=other.pk).update(merged_into=record.pk)
    assert content_version() > before


# Every table --------------------------------------------------------------------------------------------------------


def raised_by(sql: str, parameters: list[Any]) -> bool:
    """Return whether a write by hand raised the version; the write is taken back. Refused is raised."""
    before = content_version()
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(sql, parameters)
                assert cursor.rowcount == 1
            try:
                return content_version() > before
            finally:
                transaction.set_rollback(True)
    except (IntegrityError, DataError):  # a constraint, so it cannot happen
        return True


def changes_of(model: type[Model]) -> dict[str, str]:
    """Return SQL for another value of each column that is no key."""
    changes = {}
    for field in model._meta.concrete_fields:
        column = f'"{field.column}"'
        if field.primary_key or isinstance(field, ForeignKey):
            continue
        if isinstance(field, BooleanField):
            changes[field.name] = f"NOT {column}"
        elif isinstance(field, CharField | TextField):
            changes[field.name] = "'draft'" if field.name == "status" else f"{column} || 'x'"
        elif isinstance(field, DateTimeField):
            changes[field.name] = "'2001-01-01 00:00:00+00'"
        elif isinstance(field, DateField):
            changes[field.name] = "'2001-01-01'"
        elif isinstance(field, JSONField):
            changes[field.name] = """'[7]'"""
        else:
            changes[field.name] = f"coalesce({column}, 0) + 1"
    return changes


@pytest.mark.parametrize("model", content_models(), ids=name_of)
def test_a_change_of_a_row_that_is_seen_raises_the_version(model: type[Model], world: dict[str, Any]) -> None:
    row = model._base_manager.order_by("pk").first()
    assert row is not None, "Add a row of the new model."
    table, private = model._meta.db_table, getattr(model, "private_columns", {})
    assert raised_by(f'DELETE FROM "{table}" WHERE id = %s', [row.pk])
    for name, value in changes_of(model).items():
        column = model._meta.get_field(name).column
        raised = raised_by(f'UPDATE "{table}" SET "{column}" = {value} WHERE id = %s', [row.pk])
        assert raised is (name not in private), name


@pytest.mark.parametrize("model", ROWS, ids=name_of)
def test_a_change_of_a_row_that_is_hidden_does_not(model: type[Model], world: dict[str, Any]) -> None:
    """Hidden by its own status, or by one of the rows it belongs to."""
    row = model._base_manager.order_by("pk").first()
    for hide in ways_to_hide(model, row):
        with transaction.atomic():
            hide()
            assert not raised_by(f'DELETE FROM "{model._meta.db_table}" WHERE id = %s', [row.pk])
            for name, value in changes_of(model).items():
                if name in ("published_at", "status"):
                    continue
                sql = f'UPDATE "{model._meta.db_table}" SET "{name}" = {value} WHERE id = %s'
                assert not raised_by(sql, [row.pk]) or refused(sql, row.pk), name
            transaction.set_rollback(True)


def refused(sql: str, key: int) -> bool:
    """Return whether a constraint forbids the write."""
    try:
        with transaction.atomic():
            connection.cursor().execute(sql, [key])
            transaction.set_rollback(True)
    except (IntegrityError, DataError):
        return True
    return False


def ways_to_hide(model: type[Model], row: Any) -> list[Callable[[], object]]:
    """Return functions that hide a row: by its own status, and by that of each row it belongs to."""
    if issubclass(model, Record):
        return [lambda: model._base_manager.filter(pk=row.pk).update(status="draft", published_at=None)]
    ways: list[Callable[[], object]] = []
    if any(field.name == "status" for field in model._meta.concrete_fields):
        ways.append(lambda: model._base_manager.filter(pk=row.pk).update(status="draft"))
    for field in model._meta.concrete_fields:
        owner: Any = field.related_model
        parents = getattr(model, "public_parents", ())
        if isinstance(field, ForeignKey) and (model._meta.auto_created or field.name in parents):
            key = getattr(row, field.attname)
            if key is not None:
                ways += ways_to_hide(owner, owner._base_manager.get(pk=key))
    assert ways
    return ways


def test_a_write_that_leaves_all_as_it_was_is_no_change(world: dict[str, Any]) -> None:
    before = content_version()
    Person.objects.update(sort_key=F("sort_key"))
    Source.objects.filter(pk=world["source"].pk).update(text="Kept for curators.")
    make.make_wording(world["statement"], "Unheard of.", nature="paraphrase", language="th", status="draft")
    make.make_name(world["person"], "Unheard-of", "en", status="draft")
    assert content_version() == before
    Source.objects.filter(pk=world["source"].pk).update(licence="CC0", text_is_public=True)
    before = content_version()
    Source.objects.filter(pk=world["source"].pk).update(text="Shown to all.")
    assert content_version() > before


def test_many_rows_are_compared_as_few(world: dict[str, Any]) -> None:
    Person.objects.bulk_create([Person(slug=f"p-{n}", status="draft") for n in range(600)])
    before = content_version()
    Person.objects.filter(slug__startswith="p-").update(sort_key="z")
    Person.objects.filter(slug__startswith="p-").delete()
    assert content_version() == before


def test_a_draft_with_the_former_id_of_another_hides_nothing(world: dict[str, Any], client: Client) -> None:
    """A form refuses such an id, SQL does not."""
    before = client.get("/api/v1/redirects/").json()["results"]
    assert [row["former_id"] for row in before if row["kind"] == "person"] == ["former-person"]
    Person.objects.bulk_create([Person(slug="former-person", status="draft")])
    assert client.get("/api/v1/redirects/").json()["results"] == before
    assert client.get("/people/former-person/").status_code == 301
    assert Person.objects.by_former_ids(["former-person"]) == {"former-person": world["person"]}
