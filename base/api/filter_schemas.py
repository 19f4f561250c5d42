"""What OpenAPI says of the filters of a list: a sentence with an example, and a JSON schema."""

from __future__ import annotations

from typing import Any

import django_filters

from base.lists.filter_fields import MOST_VALUES, QUERY_LENGTH, MomentField
from base.lists.filters import (
    IN,
    AnyRecordFilter,
    LanguageFilter,
    MomentFilter,
    QueryFilter,
    RecordFilter,
    ValueFilter,
    WholeNumberFilter,
)

JsonSchema = dict[str, Any]  # what JSON Schema allows at a place, nested


def describe_filter(name: str, described: django_filters.Filter) -> tuple[str, JsonSchema]:
    """Return the description of a filter, with an example, and its JSON schema.

    Examples stand in the text. As `example` they would fill the form of Swagger UI, and every request would use all filters.
    """
    label = str(described.label)
    choices = [value for value, _label in described.extra.get("choices", ()) if value]
    if isinstance(described, django_filters.OrderingFilter):
        text = f"How to sort: one or more of these, with commas; - turns one around. For example `{choices[-1]}`."
        items = {"type": "string", "enum": choices}
        return text, {"type": "array", "items": items, "maxItems": len(choices)}
    if isinstance(described, QueryFilter):
        text = "Words to look for, in any script; case, Latin accents and Thai spelling variants make no difference."
        return f"{text} Every word must occur. For example `ภาพยนตร์`.", {"type": "string", "maxLength": QUERY_LENGTH}
    if isinstance(described, MomentFilter):
        text = (
            "a day (its beginning in UTC) or a date-time with its zone (RFC 3339). For example `2025-03-14T09:30:00Z`."
        )
        return f"{label}: {text}", {"type": "string", "pattern": f"^{MomentField.spelling}$", "maxLength": 40}
    if isinstance(described, django_filters.DateFilter):
        return f"{label} this day, as YYYY-MM-DD. For example `2025-03-14`.", {"type": "string", "format": "date"}
    one = described.single or described
    text, schema = _describe_value(one)
    example = one.example or str(one.extra["choices"][0][0])
    if described.many:
        text = f"Any of several values, at most {MOST_VALUES}, with commas between them; each as in `{name.removesuffix(IN)}`."
        items = {"pattern": "^[^,]+$", **schema} if schema["type"] == "string" and "enum" not in schema else schema
        return f"{label}: {text} For example `{example}`.", {"type": "array", "items": items, "maxItems": MOST_VALUES}
    return f"{label}: {text} For example `{example}`.", schema


def _describe_value(described: ValueFilter) -> tuple[str, JsonSchema]:
    """Return what one value of a filter is, and its schema."""
    if isinstance(described, (RecordFilter, AnyRecordFilter)):
        kinds = " or ".join(model.kind for model in described.extra["models"])
        path = (
            " Where several kinds have this id, `people/…` says which."
            if isinstance(described, AnyRecordFilter)
            else ""
        )
        text = (
            f"the `id` of a public {kinds}, as the API gives it. A former id stands for the record it leads to.{path}"
        )
        return text, {"type": "string", "maxLength": QUERY_LENGTH}
    if choices := [value for value, _label in described.extra.get("choices", ())]:
        return "one of the values listed here.", {"type": "string", "enum": choices}
    if isinstance(described, WholeNumberFilter):
        limits = {"minimum": described.extra["min_value"], "maximum": described.extra["max_value"]}
        return f"a number from {limits['minimum']}.", {"type": "integer", **limits}
    text = "a BCP 47 tag." if isinstance(described, LanguageFilter) else "exactly this text."
    return text, {"type": "string", "maxLength": described.extra["max_length"]}
