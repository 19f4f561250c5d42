"""Splitting a record: choose what belongs to somebody else, look at what goes, and say why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.addresses import is_key
from base.admin.pages import CurationAdmin
from base.admin.row_groups import RowGroup, row_groups
from base.admin.split_choices import (
    chosen_rows,
    has_unknown_choice,
    label_of,
    names_other_rows,
    offered_rows,
    offered_values,
)
from base.admin.undo_links import with_undo
from base.records.publishing import Status
from base.records.records import Record
from base.records.second_person import second_person_problems
from base.records.split_plan import (
    SplitPlan,
    plan_split,
)
from base.records.splitting import CannotSplit, split, split_problem
from base.text.form_texts import CheckedTextsForm


class SplitForm(CheckedTextsForm, forms.Form):
    """Asks whom the chosen rows belong to, and why."""

    target = forms.CharField(
        label=gettext_lazy("Public id of the record that they belong to"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Left empty, a new record is made of them."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are not the same"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history, where readers see it too."),
    )

    def __init__(self, record: Record, data: QueryDict | None) -> None:
        """`record` is the one that is split."""
        super().__init__(data)
        self.record = record
        self.fields["reason"].required = data is not None and "split" in data  # looking alone needs none

    def clean_target(self) -> Record | None:
        """Return the record with this public id; None for a new one."""
        slug = self.cleaned_data["target"].strip()
        if not slug:
            return None
        model = type(self.record)
        target = model._base_manager.filter(slug=slug).first()
        if target is None:
            raise forms.ValidationError(_("There is no record of this kind with the public id “%s”.") % slug)
        return target


def split_view(modeladmin: CurationAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer the page: GET offers, POST shows what would go, POST with `split` does it if it is what was shown."""
    record = modeladmin.get_queryset(request).filter(pk=object_id).first() if is_key(object_id) else None
    if record is None:
        raise Http404(_("There is no row with this number."))
    if not modeladmin.has_right(request, "merge"):
        raise PermissionDenied
    form = SplitForm(record, request.POST if request.method == "POST" else None)
    choices = chosen_rows(record, request.POST)
    plan, status, problem = None, 200, split_problem(record, None)
    if request.method == "POST":
        is_valid = form.is_valid()
        target: Record | None = form.cleaned_data.get("target")
        if target is None and not (modeladmin.has_add_permission(request) or "target" in form.errors):
            raise PermissionDenied
        problem = split_problem(record, target)
        if not problem and "target" not in form.errors:
            plan = plan_split(record, target, choices)
        if not is_valid or has_unknown_choice(record, request.POST):
            status = 422
            problem = problem or ("" if form.errors else _("One of the choices is none that is offered. Choose again."))
        elif problem := problem or _others_work(record, target, request):
            status = 409
        elif plan is not None and names_other_rows(plan, choices):
            status = 409
            problem = _("Some of the rows that were chosen do not belong to it any more. Look at what goes now.")
        elif "split" in request.POST:
            try:
                expected = request.POST.get("expected", "")
                other, counts = split(record, target, choices, reason=form.cleaned_data["reason"], expected=expected)
            except CannotSplit as error:
                problem, status = str(error), 409
            else:
                text = _("“%(record)s” was split: %(moved)s rows went to “%(other)s”, %(united)s were united there.")
                values = {"record": record, "other": other, "moved": counts.moved, "united": counts.united}
                modeladmin.message_user(request, with_undo(text % values, counts.change_set), messages.SUCCESS)
                return HttpResponseRedirect(modeladmin.page_url("change", other.pk))
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Split “%s”") % record,
        "opts": modeladmin.opts,
        "record": record,
        "form": form,
        "values": offered_values(record, choices),
        "offered": offered_rows(modeladmin, request, record, choices),
        "plan": plan,
        "groups": _groups(modeladmin, request, plan) if plan else [],
        "problem": problem,
        "back": modeladmin.page_url("change", record.pk),
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/split.html", context, status=status)


def _others_work(record: Record, target: Record | None, request: HttpRequest) -> str:
    """Return a sentence if what is a draft's would be public with the other record, and another person has to see to that."""
    if target is None or not target.status == Status.PUBLISHED != record.status:
        return ""
    problems = second_person_problems(record, request.user)
    return _("“%(row)s”: %(problems)s") % {"row": record, "problems": " ".join(problems)} if problems else ""


def _groups(modeladmin: CurationAdmin[Any], request: HttpRequest, plan: SplitPlan) -> list[tuple[str, list[RowGroup]]]:
    """Return the rows of the plan, counted and the first of them linked, by what becomes of them."""
    site = modeladmin.admin_site
    parts: dict[str, list[RowGroup]] = {}
    titles = {
        "moved": _("Goes"),
        "united": _("Is there already, and is united with its equal"),
        "left": _("Links the two, and stays"),
        "copied": _("Both bear it"),
    }
    for relation in plan.relations:
        for part, keys in (
            ("moved", relation.moved),
            ("united", set(relation.united)),
            ("left", relation.left),
        ):
            if keys:
                [group] = row_groups(site, request, {relation.model: keys})
                group.label = label_of(relation.column)
                parts.setdefault(part, []).append(group)
    if plan.copied:
        parts["copied"] = row_groups(site, request, plan.copied)
    return [(titles[part], groups) for part, groups in parts.items()]
