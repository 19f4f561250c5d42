"""The API: one flat router, its description, and an answer for every other address."""

from __future__ import annotations

import functools

from django.urls import path, re_path, reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer2
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

import directory.api.views
import directory.exports
import events.api.views
import events.exports
from base.api import changes, export, redirects
from base.api.views import NothingHere, PublicView, RecordViewSet
from base.documents.csv import CsvTable
from base.documents.plan import Document
from base.reconcile.openapi import TAG, data_package_path, reconcile_paths
from base.reconcile.urls import reconcile_urls
from base.records.kinds import by_kind, kinds
from directory.api import reconcile as names_of_directory
from directory.models import Source
from events.api import reconcile as names_of_events

app_name = "api"

# A kind of record without a viewset or a CSV table is left out here; tests/guarantees/test_completeness.py reports what is
# missing, and where it belongs.
VIEWSETS = by_kind(RecordViewSet, (directory.api.views, events.api.views))
TABLES = {
    table.model: table
    for table in (*vars(directory.exports).values(), *vars(events.exports).values())
    if isinstance(table, CsvTable)
}

router = SimpleRouter(use_regex_path=False)
for _model in kinds("api"):
    if _model in VIEWSETS:
        router.register(_model.plural, VIEWSETS[_model], _model.kind)

EXPORTED = tuple((VIEWSETS[model], TABLES[model]) for model in kinds("api") if model in VIEWSETS and model in TABLES)
PACKAGE = {
    "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
    "name": "on-the-record",
    "title": "On the Record",
    "description": (
        "Who said what, where and on whose behalf. Dates are EDTF. Several values in a cell stand with a semicolon between "
        "them; a cell that a spreadsheet would run as a formula begins with an apostrophe. The licence does not cover words "
        "as printed (`as_printed`): they are quoted from the sources."
    ),
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "path": "https://creativecommons.org/licenses/by/4.0/",
            "title": "Creative Commons Attribution 4.0",
        }
    ],
}


class Root(PublicView):
    """The entry point of the API, which leads to everything else."""

    schema = None

    def get(self, request: Request) -> Response:
        """Return the address of every list, of the description and of the page to try it."""
        names = {prefix: f"{kind}-list" for prefix, _view, kind in router.registry}
        names |= {
            "export": "export",
            "changes": "changes",
            "redirects": "redirects",
            "reconcile": "reconcile",
            "openapi": "openapi-json",
            "openapi_yaml": "openapi-yaml",
            "docs": "docs",
        }
        return Response({name: request.build_absolute_uri(reverse(f"api:{route}")) for name, route in names.items()})


@functools.cache
def openapi_description() -> Document:
    """Return the OpenAPI description. It depends on the code alone, so each process makes it once."""
    return SchemaGenerator().get_schema(public=True)


def describe_kinds(result: Document, **kwargs: object) -> Document:
    """Add a tag with a description for each kind of record, before the tags from the settings, and what has no serializer.

    drf-spectacular calls this hook (POSTPROCESSING_HOOKS) when it makes the description.
    """
    tags = [
        {"name": model.plural, "description": VIEWSETS[model].tag_description}
        for model in kinds("api")
        if model in VIEWSETS
    ]
    paths = {
        **result["paths"],
        "/api/v1/export/datapackage.zip": data_package_path(),
        **reconcile_paths("/api/v1/reconcile/"),
    }
    return {**result, "paths": paths, "tags": [*tags, *result["tags"], TAG]}


class OpenApiJson(PublicView):
    """The OpenAPI description as JSON."""

    schema = None
    renderer_classes = [OpenApiJsonRenderer2]

    def get(self, request: Request) -> Response:
        """Return the description."""
        return Response(openapi_description())


class OpenApiYaml(OpenApiJson):
    """The OpenAPI description as YAML."""

    renderer_classes = [OpenApiYamlRenderer2]


class Docs(SpectacularSwaggerSplitView):
    """A page to read about the API and try it; everything it needs comes from this server."""

    schema = None
    http_method_names = ["get", "head", "options"]
    url_name = "api:openapi-json"
    template_name = "api/docs.html"
    template_name_js = "api/docs.js"


urlpatterns = [
    path("", Root.as_view(), name="root"),
    path("openapi.json", OpenApiJson.as_view(), name="openapi-json"),
    path("openapi.yaml", OpenApiYaml.as_view(), name="openapi-yaml"),
    path("docs/", Docs.as_view(), name="docs"),
    *router.urls,
    *export.export_urls(EXPORTED, Source, PACKAGE),
    *changes.urls,
    *redirects.urls,
    *reconcile_urls((*names_of_directory.KINDS, *names_of_events.KINDS)),
    re_path(r"^(?:[\s\S]*/)?\Z", NothingHere.as_view()),
]
