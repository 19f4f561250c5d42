"""What search engines are told: every public page, and when it last really changed."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import GenericSitemap
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from directory.base.views import site_of
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement


class Records(GenericSitemap):
    """The pages of one kind of record, in a stable order."""

    limit = 10_000

    def __init__(self, model: Any) -> None:
        self.model = model
        super().__init__({"queryset": model.objects.none(), "date_field": "updated_at"})

    def items(self) -> Any:
        """Return the public records; asked anew for every request."""
        return self.model.objects.published().order_by("pk").only("pk", "slug", "updated_at")


SITEMAPS = {
    model.plural: Records(model) for model in (Statement, Event, Person, Organization, Initiative, Topic, Source)
}


def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: everything public may be read; searches and filters need not be crawled."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /search/",
        f"Sitemap: {site_of(request)}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
