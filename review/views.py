"""The pages of review in the admin: what waits, submitting, and one submission."""

from __future__ import annotations

from typing import Any, cast

from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from base.admin import DATABASE_REFUSALS, may, obstacles_of, sentence_of_refusal
from base.records.curators import curator_name
from base.records.publishing import Publishable
from base.records.second_person import another_has_to, rows_needing_another
from base.records.submissions import ReviewState, Submission, keys_by_label, keys_in_review, open_submission_of
from base.text.numbers import parse_digits
from directory.models import Source
from review import submissions
from review.changes import changes_since, digest_of_versions, version_digests
from review.forms import DateForm, PublishForm, SendBackForm, SubmitForm
from review.gathering import MOST_ROWS, DraftRows, drafts_to_submit, is_reviewable
from review.rows import all_labels, counts_in_words, labels_of, review_groups
from review.submissions import ReviewRefused, may_publish_all, reasons_missed, state_sentence
from review.waiting import is_reviewer, own_submissions, submission_lines, waiting_submissions

SUBMISSIONS_PER_PAGE = 30
MOST_DIGITS = 18  # of a key that both databases take
# In which states a button can be pressed; all others while it waits.
STATES_OF_ACTIONS = {
    "take-back": (ReviewState.WAITING, ReviewState.SENT_BACK),
    "again": (ReviewState.SENT_BACK,),
}


class ReviewView(View):
    """A page of review. `AdminSite.admin_view` sees to it that nobody keeps it, and that only curators see it."""

    site: AdminSite = None  # type: ignore[assignment]  # given by `as_view`
    http_method_names = ["get", "head", "post"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Remember the request, and say to templates in which admin site they are."""
        super().setup(request, *args, **kwargs)
        request.current_app = self.site.name

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer those who may look at sources, as all curators of the ready groups may."""
        if not may(request.user, "view", Source):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @property
    def user(self) -> User:
        """The curator."""
        return cast(User, self.request.user)

    def page(self, template: str, status: int = 200, **context: object) -> HttpResponse:
        """Return a page of the admin."""
        shared = self.site.each_context(self.request)
        return TemplateResponse(self.request, template, {**shared, **context}, status=status)


class SubmissionsView(ReviewView):
    """The submissions that wait, for those who may publish; for everybody their own."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show a page of the list."""
        own = request.GET.get("own") == "1" or not is_reviewer(self.user)
        paginator = Paginator(own_submissions(self.user) if own else waiting_submissions(), SUBMISSIONS_PER_PAGE)
        page = paginator.get_page(request.GET.get("page"))
        return self.page(
            "review/submissions.html",
            title=_("Your submissions") if own else _("Waiting for review"),
            lines=submission_lines(list(page)),
            page=page,
            is_own=own,
            is_reviewer=is_reviewer(self.user),
        )


class SubmitView(ReviewView):
    """Shows what would be submitted with an article or a record, and submits it."""

    @cached_property
    def about(self) -> Publishable:
        """The row that the address names, as `row=directory.source:12`.

        Raises Http404, and PermissionDenied if the curator may not change such rows.
        """
        label, _colon, key = self.request.GET.get("row", "").partition(":")
        number = parse_digits(key, MOST_DIGITS)
        try:
            model = apps.get_model(label)
        except (LookupError, ValueError):
            model = None
        row = model._base_manager.filter(pk=number).first() if model and is_reviewable(model) and number else None
        if row is None:
            raise Http404(_("There is no such row any more."))
        if not may(self.user, "change", type(row)):
            raise PermissionDenied
        return cast(Publishable, row)

    @cached_property
    def own_model_url(self) -> str:
        """The address of the form of the row."""
        opts = self.about._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.about.pk])

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what would be submitted."""
        return self.shown(SubmitForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Submit it, or say why it cannot be."""
        form = SubmitForm(request.POST)
        if not form.is_valid():
            return self.shown(form, 422)
        rows = drafts_to_submit(self.about)
        if self.refusal_of(rows):
            return self.shown(form, 409)
        try:
            submission = submissions.submit(
                self.user,
                self.about,
                self.label,
                rows,
                all_labels(self.site, request, rows),
                form.cleaned_data["note"],
            )
        except ReviewRefused as error:
            form.add_error(None, str(error))
            return self.shown(form, 409)
        messages.success(request, _("Submitted for review."))
        return HttpResponseRedirect(reverse("admin:review_submission", args=[submission.pk]))

    @cached_property
    def label(self) -> str:
        """What the row is called."""
        return labels_of(self.site, self.request, type(self.about), [self.about.pk]).get(self.about.pk, str(self.about))

    def refusal_of(self, rows: DraftRows) -> str:
        """Return why these rows cannot be submitted, as a sentence; empty if they can."""
        number = sum(map(len, rows.values()))
        if number > MOST_ROWS:
            text = _("These are %(number)s drafts, and at most %(most)s go together. Submit the records one by one.")
            return text % {"number": number, "most": MOST_ROWS}
        if not may(self.user, "change", *rows):
            return _("You may not change all of it, so somebody else has to submit it.")
        return ""

    def shown(self, form: Form, status: int = 200) -> HttpResponse:
        """Show what would be submitted, without what waits already."""
        rows = drafts_to_submit(self.about)
        waiting = {model: set(keys_in_review(model, keys)) for model, keys in rows.items()}
        left = {model: keys - waiting[model] for model, keys in rows.items() if keys - waiting[model]}
        refusal = self.refusal_of(rows)
        problems = obstacles_of(left) if not refusal else {}
        return self.page(
            "review/submit.html",
            status,
            title=_("Submit for review"),
            about=self.about,
            label=self.label,
            form=form,
            refusal=refusal,
            groups=review_groups(self.site, self.request, left, problems, {}),
            number_not_ready=len(problems),
            in_words=counts_in_words({model: len(keys) for model, keys in left.items()}),
            already_waiting=sum(map(len, waiting.values())),
            open_submission=open_submission_of(self.about),
            back=self.own_model_url,
        )


class SubmissionView(ReviewView):
    """One submission: what is in it, what is not ready and why, what changed meanwhile; and the buttons of each role."""

    @cached_property
    def submission(self) -> Submission:
        """The submission that the address names. Raises Http404, and PermissionDenied for whoever may not see it."""
        found = Submission.objects.select_related("submitted_by", "decided_by", "scheduled_by")
        submission = found.filter(pk=self.kwargs["id"]).first()
        if submission is None:
            raise Http404(_("There is no such submission any more."))
        if submission.submitted_by_id != self.user.pk and not is_reviewer(self.user):
            raise PermissionDenied
        return submission

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        """Show the submission."""
        return self.shown()

    def post(self, request: HttpRequest, id: str) -> HttpResponse:
        """Do what the button says that sent the form (`action`)."""
        key = self.submission.pk
        actions = {
            "publish": self.publish,
            "send-back": self.send_back,
            "take-back": self.take_back,
            "again": self.submit_again,
            "date": self.set_date,
            "no-date": self.cancel_date,
            "preview": self.open_preview,
            "no-preview": self.close_preview,
        }
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            messages.error(request, _("This page has no such button. Nothing was done."))
            return self.shown(status=400)
        try:
            if self.submission.state not in STATES_OF_ACTIONS.get(request.POST["action"], (ReviewState.WAITING,)):
                raise ReviewRefused(state_sentence(self.submission))  # before its form, which the page does not show
            with transaction.atomic():
                response = action(key)
        except ReviewRefused as error:
            messages.error(request, str(error))
        except DATABASE_REFUSALS as error:
            messages.error(request, sentence_of_refusal(error))
        else:
            return response or HttpResponseRedirect(reverse("admin:review_submission", args=[key]))
        self.__dict__.pop("submission", None)
        data, typed = request.POST, request.POST.get("action")  # nothing that was typed is lost
        return self.shown(
            publish_form=PublishForm(data) if typed == "publish" else None,
            send_back_form=SendBackForm(data) if typed == "send-back" else None,
            again_form=SubmitForm(data) if typed == "again" else None,
            date_form=DateForm(data) if typed == "date" else None,
            status=409,
        )

    # Buttons ---------------------------------------------------------------------------------------------------------------
    def publish(self, key: int) -> HttpResponse | None:
        """Publish what is ready."""
        form = PublishForm(self.request.POST)
        if not form.is_valid():
            return self.shown(publish_form=form, status=422)
        seen = self.request.POST.get("seen", "")
        outcome = submissions.publish_submission(key, self.user, seen, form.cleaned_data["answer"])
        if outcome.published:
            counts = {model: len(keys) for model, keys in outcome.published.items()}
            messages.success(self.request, _("Published: %s.") % counts_in_words(counts))
        if outcome.refused:
            messages.warning(self.request, _("Not published, because it is not ready: see below."))
        return None

    def send_back(self, key: int) -> HttpResponse | None:
        """Send it back with a word."""
        form = SendBackForm(self.request.POST)
        if not form.is_valid():
            return self.shown(send_back_form=form, status=422)
        submission = submissions.send_back(key, self.user, form.cleaned_data["answer"])
        messages.success(self.request, _("Sent back to %s.") % curator_name(submission.submitted_by))
        return None

    def take_back(self, key: int) -> HttpResponse | None:
        """Take it back."""
        submissions.take_back(key, self.user)
        messages.success(self.request, _("Taken back. All of it is a draft, as before."))
        return None

    def submit_again(self, key: int) -> HttpResponse | None:
        """Submit again what was sent back, with the drafts that belong to it by now."""
        form = SubmitForm(self.request.POST)
        if not form.is_valid():
            return self.shown(again_form=form, status=422)
        rows = self.rows_by_now()
        labels = all_labels(self.site, self.request, rows)
        submissions.submit_again(key, self.user, rows, labels, form.cleaned_data["note"])
        messages.success(self.request, _("Submitted for review."))
        return None

    def rows_by_now(self) -> DraftRows:
        """Return what was sent back, and the drafts that belong to the same article or record by now."""
        rows: DraftRows = dict(keys_by_label(self.submission.rows.filter(state=ReviewState.SENT_BACK)))
        about = apps.get_model(self.submission.kind)._base_manager.filter(pk=self.submission.row).first()
        for model, keys in (drafts_to_submit(cast(Publishable, about)) if about is not None else {}).items():
            rows[model] = rows.get(model, set()) | keys
        if sum(map(len, rows.values())) > MOST_ROWS:
            raise ReviewRefused(_("There are too many drafts by now. Submit the records one by one."))
        return rows

    def set_date(self, key: int) -> HttpResponse | None:
        """Have it published at a moment."""
        form = DateForm(self.request.POST)
        if not form.is_valid():
            return self.shown(date_form=form, status=422)
        seen = self.request.POST.get("seen", "")
        submissions.set_date(key, self.user, seen, form.cleaned_data["moment"])
        messages.success(self.request, _("The date is set."))
        return None

    def cancel_date(self, key: int) -> HttpResponse | None:
        """Take the date back."""
        submissions.cancel_date(key, self.user)
        messages.success(self.request, _("It is not published on a date any more."))
        return None

    def open_preview(self, key: int) -> HttpResponse | None:
        """Make a preview address."""
        submissions.open_preview(key, self.user)
        return None

    def close_preview(self, key: int) -> HttpResponse | None:
        """End the preview address."""
        submissions.close_preview(key, self.user)
        messages.success(self.request, _("The address of the preview has ended."))
        return None

    # The page --------------------------------------------------------------------------------------------------------------
    def shown(
        self,
        *,
        publish_form: PublishForm | None = None,
        send_back_form: SendBackForm | None = None,
        again_form: SubmitForm | None = None,
        date_form: DateForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Show the submission, with forms that were refused as they were typed."""
        submission = self.submission
        is_waiting = submission.state == ReviewState.WAITING
        state = ReviewState.WAITING if is_waiting else submission.state
        rows = keys_by_label(submission.rows.filter(state=state))
        is_own, may_decide = submission.submitted_by_id == self.user.pk, may_publish_all(self.user, rows)
        problems = obstacles_of(rows) if is_waiting else {}
        own = rows_needing_another(self.user, rows) if is_waiting and may_decide else {}
        since = submission.changed_since
        changes = changes_since(rows, since) if is_waiting else {}
        ready = sum(map(len, rows.values())) - len(problems)
        address = ""
        if submission.has_preview:
            address = self.request.build_absolute_uri(reverse("preview", args=[submission.preview_key]))
        return self.page(
            "review/submission.html",
            status,
            title=_("Submission"),
            submission=submission,
            line=submission_lines([submission])[0],
            state_label=capfirst(ReviewState(submission.state).label),
            sentence="" if is_waiting else state_sentence(submission),
            groups=review_groups(self.site, self.request, rows, problems, changes),
            deleted=list(submission.rows.filter(state=ReviewState.GONE).values_list("label", flat=True)),
            published_number=submission.rows.filter(state=ReviewState.PUBLISHED).count(),
            seen=digest_of_versions(version_digests(rows)) if is_waiting and may_decide else "",
            is_waiting=is_waiting,
            is_own=is_own,
            may_decide=may_decide and is_waiting,
            needs_another=another_has_to() if own else "",
            number_ready=ready,
            reasons_missed=reasons_missed(submission, rows) if is_waiting else [],
            number_not_ready=len(problems),
            number_changed=len(changes),
            was_sent_back=since < submission.submitted_at,
            publish_form=publish_form or PublishForm(),
            send_back_form=send_back_form or SendBackForm(),
            again_form=again_form or SubmitForm(),
            date_form=date_form or DateForm(),
            preview_address=address,
            preview_days=settings.PREVIEW_DAYS,
            article_url=self.article_url,
            submission_states=ReviewState,
        )

    @property
    def article_url(self) -> str:
        """The reading page of the article; of another row its form. Empty if it was deleted."""
        model = apps.get_model(self.submission.kind)
        row = model._base_manager.filter(pk=self.submission.row).first()
        if row is None:
            return ""
        if isinstance(row, Source):
            return reverse("admin:desk_read", args=[row.slug])
        opts = row._meta
        return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
