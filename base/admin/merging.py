"""Uniting doubles from a list: choose two rows, say which one stays, whose values are kept, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.merge_choices import ColumnChoice, chosen_values, has_unknown_value, record_choices, row_choices
from base.admin.pages import CurationAdmin
from base.admin.row_groups import RowGroup, row_groups
from base.admin.signals import merger_objections
from base.admin.undo_links import with_undo
from base.records.merge_plan import MergePlan, ToMany, ToOne, plan_merge
from base.records.merging import CannotMerge, merge
from base.records.moving import MoveCounts
from base.records.publishing import Status
from base.records.records import Record
from base.records.second_person import second_person_problems
from base.text.form_texts import CheckedTextsForm


class WinnerField(forms.ModelChoiceField):
    """Lets one record of several be chosen."""

    def label_from_instance(self, obj: Record) -> str:
        """Return the name, and what tells namesakes apart: the public id and the status."""
        return f"{obj} ({obj.slug}, {obj.get_status_display()})"


class MergeForm(CheckedTextsForm, forms.Form):
    """Asks which row stays, and why they are the same."""

    winner = WinnerField(
        None,
        label=gettext_lazy("The one that stays"),
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=gettext_lazy("Its address stays; the other one's address leads there from now on."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they are the same"),
        max_length=100,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy(
            "A shared name is not enough: two people can bear it. Kept in the history, where readers see it too."
        ),
    )

    all_the_same = forms.BooleanField(
        label=gettext_lazy("Unite them all the same"),
        error_messages={
            "required": gettext_lazy(
                "Nothing was united. Tick this if they are the same after all; if not, leave it as it is."
            )
        },
    )

    def __init__(self, rows: QuerySet[Record], data: QueryDict | None, objections: Sequence[str] = ()) -> None:
        """`objections` say what speaks against uniting them; without any, nobody is asked to confirm."""
        super().__init__(data)
        cast(WinnerField, self.fields["winner"]).queryset = rows
        if not objections:
            del self.fields["all_the_same"]


@dataclass
class MergeSide:
    """What the page says of one of the two choices: the record that would go, and what would become of its rows."""

    plan: MergePlan
    united_choices: list[tuple[str, list[ColumnChoice]]]  # of rows that differ from their equal: label, columns
    moved: list[RowGroup]
    united: list[RowGroup]
    left: list[RowGroup]

    @classmethod
    def of(cls, site: AdminSite, request: HttpRequest, loser: Record, winner: Record) -> MergeSide:
        """Return what happens if `winner` stays."""
        plan = plan_merge(loser, winner)
        parts: dict[str, list[RowGroup]] = {"moved": [], "united": [], "left": []}
        for relation in plan.relations:
            keys = {"moved": relation.moved, "united": set(relation.united), "left": relation.left}
            for part, of_part in keys.items():
                if of_part:
                    [group] = row_groups(site, request, {relation.model: of_part})
                    group.label = f"{group.label}: {relation.column.verbose_name}"
                    group.all_url = cls._list_url(site, relation.column, loser) if group.not_shown else ""
                    parts[part].append(group)
        choices = [(row.label, row_choices(row.differences, request.POST)) for row in plan.united]
        return cls(plan, choices, **parts)

    @staticmethod
    def _list_url(site: AdminSite, column: ToOne | ToMany, record: Record) -> str:
        """Return the address of the list of rows whose column holds the record; empty where they have no list."""
        opts = column.model._meta
        if column.model not in site._registry:
            return ""
        return (
            reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist") + f"?{column.name}__id__exact={record.pk}"
        )


@admin.action(permissions=["merge"], description=gettext_lazy("Unite two rows that are the same"))
def merge_doubles(
    modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]
) -> HttpResponse | None:
    """Show what uniting two rows does, whichever of them stays; ask which one that is, then move everything there."""
    rows = list(queryset.order_by("pk")[:3])
    if len(rows) != 2:
        modeladmin.message_user(request, _("Choose exactly two rows to unite."), messages.WARNING)
        return None
    objections = merger_objections(*rows)
    form = MergeForm(queryset, request.POST if "confirmed" in request.POST else None, objections)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        winner = form.cleaned_data["winner"]
        (loser,) = [row for row in rows if row.pk != winner.pk]
        name, status = str(loser), 409
        try:
            result = _merge(request, loser, winner, form.cleaned_data["reason"])
        except CannotMerge as error:
            form.add_error(None, str(error))
            rows = list(queryset.order_by("pk"))
            if len(rows) != 2:
                modeladmin.message_user(request, str(error), messages.ERROR)
                return None
        except UnknownChoice:
            form.add_error(None, _("Nothing was united: one of the choices is none that is offered. Choose again."))
            status = 422
        else:
            text = _(
                "“%(loser)s” was merged into “%(winner)s”: %(moved)s rows moved, %(united)s united, %(left)s left."
            )
            counts = {"moved": result.moved, "united": result.united, "left": result.left}
            text = text % {"loser": name, "winner": winner, **counts}
            modeladmin.message_user(request, with_undo(text, result.change_set), messages.SUCCESS)
            return HttpResponseRedirect(modeladmin.page_url("change", winner.pk))
    first, second = rows
    site = modeladmin.admin_site
    sides = [MergeSide.of(site, request, second, first), MergeSide.of(site, request, first, second)]
    context = {
        **site.each_context(request),
        "title": _("Unite two %s") % modeladmin.opts.verbose_name_plural,
        "opts": modeladmin.opts,
        "rows": [first, second],
        "sides": sides,
        "choices": record_choices([side.plan for side in sides], request.POST),
        "form": form,
        "objections": objections,
        "action": "merge_doubles",
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/merge.html", context, status=status)


class UnknownChoice(Exception):
    """A form chooses what its page does not offer."""


def _merge(request: HttpRequest, loser: Record, winner: Record, reason: str) -> MoveCounts:
    """Unite the two as the form says. Raises CannotMerge and UnknownChoice; nothing was changed then."""
    plan, expected = plan_merge(loser, winner), request.POST.get(f"expected-{winner.pk}")
    if expected in (None, plan.digest) and has_unknown_value(plan, request.POST):
        raise UnknownChoice
    if winner.status == Status.PUBLISHED != loser.status and (problems := second_person_problems(loser, request.user)):
        raise CannotMerge(_("“%(row)s”: %(problems)s") % {"row": loser, "problems": " ".join(problems)})
    choices = chosen_values(plan, request.POST)
    return merge(loser, winner, reason=reason, expected=expected, choices=choices)
