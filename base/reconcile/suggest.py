"""Suggestions while somebody types in a client of reconciliation: records, properties and types."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from base.api.errors import Fault, InvalidParameters
from base.reconcile.matching import Query, find, plain, properties_of, suggestions
from base.reconcile.requests import LONGEST
from base.reconcile.results import type_of
from base.reconcile.service import Service
from base.text.numbers import parse_digits

PAGE = 10  # suggestions
MOST_SUGGESTIONS = 500


class Suggest(Service):
    """Something to choose from while typing: /suggest/entity/, /suggest/property/ and /suggest/type/."""

    def get(self, request: Request, what: str) -> Response:
        """Return a page of what matches `prefix`, from number `cursor` (0 is the first) on."""
        prefix = request.query_params.get("prefix", "")
        cursor = parse_digits(request.query_params.get("cursor") or "0", 4)
        if len(prefix) > LONGEST:
            raise InvalidParameters([Fault("prefix", f"At most {LONGEST} characters.")])
        if cursor is None or cursor > MOST_SUGGESTIONS:
            raise InvalidParameters([Fault("cursor", f"“cursor” is a whole number from 0 to {MOST_SUGGESTIONS}.")])
        options = self.entities(prefix, cursor) if what == "entity" else self.kinds_or_properties(what, prefix)[cursor:]
        return Response({"result": options[:PAGE]})

    def entities(self, prefix: str, first: int) -> list[dict[str, str | list[dict[str, str]]]]:
        """Return the records with a name that holds `prefix`, of every kind or of the one that the parameter `type` names.

        The id of a record (people/ann-lee), as its address or alone, suggests this record and no other.
        """
        wanted = self.request.query_params.get("type")
        kinds = (self.kind(wanted, "type"),) if wanted else self.kinds
        # A slug alone may as well be the beginning of a name.
        by_id = Query(plain(prefix) if "/" in prefix else "")
        match = find([by_id], kinds, self.request.build_absolute_uri("/")[:-1], names=False)[0].match
        if match is None:
            records = suggestions(kinds, prefix, first, PAGE)
        elif first == 0:
            records = [(match.kind, match.record)]
        else:
            records = []
        return [
            {
                "id": f"{kind.plural}/{record.slug}",
                "name": record.name,
                "description": kind.describe(record),
                "notable": [type_of(kind)],
            }
            for kind, record in records
        ]

    def kinds_or_properties(self, what: str, prefix: str) -> list[dict[str, str]]:
        """Return the types, or the properties, whose id begins with `prefix` or whose name holds it."""
        options = [type_of(kind) for kind in self.kinds]
        if what == "property":
            options = [
                {"id": one.id, "name": one.name, "description": one.description}
                for one in properties_of(self.kinds).values()
            ]
        start = prefix.casefold().strip()
        return [option for option in options if option["id"].casefold().startswith(start) or start in option["name"]]


class PropertyProposals(Service):
    """Which properties of a type can be fetched."""

    def get(self, request: Request) -> Response:
        """Return the properties of the kind that `type` names, or those of all kinds."""
        wanted = request.query_params.get("type")
        offered = self.kind(wanted, "type").properties if wanted else tuple(properties_of(self.kinds).values())
        limit = parse_digits(request.query_params.get("limit") or str(len(offered)), 4)
        if limit is None:
            raise InvalidParameters([Fault("limit", "“limit” is a whole number.")])
        properties = [{"id": one.id, "name": one.name} for one in offered[:limit]]
        return Response({**({"type": wanted} if wanted else {}), "limit": limit, "properties": properties})
