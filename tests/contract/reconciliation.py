"""The shapes of the Reconciliation Service API 0.2, closed to what the specification does not name."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string"}
TYPE = {
    "type": "object",
    "required": ["id", "name"],
    "additionalProperties": False,
    "properties": {"id": TEXT, "name": TEXT},
}


def closed(optional: tuple[str, ...] = (), **members: Any) -> dict[str, Any]:
    """Return the schema of an object that has these members and no other."""
    required = [name for name in members if name not in optional]
    return {"type": "object", "required": required, "additionalProperties": False, "properties": members}


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


# (`batchSize` is OpenRefine's, and allowed beside them.)
ADDRESS = {"type": "string", "pattern": "^https?://"}
TEMPLATE = {"type": "string", "pattern": r"^https?://.*\{\{id\}\}"}
SERVICE = closed(service_url=ADDRESS, service_path={"type": "string", "pattern": "^/"})
MANIFEST = closed(
    versions={"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
    name=TEXT,
    identifierSpace=ADDRESS,
    schemaSpace=ADDRESS,
    documentation=ADDRESS,
    defaultTypes={**listed(TYPE), "uniqueItems": True},
    view=closed(url=TEMPLATE),
    preview=closed(url=TEMPLATE, width={"type": "integer"}, height={"type": "integer"}),
    suggest=closed(entity=SERVICE, property=SERVICE, type=SERVICE),
    extend=closed(propose_properties=SERVICE, property_settings=listed({"type": "object"})),
    batchSize={"type": "integer"},
)
FEATURE = closed(id=TEXT, value={"type": ["boolean", "number"]})
CANDIDATE = closed(
    id=TEXT,
    name=TEXT,
    description=TEXT,
    type=listed(TYPE),
    score={"type": "number", "minimum": 0, "maximum": 100},
    match={"type": "boolean"},
    features=listed(FEATURE),
)
RESULTS = {"type": "object", "additionalProperties": closed(result=listed(CANDIDATE))}
SUGGESTED_ENTITIES = closed(result=listed(closed(id=TEXT, name=TEXT, description=TEXT, notable=listed(TYPE))))
SUGGESTED = closed(result=listed(closed(optional=("description",), id=TEXT, name=TEXT, description=TEXT)))
PROPOSED = closed(optional=("type",), type=TEXT, limit={"type": "integer"}, properties=listed(TYPE))
EXTENDED = closed(
    meta=listed(closed(optional=("type",), id=TEXT, name=TEXT, type=TYPE)),
    rows={
        "type": "object",
        "additionalProperties": {
            "type": "object",
            "additionalProperties": listed({"oneOf": [TYPE, closed(str=TEXT)]}),
        },
    },
)


def checked(response: Any, shape: dict[str, Any]) -> Any:
    """Check an answer against its shape, and return it."""
    assert (response.status_code, response["Content-Type"]) == (200, "application/json"), response.content
    errors = [error.message for error in Draft202012Validator(shape).iter_errors(response.json())]
    assert errors == []
    return response.json()


def told(candidate: dict[str, Any]) -> dict[str, Any]:
    """Return the features of a candidate."""
    return {feature["id"]: feature["value"] for feature in candidate["features"]}
