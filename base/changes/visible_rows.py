"""Which rows the public sees something of, and which of their columns, as SQL for the triggers that note writes.

A write of a row that readers see nothing of, before it and after it, changes no public answer. The conditions err on one side
only: they may hold for a row that nobody sees, which costs a needless download, and never fail for one that somebody sees.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import count
from typing import ClassVar, Protocol, cast

from django.db.models import Field, ForeignKey, Model

from base.records.publishing import Publishable, Status
from base.records.records import Record

ALWAYS = "1 = 1"


class HasPrivateColumns(Protocol):
    """A model of which some columns are shown to nobody, or only where another column says so.

    `private_columns` has the name of each with the name of a boolean column that makes it public; None if none does.
    """

    private_columns: ClassVar[dict[str, str | None]]


def own_condition(model: type[Model], row: str) -> str:
    """Return the condition that nothing in `row` itself (an alias, OLD or NEW) hides it.

    A withdrawn record answers 410 and one that was merged redirects, so a record is hidden only as a draft that was never public.
    Rows without a status, such as former ids and reports, are never hidden.
    """
    if issubclass(model, Record):
        return (
            f"({row}.status <> '{Status.DRAFT}' OR {row}.published_at IS NOT NULL OR {row}.merged_into_id IS NOT NULL)"
        )
    if _has_status(model):
        return f"{row}.status = '{Status.PUBLISHED}'"
    return ALWAYS


def visible_condition(model: type[Model], row: str) -> str:
    """Return the condition that readers may see something of `row`: nothing in it hides it, nor does a row it belongs to."""
    aliases = (f"owner_{number}" for number in count(1))

    def condition(model: type[Model], row: str) -> str:
        return " AND ".join([own_condition(model, row), *(of_owner(key, row) for key in _owners(model))])

    def of_owner(key: ForeignKey[Model, Model], row: str) -> str:
        owner, alias = key.related_model, next(aliases)
        # What belongs to a record is shown only while the record is public, not on the pages that say what became of it.
        shown = f"{alias}.status = '{Status.PUBLISHED}'" if issubclass(owner, Record) else condition(owner, alias)
        exists = (
            f'EXISTS (SELECT 1 FROM "{owner._meta.db_table}" {alias} '
            f'WHERE {alias}."{owner._meta.pk.column}" = {row}."{key.column}" AND {shown})'
        )
        return f'({row}."{key.column}" IS NULL OR {exists})' if key.null else exists

    return condition(model, row)


def public_values(model: type[Model], row: str, columns: Collection[str]) -> str:
    """Return the values of `row` that readers may see, separated by commas; only columns of the table that are in `columns`."""
    private = cast("type[HasPrivateColumns]", model).private_columns if hasattr(model, "private_columns") else {}
    values = []
    for field in model._meta.concrete_fields:
        column = str(field.column)
        if column not in columns or (field.name in private and private[field.name] is None):
            continue
        value = f'{row}."{column}"'
        if shown_by := private.get(field.name):
            flag = cast("Field[bool, bool]", model._meta.get_field(shown_by)).column
            value = f'CASE WHEN {row}."{flag}" THEN {value} END'
        values.append(value)
    return ", ".join(values)


def _has_status(model: type[Model]) -> bool:
    return issubclass(model, Publishable) and any(field.name == "status" for field in model._meta.concrete_fields)


def _owners(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    """Return the foreign keys to the rows that a row belongs to; a record stands for itself."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    if model._meta.auto_created:
        return keys
    if issubclass(model, Publishable) and not issubclass(model, Record):
        return [key for key in keys if key.name in model.public_parents]
    return []
