"""The one filter system: list page, API list, feed and export of a kind all use the same FilterSet."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from functools import lru_cache

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from base.lists import search
from base.lists.conditions import FilterConditions
from base.lists.filters import EMPTY, IN, CleanedValue, MomentFilter, OwnIdFilter, QueryFilter, ValueFilter
from base.records.records import Record


class BaseFilterSet(django_filters.FilterSet):
    """What every kind of record can be filtered by."""

    base_filters: dict[str, django_filters.Filter]
    q = QueryFilter(label=_("Search"))
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))
    updated_before = MomentFilter(field_name="updated_at", lookup_expr="lt", label=_("Changed before"))

    def __init__(self, data: Mapping[str, str] | None = None, *args: object, **kwargs: object) -> None:
        # To copy and check all forty filters takes longer than to find a page, so only those in use are made.
        wanted = {"ordering", *(data or ())}
        every = type(self).base_filters
        self.base_filters = {name: every[name] for name in every if name in wanted}
        self.conditions = FilterConditions(self)
        super().__init__(data, *args, **kwargs)

    # Declaration ----------------------------------------------------------------------------------------------------------
    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Return the declared filters, each by one value with its twin by a list."""
        declared = super().get_filters()
        if cls._meta.model is None:
            return declared
        every: dict[str, django_filters.Filter] = {
            "q": declared.pop("q"),
            "id": OwnIdFilter(cls._meta.model),
            **declared,
        }
        filters: dict[str, django_filters.Filter] = {}
        for name, one in every.items():
            filters[name] = one
            if isinstance(one, ValueFilter) and (twin := one.twin()) is not None:
                filters[name + IN] = twin
        return filters

    @classmethod
    def facet_names(cls) -> list[str]:
        """Return the filters whose values can be counted."""
        return [name for name, one in cls.base_filters.items() if isinstance(one, ValueFilter) and one.facet]

    def get_form_class(self) -> type[forms.Form]:
        """Return the form of the filters in use. It is made once for each set of them."""
        return form_of(type(self), tuple(self.base_filters))  # type: ignore[arg-type]  # classes have a hash

    def filter_of(self, name: str) -> django_filters.Filter:
        """Return a filter by its name, whether it is in use or not."""
        if name not in self.filters:
            unused = copy.deepcopy(type(self).base_filters[name])
            unused.model, unused.parent = self.queryset.model, self
            return unused
        return self.filters[name]

    # Values ---------------------------------------------------------------------------------------------------------------
    def in_use(self, without: Collection[str] = ()) -> dict[str, CleanedValue]:
        """Return the filters in use whose values are valid, name -> cleaned value, but those named in `without`.

        A chosen order is among them, as `ordering`.
        """
        self.form.is_valid()
        values: dict[str, CleanedValue] = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in values.items() if name not in without and value not in EMPTY}

    @property
    def active(self) -> dict[str, CleanedValue]:
        """The filters in use whose values are valid, name -> cleaned value, without the order."""
        return self.in_use(("ordering",))

    def parameters(self) -> dict[str, object] | None:
        """Return name -> parameter of the filters in use; None if one of them is not parameterised, or an order is chosen."""
        parameters = {}
        for name, value in self.in_use().items():
            used = self.filters[name]
            if not (isinstance(used, ValueFilter) and used.is_parameterised):
                return None
            parameters[name] = used.parameter(value)
        return parameters

    # Rows -----------------------------------------------------------------------------------------------------------------
    def filter_queryset(self, queryset: QuerySet[Record]) -> QuerySet[Record]:
        """Return the rows that all filters in use leave, in the chosen order (django-filter's name for `narrow`)."""
        return self.narrow(queryset)

    def narrow(self, queryset: QuerySet[Record], without: Collection[str] = ()) -> QuerySet[Record]:
        """Return the rows that all filters in use leave, but those named in `without`."""
        return self.conditions.narrow(queryset, without)

    @property
    def looked_through(self) -> int | None:
        """In how many of the newest rows the words were looked for; None if in all."""
        return search.NEWEST if self.conditions.newest_only else None


@lru_cache(maxsize=512)
def form_of(filterset: type[BaseFilterSet], names: tuple[str, ...]) -> type[forms.Form]:
    """Return the form of these filters. It is kept: to make a class takes longer than to check a value."""
    fields = {name: copy.deepcopy(filterset.base_filters[name]).field for name in names}
    return type(f"{filterset.__name__}Form", (filterset._meta.form,), fields)
