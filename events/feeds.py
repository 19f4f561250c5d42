"""The newest statements as Atom and JSON Feed, with the filters of the list."""

from __future__ import annotations

import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views import View

from base.documents.plan import Document
from base.pages.atom import StorableAtomFeed
from base.pages.documents import list_plan, page_loader
from base.pages.views import site_of

from .filters import StatementFilter
from .models import Statement
from .pages import FEED_MEMBERS, FeedEntrySerializer
from .titles import headline
from .wordings import wording_to_read

MOST = 50
LAST_CHANGE_OF_EMPTY_FEED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


class StatementFeed(View):
    """The newest statements that match the filters. An invalid filter is answered with 400 and its name."""

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        """Return the feed in the form asked for: atom or json."""
        filterset = StatementFilter(request.GET, queryset=Statement.objects.published())
        if not filterset.form.is_valid():
            errors_of_form = "; ".join(f"{name}: {' '.join(errors)}" for name, errors in filterset.form.errors.items())
            return HttpResponse(f"{errors_of_form}\n", status=400, content_type="text/plain; charset=utf-8")
        plan = list_plan(FeedEntrySerializer, Statement, FEED_MEMBERS)
        rows = plan.read(filterset.qs.order_by("-published_at", "-pk")[:MOST])
        statements = page_loader().documents(plan, rows)
        return self.as_json(request, statements) if form == "json" else self.as_atom(request, statements)

    def as_atom(self, request: HttpRequest, statements: list[Document]) -> HttpResponse:
        """Return an Atom feed (RFC 4287); `id` is the permanent address and `updated` the last change of content."""
        site = site_of(request)
        feed = StorableAtomFeed(
            title=_("On the Record: statements"),
            link=f"{site}/statements/",
            description="",
            feed_url=site + request.get_full_path(),
            language="en",
        )
        for statement in statements:
            reading = wording_to_read(statement["wordings"], "en")
            feed.add_item(
                title=self.title(statement),
                link=site + statement["url"],
                description=reading["text"] if reading else "",
                unique_id=site + statement["url"],
                author_name=statement["author"],
                pubdate=statement["published_at"],
                updateddate=statement["updated_at"],
                categories=[tag["name"] for tag in statement["tags"]],
            )
        if not statements:  # Django would say that an empty feed changed just now
            feed.latest_post_date = lambda: LAST_CHANGE_OF_EMPTY_FEED  # type: ignore[method-assign]
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")

    def as_json(self, request: HttpRequest, statements: list[Document]) -> HttpResponse:
        """Return a feed in JSON Feed 1.1."""
        site = site_of(request)
        items = []
        for statement in statements:
            reading = wording_to_read(statement["wordings"], "en")
            items.append(
                {
                    "id": site + statement["url"],
                    "url": site + statement["url"],
                    "title": self.title(statement),
                    "content_text": reading["text"] if reading else "",
                    "language": reading["language"] if reading else "",
                    "date_published": statement["published_at"].isoformat(),
                    "date_modified": statement["updated_at"].isoformat(),
                    "authors": [{"name": statement["author"]}],
                    "tags": [tag["name"] for tag in statement["tags"]],
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

    def title(self, statement: Document) -> str:
        """Return the title of an entry: speaker and kind of statement, so that nobody takes a paraphrase for a quotation."""
        return f"{statement['author']} ({statement['kind'].label}): {headline(statement, 'en')}"
