"""Facets: how many rows each choice of a filter would leave, beside the other filters in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Count, F, Q, QuerySet
from django.http import QueryDict
from django.utils.functional import Promise

from .counting import counted, first_rows
from .filters import IN, BaseFilter, Exact, RecordFilter

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
    cut: bool = False  # whether there are more rows than were counted: the numbers are the least there are


@dataclass(frozen=True)
class Chip:
    """One filter in use with its values, and the address without it."""

    label: str | Promise
    values: list[Any]
    query: str


@dataclass(frozen=True)
class Counted:
    """A value of a filter and how many rows have it; `label` is the record, if it is one."""

    value: str
    label: Any
    count: int


def facets(filterset: BaseFilter, names: Sequence[str], *, cut: bool = False) -> list[Facet]:
    """Return the facets of these filters that have a choice. One query for all of them, and one for each that is in use.

    `cut` says whether the list itself has more rows than are counted.
    """
    if not filterset.form.is_valid():
        return []
    in_use = [name for name in names if any(chosen_in(filterset, name))]
    longer = set(names) - set(in_use) if cut else set()
    longer |= _cut(filterset, in_use)
    found = []
    for name, lines in counts(filterset, names, MOST_CHOICES, all_rows=False).items():
        chosen = chosen_in(filterset, name)
        choices = []
        for line in lines:
            active = line.value in chosen
            query = query_without(filterset.data, name, name + IN, **({} if active else {name: line.value}))
            choices.append(Choice(line.label, line.count, query, active, line.value))
        if choices:
            found.append(Facet(name, filterset.filter_of(name).label, choices, cut=name in longer))
    return found


def chosen_in(filterset: BaseFilter, name: str) -> list[Any]:
    """Return the values of a filter that are in use, records by their ids."""
    value = filterset.form.cleaned_data.get(name)
    return [getattr(one, "slug", one) for one in (value if isinstance(value, list) else [value])]


def counts(filterset: BaseFilter, names: Sequence[str], most: int, all_rows: bool = True) -> dict[str, list[Counted]]:
    """Return the most frequent values of each of these filters, among all rows or those that pages count. One query.

    A filter's own value, also as a list, is left out: its facet says what the other choices would leave.
    """
    if not names or not filterset.form.is_valid():
        return {}
    connection = connections[filterset.queryset.db]
    parts, params = [], []
    for name in names:
        sql, given = _counting(filterset, name, most, all_rows).query.get_compiler(connection=connection).as_sql()
        model = getattr(filterset.filter_of(name), "model_of_value", None)
        parts.append(_labelled(connection, sql, model))
        params += [name, *given]
    found: dict[str, list[tuple[Any, Counted]]] = {name: [] for name in names}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for name, value, text, language, labels, key, number in cursor.fetchall():
            found[name].append(_line(filterset.filter_of(name), value, (text, language, labels), key, number))
    return {name: [line for _order, line in sorted(lines, key=lambda pair: pair[0])] for name, lines in found.items()}


def _cut(filterset: BaseFilter, names: Sequence[str]) -> set[str]:
    """Return which of these facets, whose filters are in use, have more rows than are counted. One query each."""
    return {name for name in names if counted(_rows_without(filterset, (name, name + IN))).more}


def _rows_without(filterset: BaseFilter, own: tuple[str, ...], links: Any = None) -> QuerySet[Any]:
    """Return the rows that all filters but these leave."""
    rows = filterset.queryset.order_by().select_related(None).prefetch_related(None)
    if rows.query.annotations:  # they would be grouped by
        rows = rows.model.objects.filter(pk__in=rows.values("pk"))
    return filterset.narrowed(rows, without=(*own, "ordering"), links=links)


def _counting(filterset: BaseFilter, name: str, most: int, all_rows: bool) -> QuerySet[Any]:
    """Return (value, n) of the most frequent values of a filter among the rows that the other filters leave."""
    field: Exact = filterset.filter_of(name)
    own = (name, name + IN)
    rows = _rows_without(filterset, own, field.links)
    if not all_rows:
        rows = rows.model.objects.filter(pk__in=first_rows(rows))
    (column,) = field.columns
    of = "pk"
    if field.links:
        together = filterset.by_links(without=own).get(field.links, Q())
        of, rows = field.links.of, field.links.rows().filter(together, **{f"{field.links.of}__in": rows.values("pk")})
    if isinstance(field, RecordFilter):
        rows = rows.filter(field.model_of_value.published_q(f"{column}__"))  # or drafts took the places of the first
    else:
        rows = rows.exclude(**{column: ""})
    counted = (
        rows.order_by().annotate(value=F(column)).values("value").annotate(n=Count(of, distinct=bool(field.links)))
    )
    return counted.order_by("-n", "value").values_list("value", "n")[:most]


def _labelled(connection: Any, counting: str, model: Any) -> str:
    """Return the SQL of one branch: the name of the facet, value, name, its language, names by language, sort key, n.

    A limited query may stand in a UNION only inside another one, on SQLite; and that other one can as well fetch the names.
    """
    if model is None:
        return f"SELECT %s, CAST(f.value AS text), '', '', '', '', f.n FROM ({counting}) f"
    quoted = connection.ops.quote_name
    columns = ", ".join(f"r.{quoted(column)}" for column in ("slug", "name", "name_language"))
    return (
        f"SELECT %s, {columns}, CAST(r.{quoted('labels')} AS text), r.{quoted('sort_key')}, f.n FROM ({counting}) f "
        f"JOIN {quoted(model._meta.db_table)} r ON r.{quoted('id')} = f.value"
    )


def _line(field: Any, value: str, names: tuple[str, str, str], key: str, number: int) -> tuple[Any, Counted]:
    """Return a counted value with what it is sorted by: most frequent first, then by name."""
    model = getattr(field, "model_of_value", None)
    if model is None:
        label = dict(field.extra.get("choices", ())).get(value, value)
        return (-number, value), Counted(value, label, number)
    name, language, labels = names
    record = model(slug=value, name=name, name_language=language, labels=json.loads(labels), sort_key=key)
    return (-number, key, value), Counted(value, record, number)


def chips(filterset: BaseFilter) -> list[Chip]:
    """Return the filters in use, each removable by its address."""
    found = []
    for name, value in filterset.active.items():
        field = filterset.filters[name]
        choices = dict(getattr(field.field, "choices", None) or ())
        values = [
            choices.get(one, one)
            if isinstance(one, str)
            else one
            if hasattr(one, "labels")
            else getattr(one, "slug", one)
            for one in (value if isinstance(value, list) else [value])
        ]
        found.append(Chip(field.label, values, query_without(filterset.data, name)))
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
