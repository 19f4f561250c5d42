"""Answers to addresses that lead nowhere, cannot be read, or break (below /api/ as problem+json), and to a guess for the icon."""

from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views import defaults

from base.api.errors import problem

API = "/api/"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that the request cannot be read."""
    if request.path.startswith(API):
        return problem(400, "The request was not understood.")
    if isinstance(exception, DisallowedHost):  # a page would need to know the address of the site
        return HttpResponse("This name is not one of ours.\n", status=400, content_type="text/plain; charset=utf-8")
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was not found, and where to go on."""
    if request.path.startswith(API):
        return problem(404, "There is nothing at this address; /api/v1/ lists what there is.")
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    return render(request, "404.html", {"reason": said if isinstance(said, str) else ""}, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say that it is our fault."""
    if request.path.startswith(API):
        return problem(500, "Something broke on our side. It is not your fault; please tell us.")
    return defaults.server_error(request)


def icon(request: HttpRequest) -> HttpResponse:
    """Lead a browser that asks for an icon by guessing (on JSON, feeds, the admin) to ours."""
    return redirect(static("icon.svg"), permanent=False)
