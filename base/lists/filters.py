"""The one filter system: every list page, API list, feed and export of a kind uses the same FilterSet.

A filter by one value has a twin for a list of them (`kind` and `kind__in`); BaseFilter makes it. No filter goes through a join:
links are selected by themselves (`Links`), so that a draft link finds nothing and no row is found twice. A filter that no index
serves in the order of the list says so by a `Pick` (`picking.py`); those in use are decided together, by one query.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, partial, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, In, LessThan
from django.utils.translation import gettext_lazy as _

from base.lists import search
from base.lists.filter_fields import ListField, MomentField, QueryField, RecordField, WholeNumberField
from base.lists.list_index import Under
from base.lists.relations import Links
from base.sql.lookup_or_scan import LookupOrScan, picked, unindexed

LIST_LENGTH = 7000  # characters of a list: what an address can hold
IN = "__in"
EMPTY: tuple[Any, ...] = (None, "", [])


# Filters: what a value selects ------------------------------------------------------------------------------------------
class Exact(django_filters.Filter):
    """Rows that have this value in one of the columns; with `links`, rows that have a link with it."""

    many = False
    single: Exact | None = None  # of a filter by a list: the one by one value

    def __init__(
        self, *columns: str, links: Links | None = None, facet: bool = True, example: str = "", **kwargs: Any
    ) -> None:
        self.columns, self.links, self.example = columns, links, example
        self.facet = facet and len(columns) == 1
        super().__init__(field_name=columns[0] if columns else None, **kwargs)

    @property
    def is_fixed(self) -> bool:
        """Whether the condition is the same for every value, but for a parameter."""
        return not self.many and not self.links and len(self.columns) == 1

    def told(self, value: Any) -> Any:
        """Return that parameter."""
        return value

    def at(self, told: Any) -> Q:
        """Return that condition; `told` is the parameter, or where it goes."""
        return Q(**{self.columns[0]: told})

    def under(self, value: Any) -> Under | None:
        """Return the heading whose list this value asks for; None if it asks for another list."""
        return self.links.under(value) if self.links else None

    def condition(self, value: Any) -> Q:
        """Return the condition on the row, or on the link."""
        lookup = IN if self.many else ""
        return reduce(or_, (Q(**{f"{column}{lookup}": value}) for column in self.columns))

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Keep the rows that have the value."""
        if value in EMPTY:
            return qs
        condition = self.condition(value)
        return self.links.kept(qs, condition) if self.links else qs.filter(condition)

    def pick(self, rows: QuerySet[Any], value: Any) -> LookupOrScan | None:
        """Return the condition on the row for few and for many; None where an index serves it in the order of the list.

        That is so with one value of one column. Several values, or columns, are several stretches of an index.
        """
        if self.columns == ("pk",) or (len(self.columns) == 1 and not (isinstance(value, list) and len(value) > 1)):
            return None
        values = self.values(value)
        keys = [rows.filter(**{f"{column}{IN}": values}).values_list("pk") for column in self.columns]
        return LookupOrScan(reduce(or_, (Q(In(unindexed(column), values)) for column in self.columns)), keys)

    def values(self, value: Any) -> list[Any]:
        """Return what stands in the columns."""
        return value if isinstance(value, list) else [value]

    def twin(self) -> Exact | None:
        """Return the filter by a list of such values."""
        twin = copy.copy(self)
        twin.many, twin.facet, twin.field_class, twin.single = True, False, ListField, self
        twin.extra = {"one": self.field_class(**self.extra), "required": False, "max_length": LIST_LENGTH}
        return twin


class ChoiceFilter(Exact):
    """Rows with this value of a fixed list."""

    field_class = forms.ChoiceField


class TextFilter(Exact):
    """Rows with exactly this text."""

    field_class = forms.CharField

    def __init__(self, *columns: str, max_length: int, **kwargs: Any) -> None:
        super().__init__(*columns, max_length=max_length, **kwargs)


class LanguageFilter(TextFilter):
    """Rows, or links, in this language."""

    def __init__(self, column: str = "language", **kwargs: Any) -> None:
        tag = RegexValidator(r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*\Z", _("A language is a BCP 47 tag: th, vi, en …"))
        kwargs = {"max_length": 35, "validators": [tag], "label": _("Language"), "example": "th", **kwargs}
        super().__init__(column, **kwargs)


class WholeNumberFilter(Exact):
    """Rows with this whole number."""

    field_class = WholeNumberField


class RecordFilter(Exact):
    """Rows that have this record in one of the given relations (foreign keys), or a link to it."""

    field_class = RecordField

    def __init__(self, model: Any, *columns: str, **kwargs: Any) -> None:
        self.model_of_value = model
        super().__init__(*columns, **{"models": (model,), "example": model.sample, **kwargs})

    def told(self, value: list[Any]) -> int:
        """Return the key of the record."""
        (record,) = value
        return int(record.pk)

    def condition(self, value: list[Any]) -> Q:
        """Return the condition; one id is one record."""
        (lookup, sought) = ("", value[0].pk) if len(value) == 1 else (IN, self.values(value))
        return reduce(or_, (Q(**{f"{column}{lookup}": sought}) for column in self.columns))

    def values(self, value: Any) -> list[Any]:
        """Return the keys of the records."""
        return [record.pk for record in value]


class AnyRecordFilter(Exact):
    """Rows that are linked with this record, of whichever of several kinds it is."""

    field_class = RecordField

    def __init__(self, *ways: tuple[Any, Links, str], **kwargs: Any) -> None:
        self.ways = ways
        super().__init__(facet=False, **{"models": tuple(model for model, _links, _column in ways), **kwargs})

    def under(self, value: list[Any]) -> Under | None:
        """Return the heading of the record; None if records of several kinds have this id."""
        return next((links.under(value) for model, links, _column in self.ways if isinstance(value[0], model)), None)

    def filter(self, qs: QuerySet[Any], value: list[Any]) -> QuerySet[Any]:
        """Keep the rows that have a link."""
        return qs.filter(*picked(qs.db, [self.pick(qs, value)])) if value else qs

    def pick(self, rows: QuerySet[Any], value: list[Any]) -> LookupOrScan:
        """Return the condition that there is a link of one kind or another, for few and for many."""
        picks = [
            links.pick(Q(**{f"{column}{IN}": ids}))
            for model, links, column in self.ways
            if (ids := [record.pk for record in value if isinstance(record, model)])
        ]
        keys = [keys for pick in picks for keys in pick.keys]
        return LookupOrScan(
            reduce(or_, (Q(pick.walk) for pick in picks)), keys, exact=all(pick.exact for pick in picks)
        )


class QueryFilter(django_filters.Filter):
    """Rows whose folded text holds every word."""

    field_class = QueryField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the rows that match."""
        return search.found(qs, value) if value else qs

    def pick(self, rows: QuerySet[Any], value: str) -> LookupOrScan | None:
        """Return the condition for few and for many; None where names are looked for, of which there is an end."""
        return search.pick(rows, value) if search.picks(rows.model, value) else None


class DayFilter(django_filters.DateFilter):
    """Rows on one side of a day, written YYYY-MM-DD and in no other way. `condition` makes the condition of the day."""

    def __init__(self, condition: Callable[[datetime.date], Q], **kwargs: Any) -> None:
        self.condition = condition
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def filter(self, qs: QuerySet[Any], value: datetime.date | None) -> QuerySet[Any]:
        """Keep the rows on this side."""
        return qs if value is None else qs.filter(self.condition(value))


def may_be_after(day: datetime.date) -> Q:
    """Return the condition that a date can mean this day or a later one. An end that is open lies behind every day."""
    return Q(date_latest__gte=day) | Q(date_latest__isnull=True, date_earliest__isnull=False)


def may_be_before(day: datetime.date) -> Q:
    """Return the condition that a date can mean this day or an earlier one."""
    return Q(date_earliest__lte=day) | Q(date_earliest__isnull=True, date_latest__isnull=False)


class MomentFilter(django_filters.Filter):
    """Rows that were changed on one side of a moment."""

    field_class = MomentField

    def pick(self, rows: QuerySet[Any], value: datetime.datetime) -> LookupOrScan | None:
        """Return the condition for few and for many; None in the order of the changes, which the index has."""
        ordered = self.parent.form.cleaned_data.get("ordering") or [""]
        if not rows.model.endless or ordered[0].removeprefix("-") == self.field_name:
            return None
        lookup = GreaterThanOrEqual if self.lookup_expr == "gte" else LessThan
        keys = rows.filter(**{f"{self.field_name}__{self.lookup_expr}": value}).values_list("pk")
        return LookupOrScan(lookup(unindexed(self.field_name), value), [keys])


class OwnIdFilter(RecordFilter):
    """The rows themselves, by their public ids."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, "pk", facet=False, label=_("Id"))


class BaseFilter(django_filters.FilterSet):
    """What every kind of record can be filtered by."""

    base_filters: dict[str, Any]
    q = QueryFilter(label=_("Search"))
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte", label=_("Changed since"))
    updated_before = MomentFilter(field_name="updated_at", lookup_expr="lt", label=_("Changed before"))

    def __init__(self, data: Mapping[str, Any] | None = None, *args: Any, **kwargs: Any) -> None:
        # Forty filters cost more to copy and to check than a page to find: only those in use are made.
        wanted = {"ordering", *(data or ())}
        every = type(self).base_filters
        self.base_filters = {name: every[name] for name in every if name in wanted}
        self._decided: dict[Any, Any] = {}
        super().__init__(data, *args, **kwargs)

    def get_form_class(self) -> type[forms.Form]:
        """Return the form of the filters in use. It is made once for each set of them."""
        return form_of(type(self), tuple(self.base_filters))  # type: ignore[arg-type]  # classes have a hash

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        """Return the declared filters, each by one value with its twin by a list."""
        declared = super().get_filters()
        if cls._meta.model is None:
            return declared
        every: dict[str, django_filters.Filter] = {"q": declared.pop("q"), "id": OwnIdFilter(cls._meta.model)}
        every |= declared
        return {
            name: found
            for first, one in every.items()
            for name, found in ((first, one), (first + IN, one.twin() if isinstance(one, Exact) else None))
            if found is not None
        }

    @classmethod
    def facet_names(cls) -> list[str]:
        """Return the filters whose values can be counted."""
        return [name for name, found in cls.base_filters.items() if isinstance(found, Exact) and found.facet]

    def filter_of(self, name: str) -> Any:
        """Return a filter, in use or not."""
        if name not in self.filters:
            made = copy.deepcopy(type(self).base_filters[name])
            made.model, made.parent = self.queryset.model, self
            return made
        return self.filters[name]

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows that all filters in use leave."""
        return self.narrowed(queryset)

    def narrowed(self, queryset: QuerySet[Any], without: Collection[str] = (), links: Links | None = None) -> Any:
        """Keep the rows that all filters in use leave, but those named in `without` and those by these links."""
        shared = self.by_links(without)
        own = {
            name: value
            for name, value in self.form.cleaned_data.items()
            if name not in without and value not in EMPTY and getattr(self.filters[name], "links", None) not in shared
        }
        wanted: dict[Any, Callable[[], LookupOrScan | None]] = {
            (by, condition): partial(by.pick, condition) for by, condition in shared.items() if by is not links
        }
        for name, value in own.items():
            if hasattr(self.filters[name], "pick"):
                wanted[name] = partial(self.filters[name].pick, self.every, value)
        decided = self.decided(wanted)
        for name, value in own.items():
            if decided.get(name) is None and not (name == "q" and self.bounded):
                queryset = self.filters[name].filter(queryset, value)
        queryset = queryset.filter(*[decided[key] for key in wanted if decided[key] is not None])
        return self._among_the_newest(queryset, without) if "q" in own and self.bounded else queryset

    @property
    def bounded(self) -> bool:
        """Whether the words are looked for in the newest rows alone, of those that the other filters leave."""
        return search.bounded(self.queryset.model, self.active.get("q", ""))

    @property
    def looked_through(self) -> int | None:
        """In how many of the newest rows the words were looked for; None if that were all."""
        return search.NEWEST if self.bounded else None

    def _among_the_newest(self, rows: QuerySet[Any], without: Collection[str]) -> QuerySet[Any]:
        """Keep the newest of these rows that match. Which ones they are is asked once for the same filters."""
        key = ("newest", *sorted(set(without) & self.active.keys()))
        if key not in self._decided:
            self._decided[key] = search.newest(rows)
        return rows.filter(self._decided[key], search.walk(self.active["q"]))

    @property
    def every(self) -> QuerySet[Any]:
        """All rows of the kind: keys are picked out of them, whatever else the list is narrowed by."""
        return self.queryset.model._base_manager.using(self.queryset.db)

    def decided(self, wanted: Mapping[Any, Callable[[], LookupOrScan | None]]) -> dict[Any, Any]:
        """Return the forms of these conditions that serve them best, None for those that are no pick. At most one query.

        What was decided once holds for the list, its facets and its count.
        """
        new = {key: make() for key, make in wanted.items() if key not in self._decided}
        picks = {key: pick for key, pick in new.items() if pick is not None}
        forms = picked(self.queryset.db, list(picks.values()))
        self._decided |= dict.fromkeys(new) | dict(zip(picks, forms, strict=True))
        return self._decided

    def by_links(self, without: Collection[str] = ()) -> dict[Links, Q]:
        """Return the conditions of the filters in use that one link has to meet together."""
        shared: dict[Links, Q] = {}
        for name, value in self.form.cleaned_data.items():
            used = self.filters[name]
            if isinstance(used, Exact) and used.links and value not in EMPTY and name not in without:
                shared[used.links] = shared.get(used.links, Q()) & used.condition(value)
        return shared

    def told(self) -> dict[str, Any] | None:
        """Return the parameters of the filters in use, which are valid; None if one is not fixed, or the order is chosen."""
        found = {}
        for name, value in self.form.cleaned_data.items():
            used = self.filters[name]
            if value in EMPTY:
                continue
            if not (isinstance(used, Exact) and used.is_fixed):
                return None
            found[name] = used.told(value)
        return found

    def under(self, without: Collection[str] = ()) -> Under | None:
        """Return the heading that the only filter in use asks for, but those named; None if the order is chosen."""
        self.form.is_valid()
        used = {
            name: value for name, value in self.form.cleaned_data.items() if name not in without and value not in EMPTY
        }
        found = [
            self.filters[name].under(value) for name, value in used.items() if isinstance(self.filters[name], Exact)
        ]
        return found[0] if found and len(used) == 1 else None

    @property
    def active(self) -> dict[str, Any]:
        """The filters in use that are valid, name -> cleaned value; ordering and empty ones left out."""
        self.form.is_valid()  # what is wrong is left out; the rest is in use all the same
        values = getattr(self.form, "cleaned_data", {})
        return {name: value for name, value in values.items() if name != "ordering" and value not in EMPTY}


@lru_cache(maxsize=512)
def form_of(filterset: type[BaseFilter], names: tuple[str, ...]) -> type[forms.Form]:
    """Return the form of these filters. To make a class takes longer than to check a value."""
    fields = {name: copy.deepcopy(filterset.base_filters[name]).field for name in names}
    return type(f"{filterset.__name__}Form", (filterset._meta.form,), fields)
