"""The change feed, and the list of former ids: what a mirror needs to stay equal to the site."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any, Protocol

from django.db.models.options import Options
from django.http import HttpResponse
from django.urls import path, reverse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.answers import (
    answers,
    note_handed_out,
    placeholder_address,
    read_answers,
    with_absolute_addresses,
)
from base.api.errors import PROBLEM, SHOWN, Fault, InvalidParameters, problem
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
from base.changes import feed as changes
from base.documents.plan import Document
from base.records.records import Record
from base.records.successors import successors

ACTIONS = ("created", "changed", "renamed", "merged", "withdrawn", "deleted")
CURSOR_HEADER = "Change-Cursor"
LOOKS = 5  # batches that a request looks at before it answers with what is there


class ChangeLine(Protocol):
    """A line of the change feed, as it is stored."""

    position: int
    action: str
    kind: str
    slug: str
    former_slug: str


class ChangeSerializer(serializers.Serializer[Any]):
    """What happened to one record."""

    cursor = serializers.SerializerMethodField(help_text="Where this line stands; `after` this, what is newer.")
    at = serializers.DateTimeField(help_text="When it was told, in UTC.")
    action = serializers.ChoiceField(
        ACTIONS,
        help_text=(
            "created: it is public now. changed: its answer is another now, be it by the name of a record in it. renamed, "
            "merged: `former_id` leads to `id` now. withdrawn, deleted: `id` is not public any more."
        ),
    )
    kind = serializers.CharField(help_text="person, organization, initiative, event, statement, source or topic.")
    id = serializers.CharField(source="slug")
    former_id = serializers.SerializerMethodField(help_text="With renamed and merged: the id that leads here now.")
    url = serializers.SerializerMethodField(help_text="Address of the record in this API.")
    reason = serializers.CharField(help_text="With merged and withdrawn: why, if it is said.")
    record = serializers.SerializerMethodField(
        help_text="With `expand=record`: the record as it is now, as its address answers; else, or if it is gone, null."
    )

    def get_cursor(self, change: ChangeLine) -> str:
        """Return the cursor of this line."""
        return changes.cursor_of(change.position)

    def get_former_id(self, change: ChangeLine) -> str | None:
        """Return the id that leads here now; None unless the record was renamed or merged."""
        return change.former_slug or None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, change: ChangeLine) -> str:
        """Return the address of the record in this API."""
        return str(self.context["request"].build_absolute_uri(reverse(f"api:{change.kind}-detail", args=[change.slug])))

    @extend_schema_field({"type": ["object", "null"]})
    def get_record(self, change: ChangeLine) -> Document | None:
        """Return the record as its address answers; None unless it was asked for and is public."""
        records: dict[tuple[str, str], Document] = self.context["records"]
        return records.get((change.kind, change.slug))


class RedirectSerializer(serializers.Serializer[Any]):
    """An id a record had before, and the one it has now."""

    kind = serializers.CharField()
    former_id = serializers.CharField()
    id = serializers.CharField(help_text="The present id; chains of renames and mergers are followed.")
    url = serializers.CharField(help_text="Present address in this API.")


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
            expand = {"type": "string", "enum": ["record"]}
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


class Changes(CursorView):
    """What happened to public records, in one order, as a reader of this API sees it. Take an export with its header
    Change-Cursor, or begin without `after`; then follow `next`, which is always there: ask it again later for what is new.
    A line may be followed by another of the same record; apply them in order."""

    name = "changes"
    reads_primary = True  # it notes what it tells
    serializer_class = ChangeSerializer
    parameters = ("after", "page_size", "expand")
    members = {
        "cursor": {"type": "string", "description": "Where this page ends, as in `next`."},
        "more": {"type": "boolean", "description": "Whether there is more behind this page already."},
    }
    after_help = (
        "The `cursor` of a line or a page, or the header Change-Cursor of an export. Without it, from the start."
    )

    def get(self, request: Request) -> HttpResponse | Response:
        """Look at what was written since, and return the lines behind the cursor."""
        size, expand = self.page_size(), request.query_params.get("expand", "")
        if expand not in ("", "record"):
            raise InvalidParameters([Fault("expand", "“expand” is “record”.", ["record"])])
        given = request.query_params.get("after", "")
        try:
            start = changes.position_of(given) if given else None
        except changes.WrongCursor:
            fault = Fault("after", f"“{given[:SHOWN]}” is no cursor of this feed.")
            raise InvalidParameters([fault]) from None
        all_told = changes.catch_up(answers, LOOKS)
        try:
            lines = list(changes.lines_after(start)[: size + 1])
        except changes.ExpiredCursor:
            export = request.build_absolute_uri(reverse("api:export"))
            text = f"The feed is not kept that far back. Take an export ({export}) and go on after its {CURSOR_HEADER}."
            return problem(410, text, export_url=export)
        page = lines[:size]
        cursor = changes.cursor_of(page[-1].position if page else start or 0)
        records = self.records(page) if expand else {}
        context = {"request": request, "records": records}
        body = {
            "next": self.address_after(cursor),
            "cursor": cursor,
            "more": len(lines) > size or not all_told,
            "results": ChangeSerializer(page, many=True, context=context).data,
        }
        return self.answer(body)

    def records(self, page: list[ChangeLine]) -> dict[tuple[str, str], Document]:
        """Return the public records of these lines by kind and id."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for line in page:
            if line.action not in ("withdrawn", "deleted"):
                wanted[line.kind].add(line.slug)
        records = {}
        for kind, slugs in wanted.items():
            model = changes.models_by_kind()[kind]
            current = read_answers(model, model.objects.published().filter(slug__in=slugs), placeholder_address)
            note_handed_out(model, current)
            absolute = self.request.build_absolute_uri
            records.update(
                {
                    (kind, slug): json.loads(with_absolute_addresses(answer, absolute))
                    for slug, answer in current.values()
                }
            )
        return records


class Redirects(CursorView):
    """Every id that leads to another one: of records that were renamed, and of doubles that were merged. A chain is
    followed to its end; an id whose record is not public any more is not listed. By kind, then by former id."""

    name = "redirects"
    serializer_class = RedirectSerializer
    after_help = "Where the page before ended, as its `next` has it."

    def next_schema(self, link: JsonSchema) -> JsonSchema:
        """Return the JSON schema of `next`."""
        return {**link, "type": ["string", "null"], "description": "The next page; null on the last."}

    def get(self, request: Request) -> Response:
        """Return one page. At most five queries a kind."""
        size, given = self.page_size(), request.query_params.get("after", "")
        models = changes.models_by_kind()
        kind, colon, former = given.partition(":")
        if given and (kind not in models or not re.fullmatch(r"[-a-zA-Z0-9_]{1,100}", former)):
            raise InvalidParameters([Fault("after", f"“{given[:SHOWN]}” is no cursor of this list.")])
        rows: list[dict[str, str]] = []
        cursor = ""
        for name in sorted(models):
            if colon and name < kind:
                continue
            page, last = _former_ids(models[name], former if name == kind else "", size - len(rows))
            rows += [
                {
                    "kind": name,
                    **row,
                    "url": request.build_absolute_uri(reverse(f"api:{name}-detail", args=[row["id"]])),
                }
                for row in page
            ]
            if last:
                cursor = f"{name}:{last}"
                break
        return self.answer({"next": self.address_after(cursor) if cursor else None, "results": rows})


def _former_ids(model: type[Record], after: str, most: int) -> tuple[list[dict[str, str]], str]:
    """Return the former ids of a kind behind `after`, and the last one looked at if there are more.

    An address answers with the record of its id first, so a former id that is a record's own again leads nowhere else.
    """
    if most == 0:
        return [], after or "-"
    fields: Options[Any] = model._meta
    relation: Any = fields.get_field("former_ids")
    former = relation.related_model.objects.filter(slug__gt=after)
    merged = model.objects.filter(slug__gt=after, merged_into__isnull=False, published_at__isnull=False)
    starts = dict(former.order_by("slug").values_list("slug", "record")[: most + 1])
    own = set(model.objects.filter(slug__in=starts).values_list("slug", flat=True))
    doubles = dict(merged.order_by("slug").values_list("slug", "merged_into")[: most + 1])
    looked = sorted({*starts, *doubles})
    page = looked[:most]
    heirs = {slug: doubles.get(slug) or starts[slug] for slug in page if slug in doubles or slug not in own}
    today = successors(model, set(heirs.values()))
    public = dict(model.objects.published().filter(pk__in=set(today.values())).values_list("pk", "slug"))
    rows = [{"former_id": slug, "id": public[today[key]]} for slug, key in heirs.items() if today[key] in public]
    return [row for row in rows if row["former_id"] != row["id"]], page[-1] if len(looked) > most else ""


urls = [
    path("changes/", Changes.as_view(), name="changes"),
    path("redirects/", Redirects.as_view(), name="redirects"),
]
