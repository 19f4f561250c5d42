"""The guide to the API, docs/api.md, and the log of its changes, as pages of the site; and the example that the guide names."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from base.pages.conditional import ConditionalFile, ConditionalPage
from base.pages.guides import guide_html
from base.pages.views import site_of

DOCS = settings.BASE_DIR / "docs"


class ApiGuide(ConditionalPage):
    """Shows a guide of docs/; its examples ask this site."""

    document = "api.md"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        links = (
            ("openapi.yaml", reverse("api:openapi-yaml")),
            ("api-changes.md", reverse("api-guide-changes")),
            ("api.md", reverse("api-guide")),
            ("examples/mirror.py", reverse("api-guide-example")),
        )
        guide = guide_html(DOCS / self.document, links, site_of(request))
        return render(request, "api/guide.html", {"guide": guide, "of_changes": self.document != "api.md"})


class ApiExample(ConditionalFile):
    """A program that keeps a copy of the record in step."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file."""
        text = (DOCS / "examples" / "mirror.py").read_text(encoding="utf-8")
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
