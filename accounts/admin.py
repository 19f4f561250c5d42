"""Accounts, groups and the log of sign-ins in the admin."""

from __future__ import annotations

from typing import Any, ClassVar

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import ModelForm, ModelMultipleChoiceField
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import second_factor
from accounts.audit import note_change
from accounts.groups import READY_GROUPS
from accounts.matrix import RIGHTS, GroupForm, matrix, permissions_of
from accounts.sessions import end_sessions
from base.admin import RowsField, RowsSelect, StaleFormAdmin

# They would show the secrets of other people's apps; the page of one's own account and the actions below take their place.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


def matrix_table(held: set[int]) -> SafeString:
    """Return the table of these permissions as HTML, to be looked at."""
    return render_to_string("admin/rights_matrix.html", {"table": matrix(held), "columns": RIGHTS.values()})


@admin.register(User)
class AccountAdmin(StaleFormAdmin, UserAdmin):
    """Accounts. Rights come from groups alone; nobody makes a superuser but a superuser."""

    list_display = ["username", "first_name", "last_name", "is_active", "has_second_factor", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser", "groups"]
    actions = ["reset_second_factor", "sign_out_everywhere", "unlock"]
    list_per_page = 50
    show_full_result_count = False
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (gettext_lazy("Personal info"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("What this account may do"), {"fields": ("is_active", "is_staff", "groups", "rights")}),
        (gettext_lazy("Important dates"), {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields: ClassVar[tuple[str, ...]] = ("last_login", "date_joined", "rights")
    filter_horizontal: ClassVar[tuple[str, ...]] = ()
    autocomplete_fields = ("groups",)

    @admin.display(description=gettext_lazy("second factor"), boolean=True)
    def has_second_factor(self, obj: User) -> bool:
        """Whether an app is set up; `get_queryset` has loaded it."""
        return bool(obj.totpdevice_set.all())  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("rights"))
    def rights(self, obj: User) -> SafeString:
        """Return what the account may do, by all its groups."""
        return matrix_table(permissions_of(obj) if obj.pk else set())

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Load the devices with the accounts."""
        return super().get_queryset(request).prefetch_related("totpdevice_set")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Return the fieldsets; superusers may make others superusers."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not request.user.is_superuser:
            return fieldsets
        return [*fieldsets, (gettext_lazy("All rights, whatever the groups"), {"fields": ("is_superuser",)})]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        """Save, and log a new account."""
        super().save_model(request, obj, form, change)
        if not change:
            note_change("account made", obj, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keep keepers from accounts that may do more than they."""
        return super().has_change_permission(request, obj) and self._may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Keep keepers from accounts that may do more than they."""
        return super().has_delete_permission(request, obj) and self._may_touch(request, obj)

    @staticmethod
    def _may_touch(request: HttpRequest, obj: Model | None) -> bool:
        """Return whether an account has no right that the user has not. Two queries, none for superusers."""
        user = request.user
        if not isinstance(obj, User) or not isinstance(user, User) or user.is_superuser:
            return True
        return not obj.is_superuser and permissions_of(obj) <= permissions_of(user)

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        """Offer the groups that have no right that the user has not."""
        rows = {"widget": RowsSelect(db_field, self.admin_site), "form_class": RowsField}
        field = super().formfield_for_manytomany(db_field, request, **{**rows, **kwargs})
        user = request.user
        if field is not None and db_field.name == "groups" and isinstance(user, User) and not user.is_superuser:
            beyond = Permission.objects.exclude(pk__in=permissions_of(user))
            field.queryset = Group.objects.exclude(permissions__in=beyond)
        return field

    def _reachable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        """Return the chosen accounts; refuse all of them if one is out of reach."""
        users = list(queryset)
        if not all(self.has_change_permission(request, user) for user in users):
            raise PermissionDenied
        return users

    @admin.action(permissions=["change"], description=gettext_lazy("Remove the second factor (lost phone)"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Take apps and recovery codes from accounts, and end their sessions."""
        users = self._reachable(request, queryset)
        for user in users:
            second_factor.remove(user)
            end_sessions(user)
            note_change("second factor removed", user, request)
        self.message_user(request, _("Second factor removed, and signed out: %(n)d accounts.") % {"n": len(users)})

    @admin.action(permissions=["change"], description=gettext_lazy("Sign out everywhere"))
    def sign_out_everywhere(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """End all sessions of accounts."""
        users = self._reachable(request, queryset)
        for user in users:
            end_sessions(user, keep=request.session.session_key)
            note_change("signed out everywhere", user, request)
        self.message_user(request, _("Signed out everywhere: %(n)d accounts.") % {"n": len(users)})

    @admin.action(permissions=["change"], description=gettext_lazy("Let sign in again after too many attempts"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget the failures of accounts."""
        users = self._reachable(request, queryset)
        AccessAttempt.objects.filter(username__in=[user.get_username() for user in users]).delete()
        for user in users:
            note_change("failures forgotten", user, request)
        self.message_user(request, _("May sign in again: %(n)d accounts.") % {"n": len(users)}, messages.SUCCESS)


@admin.register(Group)
class RightsAdmin(StaleFormAdmin, GroupAdmin):
    """Groups with their rights as a table. The ready groups are made by the program, so they are only looked at."""

    form = GroupForm
    list_display = ["name", "purpose"]
    fields = ("name", "rights")
    filter_horizontal: ClassVar[tuple[str, ...]] = ()

    @admin.display(description=gettext_lazy("purpose"))
    def purpose(self, obj: Group) -> str:
        """Return what a ready group is for."""
        return str(READY_GROUPS.get(obj.name, ""))

    @admin.display(description=gettext_lazy("rights"))
    def table(self, obj: Group) -> SafeString:
        """Return the rights of the group."""
        return matrix_table(set(obj.permissions.values_list("pk", flat=True)))

    def get_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """Return the table with boxes, or without them for whoever may only look."""
        may_change = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return ("name", "rights") if may_change else ("name", "purpose", "table")

    def get_readonly_fields(self, request: HttpRequest, obj: Group | None = None) -> tuple[str, ...]:
        """Return what is only shown."""
        return tuple(name for name in self.get_fields(request, obj) if name in ("purpose", "table"))

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Leave the ready groups, and all rights beyond one's own, to the program and to superusers."""
        ready = obj is not None and obj.name in READY_GROUPS
        return super().has_change_permission(request, obj) and not ready

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        """Keep the ready groups."""
        ready = obj is not None and obj.name in READY_GROUPS
        return super().has_delete_permission(request, obj) and not ready

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Give the group the rights that were ticked."""
        super().save_related(request, form, formsets, change)
        if isinstance(form, GroupForm):
            form.instance.permissions.set(form.chosen_permissions())
            note = ", ".join(form.cleaned_data["rights"]) or "none"
            messages.info(request, _("Rights of this group: %s") % note)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that the program writes and nobody changes."""

    list_per_page = 50
    show_full_result_count = False
    search_fields: ClassVar[tuple[str, ...]] = ("username", "ip_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse; `manage.py clear_expired` deletes what is old."""
        return False


@admin.register(AccessLog)
class SignInLogAdmin(ReadOnlyAdmin):
    """Who signed in, when and from where."""

    list_display = ["attempt_time", "username", "ip_address", "logout_time"]
    fields = ("attempt_time", "username", "ip_address", "logout_time")


@admin.register(AccessFailureLog)
class RefusedSignInAdmin(ReadOnlyAdmin):
    """Wrong passwords and codes. The name is empty where no account has it."""

    list_display = ["attempt_time", "username", "ip_address", "locked_out"]
    fields = ("attempt_time", "username", "ip_address", "locked_out")


@admin.register(AccessAttempt)
class CountedFailureAdmin(ReadOnlyAdmin):
    """Failures that count towards a lock now."""

    list_display = ["attempt_time", "username", "ip_address", "failures_since_start"]
    fields = ("attempt_time", "username", "ip_address", "failures_since_start")
