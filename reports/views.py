"""The pages where a reader reports a problem and follows what became of the report."""

from __future__ import annotations

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
from .limits import erase_old_senders, seconds_to_wait, sender_of
from .models import Report, State
from .subjects import Subject, subject_at

KEY_SALT = "reports.key"


def withdrawal_key(report: Report) -> str:
    """Return the key with which a report can be withdrawn. Only its sender receives it."""
    return signing.Signer(salt=KEY_SALT).signature(report.reference)


class PrivateView(View):
    """A page for one reader: no cache and no search engine may keep it, and it always shows what the reader just sent."""

    reads_primary = True

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        """Answer, with headers that forbid caching and indexing."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response


class ReportCreate(PrivateView):
    """The form for a report, the only public page that sets a cookie; the cookie ends with the browser's session."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the form for the record that the address names, or ask which record it is about."""
        address = request.GET.get("record", "")
        subject = subject_at(address) if address else None
        if subject is None:
            return render(request, "reports/which.html", {"asked": address[:200]}, status=404 if address else 200)
        return self.render_form(request, subject, ReportForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Save the report and redirect to its page, or show the form again with everything that was typed."""
        address = request.GET.get("record", "")
        subject = subject_at(address)
        if subject is None:
            return render(request, "reports/which.html", {"asked": address[:200]}, status=404)
        form = ReportForm(request.POST)
        if not form.is_valid():
            return self.render_form(request, subject, form, 400)
        sender = sender_of(request)
        with transaction.atomic():
            if seconds := seconds_to_wait(sender):
                form.add_error(None, self.limit_message(seconds))
                response = self.render_form(request, subject, form, 429)
                response.headers["Retry-After"] = str(seconds)
                return response
            erase_old_senders()
            report = form.save(commit=False)
            report.about(subject)
            report.sender = sender
            report.move_to(State.OPEN)
        return HttpResponseRedirect(f"{report.get_absolute_url()}?key={withdrawal_key(report)}")

    def limit_message(self, seconds: int) -> str:
        """Return a sentence that says how long to wait before the next report."""
        minutes = -(-seconds // 60)
        return ngettext(
            "Too many reports came from your network within an hour. Everything is still here; send it in %(n)d minute.",
            "Too many reports came from your network within an hour. Everything is still here; send it in %(n)d minutes.",
            minutes,
        ) % {"n": minutes}

    @staticmethod
    def render_form(request: HttpRequest, subject: Subject, form: ReportForm, status: int = 200) -> HttpResponse:
        """Return the page with the form."""
        return render(request, "reports/new.html", {"form": form, "subject": subject}, status=status)


class ReportDetail(PrivateView):
    """One report and its log. The reader's words appear only if a curator released them, the e-mail address never."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Show the state and the log, and a button to withdraw the report if the address has its key."""
        if reference != reference.upper():
            return HttpResponseRedirect(reverse("report-detail", args=[reference.upper()]))
        report = self.find_report(reference)
        subject = subject_at(report.record_path)
        return self.render_page(request, report, subject)

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Withdraw an open report if the address has its key."""
        with transaction.atomic():
            report = self.find_report(reference, lock=True)
            if not self.holds_key(request, report):
                raise Http404(_("This key does not belong to this report."))
            if report.state == State.OPEN:
                report.move_to(State.WITHDRAWN)
        return HttpResponseRedirect(report.get_absolute_url())

    def find_report(self, reference: str, *, lock: bool = False) -> Report:
        """Return the report of this number, locked until the transaction ends if asked. Raises Http404."""
        rows = Report.objects.select_for_update() if lock else Report.objects.all()
        report = rows.filter(reference=reference).first() if reference.isprintable() else None
        if report is None:
            raise Http404(_("There is no report “%s”.") % reference[:20])
        return report

    def holds_key(self, request: HttpRequest, report: Report) -> bool:
        """Return whether the address has the key of this report."""
        try:
            signed = f"{report.reference}:{request.GET.get('key', '')}"
            return signing.Signer(salt=KEY_SALT).unsign(signed) == report.reference
        except signing.BadSignature:
            return False

    def render_page(self, request: HttpRequest, report: Report, subject: Subject | None) -> HttpResponse:
        """Return the page of the report."""
        context = {
            "report": report,
            "entries": report.entries.all(),
            "subject": subject,
            "holds_key": self.holds_key(request, report),
        }
        return render(request, "reports/detail.html", context)


def cookie_missing(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Show the form for a report again if the browser sent no CSRF cookie; on any other page, show Django's own answer."""
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
    return ReportCreate.render_form(request, subject, form, 403)
