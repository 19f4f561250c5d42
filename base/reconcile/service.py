"""The Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

Its clients send parameters of their own (`callback`, `type_strict` …): here alone an unknown one is ignored.
"""

from __future__ import annotations

import json
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.errors import SHOWN, Fault, InvalidParameters, problem
from base.api.views import PublicView
from base.reconcile.matching import Candidate, EntityKind, Property, Query, Result, find, plain, suggestions
from base.records.records import Moved
from base.text.numbers import parse_digits

BATCH = 50  # queries in one request
MOST_CANDIDATES = 50
MOST_IDS = 200  # of one request for properties
MOST_PROPERTIES = 20
LONGEST = 500  # characters of a value; no name is longer
PAGE = 10  # suggestions
MOST_SUGGESTIONS = 500
STRICTNESS = ("any", "should", "all")


class TooMany(Exception):
    """A request asks for more at once than is answered."""

    def __init__(self, what: str, limit: int) -> None:
        super().__init__(f"At most {limit} {what} are answered at once.")
        self.limit = limit


class Service(PublicView):
    """What every address of the service shares: it ignores unknown parameters and knows the kinds."""

    schema = None
    fair_use = "heavy"
    kinds: tuple[EntityKind, ...] = ()

    def allowed_parameters(self) -> list[str]:
        """Return whatever was sent."""
        return list(self.request.query_params)

    def handle_exception(self, exc: Exception) -> Any:
        """Answer 413 for a request that asks for too much."""
        if isinstance(exc, TooMany):
            return problem(413, str(exc), limit=exc.limit)
        return super().handle_exception(exc)

    def properties(self) -> dict[str, Property]:
        """Return the properties of all kinds."""
        return {one.id: one for kind in self.kinds for one in kind.properties}

    def kind(self, name: str, parameter: str) -> EntityKind:
        """Return the kind of this name; raises InvalidParameters."""
        for kind in self.kinds:
            if kind.id == name:
                return kind
        allowed = [kind.id for kind in self.kinds]
        raise InvalidParameters([Fault(parameter, f"There is no type “{name[:SHOWN]}”.", allowed)])

    def record(self, entity: str) -> Any:
        """Return the public record of this id, also of a former one. Raises Gone or Http404."""
        plural, _slash, slug = entity.strip("/").partition("/")
        for kind in self.kinds:
            if kind.plural == plural and slug:
                try:
                    return kind.load(kind.model.objects).resolve(slug)
                except Moved as moved:
                    return kind.load(kind.model.objects.published()).get(pk=moved.record.pk)
                except kind.model.DoesNotExist:
                    break
        raise Http404(f"There is no “{entity[:SHOWN]}”.")


def described(kind: EntityKind) -> dict[str, str]:
    """Return a type as the protocol writes it."""
    return {"id": kind.id, "name": kind.id}


class Reconcile(Service):
    """The service itself: its manifest, queries, and properties of entities."""

    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: Request) -> Any:
        """Return the manifest, or answer the queries."""
        return self.answer(request.query_params) or Response(self.manifest())

    def post(self, request: Request) -> Any:
        """Answer the queries, or return properties of entities."""
        form: Any = request._request
        if form.content_type != "application/x-www-form-urlencoded":
            return problem(415, "Send a form: application/x-www-form-urlencoded.")
        try:
            sent = form.POST
        except RequestDataTooBig:
            raise TooMany("bytes", settings.DATA_UPLOAD_MAX_MEMORY_SIZE) from None
        answer = self.answer(sent)
        if answer is None:
            raise InvalidParameters([Fault("queries", "Send “queries” or “extend”.", ["queries", "extend"])])
        return answer

    def answer(self, form: QueryDict) -> Response | None:
        """Return the answer to a form; None if it asks for nothing."""
        asked = [name for name in ("queries", "extend") if name in form]
        if len(asked) > 1 or any(len(form.getlist(name)) > 1 for name in asked):
            raise InvalidParameters([Fault(asked[0], "Send one of “queries” and “extend”, once.")])
        if not asked:
            return None
        data = parsed(asked[0], str(form[asked[0]]))
        return Response(self.reconciled(data) if asked == ["queries"] else self.extended(data))

    def manifest(self) -> dict[str, Any]:
        """Return what the service is and can do."""
        root = self.request.build_absolute_uri("/")[:-1]
        base = reverse("api:reconcile")
        suggest = {
            name: {"service_url": root, "service_path": f"{base}suggest/{name}/"}
            for name in ("entity", "property", "type")
        }
        return {
            "versions": ["0.2"],
            "name": "On the Record",
            "identifierSpace": f"{root}/",
            "schemaSpace": f"{root}{base}",
            "documentation": f"{root}{reverse('api:docs')}",
            "defaultTypes": [described(kind) for kind in self.kinds],
            "view": {"url": f"{root}{base}view/?id={{{{id}}}}"},
            "preview": {"url": f"{root}{base}preview/?id={{{{id}}}}", "width": 420, "height": 220},
            "suggest": suggest,
            "extend": {
                "propose_properties": {"service_url": root, "service_path": f"{base}properties/"},
                "property_settings": [],
            },
            "batchSize": BATCH,
        }

    def reconciled(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return the candidates for every query, under the keys they were asked with."""
        if len(data) > BATCH:
            raise TooMany("queries", BATCH)
        faults: list[Fault] = []
        queries = []
        for key, body in data.items():
            try:
                queries.append(self.query(body))
            except ValueError as error:
                faults.append(Fault("queries", f"“{key[:SHOWN]}”: {error}"))
        if faults:
            raise InvalidParameters(faults[:10])
        results = find(queries, self.kinds, self.request.build_absolute_uri("/")[:-1])
        return {key: {"result": shown(result)} for key, result in zip(data, results, strict=True)}

    def query(self, body: Any) -> Query:
        """Return one query; raises ValueError with what is wrong."""
        if not isinstance(body, dict):
            raise ValueError("a query is an object.")
        text, strict = body.get("query", ""), body.get("type_strict", "any")
        if not isinstance(text, str):
            raise ValueError("“query” is a text.")
        if strict not in STRICTNESS:
            raise ValueError(f"“type_strict” is one of {', '.join(STRICTNESS)}.")
        types = body.get("type") or []
        types = [types] if isinstance(types, str) else types
        known = [kind.id for kind in self.kinds]
        if not isinstance(types, list) or not all(isinstance(name, str) and name in known for name in types):
            raise ValueError(f"“type” is one of {', '.join(known)}, or a list of them.")
        properties = self.given(body.get("properties") or [])
        if not text.strip() and not properties:
            raise ValueError("it has neither “query” nor “properties”.")
        others = [value for pid, values in properties if pid == "other_names" for value in values]
        text = plain(text) or next(iter(others), "")
        return Query(
            text="" if len(text) > LONGEST else text,
            kinds=frozenset(types),
            limit=limit_of(body.get("limit", 10)),
            properties=properties,
        )

    def given(self, items: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return the properties of a query with their values as texts; raises ValueError."""
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise ValueError("“properties” is a list of objects.")
        if len(items) > MOST_PROPERTIES:
            raise ValueError(f"it has more than {MOST_PROPERTIES} properties.")
        known = self.properties()
        properties = []
        for item in items:
            pid, values = item.get("pid"), item.get("v")
            if not isinstance(pid, str) or pid not in known:
                raise ValueError(f"“pid” is one of {', '.join(sorted(known))}.")
            values = values if isinstance(values, list) else [values]
            if len(values) > MOST_PROPERTIES:
                raise ValueError(f"“{pid}” has more than {MOST_PROPERTIES} values.")
            texts = tuple(filter(None, (value_of(value) for value in values)))
            properties.append((pid, texts))
        return tuple(properties)

    def extended(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return properties of entities, a row for every id. An id that is not there has a row without values."""
        ids, wanted = data.get("ids"), data.get("properties")
        if not isinstance(ids, list) or not all(isinstance(entity, str) for entity in ids):
            raise InvalidParameters([Fault("extend", "“ids” is a list of texts.")])
        if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
            raise InvalidParameters([Fault("extend", "“properties” is a list of objects.")])
        if len(ids) > MOST_IDS:
            raise TooMany("ids", MOST_IDS)
        known = self.properties()
        pids = list(dict.fromkeys(item.get("id") for item in wanted if isinstance(item.get("id"), str)))
        if len(pids) < len(wanted) or not set(pids) <= set(known):
            raise InvalidParameters([Fault("extend", "There is no such property.", sorted(known))])
        queries = [Query(entity if "/" in entity and len(entity) <= LONGEST else "") for entity in ids]
        rows = {}
        for entity, result in zip(ids, find(queries, self.kinds, "", names=False), strict=True):
            rows[entity] = {pid: self.values(result.match, pid) for pid in pids}
        meta = [{"id": pid, "name": known[pid].name, **self.range(known[pid])} for pid in pids]
        return {"meta": meta, "rows": rows}

    def range(self, prop: Property) -> dict[str, Any]:
        """Return the type of the values of a property, if they are entities."""
        return {"type": {"id": prop.entities, "name": prop.entities}} if prop.entities else {}

    def values(self, match: Candidate | None, pid: str) -> list[dict[str, str]]:
        """Return the values of a property of an entity."""
        prop = match.kind.property(pid) if match else None
        return prop.values(match.record) if match and prop else []


def parsed(name: str, text: str) -> dict[str, Any]:
    """Return the object that a parameter holds; raises InvalidParameters."""
    try:
        data = json.loads(text)
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode()  # half a character, or no number
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise InvalidParameters([Fault(name, f"“{name}” is a JSON object.")])
    return data


def limit_of(value: Any) -> int:
    """Return how many candidates are wanted; raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 1 or value != int(value):
        raise ValueError("“limit” is a whole number from 1.")
    return min(int(value), MOST_CANDIDATES)


def value_of(value: Any) -> str:
    """Return the value of a property as a text: an entity by its id. Raises ValueError."""
    if isinstance(value, dict):
        value = value.get("id") if isinstance(value.get("id"), str) else None
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str | bool):
        raise ValueError("“v” is a text, a number, an object with an “id”, or a list of these.")
    return plain(value)[:LONGEST] if isinstance(value, str) else ""


def shown(result: Result) -> list[dict[str, Any]]:
    """Return the candidates as the protocol writes them."""
    return [
        {
            "id": candidate.id,
            "name": candidate.record.name,
            "description": description(candidate),
            "type": [described(candidate.kind)],
            "score": candidate.score,
            "match": candidate is result.match,
            "features": features(candidate),
        }
        for candidate in result.candidates
    ]


def description(candidate: Candidate) -> str:
    """Say what the record is, and by which of its names it was found."""
    text, language = candidate.spelling
    found_as = f"found as “{text}” ({language})" if text and text != candidate.record.name else ""
    return "; ".join(filter(None, (candidate.kind.describe(candidate.record), found_as)))


def features(candidate: Candidate) -> list[dict[str, Any]]:
    """Return the reasons of the score."""
    reasons: dict[str, Any] = {
        "name_similarity": candidate.similarity,
        "same_name": candidate.same_name,
        "same_characters": candidate.identical,
        "same_id": candidate.same_id,
        **candidate.agreements,
    }
    return [{"id": name, "value": value} for name, value in reasons.items()]


class Suggest(Service):
    """Something to choose from while typing: /suggest/entity/, /suggest/property/ and /suggest/type/."""

    def get(self, request: Request, what: str) -> Response:
        """Return what begins with `prefix`, from the number `cursor` on."""
        prefix = request.query_params.get("prefix", "")
        cursor = parse_digits(request.query_params.get("cursor") or "0", 4)
        if len(prefix) > LONGEST:
            raise InvalidParameters([Fault("prefix", f"At most {LONGEST} characters.")])
        if cursor is None or cursor > MOST_SUGGESTIONS:
            raise InvalidParameters([Fault("cursor", f"“cursor” is a whole number from 0 to {MOST_SUGGESTIONS}.")])
        options = self.entities(prefix, cursor) if what == "entity" else self.named(what, prefix)[cursor:]
        return Response({"result": options[:PAGE]})

    def entities(self, prefix: str, first: int) -> list[dict[str, Any]]:
        """Return records; `type` restricts them to one kind."""
        wanted = self.request.query_params.get("type")
        kinds = (self.kind(wanted, "type"),) if wanted else self.kinds
        return [
            {
                "id": f"{kind.plural}/{record.slug}",
                "name": record.name,
                "description": kind.describe(record),
                "notable": [described(kind)],
            }
            for kind, record in suggestions(kinds, prefix, first, PAGE)
        ]

    def named(self, what: str, prefix: str) -> list[dict[str, Any]]:
        """Return types or properties."""
        options = [described(kind) for kind in self.kinds]
        if what == "property":
            options = [
                {"id": one.id, "name": one.name, "description": one.description} for one in self.properties().values()
            ]
        start = prefix.casefold().strip()
        return [option for option in options if option["id"].casefold().startswith(start) or start in option["name"]]


class Propose(Service):
    """Which properties of a type can be fetched."""

    def get(self, request: Request) -> Response:
        """Return them; without a type those of all."""
        wanted = request.query_params.get("type")
        offered = self.kind(wanted, "type").properties if wanted else tuple(self.properties().values())
        limit = parse_digits(request.query_params.get("limit") or str(len(offered)), 4)
        if limit is None:
            raise InvalidParameters([Fault("limit", "“limit” is a whole number.")])
        properties = [{"id": one.id, "name": one.name} for one in offered[:limit]]
        return Response({**({"type": wanted} if wanted else {}), "limit": limit, "properties": properties})


class View(Service):
    """The page of an entity."""

    def get(self, request: Request) -> HttpResponse:
        """Lead there."""
        return HttpResponseRedirect(self.record(request.query_params.get("id", "")).get_absolute_url())


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class Preview(Service):
    """A small page about an entity, to be shown in a frame of any other page."""

    def get(self, request: Request) -> HttpResponse:
        """Return it."""
        record = self.record(request.query_params.get("id", ""))
        line = next(kind.describe(record) for kind in self.kinds if kind.model is type(record))
        names = [name for name in record.names.all() if name.text != record.name]
        return render(request._request, "api/preview.html", {"record": record, "line": line, "names": names})


def reconcile_urls(kinds: tuple[EntityKind, ...]) -> list[Any]:
    """Return the addresses of a service for these kinds."""
    return [
        path("reconcile/", Reconcile.as_view(kinds=kinds), name="reconcile"),
        *[
            path(f"reconcile/suggest/{what}/", Suggest.as_view(kinds=kinds), {"what": what})
            for what in ("entity", "property", "type")
        ],
        path("reconcile/properties/", Propose.as_view(kinds=kinds)),
        path("reconcile/view/", View.as_view(kinds=kinds)),
        path("reconcile/preview/", Preview.as_view(kinds=kinds)),
    ]
