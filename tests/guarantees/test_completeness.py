"""Every model has its parts: an admin, a filter, search, an API and a page, or a written reason why not."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from base.lists.filterset import BaseFilterSet
from base.records.publishing import Publishable
from base.records.records import FormerId, Record

PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable)]
RECORDS = [model for model in PUBLISHABLE if issubclass(model, Record)]
# Facts have no page, filter or search of their own: they are shown, found and served with the records they belong to.


def filtersets() -> dict[type, type[BaseFilterSet]]:
    """Return the filter of each kind of record."""
    reverse("home")  # loads the addresses, and with them the views and their filters
    return {subclass.Meta.model: subclass for subclass in BaseFilterSet.__subclasses__()}


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_every_model_is_curated(model: type) -> None:
    assert model in admin.site._registry


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_has_its_parts(model: type[Record]) -> None:
    assert model in filtersets()
    assert "q" in filtersets()[model].base_filters
    assert model._meta.get_field("search")
    for name in (f"{model.kind}-list", f"api:{model.kind}-list"):
        assert reverse(name).endswith(f"/{model.plural}/")
    for name in (f"{model.kind}-detail", f"api:{model.kind}-detail"):
        assert reverse(name, args=["some-id"]).endswith(f"/{model.plural}/some-id/")
    former = model._meta.get_field("former_ids").related_model
    assert issubclass(former, FormerId)
    assert model.history


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_every_change_is_kept(model: type[Publishable]) -> None:
    tracked = {field.name for field in model.history.model._meta.get_fields()}
    kept = {field.name for field in model._meta.local_fields if field.serialize and field.name != "text"}
    assert kept - tracked == set()
    manager = model.history.model
    for field in model._meta.local_many_to_many:
        assert hasattr(manager, field.name), f"{model.__name__}.{field.name} has no history"


def test_a_kind_without_parts_would_be_noticed() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("api:nothing-list")
