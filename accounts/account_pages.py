"""The pages of one's own account: second factor, recovery codes, other sessions."""

from __future__ import annotations

from typing import cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View
from django_otp import login as begin_verified_session

from accounts import second_factor
from accounts.audit import note_change
from accounts.forms import CodeForm, FirstCodeForm
from accounts.sessions import end_sessions
from accounts.throttle import too_many_attempts
from base.admin import SESSION_KEY_OF_FORM, HeldForm

KEY = "second_factor_key"  # in the session, until the app has proven that it has the secret


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


class OwnPage(View):
    """A page of the admin for one's own account."""

    template = ""
    http_method_names = ["get", "head", "post"]

    def page(self, request: HttpRequest, **context: object) -> HttpResponse:
        """Return the page; 429 if a code came too soon."""
        response = TemplateResponse(request, self.template, {**admin.site.each_context(request), **context})
        return too_many_attempts(request, response.render()) if getattr(request, "sign_in_wait", 0) else response


class AccountPage(OwnPage):
    """Says how one's account is protected, and changes that. What weakens it asks for a code."""

    template = "admin/account.html"

    def get(self, request: HttpRequest, form: CodeForm | None = None, codes: list[str] | None = None) -> HttpResponse:
        """Show the page; `codes` are recovery codes, which are shown this once."""
        user = _user(request)
        return self.page(
            request,
            title=_("Your account"),
            form=form or CodeForm(request=request),
            codes=codes,
            has_device=second_factor.has_device(user),
            codes_left=second_factor.recovery_codes_left(user),
            is_required=second_factor.is_required(user),
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do what the button says."""
        user, action = _user(request), request.POST.get("action")
        if action == "sign_out_elsewhere":
            ended = end_sessions(user, keep=request.session.session_key)
            note_change("signed out everywhere else", user, request)
            messages.success(request, _("Signed out everywhere else: %(n)d sessions ended.") % {"n": ended})
            return HttpResponseRedirect(reverse("admin:account"))
        form = CodeForm(request.POST, request=request)
        if action not in ("new_codes", "replace", "remove") or not form.is_valid():
            return self.get(request, form=form)
        if action == "new_codes":
            codes = second_factor.new_recovery_codes(user)
            note_change("new recovery codes", user, request)
            # The device that has verified this session may have been replaced just now.
            return self.get(request, codes=codes)
        if action == "replace":
            request.session[KEY] = second_factor.new_key()
            return HttpResponseRedirect(reverse("admin:second_factor"))
        second_factor.remove(user)
        note_change("second factor removed", user, request)
        messages.success(request, _("The second factor is removed. Your password alone signs you in."))
        return HttpResponseRedirect(reverse("admin:account"))


class SecondFactorPage(OwnPage):
    """Sets up an app: shows the secret as a picture and in letters, and asks for the first code."""

    template = "admin/second_factor.html"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Lead whoever has an app to the page that asks for a code before it is replaced."""
        if KEY not in request.session:
            if second_factor.has_device(_user(request)):
                return HttpResponseRedirect(reverse("admin:account"))
            request.session[KEY] = second_factor.new_key()
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def get(self, request: HttpRequest, form: FirstCodeForm | None = None) -> HttpResponse:
        """Show the secret and ask for the code."""
        key = second_factor.key_in_letters(request.session[KEY])
        is_required = second_factor.is_required(_user(request))
        return self.page(
            request, title=_("Set up the second factor"), form=form or FirstCodeForm(), key=key, is_required=is_required
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Take the first code, end all other sessions, and show the recovery codes, once."""
        form, user = FirstCodeForm(request.POST), _user(request)
        if not form.is_valid():
            return self.get(request, form)
        try:
            device, codes = second_factor.set_up(user, request.session[KEY], form.cleaned_data["otp_token"])
        except second_factor.CodeRefused:
            wrong = _("The app shows another code. Scan or type the secret again, and take the code it shows now.")
            form.add_error("otp_token", wrong)
            return self.get(request, form)
        del request.session[KEY]
        request.session.cycle_key()
        begin_verified_session(request, device)
        end_sessions(user, keep=request.session.session_key)
        note_change("second factor set up", user, request)
        return self.page(request, title=_("Your recovery codes"), codes=codes)


def key_picture(request: HttpRequest) -> HttpResponse:
    """Return the secret that is being set up as a picture for the app; 404 if none is."""
    key = request.session.get(KEY)
    if key is None:
        return HttpResponse(status=404)
    return HttpResponse(second_factor.qr_code(_user(request), key), content_type="image/svg+xml")


def send_again(request: HttpRequest) -> HttpResponse:
    """Show what was held as a form with one button, which sends it once more; nothing was done yet."""
    held: HeldForm | None = request.session.pop(SESSION_KEY_OF_FORM, None)
    if held is None:
        return HttpResponseRedirect(reverse("admin:index"))
    values = [(name, value) for name, values in QueryDict(held["post"]).lists() for value in values]
    context = {
        **admin.site.each_context(request),
        "title": _("You are signed in again"),
        "path": held["path"],
        "values": values,
        "files": held["files"],
    }
    return TemplateResponse(request, "admin/send_again.html", context)
