"""The pages for errors 400, 403 (forged requests), 404 and 500, as problem+json below /api/, and the redirect to the icon."""

import sys
from typing import cast

from django.conf import settings
from django.contrib.admin import site
from django.core.exceptions import DisallowedHost, TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views import View, defaults

from accounts.held_forms import came_from_us, can_be_held
from accounts.site import AccountsSite
from base.api.errors import TOO_MANY_PARAMETERS, problem
from base.sql.timeouts import overloaded
from reports.views import cookie_missing

from .limits import unavailable

API = "/api/"


def with_readable_query(request: HttpRequest) -> HttpRequest:
    """Return the request, without its query if that has too many parameters to be read: the page of an error reads it again."""
    try:
        request.GET  # noqa: B018
    except TooManyFieldsSent:
        request.GET = QueryDict()  # as immutable as that of Django
    return request


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the request was malformed."""
    too_many = isinstance(exception, TooManyFieldsSent)
    if request.path.startswith(API):
        return problem(400, TOO_MANY_PARAMETERS if too_many else "The request was not understood.")
    if isinstance(exception, DisallowedHost):  # a full page would need the address of the site
        return HttpResponse("This name is not one of ours.\n", status=400, content_type="text/plain; charset=utf-8")
    if too_many:
        most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
        return render(with_readable_query(request), "400.html", {"most_parameters": most}, status=400)
    return defaults.bad_request(with_readable_query(request), exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, with the reason that the view gave if there is one."""
    if request.path.startswith(API):
        return problem(404, "There is nothing at this address; /api/v1/ lists what there is.")
    reason = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    return render(
        with_readable_query(request), "404.html", {"reason": reason if isinstance(reason, str) else ""}, status=404
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without a good token: show it again where it is a form of ours."""
    accounts = cast(AccountsSite, site)
    if can_be_held(request) and came_from_us(request):
        return accounts.recover_form(request)
    if request.path == reverse("admin:login") and came_from_us(request):
        return accounts.recover_sign_in(request)
    return cookie_missing(request, reason)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: the fault is ours. Answer 503 if the database failed in a middleware, where none sees the exception."""
    error = sys.exc_info()[1]
    if error is not None and overloaded(error):
        return unavailable(request)
    if request.path.startswith(API):
        return problem(500, "Something broke on our side. It is not your fault; please tell us.")
    return defaults.server_error(request)


class Icon(View):
    """Redirects browsers that ask for /favicon.ico unprompted, as on JSON, feeds and the admin, to the icon."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the redirect; the icon's address is another when the icon changes."""
        return redirect(static("icon.svg"), permanent=False)
