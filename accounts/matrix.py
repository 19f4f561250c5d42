"""Rights as a short table: kinds of rows by rights, in place of a list of hundreds of permissions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.groups import SIGN_IN_LOGS
from base.records.kinds import kinds
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable
from base.records.records import Record
from reports.models import Report

RIGHTS: dict[str, Promise] = {
    "view": _("look"),
    "add": _("add"),
    "change": _("change"),
    "delete": _("delete"),
    "publish": _("publish"),
    "withdraw": _("withdraw"),
    "merge": _("unite"),
}


@dataclass(frozen=True)
class MatrixRow:
    """A line of the table: one kind of row, or several that are given together."""

    key: str
    label: str | Promise
    models: tuple[type[Model], ...]


@dataclass(frozen=True)
class Cell:
    """One right on the rows of a line; `permissions` is empty where there is no such right."""

    key: str
    label: str
    permissions: frozenset[int]
    held: bool


def matrix_rows() -> list[MatrixRow]:
    """Return the lines: each kind of record, then what hangs on records, reports and accounts."""
    records = [
        MatrixRow(model._meta.label_lower, model._meta.verbose_name_plural or "", (model,)) for model in kinds("api")
    ]
    passage = get_passage_model()
    facts = tuple(model for model in _models_of(Publishable) if not issubclass(model, Record) and model is not passage)
    return [
        *records,
        MatrixRow("passages", passage._meta.verbose_name_plural, (passage,)),
        MatrixRow("facts", _("names, links, descriptions and wordings"), facts),
        MatrixRow("reports", Report._meta.verbose_name_plural or "", (Report,)),
        MatrixRow("accounts", _("accounts"), (User,)),
        MatrixRow("groups", _("groups"), (Group,)),
        MatrixRow("sign-ins", _("log of sign-ins"), SIGN_IN_LOGS),
    ]


def _models_of(base: type[Model]) -> Iterable[type[Model]]:
    for model in base.__subclasses__():
        if model._meta.abstract:
            yield from _models_of(model)
        else:
            yield model


def matrix(held: Collection[int]) -> list[tuple[MatrixRow, list[Cell]]]:
    """Return the table for these permissions (primary keys). A right is held where it is on all rows of a line. One query."""
    ids = {
        (app, name): pk for pk, app, name in Permission.objects.values_list("pk", "content_type__app_label", "codename")
    }
    table = []
    for row in matrix_rows():
        cells = []
        for right, label in RIGHTS.items():
            is_of_use = right == "view" or row.models is not SIGN_IN_LOGS  # the program alone writes that log
            models = row.models if is_of_use else ()
            keys = [(model._meta.app_label, f"{right}_{model._meta.model_name}") for model in models]
            permissions = frozenset(ids[key] for key in keys if key in ids)
            is_held = bool(permissions) and permissions <= set(held)
            cells.append(Cell(f"{row.key}:{right}", f"{row.label}: {label}", permissions, is_held))
        table.append((row, cells))
    return table


def permissions_of(user: User) -> set[int]:
    """Return the primary keys of all permissions of a user, of groups as well. One query."""
    permissions = Permission.objects.all()
    if not user.is_superuser:
        permissions = (permissions.filter(user=user) | permissions.filter(group__user=user)).distinct()
    return set(permissions.values_list("pk", flat=True))


class MatrixWidget(forms.CheckboxSelectMultiple):
    """Draws the table; a box in each cell that has a right."""

    def render(self, name: str, value: Any, attrs: object = None, renderer: object = None) -> SafeString:
        """Return the table as HTML."""
        context = {"columns": RIGHTS.values(), "table": matrix([]), "chosen": set(value or ()), "name": name}
        return render_to_string("admin/rights_matrix.html", context)


class GroupForm(forms.ModelForm):
    """A group and its rights. Permissions that the table does not show stay as they are."""

    rights = forms.MultipleChoiceField(label=_("Rights"), required=False, widget=MatrixWidget)

    class Meta:
        model = Group
        fields = ("name",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = set(self.instance.permissions.values_list("pk", flat=True)) if self.instance.pk else set()
        self.cells = [cell for _row, cells in matrix(held) for cell in cells if cell.permissions]
        field = self.fields["rights"]
        field.choices = [(cell.key, cell.label) for cell in self.cells]  # type: ignore[attr-defined]
        field.initial = [cell.key for cell in self.cells if cell.held]

    def chosen_permissions(self) -> set[int]:
        """Return the primary keys of the permissions that the group is to have."""
        chosen = set(self.cleaned_data["rights"])
        shown = {pk for cell in self.cells for pk in cell.permissions}
        others = set(self.instance.permissions.values_list("pk", flat=True)) - shown if self.instance.pk else set()
        return others.union(*(cell.permissions for cell in self.cells if cell.key in chosen))
