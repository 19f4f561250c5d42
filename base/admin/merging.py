"""Uniting doubles from a list: choose two rows, say which one stays, and why."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.pages import CurationAdmin
from base.records.merging import CannotMerge, merge
from base.records.records import Record
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
        help_text=gettext_lazy("A shared name is not enough: two people can bear it. Kept in the history."),
    )

    def __init__(self, rows: QuerySet[Record], data: QueryDict | None) -> None:
        super().__init__(data)
        cast(WinnerField, self.fields["winner"]).queryset = rows


@admin.action(permissions=["change"], description=gettext_lazy("Unite two rows that are the same"))
def merge_doubles(
    modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]
) -> HttpResponse | None:
    """Ask which of two rows stays, then move everything there."""
    if queryset.count() != 2:
        modeladmin.message_user(request, _("Choose exactly two rows to unite."), messages.WARNING)
        return None
    form = MergeForm(queryset, request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        winner = form.cleaned_data["winner"]
        loser = queryset.exclude(pk=winner.pk).get()
        name = str(loser)
        try:
            result = merge(loser, winner, reason=form.cleaned_data["reason"])
        except CannotMerge as error:
            form.add_error(None, str(error))
        else:
            text = _(
                "“%(loser)s” was merged into “%(winner)s”: %(moved)s rows moved, %(united)s united, %(left)s left."
            )
            counts = {"moved": result.moved, "united": result.united, "left": result.left}
            modeladmin.message_user(request, text % {"loser": name, "winner": winner, **counts}, messages.SUCCESS)
            return HttpResponseRedirect(modeladmin.page_url("change", winner.pk))
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Unite two %s") % modeladmin.opts.verbose_name_plural,
        "opts": modeladmin.opts,
        "rows": queryset,
        "form": form,
        "action": "merge_doubles",
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/confirm_action.html", context)
