"""Two windows on one row: a form that is older than the row is refused, so that nobody overwrites what they have not seen.

Records have a stricter check of their own, by the time of their last change (`RecordForm`); this one is for all other rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

SEEN = "seen"


class HiddenVersion(forms.CharField):
    """The version of a row that a form was opened with. A form is not changed by it alone."""

    widget = forms.HiddenInput

    def has_changed(self, initial: object, data: object) -> bool:
        """Never count as a change."""
        return False


class StaleRowForm(forms.ModelForm):
    """Carries a digest of what its fields held when it was opened, and is refused if they hold something else by now."""

    seen = HiddenVersion(required=False)
    refused_unchanged: ClassVar[bool] = False  # even a form that would write nothing new, because its buttons do more

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and SEEN in self.fields:
            self.stored_version = self.version_of_fields()
            self.initial[SEEN] = self.stored_version

    def version_of_fields(self) -> str:
        """Return a digest of what the fields hold in the database. No queries beside those that filling the form takes."""
        values = [
            (name, _comparable(self.get_initial_for_field(field, name)))
            for name, field in sorted(self.fields.items())
            if name != SEEN and not field.disabled  # what a form only shows, it cannot overwrite
        ]
        return hashlib.sha256(repr(values).encode()).hexdigest()[:16]

    def stale_message(self, seen: str) -> str:
        """Return what to tell a curator whose form was opened with the version `seen`."""
        return message_of_stale_form(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse a form that would put old values in the place of newer ones. Sent once more, it is taken."""
        data = super().clean() or self.cleaned_data
        stored, seen = getattr(self, "stored_version", ""), data.get(SEEN)
        if stored and seen and seen != stored and (self.refused_unchanged or self.has_changed()):
            self.add_error(None, self.stale_message(seen))
            again = cast(QueryDict, self.data).copy()
            again[self.add_prefix(SEEN)] = stored
            self.data = again
        return data


def _comparable(value: object) -> object:
    """Return a value of a form as something whose `repr` is the same for the same value."""
    if isinstance(value, Model):
        return value.pk
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        return sorted(str(_comparable(each)) for each in value)
    return str(value)


def message_of_stale_form(row: Model) -> str:
    """Return what to tell a curator whose form is older than the row: who was quicker, and when. At most one query."""
    history = getattr(row, "history", None)
    latest = (
        history.select_related("history_user").order_by("-history_date", "-history_id").first() if history else None
    )
    text = _(
        "%(who)s changed this%(when)s after you opened it. Nothing was saved, and what you typed is still here. "
        "Compare it with the saved version; saving again puts yours in its place."
    )
    when = ""
    if latest is not None:
        when = _(" on %s,") % date_format(timezone.localtime(latest.history_date), "DATETIME_FORMAT")
    return text % {"who": getattr(latest, "history_user", None) or _("Somebody"), "when": when}


class StaleFormAdmin(admin.ModelAdmin):
    """Gives every form of a saved row the hidden version, and locks the row while it is checked and saved."""

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Return the form; of a saved row with the version that it was opened with."""
        form = kwargs.get("form") or self.form
        if obj is not None and SEEN not in getattr(form, "declared_fields", {}):
            kwargs["form"] = type(form.__name__, (StaleRowForm, form), {})
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Return the fieldsets, with the hidden version in the last one if the form can be saved."""
        fieldsets = list(super().get_fieldsets(request, obj))
        if obj is None or not self.has_change_permission(request, obj) or SEEN in flatten_fieldsets(fieldsets):
            return fieldsets
        title, options = fieldsets[-1]
        return [*fieldsets[:-1], (title, {**options, "fields": [*options["fields"], SEEN]})]

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the row; where it is about to be saved, locked until that is done."""
        if request.method == "POST" and connection.in_atomic_block and object_id.isdecimal():
            list(self.model._base_manager.select_for_update().filter(pk=object_id).values_list("pk"))
        return super().get_object(request, object_id, from_field)
