"""Keeping what is typed into a form of the admin until it is saved, and offering it again when the form is opened."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, ClassVar, Generic, cast

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from base.admin.held_forms import SESSION_KEY_OF_FORM, HeldForm, fill_in, take_held_form
from base.admin.searching import RowT
from base.records.form_drafts import KEY, draft_of_form, drafts_of_form, forget_form, keep_form, path_of_draft


def path_of_form(request: HttpRequest) -> str:
    """Return the address of a form: the same from whichever list it was opened."""
    query = request.GET.copy()
    query.pop("_changelist_filters", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


def _path_of_sent_draft(request: HttpRequest) -> str:
    return path_of_draft(path_of_form(request), request.POST.get("draft_key", ""))


@require_POST
def form_draft_view(request: HttpRequest) -> HttpResponse:
    """Keep the form of the address `draft_path`; with `draft_action` show it again there (`show`) or forget it (`dismiss`).

    `draft_key` says on which of the opened pages of this address it was typed.
    Returns when it was kept as JSON: {"saved": "14:02:11"}; or 422 with {"error": "…"}.
    """
    path, action = request.POST.get("draft_path", ""), request.POST.get("draft_action", "")
    if not path.startswith("/") or "\0" in path or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return JsonResponse({"error": _("This is no form of ours.")}, status=422)
    kept_at = path_of_draft(path, request.POST.get("draft_key", ""))
    if action == "show":
        if (draft := draft_of_form(request.user, kept_at)) is not None:
            request.session[SESSION_KEY_OF_FORM] = HeldForm(path=path, post=draft.data, files=[], is_draft=True)
        return HttpResponseRedirect(path)
    if action == "dismiss":
        forget_form(request.user, kept_at)
        return HttpResponseRedirect(path)
    try:
        draft = keep_form(request.user, kept_at, request.POST)
    except ValidationError as error:
        return JsonResponse({"error": " ".join(error.messages)}, status=422)
    return JsonResponse({"saved": date_format(timezone.localtime(draft.updated_at), "H:i:s")})


def keep_sent_form(request: HttpRequest) -> None:
    """Keep a form that was sent and is not saved, as if it were still being typed. One that is too long is left."""
    with suppress(ValidationError):
        keep_form(request.user, _path_of_sent_draft(request), request.POST)


class RefusedForm(forms.BaseForm):
    """A form that is shown again with the reasons for which it was not saved."""

    refusal_reasons: ClassVar[list[str]] = []

    def clean(self) -> dict[str, Any]:
        """Add the reasons before anything else that is wrong."""
        for reason in self.refusal_reasons:
            self.add_error(None, reason)
        return cast("dict[str, Any]", super().clean())


class FormDraftMixin(admin.ModelAdmin, Generic[RowT]):
    """Forms that are kept while they are typed, and shown again as they were typed.

    The page that asks whether to go on shows the row as it is saved.
    """

    shows_held_forms: ClassVar[bool] = True

    def get_form(
        self, request: HttpRequest, obj: RowT | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Return the form; where it is shown again, with the reasons."""
        form = super().get_form(request, obj, change=change, **kwargs)
        reasons = getattr(request, "refusal_reasons", [])
        return type(form.__name__, (RefusedForm, form), {"refusal_reasons": reasons}) if reasons else form

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show a form that was held, or that is gone on with, as it was typed."""
        if held := take_held_form(request):
            fill_in(request, held)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, object],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: RowT | None = None,
    ) -> HttpResponse:
        """Add where the form is kept, and what was typed before and not saved. One query.

        A form that was sent is kept: it is shown again because it was not saved.
        """
        context["form_drafts_url"] = reverse("admin:form_drafts")
        context["form_path"] = path_of_form(request)
        if request.method == "POST":
            keep_sent_form(request)
            key = request.POST.get("draft_key", "")
            context["draft_key"] = key if KEY.fullmatch(key) else ""
        else:
            context["draft_key"] = secrets.token_hex(4)
            context["form_drafts"] = drafts_of_form(request.user, path_of_form(request))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Sequence[BaseFormSet], change: bool
    ) -> None:
        """Forget what was typed, together with saving it: if that is refused, it is still kept."""
        super().save_related(request, form, formsets, change)
        forget_form(request.user, _path_of_sent_draft(request))
