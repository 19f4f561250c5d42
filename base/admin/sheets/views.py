"""The pages of sheets: the list as a file, and the page on which a changed file is looked at and taken over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.admin.sheets.cells import SheetRow, columns_of, sheet_rows
from base.admin.sheets.importing import SheetImport, SheetOutcome
from base.admin.sheets.reading import MOST_ROWS, Sheet, SheetLine, SheetRefused, read_sheet
from base.admin.sheets.writing import csv_of, xlsx_of
from base.records.change_sets import open_change_set
from base.text.form_texts import CheckedTextsForm

if TYPE_CHECKING:
    from base.admin.pages import CurationAdmin

MOST_SHOWN = 200  # changes, and wrong cells
MOST_SIGNED = 2_000_000  # letters that the page with the question carries
HOURS = 12  # until that page is too old

Writer = Callable[[str, Sequence[str], Sequence[SheetRow]], bytes]
WRITERS: dict[str, tuple[Writer, str]] = {
    "csv": (csv_of, "text/csv; charset=utf-8"),
    "xlsx": (xlsx_of, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class SheetFileForm(forms.Form):
    """Asks for the file."""

    file = forms.FileField(
        label=gettext_lazy("The changed sheet"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("CSV or XLSX, at most 1,000 rows and 5 MB. You first see what it would change."),
    )


class SheetReasonForm(CheckedTextsForm, forms.Form):
    """Asks why the rows are changed, and carries them."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for this change"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history. Where readers see a change, they see this reason too."),
    )


def head_of(model_admin: CurationAdmin[Any], request: HttpRequest) -> str:
    """Return the first cell of the sheets of a list: it says of which list and of which site their ids are."""
    return f"id ({model_admin.opts.label} {request.get_host()})"


def _page(model_admin: CurationAdmin[Any], page: str, *args: str) -> str:
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_{page}", args=args)


def sheet_file_view(model_admin: CurationAdmin[Any], request: HttpRequest, ending: str) -> HttpResponse:
    """Answer with the rows of the list, narrowed as its address says, as a file."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    if ending not in WRITERS:
        raise Http404(_("There are sheets as csv and as xlsx."))
    back = f"{_page(model_admin, 'changelist')}?{request.GET.urlencode()}"
    try:
        rows = model_admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters:
        return HttpResponseRedirect(f"{_page(model_admin, 'changelist')}?e=1")
    pks = list(rows.values_list("pk", flat=True)[: MOST_ROWS + 1])
    if len(pks) > MOST_ROWS:
        text = _("A sheet holds up to 1,000 rows, and this list has more. Narrow it by the search or a filter first.")
        messages.warning(request, text)
        return HttpResponseRedirect(back)
    columns = columns_of(model_admin, request)
    by_pk = sheet_rows(model_admin.model, columns, pks)
    write, content_type = WRITERS[ending]
    try:
        content = write(head_of(model_admin, request), columns, [by_pk[pk] for pk in pks if pk in by_pk])
    except SheetRefused as refused:
        messages.warning(request, str(refused))
        return HttpResponseRedirect(back)
    disposition = f'attachment; filename="{model_admin.opts.model_name}.{ending}"'
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})


class SheetPage:
    """One request to the page on which a sheet is handed in, looked at, and taken over."""

    def __init__(self, model_admin: CurationAdmin[Any], request: HttpRequest) -> None:
        self.admin, self.request = model_admin, request
        self.head, self.columns = head_of(model_admin, request), columns_of(model_admin, request)
        self.salt = f"sheet:{self.head}:{request.user.pk}"
        self.file_form, self.reason_form = SheetFileForm(), SheetReasonForm()
        self.outcome: SheetOutcome | None = None
        self.signed, self.problem = "", ""

    def answer(self) -> HttpResponse:
        """Return the page, or lead on once the sheet is taken over."""
        if self.request.method != "POST":
            return self._rendered(200)
        try:
            return self._taken_over() if "rows" in self.request.POST else self._looked_at()
        except SheetRefused as refused:
            self.problem = str(refused)
            return self._rendered(422)
        except IntegrityError as error:  # of the COMMIT: foreign keys are looked at then
            self.problem = self.admin.error_message(error)
            return self._rendered(409)

    def _looked_at(self) -> HttpResponse:
        """Show what a file would change."""
        self.file_form = SheetFileForm(self.request.POST, self.request.FILES)
        if not self.file_form.is_valid():
            return self._rendered(422)
        sheet = read_sheet(self.file_form.cleaned_data["file"].read(), self.head, self.columns)
        self._try(sheet)
        return self._rendered(422 if self.outcome and self.outcome.faults else 200)

    def _try(self, sheet: Sheet) -> None:
        outcome = SheetImport(self.admin, self.request, self.columns, reason="…").run(sheet, commit=False)
        self.outcome = outcome
        if outcome.changes and not outcome.faults:
            lines = [asdict(change.line) for change in outcome.changes]
            self.signed = signing.dumps(lines, salt=self.salt, compress=True)
            if len(self.signed) > MOST_SIGNED:
                self.signed = ""
                raise SheetRefused(_("This sheet changes too much text at once. Divide it, and hand in its parts."))

    def _taken_over(self) -> HttpResponse:
        """Take the rows over that the page before showed, if they can be still."""
        self.reason_form = SheetReasonForm(self.request.POST)
        self.signed = self.request.POST["rows"]
        try:
            signed = signing.loads(self.signed, salt=self.salt, max_age=HOURS * 3600)
        except signing.BadSignature:
            self.signed = ""
            raise SheetRefused(_("This page is too old, or was sent from elsewhere. Hand the file in again.")) from None
        sheet = Sheet(lines=[SheetLine(**line) for line in signed])
        if not self.reason_form.is_valid():
            self._try(sheet)
            return self._rendered(422)
        reason = self.reason_form.cleaned_data["reason"]
        self.outcome = SheetImport(self.admin, self.request, self.columns, reason).run(sheet, commit=True)
        if self.outcome.faults:
            self.signed = ""
            return self._rendered(409)
        text = ngettext(
            "%(count)s row was added or changed. Undo all of it on this page if it was a mistake.",
            "%(count)s rows were added or changed. Undo all of it on this page if it was a mistake.",
            len(self.outcome.changes),
        )
        messages.success(self.request, text % {"count": len(self.outcome.changes)})
        act = open_change_set()
        if act is None or not self.outcome.changes:
            return HttpResponseRedirect(_page(self.admin, "changelist"))
        return HttpResponseRedirect(reverse("admin:change_set", args=[act.row().pk]))

    def _rendered(self, status: int) -> HttpResponse:
        opts, outcome = self.admin.opts, self.outcome
        context = {
            **self.admin.admin_site.each_context(self.request),
            "title": _("Sheet: %s") % capfirst(opts.verbose_name_plural),
            "opts": opts,
            "columns": self.columns,
            "file_form": self.file_form,
            "reason_form": self.reason_form,
            "outcome": outcome,
            "changes": outcome.changes[:MOST_SHOWN] if outcome else [],
            "changes_left_out": max(0, len(outcome.changes) - MOST_SHOWN) if outcome else 0,
            "faults": outcome.faults[:MOST_SHOWN] if outcome else [],
            "faults_left_out": max(0, len(outcome.faults) - MOST_SHOWN) if outcome else 0,
            "warnings": outcome.warnings[:MOST_SHOWN] if outcome and not outcome.faults else [],
            "signed": self.signed,
            "problem": self.problem,
            "list_url": _page(self.admin, "changelist"),
            "csv_url": _page(self.admin, "sheet_file", "csv"),
            "xlsx_url": _page(self.admin, "sheet_file", "xlsx"),
        }
        self.request.current_app = self.admin.admin_site.name
        return TemplateResponse(self.request, "admin/sheet.html", context, status=status)


def sheet_view(model_admin: CurationAdmin[Any], request: HttpRequest) -> HttpResponse:
    """Show the page of the sheet of a list; look at a file that is handed in, and take it over once that is confirmed."""
    if not (model_admin.has_add_permission(request) or model_admin.has_change_permission(request)):
        raise PermissionDenied
    return SheetPage(model_admin, request).answer()
