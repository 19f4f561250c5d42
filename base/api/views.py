"""Bases of the API's views: open to all, read-only, cacheable, without cookies."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from base.api.conditional import as_json, explained, versioned
from base.api.counts import count_members, looked_through_member
from base.api.errors import MOST_ADDRESS, SHOWN, AddressTooLong
from base.api.pagination import Pages
from base.api.parameters import FacetFilterBackend, join_repeated, refuse_unknown
from base.api.shaping import NAMES as SHAPING
from base.api.shaping import RequestedShape, expandable
from base.changes.conditional import Validators, with_validators
from base.changes.version import version_for
from base.documents.base import Shape
from base.lists.filterset import BaseFilterSet
from base.lists.paged_rows import PagedRows
from base.lists.paging import FilteredRows, paged_rows
from base.records.publishing import Publishable, published
from base.records.records import Record
from base.records.resolution import RecordQuerySet

FRESH_FOR = 60  # seconds
LASTING = (301, 308, 404, 410)  # answers that a client keeps without an end, unless it is told to ask again


def add_etag(response: Response) -> HttpResponseBase | None:
    """Give a rendered answer the ETag of its bytes; return 304 for a client that has them."""
    if response.status_code != 200:
        return None
    request: Request = response.renderer_context["request"]  # type: ignore[attr-defined]
    validators = Validators(quote_etag(hashlib.sha256(response.content).hexdigest()[:32]))
    return explained(with_validators(request._request, validators, response))


class PublicView(APIView):
    """An API view: in English whatever the reader's language, the same bytes for everybody, kept for a minute."""

    http_method_names = ["get", "head", "options"]
    parameters: tuple[str, ...] = ()
    fair_use = "reading"

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer in English, whatever the language of the reader."""
        with translation.override("en"):
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Refuse parameters that this address does not know."""
        super().initial(request, *args, **kwargs)
        if len(request.get_full_path()) > MOST_ADDRESS:
            raise AddressTooLong
        if request.method in ("GET", "HEAD"):
            request._request.GET = join_repeated(request._request.GET)  # type: ignore[assignment]  # as Django itself sets it
            refuse_unknown(request.query_params, self.allowed_parameters())

    def allowed_parameters(self) -> list[str]:
        """Return the names of the query parameters this address takes."""
        return sorted(self.parameters)

    def options(self, request: Request, *args: object, **kwargs: object) -> Response:  # type: ignore[override]
        """Return an empty answer; its Allow header says which methods there are."""
        return Response(status=204)

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        """Add how long the answer may be kept, and its ETag."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept"])
        safe = request.method != "POST"
        if safe and response.status_code in (200, 304):
            patch_cache_control(response, public=True, max_age=FRESH_FOR)
        elif safe and response.status_code in LASTING:
            patch_cache_control(response, no_cache=True)
        else:
            patch_cache_control(response, no_store=True)
        if safe and isinstance(response, Response):
            response.add_post_render_callback(add_etag)
        return response


class NothingHere(PublicView):
    """Any address of the API that is not one."""

    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """Raise Http404, whatever the method."""
        raise Http404("There is nothing at this address; /api/v1/ lists what there is.")


class RecordViewSet(PublicView, GenericViewSet[Record]):
    """List and detail of one kind of record, and the lists that belong to one record."""

    model: type[Record]
    tag_description: str  # what the kind is, in a sentence of the OpenAPI file
    row_model: type[Publishable] | None = None  # what the rows of a list are that belongs to one record
    filterset_class: type[BaseFilterSet]
    filterset: BaseFilterSet  # this and the next two are what the query asks for, and there only if it was read
    facets: list[str]
    facets_exact: bool
    filter_backends = [FacetFilterBackend]  # type: ignore[list-item]  # views of ours alone
    action: str
    pagination_class = Pages
    lookup_field = "slug"
    lookup_url_kwarg = "id"
    lookup_value_converter = "slug"

    def get_queryset(self) -> QuerySet[Record]:
        """Return the public records."""
        return published(self.model)

    def allowed_parameters(self) -> list[str]:
        """Return the filters and the page for a list, and what shapes a document."""
        filters = [*self.filterset_class.base_filters, *FacetFilterBackend.parameters] if self.action == "list" else []
        pages = [] if self.action == "retrieve" else list(Pages.parameters)
        shaping = [name for name in SHAPING if name != "expand" or self.expandable()]
        return sorted([*filters, *pages, *shaping])

    @property
    def shape_class(self) -> type[Shape]:
        """The serializer that declares what a document of this answer holds."""
        shape: type[Shape] = self.get_serializer_class()  # type: ignore[assignment]  # RecordViewSet has no other serializers
        return shape

    def expandable(self) -> tuple[str, ...]:
        """Return the references that `expand` can name."""
        return expandable(self.shape_class, self.row_model or self.model)

    def list(self, request: Request) -> HttpResponseBase:
        """Return one page of the records that the filters leave."""
        shape = self.shape()
        return self.versioned(lambda: self.rows(self.paged_rows(), shape))

    def paged_rows(self) -> PagedRows:
        """Return the records that the filters leave."""
        asked, filters = self.request.query_params, self.filterset_class
        if not any(name in filters.base_filters or name in FacetFilterBackend.parameters for name in asked):
            return FilteredRows(filters, {})
        filterset = FacetFilterBackend().get_filterset(self.request, self.get_queryset(), self)
        return paged_rows(filterset, version_for(self.request._request))

    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        """Return one record."""
        shape = self.shape()
        return self.versioned(lambda: self.one(shape))

    def one(self, shape: RequestedShape) -> HttpResponse:
        """Return the record of this address."""
        rows = shape.plan.read(self.get_queryset().filter(slug=self.kwargs["id"]))
        if not rows:
            self.find(self.model.objects.all())  # raises what tells where it went
            raise Http404("This record was published just now; ask again.")
        return as_json(shape.documents(rows, self.request)[0])

    def versioned(self, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
        """Return what `make` answers, or 304 for a client that has it."""
        return versioned(self.request._request, make, self.request.headers.get("accept-language", ""))

    def find(self, records: RecordQuerySet) -> Record:
        """Return the record of this address, out of a queryset of its model. Raises Moved, Gone or Http404."""
        slug = self.kwargs["id"]
        try:
            record: Record = records.resolve(slug)
        except self.model.DoesNotExist:
            raise Http404(f"There is no {self.model.kind} “{slug[:SHOWN]}”.") from None
        return record

    def shape(self) -> RequestedShape:
        """Return what the query asks the documents to be. Raises InvalidParameters."""
        return RequestedShape(
            self.shape_class, self.row_model or self.model, self.request.query_params, self.request.headers
        )

    def rows(self, rows: PagedRows, shape: RequestedShape) -> HttpResponse:
        """Return one page of these rows, as the query asks for it."""
        page = Pages()
        shown = page.page(rows, shape.plan, self.request)
        numbers = {**count_members(self, page.count, rows), **looked_through_member(self)}
        results = page.results(shown, lambda some: shape.documents(some, self.request))
        response = as_json(page.envelope(results, **numbers))
        response["Link"] = page.header()
        return response

    def finalize_response(self, request: Request, response: Response, *args: object, **kwargs: object) -> Response:
        """Add that names follow the language of the client."""
        response = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Language"])
        return response
