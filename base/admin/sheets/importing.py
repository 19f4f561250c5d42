"""Takes the rows of a sheet over, all or none: each as if it had been sent by the form of its own page."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from base.admin.guard import ChangeRefused
from base.admin.refusals import DATABASE_REFUSALS
from base.admin.sheets.cells import TRANSLATIONS, SheetRow, cells_version, pks_of, sheet_rows, translation_in
from base.admin.sheets.forms import Keys, faults_of_form, fill_in_cells, linked_pks, values_of_form
from base.admin.sheets.reading import CellFault, Sheet, SheetLine, SheetRefused
from base.admin.sheets.together import RowsTogether, SaveApart, load_related, may_save_together, relations_of
from base.admin.stale_forms import SEEN
from base.admin.translations import left_behind_by
from base.records.change_sets import ChangeAction, describe_change_set
from base.records.fitness import snapshot
from base.records.locking import lock_rows
from base.sql.prepared import AnyOf

if TYPE_CHECKING:
    from base.admin.pages import CurationAdmin

MOST_SECONDS = 60  # of one run: what it has saved is locked until it ends


@dataclass(frozen=True)
class CellChange:
    """A cell that is another than the row has now."""

    column: str
    before: str
    after: str


@dataclass(frozen=True)
class LineChange:
    """What a line of a sheet does."""

    line: SheetLine
    label: str  # of the row
    is_new: bool
    cells: list[CellChange]


@dataclass
class SheetOutcome:
    """What a sheet does, or would do if nothing were wrong with it."""

    changes: list[LineChange] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # sentences about what is taken over all the same
    unchanged: int = 0

    @property
    def added(self) -> int:
        """Return how many rows are new."""
        return sum(change.is_new for change in self.changes)

    @property
    def changed(self) -> int:
        """Return how many rows change."""
        return len(self.changes) - self.added


class SheetImport:
    """One sheet of one list, as one curator hands it in."""

    def __init__(
        self, model_admin: CurationAdmin[Any], request: HttpRequest, columns: list[str], reason: str = ""
    ) -> None:
        self.admin, self.request, self.columns = model_admin, request, columns
        self.model: type[Model] = model_admin.model
        self.reason = reason
        self.forms: dict[bool, type[forms.ModelForm]] = {}
        self.end = 0.0  # of the run, in seconds of the monotonic clock
        self.outcome = SheetOutcome()

    def run(self, sheet: Sheet, commit: bool) -> SheetOutcome:
        """Take over all rows if nothing is wrong with any. Without `commit` everything is tried, and nothing is kept.

        Some queries for the sheet and a few for each row of which columns change; some thirty for each row that is new, whose
        links change, or that has to be saved by itself. Raises SheetRefused if it takes too long, and IntegrityError
        if a row that the sheet names was deleted meanwhile, which the database finds only at the end.
        """
        self.end = time.monotonic() + MOST_SECONDS
        # What the buttons of a form would do besides saving is no matter of a sheet.
        self.request.POST = QueryDict()
        with transaction.atomic():
            describe_change_set(ChangeAction.SHEET, self.reason)
            try:
                with transaction.atomic():
                    self._take_over(sheet, may_save_together(self.admin, self.request))
            except SaveApart:
                self._take_over(sheet, together=False)
            if self.outcome.faults or not commit:
                transaction.set_rollback(True)
        self.outcome.faults.sort(key=lambda fault: fault.row)
        return self.outcome

    def _take_over(self, sheet: Sheet, together: bool) -> None:
        """Try all rows, those that can be `together`. Raises SaveApart if that has to be done without."""
        self.outcome = SheetOutcome(faults=list(sheet.faults))
        lines = sheet.lines
        pks = pks_of(self.model, [line.key for line in lines if not line.is_new])
        lock_rows({self.model: list(pks.values())})  # type: ignore[dict-item]
        stored = sheet_rows(self.model, self.columns, list(pks.values()))
        rows_by_key = {key: stored[pk] for key, pk in pks.items() if pk in stored}
        times = Counter(line.key for line in lines)
        wrong_cells = {fault.row for fault in self.outcome.faults}
        touched: list[tuple[SheetLine, SheetRow | None]] = []
        for line in lines:
            row = rows_by_key.get(line.key)
            if line.is_new:
                touched.append((line, None))
            elif times[line.key] > 1:
                self._refuse(line, _("The id “%s” is in several rows. Keep one of them.") % line.key)
            elif row is None:
                self._refuse(
                    line,
                    _(
                        "No row of this list has the id “%s”. Leave the id empty for a new row, or download the list again."
                    )
                    % line.key[:200],
                )
            elif self._is_changed(line, row):
                touched.append((line, row))
            else:
                self.outcome.unchanged += 1
        keys = linked_pks(self.model, self.columns, [line for line, _row in touched])
        chosen = self.model._base_manager.filter(AnyOf("pk", [row.pk for _line, row in touched if row]))
        saved = chosen.in_bulk()
        load_related(list(saved.values()), relations_of(self.model))
        batch = RowsTogether(self.admin, self.request, saved.values(), self.reason) if together else None
        for line, row in touched:
            if time.monotonic() > self.end:
                raise SheetRefused(
                    _("It took longer than a minute, so nothing was written. Divide this sheet, and hand in its parts.")
                )
            if line.number not in wrong_cells:
                self._take_over_row(line, row, saved[row.pk] if row is not None else None, keys, batch)
        if batch is not None:
            batch.save()

    def _refuse(self, line: SheetLine, problem: str) -> None:
        self.outcome.faults.append(CellFault(line.number, "", line.key[:200], problem))

    def _is_changed(self, line: SheetLine, row: SheetRow) -> bool:
        """Return whether a row was changed in the sheet; if it was changed on the site too, refuse it."""
        cells = {**row.cells, **line.cells}
        if cells == row.cells or cells_version(cells) == line.version:
            return False
        if line.version != row.version:
            others = ", ".join(name for name in row.cells if cells[name] != row.cells[name])
            text = _(
                "This row was changed on the site after the sheet was downloaded, or its version was lost. It differs now in: "
                "%s. Download the list again, and enter your change there."
            )
            self._refuse(line, text % others)
            return False
        return True

    def _take_over_row(
        self, line: SheetLine, row: SheetRow | None, obj: Model | None, keys: Keys, batch: RowsTogether | None
    ) -> None:
        """Save one row or leave it to the batch, or note what is wrong with it."""
        model_admin, request = self.admin, self.request
        may = (
            model_admin.has_add_permission(request) if obj is None else model_admin.has_change_permission(request, obj)
        )
        if not may:
            is_new = _("You may not add rows to this list. Take the row out of the sheet.")
            is_old = _(
                "You may not change this row: it is public, and you may prepare drafts only. Take it out of the sheet."
            )
            self._refuse(line, is_new if obj is None else is_old)
            return
        # Before the form writes into the row what it is about to become. A batch looks at all of its rows at once.
        request.before = snapshot([obj] if obj is not None and batch is None else [])  # type: ignore[attr-defined]
        form_class = self._form_class(obj)
        initial = model_admin.get_changeform_initial_data(request) if obj is None else None
        opened = form_class(instance=obj, initial=initial)
        data = values_of_form(opened)
        before = row.cells if row is not None else {}
        faults = fill_in_cells(opened, data, line, before, keys)
        if SEEN in opened.fields and obj is not None:
            data[SEEN] = str(opened.initial.get(SEEN, ""))
        if "change_reason" in opened.fields:
            data["change_reason"] = self.reason
        form = form_class(data, instance=obj)
        changed = [name for name, text in line.cells.items() if text != before.get(name, "")]
        columns = [TRANSLATIONS if translation_in(name) else name for name in changed]
        if joins := batch is not None and batch.may_take(obj, columns):
            batch.prepare(form, columns)
        if faults or not form.is_valid():
            if batch is not None and _clashes(form):
                raise SaveApart
            named = {fault.column for fault in faults}
            self.outcome.faults += faults
            self.outcome.faults += [each for each in faults_of_form(form, line) if each.column not in named]
            return
        try:
            if batch is not None and joins:
                batch.take(form)
            else:
                with transaction.atomic():
                    self._save(form, obj)
                if batch is not None:
                    batch.saved_alone.append(form.instance)
        except ChangeRefused as refused:
            self._refuse(line, " ".join(refused.reasons))
        except PermissionDenied:
            self._refuse(line, _("You may not change what readers see. Leave this row as it was."))
        except DATABASE_REFUSALS as error:
            self._refuse(line, model_admin.error_message(error))
        else:
            cells = [CellChange(name, before.get(name, ""), line.cells[name]) for name in changed]
            self.outcome.warnings += left_behind_by([form])
            self.outcome.changes.append(LineChange(line, str(form.instance), obj is None, cells))

    def _form_class(self, obj: Model | None) -> type[forms.ModelForm]:
        """Return the form of new or of saved rows, which is made once: all of them have the same fields."""
        is_new = obj is None
        if is_new not in self.forms:
            self.forms[is_new] = self.admin.get_form(self.request, obj, change=not is_new)
        return self.forms[is_new]

    def _save(self, form: forms.ModelForm, obj: Model | None) -> None:
        """Save a row as the page of its form does."""
        model_admin, request = self.admin, self.request
        row = model_admin.save_form(request, form, change=obj is not None)
        model_admin.save_model(request, row, form, obj is not None)
        model_admin.save_related(request, form, [], obj is not None)
        message = model_admin.construct_change_message(request, form, [], obj is None)  # type: ignore[arg-type]
        if obj is None:
            model_admin.log_addition(request, row, message)
        else:
            model_admin.log_change(request, row, message)


def _clashes(form: forms.ModelForm) -> bool:
    """Return whether a value is taken by another row, which a row of the same sheet may be about to give up."""
    return any(
        error.code in ("unique", "unique_together") for faults in form.errors.as_data().values() for error in faults
    )
