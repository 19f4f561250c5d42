"""The pages for addresses that lead nowhere."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say what was not found, and where to go on."""
    said = exception.args[0] if isinstance(exception, Http404) and exception.args else ""
    return render(request, "404.html", {"reason": said if isinstance(said, str) else ""}, status=404)
