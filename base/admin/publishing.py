"""Publishing from lists: every row on its own, with the reasons where it cannot be done."""

from __future__ import annotations

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.admin.guard import problems_of
from base.admin.pages import CurationAdmin
from base.admin.signals import publication_questions
from base.records.change_reasons import PUBLISHED
from base.records.change_sets import ChangeAction, describe_change_set
from base.records.locking import lock_support
from base.records.publishing import Status
from base.records.records import Record


@transaction.atomic
def publish(record: Record, reason: str = "") -> list[str]:
    """Publish a record, or return why it cannot be or what has to be answered first. One that is public already is left alone."""
    if record.status == Status.PUBLISHED:
        return []
    lock_support([record])
    if problems := problems_of(record) or publication_questions(record):
        return problems
    describe_change_set(ChangeAction.PUBLISH, reason)
    record._change_reason = reason or PUBLISHED()
    record.publish()
    return []


@admin.action(permissions=["publish"], description=gettext_lazy("Publish selected rows"))
def publish_selected(modeladmin: CurationAdmin[Record], request: HttpRequest, queryset: QuerySet[Record]) -> None:
    """Publish what is ready, and say what is not and why."""
    modeladmin.apply_to_each(request, queryset, publish, _("%(count)s published."))
