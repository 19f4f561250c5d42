"""The reconciliation service as OpenAPI describes it.

The bodies of its protocol are a standard of their own: they are named here, not spelled out.
"""

from __future__ import annotations

from typing import Any

from base.reconcile.requests import BATCH, LONGEST, MOST_IDS
from base.reconcile.suggest import MOST_SUGGESTIONS

Json = dict[str, Any]  # a part of an OpenAPI document
TAG = {
    "name": "reconciliation",
    "description": "Which records a list of names means: the Reconciliation Service API 0.2, for OpenRefine and others.",
}
PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
PROBLEMS = {
    400: "A parameter was not understood.",
    404: "There is no such entity.",
    406: "The client accepts no JSON.",
    410: "The record was withdrawn; `reason` says why.",
    413: "More was asked at once than is answered; `limit` says how much is.",
    414: "The address is too long.",
    415: "The body is no form.",
    429: "More was asked within a minute than is answered to one client; `Retry-After` says how long to wait.",
    503: "The database took too long; `Retry-After` says when to ask again.",
}
OBJECT = {"application/json": {"schema": {"type": "object"}}}
TYPE = {"type": "string", "enum": ["Event", "Initiative", "Organization", "Person"]}


def reconcile_paths(root: str) -> Json:
    """Return the path items of the service whose address is `root`."""
    queries = _text(f"A JSON object of at most {BATCH} queries, each under a key of the client's.")
    extend = _text(f"A JSON object with `ids` (at most {MOST_IDS}) and `properties`: values of properties are wanted.")
    entity = _parameter("id", {"type": "string", "maxLength": LONGEST}, "The id of an entity: people/tony-bui.", True)
    kind = _parameter("type", TYPE, "Of this type only.")
    prefix = _parameter("prefix", {"type": "string", "maxLength": LONGEST}, "What was typed, or the id of an entity.")
    start = _parameter(
        "cursor", {"type": "integer", "minimum": 0, "maximum": MOST_SUGGESTIONS}, "How many to leave out at the start."
    )
    form = {"type": "object", "properties": {"queries": queries, "extend": extend}}
    bodies = (("queries", queries), ("extend", extend))
    manifest = "The manifest; with `queries` or `extend`, what POST answers."
    html = {"text/html": {"schema": {"type": "string"}}}
    paths: Json = {
        root: {
            "get": _operation(
                "getReconciliation",
                manifest,
                [
                    _parameter(name, {"type": "string", "minLength": 1, "maxLength": 8000}, text["description"])
                    for name, text in bodies
                ],
                (400, 413),
            ),
            "post": {
                **_operation(
                    "reconcile", "Candidates for every query, or properties of entities.", [], (400, 413, 415)
                ),
                "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": form}}},
            },
        },
        f"{root}properties/": {
            "get": _operation(
                "listReconciliationProperties",
                "The properties of a type.",
                [kind, _parameter("limit", {"type": "integer", "minimum": 0, "maximum": 9999}, "At most so many.")],
                (400,),
            )
        },
        f"{root}view/": {
            "get": _operation(
                "viewEntity", "The way to the page of an entity.", [entity], (400, 404, 410), {302: ("Found.", None)}
            )
        },
        f"{root}preview/": {
            "get": _operation(
                "previewEntity", "A small page, for a frame.", [entity], (400, 404, 410), {200: ("The page.", html)}
            )
        },
    }
    for what in ("entity", "property", "type"):
        paths[f"{root}suggest/{what}/"] = {
            "get": _operation(
                f"suggest{what.title()}",
                f"Ten suggestions of a{'n' if what == 'entity' else ''} {what}.",
                [prefix, start, *([kind] if what == "entity" else [])],
                (400,),
            )
        }
    return paths


def data_package_path() -> Json:
    """Return the path item of the archive of everything."""
    archive = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
    operation = _operation(
        "getDataPackage",
        "Everything as one archive: a CSV of every kind, and datapackage.json (Frictionless Data Package 2).",
        [],
        (400,),
        {200: ("The archive.", archive)},
    )
    return {"get": {**operation, "tags": ["export"]}}


def _operation(
    name: str,
    summary: str,
    parameters: list[Json],
    problems: tuple[int, ...],
    answers: dict[int, tuple[str, Json | None]] | None = None,
) -> Json:
    answers = answers or {200: ("The answer, as the protocol has it.", OBJECT)}
    responses: Json = {
        str(status): {"description": text, **({"content": content} if content else {})}
        for status, (text, content) in answers.items()
    }
    for status in sorted({*problems, 406, 414, 429, 503}):
        responses[str(status)] = {"description": PROBLEMS[status], "content": PROBLEM}
    return {
        "operationId": name,
        "summary": summary.removesuffix("."),
        "description": summary,
        "tags": [TAG["name"]],
        "parameters": parameters,
        "security": [{}],
        "responses": responses,
    }


def _parameter(name: str, schema: Json, description: str, required: bool = False) -> Json:
    parameter = {"in": "query", "name": name, "schema": schema, "description": description}
    if required:
        return {**parameter, "required": True}
    return parameter if "minLength" in schema else {**parameter, "allowEmptyValue": True}


def _text(description: str) -> Json:
    return {"type": "string", "description": description}
