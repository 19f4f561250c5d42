"""The answer to a form that is older than its row: both versions beside each other, and for each field whose value is kept.

Nothing is saved before the curator has chosen. What was typed goes along in hidden fields, and is kept as a draft of the form.
"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from base.admin.conflict_choices import ConflictFinder
from base.admin.form_drafts import FormDraftMixin
from base.admin.stale_forms import SEEN, StaleRowForm


class ConflictPageMixin(admin.ModelAdmin):
    """Shows both versions where a form is older than its row, with status 409."""

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """Show the form; in its place both versions, if somebody else saved the row meanwhile."""
        response = super().render_change_form(request, context, add, change, form_url, obj)
        form = context["adminform"].form
        if request.method != "POST" or obj is None or not isinstance(form, StaleRowForm):
            return response
        conflict = ConflictFinder(self, request, form, context["inline_admin_formsets"]).conflict()
        if conflict is not None:
            page = cast(TemplateResponse, response)
            page.template_name, page.status_code = "admin/conflict.html", 409
            page.context_data = {**(page.context_data or {}), "conflict": conflict, "title": _("Saved by two")}
        return response


class StaleFormAdmin(ConflictPageMixin, FormDraftMixin[Any]):
    """Gives every form of a saved row the hidden version, and locks the row while it is checked and saved. Forms are kept."""

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
