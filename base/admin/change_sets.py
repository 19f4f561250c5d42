"""Every form that is sent to the admin makes one change set of all that it changes."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from base.records.change_sets import ChangeAction, change_set

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def in_change_set(view: View, action: ChangeAction = ChangeAction.SAVE) -> View:
    """Return the view with a change set round every POST; what is done in it may say more definitely what it is."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        with change_set(request.user, action):
            return view(request, *args, **kwargs)

    return cast(View, wrapped)
