"""Strict query parameters: the site's own FilterSets. What is not understood is refused, with what would be."""

from __future__ import annotations

import re
from typing import Protocol

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

from base.api.counts import MOST_FACET_VALUES
from base.api.errors import SHOWN, Fault, InvalidParameters
from base.api.filter_schemas import JsonSchema, describe_filter
from base.lists import counting
from base.lists.filters import IN, QueryFilter
from base.lists.filterset import BaseFilterSet
from base.lists.search import NEWEST
from base.records.records import Record
from base.text.numbers import parse_digits
from base.text.suggestions import did_you_mean, nearest

MOST_FAULTS = 10
LISTS = ("expand", "facets", "fields", "ordering")
MOST_FACETS = 10  # of one answer
SHORT_WORDS = (
    " A word has to be in the texts or in a name of what a record is linked with; up to three letters are a whole word. "
    f"One or two letters of Thai alone are looked for in the newest {NEWEST:,} records that the other filters leave; "
    "`looked_through` of the answer says so."
)
# A form for people is generous: it reads 03/04/2025 as Americans write dates, and 1.5 as 1. A program has to be exact.
EXACT_SPELLINGS: list[tuple[type[django_filters.Filter], str, str]] = [
    (django_filters.DateFilter, r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "A day is written YYYY-MM-DD."),
    (django_filters.OrderingFilter, r"[^,]+(,[^,]+)*", "Something is missing beside a comma."),
]


class FilteredView(Protocol):
    """A view with a list that is filtered. The filters of the query are kept on it."""

    action: str
    filterset: BaseFilterSet

    @property
    def filterset_class(self) -> type[BaseFilterSet]:
        """The filters of the kind."""


class FacetView(FilteredView, Protocol):
    """A view with a list whose facets can be counted. What the query asks of them is kept on it."""

    facets: list[str]
    facets_exact: bool


def takes_list(name: str) -> bool:
    """Whether a parameter takes several values."""
    return name in LISTS or name.endswith(IN)


def join_repeated(query: QueryDict) -> QueryDict:
    """Return the query with the values of each list joined by commas, since many clients write `a=1&a=2` for `a=1,2`."""
    repeated = {name: values for name, values in query.lists() if len(values) > 1 and takes_list(name)}
    if not repeated:
        return query
    joined = query.copy()
    for name, values in repeated.items():
        joined[name] = ",".join(str(value) for value in values)
    return joined


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
    """Return a parameter as a whole number from 1 to `most`. If it is none, add a fault and return the default."""
    number = parse_digits(str(query.get(name, default)), len(str(most)))
    if number is not None and 1 <= number <= most:
        return number
    faults.append(Fault(name, f"“{name}” is a whole number from 1 to {most}."))
    return default


class StrictFilterBackend(BaseFilterBackend):
    """Filters and sorts by the `filterset_class` of the view, and refuses a value that it does not take."""

    def get_filterset(self, request: Request, queryset: QuerySet[Record], view: FilteredView) -> BaseFilterSet:
        """Return the filters of the query, and keep them as `view.filterset`. Raises InvalidParameters if one is not valid."""
        if faults := _ambiguous(view.filterset_class, request.query_params):
            raise InvalidParameters(faults)
        filterset: BaseFilterSet = view.filterset_class(request.query_params, queryset=queryset, request=request)
        if not filterset.is_valid():
            raise InvalidParameters([_fault(filterset, name) for name in filterset.errors])
        view.filterset = filterset
        return filterset

    def filter_queryset(self, request: Request, queryset: QuerySet[Record], view: FilteredView) -> QuerySet[Record]:  # type: ignore[override]
        """Return the rows that the filters of the query leave. Raises InvalidParameters."""
        return self.get_filterset(request, queryset, view).qs

    def get_schema_operation_parameters(self, view: FilteredView) -> list[JsonSchema]:  # type: ignore[override]
        """Describe every filter for OpenAPI."""
        filters = view.filterset_class.base_filters if view.action == "list" else {}
        parameters: list[JsonSchema] = []
        for name, described in filters.items():
            text, schema = describe_filter(name, described)
            if isinstance(described, QueryFilter) and view.filterset_class._meta.model.endless:
                text += SHORT_WORDS
            commas = {"style": "form", "explode": False} if schema["type"] == "array" else {}
            parameters.append(
                {
                    "name": name,
                    "in": "query",
                    "required": False,
                    "allowEmptyValue": True,  # an empty filter is none
                    "description": text,
                    "schema": schema,
                    **commas,
                }
            )
        return parameters


class FacetFilterBackend(StrictFilterBackend):
    """The filters of a list, and how many rows their values would leave (`?facets=kind,topic`)."""

    parameters = ("facets", "facets_exact")

    def get_filterset(self, request: Request, queryset: QuerySet[Record], view: FacetView) -> BaseFilterSet:  # type: ignore[override]
        """Return the filters of the query, after `facets` and `facets_exact` were checked. Raises InvalidParameters."""
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
        return super().get_filterset(request, queryset, view)

    def get_schema_operation_parameters(self, view: FacetView) -> list[JsonSchema]:  # type: ignore[override]
        """Describe `facets` besides the filters."""
        described = super().get_schema_operation_parameters(view)
        if view.action != "list":
            return described
        names = view.filterset_class.facet_names()
        text = (
            f"Filters to count the values of: `facets` of the answer says how many records each would leave beside the other "
            f"filters, most frequent first, at most {MOST_FACET_VALUES} of each. With commas. For example `{names[0]}`. The first "
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
                "allowEmptyValue": True,
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


def _ambiguous(filterset: type[BaseFilterSet], query: QueryDict) -> list[Fault]:
    """Return a fault for each value that a form would accept although it is not written exactly."""
    return [
        Fault(name, detail)
        for name in query
        if (used := filterset.base_filters.get(name)) is not None
        for kind, spelling, detail in EXACT_SPELLINGS
        if isinstance(used, kind) and (given := str(query.get(name, ""))) and not re.fullmatch(spelling, given)
    ]


def _fault(filterset: BaseFilterSet, name: str) -> Fault:
    """Return what is wrong with the value of one filter, with the values it accepts if they can be listed."""
    field = filterset.form.fields[name]
    choices = [str(value) for value, _label in getattr(field, "choices", ()) if value]
    detail = " ".join(str(message) for message in filterset.errors[name])
    wrong = [given for given in str(filterset.data.get(name, "")).split(",") if given not in choices]
    return Fault(name, detail, choices or None, nearest(wrong[0][:SHOWN], choices) if wrong else None)
