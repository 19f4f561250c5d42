"""The columns of the sheet of a list, and what their cells hold: codes, ids and texts, the same in every language of the site."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.http import HttpRequest

from base.admin.stale_forms import SEEN
from base.admin.translations import translation_field
from base.records.records import Record
from base.records.translations import TranslatedTexts, translation_column
from base.sql.prepared import AnyOf
from base.text.languages import CODES

if TYPE_CHECKING:
    from base.admin.pages import CurationAdmin

SEPARATOR = "; "  # between the ids in a cell that holds several
VERSION = "version"
READ_ONLY = ("status",)  # shown even where it cannot be changed, because everything else depends on it
TRANSLATIONS = "translations"  # the column of the database behind those of all languages
_NO_COLUMNS = ("change_reason", SEEN)
_TRANSLATION = re.compile(r"(\w+) \[(\w+)\]")


@dataclass(frozen=True)
class SheetRow:
    """A row of a list as its sheet has it."""

    pk: int
    key: str  # its id in the sheet
    cells: dict[str, str]  # texts by column

    @property
    def version(self) -> str:
        """Return a digest of the cells: a row of a sheet that still has it was not touched."""
        return cells_version(self.cells)


def cells_version(cells: Mapping[str, str]) -> str:
    """Return a digest of the cells of a row, whatever the order of its columns."""
    return hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()[:16]


def key_column(model: type[Model]) -> str:
    """Return the column by which sheets name rows of a model: the public id of a record, else the identity of the row."""
    if issubclass(model, Record):
        return "slug"
    return "uid" if any(field.name == "uid" for field in model._meta.fields) else "pk"


def tidied_cell(text: str) -> str:
    """Return the text of a cell without what spreadsheets add: other line ends, blanks at both ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def model_field(model: type[Model], name: str) -> Field[Any, Any] | None:
    """Return the field of a model with this name, if it is an editable one with a column or links."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return field if isinstance(field, Field) and (field.editable or name in READ_ONLY) else None


def columns_of(model_admin: CurationAdmin[Any], request: HttpRequest) -> list[str]:
    """Return the columns of the sheet of a list: what the forms of a new and of a saved row have, files and inlines aside."""
    names: dict[str, None] = {}
    for obj in (None, model_admin.model()):
        shown_only = set(model_admin.get_readonly_fields(request, obj)) - set(READ_ONLY)
        fields = flatten_fieldsets(model_admin.get_fieldsets(request, obj))
        names |= dict.fromkeys(str(name) for name in fields if name not in shown_only)
    declared = getattr(model_admin.form, "declared_fields", {})
    columns = [
        name
        for name in names
        if name not in (*_NO_COLUMNS, *model_admin.not_in_sheets)
        and (
            model_field(model_admin.model, name) is not None
            or (name in declared and not isinstance(declared[name], forms.FileField))
        )
    ]
    if not issubclass(model_admin.model, TranslatedTexts):
        return columns
    texts = model_admin.model.translated_fields
    return [
        column
        for name in columns
        for column in (name, *(translation_column(name, code) for code in CODES if name in texts))
    ]


def translation_in(column: str) -> tuple[str, str] | None:
    """Return the text and the language of a column with translations; None of every other column."""
    match = _TRANSLATION.fullmatch(column)
    return (match[1], match[2]) if match else None


def field_of_column(column: str) -> str:
    """Return the field of the form in which the cells of a column go."""
    translation = translation_in(column)
    return translation_field(*translation) if translation else column


def sheet_rows(model: type[Model], columns: Sequence[str], pks: Collection[int]) -> dict[int, SheetRow]:
    """Return rows by their primary keys, as a sheet has them. One query, and one for each relation."""
    fields = {name: field for name in columns if (field := model_field(model, name)) is not None}
    links = {name: field for name, field in fields.items() if isinstance(field, ManyToManyField)}
    stored = [field.attname for name, field in fields.items() if name not in links]
    translated = {name: place for name in columns if (place := translation_in(name)) is not None}
    stored += [TRANSLATIONS] if translated else []
    key = key_column(model)
    chosen = model._base_manager.filter(AnyOf("pk", list(pks)))
    values = {row["pk"]: row for row in chosen.values(*{"pk", key, *stored})}
    texts: dict[str, Mapping[int, str]] = {}
    for name, field in fields.items():
        if isinstance(field, ManyToManyField):
            texts[name] = _linked_keys(field, pks)
        elif isinstance(field, ForeignKey):
            named = keys_of(field.related_model, {row[field.attname] for row in values.values()})
            texts[name] = {pk: named.get(row[field.attname], "") for pk, row in values.items()}
        else:
            texts[name] = {pk: cell_text(row[field.attname]) for pk, row in values.items()}
    for column, (name, language) in translated.items():
        texts[column] = {pk: cell_text(row[TRANSLATIONS].get(language, {}).get(name)) for pk, row in values.items()}
    return {
        pk: SheetRow(pk, str(values[pk][key]), {name: texts.get(name, {}).get(pk, "") for name in columns})
        for pk in pks
        if pk in values
    }


def cell_text(value: object) -> str:
    """Return a stored value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return tidied_cell(str(value))


def keys_of(model: type[Model], pks: Iterable[int | None]) -> dict[int, str]:
    """Return the ids of rows by their primary keys."""
    wanted = [pk for pk in set(pks) if pk is not None]
    rows = model._base_manager.filter(AnyOf("pk", wanted)).values_list("pk", key_column(model))
    return {pk: str(key) for pk, key in rows}


def pks_of(model: type[Model], keys: Iterable[str]) -> dict[str, int]:
    """Return the primary keys of rows by their ids; ids that no row has are left out."""
    # What cannot be printed is no id, and no database is asked for it.
    column, wanted = key_column(model), [key for key in set(keys) if key.isprintable()]
    if column == "pk":
        wanted_numbers = [int(key) for key in wanted if key.isascii() and key.isdecimal() and len(key) < 18]
        return {str(pk): pk for (pk,) in model._base_manager.filter(AnyOf("pk", wanted_numbers)).values_list("pk")}
    return dict(model._base_manager.filter(AnyOf(column, wanted)).values_list(column, "pk"))


def _linked_keys(field: ManyToManyField, pks: Collection[int]) -> dict[int, str]:
    """Return the ids of the rows to which each of these rows links, in one cell."""
    of, to = field.m2m_field_name(), field.m2m_reverse_field_name()
    through = field.remote_field.through
    links = through._base_manager.filter(AnyOf(f"{of}_id", list(pks)))  # type: ignore[union-attr]
    linked: dict[int, list[str]] = {}
    for pk, key in links.values_list(f"{of}_id", f"{to}__{key_column(field.related_model)}"):
        linked.setdefault(pk, []).append(str(key))
    return {pk: SEPARATOR.join(sorted(keys)) for pk, keys in linked.items()}
