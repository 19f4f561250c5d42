"""Reading what a client of reconciliation sends: queries, properties and their limits."""

from __future__ import annotations

import json
from collections.abc import Collection

from base.api.errors import Fault, InvalidParameters
from base.reconcile.matching import EntityKind, Query, plain, properties_of

BATCH = 50  # queries in one request
MOST_CANDIDATES = 50
MOST_IDS = 200  # of one request for properties
MOST_PROPERTIES = 20
MOST_VALUES = 500  # of all properties of all queries of one request: each is compared with every candidate
MOST_EXTENDED = 100  # values of one property of one entity
LONGEST = 500  # characters of a value; no name is longer
STRICTNESS = ("any", "should", "all")


class TooMany(Exception):
    """A request asks for more at once than is answered."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"At most {limit} {what} are answered at once.")
        self.limit = limit


def parse_object(name: str, text: str) -> dict[str, object]:
    """Return the JSON object that the text of the parameter `name` holds. Raises InvalidParameters."""
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()  # half a character, or no number
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise InvalidParameters([Fault(name, f"“{name}” is a JSON object.")])
    return data


def parse_query(body: object, kinds: Collection[EntityKind]) -> Query:
    """Return the query that an object of the protocol describes. Raises ValueError with what is wrong."""
    if not isinstance(body, dict):
        raise ValueError("a query is an object.")
    text, strict = body.get("query", ""), body.get("type_strict", "any")
    if not isinstance(text, str):
        raise ValueError("“query” is a text.")
    if strict not in STRICTNESS:
        raise ValueError(f"“type_strict” is one of {', '.join(STRICTNESS)}.")
    types = body.get("type") or []
    types = [types] if isinstance(types, str) else types
    known = [kind.id for kind in kinds]
    if not isinstance(types, list) or not all(isinstance(name, str) and name in known for name in types):
        raise ValueError(f"“type” is one of {', '.join(known)}, or a list of them.")
    properties = parse_properties(body.get("properties") or [], properties_of(kinds))
    if not text.strip() and not properties:
        raise ValueError("it has neither “query” nor “properties”.")
    others = [value for pid, values in properties if pid == "other_names" for value in values]
    text = plain(text) or next(iter(others), "")
    return Query(
        text="" if len(text) > LONGEST else text,
        kinds=frozenset(types),
        limit=limit_of(body.get("limit", 10)),
        properties=properties,
    )


def parse_properties(items: object, known: Collection[str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the properties of a query, each with its values as texts. Raises ValueError for one that is not `known`."""
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ValueError("“properties” is a list of objects.")
    if len(items) > MOST_PROPERTIES:
        raise ValueError(f"it has more than {MOST_PROPERTIES} properties.")
    properties = []
    for item in items:
        pid, values = item.get("pid"), item.get("v")
        if not isinstance(pid, str) or pid not in known:
            raise ValueError(f"“pid” is one of {', '.join(sorted(known))}.")
        values = values if isinstance(values, list) else [values]
        if len(values) > MOST_PROPERTIES:
            raise ValueError(f"“{pid}” has more than {MOST_PROPERTIES} values.")
        texts = tuple(filter(None, (value_of(value) for value in values)))
        properties.append((pid, texts))
    return tuple(properties)


def limit_of(value: object) -> int:
    """Return how many candidates a query asks for, at most MOST_CANDIDATES. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1 or value != int(value):
        raise ValueError("“limit” is a whole number from 1.")
    return min(int(value), MOST_CANDIDATES)


def value_of(value: object) -> str:
    """Return the value of a property as a text: an entity by its id. Raises ValueError."""
    if isinstance(value, dict):
        value = value.get("id") if isinstance(value.get("id"), str) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | bool):
        raise ValueError("“v” is a text, a number, an object with an “id”, or a list of these.")
    return plain(value)[:LONGEST] if isinstance(value, str) else ""
