"""The newest statements as Atom and JSON Feed, filtered as the list is."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views import View

from base.pages.views import site_of
from directory.models import Topic

from .filters import StatementFilter
from .models import Statement

MOST = 50
EPOCH = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class StatementFeed(View):
    """The newest statements that a filter leaves. A filter that cannot be used is answered with 400 and its name."""

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        """Return the feed in the form asked for: atom or json."""
        filterset = StatementFilter(request.GET, queryset=Statement.objects.published())
        if not filterset.form.is_valid():
            said = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{said}\n", status=400, content_type="text/plain; charset=utf-8")
        told = filterset.qs.for_title().prefetch_related(Prefetch("topics", Topic.objects.published()))
        rows = list(told.order_by("-published_at", "-pk")[:MOST])
        return self.as_json(request, rows) if form == "json" else self.as_atom(request, rows)

    def as_atom(self, request: HttpRequest, rows: list[Any]) -> HttpResponse:
        """Return RFC 4287; `id` is the permanent address and `updated` the last real change."""
        site = site_of(request)
        feed = Atom1Feed(
            title=_("On the Record: statements"),
            link=f"{site}/statements/",
            description="",
            feed_url=site + request.get_full_path(),
            language="en",
        )
        for row in rows:
            reading = row.reading("en")
            feed.add_item(
                title=self.title(row),
                link=site + row.get_absolute_url(),
                description=reading.text if reading else "",
                unique_id=site + row.get_absolute_url(),
                author_name=row.speaker_name,
                pubdate=row.published_at,
                updateddate=row.updated_at,
                categories=[topic.name for topic in row.topics.all()],
            )
        if not rows:  # an empty feed would otherwise say that it changed just now
            feed.latest_post_date = lambda: EPOCH  # type: ignore[method-assign]
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

    def as_json(self, request: HttpRequest, rows: list[Any]) -> HttpResponse:
        """Return JSON Feed 1.1."""
        site = site_of(request)
        items = []
        for row in rows:
            reading = row.reading("en")
            items.append(
                {
                    "id": site + row.get_absolute_url(),
                    "url": site + row.get_absolute_url(),
                    "title": self.title(row),
                    "content_text": reading.text if reading else "",
                    "language": reading.language if reading else "",
                    "date_published": row.published_at.isoformat(),
                    "date_modified": row.updated_at.isoformat(),
                    "authors": [{"name": row.speaker_name}],
                    "tags": [topic.name for topic in row.topics.all()],
                }
            )
        feed = {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _("On the Record: statements"),
            "home_page_url": f"{site}/statements/",
            "feed_url": site + request.get_full_path(),
            "items": items,
        }
        return JsonResponse(
            feed, content_type="application/feed+json; charset=utf-8", json_dumps_params={"ensure_ascii": False}
        )

    def title(self, row: Any) -> str:
        """Return who said it and the kind: a reader of feeds must see at once what is no quotation."""
        return f"{row.speaker_name} ({row.get_statement_kind_display()}): {row.headline()}"
