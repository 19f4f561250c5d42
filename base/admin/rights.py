"""Who may do what: the rights that every page, action and form of the admin asks for.

Beside Django's four rights a kind of row has `publish`, which every change of what readers see needs, and a record has
`withdraw` and `merge`. Which group has which is in `accounts/groups.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from base.admin.guard import ChangeRefused
from base.records.provenance import get_passage_model
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.second_person import another_has_to, rows_needing_another

# Buttons of forms that do more than save, and the right that each asks for.
BUTTONS = {"_publish": "publish", "_withdraw": "withdraw"}

AnyRow = TypeVar("AnyRow", bound=Model)


def is_public(row: Model) -> bool:
    """Return whether a change of this row, as the database has it now, would be seen by readers.

    A record counts from its first publication on, because its address answers for ever; a passage counts if something
    public cites it. One query; of a passage up to one for each kind of row that cites passages.
    """
    model = type(row)
    if row.pk is None or not issubclass(model, Publishable):
        return False
    if issubclass(model, Record):
        return model._base_manager.filter(pk=row.pk).exclude(published_at=None).exists()
    if model is get_passage_model():
        citing = [(r.related_model, r.field.name) for r in model._meta.related_objects]
        return any(
            other.objects.published().filter(**{name: row.pk}).exists()
            for other, name in citing
            if issubclass(other, Publishable)
        )
    return model.objects.published().filter(pk=row.pk).exists()


def may(user: AbstractBaseUser | AnonymousUser, action: str, *models: type[Model]) -> bool:
    """Return whether somebody has this right on rows of each of these kinds."""
    if not isinstance(user, PermissionsMixin):
        return False
    return all(user.has_perm(f"{m._meta.app_label}.{get_permission_codename(action, m._meta)}") for m in models)


def require_right(request: HttpRequest, action: str, models: Iterable[type[Model]]) -> None:
    """Raise PermissionDenied unless the user has this right on rows of each of these kinds. Facts know only `publish`."""
    for model in models:
        right = action if issubclass(model, Record) else "publish"
        if not request.user.has_perm(f"{model._meta.app_label}.{get_permission_codename(right, model._meta)}"):
            raise PermissionDenied


def has_changed(form: ModelForm) -> bool:
    """Return whether a form changes more of its row than the status."""
    return bool(set(form.changed_data) - {"status", "change_reason", "seen"})


def is_own_work(request: HttpRequest, row: Publishable) -> bool:
    """Return whether two people are needed and the user changed this row, which was saved before, or submitted it."""
    return bool(rows_needing_another(request.user, {type(row): [row.pk]}))


def own_work(request: HttpRequest, forms: Iterable[ModelForm]) -> list[Publishable]:
    """Return the rows of forms, about to be saved, that would come before readers by nobody but the user's doing.

    None unless two people are needed. Records are left out: they become public by `publish` alone. About two queries a row.
    """
    rows: list[Publishable] = []
    for form in forms if settings.REVIEW_BY_TWO else ():
        row = form.instance
        if not isinstance(row, Publishable) or isinstance(row, Record) or row.status != Status.PUBLISHED:
            continue
        if row.__dict__.get("_loaded", {}).get("status") == Status.PUBLISHED and is_public(row):
            continue
        if row.pk is None or has_changed(form) or is_own_work(request, row):
            rows.append(row)
    return rows


def refuse_own_work(rows: Iterable[Publishable]) -> None:
    """Raise ChangeRefused if one of these rows, which were just saved, is public now."""
    for row in rows:
        if is_public(row):
            raise ChangeRefused([_("“%(row)s”: %(problems)s") % {"row": row, "problems": another_has_to()}])


class RightsMixin(admin.ModelAdmin, Generic[AnyRow]):
    """Asks for the right to publish wherever a change would be seen by readers, however it is made."""

    def has_right(self, request: HttpRequest, action: str) -> bool:
        """Return whether the user has this right on rows of this kind: view, add, change, delete, publish, withdraw, merge."""
        return request.user.has_perm(f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}")

    def has_publish_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may change what readers see. Actions ask this with `permissions=["publish"]`."""
        return self.has_right(request, "publish")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may withdraw records."""
        return self.has_right(request, "withdraw")

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may unite records."""
        return self.has_right(request, "merge")

    def has_change_permission(self, request: HttpRequest, obj: AnyRow | None = None) -> bool:
        """Allow changes of what is public only to those who may publish."""
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: AnyRow | None = None) -> bool:
        """Allow the deletion of what is public only to those who may publish."""
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    def _may_touch(self, request: HttpRequest, obj: Model | None) -> bool:
        """Return whether the user may change this row in view of its being public. Asks the database once a request."""
        if obj is None or self.has_publish_permission(request):
            return True
        known: dict[tuple[type[Model], object], bool] = request.__dict__.setdefault("public_rows", {})
        key = (type(obj), obj.pk)
        if key not in known:
            known[key] = is_public(obj)
        return not known[key]

    def _check_buttons(self, request: HttpRequest) -> None:
        """Refuse a form that was sent by a button whose right the user does not have."""
        if any(button in request.POST and not self.has_right(request, right) for button, right in BUTTONS.items()):
            raise PermissionDenied

    # Ways of saving ------------------------------------------------------------------------------------------------------
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Refuse a button whose right the user does not have, before anything is read or saved."""
        self._check_buttons(request)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, object] | None = None,
    ) -> HttpResponse:
        """Show an old version; restore it only for those who may change the row as it is today.

        django-simple-history itself asks no more for that than the right to look.
        """
        self._check_buttons(request)
        if request.method == "POST":
            post = request.POST.copy()
            post.pop("_popup", None)  # Django would answer for the row that another window waits for
            request.POST = post  # type: ignore[assignment]
            rows = self.model._base_manager.filter(pk=object_id) if object_id.isdecimal() else []
            today = next(iter(rows), None)
            may = self.has_add_permission(request) if today is None else self.has_change_permission(request, today)
            if not may:
                raise PermissionDenied
        return super().history_form_view(request, object_id, version_id, extra_context)  # type: ignore[misc]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, str | list[str]]:
        """Begin new rows of those who may not publish as drafts."""
        initial = super().get_changeform_initial_data(request)
        if not self.has_publish_permission(request):
            initial.setdefault("status", Status.DRAFT)
        return initial

    def save_model(self, request: HttpRequest, obj: AnyRow, form: ModelForm, change: bool) -> None:
        """Save, unless that would change what readers see and the user may not."""
        if not self._may_touch(request, obj):
            raise PermissionDenied
        own = own_work(request, [form])
        super().save_model(request, obj, form, change)
        self._refuse_public(request, [obj])
        refuse_own_work(own)

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        """Save the rows of an inline, unless one of them would be public and the user may not publish."""
        own = own_work(request, [row for row in formset.forms if row.has_changed()])
        super().save_formset(request, form, formset, change)
        self._refuse_public(request, [row.instance for row in formset.forms if row.has_changed()])
        refuse_own_work(own)

    def _refuse_public(self, request: HttpRequest, rows: Sequence[Model]) -> None:
        """Raise ChangeRefused if one of these rows is public now and the user may not publish."""
        if not self.has_publish_permission(request) and any(is_public(row) for row in rows):
            raise ChangeRefused(
                [
                    _(
                        "This would be public at once, and you may prepare drafts only. Choose “draft”; an editor publishes it."
                    )
                ]
            )

    def delete_model(self, request: HttpRequest, obj: AnyRow) -> None:
        """Delete, unless that would change what readers see and the user may not."""
        if not self._may_touch(request, obj):
            raise PermissionDenied
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[AnyRow]) -> None:
        """Delete, unless that would change what readers see and the user may not."""
        if not self.has_publish_permission(request) and any(is_public(row) for row in queryset):
            raise PermissionDenied
        super().delete_queryset(request, queryset)
