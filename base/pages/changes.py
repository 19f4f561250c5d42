"""The page “Changes to this record”: what readers could see change, when and why, without names of curators."""

from __future__ import annotations

import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from base.pages.conditional import ConditionalPage
from base.pages.views import not_here
from base.records.public_history import public_history
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.text.moments import moment_in


def page_before(text: str) -> datetime.datetime:
    """Return the moment before which a page of changes begins. Raises Http404 if the address gives none."""
    moment = moment_in(text)
    if moment is None:
        raise Http404(_("There is no page “%(page)s” of these changes.") % {"page": text[:40]})
    return moment


class RecordChanges(ConditionalPage):
    """The changes of one record, twenty a page. Search engines keep none of it: it holds words that are not said any more."""

    fair_use = "pages"
    model: type[Record] = Record  # type: ignore[type-abstract]  # given by `as_view`

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Lead old addresses to where the record is now, and say of a withdrawn one that it is."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except Moved as moved:
            return HttpResponsePermanentRedirect(changes_url(moved.record))
        except Gone as gone:
            return render(request, "pages/gone.html", {"record": gone.record, "reason": gone.reason}, status=410)
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show a page of changes."""
        try:
            record = self.model.objects.for_title().resolve(slug)
        except self.model.DoesNotExist:
            raise not_here(slug) from None
        before = page_before(request.GET["before"]) if "before" in request.GET else None
        page = public_history(record, before)
        context = {
            "record": record,
            "changes": page.changes,
            "older": page.older.isoformat() if page.older else "",
            "is_first_page": before is None,
        }
        return render(request, "browse/changes.html", context)


def changes_url(record: Record) -> str:
    """Return the address of the changes of a record, in the language of the reader."""
    return reverse(f"{record.kind}-changes", args=[record.slug])


def changes_path(model: type[Record]) -> URLPattern:
    """Return the address of the changes of every record of a kind."""
    return path(f"{model.plural}/<str:slug>/changes/", RecordChanges.as_view(model=model), name=f"{model.kind}-changes")
