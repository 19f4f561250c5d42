"""Facets: how many rows each choice of a filter would leave, beside the other filters in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from .filters import BaseFilter, LinkedFilter, RecordFilter

MOST_CHOICES = 12


@dataclass(frozen=True)
class Choice:
    """One line of a facet: what it is called, how many rows it leaves, and the address that turns it on or off."""

    label: Any
    count: int
    query: str
    active: bool
    value: str = ""


@dataclass(frozen=True)
class Facet:
    """The lines of one filter."""

    name: str
    label: str | Promise
    choices: list[Choice]


@dataclass(frozen=True)
class Chip:
    """One filter in use, and the address without it."""

    label: str | Promise
    value: Any
    query: str


def facets(filterset: BaseFilter, names: Sequence[str]) -> list[Facet]:
    """Return the facets of these filters. Costs one query each, two where a choice leads through links or many-to-many."""
    if not filterset.form.is_valid():
        return []
    return [facet for name in names if (facet := _facet(filterset, name)).choices]


def chips(filterset: BaseFilter) -> list[Chip]:
    """Return the filters in use, each removable by its address."""
    found = []
    for name, value in filterset.active.items():
        field = filterset.filters[name]
        choices = dict(getattr(field.field, "choices", None) or ())
        found.append(Chip(field.label, choices.get(value, value), query_without(filterset.data, name)))
    return found


def query_without(data: Any, *names: str, **changes: str) -> str:
    """Return the query string of `data` without these parameters and the page, with `changes` put in."""
    query = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    for name in (*names, *changes, "page"):
        query.pop(name, None)
    for name in [name for name, values in query.lists() if not any(values)]:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return "?" + query.urlencode()


def _facet(filterset: BaseFilter, name: str) -> Facet:
    chosen = filterset.form.cleaned_data.get(name)
    rows = _rows_without(filterset, name)
    field = filterset.filters[name]
    counted = _by_record(field, rows) if isinstance(field, RecordFilter) else _by_choice(field, rows)
    choices = []
    for value, label, count in counted:
        active = value == getattr(chosen, "slug", chosen)
        query = query_without(filterset.data, name, **({} if active else {name: value}))
        choices.append(Choice(label, count, query, active, value))
    return Facet(name, field.label, choices)


def _rows_without(filterset: BaseFilter, name: str) -> QuerySet[Any]:
    """Return the rows that all other filters leave."""
    rows = filterset.queryset.model.objects.filter(pk__in=filterset.queryset.order_by().values("pk"))
    for other, value in filterset.form.cleaned_data.items():
        if other not in (name, "ordering"):
            rows = filterset.filters[other].filter(rows, value)
    return rows.order_by()


def _by_choice(field: Any, rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    column = field.field_name
    labels = dict(field.field.choices)
    counted = rows.values_list(column).annotate(n=Count("pk")).order_by("-n", column)
    return [(value, labels.get(value, value), n) for value, n in counted[:MOST_CHOICES]]


def _by_record(field: RecordFilter, rows: QuerySet[Any]) -> list[tuple[str, Any, int]]:
    model: Any = field.extra["model"]
    if isinstance(field, LinkedFilter):
        relation = field.to
        links = field.link.objects.firm().filter(**{f"{field.of}__in": rows.values("pk")})  # type: ignore[attr-defined]
        counted = links.values_list(relation).annotate(n=Count(field.of, distinct=True))
    else:
        (relation,) = field.relations
        public = rows.filter(model.published_q(f"{relation}__"))  # or drafts could take the places of the first
        counted = public.values_list(relation).annotate(n=Count("pk", distinct=True))
    numbers = dict(counted.order_by("-n", relation)[:MOST_CHOICES])
    records = model.objects.filter(pk__in=numbers)
    found = [(record.slug, record, numbers[record.pk]) for record in records]
    return sorted(found, key=lambda row: (-row[2], row[1].sort_key, row[0]))
