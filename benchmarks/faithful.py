"""Compares generated rows with what the product itself would have stored: no figure is worth anything otherwise."""

from __future__ import annotations

import random
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from directory.models import Initiative, Organization, Passage, Person, Source, Topic
from events.models import Event, Statement, StatementIndexEntry, Wording

SAMPLE = 25


def check(seed: int) -> int:
    """Save a sample of every kind as the product does, and return how many rows stayed as they were.

    Stops with the difference if a column changes, a row is not valid, or a published one could not be published.
    """
    chosen, compared = random.Random(seed), 0
    for model in (Topic, Person, Organization, Initiative, Source, Event, Passage, Statement, Wording):
        last: int = model.objects.order_by("-pk").values_list("pk", flat=True)[0]
        for row in model.objects.filter(pk__in=[chosen.randint(1, last) for _i in range(SAMPLE)]):
            _compare(row)
            if model is Statement:
                _compare_index(row)
            compared += 1
    return compared


def _compare(row: Any) -> None:
    before = _columns(row)
    with transaction.atomic():
        row.full_clean()
        row.save()
        problems = row.publish_problems() if getattr(row, "status", "") == "published" else []
        after = _columns(type(row).objects.get(pk=row.pk))
        transaction.set_rollback(True)
    changed = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    # A statement of a draft speaker is itself published, but nobody sees it.
    hidden = bool(row.hidden_parents())
    if changed or (problems and not hidden):
        raise ValidationError(
            f"{type(row).__name__} {row.pk} is not as the product would have it: {changed} {problems}"
        )


def _compare_index(row: Statement) -> None:
    kept = set(
        StatementIndexEntry.objects.filter(statement=row).values_list("relation", "target", "sort_date", "position")
    )
    due = {
        (number, target, row.sort_date, row.position)
        for number, relation in enumerate(StatementIndexEntry.relations, 1)
        for target in getattr(row, relation).values_list("pk", flat=True)
    }
    if kept != due:
        raise ValidationError(f"Statement {row.pk} is listed under {kept}, but belongs under {due}")


def _columns(row: Any) -> dict[str, Any]:
    """Return the stored values, without the time of saving."""
    names = [field.attname for field in row._meta.concrete_fields if field.name != "updated_at"]
    return {name: getattr(row, name) for name in names}
