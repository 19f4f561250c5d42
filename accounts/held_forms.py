"""Signing in again without losing a form: what was sent goes through the sign-in page, signed, and is then shown again.

Nothing is saved on the way. A form of a record or a fact is shown filled in; anything else is shown with a button that
sends it once more. Both carry a new token against forged requests, so that nobody else can have them sent.
"""

from __future__ import annotations

import re
from typing import cast

from django.core import signing
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import override

from base.admin import SESSION_KEY_OF_FORM, HeldForm
from base.records.form_drafts import without_secrets
from base.text.languages import language_of

SALT = "accounts.held_forms"
MOST_BYTES = 1_000_000  # of a form
MOST_SECONDS = 12 * 3600
# Below these addresses forms hold nothing but passwords and codes, or are sent by one click.
NEVER_HELD = ("account/", "login/", "logout/", "password_change/", "send-again/")
# Of accounts and groups the forms are held, without passwords; neither the form for a password alone, nor what is done to many.
HELD_OF_ACCOUNTS = re.compile(r"auth/\w+/(add|\d+/change)/")


def can_be_held(request: HttpRequest) -> bool:
    """Return whether this is a form of the admin that may go through the sign-in page, because it holds no secret."""
    inside = request.path.removeprefix(reverse("admin:index"))
    if request.method != "POST" or inside == request.path or inside.startswith(NEVER_HELD):
        return False
    return not inside.startswith("auth/") or HELD_OF_ACCOUNTS.fullmatch(inside) is not None


def came_from_us(request: HttpRequest) -> bool:
    """Return whether the form was sent from a page of ours. Browsers say it; other sites cannot make them say so."""
    ours = f"{request.scheme}://{request.get_host()}"
    origin = request.headers.get("Origin")
    return origin == ours if origin else request.headers.get("Sec-Fetch-Site") == "same-origin"


def held_form_of(request: HttpRequest) -> HeldForm | None:
    """Return the form of this request, without passwords and codes; None if it is too large to be held."""
    post = without_secrets(request.POST)
    post.pop("csrfmiddlewaretoken", None)
    text = post.urlencode()
    if len(text) > MOST_BYTES:
        return None
    files = [file.name or "" for _field, files in request.FILES.lists() for file in files]
    return HeldForm(path=request.get_full_path(), post=text, files=files)


def sign(held: HeldForm) -> str:
    """Return a form as a text that only we can make, for a hidden field."""
    return signing.dumps(held, salt=SALT, compress=True)


def read_signed(text: str) -> HeldForm | None:
    """Return the form that `sign` made a text of; None if it is none of ours, or too old."""
    try:
        return cast(HeldForm, signing.loads(text, salt=SALT, max_age=MOST_SECONDS))
    except signing.BadSignature:
        return None


def show_again(request: HttpRequest, held: HeldForm) -> str:
    """Put a form into the session of somebody who is signed in, and return the address that shows it."""
    request.session[SESSION_KEY_OF_FORM] = held
    path = held["path"].partition("?")[0]
    try:
        with override(language_of(path)):  # an address is resolved in its own language only
            view = resolve(path).func
    except Resolver404:
        return reverse("admin:send_again")
    page = getattr(view, "model_admin", None)
    shows_forms = getattr(page, "shows_held_forms", False) and view.__name__ in ("add_view", "change_view")
    return held["path"] if shows_forms else reverse("admin:send_again")
