"""Keeps the columns of statements true that follow from wordings, passages and events."""

from typing import Any

from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from base.text.dates import UNDATED
from directory.models import Passage

from .models import Event, Statement, Wording


@receiver([post_save, post_delete], sender=Wording)
def refresh_statement(instance: Wording, **kwargs: Any) -> None:
    """A statement is found by its wordings."""
    if Statement.objects.filter(pk=instance.statement_id).exists():  # a cascade may be deleting it
        instance.statement.refresh_search()
        instance.statement.refresh_position()


@receiver(post_save, sender=Statement)
def refresh_labels(instance: Statement, **kwargs: Any) -> None:
    """A statement is also found by its labels; a fixture may have saved its wordings first."""
    instance.refresh_search()
    instance.refresh_position()


@receiver(m2m_changed, sender=Statement.passages.through)
def refresh_position(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """A statement stands where its first passage starts."""
    if action.startswith("post_"):
        statements = Statement.objects.filter(pk__in=pk_set or ()) if reverse else [instance]
        for statement in statements:
            statement.refresh_position()


@receiver(post_save, sender=Passage)
def refresh_proofs(instance: Passage, raw: bool = False, **kwargs: Any) -> None:
    """A passage that was corrected may prove other words than before."""
    if not raw:
        for wording in instance.wordings.all():
            wording.derive()
            Wording.objects.filter(pk=wording.pk).update(proven=wording.proven)


@receiver(post_save, sender=Event)
def refresh_days(instance: Event, **kwargs: Any) -> None:
    """Statements without a date of their own are sorted by their event's."""
    instance.statements.filter(date="").update(sort_date=Statement.day_from(instance.date) or UNDATED)
