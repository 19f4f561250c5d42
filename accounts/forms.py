"""The forms of sign-in, codes and passwords."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import AbstractUser, User
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.hashers import HashingBusy
from accounts.second_factor import CodeRefused, check_code, has_device
from accounts.throttle import wait_message

CODE_WIDGET = forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"})


def busy_message() -> str:
    """Return what to tell somebody whose password has to wait for another one."""
    return _("Somebody else is signing in at this very moment. Nothing is lost; send it again in a second.")


class CodeField(forms.CharField):
    """Six digits from an app, or a recovery code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=gettext_lazy("Code"),
            help_text=gettext_lazy("Six digits from your app, or a recovery code."),
            max_length=40,
            widget=CODE_WIDGET,
            **kwargs,
        )


def code_error(request: HttpRequest, user: AbstractUser, refusal: CodeRefused) -> ValidationError:
    """Count a wrong code as a failure to sign in, and return what to tell."""
    if not refusal.wait:
        credentials = {"username": user.get_username()}
        user_login_failed.send(__name__, credentials=credentials, request=request)
        refusal.wait = getattr(request, "sign_in_wait", 0)
    else:
        request.sign_in_wait, request.axes_locked_out = refusal.wait, True  # type: ignore[attr-defined]
    if refusal.wait:
        return ValidationError(wait_message(refusal.wait), code="wait")
    return ValidationError(
        _("This code is not right, or was used before. Wait for the next one, and check the clock of your phone."),
        code="wrong_code",
    )


class SignInForm(AdminAuthenticationForm):
    """Name, password and code in one step. The code is asked of those who have set up a second factor."""

    otp_token = CodeField(required=False)

    def clean(self) -> dict[str, Any]:
        """Check the password, unless there were too many attempts; then the code."""
        request = cast(HttpRequest, self.request)
        try:
            data = super().clean()
        except HashingBusy:
            request.sign_in_busy = True  # type: ignore[attr-defined]
            raise ValidationError(busy_message(), code="busy") from None
        user = self.user_cache
        if user is not None:
            self._check_code(request, user, data.get("otp_token", ""))
        return data

    def _check_code(self, request: HttpRequest, user: User, code: str) -> None:
        """Add the device to a user who has one and gave the right code."""
        if not has_device(user):
            return
        self.user_cache = None
        if not code:
            raise ValidationError(_("The password is right. Type it once more, and the code as well."), code="no_code")
        try:
            device: Device = check_code(user, code)
        except CodeRefused as refusal:
            raise code_error(request, user, refusal) from None
        user.otp_device = device  # type: ignore[attr-defined]  # django-otp writes it into the session
        self.user_cache = user

    def get_invalid_login_error(self) -> ValidationError:
        """Return what to tell about a wrong password: when to try again, if there were too many."""
        wait = getattr(self.request, "sign_in_wait", 0)
        return ValidationError(wait_message(wait), code="wait") if wait else super().get_invalid_login_error()


class OwnPasswordForm(AdminPasswordChangeForm):
    """Changes one's own password. The old one is checked as at the sign-in: throttled, and failures count."""

    def __init__(self, user: User, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(user, *args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """Check the old password, unless there were too many attempts."""
        request, old = self.request, self.cleaned_data["old_password"]
        if authenticate(request, username=self.user.get_username(), password=old) is None:
            wait = getattr(request, "sign_in_wait", 0)
            if wait:
                raise ValidationError(wait_message(wait), code="wait")
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return str(old)


class CodeForm(forms.Form):
    """Asks for a current code before the second factor of an account is changed."""

    otp_token = CodeField()

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_otp_token(self) -> str:
        """Check the code."""
        code = str(self.cleaned_data["otp_token"])
        user = cast(User, self.request.user)
        try:
            check_code(user, code)
        except CodeRefused as refusal:
            raise code_error(self.request, user, refusal) from None
        return code


class FirstCodeForm(forms.Form):
    """Asks for the first code of a new app, as proof that the app has the secret."""

    otp_token = forms.CharField(
        label=gettext_lazy("Code"),
        help_text=gettext_lazy("The six digits that the app shows now."),
        max_length=40,
        widget=CODE_WIDGET,
    )
