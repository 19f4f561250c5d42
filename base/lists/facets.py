"""Facets: how many rows each choice of a filter would leave, beside the other filters in use.

Rows and choices are counted together, in one query whatever is asked for. It first selects the rows that are counted: once for
all facets whose filters are not in use, and once for each filter that is, because its facet leaves its own filter out. Then it
groups them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from django.db import connections
from django.db.models import BigIntegerField, Case, Count, F, Min, Model, Q, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.translation import get_language

from base.changes.cache import facet_cache
from base.lists import counting
from base.lists.counting import RowCount
from base.lists.filters import EMPTY, IN, RecordFilter, ValueFilter
from base.lists.filterset import BaseFilterSet
from base.lists.paging import rows_in_order
from base.records.labels import LABEL_COLUMNS, RecordLabel
from base.records.translations import TranslatedTexts
from base.sql.prepared import SQL, sql_of
from base.text.languages import name_in
from base.text.translated_text import TranslatedText, base_language

MOST_CHOICES = 12


@dataclass(frozen=True)
class Choice:
    """One line of a facet: what it is called, how many rows it leaves, and the address that turns it on or off."""

    label: RecordLabel | str | Promise
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
    cut: bool = False  # whether there are more rows than were counted: the numbers are minimums
    missing: str | Promise = ""  # what rows without a value are called
    without: int = 0  # how many there are of them


@dataclass(frozen=True)
class Chip:
    """One filter in use with its values, and the address without it."""

    label: str | Promise
    values: list[object]
    query: str

    @property
    def text(self) -> str:
        """Return the values as a template would show them, in the reader's language; of a record, its name."""
        language = get_language() or "en"
        return ", ".join(
            name_in(value, language)[0] if hasattr(value, "labels") else str(localize(value)) for value in self.values
        )


@dataclass(frozen=True)
class ValueCount:
    """A value of a filter and how many rows have it; `record` has its names, if it is one.

    Of a text of the editors, `written_in` is its language, and `translations` has it in other languages.
    """

    value: str
    count: int
    record: RecordLabel | None = None
    written_in: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)

    def text_in(self, language: str) -> TranslatedText:
        """Return the text of the editors in this language, if it has a translation into it."""
        if translation := self.translations.get(language):
            return TranslatedText(translation, language)
        return TranslatedText(self.value, self.written_in)


@dataclass(frozen=True)
class FacetCounts:
    """What was counted of a list: its rows, and by the name of a filter its most frequent values."""

    rows: RowCount
    values: dict[str, list[ValueCount]]
    cut: frozenset[str]  # the filters of which there are more rows than were counted
    without: dict[str, int] = field(
        default_factory=dict
    )  # by the name of a filter that asks for it: rows without a value


def count_facets(
    filterset: BaseFilterSet,
    names: Sequence[str],
    most: int,
    *,
    language: str,
    version: int | None = None,
    all_rows: bool = False,
    counted: int | None = None,
) -> FacetCounts:
    """Count the rows of a list, and of each of these filters the `most` most frequent values. One query, or none.

    Only the first rows are counted, as far as pages count or fewer (`counted`), unless `all_rows` are. The value of a counted
    filter itself, also as a list, is left out: its facet says what the other choices would leave. Texts of the editors come
    with their translations from a row that has one into `language`, if there is one.

    With a content `version`, which has to be read before, the numbers are kept until the next write. The filters must then
    begin with all public rows of their kind.
    """
    asked = sorted((name, filterset.data.get(name)) for name in filterset.in_use())
    limit = None if all_rows else min(counted or counting.MOST_COUNTED, counting.MOST_COUNTED)
    is_translated = any(_translated_model(filterset, filterset.filter_of(name)) for name in names)
    key = (type(filterset), asked, tuple(names), most, limit, language if is_translated else "")
    return facet_cache.get_or_make(version, key, lambda: _FacetQuery(filterset, most, limit, language).count(names))


class _FacetQuery:
    """Writes and runs the one query that counts rows and values."""

    def __init__(self, filterset: BaseFilterSet, most: int, limit: int | None, language: str) -> None:
        self.filterset, self.most, self.language = filterset, most, base_language(language)
        self.limit = limit  # of the rows that are counted; None: all are
        self.connection = connections[filterset.queryset.db]
        self.quote = self.connection.ops.quote_name
        self.bases: dict[tuple[str, ...], str] = {(): "rows_0"}  # filters left out -> name of what the others leave
        self.columns: dict[str, list[str]] = {"rows_0": []}  # that name -> columns that are counted among its rows
        self.translated: dict[
            str, dict[str, Case]
        ] = {}  # that name -> columns with the key of a row that has a translation

    def count(self, names: Sequence[str]) -> FacetCounts:
        """Return the numbers of rows, and of the values of these filters. One query."""
        base_of = {name: self._base(name) for name in names}
        parts: list[str] = []
        parameters: list[object] = []
        for name, base in base_of.items():
            sql, values = self._facet(name, base)
            parts.append(sql)
            parameters += [name, *values]
        for base in self.bases.values():
            parts.append(f"SELECT %s, '', '', '', '', '', count(*) FROM {base}")
            parameters.append(base)
        lacking = {f"without {name}": name for name in names if self.filterset.filter_of(name).missing}
        for key, name in lacking.items():
            column = self.quote(self.filterset.filter_of(name).columns[0])
            parts.append(
                f"SELECT %s, '', '', '', '', '', count(*) FROM {base_of[name]} WHERE {column} IS NULL{self._within(' AND')}"
            )
            parameters.append(key)
        bases = [self._rows(left_out, base) for left_out, base in self.bases.items()]
        sql = f"WITH {', '.join(sql for sql, _values in bases)} {' UNION ALL '.join(parts)}"
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [value for _sql, values in bases for value in values] + parameters)
            rows = cursor.fetchall()
        totals = {row[0]: row[6] for row in rows if row[0] in self.columns}
        lines: dict[str, list[tuple[tuple[int, str, str], ValueCount]]] = {name: [] for name in names}
        for name, value, text, language, labels, key, number in rows:
            if name in lines:
                count = ValueCount(value, number)
                if labels:
                    count = replace(count, record=RecordLabel.from_row(value, text, language, labels))
                elif language:
                    column = self.filterset.filter_of(name).columns[0]
                    count = replace(count, written_in=language, translations=_translations_of(column, text))
                lines[name].append(((-number, key, value), count))
        counts = {
            name: [line for _order, line in sorted(pairs, key=lambda pair: pair[0])] for name, pairs in lines.items()
        }
        without = {lacking[row[0]]: row[6] for row in rows if row[0] in lacking}
        total = totals["rows_0"]
        return FacetCounts(
            RowCount(min(total, self.limit or total), self._is_cut(total)),
            counts,
            frozenset(name for name, base in base_of.items() if self._is_cut(totals[base])),
            without,
        )

    def _within(self, word: str) -> str:
        """Return the condition that a row is one of those that are counted, behind this word; empty if all are."""
        return "" if self.limit is None else f"{word} nth <= {self.limit}"

    def _is_cut(self, rows: int) -> bool:
        return self.limit is not None and rows > self.limit

    def _base(self, name: str) -> str:
        """Return the name of the rows among which the values of this filter are counted."""
        in_use = [used for used in (name, name + IN) if self.filterset.form.cleaned_data.get(used) not in EMPTY]
        base = self.bases.setdefault(tuple(in_use), f"rows_{len(self.bases)}")
        field = self.filterset.filter_of(name)
        columns = self.columns.setdefault(base, [])
        if not field.links and field.columns[0] not in columns:
            columns.append(field.columns[0])
            if _translated_model(self.filterset, field):
                self.translated.setdefault(base, {})[_key_column(field)] = self._key_if_translated(field)
        return base

    def _key_if_translated(self, field: ValueFilter) -> Case:
        """Return the key of a row whose text has a translation into the language that is asked for; empty for any other."""
        has_one = Q(**{f"translations__{self.language}__{field.columns[0]}__isnull": False})
        return Case(When(has_one, then=F("pk")), output_field=BigIntegerField())

    def _rows(self, left_out: tuple[str, ...], base: str) -> SQL:
        """Return the SQL of the rows that all filters but these leave: their keys, the columns to count, and a number `nth`.

        One row more than is counted shows that there are more.
        """
        queryset = self.filterset.queryset.order_by().select_related(None).prefetch_related(None)
        rows = rows_in_order(self.filterset, queryset, (*left_out, "ordering"))
        translated = self.translated.get(base, {})
        rows = rows.annotate(**translated)
        rows = rows.order_by() if self.limit is None else rows[: self.limit + 1]
        sql, parameters = sql_of(rows.values_list("pk", *self.columns[base], *translated), self.connection)
        return f"{base} AS MATERIALIZED (SELECT q.*, row_number() OVER () AS nth FROM ({sql}) q)", parameters

    def _facet(self, name: str, base: str) -> SQL:
        """Return the SQL of the lines of one facet. Its first parameter, the name of the facet, is left out."""
        field = self.filterset.filter_of(name)
        within = self._within(" WHERE")
        if field.links:
            condition = self.filterset.conditions.by_links(without=(name, name + IN)).get(field.links, Q())
            sql, parameters = self._by_links(field, condition, RawSQL(f"SELECT pk FROM {base}{within}", []))
        else:
            sql, parameters = self._by_column(field, f"SELECT * FROM {base}{within}")
        model = getattr(field, "model_of_value", None)
        if translated := _translated_model(self.filterset, field):
            table, written_in = (
                self.quote(name) for name in (translated._meta.db_table, translated.language_column(field.columns[0]))
            )
            return (
                f"SELECT %s, f.value, CAST(t.{self.quote('translations')} AS text), t.{written_in}, '', '', f.n "
                f"FROM ({sql}) f JOIN {table} t ON t.{self.quote('id')} = f.first"
            ), parameters
        if model is None:
            return f"SELECT %s, CAST(f.value AS text), '', '', '', '', f.n FROM ({sql}) f", parameters
        columns = ", ".join(f"r.{self.quote(column)}" for column in LABEL_COLUMNS[:-1])
        # On SQLite, a query with a LIMIT may stand in a UNION only inside another one; that one can as well fetch the names.
        return (
            f"SELECT %s, {columns}, CAST(r.{self.quote('labels')} AS text), r.{self.quote('sort_key')}, f.n FROM ({sql}) f "
            f"JOIN {self.quote(model._meta.db_table)} r ON r.{self.quote('id')} = f.value"
        ), parameters

    def _by_column(self, field: ValueFilter, rows: str) -> SQL:
        """Return the SQL of (value, n, first) of a column of the rows; `first` is the key of one that has the value, with a
        translation if there is one.
        """
        value = self.quote(field.columns[0])
        condition = f"{value} <> ''"
        parameters: Sequence[object] = []
        if isinstance(field, RecordFilter):
            condition = f"{value} IS NOT NULL"
            # A row whose public parent is the record would not be public if that were not.
            if field.columns[0] not in self.filterset.queryset.model.public_parents:
                public = field.model_of_value.objects.published().order_by().values("pk")
                sql, parameters = sql_of(public, self.connection)
                condition = f"{value} IN ({sql})"
        first = "min(pk)"
        if _translated_model(self.filterset, field):
            first = f"COALESCE(min({self.quote(_key_column(field))}), min(pk))"
        return (
            f"SELECT {value} AS value, count(*) AS n, {first} AS first FROM ({rows}) counted WHERE {condition} "
            f"GROUP BY {value} ORDER BY n DESC, value LIMIT {self.most}"
        ), parameters

    def _by_links(self, field: ValueFilter, condition: Q, keys: RawSQL) -> SQL:
        """Return the SQL of (value, n, first) of the links of the rows, as `_by_column` does for rows; `first` is left out where
        links have no translations. `condition` is what other filters ask of the same link.
        """
        assert field.links is not None
        (column,) = field.columns
        rows = field.links.rows().filter(condition, **{f"{field.links.of}__in": keys})
        if isinstance(field, RecordFilter):
            # Otherwise drafts could take the places of public records among the most frequent ones.
            rows = rows.filter(field.model_of_value.published_q(f"{column}__"))
        else:
            rows = rows.exclude(**{column: ""})
        values = (
            rows.order_by().annotate(value=F(column)).values("value").annotate(n=Count(field.links.of, distinct=True))
        )
        columns = ["value", "n"]
        if _translated_model(self.filterset, field):
            values = values.annotate(
                first=Coalesce(Min(self._key_if_translated(field)), Min("pk"), output_field=BigIntegerField())
            )
            columns.append("first")
        return sql_of(values.order_by("-n", "value").values_list(*columns)[: self.most], self.connection)


def _translated_model(filterset: BaseFilterSet, field: ValueFilter) -> type[TranslatedTexts] | None:
    """Return the model whose texts the values of a filter are, if these are of the editors and have translations."""
    model: type[Model] = field.links.rows().model if field.links else filterset.queryset.model
    return model if issubclass(model, TranslatedTexts) and field.columns[0] in model.translated_fields else None


def _key_column(field: ValueFilter) -> str:
    """Return the name of the column with the key of a row whose text in the column of a filter has a translation."""
    return f"{field.columns[0]}_translated"


def _translations_of(column: str, translations: str) -> dict[str, str]:
    """Return the translations of the text in a column by language, out of those of its row, which are JSON."""
    return {language: texts[column] for language, texts in orjson.loads(translations).items() if column in texts}


def facets(filterset: BaseFilterSet, counts: FacetCounts) -> list[Facet]:
    """Return the facets of a list that have a choice."""
    if not filterset.form.is_valid():
        return []
    shown = []
    for name, lines in counts.values.items():
        field = filterset.filter_of(name)
        labels = dict(field.extra.get("choices", ()))
        chosen = chosen_in(filterset, name)
        choices = []
        for line in lines:
            active = line.value in chosen
            query = query_without(filterset.data, name, name + IN, **({} if active else {name: line.value}))
            written = line.text_in(get_language() or "en") if line.written_in else None
            label = line.record or written or labels.get(line.value, line.value)
            choices.append(Choice(label, line.count, query, active, line.value))
        if choices:
            without = counts.without.get(name, 0)
            shown.append(Facet(name, field.label, choices, name in counts.cut, field.missing, without))
    return shown


def chosen_in(filterset: BaseFilterSet, name: str) -> list[str | None]:
    """Return the values of a filter that are in use, records by their ids."""
    value: Any = filterset.form.cleaned_data.get(name)
    return [getattr(one, "slug", one) for one in (value if isinstance(value, list) else [value])]


def chips(filterset: BaseFilterSet, counts: FacetCounts | None = None) -> list[Chip]:
    """Return the filters in use, each removable by its address. What was counted has the translations of texts."""
    language = get_language() or "en"
    shown = []
    for name, value in filterset.active.items():
        field = filterset.filters[name]
        choices = dict(getattr(field.field, "choices", None) or ())
        if counts is not None and name in counts.values:
            choices |= {each.value: each.text_in(language) for each in counts.values[name] if each.written_in}
        values = [
            choices.get(one, one)
            if isinstance(one, str)
            else one
            if hasattr(one, "labels")
            else getattr(one, "slug", one)
            for one in (value if isinstance(value, list) else [value])
        ]
        shown.append(Chip(field.label, values, query_without(filterset.data, name)))
    return shown


def query_without(data: Mapping[str, str], *names: str, **changes: str) -> str:
    """Return the query string of `data` without these parameters and the page, with `changes` put in."""
    query = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
    for name in (*names, *changes, "page"):
        query.pop(name, None)
    for name in [name for name, values in query.lists() if not any(values)]:
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
    return "?" + query.urlencode()
