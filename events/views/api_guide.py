"""The guide to the API, docs/api.md, and the log of its changes, as pages of the site; and the example that the guide names."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe

from base.pages.conditional import ConditionalFile, ConditionalPage
from base.pages.guides import guide_html
from base.pages.views import site_of

DOCS = settings.BASE_DIR / "docs"
ADDRESS_IN_EXAMPLES = "http://127.0.0.1:8000"


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
        html = guide_html(DOCS / self.document, links).replace(ADDRESS_IN_EXAMPLES, site_of(request))
        # The guide is ours and was escaped; the address of the site holds no markup, as Django refuses any other host.
        return render(request, "api/guide.html", {"guide": mark_safe(html), "of_changes": self.document != "api.md"})


class ApiExample(ConditionalFile):
    """A program that keeps a copy of the record in step."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file."""
        text = (DOCS / "examples" / "mirror.py").read_text(encoding="utf-8")
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
