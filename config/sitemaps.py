"""What search engines are told: every public page, and when it last really changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.sitemaps import GenericSitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from base.pages.views import site_of
from base.records.kinds import kinds
from base.text.languages import CODES, address_in


class InEveryLanguage(Sequence[Any]):
    """Every row once for each language, as Django's sitemap wants it, but loaded page by page."""

    def __init__(self, rows: QuerySet[Any]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count() * len(CODES)

    def __getitem__(self, part: Any) -> Any:
        begin, end, _step = part.indices(len(self))
        rows = self.rows[begin // len(CODES) : -(-end // len(CODES))]
        pairs = [(row, code) for row in rows for code in CODES]
        skipped = begin % len(CODES)
        return pairs[skipped : skipped + end - begin]


class Records(GenericSitemap):
    """The pages of one kind of record in every language, in a stable order."""

    limit = 10_000
    i18n = alternates = x_default = True

    def __init__(self, model: Any) -> None:
        self.model = model
        super().__init__({"queryset": model.objects.none(), "date_field": "updated_at"})

    def items(self) -> Any:
        """Return the public records; asked anew for every request."""
        return self.model.objects.published().order_by("pk").only("pk", "slug", "updated_at")

    def _items(self) -> InEveryLanguage:
        return InEveryLanguage(self.items())


SITEMAPS = {model.plural: Records(model) for model in kinds("data")}


def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: everything public may be read; searches and filters need not be crawled."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {address_in('/search/', code)}" for code in CODES),
        f"Sitemap: {site_of(request)}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
