"""Facets: how many rows each choice of a filter would leave, beside the other filters in use.

Rows and choices are counted together, in one query whatever is asked for. It first fixes the rows that are counted, once for
the filters that are not in use and once for each that is, because its facet leaves its own filter out; then it groups them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import Count as CountOf
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import get_language

from base.changes.cache import facet_cache
from base.lists import counting
from base.lists.counting import Count
from base.lists.filters import EMPTY, IN, BaseFilter, Exact, RecordFilter
from base.records.labels import LABEL_COLUMNS, RecordLabel
from base.text.languages import name_in

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

    @property
    def text(self) -> str:
        """Return the values as a template would show them, in the reader's language; of a record, its name."""
        language = get_language() or "en"
        return ", ".join(
            name_in(value, language)[0] if hasattr(value, "labels") else str(localize(value)) for value in self.values
        )


@dataclass(frozen=True)
class Counted:
    """A value of a filter and how many rows have it; `record` tells its names, if it is one."""

    value: str
    count: int
    record: RecordLabel | None = None


@dataclass(frozen=True)
class Tally:
    """What was counted of a list: its rows, and the most frequent values of filters."""

    rows: Count
    values: dict[str, list[Counted]]
    cut: frozenset[str]  # the filters of which more rows were there than were counted


def tally(
    filterset: BaseFilter, names: Sequence[str], most: int, *, version: int | None = None, all_rows: bool = False
) -> Tally:
    """Count the rows of a list, and of each of these filters the most frequent values. One query, or none.

    Only the first rows are counted, as far as pages count, unless `all_rows` are. A filter's own value, also as a list, is
    left out: its facet says what the other choices would leave. What was counted is kept beside the content `version`; it
    has to be read before, and the filters have to begin with all public rows of their kind.
    """
    filterset.form.is_valid()  # a filter that cannot be used is left out
    used = filterset.form.cleaned_data.items()
    asked = sorted((name, filterset.data.get(name)) for name, value in used if value not in EMPTY)
    key = (type(filterset), asked, tuple(names), most, all_rows)
    return facet_cache.get_or_make(version, key, lambda: _Counting(filterset, most, all_rows).of(names))


class _Counting:
    """Builds and runs the one query."""

    def __init__(self, filterset: BaseFilter, most: int, all_rows: bool) -> None:
        self.filterset, self.most = filterset, most
        self.limit = None if all_rows else counting.MOST_COUNTED
        self.connection = connections[filterset.queryset.db]
        self.quote = self.connection.ops.quote_name
        self.bases: dict[tuple[str, ...], str] = {(): "rows_0"}  # filters left out -> name of what is left
        self.columns: dict[str, list[str]] = {"rows_0": []}

    def of(self, names: Sequence[str]) -> Tally:
        """Return what was counted."""
        base_of = {name: self._base(name) for name in names}
        parts, given = [], []
        for name, base in base_of.items():
            sql, params = self._facet(name, base)
            parts.append(sql)
            given += [name, *params]
        for base in self.bases.values():
            parts.append(f"SELECT %s, '', '', '', '', '', count(*) FROM {base}")
            given.append(base)
        fixed = [self._rows(own, base) for own, base in self.bases.items()]
        sql = f"WITH {', '.join(sql for sql, _params in fixed)} {' UNION ALL '.join(parts)}"
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [param for _sql, params in fixed for param in params] + given)
            found = cursor.fetchall()
        totals = {row[0]: row[6] for row in found if row[0] in self.columns}
        lines: dict[str, list[Any]] = {name: [] for name in names}
        for name, value, text, language, labels, key, number in found:
            if name in lines:
                record = RecordLabel.from_row(value, text, language, labels) if labels else None
                lines[name].append(((-number, key, value), Counted(value, number, record)))
        values = {
            name: [line for _order, line in sorted(pairs, key=lambda pair: pair[0])] for name, pairs in lines.items()
        }
        rows = totals["rows_0"]
        return Tally(
            Count(min(rows, self.limit or rows), self._more(rows)),
            values,
            frozenset(name for name, base in base_of.items() if self._more(totals[base])),
        )

    def _more(self, rows: int) -> bool:
        return self.limit is not None and rows > self.limit

    def _base(self, name: str) -> str:
        """Return the name of the rows among which this filter is counted."""
        in_use = [used for used in (name, name + IN) if self.filterset.form.cleaned_data.get(used) not in EMPTY]
        base = self.bases.setdefault(tuple(in_use), f"rows_{len(self.bases)}")
        field = self.filterset.filter_of(name)
        columns = self.columns.setdefault(base, [])
        if not field.links and field.columns[0] not in columns:
            columns.append(field.columns[0])
        return base

    def _rows(self, own: tuple[str, ...], base: str) -> tuple[str, Sequence[Any]]:
        """Return the SQL that fixes the rows that all filters but these leave: key, the columns to count, and `nth`.

        One more than is counted tells that there are more.
        """
        queryset = self.filterset.queryset.order_by().select_related(None).prefetch_related(None)
        without = (*own, "ordering")
        if (under := self.filterset.under(without)) is not None:
            rows = under.kept(queryset)
        else:
            rows = self.filterset.narrowed(queryset, without).order_by(*queryset.model._meta.ordering)
        rows = rows.order_by() if self.limit is None else rows[: self.limit + 1]
        columns = rows.values_list("pk", *self.columns[base])
        sql, params = columns.query.get_compiler(connection=self.connection).as_sql()
        return f"{base} AS MATERIALIZED (SELECT q.*, row_number() OVER () AS nth FROM ({sql}) q)", params

    def _facet(self, name: str, base: str) -> tuple[str, list[Any]]:
        """Return the SQL of the lines of one facet, and its parameters but for the name of the facet."""
        field = self.filterset.filter_of(name)
        within = "" if self.limit is None else f" WHERE nth <= {self.limit}"
        if field.links:
            together = self.filterset.by_links(without=(name, name + IN)).get(field.links, Q())
            sql, params = self._by_links(field, together, RawSQL(f"SELECT pk FROM {base}{within}", []))
        else:
            sql, params = self._by_column(field, f"SELECT * FROM {base}{within}")
        model = getattr(field, "model_of_value", None)
        if model is None:
            return f"SELECT %s, CAST(f.value AS text), '', '', '', '', f.n FROM ({sql}) f", params
        columns = ", ".join(f"r.{self.quote(column)}" for column in LABEL_COLUMNS[:-1])
        # A limited query may stand in a UNION only inside another one, on SQLite; that other one can as well fetch the names.
        return (
            f"SELECT %s, {columns}, CAST(r.{self.quote('labels')} AS text), r.{self.quote('sort_key')}, f.n FROM ({sql}) f "
            f"JOIN {self.quote(model._meta.db_table)} r ON r.{self.quote('id')} = f.value"
        ), params

    def _by_column(self, field: Exact, rows: str) -> tuple[str, list[Any]]:
        """Return the SQL of (value, n) of a column of the rows."""
        value, params = self.quote(field.columns[0]), []
        condition = f"{value} <> ''"
        if isinstance(field, RecordFilter):
            condition = f"{value} IS NOT NULL"
            if field.columns[0] not in self.filterset.queryset.model.public_parents:  # or it would not be public itself
                public = field.model_of_value.objects.published().order_by().values("pk").query
                sql, params = public.get_compiler(connection=self.connection).as_sql()
                condition = f"{value} IN ({sql})"
        return (
            f"SELECT {value} AS value, count(*) AS n FROM ({rows}) counted WHERE {condition} "
            f"GROUP BY {value} ORDER BY n DESC, value LIMIT {self.most}"
        ), list(params)

    def _by_links(self, field: Exact, together: Q, keys: RawSQL) -> tuple[str, list[Any]]:
        """Return the SQL of (value, n) of the links of the rows; a link has to meet the other filters by it as well."""
        links: Any = field.links
        (column,) = field.columns
        rows = links.rows().filter(together, **{f"{links.of}__in": keys})
        if isinstance(field, RecordFilter):
            rows = rows.filter(
                field.model_of_value.published_q(f"{column}__")
            )  # or drafts took the places of the first
        else:
            rows = rows.exclude(**{column: ""})
        rows = rows.order_by().annotate(value=F(column)).values("value").annotate(n=CountOf(links.of, distinct=True))
        found = rows.order_by("-n", "value").values_list("value", "n")[: self.most]
        sql, params = found.query.get_compiler(connection=self.connection).as_sql()
        return sql, list(params)


def facets(filterset: BaseFilter, counted: Tally) -> list[Facet]:
    """Return the facets of a list that have a choice."""
    if not filterset.form.is_valid():
        return []
    found = []
    for name, lines in counted.values.items():
        field = filterset.filter_of(name)
        labels = dict(field.extra.get("choices", ()))
        chosen = chosen_in(filterset, name)
        choices = []
        for line in lines:
            active = line.value in chosen
            query = query_without(filterset.data, name, name + IN, **({} if active else {name: line.value}))
            label = line.record or labels.get(line.value, line.value)
            choices.append(Choice(label, line.count, query, active, line.value))
        if choices:
            found.append(Facet(name, field.label, choices, cut=name in counted.cut))
    return found


def chosen_in(filterset: BaseFilter, name: str) -> list[Any]:
    """Return the values of a filter that are in use, records by their ids."""
    value = filterset.form.cleaned_data.get(name)
    return [getattr(one, "slug", one) for one in (value if isinstance(value, list) else [value])]


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
