"""Previews: the public pages as they would be, at a secret address that ends, for whoever was given it.

A page is made inside a transaction in which the submitted drafts are public, and which is always taken back. So it is the page
itself, by the same code, and nothing has to know of drafts. docs/decisions/035 weighs the ways and says why nothing of it stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import View

from base.pages.views import RecordDetail
from base.records.kinds import kinds
from base.records.locking import RowsByModel
from base.records.publishing_together import show_public
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.records.submissions import Submission
from base.sql.prepared import AnyOf
from directory import views as directory_views
from events import views as event_views
from events.models import Statement
from events.titles import title_document, title_of

MOST_LISTED = 200  # records of one kind
_LINK = re.compile(r'(?<=\shref=")(/[^"?#]*)')


class PreviewEnded(Exception):
    """The address of a preview was right once: its time is over, or what it showed was decided on."""


@cache
def detail_views() -> dict[type[Record], type[RecordDetail]]:
    """Return the view of the page of a record, by model."""
    views = [view for module in (directory_views, event_views) for view in vars(module).values()]
    pages = [view for view in views if isinstance(view, type) and issubclass(view, RecordDetail)]
    return {view.model: view for view in pages if view.template_name}


class PreviewView(View):
    """A page of a preview. Nobody may keep it, no search engine may list it, and its address is told to no other site."""

    http_method_names = ["get", "head"]
    reads_primary = True  # it writes, although nothing of that stays
    fair_use = "heavy"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; say of an address that ended that it has, and of any other that there is nothing."""
        try:
            response = super().dispatch(request, *args, **kwargs)
        except PreviewEnded:
            response = render(request, "review/preview_ended.html", status=410)
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    def submission(self) -> Submission:
        """Return the submission that the address shows. Raises Http404 and PreviewEnded. One query."""
        key = str(self.kwargs["key"])
        submission = Submission.objects.filter(preview_key=key).first() if key.isascii() and key.isprintable() else None
        if submission is None:
            raise PreviewEnded if _looks_like_a_key(key) else Http404(_("There is no preview at this address."))
        if not submission.has_preview:
            raise PreviewEnded
        return submission

    def as_if_public(self, submission: Submission, make: Callable[[RowsByModel], HttpResponse]) -> HttpResponse:
        """Return the page that `make` makes while the drafts of the submission are public; then take that back."""
        with transaction.atomic():
            shown = show_public(submission.waiting_rows())
            response = make(shown)
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            response.content = self.with_links(response.content.decode(), shown).encode()
            transaction.set_rollback(True)
        return response

    def with_links(self, html: str, shown: RowsByModel) -> str:
        """Return a page whose links to records of the preview stay in it. One query for each kind of record."""
        addresses = {
            record.get_absolute_url(): self.address_of(record)
            for model, keys in shown.items()
            if issubclass(model, Record)
            for record in model._base_manager.filter(AnyOf("pk", list(keys))).only("pk", "slug", "status")
        }
        return _LINK.sub(lambda match: addresses.get(match[1], match[1]), html)

    def address_of(self, record: Record) -> str:
        """Return the address of the page of a record in this preview."""
        return reverse("preview-record", args=[self.kwargs["key"], record.plural, record.slug])


def _looks_like_a_key(key: str) -> bool:
    return re.fullmatch(r"[A-Za-z0-9_-]{32}", key) is not None


class PreviewList(PreviewView):
    """What a preview holds: the records that would be public, and those on whose pages something would be new."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """Show the list; of a single page, that page."""
        return self.as_if_public(self.submission(), self.made)

    def made(self, shown: RowsByModel) -> HttpResponse:
        """Return the page, while the drafts are public."""
        groups = [
            (str(model.plural_label()), [(self.address_of(row), _title(row)) for row in rows])
            for model in kinds("api")
            if (rows := _records_of(model, shown))
        ]
        submission = self.submission()
        waiting = sum(map(len, submission.waiting_rows().values()))
        context = {
            "preview": True,
            "groups": groups,
            "until": submission.preview_until,
            "not_shown": waiting - sum(map(len, shown.values())),
        }
        return render(self.request, "review/preview.html", context)


def _records_of(model: type[Record], shown: RowsByModel) -> list[Record]:
    """Return the records of a kind that a preview shows: those that would be public, and the owners of facts that would."""
    keys = set(shown.get(model, ()))
    for other, rows in shown.items():
        if issubclass(other, Record):
            continue
        for name in other.public_parents:
            if other._meta.get_field(name).related_model is model:
                keys |= set(other._base_manager.filter(AnyOf("pk", list(rows))).values_list(name, flat=True))
    records: Any = Statement.objects.for_title() if model is Statement else model.objects.all()
    public = records.published().filter(AnyOf("pk", list(keys - {None})))
    return list(public.order_by("pk")[:MOST_LISTED])


def _title(record: Record) -> str:
    language = get_language() or "en"
    return title_of(title_document(record, language), language) if isinstance(record, Statement) else str(record)


class PreviewPage(PreviewView):
    """The page of one record as it would be. Records that the preview does not change have their own pages."""

    def get(self, request: HttpRequest, key: str, plural: str, slug: str) -> HttpResponse:
        """Show the page."""
        model = next((model for model in kinds("api") if model.plural == plural), None)
        if model is None or "\0" in slug:
            raise Http404(_("There is no preview at this address."))
        return self.as_if_public(self.submission(), lambda shown: self.made(detail_views()[model], slug))

    def made(self, view_class: type[RecordDetail], slug: str) -> HttpResponse:
        """Return the page of a record, while the drafts are public, past whatever keeps pages and compares versions."""
        view = view_class()
        view.setup(self.request, slug=slug)
        try:
            view.object = view.get_object()
        except (Gone, Moved):
            raise Http404(_("There is no preview at this address.")) from None
        context = view.get_context_data(object=view.object)
        return view.render_to_response({**context, "preview": True, "preview_key": self.kwargs["key"]})
