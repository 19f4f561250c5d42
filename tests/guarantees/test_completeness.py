"""Every model has its parts: an admin, a filter, search, an API and a page, or a written reason why not."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from base.lists.filters import BaseFilter
from base.records.publishing import Publishable
from base.records.records import FormerId, Record

PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable)]
RECORDS = [model for model in PUBLISHABLE if issubclass(model, Record)]
# Facts have no page, filter or search of their own: they are shown, found and served with the records they belong to.


def filtersets() -> dict[type, type[BaseFilter]]:
    """Return the filter of each kind of record."""
    reverse("home")  # loads the addresses, and with them the views and their filters
    return {subclass.Meta.model: subclass for subclass in BaseFilter.__subclasses__()}


def address_of(route: str, model: type[Record], *args: str) -> str:
    """Return the address of a page or an answer."""
    try:
        return reverse(route, args=args)
    except NoReverseMatch:
        file = "config/api.py" if route.startswith("api:") else "urls.py of its app"
        pytest.fail(f"{model.__name__} has no address “{route}”: add its view in {file}.")


@pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model.__name__)
def test_every_model_is_curated(model: type) -> None:
    assert model in admin.site._registry, f"Register an admin of {model.__name__} in the admin/ of its app."


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_has_its_parts(model: type[Record]) -> None:
    name = model.__name__
    assert model in filtersets(), f"Write a filter of {name}, a subclass of BaseFilter, in filters.py of its app."
    assert "q" in filtersets()[model].base_filters, f"The filter of {name} has no `q`: lists are searched by it."
    assert model._meta.get_field("search"), (
        f"{name} has no column `search`: be a NamedRecord, or fill one as Statement does."
    )
    for route in (f"{model.kind}-list", f"api:{model.kind}-list"):
        assert address_of(route, model).endswith(f"/{model.plural}/"), route
    for route in (f"{model.kind}-detail", f"api:{model.kind}-detail"):
        assert address_of(route, model, "some-id").endswith(f"/{model.plural}/some-id/"), route
    former = model._meta.get_field("former_ids").related_model
    assert issubclass(former, FormerId), (
        f"Write a FormerId of {name}, with related_name “former_ids”, beside the model."
    )
    assert model.history, f"{name} keeps no history: give it history(), from base.records.history."


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


def test_a_kind_without_parts_would_be_noticed() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("api:nothing-list")
