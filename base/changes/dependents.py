"""Which records show a row that was written: those it belongs to, and those that show it from elsewhere."""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db.models import ManyToManyRel, Model

from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId


@cache
def models_by_table() -> dict[str, type[Model]]:
    """Return every model by its table."""
    return {model._meta.db_table: model for model in apps.get_models()}


def owners_of(model: type[Model]) -> list[tuple[str, type[Record]]]:
    """Return the foreign keys by which a fact or wording hangs on records, and their models."""
    if not issubclass(model, Publishable) or issubclass(model, Record):
        return []
    ends = [(name, model._meta.get_field(name).related_model) for name in model.public_parents]
    return [(name, end) for name, end in ends if isinstance(end, type) and issubclass(end, Record)]


@cache
def dependents_of(model: type[Model]) -> tuple[tuple[str, str, str, str], ...]:
    """Return where rows stand that show rows of `model`: (their table, the table that links, its two columns)."""
    dependents = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        if not getattr(other, "is_content", False) or issubclass(other, FormerId):
            continue
        if isinstance(relation, ManyToManyRel) and relation.through is not None:
            through = relation.through._meta
            ours = next(str(f.column) for f in through.fields if f.related_model is model and f.name != "id")
            theirs = next(str(f.column) for f in through.fields if f.related_model is other)
            dependents.append((other._meta.db_table, through.db_table, theirs, ours))
        elif relation.field.name != "merged_into" and (not issubclass(model, Record) or _is_shown_elsewhere(other)):
            dependents.append(
                (other._meta.db_table, other._meta.db_table, str(other._meta.pk.column), str(relation.field.column))
            )
    return tuple(dependents)


def _is_shown_elsewhere(model: type[Model]) -> bool:
    """Return whether rows that hang on a record are shown by others too; a name, for one, is shown by its own only."""
    return issubclass(model, Record) or len(owners_of(model)) != 1 or bool(dependents_of(model))
