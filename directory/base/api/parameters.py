"""Strict query parameters: the site's own FilterSets, with an answer for everything that is not understood."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.filters import BaseFilterBackend

from directory.base.filters import QUERY_LENGTH, BaseFilter, QueryFilter, RecordFilter

from .errors import SHOWN, Fault, InvalidParameters

MOST_FAULTS = 10
# A form for people is generous: it reads 03/04/2025 the American way and 1.5 as 1. A program is asked to be exact.
EXACT: list[tuple[type[django_filters.Filter], str, str]] = [
    (django_filters.DateFilter, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "A day is written YYYY-MM-DD."),
    (django_filters.NumberFilter, r"[0-9]+", "A number is written in digits alone."),
    (django_filters.OrderingFilter, r"[^,]+(,[^,]+)*", "Something is missing beside a comma."),
]


def refuse_unknown(query: QueryDict, allowed: list[str]) -> None:
    """Raise InvalidParameters for a parameter that is not allowed here, or is given twice."""
    faults = []
    for name in query:
        shown = name[:SHOWN]
        if name not in allowed:
            near = get_close_matches(name, allowed, 1)
            detail = f"“{shown}” is not a parameter of this address" + (f"; did you mean “{near[0]}”?" if near else ".")
            faults.append(Fault(shown, detail, allowed, near[0] if near else None))
        elif len(query.getlist(name)) > 1:
            faults.append(Fault(shown, f"“{shown}” is given more than once."))
    if faults:
        raise InvalidParameters(faults[:MOST_FAULTS])


def whole_number(query: QueryDict, name: str, default: int, most: int, faults: list[Fault]) -> int:
    """Return a whole number of the query; what cannot be used is added to `faults`."""
    text = str(query.get(name, default))
    if text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most:
        return int(text)
    faults.append(Fault(name, f"“{name}” is a whole number from 1 to {most}."))
    return default


class StrictFilters(BaseFilterBackend):
    """Filters and sorts by the `filterset_class` of the view, and refuses a value that it does not take."""

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that the query asks for; raises InvalidParameters."""
        if faults := _ambiguous(view.filterset_class, request.query_params):
            raise InvalidParameters(faults)
        filterset: BaseFilter = view.filterset_class(request.query_params, queryset=queryset, request=request)
        if filterset.is_valid():
            return filterset.qs
        raise InvalidParameters([_fault(filterset, name) for name in filterset.errors])

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe every filter for OpenAPI."""
        filters = view.filterset_class.base_filters if view.action == "list" else {}
        parameters: list[dict[str, Any]] = []
        for name, found in filters.items():
            text, schema = describe(found)
            commas = {"style": "form", "explode": False} if schema["type"] == "array" else {}
            parameters.append(
                {"name": name, "in": "query", "required": False, "description": text, "schema": schema, **commas}
            )
        return parameters


def _ambiguous(filterset: type[BaseFilter], query: QueryDict) -> list[Fault]:
    """Return the values that a form would read in its own way."""
    return [
        Fault(name, detail)
        for name, found in filterset.base_filters.items()
        for kind, spelling, detail in EXACT
        if isinstance(found, kind) and (given := str(query.get(name, ""))) and not re.fullmatch(spelling, given)
    ]


def _fault(filterset: BaseFilter, name: str) -> Fault:
    """Return what is wrong with the value of one filter, and the values it takes if they can be listed."""
    field = filterset.form.fields[name]
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if value]
    detail = " ".join(str(message) for message in filterset.errors[name])
    given = filterset.data.get(name, "")
    near = get_close_matches(given, choices, 1)
    return Fault(name, detail, choices or None, near[0] if near else None)


def describe(found: django_filters.Filter) -> tuple[str, dict[str, Any]]:
    """Return the description of a filter, with an example, and its JSON schema.

    Examples stand in the text: as `example` they would fill the form of Swagger UI, and every try would use them all.
    """
    label = str(found.label)
    choices = [value for value, _label in found.extra.get("choices", ()) if value]
    if isinstance(found, django_filters.OrderingFilter):
        text = f"How to sort: one or more of these, with commas; - turns one around. For example `{choices[-1]}`."
        items = {"type": "string", "enum": choices}
        return text, {"type": "array", "items": items, "maxItems": len(choices)}
    if isinstance(found, QueryFilter):
        text = "Words to look for, in any script; case, Latin accents and Thai spelling variants make no difference."
        return f"{text} Every word must occur. For example `ภาพยนตร์`.", {"type": "string", "maxLength": QUERY_LENGTH}
    if isinstance(found, RecordFilter):
        kind = found.extra["model"].kind
        text = f"{label}: the `id` of a public {kind}, as the API gives it."
        return text, {"type": "string", "maxLength": QUERY_LENGTH}
    if choices:
        return f"{label}. For example `{choices[0]}`.", {"type": "string", "enum": choices}
    if isinstance(found, django_filters.DateFilter):
        return f"{label} this day, as YYYY-MM-DD. For example `2025-03-14`.", {"type": "string", "format": "date"}
    if isinstance(found, django_filters.NumberFilter):
        limits = {"minimum": found.extra["min_value"], "maximum": found.extra["max_value"]}
        return f"{label}: a number from {limits['minimum']}. For example `12`.", {"type": "integer", **limits}
    limit = {"maxLength": found.extra["max_length"]}
    return f"{label}: a BCP 47 tag. For example `th`.", {"type": "string", **limit}
