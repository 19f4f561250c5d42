"""Keeps the columns of statements up to date that are computed from wordings, passages and events."""

from collections.abc import Mapping, Set

from django.db.models import Model, Q
from django.db.models.signals import m2m_changed, post_delete, post_save
from django.dispatch import receiver

from base.records.fixture_loading import refreshed_later
from base.records.reverting import rows_reverted
from base.text.dates import UNDATED
from directory.models import Passage

from .models import Event, Statement, Wording
from .models.statements import SEARCHED
from .proofs import prove_again


@receiver([post_save, post_delete], sender=Wording)
def refresh_statement(instance: Wording, **kwargs: object) -> None:
    """Update the search text and the position of a statement when a wording of it changes."""
    key = instance.statement_id
    # Else it may be that a cascade is deleting the statement.
    if not refreshed_later(Statement, key) and Statement.objects.filter(pk=key).exists():
        instance.statement.refresh_columns()


@receiver(post_save, sender=Statement)
def refresh_labels(instance: Statement, **kwargs: object) -> None:
    """Update the search text, which has the labels of the statement, and the position.

    A fixture may save the wordings before the statement.
    """
    if not refreshed_later(Statement, instance.pk):
        instance.refresh_columns()


@receiver(m2m_changed, sender=Statement.passages.through)
def refresh_position(instance: Statement | Passage, action: str, pk_set: set[int] | None, **kwargs: object) -> None:
    """Update the position of statements when passages are linked to them: it is where the first passage starts."""
    if action.startswith("post_"):
        one_statement = [instance] if isinstance(instance, Statement) else None  # else the links of a passage changed
        for statement in one_statement or Statement.objects.filter(pk__in=pk_set or ()):
            if not refreshed_later(Statement, statement.pk):
                statement.refresh_position()


@receiver(post_save, sender=Passage)
def refresh_proofs(instance: Passage, raw: bool = False, **kwargs: object) -> None:
    """Check again which wordings a corrected passage proves."""
    if not raw:
        prove_again(Wording.objects.filter(Q(passage=instance) | Q(further_passages=instance)).distinct())


@receiver(rows_reverted)
def refresh_reverted(sender: type[Model], changes: Mapping[int, Set[str]], **kwargs: object) -> None:
    """Do for rows that were set back what saving each of them would have done."""
    statements: set[int] = set()
    if sender is Passage:
        printed = Q(passage__in=list(changes)) | Q(further_passages__in=list(changes))
        prove_again(Wording.objects.filter(printed).distinct())
    elif sender is Wording:
        prove_again(Wording.objects.filter(pk__in=list(changes)))
        statements = set(Wording.objects.filter(pk__in=list(changes)).values_list("statement", flat=True))
    elif sender is Statement:
        statements = {pk for pk, names in changes.items() if names & {*SEARCHED, "translations", "passages"}}
    elif sender is Event:
        for event in Event.objects.filter(pk__in=[pk for pk, names in changes.items() if "date" in names]):
            refresh_days(event)
    for statement in Statement.objects.filter(pk__in=statements):
        statement.refresh_columns()


@receiver(m2m_changed, sender=Wording.further_passages.through)
def refresh_divided_quote(instance: Wording, action: str, reverse: bool, **kwargs: object) -> None:
    """Check again whether a quote is proven when its further passages are others."""
    if action.startswith("post_") and not reverse:
        instance.chosen_passages = None
        prove_again(Wording.objects.filter(pk=instance.pk))
        instance.refresh_from_db(fields=["proven"])


@receiver(post_save, sender=Event)
def refresh_days(instance: Event, **kwargs: object) -> None:
    """Update the day by which statements without a date of their own are sorted: it is that of their event."""
    instance.statements.filter(date="").update(sort_date=Statement.day_from(instance.date) or UNDATED)
