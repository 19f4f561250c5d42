"""The redirects of the API: every former id, and the present id that it leads to."""

from __future__ import annotations

import re

from django.urls import path, reverse
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.cursor_pages import CursorView
from base.api.errors import SHOWN, Fault, InvalidParameters
from base.api.filter_schemas import JsonSchema
from base.changes import feed as changes
from base.records.records import Record
from base.records.resolution import EVER_PUBLIC, former_ids_of
from base.records.successors import successors


class RedirectSerializer(serializers.Serializer[dict[str, str]]):
    """An id a record had before, and the one it has now."""

    kind = serializers.CharField()
    former_id = serializers.CharField()
    id = serializers.CharField(help_text="The present id; chains of renames and mergers are followed.")
    url = serializers.CharField(help_text="Present address in this API.")


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
    former = former_ids_of(model).filter(slug__gt=after)
    merged = model.objects.filter(slug__gt=after, merged_into__isnull=False, published_at__isnull=False)
    starts = dict(former.order_by("slug").values_list("slug", "record")[: most + 1])
    own = set(model.objects.filter(EVER_PUBLIC, slug__in=starts).values_list("slug", flat=True))
    doubles = dict(merged.order_by("slug").values_list("slug", "merged_into")[: most + 1])
    slugs = sorted({*starts, *doubles})
    page = slugs[:most]
    heirs = {slug: doubles.get(slug) or starts[slug] for slug in page if slug in doubles or slug not in own}
    today = successors(model, set(heirs.values()))
    public = dict(model.objects.published().filter(pk__in=set(today.values())).values_list("pk", "slug"))
    rows = [{"former_id": slug, "id": public[today[key]]} for slug, key in heirs.items() if today[key] in public]
    return [row for row in rows if row["former_id"] != row["id"]], page[-1] if len(slugs) > most else ""


urls = [path("redirects/", Redirects.as_view(), name="redirects")]
