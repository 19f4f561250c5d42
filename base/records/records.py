"""Records with an address that answers for ever, and the names they go by."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.records.kinds import Listings
from base.records.labels import named_by_key
from base.records.provenance import Certainty, Fact
from base.records.publishing import Publishable, PublishableQuerySet, Status
from base.records.successors import record_with_successors, successors
from base.text.names import SLUG_LENGTH, fold, random_key, slug_from, sort_key, validate_language
from base.text.search_column import search_column


class Gone(Exception):
    """A public address whose record was withdrawn; `reason` says why."""

    def __init__(self, record: Any) -> None:
        super().__init__(str(record.withdrawn_reason))
        self.record = record
        self.reason = record.withdrawn_reason


class Moved(Exception):
    """A public address whose record now answers elsewhere, at `record`."""

    def __init__(self, record: Any) -> None:
        super().__init__(record.slug)
        self.record = record


class RecordQuerySet(PublishableQuerySet):
    """Finds records by their public id, old ones included."""

    def resolve(self, slug: str) -> Any:
        """Return the public record of this id.

        Raises Moved for a renamed or merged record, Gone for a withdrawn one, DoesNotExist for what was never public.
        Costs one query for a current id and at most three for another. Prefetches of the query are kept.
        """
        if "\0" in slug:  # PostgreSQL refuses even to look for it
            raise self.model.DoesNotExist(slug)
        try:
            return self.published().get(slug=slug)
        except self.model.DoesNotExist:
            self.raise_departed(slug)

    def raise_departed(self, slug: str) -> NoReturn:
        """Say what became of the record with this id, which no public record has: as `resolve` does. At most two queries."""
        if "\0" in slug:
            raise self.model.DoesNotExist(slug)
        chain = record_with_successors(self.model.objects.filter(slug=slug))
        if not chain:
            chain = record_with_successors(self.model.objects.filter(former_ids__slug=slug))
        if not chain:
            raise self.model.DoesNotExist(slug)
        last = chain[-1]
        if last.is_public and last.slug != slug:
            raise Moved(last)
        once_public = [record for record in chain if record.published_at is not None]
        if not once_public:
            raise self.model.DoesNotExist(slug)
        raise Gone(once_public[-1])

    def for_title(self) -> Self:
        """Load what the title of a record is made of: of most kinds nothing but the record."""
        return self

    def by_former_ids(self, slugs: Collection[str]) -> dict[str, Any]:
        """Return the public records to which these ids lead today, by renames and mergers, with what names them.

        A present id of a record leads there too, before a former id of another. At most four queries.
        """
        former_ids = self.model._meta.get_field("former_ids").related_model.objects.filter(slug__in=slugs)
        keys = {
            **dict(former_ids.values_list("slug", "record")),
            **dict(self.model.objects.filter(slug__in=slugs).values_list("slug", "pk")),
        }
        today = successors(self.model, set(keys.values()))
        records = named_by_key(self.model, set(today.values()))
        return {slug: records[today[key]] for slug, key in keys.items() if today[key] in records}


class Record(Publishable):
    """Something with a page of its own and a permanent public id."""

    do_not_call_in_templates = True  # a template that is handed the class shall not make an instance of it
    kind: str  # the singular, in addresses and fixtures: "person"
    plural: str  # in the path of pages and API: "people"
    sample: str  # an id that the documentation may show
    listings: ClassVar[Listings]  # where the kind is listed among the others
    letter: ClassVar[str | Promise] = ""  # in the mark of a record in the picture of the network
    natural_key_fields = ("slug",)
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
        former: Any = type(self).former_ids.rel.related_model  # type: ignore[attr-defined]
        taken = {
            *type(self).objects.exclude(pk=self.pk).filter(**like).values_list("slug", flat=True),
            *former.objects.exclude(record=self.pk).filter(**like).values_list("slug", flat=True),
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
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*fields, "updated_at"}
        former = self.__dict__.get("_loaded", {}).get("slug")
        provisional = former is not None and former != self.slug and self.published_at is None
        super().save(*args, **kwargs)
        if former and former != self.slug and not provisional:
            self.former_ids.get_or_create(slug=former)  # type: ignore[attr-defined]
            self.former_ids.filter(slug=self.slug).delete()  # type: ignore[attr-defined]
        self.__dict__["_loaded"] = {"status": self.status, "slug": self.slug}

    def publish_problems(self) -> list[str]:
        """Return what stands in the way; what was merged into another record stays its double."""
        problems = super().publish_problems()
        if self.merged_into is not None:
            problems.append(_("It was merged into “%s”.") % self.merged_into)
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
        type(self).objects.filter(pk=self.pk).update(updated_at=timezone.now())


class FormerId(models.Model):
    """A public id a record had before; its address redirects for ever."""

    is_content: ClassVar[bool] = True
    slug = models.SlugField(_("former public id"), max_length=SLUG_LENGTH + 12, unique=True)
    since = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug


class NamedRecord(Record):
    """A record known by names in any number of languages; what lists need of them is kept in columns of its own."""

    forgiving_search = True

    name = models.CharField(_("name"), max_length=500, default="", editable=False, serialize=False)
    name_language = models.CharField(max_length=35, default="", editable=False, serialize=False)
    labels = models.JSONField(_("name by language"), default=dict, editable=False, serialize=False)
    sort_key = models.CharField(max_length=200, default="", editable=False, serialize=False)
    search = models.TextField(default="", editable=False, serialize=False)

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name or self.slug

    def name_rows(self) -> list[tuple[str, str]]:
        """Return (text, language) of the public names that are not rejected, best first."""
        rows = self.names.filter(status=Status.PUBLISHED).exclude(certainty=Certainty.REJECTED)  # type: ignore[attr-defined]
        return list(rows.order_by("position", "uid").values_list("text", "language"))

    def search_texts(self) -> list[str]:
        """Return every text under which the record is found: all its public names, rejected readings too."""
        rows = self.names.filter(status=Status.PUBLISHED)  # type: ignore[attr-defined]
        return list(rows.order_by("position", "uid").values_list("text", flat=True))

    def refresh_names(self) -> None:
        """Bring the name columns up to date, and give a record with a stand-in id its real one. Three or four queries."""
        names = self.name_rows()
        labels: dict[str, str] = {}
        for text, language in names:
            labels.setdefault(language, text)
        self.labels = labels
        self.name, self.name_language = names[0] if names else ("", "")
        self.sort_key = sort_key(self.name)
        self.search = search_column(self.search_texts(), romanise=True)
        columns = ["labels", "name", "name_language", "sort_key", "search"]
        if names and self.has_provisional_id and (wanted := slug_from(self.name)):
            self.slug = self.free_slug(wanted)
            columns.append("slug")
        type(self).objects.filter(pk=self.pk).update(**{column: getattr(self, column) for column in columns})
        self.__dict__["_loaded"] = {"status": self.status, "slug": self.slug}

    def publish_problems(self) -> list[str]:
        """Return what stands in the way; a named record needs a name that a reader may see."""
        problems = super().publish_problems()
        if not self.name_rows():
            problems.append(str(_("It has no name yet.")))
        return problems


class NameKind(models.TextChoices):
    """What a spelling is to the record."""

    OFFICIAL = "official", _("official")
    TRANSLATION = "translation", _("translation")
    TRANSLITERATION = "transliteration", _("transliteration")
    ABBREVIATION = "abbreviation", _("abbreviation")
    VARIANT = "variant", _("variant")
    MISPRINT = "misprint", _("misprint")


class Name(Fact):
    """One spelling of a record's name, and where it is spelled so."""

    text = models.CharField(_("text"), max_length=500)
    language = models.CharField(
        _("language"), max_length=35, validators=[validate_language], help_text=_("BCP 47: th, vi, en …")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=NameKind, default=NameKind.OFFICIAL)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=0,
        help_text=_("Lowest first. The first of a reader's language is the one shown to them."),
    )
    folded = models.CharField(max_length=1000, default="", editable=False, serialize=False, db_index=True)

    class Meta(Fact.Meta):
        abstract = True
        ordering = ["position", "uid"]
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(text=""),
                name="%(app_label)s_%(class)s_not_empty",
                violation_error_message=_("A name needs a text."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=NameKind.values),
                name="%(app_label)s_%(class)s_kind_known",
                violation_error_message=_("Choose one of the kinds of name."),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def derive(self) -> None:
        """Fill the folded column that search compares with."""
        self.folded = fold(self.text)[:1000]

    @property
    def owner(self) -> Any:
        """The record that goes by this name."""
        return getattr(self, self.public_parents[0])
