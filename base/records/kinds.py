"""The kinds of record: each is declared once, on its model, and whatever lists kinds takes them from here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from types import ModuleType
from typing import TYPE_CHECKING, Literal, TypeVar

from django.apps import apps

if TYPE_CHECKING:
    from base.records.records import Record

T = TypeVar("T")
Listing = Literal["api", "data", "fixture", "menu", "search", "network"]


@dataclass(frozen=True)
class Listings:
    """Where a kind of record is listed among the others: lower numbers come first, None is not listed.

    Numbers leave gaps (10, 20, …), so that a new kind finds a place between two others.
    """

    api: int  # lists of the API, exports, OpenAPI file
    data: int  # page of data, sitemap
    fixture: int  # files of dump_fixtures: behind every kind that its rows point at
    menu: int | None = None  # main menu, numbers on the home page
    search: int | None = None  # groups of results, suggestions
    network: int | None = None  # picture of the network; a link is listed under the end whose kind comes first


@cache
def kinds(listing: Listing = "api") -> tuple[type[Record], ...]:
    """Return the models of the kinds of record that a listing has, in its order.

    A new kind is a new subclass of `Record` that declares its `listings`. Raises AppRegistryNotReady while models load.
    """
    from base.records.records import Record

    models = [model for model in apps.get_models() if issubclass(model, Record) and hasattr(model, "listings")]
    places = [(getattr(model.listings, listing), model) for model in models]
    listed = [(place, model) for place, model in places if place is not None]
    return tuple(model for _place, model in sorted(listed, key=itemgetter(0)))


def by_kind(base: type[T], modules: Iterable[ModuleType]) -> dict[type[Record], type[T]]:
    """Return the subclasses of `base` that these modules define for a kind of record, by its model.

    What a kind needs above its model (a viewset, a CSV) names the model in its attribute `model`.
    """
    members = [member for module in modules for member in vars(module).values()]
    classes = [member for member in members if isinstance(member, type) and issubclass(member, base)]
    models = [getattr(each, "model", None) for each in classes]
    return {model: each for model, each in zip(models, classes, strict=True) if model is not None}
