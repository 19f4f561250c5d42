"""Puts a row of a sheet through the form of the page that the row has in the admin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from base.admin.sheets.cells import READ_ONLY, field_of_column, key_column, model_field, pks_of
from base.admin.sheets.reading import CellFault, SheetLine
from base.admin.translations import TranslationField
from base.records.publishing import Status
from base.records.translations import translation_column

VALUE_LENGTH = 200  # letters of a wrong value that are shown
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0", "")

Keys = Mapping[str, Mapping[str, int]]  # primary keys by id, by column


class WrongCell(ValueError):
    """A cell that cannot be what the form asks for; the message says what would be right."""


class StoredField(forms.Field):
    """A relation that a sheet leaves as it is. Its rows are there already, so the database is not asked for them again."""

    def __init__(self, field: forms.Field, rows: object) -> None:
        super().__init__(required=False, label=field.label, widget=field.widget)
        self.rows = rows

    def clean(self, value: object) -> object:
        """Return the rows, whatever was sent."""
        return self.rows

    def has_changed(self, initial: object, data: object) -> bool:
        """Never count as a change."""
        return False


def linked_pks(model: type[Model], columns: Sequence[str], lines: Iterable[SheetLine]) -> Keys:
    """Return the primary keys of all rows that the cells name by their ids. One query a relation."""
    keys: dict[str, set[str]] = {}
    related: dict[str, type[Model]] = {}
    for name in columns:
        field = model_field(model, name)
        if field is not None and field.related_model is not None:
            related[name], keys[name] = field.related_model, set()  # never the text "self"
    for line in lines:
        for name, ids in keys.items():
            ids.update(_ids(line.cells.get(name, "")))
    return {name: pks_of(related[name], ids) for name, ids in keys.items()}


def _ids(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def values_of_form(form: forms.BaseForm) -> QueryDict:
    """Return what a browser would send of a form that is sent as it was opened."""
    data = QueryDict(mutable=True)
    for name, field in form.fields.items():
        value = form[name].value()
        if value is None or value is False:
            continue
        if isinstance(value, list | tuple):
            data.setlist(name, [str(getattr(each, "pk", each)) for each in value])
        else:
            shown = field.widget.format_value(getattr(value, "pk", value))
            data[name] = shown if isinstance(shown, str) else str(getattr(value, "pk", value))
    return data


def fill_cell(data: QueryDict, name: str, field: forms.Field, text: str, pks: Mapping[str, int]) -> None:
    """Put the text of a cell into the data of a form. Raises WrongCell."""
    if isinstance(field, forms.ModelChoiceField):
        ids = _ids(text)
        if missing := [each for each in ids if each not in pks]:
            raise WrongCell(_unknown_id(field, missing[0]))
        if len(ids) > 1 and not isinstance(field, forms.ModelMultipleChoiceField):
            raise WrongCell(_("Only one id can stand here."))
        data.setlist(name, [str(pks[each]) for each in ids])
    elif isinstance(field, forms.BooleanField):
        if text.casefold() not in _YES + _NO:
            raise WrongCell(_("Write “true” or “false”."))
        data.setlist(name, ["on"] if text.casefold() in _YES else [])
    elif isinstance(field, forms.ChoiceField):
        data[name] = _code(field, text)
    else:
        data[name] = text


def _unknown_id(field: forms.ModelChoiceField, key: str) -> str:
    model = field.queryset.model  # type: ignore[union-attr]  # a relation has rows to choose from
    values = {"id": key[:VALUE_LENGTH], "kind": model._meta.verbose_name_plural}
    if key_column(model) == "slug":
        return (
            _("Among %(kind)s there is none with the public id “%(id)s”. Copy it from the sheet of that list.") % values
        )
    return _("Among %(kind)s there is none with the identity “%(id)s”. Copy it from the sheet of that list.") % values


def _code(field: forms.ChoiceField, text: str) -> str:
    """Return the code of a choice, given as a code or in the words that are shown."""
    codes: dict[str, str] = {}
    choices = cast("Iterable[Any]", field.choices)  # a list, not a function
    for code, label in choices:
        for value, words in label if isinstance(label, list | tuple) else [(code, label)]:
            codes[str(value)] = str(words)
    if text in codes or not text:
        return text
    for code, words in codes.items():
        if code and text.casefold() in (code.casefold(), words.casefold()):
            return code
    raise WrongCell(_("Write one of these: %s.") % ", ".join(filter(None, codes)))


def faults_of_form(form: forms.BaseForm, line: SheetLine) -> list[CellFault]:
    """Return what a form says is wrong, cell by cell."""
    faults = []
    for name, texts in form.errors.items():
        column = _column_of_field(form, name)
        value = line.cells.get(column, "")[:VALUE_LENGTH]
        faults += [CellFault(line.number, column, value, str(text)) for text in texts]
    return faults


def _column_of_field(form: forms.BaseForm, name: str) -> str:
    """Return the column whose cells go into a field of a form; none for what is wrong with the form as a whole."""
    field = form.fields.get(name)
    if isinstance(field, TranslationField):
        return translation_column(field.text, field.language)
    return "" if name == NON_FIELD_ERRORS else name


def fill_in_cells(
    form: forms.ModelForm, data: QueryDict, line: SheetLine, before: Mapping[str, str], keys: Keys
) -> list[CellFault]:
    """Put the cells of a row that are others than before into the data of its form; return which cannot be."""
    faults = []
    for name, text in line.cells.items():
        if text == before.get(name, "") or (name in READ_ONLY and not before and text == Status.DRAFT):
            continue  # as it is; and a new record is a draft
        try:
            field = form.fields.get(field_of_column(name))
            if field is None or field.disabled:
                raise WrongCell(_not_here(name, before))
            fill_cell(data, field_of_column(name), field, text, keys.get(name, {}))
        except WrongCell as error:
            faults.append(CellFault(line.number, name, text[:VALUE_LENGTH], str(error)))
    return faults


def _not_here(name: str, before: Mapping[str, str]) -> str:
    if name == "status":
        return _("The status cannot be changed in a sheet: publish and withdraw in the list. Write “%s” again.") % (
            before.get(name) or Status.DRAFT.value
        )
    text = _("This cannot be changed in a row that is there already. Write “%s” again.")
    return text % before.get(name, "") if before else _("This cannot be set in a new row. Clear the cell.")
