"""Changes of rows as people read them: which row, which of its columns and links, and the words that went and came."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BooleanField, Field, ForeignKey, Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.records.history import kept_links
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.row_changes import (
    NEVER_REVERTED,
    LineKey,
    RowChange,
    TranslationChange,
    tracked_columns,
    translation_changes,
)
from base.records.translations import TranslatedTexts, TranslationsField
from base.sql.prepared import AnyOf
from base.text.differences import DifferencePiece, word_differences
from base.text.language_names import language_name
from base.text.language_tags import LanguageField
from base.text.languages import name_in

# Never shown: what only programs need, or what follows from what is shown.
TECHNICAL = (*NEVER_REVERTED, "uid", "sha256", "length", "paragraphs", "position")
OF_CURATORS = "en"  # the language of texts that say none: roles, notes, descriptions of passages
SECONDS = 1.0  # for all comparisons of a page


Kind = Literal["made", "deleted", "changed"]
Keys = Mapping[type[Model], set[int]]


def time_to_compare() -> float:
    """Return the time of `time.monotonic` until which the texts of a page are compared word by word; later ones are shown whole."""
    return time.monotonic() + SECONDS


@dataclass
class ShownLine:
    """A column or a kind of link of a row, and what went and came."""

    key: LineKey
    label: str
    pieces: list[DifferencePiece]
    language: str = ""  # of the words; empty where they are in the reader's or have none


@dataclass
class ShownRow:
    """A row, and what became of it."""

    change: RowChange
    kind: Kind
    model_label: str
    label: str
    language: str = ""  # of the label
    lines: list[ShownLine] = field(default_factory=list)

    @property
    def is_record(self) -> bool:
        """Whether the row has a page of its own."""
        return issubclass(self.change.model, Record)

    @property
    def key(self) -> LineKey:
        """The name of the row among the lines that can be undone."""
        return self.change.key()


class Labels:
    """What rows are called that changes refer to. One query for each model."""

    def __init__(self, keys: Keys, *, public: bool = False) -> None:
        self.rows: dict[type[Model], dict[int, Any]] = {}
        self.public = public
        for model, of_model in keys.items():
            self.rows[model] = {row.pk: row for row in self._read(model, of_model)}

    def _read(self, model: type[Model], keys: set[int]) -> Iterable[Any]:
        rows = cast("QuerySet[Any]", model._base_manager.all())
        if issubclass(model, Publishable):
            rows = cast(Any, model.objects.published() if self.public else model.objects.all())
            if issubclass(model, Record):
                rows = rows.for_title()
            elif model.public_parents:
                rows = rows.select_related(*model.public_parents)
        return rows.filter(AnyOf("pk", list(keys))) if keys else ()

    def of(self, model: type[Model], key: int) -> str:
        """Return what a row is called; a stand-in if it is gone, or not for these eyes."""
        row = self.rows.get(model, {}).get(key)
        if row is None:
            return _("(not public)") if self.public else _("(deleted)")
        return name_in(row, get_language() or "")[0]


def referred_keys(changes: Iterable[RowChange]) -> dict[type[Model], set[int]]:
    """Return the rows that versions name by foreign keys or links, and the records themselves, by model."""
    keys: dict[type[Model], set[int]] = defaultdict(set)
    for change in changes:
        if issubclass(change.model, Record):
            keys[change.model].add(change.pk)
        for version in (change.before, change.last):
            if version is not None:
                for column in _foreign_keys(change.model):
                    keys[column.related_model].add(getattr(version, column.attname))
        for name, (before, after) in change.links.items():
            keys[cast(Any, change.model._meta.get_field(name)).related_model].update(before ^ after)
    return {model: of_model - {None} for model, of_model in keys.items()}


def shown_rows(
    changes: Sequence[RowChange],
    owner: tuple[type[Publishable], int] | None = None,
    labels: Labels | None = None,
    deadline: float | None = None,
) -> list[ShownRow]:
    """Return changes for people to read, those of records first. `owner` is the record of the page, which needs no naming.

    Takes about a second of comparing at most, or until `deadline`, a time of `time.monotonic` that all of a page have in common;
    and one query for each model that is referred to.
    """
    labels = labels or Labels(referred_keys(changes))
    deadline = deadline if deadline is not None else time_to_compare()
    rows = []
    for change in sorted(changes, key=_place):
        kind: Kind = "made" if change.is_made else "deleted" if change.is_deleted else "changed"
        version = change.before if change.is_deleted else change.last
        row = ShownRow(change, kind, str(change.model._meta.verbose_name), _row_label(change.model, version, labels))
        row.language = "" if issubclass(change.model, Record) else _language_of_label(version)
        row.lines = [*_column_lines(change, version, owner, labels, deadline), *_link_lines(change, labels)]
        if row.lines or kind != "changed":
            rows.append(row)
    return rows


def _place(change: RowChange) -> tuple[bool, str, int]:
    """Return what rows are ordered by: the same for curators and readers, whatever else was changed with them."""
    return not issubclass(change.model, Record), change.model._meta.label, change.pk


def _foreign_keys(model: type[Model]) -> list[Any]:
    return [column for column in model._meta.concrete_fields if isinstance(column, ForeignKey)]


def _row_label(model: type[Publishable], version: Any, labels: Labels) -> str:
    """Return what a row is called: a record by its name today, anything else by what the version holds."""
    if issubclass(model, Record) and version.id in labels.rows.get(model, {}):
        return labels.of(model, version.id)
    row = model(**{name: getattr(version, name) for name in tracked_columns(model)})
    for column in _foreign_keys(model):
        target = labels.rows.get(column.related_model, {}).get(getattr(version, column.attname))
        if target is not None:
            setattr(row, column.name, target)
        elif labels.public and getattr(version, column.attname) is not None:
            return ""
    try:
        return str(row)
    except ObjectDoesNotExist:
        return ""


def _column_lines(
    change: RowChange, version: Any, owner: tuple[type[Publishable], int] | None, labels: Labels, deadline: float
) -> Iterator[ShownLine]:
    """Yield what changed of the columns; of a row that was made or deleted all that it holds beside what is usual."""
    columns = {column.attname: column for column in change.model._meta.concrete_fields}
    for name, (before, after) in _values(change).items():
        column = columns[name]
        if name in TECHNICAL or (isinstance(column, ForeignKey) and owner in [(column.related_model, before or after)]):
            continue
        if change.came_or_went and _usual(column, after if change.is_made else before):
            continue
        if isinstance(column, TranslationsField):
            yield from _translation_lines(change, before, after, deadline)
            continue
        old, new = _in_words(column, before, labels), _in_words(column, after, labels)
        if old == new:
            continue
        is_text = not (column.choices or isinstance(column, ForeignKey | BooleanField | LanguageField))
        is_of_curators = is_text or (
            isinstance(column, ForeignKey) and not issubclass(cast(Any, column.related_model), Record)
        )
        pieces = _pieces(old, new, deadline if is_text else 0)
        language = _language_of(change.model, version, name) or (OF_CURATORS if is_of_curators else "")
        yield ShownLine(change.key(name), str(capfirst(column.verbose_name)), pieces, language)


def _translation_lines(change: RowChange, before: object, after: object, deadline: float) -> Iterator[ShownLine]:
    """Yield what changed of the translations of a row: a line for each text and language."""
    for each in translation_changes(before, after):
        pieces = _pieces(each.before, each.after, deadline)
        yield ShownLine(change.key(each.line), translation_label(change.model, each), pieces, each.language)


def translation_label(model: type[Model], change: TranslationChange) -> str:
    """Return what the line of a translation is called."""
    text = str(capfirst(cast(Any, model._meta.get_field(change.name)).verbose_name))
    return _("%(text)s in %(language)s") % {"text": text, "language": language_name(change.language)}


def _pieces(old: str, new: str, deadline: float) -> list[DifferencePiece]:
    """Return what went and what came, word by word if there is time until the deadline."""
    if (seconds := deadline - time.monotonic()) > 0:
        return word_differences(old, new, seconds)
    return [piece for piece in (DifferencePiece("gone", old), DifferencePiece("new", new)) if piece.text]


def _language_of(model: type[Publishable], version: Any, name: str) -> str:
    """Return the language of the text in a column of a version, as far as the version says it."""
    if issubclass(model, TranslatedTexts) and name in model.translated_fields:
        return str(getattr(version, model.language_column(name)))
    return str(getattr(version, "language" if name == "text" else f"{name}_language", ""))


def _language_of_label(version: Any) -> str:
    return getattr(version, "language", "") or getattr(version, "text_language", "") or OF_CURATORS


def _values(change: RowChange) -> dict[str, tuple[object, object]]:
    """Return the values of columns before and after."""
    if not change.came_or_went:
        return change.columns
    names = tracked_columns(change.model)
    if change.is_made:
        return {name: (None, getattr(change.last, name)) for name in names}
    return {name: (getattr(change.before, name), None) for name in names}


def _usual(column: Field[Any, Any], value: object) -> bool:
    """Return whether a value need not be said of a row that came or went."""
    return value in (None, "") or (column.has_default() and value == column.get_default())


def _in_words(column: Field[Any, Any], value: object, labels: Labels) -> str:
    """Return a value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(column, ForeignKey):
        return labels.of(column.related_model, cast(int, value))
    if isinstance(column, LanguageField):
        return language_name(str(value))
    if isinstance(column, BooleanField):
        return _("yes") if value else _("no")
    return str(dict(cast(Any, column).flatchoices).get(value, value))


def _link_lines(change: RowChange, labels: Labels) -> Iterator[ShownLine]:
    for many in kept_links(change.model):
        before, after = change.links.get(many.name, (set(), set()))
        gone = sorted(labels.of(many.related_model, key) for key in before - after)
        new = sorted(labels.of(many.related_model, key) for key in after - before)
        if gone or new:
            pieces = [DifferencePiece("gone", text) for text in gone] + [DifferencePiece("new", text) for text in new]
            for place in range(len(pieces) - 1, 0, -1):
                pieces.insert(place, DifferencePiece("same", " · "))
            language = "" if issubclass(many.related_model, Record) else OF_CURATORS
            yield ShownLine(change.key(many.name), str(capfirst(many.verbose_name)), pieces, language)
