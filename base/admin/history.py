"""The history page of a row: a record with its names, links and wordings, what was saved at once in one block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from base.admin.addresses import is_key
from base.records.change_sets import ChangeSet
from base.records.curators import curator_name
from base.records.history import versions_of
from base.records.publishing import Publishable
from base.records.record_history import HistoryPage, Save, history_page
from base.records.shown_changes import Labels, ShownRow, referred_keys, shown_rows, time_to_compare
from base.text.moments import moment_in


@dataclass
class ShownSave:
    """One block of the page."""

    save: Save
    who: str
    rows: list[ShownRow]
    undone: ChangeSet | None  # the change set that undid it
    url: str  # of the page that shows and undoes the change set; empty without one
    version_url: str  # of the record as it stood then


class HistoryMixin(admin.ModelAdmin):
    """Shows one history in the place of a list of versions."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, object] | None = None
    ) -> HttpResponse:
        """Show what was saved of a row, the newest first, twenty saves a page. Of a deleted row too, by its number."""
        model = cast("type[Publishable]", self.model)
        if not is_key(object_id):
            raise Http404
        pk = int(object_id)
        row = self.get_queryset(request).filter(pk=pk).first()
        if row is None:
            last = versions_of(model)._base_manager.filter(id=pk).order_by("-history_id").first()
            if last is None:
                raise Http404(_("There is no row with this number."))
            if not self.has_view_permission(request):
                raise PermissionDenied
        elif not self.has_view_permission(request, row):
            raise PermissionDenied
        page = history_page(model, pk, before=moment_in(request.GET.get("before", "")))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Change history: %s") % (row or _("a row that was deleted")),
            "opts": self.opts,
            "object": row,
            "saves": shown_saves(page, (model, pk)),
            "older": page.older.isoformat() if page.older else "",
            "is_first_page": "before" not in request.GET,
            **(extra_context or {}),
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "admin/history.html", context)


def shown_saves(page: HistoryPage, owner: tuple[type[Publishable], int]) -> list[ShownSave]:
    """Return the saves of a page for people to read. One query for each model that they refer to, and two more."""
    labels = Labels(referred_keys([change for save in page.saves for change in save.changes]))
    keys = [save.change_set.pk for save in page.saves if save.change_set]
    undone = {act.reverts_id: act for act in ChangeSet.objects.filter(reverts__in=keys).order_by("id")}
    users, deadline = _users_of(page), time_to_compare()
    shown = []
    for save in page.saves:
        act = save.change_set
        url = reverse("admin:change_set", args=[act.pk]) if act else ""
        rows = shown_rows(save.changes, owner, labels, deadline)
        who = curator_name(users.get(save.user or 0))
        if rows or save.rows_left_out:
            shown.append(
                ShownSave(save, who, rows, undone.get(act.pk) if act else None, url, _version_url(save, owner))
            )
    return shown


def _users_of(page: HistoryPage) -> dict[int, Any]:
    users = ChangeSet._meta.get_field("user").related_model
    keys = {save.user for save in page.saves} - {None}
    return dict(users._base_manager.in_bulk(keys)) if keys else {}


def _version_url(save: Save, owner: tuple[type[Publishable], int]) -> str:
    """Return the address of the page that shows the row as it was stored then; empty if only others were saved."""
    model, pk = owner
    versions = [change.last for change in save.changes if change.model is model and change.pk == pk]
    if not versions or versions[0].history_type == "-":
        return ""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history"
    return reverse(name, args=[pk, versions[0].history_id])
