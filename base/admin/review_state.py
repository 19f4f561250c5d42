"""What lists of the admin say of drafts that wait for review, and how they are found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.records.publishing import Publishable, Status
from base.records.submissions import ReviewState, keys_in_review, rows_in_review


class ReviewFilter(admin.SimpleListFilter):
    """Finds the drafts that wait for review."""

    title = gettext_lazy("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        """Return the one choice."""
        return [(ReviewState.WAITING.value, str(ReviewState.WAITING.label))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Model]) -> QuerySet[Model]:
        """Select the rows that wait."""
        if self.value() != ReviewState.WAITING:
            return queryset
        return queryset.filter(pk__in=keys_in_review(queryset.model))


def address_of_submitting(row: Publishable) -> str:
    """Return the address of the page that submits a row."""
    return f"{reverse('admin:review_submit')}?row={row._meta.label_lower}:{row.pk}"


def can_be_submitted(model: type[Model], row: Model | None) -> bool:
    """Return whether a row, or a new one of this model, could be submitted once it is saved. One query at most."""
    if not issubclass(model, Publishable) or not any(each.name == "status" for each in model._meta.fields):
        return False
    if row is None:
        return True
    return cast(Publishable, row).status == Status.DRAFT and not keys_in_review(model, [row.pk]).exists()


def mark_rows_in_review(rows: Iterable[Model]) -> None:
    """Note on the drafts among rows of any kinds which of them wait for review. One query; none without drafts."""
    drafts = [row for row in rows if isinstance(row, Publishable) and row.status == Status.DRAFT]
    waiting = rows_in_review(drafts)
    for row in drafts:
        row.__dict__["is_in_review"] = (row._meta.label, row.pk) in waiting


def status_in_words(row: Publishable) -> str:
    """Return the status of a row, and of a draft that `mark_rows_in_review` marked whether it waits for review."""
    label = str(Status(row.status).label)
    return _("%(status)s, in review") % {"status": label} if row.__dict__.get("is_in_review") else label
