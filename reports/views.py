"""Saying that something is wrong, and seeing what became of it."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django.views.csrf import csrf_failure

from .forms import ReportForm
from .limits import forget, sender_of, wait
from .models import Report, State
from .subjects import Subject, subject_at

KEY_SALT = "reports.key"


def key_of(report: Report) -> str:
    """Return what only the sender is told: with it a report can be withdrawn."""
    return signing.Signer(salt=KEY_SALT).signature(report.reference)


class Unlisted(View):
    """A page for one reader: kept by no cache and no search engine, and never behind what she just sent."""

    reads_primary = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, and say so."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response


class NewReport(Unlisted):
    """The form. It is the only page for readers that sets a cookie, and the cookie ends with the browser's session."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form for the record named in the address, or ask for one."""
        asked = request.GET.get("record", "")
        subject = subject_at(asked) if asked else None
        if subject is None:
            return render(request, "reports/which.html", {"asked": asked[:200]}, status=404 if asked else 200)
        return self.form(request, subject, ReportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the report and lead to its page; or show the form again, with everything that was typed."""
        asked = request.GET.get("record", "")
        subject = subject_at(asked)
        if subject is None:
            return render(request, "reports/which.html", {"asked": asked[:200]}, status=404)
        form = ReportForm(request.POST)
        if not form.is_valid():
            return self.form(request, subject, form, 400)
        sender = sender_of(request)
        with transaction.atomic():
            if seconds := wait(sender):
                form.add_error(None, self.patience(seconds))
                response = self.form(request, subject, form, 429)
                response.headers["Retry-After"] = str(seconds)
                return response
            forget()
            report = form.save(commit=False)
            report.about(subject)
            report.sender = sender
            report.move_to(State.OPEN)
        return HttpResponseRedirect(f"{report.get_absolute_url()}?key={key_of(report)}")

    def patience(self, seconds: int) -> str:
        """Say how long to wait."""
        minutes = -(-seconds // 60)
        return ngettext(
            "Too many reports came from your network within an hour. Everything is still here; send it in %(n)d minute.",
            "Too many reports came from your network within an hour. Everything is still here; send it in %(n)d minutes.",
            minutes,
        ) % {"n": minutes}

    @staticmethod
    def form(request: HttpRequest, subject: Subject, form: ReportForm, status: int = 200) -> HttpResponse:
        """Show the form."""
        return render(request, "reports/new.html", {"form": form, "subject": subject}, status=status)


class ReportPage(Unlisted):
    """What became of a report. Its words are shown only where a curator said so; how to reach the reader never is."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show state and log; whoever holds the key may withdraw it here."""
        if reference != reference.upper():
            return HttpResponseRedirect(reverse("report-detail", args=[reference.upper()]))
        report = self.report(reference)
        subject = subject_at(report.record_path)
        return self.page(request, report, subject)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Withdraw an open report for whoever holds its key."""
        with transaction.atomic():
            report = self.report(reference, lock=True)
            if not self.holds_key(request, report):
                raise Http404(_("This key does not belong to this report."))
            if report.state == State.OPEN:
                report.move_to(State.WITHDRAWN)
        return HttpResponseRedirect(report.get_absolute_url())

    def report(self, reference: str, *, lock: bool = False) -> Report:
        """Return the report of this number."""
        rows = Report.objects.select_for_update() if lock else Report.objects.all()
        found = rows.filter(reference=reference).first() if reference.isprintable() else None
        if found is None:
            raise Http404(_("There is no report “%s”.") % reference[:20])
        return found

    def holds_key(self, request: HttpRequest, report: Report) -> bool:
        """Whether the address carries the key of this report."""
        try:
            signed = f"{report.reference}:{request.GET.get('key', '')}"
            return signing.Signer(salt=KEY_SALT).unsign(signed) == report.reference
        except signing.BadSignature:
            return False

    def page(self, request: HttpRequest, report: Report, subject: Subject | None) -> HttpResponse:
        """Show it."""
        context = {
            "report": report,
            "entries": report.entries.all(),
            "subject": subject,
            "mine": self.holds_key(request, report),
        }
        return render(request, "reports/detail.html", context)


def cookie_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show a report again whose cookie did not come along, with everything that was typed; else Django's own page."""
    subject = subject_at(request.GET.get("record", "")) if request.path == reverse("report-new") else None
    if subject is None:
        return csrf_failure(request, reason)
    form = ReportForm(request.POST)
    form.add_error(
        None,
        _(
            "Your browser did not send back the cookie of this form, so it was not kept. Everything you wrote is still "
            "here: allow cookies for this page and send it once more."
        ),
    )
    return NewReport.form(request, subject, form, 403)
