"""Records: whatever has a page of its own, at an address that answers for ever."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.records.change_sets import open_change_set
from base.records.kinds import Listings
from base.records.provenance import Cited
from base.records.publishing import RECORD_RIGHTS, Publishable, Status
from base.records.resolution import RecordQuerySet, former_ids_of
from base.text.names import SLUG_LENGTH, random_key


class Record(Publishable):
    """Something with a page of its own and a permanent public id."""

    do_not_call_in_templates = True  # a template that is handed the class shall not make an instance of it
    kind: str  # the singular, in addresses and fixtures: "person"
    plural: str  # in the path of pages and API: "people"
    sample: str  # an id that the documentation may show
    listings: ClassVar[Listings]  # where the kind is listed among the others
    short_field: ClassVar[str] = ""  # the column of its short name, for lists and lines
    counted: ClassVar[Promise]  # a number of them in words, with `number` as it is written and `total` as a number
    letter: ClassVar[str | Promise] = ""  # in the mark of a record in the picture of the network
    natural_key_fields = ("slug",)
    random_id_prefix: ClassVar[str] = ""  # of ids that are drawn by lot, if the kind has such ids
    forgiving_search: ClassVar[bool] = False  # names are found with wrong signs and by sound, texts are not
    endless: ClassVar[bool] = False  # more rows than anybody looks through one by one

    slug = models.SlugField(
        _("public id"),
        max_length=SLUG_LENGTH + 12,
        unique=True,
        blank=True,
        help_text=_(
            "Part of the address. Left empty, it is made from the first name. After a change the old address leads here."
        ),
    )
    withdrawn_reason = models.TextField(
        _("reason for withdrawal"), blank=True, help_text=_("Shown to everybody who follows an old link.")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
        help_text=_("Where this address leads now, if the record turned out to be a double."),
    )
    merged_into_id: int | None
    published_at = models.DateTimeField(_("first published"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last changed"), default=timezone.now, editable=False)

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = RECORD_RIGHTS
        constraints = [
            models.CheckConstraint(
                condition=~Q(slug=""),
                name="%(app_label)s_%(class)s_has_id",
                violation_error_message=_("A record needs a public id."),
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="%(app_label)s_%(class)s_status_known",
                violation_error_message=_("Status is draft, published or withdrawn."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.WITHDRAWN) | ~Q(withdrawn_reason="") | Q(merged_into__isnull=False),
                name="%(app_label)s_%(class)s_withdrawal_says_why",
                violation_error_message=_("Say why this record is withdrawn, or what it was merged into."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_since",
                violation_error_message=_("A published record has a day of publication."),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED) | Q(merged_into__isnull=True),
                name="%(app_label)s_%(class)s_merged_is_not_public",
                violation_error_message=_("A record that was merged into another cannot be published."),
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of the page."""
        return reverse(f"{self.kind}-detail", args=[self.slug])

    @classmethod
    def singular_label(cls) -> str:
        """Return what one record of this kind is called."""
        return str(cls._meta.verbose_name)

    @classmethod
    def plural_label(cls) -> str:
        """Return what records of this kind are called."""
        return str(cls._meta.verbose_name_plural)

    @property
    def has_random_id(self) -> bool:
        """Whether the id was drawn by lot, so that it says nothing about the record, not even its name."""
        # The letters of random_key, among which are no vowels: no word that a curator chose looks so.
        prefix = self.random_id_prefix
        return (
            bool(prefix) and re.fullmatch(rf"{prefix}-[0-9b-df-hjkmnp-tv-z]{{6,12}}(-[0-9]+)?", self.slug) is not None
        )

    @property
    def has_provisional_id(self) -> bool:
        """Whether the id was only a stand-in until the first name was known."""
        # The letters of random_key, and a z at the end: no word and no date that a curator chose looks so.
        stand_in = rf"{self.kind}-[0-9b-df-hjkmnp-tv-z]{{7}}z"
        return re.fullmatch(stand_in, self.slug) is not None and self.published_at is None

    def derive(self) -> None:
        """Fill the columns that follow from others. Called before every save, fixtures included."""
        if not self.slug:
            self.slug = f"{self.kind}-{random_key(7)}z"
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()

    def free_slug(self, wanted: str) -> str:
        """Return `wanted`, or it with a number, such that no other record has or had it."""
        like = {"slug__range": (wanted, f"{wanted}~")}  # no id holds a character behind the tilde; an index serves it
        taken = {
            *type(self).objects.exclude(pk=self.pk).filter(**like).values_list("slug", flat=True),
            *former_ids_of(type(self)).exclude(record=self.pk).filter(**like).values_list("slug", flat=True),
        }
        number, slug = 1, wanted
        while slug in taken:
            number += 1
            slug = f"{wanted}-{number}"
        return slug

    def clean(self) -> None:
        """Refuse an id that another record had: its old address must keep leading there."""
        super().clean()
        former = type(self).objects.exclude(pk=self.pk).filter(former_ids__slug=self.slug).first()
        if self.slug and former is not None:
            raise ValidationError({"slug": _("This id once belonged to “%s”; its old address leads there.") % former})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, note the time, and keep the former id working after a rename."""
        self.updated_at = timezone.now()
        if self.pk is not None:
            note_times(type(self)._base_manager.filter(pk=self.pk), self.updated_at)
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "updated_at"}
        former = self.__dict__.get("_loaded", {}).get("slug")
        provisional = former is not None and former != self.slug and self.published_at is None
        super().save(*args, **kwargs)
        if former and former != self.slug and not provisional:
            self.keep_former_id(former)
        self.__dict__["_loaded"] = {"status": self.status, "slug": self.slug}

    def keep_former_id(self, former: str) -> None:
        """Let the address with this id, which the record had until now, lead to it for ever."""
        self.former_ids.get_or_create(slug=former)  # type: ignore[attr-defined]
        self.former_ids.filter(slug=self.slug).delete()  # type: ignore[attr-defined]

    def publish_problems(self) -> list[str]:
        """Return what stands in the way: a merger, passages that nobody sees, facts that would be shown without any."""
        from base.records.support import unsupported_facts  # it needs records itself

        problems = super().publish_problems()
        if self.merged_into is not None:
            problems.append(_("It was merged into “%s”.") % self.merged_into)
        if isinstance(self, Cited):
            problems += self.evidence_problems()
        text = _(
            "The %(kind)s “%(row)s” cites only passages of sources that are not public. "
            "Publish the source, or make it a draft."
        )
        if self.pk:
            facts = unsupported_facts(self)
            problems += [text % {"kind": row._meta.verbose_name, "row": row} for row in facts]
        return problems

    def withdrawn_since(self) -> datetime.datetime | None:
        """Return when it was last withdrawn, as its history tells; None if it is not. Two queries."""
        if self.status != Status.WITHDRAWN:
            return None
        versions = self.history.order_by("history_date", "history_id")  # type: ignore[attr-defined]
        before = versions.exclude(status=Status.WITHDRAWN).last()
        if before is not None:
            versions = versions.filter(history_id__gt=before.history_id)
        first = versions.filter(status=Status.WITHDRAWN).first()
        return first.history_date if first else self.updated_at

    def touch(self) -> None:
        """Note that something shown on the record's page changed."""
        touch_records(type(self).objects.filter(pk=self.pk), timezone.now())


def touch_records(records: QuerySet[Any], now: datetime.datetime) -> None:
    """Note that something shown on the pages of these records changed. One query, or three in a change set."""
    note_times(records, now)
    records.update(updated_at=now)


def note_times(records: QuerySet[Any], now: datetime.datetime) -> None:
    """Let the change set that is open keep the times at which these records, which are about to be changed, had last changed."""
    if (act := open_change_set()) is not None:
        act.note_times(records.model, dict(records.values_list("pk", "updated_at")), now)
