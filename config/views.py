"""The pages for errors 400, 404 and 500, as problem+json below /api/, and the redirect to the icon."""

import sys

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views import defaults

from base.api.errors import problem
from base.sql.timeouts import overloaded

from .limits import unavailable

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 400: the request was malformed."""
    if request.path.startswith(API):
        return problem(400, "The request was not understood.")
    if isinstance(exception, DisallowedHost):  # a full page would need the address of the site
        return HttpResponse("This name is not one of ours.\n", status=400, content_type="text/plain; charset=utf-8")
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 404, with the reason that the view gave if there is one."""
    if request.path.startswith(API):
        return problem(404, "There is nothing at this address; /api/v1/ lists what there is.")
    reason = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    return render(request, "404.html", {"reason": reason if isinstance(reason, str) else ""}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500: the fault is ours. Answer 503 if the database failed in a middleware, where none sees the exception."""
    error = sys.exc_info()[1]
    if error is not None and overloaded(error):
        return unavailable(request)
    if request.path.startswith(API):
        return problem(500, "Something broke on our side. It is not your fault; please tell us.")
    return defaults.server_error(request)


def icon(request: HttpRequest) -> HttpResponse:
    """Redirect browsers that ask for /favicon.ico unprompted, as on JSON, feeds and the admin, to the icon."""
    return redirect(static("icon.svg"), permanent=False)
