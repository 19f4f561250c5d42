"""The page of a change set: all that one act of a curator changed, and the button that undoes it, or one line of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.rights import is_public
from base.admin.row_groups import RowLink
from base.records.change_sets import ChangeSet
from base.records.curators import curator_name
from base.records.publishing import Publishable, Status
from base.records.record_history import save_of
from base.records.records import Record
from base.records.revert_plan import RevertPlan, plan_revert
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from base.records.shown_changes import ShownRow, shown_rows
from base.sql.prepared import AnyOf
from base.text.form_texts import CheckedTextsForm

MOST_ROWS_SHOWN = 200
MOST_LINKS = 10
MOST_LINES = 200  # that one address may name

Rights = set[tuple[type[Model], str]]


class UndoForm(CheckedTextsForm, forms.Form):
    """Asks why a change set is undone."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is undone"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history. Where readers see a change, they see this reason too."),
    )


def rights_to_undo(plan: RevertPlan) -> Rights:
    """Return the rights that undoing needs, by kind of row. Two queries a kind."""
    rights: Rights = set()
    for model, keys in plan.changed_keys().items():
        rights.add((model, "change"))
        if _any_public(model, keys):
            rights.add((model, "publish"))
        for values in plan.columns.get(model, {}).values():
            if issubclass(model, Record) and "status" in values:
                rights.add((model, "publish" if values["status"] == Status.PUBLISHED else "withdraw"))
            if "merged_into_id" in values:
                rights.add((model, "merge"))
    going: dict[type[Publishable], set[int]] = defaultdict(set)
    for change in plan.going:
        going[change.model].add(change.pk)
    for model, keys in going.items():
        public = _any_public(model, keys)
        if issubclass(model, Record) and public:
            rights |= {(model, "publish"), (model, "withdraw")}
        else:
            rights |= {(model, "delete"), *([(model, "publish")] if public else [])}
    for change in plan.coming:
        rights.add((change.model, "add"))
        if getattr(change.before, "status", Status.DRAFT) == Status.PUBLISHED:
            rights.add((change.model, "publish"))
    return rights


def _any_public(model: type[Publishable], keys: set[int]) -> bool:
    """Return whether readers see one of these rows, or, of records, ever saw it."""
    if issubclass(model, Record):
        return model._base_manager.filter(AnyOf("pk", list(keys))).exclude(published_at=None).exists()
    if any(field.name == "status" for field in model._meta.fields):
        return bool(model.objects.published().filter(AnyOf("pk", list(keys))).exists())
    return any(is_public(row) for row in model._base_manager.filter(AnyOf("pk", list(keys)))[:50]) or len(keys) > 50


def _may(request: HttpRequest, model: type[Model], right: str) -> bool:
    return request.user.has_perm(f"{model._meta.app_label}.{get_permission_codename(right, model._meta)}")


def _lines(request: HttpRequest) -> list[LineKey] | None:
    """Return the lines that alone are to be undone, as the request names them; None if all are."""
    texts = request.POST.getlist("line") if request.method == "POST" else request.GET.getlist("line")
    keys = [LineKey.parse(text) for text in texts[:MOST_LINES]]
    return [key for key in keys if key is not None] if texts else None


def change_set_page(site: AdminSite, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show a change set; undo it, or the lines that the form names, if the form says so."""
    act = ChangeSet.objects.select_related("user", "reverts").filter(pk=int(object_id)).first()
    if act is None:
        raise Http404(_("There is no row with this number."))
    changes, left_out = save_of(act, MOST_ROWS_SHOWN)
    visible = [change for change in changes if _may(request, change.model, "view")]
    if not visible:
        raise PermissionDenied
    only = _lines(request)
    keep = [key for text in request.POST.getlist("keep")[:MOST_LINES] if (key := LineKey.parse(text)) is not None]
    plan = plan_revert(act, only=only, keep=keep)
    missing = [right for right in rights_to_undo(plan) if not _may(request, *right)]
    form = UndoForm(request.POST if request.method == "POST" else None)
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        if missing:
            raise PermissionDenied
        if form.is_valid():
            try:
                undone = revert(act, cast(User, request.user), form.cleaned_data["reason"], only=only, keep=keep)
            except CannotRevert as error:
                problems, status = error.problems, 409
            else:
                messages.success(request, _("It is undone. What was done is on this page, and can be undone too."))
                return HttpResponseRedirect(reverse("admin:change_set", args=[undone.pk]))
        else:
            status = 422
    rows = shown_rows(visible)
    if only is not None:
        for row in rows:
            row.lines = [line for line in row.lines if line.key in only or row.key in only]
        rows = [row for row in rows if row.lines or row.key in only]
    context = {
        **site.each_context(request),
        "title": _("Change of %s") % f"{act.made_at:%Y-%m-%d %H:%M}",
        "act": act,
        "who": curator_name(act.user),
        "rows": rows,
        "rows_left_out": left_out if only is None else 0,
        "undone": ChangeSet.objects.filter(reverts=act).order_by("id").last(),
        "only": only or [],
        "form": form,
        "plan": plan,
        "problems": problems,
        "may_undo": not missing,
        "records": _record_links(site, rows),
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/change_set.html", context, status=status)


def _record_links(site: AdminSite, rows: Sequence[ShownRow]) -> list[RowLink]:
    """Return links to the histories of the records among these rows, a few of them."""
    links: list[RowLink] = []
    for row in rows:
        model = row.change.model
        if issubclass(model, Record) and model in site._registry and len(links) < MOST_LINKS:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_history"
            links.append(RowLink(row.label, reverse(name, args=[row.change.pk])))
    return links
