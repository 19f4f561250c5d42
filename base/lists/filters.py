"""The filters of lists: what a value selects. A filter is declared in one line of the FilterSet of its kind (`filterset.py`).

A filter by one value has a twin for a list of them (`kind` and `kind__in`), which the FilterSet makes. No filter goes through
a join: links are selected by themselves (`Links`), so that a draft link finds nothing and no row is found twice. A filter that
no index serves in the order of the list says how its rows are looked up, and how they are scanned.
"""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, In, LessThan
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.lists import search
from base.lists.filter_fields import ListField, MomentField, QueryField, RecordField, WholeNumberField
from base.lists.relations import Links
from base.records.records import Record
from base.sql.lookup_or_scan import LookupOrScan, choose_conditions, unindexed
from base.text.language_tags import LONGEST_TAG, LanguageFormField, is_language, validate_language

LIST_LENGTH = 7000  # characters of a list: what an address can hold
IN = "__in"
# What the form field of a filter makes of a parameter: a text, number, date or record, or a list of them.
CleanedValue: TypeAlias = Any
EMPTY: tuple[object, ...] = (None, "", [])


class LookupOrScanFilter(django_filters.Filter):
    """A filter that may say how its rows are looked up and how they are scanned; the FilterSet chooses for all of them at once."""

    def lookup_or_scan(self, rows: QuerySet[Record], value: CleanedValue) -> LookupOrScan | None:
        """Return the condition for `rows`, all of the kind; None if an index serves it in the order of the list."""
        raise NotImplementedError


class ValueFilter(LookupOrScanFilter):
    """Rows that have this value in one of the columns; with `links`, rows that have a link with it."""

    many = False
    missing: str | Promise = ""  # what its facet calls rows without a value; empty if it does not count them
    single: ValueFilter | None = None  # of a filter by a list: the one by one value

    def __init__(
        self, *columns: str, links: Links | None = None, facet: bool = True, example: str = "", **kwargs: Any
    ) -> None:
        self.columns, self.links, self.example = columns, links, example
        self.facet = facet and len(columns) == 1
        super().__init__(field_name=columns[0] if columns else None, **kwargs)

    @property
    def is_parameterised(self) -> bool:
        """Whether the SQL of the condition is the same for every value, but for one parameter."""
        return not self.many and not self.links and len(self.columns) == 1

    def parameter(self, value: CleanedValue) -> object:
        """Return the value of the parameter, if the filter is parameterised."""
        return value

    def parameterised_condition(self, parameter: object) -> Q:
        """Return the condition, if the filter is parameterised. `parameter` is its value, or a Parameter of a prepared query."""
        return Q(**{self.columns[0]: parameter})

    def link_with(self, value: CleanedValue) -> tuple[str, int] | None:
        """Return the many-to-many field and the key of a record, if the value asks for rows so linked with it and nothing else."""
        return None

    def condition(self, value: CleanedValue) -> Q:
        """Return the condition on the row, or on the link."""
        lookup = IN if self.many else ""
        return reduce(or_, (Q(**{f"{column}{lookup}": value}) for column in self.columns))

    def filter(self, qs: QuerySet[Record], value: CleanedValue) -> QuerySet[Record]:
        """Return the rows that have the value."""
        if value in EMPTY:
            return qs
        condition = self.condition(value)
        return self.links.narrow(qs, condition) if self.links else qs.filter(condition)

    def lookup_or_scan(self, rows: QuerySet[Record], value: CleanedValue) -> LookupOrScan | None:
        """Return the condition on the row; None for one value of one column, which an index serves in the order of the list.

        Several values, or columns, are several ranges of an index.
        """
        if self.columns == ("pk",) or (len(self.columns) == 1 and not (isinstance(value, list) and len(value) > 1)):
            return None
        values = self.column_values(value)
        keys = [rows.filter(**{f"{column}{IN}": values}).values_list("pk") for column in self.columns]
        return LookupOrScan(reduce(or_, (Q(In(unindexed(column), values)) for column in self.columns)), keys)

    def column_values(self, value: CleanedValue) -> list[CleanedValue]:
        """Return a value of the filter, or several, as they stand in the columns."""
        return value if isinstance(value, list) else [value]

    def twin(self) -> ValueFilter | None:
        """Return the filter by a list of such values; None if there is none."""
        twin = copy.copy(self)
        twin.many, twin.facet, twin.field_class, twin.single = True, False, ListField, self
        twin.extra = {"one": self.field_class(**self.extra), "required": False, "max_length": LIST_LENGTH}
        return twin


class ChoiceFilter(ValueFilter):
    """Rows with this value of a fixed list."""

    field_class = forms.ChoiceField


class TextFilter(ValueFilter):
    """Rows with exactly this text."""

    field_class = forms.CharField

    def __init__(self, *columns: str, max_length: int, **kwargs: Any) -> None:
        super().__init__(*columns, max_length=max_length, **kwargs)


def validate_known_language(tag: str) -> None:
    """Raise ValidationError for what names no language that any row could be in."""
    if not is_language(tag):
        raise ValidationError(_("A language is a BCP 47 tag: th, vi, en …"), code="language")
    validate_language(tag)


class LanguageFilter(TextFilter):
    """Rows, or links, in this language, whatever the case of its tag."""

    field_class = LanguageFormField

    def __init__(self, column: str = "language", **kwargs: Any) -> None:
        kwargs = {
            "max_length": LONGEST_TAG,
            "validators": [validate_known_language],
            "label": _("Language"),
            "example": "th",
            **kwargs,
        }
        super().__init__(column, **kwargs)


class WholeNumberFilter(ValueFilter):
    """Rows with this whole number."""

    field_class = WholeNumberField


class RecordFilter(ValueFilter):
    """Rows that have this record in one of the given relations (foreign keys), or a link to it. A value is a list of records."""

    field_class = RecordField

    def __init__(self, model: type[Record], *columns: str, missing: str | Promise = "", **kwargs: Any) -> None:
        self.model_of_value, self.missing = model, missing
        super().__init__(*columns, **{"models": (model,), "example": model.sample, **kwargs})

    def parameter(self, value: Sequence[Record]) -> int:
        """Return the key of the record."""
        (record,) = value
        return int(record.pk)

    def link_with(self, value: Sequence[Record]) -> tuple[str, int] | None:
        """Return the many-to-many field of the links and the key of the record, if it is only one."""
        return (self.links.relation, value[0].pk) if self.links and self.links.relation and len(value) == 1 else None

    def condition(self, value: Sequence[Record]) -> Q:
        """Return the condition on the row, or on the link."""
        (lookup, sought) = ("", value[0].pk) if len(value) == 1 else (IN, self.column_values(value))
        return reduce(or_, (Q(**{f"{column}{lookup}": sought}) for column in self.columns))

    def column_values(self, value: Sequence[Record]) -> list[int]:
        """Return the keys of the records."""
        return [record.pk for record in value]


class AnyRecordFilter(ValueFilter):
    """Rows that are linked with this record, of whichever of several kinds it is: (kind, links, their column) for each."""

    field_class = RecordField

    def __init__(self, *kinds: tuple[type[Record], Links, str], **kwargs: Any) -> None:
        self.kinds = kinds
        super().__init__(facet=False, **{"models": tuple(model for model, _links, _column in kinds), **kwargs})

    def link_with(self, value: Sequence[Record]) -> tuple[str, int] | None:
        """Return the many-to-many field and the key of the record; None if records of several kinds have this id."""
        if len(value) != 1:
            return None
        (record,) = value
        links = next((links for model, links, _column in self.kinds if isinstance(record, model)), None)
        return (links.relation, record.pk) if links and links.relation else None

    def filter(self, qs: QuerySet[Record], value: Sequence[Record]) -> QuerySet[Record]:
        """Return the rows that have a link."""
        return qs.filter(*choose_conditions(qs.db, [self.lookup_or_scan(qs, value)])) if value else qs

    def lookup_or_scan(self, rows: QuerySet[Record], value: Sequence[Record]) -> LookupOrScan:
        """Return the condition that the row has a link of one kind or another."""
        conditions = [
            links.lookup_or_scan(Q(**{f"{column}{IN}": keys}))
            for model, links, column in self.kinds
            if (keys := [record.pk for record in value if isinstance(record, model)])
        ]
        return LookupOrScan(
            reduce(or_, (Q(condition.scan) for condition in conditions)),
            [keys for condition in conditions for keys in condition.lookup],
            exact=all(condition.exact for condition in conditions),
        )


class QueryFilter(LookupOrScanFilter):
    """Rows whose folded text holds every word."""

    field_class = QueryField

    def filter(self, qs: QuerySet[Record], value: str) -> QuerySet[Record]:
        """Return the rows that match."""
        return search.search_rows(qs, value) if value else qs

    def lookup_or_scan(self, rows: QuerySet[Record], value: str) -> LookupOrScan | None:
        """Return the condition on statements; None for names and titles, which are few, and for short words."""
        return search.search_condition(rows, value) if search.has_search_condition(rows.model, value) else None


class DayFilter(django_filters.DateFilter):
    """Rows on one side of a day, which is written YYYY-MM-DD and in no other way. `condition` makes the condition of the day."""

    def __init__(self, condition: Callable[[datetime.date], Q], **kwargs: Any) -> None:
        self.condition = condition
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def filter(self, qs: QuerySet[Record], value: datetime.date | None) -> QuerySet[Record]:
        """Return the rows on this side of the day."""
        return qs if value is None else qs.filter(self.condition(value))


def may_be_after(day: datetime.date) -> Q:
    """Return the condition that a date can mean this day or a later one. An end that is open lies behind every day."""
    return Q(date_latest__gte=day) | Q(date_latest__isnull=True, date_earliest__isnull=False)


def may_be_before(day: datetime.date) -> Q:
    """Return the condition that a date can mean this day or an earlier one."""
    return Q(date_earliest__lte=day) | Q(date_earliest__isnull=True, date_latest__isnull=False)


class MomentFilter(LookupOrScanFilter):
    """Rows that were changed on one side of a moment."""

    field_class = MomentField

    def lookup_or_scan(self, rows: QuerySet[Record], value: datetime.datetime) -> LookupOrScan | None:
        """Return the condition on the row; None for a kind with few rows, and in the order of changes, which has an index."""
        ordered = self.parent.form.cleaned_data.get("ordering") or [""]
        if not rows.model.endless or ordered[0].removeprefix("-") == self.field_name:
            return None
        lookup: type[GreaterThanOrEqual | LessThan] = GreaterThanOrEqual if self.lookup_expr == "gte" else LessThan
        keys = rows.filter(**{f"{self.field_name}__{self.lookup_expr}": value}).values_list("pk")
        return LookupOrScan(lookup(unindexed(self.field_name), value), [keys])


class OwnIdFilter(RecordFilter):
    """The rows themselves, by their public ids."""

    def __init__(self, model: type[Record]) -> None:
        super().__init__(model, "pk", facet=False, label=_("Id"))
