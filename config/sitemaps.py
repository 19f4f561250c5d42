"""The sitemap, which lists every public page with the time of its last change, and robots.txt."""

from __future__ import annotations

from django.contrib.sitemaps import GenericSitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from base.pages.views import site_of
from base.records.kinds import kinds
from base.records.publishing import PublishableQuerySet, published
from base.records.records import Record
from base.text.languages import CODES, address_in


class LocalizedRecords:
    """Every record once for each language, as (record, language), read from the database page by page."""

    def __init__(self, rows: QuerySet[Record]) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.count() * len(CODES)

    def __getitem__(self, part: slice) -> list[tuple[Record, str]]:
        begin, end, _step = part.indices(len(self))
        rows = self.rows[begin // len(CODES) : -(-end // len(CODES))]
        pairs = [(row, code) for row in rows for code in CODES]
        skipped = begin % len(CODES)
        return pairs[skipped : skipped + end - begin]


class RecordSitemap(GenericSitemap):
    """The pages of one kind of record in every language, in a stable order."""

    limit = 10_000
    i18n = alternates = x_default = True

    def __init__(self, model: type[Record]) -> None:
        self.model = model
        super().__init__({"queryset": model.objects.none(), "date_field": "updated_at"})

    def items(self) -> PublishableQuerySet:
        """Return the public records; each request queries them anew."""
        return published(self.model).order_by("pk").only("pk", "slug", "updated_at")

    def _items(self) -> LocalizedRecords:
        """Return what Django's sitemap cuts into pages: it would load every record at once."""
        return LocalizedRecords(self.items())


SITEMAPS = {model.plural: RecordSitemap(model) for model in kinds("data")}


def robots(request: HttpRequest) -> HttpResponse:
    """Return robots.txt: crawlers may read every public page except the search."""
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        *(f"Disallow: {address_in('/search/', code)}" for code in CODES),
        f"Sitemap: {site_of(request)}{reverse('sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
