"""The page of an entity, and a small preview of it for the frames of reconciliation clients."""

from __future__ import annotations

from csp.decorators import csp_replace
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt
from rest_framework.request import Request

from base.reconcile.service import Service


class EntityPage(Service):
    """The address that leads to the page of an entity."""

    def get(self, request: Request) -> HttpResponse:
        """Redirect to the page of the record whose `id` is given."""
        return HttpResponseRedirect(self.record(request.query_params.get("id", "")).get_absolute_url())


@method_decorator([xframe_options_exempt, csp_replace({"frame-ancestors": ["*"]})], name="dispatch")
class EntityPreview(Service):
    """A small page about an entity, to be shown in a frame of any other page."""

    def get(self, request: Request) -> HttpResponse:
        """Return the preview of the record whose `id` is given."""
        record = self.record(request.query_params.get("id", ""))
        line = next(kind.describe(record) for kind in self.kinds if kind.model is type(record))
        names = [name for name in record.names.all() if name.text != record.name]  # type: ignore[attr-defined]
        return render(request._request, "api/preview.html", {"record": record, "line": line, "names": names})
