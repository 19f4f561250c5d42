"""Reports of problems, and the log of what became of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from base.records.history import history
from base.records.publishing import Status
from base.records.texts import CheckedTexts
from base.text.names import random_key

if TYPE_CHECKING:
    from .subjects import Subject

MESSAGE_LENGTH = 4000


class State(models.TextChoices):
    """What became of a report."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("a report by its sender", "withdrawn")


ANSWERED = (State.ACCEPTED, State.DECLINED)


class Part(models.TextChoices):
    """Which part of a record is said to be wrong."""

    NAME = "name", _("a name or spelling")
    ROLE = "role", _("a role, position or link")
    SPEAKER = "speaker", _("who said it")
    WORDS = "words", _("the words, a translation or a paraphrase")
    PASSAGE = "passage", _("the passage or the source")
    DATE = "date", _("a date or place")
    PRIVACY = "privacy", _("it should not be public")
    OTHER = "other", _("something else")


def new_reference() -> str:
    """Return the number of a new report: OTR- and six characters that are hard to confuse, about 29 random bits."""
    return f"OTR-{random_key(6).upper()}"


class Report(CheckedTexts):
    """What one reader says is wrong with one record.

    The record is named by kind, id and path instead of a foreign key, so that the report outlives a rename, a merger and a
    withdrawal.
    """

    is_content = True  # reports have public pages, so a write raises the content version
    private_columns: ClassVar[dict[str, str | None]] = {"contact": None, "sender": None}
    admin_group = "reports"

    reference = models.CharField(_("number"), max_length=12, unique=True, default=new_reference, editable=False)
    record_kind = models.CharField(_("kind of record"), max_length=20, editable=False)
    record_id = models.CharField(_("public id of the record"), max_length=100, editable=False)
    record_path = models.CharField(
        _("page of the record"), max_length=200, help_text=_("As in the address: /people/tony-bui/")
    )
    record_status = models.CharField(
        _("the record was then"), max_length=10, choices=Status, editable=False, default=Status.PUBLISHED
    )
    part = models.CharField(_("what is wrong"), max_length=10, choices=Part, default=Part.OTHER)
    message = models.TextField(_("in the reader's words"), max_length=MESSAGE_LENGTH)
    contact = models.EmailField(_("e-mail"), blank=True, help_text=_("Never shown to anybody but curators."))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), blank=True, help_text=_("Public. Say what was changed, or why nothing was."))
    message_is_public = models.BooleanField(
        _("show the reader's words"),
        default=False,
        help_text=_("Only once it is answered, and only if they accuse nobody and name nobody's address."),
    )
    sender = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        help_text=_("A keyed hash of the sender's network, for the limit per hour; emptied after that."),
    )
    created_at = models.DateTimeField(_("received"), default=timezone.now, editable=False)

    history = history(exclude=("contact", "sender"))

    class Meta:
        verbose_name = _("report of a problem")
        verbose_name_plural = _("reports of problems")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="report_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values) & Q(part__in=Part.values) & Q(record_status__in=Status.values),
                name="report_choices_known",
                violation_error_message=_("Choose one of the states and one of the parts."),
            ),
            models.CheckConstraint(
                condition=~Q(message="") & ~Q(record_path=""),
                name="report_says_what",
                violation_error_message=_("A report names a record and says what is wrong with it."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=ANSWERED) | ~Q(answer=""),
                name="report_decision_says_why",
                violation_error_message=_("Say what was changed, or why nothing was: the answer is public."),
            ),
            models.CheckConstraint(
                condition=Q(message_is_public=False) | Q(state__in=ANSWERED),
                name="report_words_shown_only_when_answered",
                violation_error_message=_("The reader's words are shown only once the report is answered."),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the public page."""
        return reverse("report-detail", args=[self.reference])

    def about(self, subject: Subject) -> None:
        """Set the record that the report is about, with the status that the record has now."""
        self.record_kind, self.record_id = subject.record.kind, subject.record.slug
        self.record_path, self.record_status = subject.path, subject.record.status

    def move_to(self, state: str, note: str = "") -> None:
        """Change the state and add a line to the log, in one transaction. The note is public."""
        self.state = state
        if state not in ANSWERED:
            self.message_is_public = False
        with transaction.atomic():
            self.save()
            self.entries.create(state=state, note=note)


class ReportEntry(CheckedTexts):
    """One line of the log of a report. Lines are added, never changed."""

    is_content = True

    report = models.ForeignKey(
        Report, models.CASCADE, related_name="entries", verbose_name=pgettext_lazy("of a problem", "report")
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State)
    note = models.TextField(_("note"), blank=True, help_text=_("Public."))

    class Meta:
        verbose_name = _("line of the log")
        verbose_name_plural = _("log")
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=State.values),
                name="report_entry_state_known",
                violation_error_message=_("Choose one of the states."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.report}: {self.get_state_display()}"
