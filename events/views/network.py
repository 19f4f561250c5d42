"""The network: a picture drawn here, and a list beside it that says the same."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from base.changes.cache import cached_for
from base.pages.conditional import ConditionalPage
from base.records.kinds import kinds
from base.records.resolution import Gone, Moved
from events.network.graph import MOST_NODES, MOST_READ, network
from events.network.sections import sections


class NetworkPage(ConditionalPage, View):
    """All of it, or one record (`?focus=people/tony-bui`) with its neighbours."""

    fair_use = "heavy"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw. An old address of the record in focus leads to its new one; of a withdrawn one it is said that it is."""
        try:
            focus = self.focus(request.GET.get("focus", ""))
        except Moved as moved:
            address = f"{reverse('network')}?focus={moved.record.plural}/{moved.record.slug}"
            return HttpResponsePermanentRedirect(address)
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)
        whole = ("network", get_language())
        shown = self.network(focus) if focus is not None else cached_for(request, whole, self.network)
        context = {
            **shown,
            "focus": focus,
            "kinds": [(model.kind, model.plural_label(), model.letter) for model in kinds("network")],
            "most": MOST_NODES,
            "read": MOST_READ,
        }
        return render(request, "network/network.html", context)

    def network(self, focus: Any = None) -> dict[str, Any]:
        """Return the network, as a picture and as lists."""
        graph = network(focus)
        return {"network": graph, "picture": graph.picture, "sections": sections(graph)}

    def focus(self, asked: str) -> Any:
        """Return the public record that is asked for, or None where none is."""
        if not asked:
            return None
        plural, _slash, slug = asked.strip("/").partition("/")
        model: Any = next((model for model in kinds("network") if model.plural == plural), None)
        if model is not None and slug:
            try:
                return model.objects.resolve(slug)
            except model.DoesNotExist:
                pass
        raise Http404(_("There is no “%s” in the network.") % asked[:80])
