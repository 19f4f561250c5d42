"""What a change set did to each row: the columns and links that it changed, with their values before and after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Literal, NamedTuple, cast

from django.db.models import ForeignKey, IntegerField, Max, Min, Model, OuterRef, Subquery, Value

from base.records.change_sets import ChangeSet
from base.records.history import has_history, kept_links, versions_of
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.support import publishable_models
from base.sql.prepared import AnyOf

# Times follow from what is done; a record that was public once has been so for ever.
NEVER_REVERTED = ("updated_at", "published_at", "created_at")
TRANSLATIONS = "translations"  # the column with the translations of the texts of a row, in which each is a line


ChangeKind = Literal["made", "deleted", "changed", "nothing"]  # nothing: it came and went, or how it was is not known


class LineKey(NamedTuple):
    """Names one line of a change set: a column or a kind of link of a row, or, without a column, that the row came or went.

    Of the column of translations each one is a line: `translations.th.note`.
    """

    kind: str  # the label of the model: "directory.PersonName"
    row: int
    column: str = ""

    def __str__(self) -> str:
        return f"{self.kind}:{self.row}:{self.column}"

    @classmethod
    def parse(cls, text: str) -> LineKey | None:
        """Return the key that was written so; None if the text is none."""
        kind, _colon, rest = text.partition(":")
        row, _colon, column = rest.partition(":")
        return cls(kind, int(row), column) if row.isascii() and row.isdecimal() and len(row) < 19 else None


@dataclass
class RowChange:
    """What a change set did to one row: columns by attribute name, links by the name of the relation."""

    model: type[Publishable]
    pk: int
    first: Any  # the first version that the change set wrote
    last: Any  # and the last one
    before: Any  # the version before; None if the row was made, or came back
    kind: ChangeKind = "changed"
    columns: dict[str, tuple[object, object]] = field(default_factory=dict)  # before, after
    links: dict[str, tuple[set[int], set[int]]] = field(default_factory=dict)  # keys of the rows that are linked

    @property
    def is_made(self) -> bool:
        """Whether the row was not there before, and was afterwards."""
        return self.kind == "made"

    @property
    def is_deleted(self) -> bool:
        """Whether the row was there before, and was not afterwards."""
        return self.kind == "deleted"

    @property
    def came_or_went(self) -> bool:
        """Whether the row itself came or went."""
        return self.is_made or self.is_deleted

    def key(self, column: str = "") -> LineKey:
        """Return the name of a line of this row."""
        return LineKey(self.model._meta.label, self.pk, column)

    def line_columns(self) -> list[str]:
        """Return the columns and links that changed, as lines name them."""
        columns = [
            line
            for name, (before, after) in self.columns.items()
            for line in ([each.line for each in translation_changes(before, after)] if name == TRANSLATIONS else [name])
        ]
        return [*columns, *self.links]


class TranslationChange(NamedTuple):
    """A translation that another one, or none, took the place of. An empty text is no translation."""

    language: str
    name: str  # of the text that it translates
    before: str
    after: str

    @property
    def line(self) -> str:
        """How its line is called."""
        return f"{TRANSLATIONS}.{self.language}.{self.name}"


def translation_changes(before: object, after: object) -> list[TranslationChange]:
    """Return what is different between the translations of two versions of a row; None is a version without any."""
    old, new = (texts_by_place(each) for each in (before, after))
    return [
        TranslationChange(*place, old.get(place, ""), new.get(place, ""))
        for place in sorted({*old, *new})
        if old.get(place, "") != new.get(place, "")
    ]


def texts_by_place(translations: object) -> dict[tuple[str, str], str]:
    """Return the translations of a version by language and name of the text."""
    by_language = cast("dict[str, dict[str, str]]", translations or {})
    return {(language, name): text for language, texts in by_language.items() for name, text in texts.items()}


def models_with_history() -> list[type[Publishable]]:
    """Return the models whose rows can be set back: facts first, records last."""
    return [model for model in publishable_models() if has_history(model)]


def tracked_columns(model: type[Model]) -> list[str]:
    """Return the attribute names of the columns of a model that its versions keep, the primary key aside."""
    fields = cast(Any, versions_of(model)).tracked_fields
    return [each.attname for each in fields if not each.primary_key]


def ends_of(model: type[Publishable], row: Any) -> set[tuple[type[Publishable], int]]:
    """Return the records at the ends of a fact or of a version of it; nothing of a record, which merely refers to others."""
    ends: set[tuple[type[Publishable], int]] = set()
    for name in () if issubclass(model, Record) else model.public_parents:
        column = cast("ForeignKey[Model, Model]", model._meta.get_field(name))
        key = getattr(row, column.attname)
        if key is not None and issubclass(column.related_model, Record):
            ends.add((column.related_model, key))
    return ends


def links_of_versions(
    versions: Sequence[tuple[type[Model], Collection[int]]],
) -> list[dict[str, dict[int, set[int]]]]:
    """Return the keys of the rows that versions were linked with, by the name of the relation and the version.

    Takes the ids of versions by model, and returns the links in the same order. One query.
    """
    links: list[dict[str, dict[int, set[int]]]] = []
    parts = []
    places: list[dict[int, set[int]]] = []
    for model, ids in versions:
        links.append({})
        for many in kept_links(model):
            copies, target = getattr(versions_of(model), many.name).model, f"{many.m2m_reverse_field_name()}_id"
            rows = copies._base_manager.order_by().filter(AnyOf("history_id", list(ids)))
            parts.append(rows.values_list(Value(len(places), IntegerField()), "history_id", target))
            links[-1][many.name] = defaultdict(set)
            places.append(links[-1][many.name])
    for place, version, key in parts[0].union(*parts[1:], all=True) if parts else ():
        places[place][version].add(key)
    return links


def count_changed_rows(change_set: ChangeSet, model: type[Publishable]) -> int:
    """Return of how many rows of a model a change set wrote versions. One query."""
    written = versions_of(model)._base_manager.filter(change_set=change_set)
    return written.order_by().values("id").distinct().count()


def changed_rows(change_set: ChangeSet, model: type[Publishable]) -> set[int]:
    """Return the keys of the rows of a model of which a change set wrote versions. One query."""
    written = versions_of(model)._base_manager.filter(change_set=change_set)
    return set(written.order_by().values_list("id", flat=True).distinct())


def changes_of_lines(change_set: ChangeSet, lines: Collection[LineKey]) -> list[RowChange]:
    """Return what a change set did to the rows that these lines name. Lines of rows that it did nothing to are passed over."""
    named: dict[str, set[int]] = defaultdict(set)
    for key in lines:
        named[key.kind].add(key.row)
    models = {model._meta.label: model for model in models_with_history()}
    return [
        change
        for label, keys in sorted(named.items())
        if label in models
        for change in changes_of(change_set, models[label], keys)
    ]


def changes_of(
    change_set: ChangeSet,
    model: type[Publishable],
    rows: Collection[int] | None = None,
    *,
    start: int = 0,
    most: int | None = None,
) -> list[RowChange]:
    """Return what a change set did to the rows of a model, or to those with these keys, in the order of the keys.

    Of the rows the first `start` are left out, and those behind the next `most`. At most three queries.
    """
    written = versions_of(model)._base_manager.filter(change_set=change_set)
    if rows is not None:
        written = written.filter(AnyOf("id", list(rows)))
    ends = written.order_by("id").values("id").annotate(first=Min("history_id"), last=Max("history_id"))
    end = None if most is None else start + most
    return changes_between({model: list(ends.values_list("first", "last")[start:end])})[model]


def changes_between(
    ends: Mapping[type[Publishable], Sequence[tuple[int, int]]],
) -> dict[type[Publishable], list[RowChange]]:
    """Return what changed from before the first to the last version of each pair of their ids, by model in the same order.

    One query for each model, and one for the links of all.
    """
    changes = {model: _changes_of_columns(model, of_model) for model, of_model in ends.items()}
    _fill_links(changes)
    return changes


def _changes_of_columns(model: type[Publishable], ends: Sequence[tuple[int, int]]) -> list[RowChange]:
    if not ends:
        return []
    versions = versions_of(model)._base_manager
    earlier = versions.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by("-history_id")
    firsts = versions.filter(AnyOf("history_id", [first for first, _last in ends])).order_by()
    before = firsts.annotate(before=Subquery(earlier.values("history_id")[:1])).values("before")
    own = versions.order_by().filter(AnyOf("history_id", list({*chain.from_iterable(ends)})))
    rows = own.union(versions.order_by().filter(history_id__in=before), all=True)
    loaded = cast("dict[int, Any]", {row.pk: row for row in rows})
    of_row: dict[int, list[int]] = defaultdict(list)
    for history_id in sorted(loaded):
        of_row[loaded[history_id].id].append(history_id)
    changes = []
    for first, last in ends:
        ids = of_row[loaded[first].id]
        place = ids.index(first)
        before_it = loaded[ids[place - 1]] if place else None
        was_there = before_it is not None and before_it.history_type != "-"
        if not was_there and loaded[first].history_type == "~" and first != last:  # the first version that there is
            before_it, was_there = loaded[first], True
        change = RowChange(model, loaded[first].id, loaded[first], loaded[last], before_it if was_there else None)
        if change.last.history_type == "-":
            change.kind = "deleted" if was_there else "nothing"
        elif not was_there:  # a row that was loaded without a history has a first version that tells only how it stood
            change.kind = "made" if change.first.history_type == "+" else "nothing"
        changes.append(change)
    _fill_columns(changes, tracked_columns(model))
    return changes


def _fill_columns(changes: list[RowChange], names: list[str]) -> None:
    for change in changes:
        if change.kind == "changed":
            values = {name: (getattr(change.before, name), getattr(change.last, name)) for name in names}
            change.columns = {
                name: pair for name, pair in values.items() if pair[0] != pair[1] and name not in NEVER_REVERTED
            }


def _fill_links(changes: Mapping[type[Publishable], Sequence[RowChange]]) -> None:
    wanted = [
        (model, [each.history_id for change in of_model for each in (change.before, change.last) if each is not None])
        for model, of_model in changes.items()
        if of_model
    ]
    for (model, _ids), links in zip(wanted, links_of_versions(wanted), strict=True):
        for name, of_version in links.items():
            for change in changes[model]:
                old = of_version.get(change.before.history_id, set()) if change.before is not None else set()
                new = of_version.get(change.last.history_id, set())
                if change.kind != "nothing" and (old != new or change.is_made):
                    change.links[name] = (old, new)
