"""Withdrawing records: the page that says first what rests on them, and then acts on the whole or on nothing."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.pages import MOST_MESSAGES, CurationAdmin
from base.admin.rights import require_right
from base.admin.row_groups import in_words, one_group, row_groups
from base.records.publishing import Status
from base.records.records import Record
from base.records.second_person import another_has_to, rows_needing_another
from base.records.support import rests_on_records
from base.records.withdrawal_plan import MOST_COUNTED, WithdrawalPlan, plan_withdrawal
from base.records.withdrawing import (
    PlanChanged,
    RowsInUse,
    publish_together,
    rows_still_withdrawn,
    withdraw_together,
    withdrawal_of,
)
from base.sql.prepared import AnyOf
from base.text.form_texts import CheckedTextsForm

MOST_AT_ONCE = 200  # records: their keys stand in the address of the page


class WithdrawalForm(CheckedTextsForm, forms.Form):
    """Asks for the reason of a withdrawal."""

    reason = forms.CharField(
        label=gettext_lazy("Reason for withdrawal"),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "Shown to everybody who follows an old link, at every record below. It replaces a reason given before."
        ),
    )


def asks_first(plan: WithdrawalPlan) -> bool:
    """Whether a withdrawal does more than the curator sees on the page of the record: others go, or show less."""
    between = [model for model in plan.hidden if len(rests_on_records(model)) > 1]
    return bool(plan.withdrawn or plan.supported or plan.mentions or between)


@admin.action(permissions=["withdraw"], description=gettext_lazy("Withdraw selected rows"))
def withdraw_selected(
    modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]
) -> HttpResponse | None:
    """Say what rests on the rows and ask for the reason, then withdraw them with it."""
    return withdrawal_page(modeladmin, request, queryset)


def withdrawal_view(modeladmin: CurationAdmin[Record], request: HttpRequest) -> HttpResponse:
    """Answer the page of a withdrawal; `rows` in the address names the records by their keys, with commas between."""
    if not modeladmin.has_withdraw_permission(request):
        raise PermissionDenied
    given = request.POST.getlist(ACTION_CHECKBOX_NAME) or request.GET.get("rows", "").split(",")
    keys = [int(key) for key in given if key.isdecimal() and key.isascii() and len(key) < 19]
    rows = modeladmin.get_queryset(request).filter(AnyOf("pk", keys[: MOST_AT_ONCE + 1]))
    if not rows.exists():
        modeladmin.message_user(request, _("There is no such row any more."), messages.WARNING)
        return HttpResponseRedirect(modeladmin._model_url(modeladmin.model, "changelist"))
    done = HttpResponseRedirect(modeladmin._model_url(modeladmin.model, "changelist"))
    if len(keys) == 1:
        done = HttpResponseRedirect(modeladmin.page_url("change", keys[0]))
    return withdrawal_page(modeladmin, request, rows) or done


def withdrawal_page(
    modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]
) -> HttpResponse | None:
    """Withdraw the rows if the curator confirmed what the page said, and return None; else return the page."""
    chosen = list(queryset.order_by("pk")[: MOST_AT_ONCE + 1])
    if len(chosen) > MOST_AT_ONCE:
        text = _("Choose at most %(most)s rows at once.") % {"most": MOST_AT_ONCE}
        modeladmin.message_user(request, text, messages.WARNING)
        return None
    records = [record for record in chosen if record.published_at is not None]
    drafts = [record for record in chosen if record.published_at is None]
    confirmed = request.method == "POST" and "confirmed" in request.POST
    initial = {"reason": records[0].withdrawn_reason if len(records) == 1 else ""}
    form = WithdrawalForm(request.POST if confirmed else None, initial=initial)
    if not records or (confirmed and form.is_valid()):
        for record in drafts[:MOST_MESSAGES]:
            text = _("“%(row)s”: %(problems)s") % {
                "row": record,
                "problems": _("It was never public. Delete it, or leave it as a draft."),
            }
            modeladmin.message_user(request, text, messages.WARNING)
        if not records or _withdraw(modeladmin, request, records, form):
            return None
    return _asking_page(modeladmin, request, records, drafts, form)


def _withdraw(
    modeladmin: CurationAdmin[Record], request: HttpRequest, records: list[Record], form: WithdrawalForm
) -> bool:
    """Withdraw the records with what rests on them and tell the curator; return whether it was done."""
    user, expected = cast(AbstractBaseUser, request.user), request.POST.get("expected")
    try:
        with transaction.atomic():
            plan = withdraw_together(records, form.cleaned_data["reason"], user, expected)
            require_right(request, "withdraw", plan.withdrawn)
    except PlanChanged:
        text = _(
            "Meanwhile other rows rest on it, or somebody withdrew it. Nothing was withdrawn; this is how it stands now."
        )
        form.add_error(None, text)
        return False
    except RowsInUse:
        text = _(
            "Somebody else is saving a row that rests on it at this very moment. Nothing was withdrawn; look again."
        )
        form.add_error(None, text)
        return False
    count = len(records)
    modeladmin.message_user(request, _("%(count)s withdrawn.") % {"count": count}, messages.SUCCESS)
    if plan.withdrawn:
        groups = row_groups(modeladmin.admin_site, request, plan.withdrawn)
        text = _("Withdrawn with it, because nothing else carries it: %(rows)s.") % {"rows": in_words(groups)}
        modeladmin.message_user(request, text, messages.SUCCESS)
    return True


def _asking_page(
    modeladmin: CurationAdmin[Record],
    request: HttpRequest,
    records: list[Record],
    drafts: list[Record],
    form: WithdrawalForm,
) -> HttpResponse:
    """Return the page that says what is withdrawn, hidden and left, and asks for the reason."""
    plan = plan_withdrawal(records)
    rows = ",".join(str(record.pk) for record in records)
    address = f"{modeladmin._model_url(modeladmin.model, 'withdrawal')}?rows={rows}&"
    site, opts = modeladmin.admin_site, modeladmin.opts
    parts = {
        "withdrawn": plan.withdrawn,
        "supported": plan.supported,
        "hidden": plan.hidden,
        "mentions": plan.mentions,
    }
    groups = {
        part: row_groups(
            site, request, of_part, address=address, part=part, most_counted=0 if part == "withdrawn" else MOST_COUNTED
        )
        for part, of_part in parts.items()
    }
    shown = one_group(site, request, parts, address)
    one = records[0] if len(records) == 1 else None
    context = {
        **site.each_context(request),
        "title": _("Withdraw “%s”") % one if one else _("Withdraw %s") % opts.verbose_name_plural,
        "opts": opts,
        "rows": records,
        "drafts": drafts,
        "groups": groups,
        "in_words": {part: in_words(of_part) for part, of_part in groups.items()},
        "shown": shown,
        "address": address,
        "form": form,
        "digest": plan.digest,
        "action": "withdraw_selected",
        "checkbox": ACTION_CHECKBOX_NAME,
        "back": modeladmin.page_url("change", one.pk) if one else modeladmin._model_url(modeladmin.model, "changelist"),
    }
    return TemplateResponse(request, "admin/withdrawal.html", context)


# Publishing again ---------------------------------------------------------------------------------------------------------


def withdrawn_together(modeladmin: CurationAdmin[Record], request: HttpRequest, record: Record) -> str:
    """Return in words what was withdrawn with this record and still is, itself aside; empty if nothing. At most a few queries."""
    withdrawal = withdrawal_of(record) if record.status != Status.DRAFT else None
    if withdrawal is None:
        return ""
    rows = rows_still_withdrawn(withdrawal)
    if type(record) in rows:
        rows[type(record)].discard(record.pk)
    left = {model: keys for model, keys in rows.items() if keys}
    return in_words(row_groups(modeladmin.admin_site, request, left))


def republication_view(modeladmin: CurationAdmin[Record], request: HttpRequest, object_id: str) -> HttpResponse:
    """Show what was withdrawn together with a record, and publish it again with one click."""
    if not modeladmin.has_publish_permission(request):
        raise PermissionDenied
    record = modeladmin.get_queryset(request).filter(pk=int(object_id)).first() if object_id.isdecimal() else None
    withdrawal = withdrawal_of(record) if record is not None else None
    if record is None or withdrawal is None:
        modeladmin.message_user(request, _("Nothing was withdrawn together with it."), messages.WARNING)
        url = modeladmin._model_url(modeladmin.model, "changelist")
        return HttpResponseRedirect(modeladmin.page_url("change", record.pk) if record else url)
    site = modeladmin.admin_site
    require_right(request, "publish", rows_still_withdrawn(withdrawal))
    if request.method == "POST" and rows_needing_another(request.user, rows_still_withdrawn(withdrawal)):
        modeladmin.message_user(request, another_has_to(), messages.ERROR)
        return HttpResponseRedirect(modeladmin.page_url("change", record.pk))
    if request.method == "POST":
        published, left = publish_together(withdrawal)
        if not published and not left:
            text = _("Nothing of it is withdrawn any more: somebody else was quicker.")
            modeladmin.message_user(request, text, messages.WARNING)
        if published:
            text = _("Published again: %(rows)s.") % {"rows": in_words(row_groups(site, request, published))}
            modeladmin.message_user(request, text, messages.SUCCESS)
        for group in row_groups(site, request, left):
            names = ", ".join(f"“{row.label}”" for row in group.rows)
            text = _("Still withdrawn, because something else that it rests on is not public: %(rows)s (%(names)s).")
            modeladmin.message_user(request, text % {"rows": in_words([group]), "names": names}, messages.WARNING)
        return HttpResponseRedirect(modeladmin.page_url("change", record.pk))
    address = f"{modeladmin.page_url('republication', record.pk)}?"
    parts = {"withdrawn": rows_still_withdrawn(withdrawal)}
    context = {
        **site.each_context(request),
        "title": _("Publish again what was withdrawn together"),
        "opts": modeladmin.opts,
        "record": record,
        "withdrawal": withdrawal,
        "groups": row_groups(site, request, parts["withdrawn"], address=address, part="withdrawn"),
        "shown": one_group(site, request, parts, address),
        "address": address,
        "back": modeladmin.page_url("change", record.pk),
    }
    return TemplateResponse(request, "admin/republication.html", context)
