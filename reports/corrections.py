"""The public log of corrections: what readers had seen and was changed or withdrawn, and the reports that were accepted."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from base.pages.atom import StorableAtomFeed
from base.pages.changes import page_before
from base.pages.conditional import ConditionalFile, ConditionalPage
from base.pages.outputs import LanguageNotOffered, language_asked, open_to_scripts
from base.pages.views import site_of
from base.records.change_reasons import shown_reason
from base.records.corrections import Correction, public_corrections
from base.records.kinds import kinds
from base.records.permanent_ids import tag_uri
from base.text.characters import storable

from .models import Part, ReportEntry, State
from .subjects import Subject, subjects_by_id

MOST = 20
LAST_CHANGE_OF_EMPTY_FEED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class AcceptedReport:
    """A report of a reader that was accepted: when, about which record, and what the curators answered.

    `identity` is the kind and the primary key, which never change. A record that is not public any more is not named: `subject` is
    None, and there is its kind alone.
    """

    identity: tuple[str, int]
    at: datetime.datetime
    kind_label: str
    subject: Subject | None
    answer: str


@dataclass(frozen=True)
class LogPage:
    """A page of the log, the newest first. `older` is the time before which the next page goes on; None at the end."""

    entries: list[Correction | AcceptedReport]
    older: datetime.datetime | None


def log_page(before: datetime.datetime | None = None) -> LogPage:
    """Return the corrections and the accepted reports from before a time, as far back as one page of corrections goes."""
    page = public_corrections(before, MOST)
    reports = accepted_reports(before, page.older)
    older = page.older
    if len(reports) > MOST:
        reports = reports[:MOST]
        older = reports[-1].at
    corrections = [each for each in page.corrections if older is None or each.at >= older]
    entries: list[Correction | AcceptedReport] = [*corrections, *reports]
    return LogPage(sorted(entries, key=lambda entry: entry.at, reverse=True), older)


def accepted_reports(before: datetime.datetime | None, since: datetime.datetime | None) -> list[AcceptedReport]:
    """Return the reports that were last accepted in a time, one more than a page has at most.

    One query, and at most seven for each kind of record. A report is told once, with the answer that holds, however often its state
    or answer changed. Neither the number of a report nor the words of the reader are told, and nothing of what concerned somebody's
    privacy.
    """
    accepted = ReportEntry.objects.filter(state=State.ACCEPTED)
    same_time = Q(at=OuterRef("at"), id__gt=OuterRef("id"))
    later = accepted.filter(Q(at__gt=OuterRef("at")) | same_time, report=OuterRef("report")).order_by()
    entries = accepted.filter(~Exists(later), report__state=State.ACCEPTED).exclude(report__part=Part.PRIVACY)
    entries = entries.order_by("-at", "-id").select_related("report")
    if before is not None:
        entries = entries.filter(at__lt=before)
    if since is not None:
        entries = entries.filter(at__gte=since)
    some = list(entries[: MOST + 1])
    subjects = subjects_by_id([(each.report.record_kind, each.report.record_id) for each in some])
    labels = {model.kind: model.singular_label() for model in kinds()}
    return [
        AcceptedReport(
            identity=("accepted-report", report.pk),
            at=each.at,
            kind_label=labels.get(report.record_kind, report.record_kind),
            subject=subjects.get((report.record_kind, report.record_id)),
            answer=report.answer,
        )
        for each in some
        for report in [each.report]
    ]


class CorrectionsPage(ConditionalPage):
    """The log, a page at a time. Search engines keep its first page alone."""

    fair_use = "pages"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the log."""
        before = page_before(request.GET["before"]) if "before" in request.GET else None
        page = log_page(before)
        context = {
            "entries": page.entries,
            "older": page.older.isoformat() if page.older else "",
            "is_first_page": before is None,
        }
        response = render(request, "reports/corrections.html", context)
        if before is not None:
            response.headers["X-Robots-Tag"] = "noindex"
        return response


class CorrectionsFeed(ConditionalFile):
    """The newest entries of the log as Atom; `lang` is their language: en (as without it), th or vi."""

    fair_use = "pages"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the feed."""
        try:
            language = language_asked(request)
        except LanguageNotOffered as unknown:
            return unknown.answer()
        with override(language):
            return open_to_scripts(self.feed(request))

    def feed(self, request: HttpRequest) -> HttpResponse:
        """Return the feed in the language that is active."""
        site = site_of(request)
        feed: Atom1Feed = StorableAtomFeed(
            title=_("On the Record: corrections"),
            link=site + reverse("corrections"),
            description="",
            feed_url=site + request.get_full_path(),
            author_name="On the Record",
            language=get_language() or "en",
        )
        for entry in log_page().entries:
            feed.add_item(
                title=storable(title_of_entry(entry)),
                link=site + address_of_entry(entry),
                description=storable(shown_reason(entry.reason) if isinstance(entry, Correction) else entry.answer),
                unique_id=tag_uri(*entry.identity),
                pubdate=entry.at,
                updateddate=entry.at,
            )
        if not feed.items:  # Django would say that an empty feed changed just now
            feed.latest_post_date = lambda: LAST_CHANGE_OF_EMPTY_FEED  # type: ignore[method-assign]
        return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def title_of_entry(entry: Correction | AcceptedReport) -> str:
    """Return what an entry is about, in a line."""
    if isinstance(entry, AcceptedReport):
        title = entry.subject.title if entry.subject else entry.kind_label
        return _("A report was accepted: %(page)s") % {"page": title}
    if entry.records:
        titles = [Subject(record, public=True).title for record in entry.records]
        return _("Corrected: %(records)s") % {"records": ", ".join(titles)}
    # An id may be a name, and somebody may have asked that the name be not public.
    labels = [
        f"{record.singular_label()} {record.slug}" if record.has_random_id else record.singular_label()
        for record in entry.withdrawn
    ]
    return _("Withdrawn: %(records)s") % {"records": ", ".join(labels)}


def address_of_entry(entry: Correction | AcceptedReport) -> str:
    """Return the page with the details: the changes of the record, or the record itself; else the log."""
    if isinstance(entry, AcceptedReport):
        return str(entry.subject.record.get_absolute_url()) if entry.subject else reverse("corrections")
    if entry.records:
        return reverse(f"{entry.records[0].kind}-changes", args=[entry.records[0].slug])
    named = [record for record in entry.withdrawn if record.has_random_id]
    return str(named[0].get_absolute_url()) if named else reverse("corrections")
