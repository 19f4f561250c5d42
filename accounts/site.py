"""The part of the admin site that asks who somebody is: sign-in, second factor, idle sessions, forms that were held."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import second_factor
from accounts.account_pages import AccountPage, SecondFactorPage, key_picture, send_again
from accounts.audit import note_change
from accounts.forms import OwnPasswordForm, SignInForm
from accounts.held_forms import can_be_held, held_form_of, read_signed, show_again, sign
from accounts.sessions import put_off_end
from base.admin import HeldForm
from base.text.languages import CODES, address_in, language_of

# In the address of the sign-in page: which language somebody chose there, since its own address leaves that to the browser.
CHOSEN_LANGUAGE = "language"

ViewFunction = Callable[..., HttpResponseBase]


class OwnPasswordView(PasswordChangeView):
    """Changes one's own password. All other sessions of the account end with it, as Django arranges."""

    form_class = OwnPasswordForm

    def get_form_kwargs(self) -> dict[str, object]:
        """Hand the request to the form, which counts attempts."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        """Save, and note it on the history page of the account."""
        response = super().form_valid(form)
        note_change("own password changed", cast(User, self.request.user), self.request)
        return response


class AccountsSite(admin.AdminSite):
    """An admin site that throttles the sign-in, asks for a code, and loses no form when a session has ended."""

    login_form = SignInForm

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the user may use the admin: a curator, with the second factor if the site asks for it."""
        return super().has_permission(request) and second_factor.is_satisfied(request.user)

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """Add the pages of one's own account, and the one for forms that were held."""
        own = [
            path("account/", self.admin_view(AccountPage.as_view()), name="account"),
            path("account/second-factor/", self.own_view(SecondFactorPage.as_view()), name="second_factor"),
            path("account/second-factor/key.svg", self.own_view(key_picture), name="second_factor_key"),
            path("send-again/", self.admin_view(send_again), name="send_again"),
        ]
        return [*own, *super().get_urls()]

    # Who gets in ---------------------------------------------------------------------------------------------------------
    def admin_view(self, view: ViewFunction, cacheable: bool = False) -> ViewFunction:  # type: ignore[override]
        """Wrap a view: who is not signed in signs in first, who lacks a second factor sets it up and can do nothing else."""
        inner = super().admin_view(view, cacheable)

        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if self.has_permission(request):
                put_off_end(request.session)
                return inner(request, *args, **kwargs)
            if self.lacks_second_factor(request):
                if request.path == reverse("admin:logout"):
                    return csrf_protect(never_cache(view))(request, *args, **kwargs)
                return HttpResponseRedirect(reverse("admin:second_factor"))
            if can_be_held(request):
                return self.sign_in_page(request, held_form_of(request))
            return inner(request, *args, **kwargs)

        # `inner` carries the names of the view, and what Django's own decorators left on it.
        checked.__dict__.update(inner.__dict__)
        checked.__name__, checked.__doc__ = getattr(view, "__name__", "view"), inner.__doc__
        return checked

    def own_view(self, view: ViewFunction) -> ViewFunction:
        """Wrap a view of the set-up of a second factor, which those may use who lack it."""
        inner = self.admin_view(view)

        def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if self.lacks_second_factor(request):
                put_off_end(request.session)
                return csrf_protect(never_cache(view))(request, *args, **kwargs)
            return inner(request, *args, **kwargs)

        return checked

    def lacks_second_factor(self, request: HttpRequest) -> bool:
        """Return whether this is a curator who has to set up a second factor and has none. Two queries at most."""
        user = request.user
        if not isinstance(user, User) or not super().has_permission(request):
            return False
        return not second_factor.is_satisfied(user) and not second_factor.has_device(user)

    # Signing in ----------------------------------------------------------------------------------------------------------
    def login(self, request: HttpRequest, extra_context: dict[str, object] | None = None) -> HttpResponse:
        """Show or take the sign-in form, in the language of its address; without one, in the language that the browser prefers."""
        if request.method == "GET" and self.lacks_second_factor(request):
            return HttpResponseRedirect(reverse("admin:second_factor"))
        text = request.POST.get("held", "")
        response = self._in_readers_language(request, {"held": text, **(extra_context or {})})
        if getattr(request, "sign_in_busy", False):
            response.status_code, response.headers["Retry-After"] = 503, "1"
        if response.status_code == 302 and request.method == "POST":
            if held := read_signed(text):
                return HttpResponseRedirect(show_again(request, held))
            return self._in_language_of_sign_in(request, response)
        return response

    def sign_in_page(self, request: HttpRequest, held: HeldForm | None) -> HttpResponse:
        """Return the sign-in page as the answer to a form whose session has ended; the form goes through it.

        `held` is None if the form is too large to be kept.
        """
        target = held["path"] if held else reverse("admin:index")
        notes: list[Promise] = [_("Your session has ended, and nothing was saved yet.")]
        if held is None:
            notes.append(_("What you typed is too long to be kept: go back and copy it before you sign in."))
        else:
            notes.append(_("Sign in, and you will see again what you typed."))
        context: dict[str, object] = {
            "held": sign(held) if held else "",
            "notes": notes,
            "app_path": f"{reverse('admin:login')}?{urlencode({'next': target})}",
            "next": target,
        }
        request.method = "GET"
        response = self._in_readers_language(request, context)
        response.status_code = 403
        return response

    def recover_form(self, request: HttpRequest) -> HttpResponse:
        """Answer a form whose token is out of date because somebody signed in or out in another window."""
        held = held_form_of(request)
        if not self.has_permission(request):
            return self.sign_in_page(request, held)
        return HttpResponseRedirect(show_again(request, held) if held else request.get_full_path())

    def recover_sign_in(self, request: HttpRequest) -> HttpResponse:
        """Answer a sign-in form whose token is out of date: show a new one, or go on if another window has signed in."""
        held = read_signed(request.POST.get("held", ""))
        if self.has_permission(request):
            return HttpResponseRedirect(show_again(request, held) if held else reverse("admin:index"))
        if held is None:
            return HttpResponseRedirect(request.get_full_path())
        return self.sign_in_page(request, held)

    @staticmethod
    def _language_of_sign_in(request: HttpRequest) -> str:
        """Return the language of the address; where that is English, the one chosen by the switch, else the browser's."""
        language, chosen = language_of(request.path), request.GET.get(CHOSEN_LANGUAGE, "")
        if language == settings.LANGUAGE_CODE:
            return chosen if chosen in CODES else get_language_from_request(request)
        return language

    def _in_language_of_sign_in(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Lead on in the language in which somebody signed in, to whichever page of the admin they asked for."""
        language, target = self._language_of_sign_in(request), response.headers["Location"]
        inside = target.startswith(address_in(reverse("admin:index"), settings.LANGUAGE_CODE))
        return HttpResponseRedirect(address_in(target, language)) if inside else response

    def _in_readers_language(self, request: HttpRequest, context: dict[str, object]) -> HttpResponse:
        """Show or take the sign-in form as Django does: in the language of the address, of the switch, or of the browser."""
        language = self._language_of_sign_in(request)
        with override(language):
            response = super().login(request, {"chosen_language": CHOSEN_LANGUAGE, **context})
            if isinstance(response, SimpleTemplateResponse):
                response.render()
        patch_vary_headers(response, ["Accept-Language"])
        response.headers["Content-Language"] = language
        return response

    # One's own password ---------------------------------------------------------------------------------------------------
    def password_change(  # type: ignore[override]  # Django's stubs forget the redirect
        self, request: HttpRequest, extra_context: dict[str, object] | None = None
    ) -> HttpResponseBase:
        """Show or take the form for one's own password."""
        request.current_app = self.name
        view = OwnPasswordView.as_view(
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        return view(request)
