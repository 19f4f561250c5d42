"""A form that was sent after its session had ended: it is shown again as it was typed, and nothing is saved until it is sent.

`accounts/held_forms.py` puts it into the new session; the pages of records and facts take it out of there.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

SESSION_KEY_OF_FORM = "held_form"


class HeldForm(TypedDict):
    """What was sent."""

    path: str  # with the query
    post: str  # urlencoded, without the token against forged requests
    files: list[str]  # names of the files, which could not be held
    is_draft: NotRequired[bool]  # whether it was not sent, but kept while it was typed


def take_held_form(request: HttpRequest) -> HeldForm | None:
    """Return the form that was held for this address, once; None if there is none."""
    session = getattr(request, "session", None)
    held: HeldForm | None = session.get(SESSION_KEY_OF_FORM) if session is not None else None
    if held is None or request.method != "GET" or held["path"] != request.get_full_path():
        return None
    del request.session[SESSION_KEY_OF_FORM]
    return held


def fill_in(request: HttpRequest, held: HeldForm) -> None:
    """Make the request look as if the form had been sent now, without its buttons, and with the reason not to save it."""
    post = QueryDict(held["post"], mutable=True)
    for button in [name for name in post if name.startswith("_") and name not in ("_popup", "_to_field")]:
        del post[button]
    reasons = [_("You are signed in again. This is what you typed; nothing is saved yet. Look it over and save it.")]
    if held.get("is_draft"):
        reasons = [_("This is what you typed the last time; nothing is saved yet. Look it over and save it.")]
    if held["files"]:
        reasons.append(_("Files could not be kept; choose them again: %s") % ", ".join(held["files"]))
    request.FILES.clear()  # empty as it is; were it read only later, Django would read the body then, and empty POST
    request.method, request.POST = "POST", post  # type: ignore[assignment]
    request.refusal_reasons = reasons  # type: ignore[attr-defined]
