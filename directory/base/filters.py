"""The one filter system: every list page, API list, feed and export of a kind uses the same FilterSet.

A filter by one value has a twin for a list of them (`kind` and `kind__in`); BaseFilter makes it. No filter goes through a join:
links are selected by themselves (`Links`), so that a draft link finds nothing and no row is found twice.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache, reduce
from operator import or_
from typing import Any

import django_filters
from django import forms
from django.core.validators import RegexValidator
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .filter_fields import ListField, MomentField, QueryField, RecordField, WholeNumberField
from .search import found as matches

LIST_LENGTH = 7000  # characters of a list: what an address can hold
IN = "__in"
EMPTY: tuple[Any, ...] = (None, "", [])


class Links:
    """Rows that join the rows of a list with something else: participations, names, wordings, cited passages.

    `rows` returns those that a reader may see, `of` names their column that leads to the row of the list. Filters that share
    one object of this class speak of one and the same link: `participant=a&role=speaker` is where that person spoke.
    """

    def __init__(self, rows: Callable[[], QuerySet[Any]], of: str) -> None:
        self.rows, self.of = rows, of

    def __deepcopy__(self, memo: Any) -> Links:
        """Stay the same object in every copy of a filter."""
        return self

    def kept(self, queryset: QuerySet[Any], condition: Q) -> QuerySet[Any]:
        """Return the rows of the list that have a link for which the condition holds."""
        return queryset.filter(pk__in=self.rows().filter(condition).values(self.of))


def firm(model: Any, of: str) -> Links:
    """Return the public links of this model that were not rejected."""
    return Links(lambda: model.objects.firm(), of)


def public(model: Any, of: str) -> Links:
    """Return the public rows of this model."""
    return Links(lambda: model.objects.filter(model.published_q()), of)


def reverse(model: Any, relation: str) -> Links:
    """Return the firm links behind a reverse relation: so a filter reaches an app above its own by name alone."""
    field = model._meta.get_field(relation)
    return firm(field.related_model, field.remote_field.name)


def pairs(relation: Any) -> Links:
    """Return the rows of a many-to-many relation (`Statement.topics`)."""
    field, through = relation.field, relation.through
    return Links(lambda: through.objects.all(), field.m2m_field_name())


def citations(passages: Any, owner: str = "") -> Links:
    """Return the public passages that the rows of a list cite, or, by `owner`, that their firm facts cite."""
    field, through = passages.field, passages.through
    row = field.m2m_field_name()
    condition = field.related_model.published_q(f"{field.m2m_reverse_field_name()}__")
    if owner:
        condition &= field.model.published_q(f"{row}__") & ~Q(**{f"{row}__certainty": "rejected"})
    return Links(lambda: through.objects.filter(condition), f"{row}__{owner}" if owner else row)


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
        return reduce(or_, (Q(**{f"{column}__in": [record.pk for record in value]}) for column in self.columns))


class AnyRecordFilter(Exact):
    """Rows that are linked with this record, of whichever of several kinds it is."""

    field_class = RecordField

    def __init__(self, *ways: tuple[Any, Links, str], **kwargs: Any) -> None:
        self.ways = ways
        super().__init__(facet=False, **{"models": tuple(model for model, _links, _column in ways), **kwargs})

    def condition(self, value: list[Any]) -> Q:
        """Return the condition on the row."""
        condition = Q()
        for model, links, column in self.ways:
            if ids := [record.pk for record in value if isinstance(record, model)]:
                condition |= Q(pk__in=links.rows().filter(**{f"{column}__in": ids}).values(links.of))
        return condition


class QueryFilter(django_filters.Filter):
    """Rows whose folded text holds every word."""

    field_class = QueryField

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        """Keep the rows that match."""
        return matches(qs, value) if value else qs


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
        for name, value in self.form.cleaned_data.items():
            used = self.filters[name]
            if name not in without and getattr(used, "links", None) not in shared:
                queryset = used.filter(queryset, value)
        for by, condition in shared.items():
            if by is not links:
                queryset = by.kept(queryset, condition)
        return queryset

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


# What a list can be sorted by, upwards and downwards.
ORDERINGS: dict[str, Any] = {
    "name": (_("Name"), _("Name, from the end")),
    "title": (_("Title"), _("Title, from the end")),
    "date": (_("Date, oldest first"), _("Date, newest first")),
    "position": (_("Place in the source"), _("Place in the source, from the end")),
    "updated": (_("Change, oldest first"), _("Change, newest first")),
}


def ordering(**fields: str) -> django_filters.OrderingFilter:
    """Return the ordering filter: public name -> column. Every ordering of a list ends in a unique column."""
    return StableOrdering(fields=[(column, name) for name, column in fields.items()], label=_("Sort"))


class StableOrdering(django_filters.OrderingFilter):
    """Orders by the chosen column, then by id, so that two pages never show the same row."""

    def build_choices(self, fields: Any, labels: Any) -> list[tuple[str, Any]]:
        """Name each order in the reader's language; django-filter would name it once, when the program starts."""
        return [(f"{sign}{name}", ORDERINGS[name][sign == "-"]) for name in fields.values() for sign in ("", "-")]

    def filter(self, qs: QuerySet[Any], value: list[str] | None) -> QuerySet[Any]:
        """Order the rows, empty values last on both databases; without a choice they keep the order of their kind.

        The id follows the direction of the last column, so that one index serves both.
        """
        columns = [str(self.get_ordering_value(choice)) for choice in value or () if choice]
        if not columns:
            return qs
        last = "-pk" if columns[-1].startswith("-") else "pk"
        return qs.order_by(*[_order(qs.model, column) for column in columns], last)


def _order(model: type[Model], column: str) -> Any:
    """Return an order with empty values last; it is not asked for where there are none, as then no index serves."""
    name = column.removeprefix("-")
    nulls = {"nulls_last": True} if model._meta.get_field(name).null else {}
    return F(name).desc(**nulls) if column != name else F(name).asc(**nulls)
