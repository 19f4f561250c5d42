"""Every model has its parts: an admin, a filter, search, an API and a page, or a written reason why not."""

from pathlib import Path
from typing import get_args

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from base.documents.plan import shape_of
from base.lists.filterset import BaseFilterSet
from base.records.kinds import Listing, kinds
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId
from config.admin import GROUPS
from config.api import TABLES, VIEWSETS
from directory.api import reconcile as directory_entities
from directory.models import Person
from events.api import reconcile as event_entities

ROOT = Path(settings.BASE_DIR)

PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable)]
RECORDS = [model for model in PUBLISHABLE if issubclass(model, Record)]
# Facts have no page, filter or search of their own: they are shown, found and served with the records they belong to.


def filtersets() -> dict[type, type[BaseFilterSet]]:
    """Return the filter of each kind of record."""
    reverse("home")  # loads the addresses, and with them the views and their filters
    return {subclass.Meta.model: subclass for subclass in BaseFilterSet.__subclasses__()}


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_every_model_is_curated(model: type) -> None:
    assert model in admin.site._registry, f"Register an admin of {model.__name__} in the admin/ of its app."


def answers(name: str, path: str, *args: str) -> bool:
    """Return whether there is an address of this name, and it ends so."""
    try:
        return reverse(name, args=args).endswith(path)
    except NoReverseMatch:
        return False


# Kinds that the reconciliation service does not know, and why.
NOT_RECONCILED = {
    "source": "it is found by its title, and nobody has a table of our sources",
    "statement": "it has no name",
    "topic": "topics are words of the editors",
}


def missing_parts(model: type[Record]) -> list[str]:
    """Return what a kind of record still needs, each with the place to add it, in the order of docs/extending.md."""
    app, name, kind, plural = model._meta.app_label, model.__name__, model.kind, model.plural
    filterset = filtersets().get(model)
    address = f"/{plural}/some-id/"
    entities = {entity.model for entity in (*directory_entities.KINDS, *event_entities.KINDS)}
    marks = {
        "templates/network/_mark.html": f'kind == "{kind}"',
        "static/css/network.css": f".{kind}",
    }
    parts = {
        f"{app}/models: `listings = Listings(api=…, data=…, fixture=…)` on {name}": hasattr(model, "listings"),
        f"{app}/models: `admin_group` on {name}, one of config/admin.py": model.admin_group in GROUPS,
        f"{app}/models: `counted` on {name}, its number in words": hasattr(model, "counted"),
        f"{app}/models: a column `search` on {name}": has_field(model, "search"),
        f"{app}/models: {name}FormerId(FormerId), whose `record` has related_name `former_ids`": has_former_ids(model),
        f"{app}/models: `history` on {name}": hasattr(model, "history"),
        f"{app}/admin: an admin of {name}": model in admin.site._registry,
        f"{app}/filters.py: {name}Filter(BaseFilter) with the search `q`": filterset is not None
        and "q" in filterset.base_filters,
        f"{app}/api/serializers: {name}Serializer, registered": has_shape(model),
        f"{app}/api/views.py: {name}ViewSet(RecordViewSet) with `model = {name}`": model in VIEWSETS
        and answers(f"api:{kind}-list", f"/{plural}/")
        and answers(f"api:{kind}-detail", address, "some-id"),
        f"{app}/api/views.py: `tag_description` of {name}ViewSet": hasattr(VIEWSETS.get(model), "tag_description"),
        f"{app}/exports.py: a CsvTable of {name}": model in TABLES,
        f"{app}/api/reconcile.py: an EntityKind in KINDS, or a reason in NOT_RECONCILED here": (model in entities)
        != (kind in NOT_RECONCILED),
        f"{app}/urls.py: {kind}-list at {plural}/ and {kind}-csv": answers(f"{kind}-list", f"/{plural}/")
        and answers(f"{kind}-csv", f"/{plural}.csv"),
        f"{app}/urls.py: {kind}-detail at {plural}/<str:slug>/": answers(f"{kind}-detail", address, "some-id"),
        f"{app}/models: `letter` on {name}, as it is in the network": bool(model.letter)
        or model not in kinds("network"),
        f"templates/network/_mark.html and static/css/network.css: mark and colour of a {kind}": all(
            mark in (ROOT / file).read_text() for file, mark in marks.items()
        )
        or model not in kinds("network"),
    }
    return [part for part, there in parts.items() if not there]


def has_field(model: type[Record], name: str) -> bool:
    """Return whether a model has a field or a relation of this name."""
    return any(field.name == name for field in model._meta.get_fields())


def has_former_ids(model: type[Record]) -> bool:
    """Return whether the former ids of records of this kind are kept."""
    return has_field(model, "former_ids") and issubclass(model._meta.get_field("former_ids").related_model, FormerId)


def has_shape(model: type[Record]) -> bool:
    """Return whether it is known what the API says of records of this kind."""
    try:
        return bool(shape_of(model))
    except KeyError:
        return False


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_kind_of_record_has_its_parts(model: type[Record]) -> None:
    missing = missing_parts(model)
    assert not missing, f"To have {model.kind} complete, add:\n" + "\n".join(missing)


@pytest.mark.parametrize("listing", get_args(Listing))
def test_every_listing_takes_its_kinds_from_the_models(listing: Listing) -> None:
    listed = kinds(listing)
    places = [getattr(model.listings, listing) for model in listed]
    assert len(set(places)) == len(places), (
        f"Two kinds have the same place in `{listing}`; see `listings` on the models."
    )
    assert set(listed) <= set(RECORDS)
    if listing in ("api", "data", "fixture"):
        assert set(listed) == set(RECORDS)


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_every_change_is_kept(model: type[Publishable]) -> None:
    tracked = {field.name for field in model.history.model._meta.get_fields()}
    kept = {field.name for field in model._meta.local_fields if field.serialize and field.name != "text"}
    assert kept - tracked == set(), (
        f"Let history() of {model.__name__} keep these, or say serialize=False if they are derived."
    )
    manager = model.history.model
    for field in model._meta.local_many_to_many:
        assert hasattr(manager, field.name), (
            f"{model.__name__}.{field.name} has no history: name it in history(…) of the model"
        )


def test_a_kind_without_parts_would_be_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "plural", "persons")
    monkeypatch.setattr(Person, "admin_group", "")
    monkeypatch.setattr(Person, "letter", "")
    monkeypatch.delitem(TABLES, Person)
    missing = missing_parts(Person)
    assert [part.partition(":")[0] for part in missing] == [
        "directory/models",
        "directory/api/views.py",
        "directory/exports.py",
        "directory/urls.py",
        "directory/urls.py",
        "directory/models",
    ]
