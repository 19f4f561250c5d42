"""The admin site of the curators."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.groups import role_label
from accounts.site import AccountsSite
from base.admin import View, change_set_page, form_draft_view, in_change_set, with_sound_address
from base.records.kinds import kinds
from config.header import header_counts
from desk.home import home_context
from desk.urls import urls_of
from reports.waiting import newest_open_reports
from review.urls import admin_urls
from review.waiting import waiting_context

# The groups of the index page, in the order in which curators need them. A model names its group in `admin_group`. Models
# without a group can be edited on the page of their record as well, and stand at the end.
GROUPS = {
    "sources": _("Sources and passages"),
    "said": _("What was said"),
    "happened": _("What happened"),
    "who": _("Who and what"),
    "reports": _("What readers report"),
}
REST = ("rows", _("Names, links and wordings (all rows)"))
ACCOUNTS = ("accounts", _("Accounts"))
ACCOUNT_APPS = ("auth.", "axes.")


# One app or model of the index page, as Django describes it to its templates: "name", "app_label", "models" and so on.
IndexEntry = dict[str, Any]


class AutocompleteView(AutocompleteJsonView):
    """Suggests rows for a foreign key while the curator types."""

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return the key of a row and the label that its own admin gives it."""
        label = getattr(self.model_admin, "choice_label", str)
        return {**super().serialize_result(obj, to_field_name), "text": label(obj)}


class RecordAdminSite(AccountsSite):
    """Django's admin site under our name, with its models grouped by a curator's tasks."""

    site_header = _("On the Record: curation")
    site_title = _("On the Record")
    enable_nav_sidebar = False  # the page of all records takes its place, and lists have the whole width

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Return a view for curators alone, after its address was checked; what a form of it changes is one change set."""
        return cast(View, super().admin_view(with_sound_address(in_change_set(view)), cacheable))

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the pages of the desk and of review, the list of all tables, and the page of a change set."""
        records = path("records/", self.admin_view(self.records), name="records")
        change_set = path("changes/<object_id>/", self.admin_view(partial(change_set_page, self)), name="change_set")
        form_drafts = path("form-drafts/", self.admin_view(form_draft_view), name="form_drafts")
        return [records, change_set, form_drafts, *urls_of(self), *admin_urls(self), *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Add what the header of every page says: what the curator may do, how many reports and submissions wait (one query)."""
        return {
            **super().each_context(request),
            "role_label": partial(role_label, request.user),
            "header_counts": partial(header_counts, request.user),
        }

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Show what waits for the curator: articles in work, drafts, reports from readers, the last changes."""
        user = cast(User, request.user)
        context = {
            **self.each_context(request),
            **home_context(user),
            "header_counts": header_counts(user),
            "review": waiting_context(user),
            "title": _("What waits for you"),
            "reports": newest_open_reports(user),
            "may_add": user.has_perm("directory.add_source"),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return TemplateResponse(request, "desk/home.html", context)

    def records(self, request: HttpRequest) -> HttpResponse:
        """Show the tables of all records, in groups, and what the curator did last."""
        context = {**self.each_context(request), "title": _("All records"), "app_list": self.get_app_list(request)}
        request.current_app = self.name
        return TemplateResponse(request, "admin/index.html", context)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[IndexEntry]:
        """Return the models in the groups of `GROUPS`; the page of a single app lists its models as Django does."""
        apps = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {model["model"]._meta.label: model for app in apps for model in app["models"]}
        records = [model._meta.label for model in kinds("api")]
        grouped = sorted(models, key=lambda label: records.index(label) if label in records else len(records))
        groups = []
        for key, name in GROUPS.items():
            labels = [label for label in grouped if getattr(models[label]["model"], "admin_group", "") == key]
            groups.append(self._group(key, name, [models[label] for label in labels]))
        models = {label: entry for label, entry in models.items() if not getattr(entry["model"], "admin_group", "")}
        accounts = [model for label, model in models.items() if label.startswith(ACCOUNT_APPS)]
        rest = [model for label, model in models.items() if not label.startswith(ACCOUNT_APPS)]
        groups += [self._group(*REST, rest), self._group(*ACCOUNTS, accounts)]
        return [group for group in groups if group["models"]]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer an autocomplete field, with labels that tell namesakes apart."""
        return cast("HttpResponse", AutocompleteView.as_view(admin_site=self)(request))

    def _group(self, key: str, name: Promise, models: list[IndexEntry]) -> IndexEntry:
        url = f"{reverse('admin:records', current_app=self.name)}#{key}"
        return {"name": name, "app_label": key, "app_url": url, "has_module_perms": True, "models": models}
