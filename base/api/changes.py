"""The change feed of the API: what a mirror needs to stay equal to the site."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.answers import (
    TooManyBytes,
    answers,
    note_handed_out,
    placeholder_address,
    read_answers,
    with_absolute_addresses,
)
from base.api.cursor_pages import CursorView
from base.api.errors import SHOWN, Fault, InvalidParameters, problem
from base.api.pagination import MOST_BYTES
from base.changes import feed as changes
from base.changes.models import Change
from base.documents.plan import Document

ACTIONS = ("created", "changed", "renamed", "merged", "withdrawn", "deleted")
CURSOR_HEADER = "Change-Cursor"
LOOKS = 5  # batches that a request looks at before it answers with what is there


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

    def get_cursor(self, change: Change) -> str:
        """Return the cursor of this line."""
        return changes.cursor_of(change.position)

    def get_former_id(self, change: Change) -> str | None:
        """Return the id that leads here now; None unless the record was renamed or merged."""
        return change.former_slug or None

    @extend_schema_field({"type": "string", "format": "uri"})
    def get_url(self, change: Change) -> str:
        """Return the address of the record in this API."""
        return str(self.context["request"].build_absolute_uri(reverse(f"api:{change.kind}-detail", args=[change.slug])))

    @extend_schema_field({"type": ["object", "null"]})
    def get_record(self, change: Change) -> Document | None:
        """Return the record as its address answers; None unless it was asked for and is public."""
        records: dict[tuple[str, str], Document] = self.context["records"]
        return records.get((change.kind, change.slug))


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
        page, records = self.with_records(lines[:size]) if expand else (lines[:size], {})
        cursor = changes.cursor_of(page[-1].position if page else start or 0)
        context = {"request": request, "records": records}
        body = {
            "next": self.address_after(cursor),
            "cursor": cursor,
            "more": len(lines) > len(page) or not all_told,
            "results": ChangeSerializer(page, many=True, context=context).data,
        }
        return self.answer(body)

    def with_records(self, lines: list[Change]) -> tuple[list[Change], dict[tuple[str, str], Document]]:
        """Return the lines with their records: the first half of them, and so on, where the records are too large together."""
        try:
            return lines, self.records(lines)
        except TooManyBytes:
            return self.with_records(lines[: len(lines) // 2])

    def records(self, page: Sequence[Change]) -> dict[tuple[str, str], Document]:
        """Return the public records of these lines by kind and id. Raises TooManyBytes if those of several are too large."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for line in page:
            if line.action not in ("withdrawn", "deleted"):
                wanted[line.kind].add(line.slug)
        records = {}
        left = MOST_BYTES
        for kind, slugs in wanted.items():
            model = changes.models_by_kind()[kind]
            current = read_answers(model, model.objects.published().filter(slug__in=slugs), placeholder_address, left)
            left -= sum(len(answer) for _slug, answer in current.values())
            if left < 0 and len(page) > 1:
                raise TooManyBytes
            note_handed_out(model, current)
            absolute = self.request.build_absolute_uri
            records.update(
                {
                    (kind, slug): json.loads(with_absolute_addresses(answer, absolute))
                    for slug, answer in current.values()
                }
            )
        return records


urls = [
    path("changes/", Changes.as_view(), name="changes"),
]
