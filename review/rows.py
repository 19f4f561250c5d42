"""Submitted rows as pages of curators show them: in words, with what stands in the way and what changed meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.contrib.admin import AdminSite
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language

from base.records.count_labels import count_label
from base.records.locking import RowsByModel
from base.records.names import Name
from base.records.publishing import Publishable
from base.records.records import Record
from base.sql.prepared import AnyOf
from events.models import Statement
from events.titles import title_document, title_of
from review.changes import LaterChange, RowKey

ROWS_SHOWN = 200  # of one kind on a page


@dataclass(frozen=True)
class ReviewRow:
    """A row of a submission."""

    label: str
    url: str  # of its form; empty where the curator may not look at it
    problems: list[str] = field(default_factory=list)
    change: LaterChange | None = None


@dataclass(frozen=True)
class ReviewGroup:
    """The rows of one kind, those first that are not ready."""

    label: str
    rows: list[ReviewRow]
    not_shown: int


def labels_of(site: AdminSite, request: HttpRequest, model: type[Model], keys: Iterable[int]) -> dict[int, str]:
    """Return what the rows with these keys are called, in the reader's language. A query, and two more for statements."""
    if model is Statement:
        language = get_language() or "en"
        statements = Statement._base_manager.filter(AnyOf("pk", list(keys)))
        statements = statements.select_related("speaker", "speaker_organization").prefetch_related("wordings")
        return {row.pk: title_of(title_document(row, language), language) for row in statements}
    model_admin = site._registry.get(model)
    rows: QuerySet[Model] = model._base_manager.all() if model_admin is None else model_admin.get_queryset(request)
    rows = rows.filter(AnyOf("pk", list(keys))).select_related(*_owners(model))
    return {row.pk: f"{row} ({row.owner})" if isinstance(row, Name) else str(row) for row in rows}


def _owners(model: type[Model]) -> tuple[str, ...]:
    """Return the foreign keys that the label of a row needs."""
    return model.public_parents if issubclass(model, Publishable) and not issubclass(model, Record) else ()


def all_labels(site: AdminSite, request: HttpRequest, rows: RowsByModel) -> dict[RowKey, str]:
    """Return what rows are called, by model and key. One query a model, three for statements."""
    return {
        (model, key): label
        for model, keys in rows.items()
        for key, label in labels_of(site, request, model, keys).items()
    }


def review_groups(
    site: AdminSite,
    request: HttpRequest,
    rows: RowsByModel,
    problems: Mapping[RowKey, list[str]],
    changes: Mapping[RowKey, LaterChange],
) -> list[ReviewGroup]:
    """Return the rows by kind: statements first, then the other records, then what hangs on them."""
    groups = []
    for model in sorted(rows, key=kind_order):
        keys = sorted(rows[model], key=lambda key: ((model, key) not in problems, key))  # sorted at once
        shown = keys[:ROWS_SHOWN]
        labels = labels_of(site, request, model, shown)
        model_admin = site._registry.get(model)
        may_look = model_admin is not None and model_admin.has_view_permission(request)
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_change"
        group = [
            ReviewRow(
                labels[key],
                reverse(name, args=[key]) if may_look else "",
                problems.get((model, key), []),
                changes.get((model, key)),
            )
            for key in shown
            if key in labels
        ]
        groups.append(ReviewGroup(str(capfirst(model._meta.verbose_name_plural)), group, len(keys) - len(shown)))
    return groups


def kind_order(model: type[Publishable]) -> tuple[int, int, str]:
    """Return where rows of a model stand among others: statements, the other kinds of record, what hangs on records."""
    if model is Statement:
        return 0, 0, ""
    return (1, model.listings.api, "") if issubclass(model, Record) else (2, 0, model._meta.label)


def counts_in_words(counts: Mapping[type[Publishable], int]) -> str:
    """Return counts of rows by model as a text: “5 statements, 2 people”; statements first."""
    return ", ".join(count_label(model, counts[model]) for model in sorted(counts, key=kind_order))
