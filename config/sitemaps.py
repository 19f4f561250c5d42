"""The sitemap, which lists every public page with the time of its last change."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import GenericSitemap
from django.contrib.sitemaps import Sitemap as BaseSitemap
from django.contrib.sitemaps import views as sitemaps
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from base.pages.conditional import ConditionalFile
from base.records.kinds import kinds
from base.records.publishing import PublishableQuerySet, published
from base.records.records import Record
from base.text.languages import CODES


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


class PageSitemap(BaseSitemap):
    """The pages that are no records, in every language."""

    i18n = alternates = x_default = True

    def items(self) -> list[str]:
        """Return the names of their addresses."""
        return ["home", "doubts", "how-we-work", "corrections", "check", "network", "data", "api-guide"]

    def location(self, item: str) -> str:
        """Return the address of a page in the language that is active."""
        return reverse(item)


SITEMAPS: dict[str, type[BaseSitemap[Any]] | BaseSitemap[Any]] = {
    "pages": PageSitemap,
    **{model.plural: RecordSitemap(model) for model in kinds("data")},
}


class SitemapIndex(ConditionalFile):
    """The list of all sitemaps."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the file."""
        return sitemaps.index(request, SITEMAPS, sitemap_url_name="sitemap-section")


class Sitemap(ConditionalFile):
    """One part of the sitemap: at most 10,000 addresses of records of one kind."""

    kept = False  # it may have several megabytes

    def get(self, request: HttpRequest, section: str) -> HttpResponse:
        """Return the file. Raises Http404 for a kind or a page that is not there."""
        return sitemaps.sitemap(request, SITEMAPS, section)
