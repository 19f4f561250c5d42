"""The admin pages on which curators answer reports."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from base.admin import Fieldset, RightsMixin, StaleFormAdmin, StaleRowForm
from base.text.form_texts import CheckedTextsForm

from .evidence import name_records, reported_record
from .models import Report, ReportEntry, State
from .subjects import subject_at

FIRST_WORDS = 90  # characters by which the list shows a record


class AnswerForm(CheckedTextsForm, forms.Form):
    """The answer for several reports at once."""

    answer = forms.CharField(
        label=gettext_lazy("Answer"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Public. Say what was changed, or why nothing was."),
    )
    message_is_public = forms.BooleanField(
        label=gettext_lazy("Show the reader's words"),
        required=False,
        help_text=gettext_lazy("Only if they accuse nobody and hold nothing private."),
    )


class ReportPageForm(CheckedTextsForm, StaleRowForm):
    """The form of a report's page, for its state and answer. Curators also add reports here that came by post or telephone."""

    def clean_record_path(self) -> str:
        """Find the record at this address, and refuse an address without one."""
        subject = subject_at(self.cleaned_data["record_path"])
        if subject is None:
            raise ValidationError(_("No record was ever public at this address. Write it as /people/tony-bui/."))
        self.instance.about(subject)
        return subject.path


class ReportList(ChangeList):
    """The list of reports, which says of each what its record is called today."""

    def get_results(self, request: HttpRequest) -> None:
        """Read a page of reports, and the names of their records: one query for each kind of record."""
        super().get_results(request)
        self.result_list = list(self.result_list)
        name_records(self.result_list)


class ReportEntryInline(admin.StackedInline):
    """The log of a report. Answering a report adds the lines, never a curator by hand."""

    model = ReportEntry
    fields = (("at", "state"), "note")
    readonly_fields = ("at", "state", "note")
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        """Refuse lines that belong to no decision."""
        return False


@admin.register(Report)
class ReportAdmin(RightsMixin[Report], StaleFormAdmin, SimpleHistoryAdmin):
    """Reports of readers, with their answers."""

    form = ReportPageForm
    object_history_list_template = "admin/curation_history_list.html"
    list_display = ["reference", "about", "part", "beginning", "state", "created_at"]
    list_filter = ["state", "part", "record_kind", "record_status"]
    search_fields = ["reference", "record_path", "message", "answer"]
    search_help_text = gettext_lazy("Number, page of the record, or words of the report or the answer")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = None
    inlines = [ReportEntryInline]
    actions = ["accept", "decline"]

    def get_changelist(self, request: HttpRequest, **kwargs: object) -> type[ChangeList]:
        """Return the list that knows what records are called."""
        return ReportList

    @admin.display(description=gettext_lazy("record"))
    def about(self, report: Report) -> str:
        """Return what the record is called, or its address where there is none any more."""
        return Truncator(getattr(report, "record_name", "")).chars(FIRST_WORDS) or report.record_path

    @admin.display(description=pgettext_lazy("of a problem", "report"))
    def beginning(self, report: Report) -> str:
        """Return the first words of the report."""
        return report.message[:80]

    @admin.display(description=gettext_lazy("the record today"))
    def record(self, report: Report) -> SafeString:
        """Return the record with a link to its form, its words or names, and the passages behind them."""
        return render_to_string("reports/_record.html", {"record": reported_record(report)})

    @admin.display(description=gettext_lazy("pages"))
    def pages(self, report: Report) -> SafeString:
        """Return links to the record and to the public page of the report."""
        return format_html(
            '<a href="{}">{}</a> <a href="{}">{}</a>',
            report.record_path,
            _("The record"),
            report.get_absolute_url(),
            _("The report as the public sees it"),
        )

    def get_fieldsets(self, request: HttpRequest, obj: Report | None = None) -> list[Fieldset]:
        """Return the fields of the report, then those of the decision."""
        reported: tuple[str, ...] = ("record_path", "part", "message", "contact")
        if obj is None:
            return [(gettext_lazy("What is reported"), {"fields": reported})]
        return [
            (
                gettext_lazy("What is reported"),
                {"fields": ("reference", "created_at", "pages", "record_status", "record", *reported)},
            ),
            (gettext_lazy("Decision"), {"fields": ["state", "answer", "message_is_public", "seen"]}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Report | None = None) -> tuple[str, ...]:
        """Return the fields of a saved report that nobody may change: what the reader wrote."""
        reported = ("record_path", "part", "message", "contact")
        return () if obj is None else ("reference", "created_at", "pages", "record_status", "record", *reported)

    def save_model(self, request: HttpRequest, obj: Report, form: forms.ModelForm, change: bool) -> None:
        """Save the report; a new report, state or answer also adds a line to the log."""
        if not change or {"state", "answer"} & set(form.changed_data):
            obj.move_to(obj.state, obj.answer)
        else:
            super().save_model(request, obj, form, change)

    # Answering several at once -----------------------------------------------------------------------------------------
    @admin.action(permissions=["change"], description=gettext_lazy("Accept selected reports"))
    def accept(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        """Accept the selected reports, with an answer."""
        return self.answer(request, queryset, State.ACCEPTED, "accept", _("Accept reports"), _("%(count)s accepted."))

    @admin.action(permissions=["change"], description=gettext_lazy("Decline selected reports"))
    def decline(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        """Decline the selected reports, with an answer."""
        return self.answer(request, queryset, State.DECLINED, "decline", _("Decline reports"), _("%(count)s declined."))

    def answer(
        self, request: HttpRequest, queryset: QuerySet[Report], state: State, action: str, title: str, done: str
    ) -> HttpResponse | None:
        """Ask for an answer, then give it to every selected report that is open; reports that are not open stay as they are."""
        form = AnswerForm(request.POST if "confirmed" in request.POST else None)
        if not form.is_valid():
            context = {
                **self.admin_site.each_context(request),
                "title": title,
                "opts": self.opts,
                "rows": queryset,
                "form": form,
                "action": action,
                "checkbox": ACTION_CHECKBOX_NAME,
            }
            return TemplateResponse(request, "admin/confirm_action.html", context)
        with transaction.atomic():
            rows = list(queryset.select_for_update().filter(state=State.OPEN))
            for report in rows:
                report.answer = form.cleaned_data["answer"]
                report.message_is_public = form.cleaned_data["message_is_public"]
                report.move_to(state, report.answer)
        self.message_user(request, done % {"count": len(rows)})
        return None
