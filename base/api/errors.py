"""Errors as problem+json (RFC 9457), redirects for former ids, and 410 for what was withdrawn."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation, TooManyFieldsSent
from django.http import Http404, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse
from rest_framework.exceptions import APIException
from rest_framework.request import Request

from base.documents.rows import MOST_NESTED, TooManyNested
from base.records.records import Record
from base.records.resolution import Gone, Moved

PROBLEM = "application/problem+json"
MOST_ADDRESS = 8000  # characters; gunicorn answers longer ones than 8,190 itself
TOO_MANY_PARAMETERS = f"A request has at most {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} parameters."
SHOWN = 80  # characters of a wrong value that an answer repeats


@dataclass(frozen=True)
class Fault:
    """What is wrong with one query parameter; `allowed` and `nearest` are left out where they say nothing."""

    parameter: str
    detail: str
    allowed: list[str] | None = None
    nearest: str | None = None

    def as_json(self) -> dict[str, str | list[str]]:
        """Return the fault as a JSON object, without the members that are None."""
        return {name: value for name, value in asdict(self).items() if value is not None}


class InvalidParameters(Exception):
    """A request whose query cannot be understood; nothing of it was answered."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(", ".join(fault.parameter for fault in faults))
        self.faults = faults


class AddressTooLong(APIException):
    """An address that is longer than any we give."""

    status_code = 414
    default_detail = f"An address has at most {MOST_ADDRESS} characters."


def problem(status: int, detail: str, **members: object) -> HttpResponse:
    """Return an answer that says what went wrong, with more members if any. It is JSON whatever the client accepts."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=PROBLEM)


def answer(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Turn an exception of an API view into its answer (the EXCEPTION_HANDLER of REST framework)."""
    if isinstance(error, Moved):
        return _moved(error.record, context["request"])
    if isinstance(error, Gone):
        return problem(410, "This record was withdrawn.", reason=error.reason)
    if isinstance(error, InvalidParameters):
        details = " ".join(f"{fault.parameter}: {fault.detail}" for fault in error.faults)
        errors = [fault.as_json() for fault in error.faults]
        return problem(400, f"The query was not understood: {details}", errors=errors)
    if isinstance(error, TooManyNested):
        text = f"The records of this answer have more than {MOST_NESTED:,} rows in one of their lists. Ask without “expand”."
        return problem(413, text, limit=MOST_NESTED)
    if isinstance(error, TooManyFieldsSent):
        return problem(400, TOO_MANY_PARAMETERS)
    if isinstance(error, (SuspiciousOperation, BadRequest)):
        return problem(400, "The request was not understood.")
    if isinstance(error, Http404):
        return problem(404, str(error) or "There is nothing at this address.")
    if isinstance(error, APIException):
        return problem(error.status_code, str(error.detail))
    return None


def _moved(record: Record, request: Request) -> HttpResponse:
    """Redirect to the same resource under the present id of the record."""
    assert request.resolver_match is not None
    path = reverse(request.resolver_match.view_name, args=[record.slug])
    query = request.META.get("QUERY_STRING", "")
    address = request.build_absolute_uri(f"{path}?{query}" if query else path)
    return HttpResponsePermanentRedirect(address, preserve_request=True)
