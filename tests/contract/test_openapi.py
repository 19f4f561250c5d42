"""The description in the repository is the one served, is valid, and tells the truth."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from jsonschema import Draft202012Validator
from jsonschema.validators import validator_for
from rest_framework.viewsets import GenericViewSet

from base.api.pagination import Pages
from base.api.parameters import FacetFilterBackend
from config.api import router
from tests import factories as make
from tests.contract.test_requests import PLURALS

Ask = Callable[..., Any]
FILE = Path(settings.BASE_DIR) / "docs" / "openapi.yaml"

# Addresses whose answers have no serializer -> the ids of their operations, and the problems they may answer beside the usual.
FORM = "application/x-www-form-urlencoded"
OTHERS = {
    "/api/v1/export/datapackage.zip": (["getDataPackage"], {"400"}),
    "/api/v1/reconcile/": (["getReconciliation", "reconcile"], {"400", "413", "415"}),
    "/api/v1/reconcile/preview/": (["previewEntity"], {"400", "404", "410"}),
    "/api/v1/reconcile/properties/": (["listReconciliationProperties"], {"400"}),
    "/api/v1/reconcile/suggest/entity/": (["suggestEntity"], {"400"}),
    "/api/v1/reconcile/suggest/property/": (["suggestProperty"], {"400"}),
    "/api/v1/reconcile/suggest/type/": (["suggestType"], {"400"}),
    "/api/v1/reconcile/view/": (["viewEntity"], {"400", "404", "410"}),
}


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """Return the description in the repository."""
    return yaml.safe_load(FILE.read_text())


def test_the_file_is_what_the_code_says_without_a_warning() -> None:
    made = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=made)
    assert made.getvalue() == FILE.read_text(), "run: make schema"


def test_the_same_is_served_as_json_and_as_yaml(ask: Ask, schema: dict[str, Any]) -> None:
    as_json, as_yaml = ask("openapi.json"), ask("openapi.yaml")
    assert as_json.json() == yaml.safe_load(as_yaml.content) == schema
    assert (as_json["Content-Type"], as_yaml["Content-Type"]) == ("application/json", "application/yaml; charset=utf-8")
    assert ask("openapi.json", accept_language="th").content == as_json.content
    assert schema["openapi"] == "3.1.0"


def test_nothing_of_openapi_3_0_is_left(schema: dict[str, Any]) -> None:
    assert "nullable" not in json.dumps(schema)


def test_every_address_is_described_and_every_description_has_its_parts(schema: dict[str, Any]) -> None:
    described = set(schema["paths"])
    lists = {f"/api/v1/{plural}/" for plural in PLURALS}
    details = {f"/api/v1/{plural}/{{id}}/" for plural in PLURALS}
    nested = {
        f"/api/v1/{path}/"
        for path in ("events/{id}/participants", "organizations/{id}/people", "sources/{id}/passages")
    }
    exports = {f"/api/v1/export/{plural}.{form}" for plural in PLURALS for form in ("ndjson", "csv")}
    feeds = {"/api/v1/changes/", "/api/v1/redirects/"}
    assert described == lists | details | nested | exports | feeds | set(OTHERS)
    assert [prefix for prefix, _view, _name in router.registry] == PLURALS
    assert get_resolver("config.api").reverse_dict.getlist("event-participants")
    always = ("414", "429", "503")
    for path in described - set(OTHERS):
        operations = schema["paths"][path]
        assert set(operations) == {"get"}
        operation = operations["get"]
        if path in exports:
            problems = {"400", "412", *always}
            assert set(operation["responses"]) == {"200", "304"} | problems
        else:
            problems = {"400", "406", "412", *always} | (set() if path in feeds else {"404"})
            problems |= {"308", "410"} if "{id}" in path else set()
            problems |= {"410"} if path == "/api/v1/changes/" else set()
            expandable = any(parameter["name"] == "expand" for parameter in operation["parameters"])
            problems |= {"413"} if expandable and path not in feeds else set()
            assert set(operation["responses"]) == {"200", "304"} | problems
        for status in problems - {"308"}:
            content = operation["responses"][status]["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        assert operation["security"] == [{}]
        assert all(parameter["description"] for parameter in operation["parameters"])
        assert all(limited(parameter["schema"]) for parameter in operation["parameters"] if parameter["in"] != "header")


def test_reconciliation_and_the_archive_are_described(client: Client, schema: dict[str, Any], db: None) -> None:
    patterns = [str(pattern.pattern) for pattern in get_resolver("config.api").url_patterns]
    services = {f"/api/v1/{pattern}" for pattern in patterns if pattern.startswith("reconcile/")}
    assert services == set(OTHERS) - {"/api/v1/export/datapackage.zip"}
    person = {"id": f"people/{make.make_person('Ann Lee').slug}"}
    for path, (ids, problems) in OTHERS.items():
        operations = schema["paths"][path]
        assert sorted(operation["operationId"] for operation in operations.values()) == ids
        for method, operation in operations.items():
            expected = problems - {"415"} if method == "get" else problems
            assert set(operation["responses"]) - {"200", "302"} == {*expected, "406", "414", "429", "503"}
            assert operation["security"] == [{}]
            assert all(
                limited(parameter["schema"]) and parameter["description"] for parameter in operation["parameters"]
            )
            answer = client.get(path, person) if method == "get" else client.post(path, "queries={}", FORM)
            content = operation["responses"][str(answer.status_code)].get("content", {"text/html": {}})
            assert answer["Content-Type"].partition(";")[0] in content


@pytest.mark.django_db
def test_an_empty_parameter_is_what_the_description_says(ask: Ask, schema: dict[str, Any]) -> None:
    person = make.make_person("Ann Lee").slug
    make.make_event("Forum", slug="film-workshop")
    wrong = []
    for path, operations in schema["paths"].items():
        if "{id}" in path and "people" not in path:
            continue
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] != "query" or parameter.get("required"):
                continue
            status = ask(f"{path.replace('{id}', person)}?{parameter['name']}=").status_code
            if (status == 200) != may_be_empty(parameter):
                wrong.append((path, parameter["name"], status))
    assert wrong == []


def may_be_empty(parameter: dict[str, Any]) -> bool:
    """Return whether the description of a parameter takes an empty value."""
    schema = parameter["schema"]
    text = schema.get("items", schema)
    if parameter.get("allowEmptyValue"):
        return True
    if "enum" in text:
        return "" in text["enum"]
    return text["type"] == "string" and not {"minLength", "pattern", "format"} & set(text)


def limited(schema: dict[str, Any]) -> bool:
    """Return whether a parameter says how large it may be."""
    return schema["type"] == "boolean" or bool({"maxLength", "enum", "maximum", "maxItems", "format"} & set(schema))


def test_operation_ids_are_stable(schema: dict[str, Any]) -> None:
    paths = schema["paths"].items()
    ids = sorted(operations["get"]["operationId"] for path, operations in paths if path not in OTHERS)
    assert [id_ for id_ in ids if id_.startswith("export")] == sorted(
        f"export{plural.title()}{form}" for plural in PLURALS for form in ("Ndjson", "Csv")
    )
    assert [id_ for id_ in ids if not id_.startswith("export")] == [
        "getEvent",
        "getInitiative",
        "getOrganization",
        "getPerson",
        "getSource",
        "getStatement",
        "getTopic",
        "listChanges",
        "listEventParticipants",
        "listEvents",
        "listInitiatives",
        "listOrganizationPeople",
        "listOrganizations",
        "listPeople",
        "listRedirects",
        "listSourcePassages",
        "listSources",
        "listStatements",
        "listTopics",
    ]


def test_every_filter_is_described(schema: dict[str, Any]) -> None:
    for prefix, view, _name in router.registry:
        assert issubclass(view, GenericViewSet)
        shaping = {"fields", "lang"} if prefix in ("sources", "topics") else {"fields", "lang", "expand"}
        parameters = schema["paths"][f"/api/v1/{prefix}/"]["get"]["parameters"]
        described = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
        assert described == {
            *view.filterset_class.base_filters,
            *FacetFilterBackend.parameters,
            *Pages.parameters,
            *shaping,
        }
        for form in ("ndjson", "csv"):
            parameters = schema["paths"][f"/api/v1/export/{prefix}.{form}"]["get"]["parameters"]
            described = {parameter["name"] for parameter in parameters if parameter["in"] == "query"}
            assert described == set(view.filterset_class.base_filters) - ({"ordering"} if form == "ndjson" else set())


@pytest.mark.django_db
def test_answers_are_as_described(ask: Ask, schema: dict[str, Any]) -> None:
    person, event, board = make.make_person(), make.make_event(date="2025"), make.make_organization()
    make.make_affiliation(person, board, passages=[make.make_passage()])
    make.make_affiliation(person, role="writer")
    make.make_participation(person, event)
    make.make_statement(person, event, "We film.", nature="verbatim", topics=[make.make_topic()])
    make.make_statement(initiatives=[make.make_initiative()])
    for path, operations in schema["paths"].items():
        if path in OTHERS:
            continue
        address = path.removeprefix("/api/v1/")
        content = operations["get"]["responses"]["200"]["content"]
        if "application/json" not in content:
            ((media, found),) = content.items()
            for line in ask(address).getvalue().splitlines() if media == "application/x-ndjson" else ():
                check(json.loads(line), found["schema"], schema)
            continue
        shape = content["application/json"]["schema"]
        if "{id}" in address:
            first = ask(address.split("/")[0] + "/").json()["results"][0]
            address = address.replace("{id}", first["id"])
        check(ask(address).json(), shape, schema)
    for address in ("people/?x=1", "people/none/", "people/?cursor=9"):
        check(ask(address).json(), {"$ref": "#/components/schemas/Problem"}, schema)


def check(answer: Any, shape: dict[str, Any], schema: dict[str, Any]) -> None:
    """Check an answer against a schema that allows no member it does not name."""
    closed = json.loads(json.dumps(schema["components"]))
    for component in closed["schemas"].values():
        if component.get("type") == "object":
            component["additionalProperties"] = False
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **shape, "components": closed}
    assert validator_for(document) is Draft202012Validator
    validator = Draft202012Validator(document, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in validator.iter_errors(answer)] == []


@pytest.mark.django_db
def test_the_page_to_try_it_has_nothing_inline_and_nothing_foreign(ask: Ask) -> None:
    page, script = ask("docs/"), ask("docs/?script=")
    assert (page.status_code, script.status_code) == (200, 200)
    assert b"<style" not in page.content
    assert b"<script>" not in page.content
    assert b"//" not in page.content.replace(b"</", b"")
    assert script["Content-Type"] == "application/javascript"
    assert b'"/api/v1/openapi.json"' in script.content
    assert "unsafe" not in page["Content-Security-Policy"]
