"""Methods of requests: 405 where an address does not take one, 501 where nobody knows it, and HEAD without a body."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase, StreamingHttpResponse

from base.api.errors import problem

KNOWN = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")
OF_FUNCTIONS = ("GET", "HEAD", "POST", "OPTIONS")  # views that are no classes: the admin's
API = "/api/"
ViewFunction = Callable[..., HttpResponseBase]


class MethodsMiddleware:
    """Refuses a method before anything else is looked at, such as the token of a form. The API refuses by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request; HEAD has the headers of GET and no body."""
        response = self.get_response(request) if request.method in KNOWN else not_implemented(request)
        if request.method == "HEAD":
            drop_body(response)
        return response

    def process_view(
        self, request: HttpRequest, view: ViewFunction, _args: Sequence[object], _kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Answer 405 if the view does not take the method."""
        if hasattr(view, "cls"):  # a view of REST framework
            return None
        allowed = methods_of(view)
        return None if request.method in allowed else HttpResponseNotAllowed(allowed)


def methods_of(view: ViewFunction) -> list[str]:
    """Return the methods that a view of Django takes."""
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return list(OF_FUNCTIONS)
    names = view_class.http_method_names
    return [name.upper() for name in names if hasattr(view_class, "get" if name == "head" else name)]


def not_implemented(request: HttpRequest) -> HttpResponse:
    """Return the answer to a method that HTTP does not have."""
    text = f"There is no method “{request.method[:20] if request.method else ''}”."
    if request.path.startswith(API):
        return problem(501, text)
    return HttpResponse(f"{text}\n", status=501, content_type="text/plain; charset=utf-8")


def drop_body(response: HttpResponseBase) -> None:
    """Take the body from an answer and leave its headers, Content-Length too. A server would do the same and complain."""
    if isinstance(response, StreamingHttpResponse):
        response.streaming_content = ()
    else:
        response.content = b""  # type: ignore[attr-defined]  # of every answer that is not streamed
