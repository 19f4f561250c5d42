"""Publishing and withdrawing from lists: every row on its own, with the reasons where it cannot be done."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.guard import problems_of
from base.admin.pages import CurationAdmin
from base.records.publishing import Status
from base.records.records import Record
from base.text.form_texts import CheckedTextsForm


def publish(record: Record, reason: str = "") -> list[str]:
    """Publish a record, or return why it cannot be. One that is public already is left alone."""
    if record.status == Status.PUBLISHED:
        return []
    if problems := problems_of(record):
        return problems
    record._change_reason = reason or _("Published")
    record.publish()
    return []


def withdraw(record: Record, reason: str) -> list[str]:
    """Withdraw a record with a reason that readers will see, or return why it cannot be."""
    if record.published_at is None:
        return [_("It was never public. Delete it, or leave it as a draft.")]
    record.status, record.withdrawn_reason = Status.WITHDRAWN, reason
    record._change_reason = (_("Withdrawn: %s") % reason)[:100]
    record.save()
    return []


class WithdrawalForm(CheckedTextsForm, forms.Form):
    """Asks for the reason of a withdrawal."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for withdrawal"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("Shown to everybody who follows an old link. It replaces a reason given before."),
    )


@admin.action(permissions=["change"], description=gettext_lazy("Publish selected rows"))
def publish_selected(modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]) -> None:
    """Publish what is ready, and say what is not and why."""
    modeladmin.apply_to_each(request, queryset, publish, _("%(count)s published."))


@admin.action(permissions=["change"], description=gettext_lazy("Withdraw selected rows"))
def withdraw_selected(
    modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]
) -> HttpResponse | None:
    """Ask for the reason, then withdraw what was public."""
    form = WithdrawalForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        modeladmin.apply_to_each(request, queryset, lambda row: withdraw(row, reason), _("%(count)s withdrawn."))
        return None
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Withdraw %s") % modeladmin.opts.verbose_name_plural,
        "opts": modeladmin.opts,
        "rows": queryset,
        "form": form,
        "action": "withdraw_selected",
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
