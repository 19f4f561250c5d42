"""The Reconciliation Service API 0.2 (https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/).

Its clients send parameters of their own (`callback`, `type_strict` …): here alone an unknown one is ignored.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse, QueryDict
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response

from base.api.errors import SHOWN, Fault, InvalidParameters, problem
from base.api.views import PublicView
from base.reconcile.matching import Candidate, EntityKind, Property, Query, find, properties_of
from base.reconcile.requests import (
    BATCH,
    LONGEST,
    MOST_EXTENDED,
    MOST_IDS,
    MOST_VALUES,
    TooMany,
    parse_object,
    parse_query,
)
from base.reconcile.results import candidates_of, type_of
from base.records.names import NamedRecord
from base.records.resolution import Moved


class Service(PublicView):
    """The base of every view of the service: it knows the kinds, and ignores unknown parameters."""

    schema = None
    fair_use = "heavy"
    kinds: tuple[EntityKind, ...] = ()

    def allowed_parameters(self) -> list[str]:
        """Return the names of all parameters that were sent, so that none is refused."""
        return list(self.request.query_params)

    def handle_exception(  # type: ignore[override]  # a problem is not a Response of REST framework
        self, exc: Exception
    ) -> HttpResponse | Response:
        """Answer 413 for a request that asks for too much."""
        if isinstance(exc, TooMany):
            return problem(413, str(exc), limit=exc.limit)
        return super().handle_exception(exc)

    def kind(self, name: str, parameter: str) -> EntityKind:
        """Return the kind whose id is `name`. Raises InvalidParameters for `parameter`, which named it."""
        for kind in self.kinds:
            if kind.id == name:
                return kind
        allowed = [kind.id for kind in self.kinds]
        raise InvalidParameters([Fault(parameter, f"There is no type “{name[:SHOWN]}”.", allowed)])

    def record(self, entity: str) -> NamedRecord:
        """Return the public record of an id such as people/tony-bui, be it a former one. Raises Gone or Http404."""
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


class Reconcile(Service):
    """The service itself: its manifest, queries, and properties of entities."""

    http_method_names = ["get", "head", "options", "post"]

    def get(self, request: Request) -> HttpResponse | Response:
        """Return the manifest, or answer the queries."""
        return self.answer(request.query_params) or Response(self.manifest())

    def post(self, request: Request) -> HttpResponse | Response:
        """Answer the queries, or return properties of entities."""
        form = request._request
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
        """Return the answer to the queries, or to the request for properties, of a form; None if it has neither."""
        asked = [name for name in ("queries", "extend") if name in form]
        if len(asked) > 1 or any(len(form.getlist(name)) > 1 for name in asked):
            raise InvalidParameters([Fault(asked[0], "Send one of “queries” and “extend”, once.")])
        if not asked:
            return None
        data = parse_object(asked[0], str(form[asked[0]]))
        return Response(self.reconciled(data) if asked == ["queries"] else self.extended(data))

    def manifest(self) -> dict[str, object]:
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
            "defaultTypes": [type_of(kind) for kind in self.kinds],
            "view": {"url": f"{root}{base}view/?id={{{{id}}}}"},
            "preview": {"url": f"{root}{base}preview/?id={{{{id}}}}", "width": 420, "height": 220},
            "suggest": suggest,
            "extend": {
                "propose_properties": {"service_url": root, "service_path": f"{base}properties/"},
                "property_settings": [],
            },
            "batchSize": BATCH,
        }

    def reconciled(self, data: dict[str, object]) -> dict[str, object]:
        """Return the candidates for every query, under the keys they were asked with."""
        if len(data) > BATCH:
            raise TooMany("queries", BATCH)
        faults: list[Fault] = []
        queries = []
        for key, body in data.items():
            try:
                queries.append(parse_query(body, self.kinds))
            except ValueError as error:
                faults.append(Fault("queries", f"“{key[:SHOWN]}”: {error}"))
        if faults:
            raise InvalidParameters(faults[:10])
        if sum(len(values) for query in queries for _pid, values in query.properties) > MOST_VALUES:
            raise TooMany("property values", MOST_VALUES)
        results = find(queries, self.kinds, self.request.build_absolute_uri("/")[:-1])
        return {key: {"result": candidates_of(result)} for key, result in zip(data, results, strict=True)}

    def extended(self, data: dict[str, object]) -> dict[str, object]:
        """Return properties of entities, a row for every id. An id that is not there has a row without values."""
        ids, wanted = data.get("ids"), data.get("properties")
        if not isinstance(ids, list) or not all(isinstance(entity, str) for entity in ids):
            raise InvalidParameters([Fault("extend", "“ids” is a list of texts.")])
        if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
            raise InvalidParameters([Fault("extend", "“properties” is a list of objects.")])
        if len(ids) > MOST_IDS:
            raise TooMany("ids", MOST_IDS)
        known = properties_of(self.kinds)
        pids = list(dict.fromkeys(item.get("id") for item in wanted if isinstance(item.get("id"), str)))
        if len(pids) < len(wanted) or not set(pids) <= set(known):
            raise InvalidParameters([Fault("extend", "There is no such property.", sorted(known))])
        queries = [Query(entity if "/" in entity and len(entity) <= LONGEST else "") for entity in ids]
        rows = {}
        for entity, result in zip(ids, find(queries, self.kinds, "", names=False), strict=True):
            rows[entity] = {pid: self.values(result.match, pid) for pid in pids}
        meta = [{"id": pid, "name": known[pid].name, **self.range(known[pid])} for pid in pids]
        return {"meta": meta, "rows": rows}

    def range(self, prop: Property) -> dict[str, object]:
        """Return the type of the values of a property, if they are entities."""
        return {"type": {"id": prop.entities, "name": prop.entities}} if prop.entities else {}

    def values(self, match: Candidate | None, pid: str) -> list[dict[str, str]]:
        """Return the first values of a property of an entity."""
        prop = match.kind.property(pid) if match else None
        return prop.values(match.record)[:MOST_EXTENDED] if match and prop else []
