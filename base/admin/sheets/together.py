"""Saves the rows of a sheet of which only columns change, all at once, as undoing does: some queries instead of thirty a row."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import Error
from django.db.models import ForeignKey, Model, prefetch_related_objects
from django.http import HttpRequest

from base.admin.sheets.forms import StoredField
from base.records.bulk_saving import AT_ONCE, save_rows
from base.records.locking import lock_support_of_keys
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.reverting import rows_reverted
from base.records.support import may_have_problems, unsupported
from base.sql.prepared import AnyOf

if TYPE_CHECKING:
    from base.admin.pages import CurationAdmin

APART = ("slug", "status")  # columns that do more when they change: former ids, submissions

Keys = dict[type[Publishable], set[int]]


class SaveApart(Exception):
    """Rows that have to be saved one after the other: something may be wrong with one, and only then it is known which."""


def relations_of(model: type[Model]) -> list[str]:
    """Return the names of the relations of a model that a form may have."""
    fields = [*model._meta.fields, *model._meta.many_to_many]
    return [field.name for field in fields if field.is_relation]


def load_related(rows: Sequence[Model], names: Iterable[str]) -> None:
    """Load what rows are related with by these names, 500 rows at a time: a query names each of them."""
    for start in range(0, len(rows), AT_ONCE):
        prefetch_related_objects(rows[start : start + AT_ONCE], *names)


def may_save_together(model_admin: CurationAdmin[Any], request: HttpRequest) -> bool:
    """Return whether rows of a list may be saved at once: nothing has to be asked of each that only its own page asks."""
    return (
        issubclass(model_admin.model, Publishable)
        and model_admin.rows_saved_together
        and model_admin.has_publish_permission(request)
        and not settings.REVIEW_BY_TWO
    )


class RowsTogether:
    """Rows of one list that are saved at once. `rows` are all that the sheet touches, as they are stored."""

    def __init__(
        self, model_admin: CurationAdmin[Any], request: HttpRequest, rows: Iterable[Model], reason: str
    ) -> None:
        self.admin, self.request, self.reason = model_admin, request, reason
        self.model: type[Publishable] = model_admin.model
        rows = list(rows)
        names = [field.attname for field in self.model._meta.concrete_fields if not field.primary_key]
        self.stored = {row.pk: {name: getattr(row, name) for name in names} for row in rows}
        self.columns = {field.name for field in self.model._meta.concrete_fields}
        self.relations = relations_of(self.model)
        self.forms: list[forms.ModelForm] = []
        self.saved_alone: list[Model] = []
        # Before anything is saved, alone or at once.
        self.records = self._records(rows)

    def may_take(self, obj: Model | None, changed: Collection[str]) -> bool:
        """Return whether a row in which these columns change can be saved with others: neither its links nor what is `APART`."""
        return obj is not None and self.columns.issuperset(changed) and set(changed).isdisjoint(APART)

    def prepare(self, form: forms.ModelForm, changed: Collection[str]) -> None:
        """Have a form ask the database for nothing. What it refuses when all are saved has them saved apart, and so told."""
        row: Any = form.instance
        unchanged = {name for name in self.relations if name in form.fields and name not in changed}
        for name in unchanged:
            rows = getattr(row, name) if name in self.columns else list(getattr(row, name).all())
            form.fields[name] = StoredField(form.fields[name], rows)
        of_form = form._get_validation_exclusions  # type: ignore[attr-defined]
        form._get_validation_exclusions = lambda: of_form() | unchanged  # type: ignore[attr-defined]
        form.validate_unique = lambda: None  # type: ignore[method-assign]
        row.validate_constraints = lambda exclude=None: None

    def take(self, form: forms.ModelForm) -> None:
        """Take the valid form of a row to be saved with the others."""
        self.forms.append(form)

    def save(self) -> None:
        """Save all rows with a line of history each. Raises SaveApart if something public may be unfit for it afterwards."""
        rows: list[Any] = [form.instance for form in self.forms]
        if rows:
            self._store(rows)
            self._log()
        rows += self.saved_alone
        keys = {row.pk for row in rows}
        records = self._records(rows)
        records = {model: {*of_model, *self.records.get(model, ())} for model, of_model in records.items()}
        lock_support_of_keys({**records, self.model: {*keys, *records.get(self.model, ())}})
        if not issubclass(self.model, Record) and unsupported(self.model, keys).exists():
            raise SaveApart
        if _may_be_unfit(records):
            raise SaveApart

    def _store(self, rows: list[Any]) -> None:
        """Store the columns that changed, and those that follow from them."""
        load_related(rows, self.model.public_parents)
        for row in rows:
            if hasattr(row, "derive"):
                row.derive()
        changes = {
            row.pk: {name for name, value in self.stored[row.pk].items() if getattr(row, name) != value} for row in rows
        }
        changed = set().union(*changes.values())
        columns = [field.name for field in self.model._meta.concrete_fields if field.attname in changed]
        try:
            for start in range(0, len(rows), AT_ONCE):
                save_rows(rows[start : start + AT_ONCE], columns, self.reason)
        except Error as error:
            raise SaveApart from error
        rows_reverted.send(sender=self.model, changes=changes)

    def _records(self, rows: Iterable[Any]) -> Keys:
        """Return the records whose publication rows may carry: themselves, or their owners."""
        rows = list(rows)
        if issubclass(self.model, Record):
            return {self.model: {row.pk for row in rows}}
        records: Keys = defaultdict(set)
        for name in self.model.public_parents:
            column = self.model._meta.get_field(name)
            if isinstance(column, ForeignKey) and issubclass(column.related_model, Record):
                records[column.related_model] |= {getattr(row, column.attname) for row in rows} - {None}
        return records

    def _log(self) -> None:
        """Note in the log of the admin what the pages of the rows would note."""
        content_type = ContentType.objects.get_for_model(self.model, for_concrete_model=False)
        LogEntry.objects.bulk_create(
            LogEntry(
                user_id=cast(int, self.request.user.pk),
                content_type=content_type,
                object_id=form.instance.pk,
                object_repr=str(form.instance)[:200],
                action_flag=CHANGE,
                change_message=json.dumps(self.admin.construct_change_message(self.request, form, [])),  # type: ignore[arg-type]
            )
            for form in self.forms
        )


def _may_be_unfit(records: Keys) -> bool:
    """Return whether a published record of these may be unfit for the public, whatever it was before: all others surely are not."""
    for model, keys in records.items():
        rows = model._base_manager.filter(AnyOf("pk", list(keys)), status=Status.PUBLISHED)
        if (public := set(rows.values_list("pk", flat=True))) and may_have_problems(model, public):
            return True
    return False
