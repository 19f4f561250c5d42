"""The page of the network: a picture, and a list with the same content."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from base.changes.cache import cached_for
from base.pages.conditional import ConditionalPage
from base.records.kinds import kinds
from base.records.names import NamedRecord
from base.records.resolution import Gone, Moved
from events.network.graph import MOST_READ, network
from events.network.pictures import pictures
from events.network.sections import sections
from events.network.spoken import MOST_STATEMENTS


class NetworkPage(ConditionalPage, View):
    """The network of the whole site, or of one record (`?focus=people/tony-bui`) with its neighbours."""

    fair_use = "heavy"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page. If the record in focus has a new id, redirect to that; if it was withdrawn, answer 410 and say so."""
        try:
            focus = self.focus(request.GET.get("focus", ""))
        except Moved as moved:
            address = f"{reverse('network')}?focus={moved.record.plural}/{moved.record.slug}"
            return HttpResponsePermanentRedirect(address)
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)
        whole = ("network", get_language())
        graph = self.network(focus) if focus is not None else cached_for(request, whole, self.network)
        context = {
            **graph,
            "focus": focus,
            "kinds": [(model.kind, model.plural_label(), model.letter) for model in kinds("network")],
            "read": MOST_READ,
            "statements_read": MOST_STATEMENTS,
        }
        return render(request, "network/network.html", context)

    def network(self, focus: NamedRecord | None = None) -> dict[str, object]:
        """Return the network, as a picture for every width and as lists."""
        graph = network(focus)
        common = [(node, graph.in_common[node.key]) for node in graph.nodes if node.key in graph.in_common]
        return {"network": graph, "pictures": pictures(graph), "sections": sections(graph), "in_common": common}

    def focus(self, path: str) -> NamedRecord | None:
        """Return the public record at a path such as people/tony-bui, or None for an empty one. Raises Http404, Moved and Gone."""
        if not path:
            return None
        plural, _slash, slug = path.strip("/").partition("/")
        model = next((model for model in kinds("network") if model.plural == plural), None)
        if model is not None and slug:
            try:
                return model.objects.resolve(slug)
            except model.DoesNotExist:
                pass
        raise Http404(_("There is no “%s” in the network.") % path[:80])
