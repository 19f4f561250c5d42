"""What OpenAPI says of every view: operation ids that stay, and the answers that are not 200."""

from __future__ import annotations

import inspect
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.serializers import Serializer

from base.api.errors import PROBLEM
from base.api.shaping import MOST_NAMES, MOST_ROWS_EXPANDED, expandable, selectable
from base.documents.base import Shape
from base.records.publishing import Publishable


class FaultSerializer(serializers.Serializer[Any]):
    """What is wrong with one query parameter."""

    parameter = serializers.CharField()
    detail = serializers.CharField()
    allowed = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The values, or the parameters, that are understood."
    )
    nearest = serializers.CharField(required=False, help_text="Of these, the one spelled most like yours.")


class ProblemSerializer(serializers.Serializer[Any]):
    """What went wrong (RFC 9457)."""

    type = serializers.CharField(help_text="Always about:blank: the status says it.")
    title = serializers.CharField(help_text="The name of the status.")
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="A sentence for people.")
    errors = FaultSerializer(  # type: ignore[assignment]  # a declared field, not the property of Serializer
        many=True, required=False, help_text="With 400: what is wrong with each parameter."
    )
    reason = serializers.CharField(required=False, help_text="With 410: why the record was withdrawn.")


def fair_use_headers() -> list[OpenApiParameter]:
    """Describe the headers that tell a client how much more it may ask."""
    headers = {
        "RateLimit": (
            str,
            [200, 304, 400, 429],
            'What is left (IETF draft): `"reading";r=590;t=1`, t seconds until it is whole.',
        ),
        "RateLimit-Policy": (
            str,
            [200, 304, 400, 429],
            'What there is: `"reading";q=600;w=60`, q requests in w seconds.',
        ),
        "Retry-After": (int, [429, 503], "Seconds to wait."),
    }
    return [
        OpenApiParameter(name, kind, OpenApiParameter.HEADER, description=text, response=statuses)
        for name, (kind, statuses, text) in headers.items()
    ]


# What any address may answer, whatever was asked.
PRECONDITION = {412: "If-Match or If-Unmodified-Since was sent, and the answer is another."}
ALWAYS = {
    414: "The address is too long.",
    429: "More was asked within a minute than is answered to one client; `Retry-After` says how long to wait.",
    503: "The database took too long; `Retry-After` says when to ask again.",
}


class PublicSchema(AutoSchema):
    """Describes a RecordViewSet."""

    view: Any  # a RecordViewSet, or the view of an export or a feed

    def _is_list_view(self, serializer: object = None) -> bool:
        """Return whether the operation answers a page of rows, as all do but `retrieve`."""
        return self.view.action != "retrieve"

    def get_operation_id(self) -> str:
        """Return listPeople, getPerson, listOrganizationPeople."""
        model, action = self.view.model, self.view.action
        if action == "retrieve":
            return f"get{model.kind.title()}"
        return f"list{model.plural.title()}" if action == "list" else f"list{model.kind.title()}{action.title()}"

    def get_summary(self) -> str:
        """Return what the operation does, in a line."""
        model, action = self.view.model, self.view.action
        if action == "retrieve":
            return f"One {model.kind}"
        return f"List {model.plural}" if action == "list" else f"List {action} of one {model.kind}"

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Return the docstring of the view; of a list that belongs to a record, that of its method."""
        own = getattr(self.view, self.view.action)
        return inspect.cleandoc((self.view if self.view.action in ("list", "retrieve") else own).__doc__)

    def get_override_parameters(self) -> list[OpenApiParameter | Serializer | type[Serializer]]:
        """Describe the id in the path, conditional requests and the headers of an answer."""
        parameters: list[OpenApiParameter | Serializer | type[Serializer]] = [*conditional_parameters()]
        if "{id}" in self.path:
            parameters.append(
                OpenApiParameter(
                    "id",
                    {"type": "string", "pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 92},
                    OpenApiParameter.PATH,
                    description=f"The `id` of the {self.view.model.kind}. A former id redirects.",
                )
            )
        parameters += shaping_parameters(self.view.get_serializer_class(), self.view.row_model or self.view.model)
        if self._is_list_view():
            links = "The addresses of `next` and `previous` again, and of the first page (RFC 8288)."
            parameters.append(OpenApiParameter("Link", str, OpenApiParameter.HEADER, description=links, response=[200]))
        parameters += fair_use_headers()
        if "{id}" in self.path:
            location = OpenApiParameter("Location", OpenApiTypes.URI, OpenApiParameter.HEADER, response=[308])
            parameters.append(location)
        return parameters

    def get_response_serializers(self) -> dict[int | tuple[int, str], OpenApiResponse]:  # type: ignore[override]
        """Describe every answer with its status and media type."""
        responses: dict[int | tuple[int, str], OpenApiResponse] = {
            200: OpenApiResponse(self.view.get_serializer(), description=self.get_summary() + "."),
            304: OpenApiResponse(description="Not changed."),
        }
        problems = {
            400: "A parameter was not understood.",
            404: "No such public record, or no such page.",
            406: "The client accepts no JSON.",
            **PRECONDITION,
            **ALWAYS,
        }
        if self.view.expandable():
            problems[413] = "With `expand`, one row shows several very large records in full: ask without."
        if "{id}" in self.path:
            responses[308] = OpenApiResponse(description="The record has another id now: follow Location.")
            problems[410] = "The record was withdrawn; `reason` says why."
        for status, text in problems.items():
            responses[(status, PROBLEM)] = OpenApiResponse(ProblemSerializer, description=text)
        return responses


def conditional_parameters() -> list[OpenApiParameter]:
    """Describe the headers of conditional requests."""
    etag = "Changes with any byte of the answer. Send it back as If-None-Match."
    again = "The ETag of the answer you have; 304 if it would be the same."
    return [
        OpenApiParameter("ETag", str, OpenApiParameter.HEADER, description=etag, response=[200]),
        OpenApiParameter("If-None-Match", str, OpenApiParameter.HEADER, description=again),
    ]


def shaping_parameters(shape: type[Shape], model: type[Publishable]) -> list[OpenApiParameter]:
    """Describe the parameters that choose the members of a document and the language of names."""
    whole = [name for name in selectable(shape, model) if "." not in name]
    names = {"type": "array", "items": {"type": "string", "minLength": 1}, "minItems": 1, "maxItems": MOST_NAMES}
    fields = (
        f"Only these members, with commas between them; a dot leads into one. For example `{whole[0]},{whole[-1]}`. "
        f"Members: {', '.join(f'`{name}`' for name in whole)}."
    )
    parameters = [
        OpenApiParameter("fields", names, description=fields, style="form", explode=False),
        OpenApiParameter(
            "lang",
            {"type": "string", "minLength": 1, "maxLength": 35},
            description="BCP 47 tag of the language for names and readings, where there is one; before Accept-Language. "
            "For example `th`. What a name is in, `name_language` says.",
        ),
    ]
    if references := list(expandable(shape, model)):
        expand = (
            f"These references in full, as their own address answers. With it, a page has at most {MOST_ROWS_EXPANDED} "
            f"rows. For example `{references[0]}`."
        )
        items = {**names, "items": {"type": "string", "enum": references}, "maxItems": len(references)}
        parameters.append(OpenApiParameter("expand", items, description=expand, style="form", explode=False))
    return parameters
