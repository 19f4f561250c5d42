"""What is public: the one definition that pages, API, feeds, search and exports share."""

from __future__ import annotations

import functools
from typing import Any, ClassVar, Self, cast

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.records.fixture_loading import open_loading
from base.records.texts import CheckedTexts

# The rights on a kind of row that a group may have. `publish` covers every change of what readers see.
FACT_RIGHTS = ("view", "add", "change", "delete", "publish")
RECORD_RIGHTS = (*FACT_RIGHTS, "withdraw", "merge")


class Status(models.TextChoices):
    """Where a row stands between a curator's desk and the public."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class PublishableQuerySet(models.QuerySet[Any]):
    """Selects rows by visibility. The manager itself hides nothing: admin and dumpdata need every row."""

    def published(self, known: tuple[str, ...] = ()) -> Self:
        """Return the rows anybody may see. Parents named in `known` (foreign keys) are taken to be public."""
        return self.filter(self.model.published_q(known=known))

    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """Return the rows this user may see: curators everything, everybody else what is published."""
        return self if getattr(user, "is_staff", False) else self.published()

    def get_by_natural_key(self, *key: str) -> Publishable:
        """Find a row by what `natural_key` returns (fixtures)."""
        loading = open_loading()
        if loading is not None and (known := loading.rows.get((self.model, key))) is not None:
            return cast(Publishable, known)
        row: Publishable = self.get(**dict(zip(self.model.natural_key_fields, key, strict=True)))
        if loading is not None:
            loading.rows[self.model, key] = row
        return row


class Publishable(CheckedTexts):
    """A row with a status, public only if every row it hangs on is public too.

    `public_parents` names the foreign keys at its ends; an empty one does not hide the row.
    """

    is_content: ClassVar[bool] = True  # a write raises the content version
    public_parents: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[tuple[str, ...]] = ()  # relations of which readers have to see a row (base/records/support.py)
    natural_key_fields: ClassVar[tuple[str, ...]] = ()
    own_links: ClassVar[
        tuple[str, ...]
    ] = ()  # many-to-many relations that belong to its text: uniting two rows adds none
    either_way: ClassVar[
        tuple[str, ...]
    ] = ()  # the two ends of a link that says the same whichever of them comes first
    follow_stored_text: ClassVar[tuple[str, ...]] = ()  # columns that are those of a text which no history keeps
    admin_group: ClassVar[str] = ""  # on the first page of the admin (config/admin.py); empty: among all other rows

    _change_reason: str | None  # why the row is saved this time; django-simple-history keeps it

    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)

    objects: ClassVar[Any] = PublishableQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = FACT_RIGHTS

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Remember the status and the public id as they were loaded, so that a change of either is noticed."""
        row = super().from_db(*args, **kwargs)
        row.__dict__["_loaded"] = {name: row.__dict__.get(name) for name in ("status", "slug")}
        return row

    @property
    def concerns_readers(self) -> bool:
        """Whether the row is public, or was when it was loaded: only then does saving it change a page."""
        statuses = (self.status, self.__dict__.get("_loaded", {}).get("status"))
        return Status.PUBLISHED in statuses and not self.hidden_parents()

    def hidden_parents(self) -> dict[str, Publishable]:
        """Return the parents that are not public, by the name of the foreign key."""
        parents = {name: getattr(self, name) for name in self.public_parents}
        return {
            name: parent
            for name, parent in parents.items()
            if parent is not None and not type(parent).objects.published().filter(pk=parent.pk).exists()
        }

    @classmethod
    def published_q(cls, prefix: str = "", known: tuple[str, ...] = ()) -> Q:
        """Return the condition for being public, seen through the relation `prefix` (ending in two underscores).

        Parents named in `known` are taken to be public, so the condition leaves them out.
        """
        condition = Q(**{f"{prefix}status": Status.PUBLISHED})
        for name in [name for name in cls.public_parents if name not in known]:
            field = cls._meta.get_field(name)
            parent = field.related_model.published_q(f"{prefix}{name}__")  # type: ignore[union-attr]
            if field.null:
                parent |= Q(**{f"{prefix}{name}__isnull": True})
            condition &= parent
        return condition

    def natural_key(self) -> tuple[str, ...]:
        """Return the values that identify the row in a fixture, none of which is another row's."""
        return tuple(getattr(self, name) for name in self.natural_key_fields)

    @classmethod
    def problem_q(cls) -> Q:
        """Return a condition that holds for rows, taken to be public, whose `publish_problems` are peculiar to this model.

        What all models have in common (parents, passages, needs) is left out: base/records/support.py. A model that adds a problem
        of another sort extends this too. A row for which it holds may be without problems, but never the other way round.
        """
        return Q(pk__in=[])

    def publish_problems(self) -> list[str]:
        """Return what stands between this row and publication, as sentences for a curator; empty if nothing does."""
        return [
            _("The %(field)s “%(parent)s” is not published yet.")
            % {"field": self._meta.get_field(name).verbose_name, "parent": parent}  # type: ignore[union-attr]
            for name, parent in self.hidden_parents().items()
        ]

    def publish(self) -> None:
        """Make the row public, or raise ValidationError with every reason why it cannot be."""
        if problems := self.publish_problems():
            raise ValidationError(problems)
        self.status = Status.PUBLISHED
        self.save()


def published(model: type[models.Model]) -> PublishableQuerySet:
    """Return the public rows of `model`, a Publishable. The condition is put together once, not for every request."""
    return _published(model).all()


@functools.cache
def _published(model: type[models.Model]) -> PublishableQuerySet:
    rows: PublishableQuerySet = cast("type[Publishable]", model).objects.published()
    return rows
