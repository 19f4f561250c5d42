"""The numbers in the answer to a list: how many rows there are, and how many each value of a filter would leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from base.api.filter_schemas import JsonSchema
from base.changes.version import version_for
from base.lists.counting import count_rows
from base.lists.facets import FacetCounts, ValueCount, count_facets
from base.lists.filterset import BaseFilterSet

if TYPE_CHECKING:
    from base.api.views import RecordViewSet
    from base.lists.paged_rows import PagedRows

COUNTS = ("false", "capped", "true")
MOST_FACET_VALUES = 100  # values of one facet
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
COUNT_SCHEMA: dict[str, JsonSchema] = {
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


def count_members(view: RecordViewSet, count: str, rows: PagedRows) -> dict[str, object]:
    """Return the members of a list's answer that tell numbers: its rows and facets, as far as the query asks for them.

    `count` is one of COUNTS, `rows` are the rows of all pages. A list that belongs to a record has no filters to count by. At
    most two queries.
    """
    names: list[str] = getattr(view, "facets", [])
    exact = bool(names) and view.facets_exact
    counts: FacetCounts | None = None
    members: dict[str, object] = {}
    if hasattr(view, "filterset") and (count == "capped" or (names and not exact)):
        version = version_for(view.request._request)
        counts = count_facets(view.filterset, [] if exact else names, MOST_FACET_VALUES, version=version, language="en")
    if count == "true":
        members = {"count": rows.queryset.order_by().count(), "count_is_exact": True}
    elif count == "capped":
        number = counts.rows if counts else count_rows(rows.queryset)
        members = {"count": number.number, "count_is_exact": not number.more}
    if names:
        values = (
            counts
            if counts and not exact
            else count_facets(view.filterset, names, MOST_FACET_VALUES, all_rows=True, language="en")
        )
        members |= _facet_members(view.filterset, values)
    return members


def _facet_members(filterset: BaseFilterSet, counts: FacetCounts) -> dict[str, object]:
    """Return the members with the facets, and with the names of those that were cut."""
    facets = {}
    for name, lines in counts.values.items():
        labels = dict(filterset.filter_of(name).extra.get("choices", ()))
        facets[name] = [
            {
                "value": line.value,
                "label": _label(line, labels),
                "count": line.count,
            }
            for line in lines
        ]
    return {"facets_cut": sorted(counts.cut), "facets": facets}


def _label(line: ValueCount, labels: Mapping[str, str]) -> str:
    """Return what a value is called in English, where it has a name in it."""
    if line.record:
        return line.record.name
    return str(line.text_in("en") if line.written_in else labels.get(line.value, line.value))


def looked_through_member(view: RecordViewSet) -> dict[str, int]:
    """Return the member that says in how many of the newest records the words were looked for; nothing if it was in all."""
    number = view.filterset.looked_through if hasattr(view, "filterset") else None
    return {} if number is None else {"looked_through": number}
