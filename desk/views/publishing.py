"""The list of what is a draft of an article, and the button that publishes it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from base.admin import may
from desk.pages import SourceView
from desk.publishing import drafts_of_article, publish_drafts
from events.models import Statement


class PublishView(SourceView):
    """Publishing what was made of an article. GET lists the drafts; POST publishes those that are named by `record`.

    Each is published on its own, what it rests on first; what is not ready stays a draft, and the answer says why.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer those who may publish statements; of everything else the right is asked for each row."""
        if not may(request.user, "publish", Statement):
            raise PermissionDenied(_("What you make has to be published by an editor."))
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """List the drafts."""
        return self.render("desk/_publish.html", {"drafts": drafts_of_article(self.source)})

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Publish, and say what became of each."""
        wanted = request.POST.getlist("record")
        if not wanted:
            context = {"drafts": drafts_of_article(self.source), "error": _("Choose what is to be published.")}
            return self.render("desk/_publish.html", context, 422)
        outcome = publish_drafts(request, self.source, wanted)
        drafts = drafts_of_article(type(self.source)._base_manager.get(pk=self.source.pk))
        response = self.render("desk/_publish.html", {"outcome": outcome, "drafts": drafts})
        response.headers["HX-Trigger"] = "marks-changed"
        return response
