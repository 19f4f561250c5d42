"""Pairs of records that somebody said are not the same, so that nobody is asked again."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from base.records.records import Record
from base.records.successors import successors
from base.sql.prepared import AnyOf


class DifferentRecordsQuerySet(models.QuerySet[Any]):
    """Finds pairs whichever of the two is asked for."""

    def between(self, record: Record, others: Collection[int]) -> Self:
        """Return the pairs of this record, or of what was merged into it, with these others of its kind."""
        own = merged_keys(record)
        ends = Q(first__in=own, second__in=others) | Q(first__in=others, second__in=own)
        return self.filter(ends, kind=record.kind)

    def keys_for(self, record: Record) -> set[int]:
        """Return the keys of the records that are known to be others than this one, of merged ones those that stayed.

        Three queries, and one more for each step of mergers.
        """
        if record.pk is None:
            return set()
        own = merged_keys(record)
        pairs = self.filter(Q(first__in=own) | Q(second__in=own), kind=record.kind).values_list("first", "second")
        others = {key for pair in pairs for key in pair} - own
        return set(successors(type(record), others).values()) - own


class DifferentRecords(models.Model):
    """That two records of one kind are not the same, whatever their names. The pair has no order: the lower key stands first.

    Keys are kept as they were when it was said. What was merged since is followed when the pair is read, so a merger that is
    undone brings back what was known before.
    """

    kind = models.CharField(max_length=20)  # "person"
    first = models.BigIntegerField()
    second = models.BigIntegerField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[Any] = DifferentRecordsQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["kind", "first", "second"], name="different_records_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="different_records_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first} ≠ {self.second}"

    @classmethod
    def note(cls, record: Record, other: Record, user: AbstractBaseUser | AnonymousUser) -> None:
        """Remember that two records are not the same; who said so first stays. Raises ValueError for one and the same."""
        if type(record) is not type(other) or record.pk == other.pk:
            raise ValueError("Two records of one kind, please.")
        first, second = sorted((record.pk, other.pk))
        known_user = {"user_id": user.pk} if user.pk else {}
        cls.objects.get_or_create(kind=record.kind, first=first, second=second, defaults=known_user)

    @classmethod
    def forget(cls, record: Record, other: Record) -> None:
        """Take it back: they may be the same after all."""
        cls.objects.between(record, merged_keys(other)).delete()


def merged_keys(record: Record) -> set[int]:
    """Return the key of a record and those of all that were merged into it. One query a step."""
    keys, newest = {record.pk}, {record.pk}
    while newest:
        rows = type(record)._base_manager.filter(AnyOf("merged_into", list(newest)))
        newest = set(rows.values_list("pk", flat=True)) - keys
        keys |= newest
    return keys
