"""Bodies of forms that cannot be read: a sentence instead of a failure, before any view or token looks at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from base.api.errors import problem

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

API = "/api/"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
UTF_8 = ("utf-8", "utf8")
_CHARSET = re.compile(r"charset\*?[0-9]*\*?\s*=\s*([^;]*)", re.IGNORECASE)
ViewFunction = Callable[..., HttpResponseBase]


def without_other_charset(application: WSGIApplication) -> WSGIApplication:
    """Return an application that is told `unknown` of every charset but UTF-8.

    Django would decode the address by it, too, before any middleware, and some codecs of Python fail at that: base64, idna.
    """

    def application_without_other_charset(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kind, _semicolon, parameters = environ.get("CONTENT_TYPE", "").partition(";")
        if parameters and (match := _CHARSET.search(parameters)) and match[1].strip("\"' ").lower() not in UTF_8:
            environ["CONTENT_TYPE"] = f"{kind};{_CHARSET.sub('charset=unknown', parameters)}"
        return application(environ, start_response)

    return application_without_other_charset


class FormBodyMiddleware:
    """Refuses forms that are not UTF-8, have no readable parts, or are larger than Django takes."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: ViewFunction, _args: Sequence[object], _kwargs: dict[str, object]
    ) -> HttpResponse | None:
        """Answer 400 or 413 if the body is a form that cannot be read. The views of the API read theirs themselves."""
        if request.method != "POST" or request.content_type not in FORMS:
            return None
        charset = (request.content_params or {}).get("charset", UTF_8[0])
        if charset.lower() not in UTF_8:
            return refuse_form(request, _("A form is sent as UTF-8. This one names another charset."))
        if request.path.startswith(API) and request.content_type != FORMS[0]:
            return None
        try:
            request.POST  # noqa: B018  # reads the body
        except RequestDataTooBig:
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            return refuse_form(request, _("A form has at most %(most)s bytes beside its files.") % {"most": most}, 413)
        except TooManyFieldsSent:
            most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
            return refuse_form(request, _("A form has at most %(most)s fields.") % {"most": most}, 413)
        except TooManyFilesSent:
            most = settings.DATA_UPLOAD_MAX_NUMBER_FILES
            return refuse_form(request, _("A form has at most %(most)s files.") % {"most": most}, 413)
        except (MultiPartParserError, BadRequest):
            return refuse_form(
                request, _("The parts of this form cannot be read. Send it again from the page of the form.")
            )
        return None


def refuse_form(request: HttpRequest, sentence: str, status: int = 400) -> HttpResponse:
    """Return the answer to a body that cannot be read."""
    if request.path.startswith(API):
        return problem(status, sentence)
    response = HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
