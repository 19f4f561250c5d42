"""Two curators on one record: what the saved version and the typed one differ in, for the later of them to choose from."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.admin.inline_rows import ANEW, GONE, name_of_row
from base.admin.stale_forms import LOOK, MINE, SEEN, THEIRS, StaleRowForm, comparable, name_of_choice
from base.admin.translations import TranslationField
from base.records.history import has_history, versions_of
from base.records.shown_changes import time_to_compare
from base.sql.prepared import AnyOf
from base.text.differences import DifferencePiece, word_differences
from base.text.moments import moment_in

MOST_ADDED = 50  # rows of a kind that others added and that are named
BUTTONS = ("_save", "_continue", "_addanother", "_publish", "_withdraw", "_submit")


@dataclass
class VersionChoice:
    """A field, or a whole row, of which the saved version and the typed one differ."""

    name: str  # of the buttons to choose by
    label: str
    theirs: list[DifferencePiece]
    mine: list[DifferencePiece]
    chosen: str  # one of `values`; empty if both changed it
    values: tuple[str, str] = (THEIRS, MINE)
    language: str = ""  # of the words, where the row says it


@dataclass
class ConflictRow:
    """The record itself, or one of its rows. `added` are rows that others added, which stay as they are."""

    label: str
    choices: list[VersionChoice] = field(default_factory=list)
    added: list[str] = field(default_factory=list)


@dataclass
class Conflict:
    """All that the page shows."""

    reasons: list[str]
    rows: list[ConflictRow]
    sent: list[tuple[str, str]]  # names and values of hidden fields
    button: str  # that was pressed; with files, which a page cannot send back, the one that leads to the form


class ConflictFinder:
    """Compares the forms of a page with what is saved, for a second at most; texts that come later are shown whole.

    One query for each kind of row that differs, and one for each inline.
    """

    def __init__(
        self, page: admin.ModelAdmin, request: HttpRequest, form: StaleRowForm, inlines: Sequence[Any]
    ) -> None:
        self.page, self.request, self.form, self.inlines = page, request, form, inlines
        self.labels: dict[tuple[type[Model], str], str] = {}
        self.deadline = time_to_compare()

    def conflict(self) -> Conflict | None:
        """Return what differs; None if no form is older than its row."""
        stale = [form for form in self._forms() if form.is_stale]
        lost = [formset for formset in self._formsets() if lost_forms(formset)]
        if not stale and not lost:
            return None
        self._read_labels()
        rows = [ConflictRow("", self._field_choices(self.form))]
        for formset in self._formsets():
            rows += self._rows_of(formset)
        reasons = [str(error) for error in self.form.non_field_errors()]
        if stale and not self.form.is_stale:
            reasons += [str(error) for error in stale[0].non_field_errors()]
        if not stale:
            reasons.append(_("Somebody deleted a row of this after you opened it. Nothing was saved."))
        button = next((name for name in BUTTONS if name in self.request.POST), BUTTONS[0])
        files = [file.name or "" for _field, sent in self.request.FILES.lists() for file in sent]
        if files:
            reasons.append(_("Files could not be kept; choose them again: %s") % ", ".join(files))
        shown = [row for row in rows if row.choices or row.added]
        return Conflict(reasons, shown, self._sent(), LOOK if files else button)

    # What there is -----------------------------------------------------------------------------------------------------
    def _formsets(self) -> list[Any]:  # inline formsets of rows; Django's stubs do not know their forms
        return [inline.formset for inline in self.inlines if issubclass(inline.formset.form, StaleRowForm)]

    def _forms(self) -> Iterator[StaleRowForm]:
        yield self.form
        for formset in self._formsets():
            yield from formset.initial_forms

    def _read_labels(self) -> None:
        """Read what the rows are called that differing fields refer to."""
        keys: dict[type[Model], set[str]] = defaultdict(set)

        def note(form_field: forms.Field, *values: object) -> None:
            if isinstance(form_field, forms.ModelChoiceField):
                found = {key for value in values for key in _keys_in(value) if _is_number(key)}
                keys[_model_of(form_field)] |= found

        for form in self._forms():
            for name in differing_fields(form):
                note(form.fields[name], form.saved_value(name), form.typed_values[name])
        for formset in self._formsets():
            for form in lost_forms(formset):
                for name, value in form.typed_values.items():
                    note(form.fields[name], value)
        for model, of_model in keys.items():
            registered = self.page.admin_site._registry.get(model)
            rows = model._base_manager.all() if registered is None else registered.get_queryset(self.request)
            label = getattr(registered, "choice_label", str)
            for row in rows.filter(AnyOf("pk", [int(key) for key in of_model])):
                self.labels[model, str(row.pk)] = label(row)

    # What differs ------------------------------------------------------------------------------------------------------
    def _field_choices(self, form: StaleRowForm) -> list[VersionChoice]:
        choices = []
        for name in differing_fields(form):
            saved, typed = form.saved_value(name), form.typed_values[name]
            is_theirs, is_mine = form.is_changed_since_seen(name, saved), form.is_changed_since_seen(name, typed)
            their_words, my_words = (self._words(form.fields[name], value) for value in (saved, typed))
            theirs, mine = _beside(their_words, my_words, self.deadline - time.monotonic())
            choices.append(
                VersionChoice(
                    name_of_choice(form.add_prefix(name)),
                    str(capfirst(form.fields[name].label or name)),
                    theirs,
                    mine,
                    THEIRS if is_theirs and not is_mine else MINE if is_mine and not is_theirs else "",
                    language=_language_of_words(form, name),
                )
            )
        return choices

    def _rows_of(self, formset: Any) -> Iterator[ConflictRow]:
        kind = capfirst(formset.model._meta.verbose_name)
        lost = lost_forms(formset)
        for form in formset.initial_forms:
            if form in lost:
                choice = self._lost_row(form, is_deleted=is_deleted(formset, form))
                yield ConflictRow(kind, [choice] if choice else [])
            elif is_deleted(formset, form):
                label = f"{kind}: {form.instance}"
                names = [
                    name for name in form.fields_of_row if form.is_changed_since_seen(name, form.saved_value(name))
                ]
                yield ConflictRow(label, [_deleted_row(form)] if names else [])
            else:
                yield ConflictRow(f"{kind}: {form.instance}", self._field_choices(form))
        if added := added_rows(formset, self.form):
            yield ConflictRow(capfirst(formset.model._meta.verbose_name_plural), added=added)

    def _lost_row(self, form: StaleRowForm, is_deleted: bool) -> VersionChoice | None:
        """Return the choice for a row that somebody deleted; None if this curator deletes it too."""
        if is_deleted:
            return None
        names = [name for name in form.fields_of_row if name not in form.not_compared]
        is_mine = any(form.is_changed_since_seen(name, form.typed_values[name]) for name in names)
        words = [self._words(form.fields[name], form.typed_values[name]) for name in names]
        return VersionChoice(
            name_of_choice(form.prefix or ""),
            _("Deleted meanwhile"),
            [DifferencePiece("same", _("It stays deleted"))],
            [DifferencePiece("same", _("Add it again: %s") % " · ".join(text for text in words if text))],
            "" if is_mine else GONE,
            (GONE, ANEW),
        )

    def _words(self, form_field: forms.Field, value: object) -> str:
        """Return a value as a curator reads it."""
        if isinstance(form_field, forms.ModelChoiceField):
            model = _model_of(form_field)
            return "; ".join(self.labels.get((model, key), key) for key in _keys_in(value))
        if isinstance(form_field, forms.BooleanField):
            return _("Yes") if value else _("No")
        if isinstance(form_field, forms.ChoiceField):
            return ", ".join(_label_of_choice(form_field, key) for key in _keys_in(value))
        return str(comparable(value))

    # What goes along ---------------------------------------------------------------------------------------------------
    def _sent(self) -> list[tuple[str, str]]:
        """Return what was sent, with the version that is on the page now, without buttons and choices."""
        sent = cast(QueryDict, self.form.data).copy()
        deleted_by_both = []
        for formset in self._formsets():
            _replace(sent, f"{formset.prefix}-", formset.data)
            for form in formset.forms:
                _replace(sent, f"{form.prefix}-", cast(QueryDict, form.data))
            deleted_by_both += [form for form in lost_forms(formset) if is_deleted(formset, form)]
        left_out = ("csrfmiddlewaretoken", LOOK, *BUTTONS)
        return [
            *((name_of_row(form.prefix or ""), GONE) for form in deleted_by_both),
            *(
                (name, value)
                for name, values in sent.lists()
                if name not in left_out and not name.startswith(name_of_choice(""))
                for value in values
            ),
        ]


def differing_fields(form: StaleRowForm) -> list[str]:
    """Return the fields in which a form and its saved row differ."""
    if not form.instance.pk or not hasattr(form, "typed_values"):
        return []
    return [
        name
        for name in form.fields_of_row
        if name not in form.not_compared and comparable(form.saved_value(name)) != comparable(form.typed_values[name])
    ]


def lost_forms(formset: Any) -> list[StaleRowForm]:
    """Return the forms of rows that are not there any more."""
    return [form for form in formset.initial_forms if form.instance.pk is None and hasattr(form, "typed_values")]


def is_deleted(formset: Any, form: StaleRowForm) -> bool:
    """Return whether a row of a form is ticked to be deleted, whatever else is wrong with the form."""
    return bool(formset.can_delete and formset._should_delete_form(form))


def added_rows(formset: Any, form: StaleRowForm) -> list[str]:
    """Return what the rows are called that were added after the form was opened. One query; none where there is no time."""
    opened = moment_in(str(form.cleaned_data.get(SEEN, "")).partition(" ")[0])
    if opened is None or not has_history(formset.model):
        return []
    owner = f"{formset.fk.name}_id"
    versions = versions_of(formset.model)._base_manager.filter(
        **{owner: formset.instance.pk}, history_type="+", history_date__gt=opened
    )
    rows = formset.rows_not_in_form().filter(pk__in=versions.values("id"))
    return [str(row) for row in rows[:MOST_ADDED]]


def _deleted_row(form: StaleRowForm) -> VersionChoice:
    """Return the choice for a row that this curator deletes and somebody else changed."""
    theirs = [DifferencePiece("same", _("It stays, as it was saved"))]
    return VersionChoice(
        name_of_choice(form.prefix or ""), _("The whole row"), theirs, [DifferencePiece("same", _("It is deleted"))], ""
    )


def _beside(theirs: str, mine: str, seconds: float) -> tuple[list[DifferencePiece], list[DifferencePiece]]:
    """Return both texts, each with the words marked that the other has not; marked as a whole where no time is left."""
    if seconds <= 0:
        pieces = [piece for piece in (DifferencePiece("gone", theirs), DifferencePiece("new", mine)) if piece.text]
    else:
        pieces = word_differences(theirs, mine, seconds)
    return [piece for piece in pieces if piece.kind != "new"], [piece for piece in pieces if piece.kind != "gone"]


def _model_of(form_field: forms.ModelChoiceField) -> type[Model]:
    return cast(Any, form_field.queryset).model


def _keys_in(value: object) -> list[str]:
    keys = comparable(value)
    return [str(key) for key in keys] if isinstance(keys, list) else [str(keys)] if keys else []


def _is_number(key: str) -> bool:
    return key.isascii() and key.isdecimal() and len(key) < 18


def _label_of_choice(form_field: forms.ChoiceField, key: str) -> str:
    for value, label in cast(Any, form_field.choices):
        for each, of_each in label if isinstance(label, list | tuple) else [(value, label)]:
            if str(each) == key:
                return str(of_each)
    return key


def _language_of_words(form: StaleRowForm, name: str) -> str:
    """Return the language of the words in a field, as far as the row says it."""
    if isinstance(field := form.fields[name], TranslationField):
        return field.language
    if name in form.translation_fields:
        return str(form.typed_values.get(form.instance.language_column(name)) or "")
    return str(form.typed_values.get("language") or "") if name == "text" else ""


def _replace(sent: QueryDict, prefix: str, data: QueryDict) -> None:
    """Put the fields of one formset or row into the place of those that were sent."""
    for name in [name for name in sent if name.startswith(prefix)]:
        del sent[name]
    for name, values in data.lists():
        if name.startswith(prefix):
            sent.setlist(name, values)
