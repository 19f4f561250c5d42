"""Strict query parameters: the site's own FilterSets, with an answer for everything that is not understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.filters import BaseFilterBackend

from base.api.errors import SHOWN, Fault, InvalidParameters
from base.changes.version import version_for
from base.lists import counting
from base.lists.counting import counted as capped
from base.lists.facets import Tally, tally
from base.lists.filter_fields import MOST_VALUES, QUERY_LENGTH, MomentField
from base.lists.filters import (
    IN,
    AnyRecordFilter,
    BaseFilter,
    Exact,
    LanguageFilter,
    MomentFilter,
    QueryFilter,
    RecordFilter,
    WholeNumberFilter,
)
from base.lists.search import NEWEST
from base.text.numbers import parse_digits
from base.text.suggestions import did_you_mean, nearest

if TYPE_CHECKING:
    from base.lists.paging import PagedRows

MOST_FAULTS = 10
LISTS = ("expand", "facets", "fields", "ordering")
MOST_FACETS = 10  # of one answer
MOST_COUNTED = 100  # values of one facet
COUNTS = ("false", "capped", "true")
SHORT_WORDS = (
    f" Words without three letters or digits in a row are looked for in the newest {NEWEST:,} records that the other filters "
    "leave; `looked_through` of the answer says so."
)
LOOKED_THROUGH_SCHEMA = {
    "looked_through": {
        "type": "integer",
        "description": "Only if the words of `q` were looked for in the newest records alone: in how many.",
    }
}
FACETS_SCHEMA = {
    "type": "object",
    "description": "Only if `facets` was asked for: of each filter named there, how many records its values would leave.",
    "additionalProperties": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["value", "label", "count"],
            "properties": {
                "value": {"type": "string", "description": "What to give the filter."},
                "label": {"type": "string", "description": "What it is called in English."},
                "count": {"type": "integer", "minimum": 1},
            },
        },
    },
}
COUNT_SCHEMA: dict[str, dict[str, Any]] = {
    "count": {
        "type": "integer",
        "minimum": 0,
        "description": "Rows on all pages together, with `count=true` or as far as they are counted with `count=capped`.",
    },
    "count_is_exact": {
        "type": "boolean",
        "description": "Beside `count`: false if there are more rows than were counted.",
    },
}
FACETS_CUT_SCHEMA = {
    "type": "array",
    "items": {"type": "string"},
    "description": "Beside `facets`: filters of which the first records alone were counted. Their numbers are the least there are.",
}
# A form for people is generous: it reads 03/04/2025 the American way and 1.5 as 1. A program is asked to be exact.
EXACT: list[tuple[type[django_filters.Filter], str, str]] = [
    (django_filters.DateFilter, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "A day is written YYYY-MM-DD."),
    (django_filters.OrderingFilter, r"[^,]+(,[^,]+)*", "Something is missing beside a comma."),
]


def takes_list(name: str) -> bool:
    """Whether a parameter takes several values."""
    return name in LISTS or name.endswith(IN)


def joined(query: QueryDict) -> QueryDict:
    """Return the query with the values of each list in one text: many clients write `a=1&a=2` for `a=1,2`."""
    repeated = {name: values for name, values in query.lists() if len(values) > 1 and takes_list(name)}
    if not repeated:
        return query
    found = query.copy()
    for name, values in repeated.items():
        found[name] = ",".join(str(value) for value in values)
    return found


def refuse_unknown(query: QueryDict, allowed: list[str]) -> None:
    """Raise InvalidParameters for a parameter that is not allowed here, or is given twice."""
    faults = []
    for name in query:
        shown = name[:SHOWN]
        if name not in allowed:
            near = nearest(name, allowed)
            detail = f"“{shown}” is not a parameter of this address{did_you_mean(near)}"
            faults.append(Fault(shown, detail, allowed, near))
        elif len(query.getlist(name)) > 1:
            faults.append(Fault(shown, f"“{shown}” is given more than once."))
        if len(faults) == MOST_FAULTS:  # to look for the nearest names takes its time
            break
    if faults:
        raise InvalidParameters(faults)


def whole_number(query: QueryDict, name: str, default: int, most: int, faults: list[Fault]) -> int:
    """Return a whole number of the query; what cannot be used is added to `faults`."""
    number = parse_digits(str(query.get(name, default)), len(str(most)))
    if number is not None and 1 <= number <= most:
        return number
    faults.append(Fault(name, f"“{name}” is a whole number from 1 to {most}."))
    return default


class StrictFilters(BaseFilterBackend):
    """Filters and sorts by the `filterset_class` of the view, and refuses a value that it does not take."""

    def used(self, request: Any, queryset: QuerySet[Any], view: Any) -> BaseFilter:
        """Return the filters of the query, which are valid; raises InvalidParameters. The view keeps them."""
        if faults := _ambiguous(view.filterset_class, request.query_params):
            raise InvalidParameters(faults)
        filterset: BaseFilter = view.filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise InvalidParameters([_fault(filterset, name) for name in filterset.errors])
        view.filterset = filterset
        return filterset

    def filter_queryset(self, request: Any, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        """Return the rows that the query asks for; raises InvalidParameters."""
        return self.used(request, queryset, view).qs

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe every filter for OpenAPI."""
        filters = view.filterset_class.base_filters if view.action == "list" else {}
        parameters: list[dict[str, Any]] = []
        for name, found in filters.items():
            text, schema = describe(name, found)
            if isinstance(found, QueryFilter) and view.filterset_class._meta.model.endless:
                text += SHORT_WORDS
            commas = {"style": "form", "explode": False} if schema["type"] == "array" else {}
            parameters.append(
                {"name": name, "in": "query", "required": False, "description": text, "schema": schema, **commas}
            )
        return parameters


class CountedFilters(StrictFilters):
    """The filters of a list, and how many rows their values would leave (`?facets=kind,topic`)."""

    parameters = ("facets", "facets_exact")

    def used(self, request: Any, queryset: QuerySet[Any], view: Any) -> BaseFilter:
        """Return the filters; what is asked of facets is checked before anything is looked for."""
        asked = str(request.query_params.get("facets", ""))
        view.facets = asked.split(",") if asked else []
        exact = str(request.query_params.get("facets_exact", "false"))
        if exact not in ("true", "false"):
            detail = "“facets_exact” is true or false."
            raise InvalidParameters([Fault("facets_exact", detail, ["true", "false"])])
        view.facets_exact = exact == "true"
        names = view.filterset_class.facet_names()
        for name in view.facets:
            if name not in names:
                text = f"“{name[:SHOWN]}” cannot be counted here."
                raise InvalidParameters([Fault("facets", text, names, nearest(name, names))])
        if len(view.facets) != len(set(view.facets)) or len(view.facets) > MOST_FACETS:
            raise InvalidParameters(
                [Fault("facets", f"At most {MOST_FACETS} different ones are counted at once.", names)]
            )
        return super().used(request, queryset, view)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `facets` besides the filters."""
        described = super().get_schema_operation_parameters(view)
        if view.action != "list":
            return described
        names = view.filterset_class.facet_names()
        text = (
            f"Filters to count the values of: `facets` of the answer says how many records each would leave beside the other "
            f"filters, most frequent first, at most {MOST_COUNTED} of each. With commas. For example `{names[0]}`. The first "
            f"{counting.MOST_COUNTED:,} records are counted, in the order of their kind; `facets_cut` says of what there are more."
        )
        items = {"type": "string", "enum": names}
        schema = {"type": "array", "items": items, "maxItems": MOST_FACETS, "uniqueItems": True}
        return [
            *described,
            {
                "name": "facets",
                "in": "query",
                "required": False,
                "description": text,
                "schema": schema,
                "style": "form",
                "explode": False,
            },
            {
                "name": "facets_exact",
                "in": "query",
                "required": False,
                "description": "Whether to count `facets` among all records. It takes its time.",
                "schema": {"type": "boolean", "default": False},
            },
        ]


def counted(view: Any, count: str, listed: PagedRows) -> dict[str, Any]:
    """Return what the answer to a list says of numbers, as far as it was asked for. At most two queries.

    `count` is one of COUNTS; `listed` is all that the list has. A list that belongs to a record has no filters to count by.
    """
    names = getattr(view, "facets", [])
    exact = bool(names) and view.facets_exact
    first: Tally | None = None
    found: dict[str, Any] = {}
    if hasattr(view, "filterset") and (count == "capped" or (names and not exact)):
        version = version_for(view.request._request)
        first = tally(view.filterset, [] if exact else names, MOST_COUNTED, version=version)
    if count == "true":
        found = {"count": listed.rows.order_by().count(), "count_is_exact": True}
    elif count == "capped":
        number = first.rows if first else capped(listed.rows)
        found = {"count": number.number, "count_is_exact": not number.more}
    if names:
        values = first if first and not exact else tally(view.filterset, names, MOST_COUNTED, all_rows=True)
        found |= _facets(view.filterset, values)
    return found


def _facets(filterset: BaseFilter, counts: Tally) -> dict[str, Any]:
    """Return the members that tell the facets."""
    facets = {}
    for name, lines in counts.values.items():
        labels = dict(filterset.filter_of(name).extra.get("choices", ()))
        facets[name] = [
            {
                "value": line.value,
                "label": line.record.name if line.record else str(labels.get(line.value, line.value)),
                "count": line.count,
            }
            for line in lines
        ]
    return {"facets_cut": sorted(counts.cut), "facets": facets}


def looked_through(view: Any) -> dict[str, int]:
    """Return the member that says in how many of the newest records words were looked for, if it was not in all."""
    number = view.filterset.looked_through if hasattr(view, "filterset") else None
    return {} if number is None else {"looked_through": number}


def _ambiguous(filterset: type[BaseFilter], query: QueryDict) -> list[Fault]:
    """Return the values that a form would read in its own way."""
    return [
        Fault(name, detail)
        for name in query
        if (found := filterset.base_filters.get(name)) is not None
        for kind, spelling, detail in EXACT
        if isinstance(found, kind) and (given := str(query.get(name, ""))) and not re.fullmatch(spelling, given)
    ]


def _fault(filterset: BaseFilter, name: str) -> Fault:
    """Return what is wrong with the value of one filter, and the values it takes if they can be listed."""
    field = filterset.form.fields[name]
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if value]
    detail = " ".join(str(message) for message in filterset.errors[name])
    wrong = [given for given in str(filterset.data.get(name, "")).split(",") if given not in choices]
    return Fault(name, detail, choices or None, nearest(wrong[0][:SHOWN], choices) if wrong else None)


def describe(name: str, found: django_filters.Filter) -> tuple[str, dict[str, Any]]:
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
    if isinstance(found, MomentFilter):
        text = (
            "a day (its beginning in UTC) or a date-time with its zone (RFC 3339). For example `2025-03-14T09:30:00Z`."
        )
        return f"{label}: {text}", {"type": "string", "pattern": f"^{MomentField.spelling}$", "maxLength": 40}
    if isinstance(found, django_filters.DateFilter):
        return f"{label} this day, as YYYY-MM-DD. For example `2025-03-14`.", {"type": "string", "format": "date"}
    one = found.single or found
    told, schema = _described_value(one)
    example = one.example or str(one.extra["choices"][0][0])
    if found.many:
        text = f"Any of several values, at most {MOST_VALUES}, with commas between them; each as in `{name.removesuffix(IN)}`."
        items = {"pattern": "^[^,]+$", **schema} if schema["type"] == "string" and "enum" not in schema else schema
        return f"{label}: {text} For example `{example}`.", {"type": "array", "items": items, "maxItems": MOST_VALUES}
    return f"{label}: {told} For example `{example}`.", schema


def _described_value(found: Exact) -> tuple[str, dict[str, Any]]:
    """Return what one value of a filter is, and its schema."""
    if isinstance(found, (RecordFilter, AnyRecordFilter)):
        kinds = " or ".join(model.kind for model in found.extra["models"])
        path = " Where several kinds have this id, `people/…` says which." if isinstance(found, AnyRecordFilter) else ""
        text = (
            f"the `id` of a public {kinds}, as the API gives it. A former id stands for the record it leads to.{path}"
        )
        return text, {"type": "string", "maxLength": QUERY_LENGTH}
    if choices := [value for value, _label in found.extra.get("choices", ())]:
        return "one of the values listed here.", {"type": "string", "enum": choices}
    if isinstance(found, WholeNumberFilter):
        limits = {"minimum": found.extra["min_value"], "maximum": found.extra["max_value"]}
        return f"a number from {limits['minimum']}.", {"type": "integer", **limits}
    told = "a BCP 47 tag." if isinstance(found, LanguageFilter) else "exactly this text."
    return told, {"type": "string", "maxLength": found.extra["max_length"]}
