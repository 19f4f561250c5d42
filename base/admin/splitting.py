"""Splitting a record: choose what belongs to somebody else, look at what goes, and say why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.addresses import is_key
from base.admin.pages import CurationAdmin
from base.admin.row_groups import RowGroup, RowLink, row_groups, row_links
from base.admin.undo_links import with_undo
from base.records.merge_plan import ToMany, ToOne, rows_with, value_in_words
from base.records.names import Name
from base.records.publishing import Status
from base.records.records import Record
from base.records.split_plan import (
    SplitChoices,
    SplitPlan,
    ValueChoice,
    column_key,
    columns_to_split,
    may_be_empty,
    plan_split,
    values_to_split,
)
from base.records.splitting import CannotSplit, split
from base.text.form_texts import CheckedTextsForm

MOST_ROWS_OFFERED = 200  # of each kind; all of a kind can be chosen at once, however many there are
VALUE_CHOICES: tuple[ValueChoice, ...] = ("stays", "goes", "both")


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


@dataclass
class OfferedRow:
    """A row that can be chosen. `choice` is stays, goes or, of names alone, both."""

    key: int
    link: RowLink
    choice: ValueChoice


@dataclass
class OfferedRows:
    """The rows that refer to the record by one column."""

    key: str
    label: str
    count: int
    rows: list[OfferedRow]
    are_names: bool
    all_chosen: bool

    @property
    def not_shown(self) -> int:
        """How many rows can only be chosen together with all others."""
        return self.count - len(self.rows)


@dataclass
class OfferedValue:
    """A value of the record itself."""

    name: str
    label: str
    value: str
    choice: ValueChoice
    can_go: bool


def _value_choice(text: str | None) -> ValueChoice:
    return next((each for each in VALUE_CHOICES if each == text), "stays")


def chosen_rows(record: Record, sent: QueryDict) -> SplitChoices:
    """Return what the form chooses. Keys that are none are passed over. One query for each kind of which all are chosen."""
    rows: dict[str, set[int]] = {}
    both: set[int] = set()
    for column in columns_to_split(type(record)):
        key = column_key(column)
        if f"all-{key}" in sent:
            rows[key] = set(rows_with(column, record).values_list("pk", flat=True))
        elif issubclass(column.model, Name):
            prefix = f"{key}-"
            chosen = {name.removeprefix(prefix): value for name, value in sent.items() if name.startswith(prefix)}
            rows[key] = {int(pk) for pk, value in chosen.items() if is_key(pk) and value == "goes"}
            both = {int(pk) for pk, value in chosen.items() if is_key(pk) and value == "both"}
        else:
            rows[key] = {int(pk) for pk in sent.getlist(key) if is_key(pk)}
    values = {column.name: _value_choice(sent.get(f"value-{column.name}")) for column in values_to_split(record)}
    return SplitChoices({key: keys for key, keys in rows.items() if keys}, both, values)


def split_view(modeladmin: CurationAdmin[Any], request: HttpRequest, object_id: str) -> HttpResponse:
    """Answer the page: GET offers, POST shows what would go, POST with `split` does it if it is what was shown."""
    record = modeladmin.get_queryset(request).filter(pk=object_id).first() if is_key(object_id) else None
    if record is None:
        raise Http404(_("There is no row with this number."))
    if not modeladmin.has_right(request, "merge"):
        raise PermissionDenied
    form = SplitForm(record, request.POST if request.method == "POST" else None)
    choices = chosen_rows(record, request.POST)
    plan, status, problem = None, 200, ""
    if record.status == Status.WITHDRAWN:
        problem = _("“%s” is withdrawn; nothing can be taken from it.") % record
    elif request.method == "POST":
        is_valid = form.is_valid()
        target = form.cleaned_data.get("target")
        if target is None and not (modeladmin.has_add_permission(request) or "target" in form.errors):
            raise PermissionDenied
        if "split" in request.POST and is_valid:
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
        elif not is_valid:
            status = 422
        if "target" not in form.errors and record.pk != getattr(target, "pk", None):
            plan = plan_split(record, target, choices)
    context = {
        **modeladmin.admin_site.each_context(request),
        "title": _("Split “%s”") % record,
        "opts": modeladmin.opts,
        "record": record,
        "form": form,
        "values": _offered_values(record, choices),
        "offered": _offered(modeladmin, request, record, choices),
        "plan": plan,
        "groups": _groups(modeladmin, request, plan) if plan else [],
        "problem": problem,
        "back": modeladmin.page_url("change", record.pk),
    }
    request.current_app = modeladmin.admin_site.name
    return TemplateResponse(request, "admin/split.html", context, status=status)


def _offered_values(record: Record, choices: SplitChoices) -> list[OfferedValue]:
    return [
        OfferedValue(
            f"value-{column.name}",
            str(column.verbose_name),
            value_in_words(record, column),
            choices.values.get(column.name, "stays"),
            may_be_empty(column),
        )
        for column in values_to_split(record)
    ]


def _label(column: ToOne | ToMany) -> str:
    return f"{capfirst(str(column.model._meta.verbose_name_plural))}: {column.verbose_name}"


def _offered(
    modeladmin: CurationAdmin[Any], request: HttpRequest, record: Record, choices: SplitChoices
) -> list[OfferedRows]:
    """Return the rows to choose from, the first of each kind. Three queries a kind."""
    offered = []
    for column in columns_to_split(type(record)):
        rows, key = rows_with(column, record), column_key(column)
        if not (count := rows.count()):
            continue
        chosen = choices.rows.get(key, set())
        keys = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST_ROWS_OFFERED])
        links = row_links(modeladmin.admin_site, request, column.model, keys)
        shown: list[OfferedRow] = [
            OfferedRow(pk, link, "goes" if pk in chosen else "both" if pk in choices.names_of_both else "stays")
            for pk, link in zip(keys, links, strict=False)
        ]
        are_names = issubclass(column.model, Name)
        all_chosen = f"all-{key}" in request.POST
        offered.append(OfferedRows(key, _label(column), count, shown, are_names, all_chosen))
    return offered


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
                group.label = _label(relation.column)
                parts.setdefault(part, []).append(group)
    if plan.copied:
        parts["copied"] = row_groups(site, request, plan.copied)
    return [(titles[part], groups) for part, groups in parts.items()]
