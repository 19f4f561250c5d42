"""Lists whose pages each begin behind a cursor, and their description in OpenAPI: the change feed and the redirects."""

from __future__ import annotations

import re

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.response import Response

from base.api.errors import PROBLEM, Fault, InvalidParameters
from base.api.filter_schemas import JsonSchema
from base.api.openapi import (
    ALWAYS,
    PRECONDITION,
    ProblemSerializer,
    PublicSchema,
    conditional_parameters,
    fair_use_headers,
)
from base.api.views import PublicView


class FeedSchema(PublicSchema):
    """Describes a list that is read behind a cursor."""

    def _is_list_view(self, serializer: object = None) -> bool:
        """Return False, so that drf-spectacular adds no envelope: it is described here."""
        return False

    def get_operation_id(self) -> str:
        """Return listChanges or listRedirects."""
        return f"list{self.view.name.title()}"

    def get_summary(self) -> str:
        """Return what the operation does, in a line."""
        return f"List {self.view.name}"

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """Return what the list is."""
        return " ".join((self.view.__doc__ or "").split())

    def get_filter_backends(self) -> list[object]:
        """Return no backends: the parameters are described here."""
        return []

    def get_override_parameters(self) -> list[OpenApiParameter | serializers.Serializer | type[serializers.Serializer]]:
        """Describe the parameters of the list, conditional requests and the headers of an answer."""
        size = {"type": "integer", "minimum": 1, "maximum": CursorView.most, "default": CursorView.size}
        described = [
            OpenApiParameter("after", {"type": "string", "maxLength": 200}, description=self.view.after_help),
            OpenApiParameter("page_size", size, description=f"Rows on a page, at most {CursorView.most}."),
        ]
        if "expand" in self.view.parameters:
            expand = {"type": "string", "enum": ["record", ""]}
            described.append(OpenApiParameter("expand", expand, description="Give every record with its line."))
        links = OpenApiParameter(
            "Link", str, OpenApiParameter.HEADER, description="The address of `next` again (RFC 8288).", response=[200]
        )
        return [*described, *conditional_parameters(), links, *fair_use_headers()]

    def get_response_serializers(self) -> dict[int | tuple[int, str], OpenApiResponse]:  # type: ignore[override]
        """Describe the envelope, and what else may be answered."""
        link: JsonSchema = {"type": "string", "format": "uri"}
        row = self.resolve_serializer(self.view.serializer_class(), "response").ref
        members = {
            "next": self.view.next_schema(link),
            **self.view.members,
            "results": {"type": "array", "items": row},
        }
        envelope = {"type": "object", "required": list(members), "properties": members}
        responses: dict[int | tuple[int, str], OpenApiResponse] = {
            (200, "application/json"): OpenApiResponse(envelope, description=self.get_summary() + "."),
            304: OpenApiResponse(description="Not changed."),
        }
        problems = {
            400: "A parameter was not understood.",
            406: "The client accepts no JSON.",
            **PRECONDITION,
            **ALWAYS,
        }
        if self.view.name == "changes":
            problems[410] = "The feed is not kept that far back: start again from an export."
        for status, text in problems.items():
            responses[(status, PROBLEM)] = OpenApiResponse(ProblemSerializer, description=text)
        return responses


class CursorView(PublicView):
    """A list whose pages each begin behind a cursor."""

    schema = FeedSchema()
    size, most = 100, 500
    name = ""
    action = "list"
    serializer_class: type[serializers.Serializer]
    members: dict[str, JsonSchema] = {}
    parameters: tuple[str, ...] = ("after", "page_size")
    after_help = ""

    def next_schema(self, link: JsonSchema) -> JsonSchema:
        """Return the JSON schema of `next`."""
        return link

    def page_size(self) -> int:
        """Return how many rows the query asks for. Raises InvalidParameters."""
        text = self.request.query_params.get("page_size", str(self.size))
        if re.fullmatch(r"[0-9]{1,3}", text, re.ASCII) and 1 <= int(text) <= self.most:
            return int(text)
        raise InvalidParameters([Fault("page_size", f"“page_size” is a whole number from 1 to {self.most}.")])

    def address_after(self, cursor: str) -> str:
        """Return the address of what stands behind `cursor`."""
        query = self.request.query_params.copy()
        query["after"] = cursor
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))

    def answer(self, body: dict[str, object]) -> Response:
        """Return the page, with `next` again as a Link header (RFC 8288)."""
        return Response(body, headers={"Link": f'<{body["next"]}>; rel="next"'} if body["next"] else None)
