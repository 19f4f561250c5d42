"""Two curators at one record: who was quicker, and how the other goes on."""

from __future__ import annotations

import datetime
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from simple_history.utils import get_history_manager_for_model


def latest_change(record: Model) -> Any:
    """Return the newest history row of a record or of the names, links and wordings that belong to it; None if none."""
    managers = [(get_history_manager_for_model(record), {"id": record.pk})]
    for relation in record._meta.related_objects:
        if relation.one_to_many and hasattr(relation.related_model, "history"):
            managers.append((relation.related_model.history, {f"{relation.field.name}_id": record.pk}))
    newest = [
        m.filter(**condition).select_related("history_user").order_by("-history_date").first()
        for m, condition in managers
    ]
    return max((row for row in newest if row is not None), key=lambda row: row.history_date, default=None)


def conflict_message(record: Any, seen: str) -> SafeString:
    """Return what a curator needs to know whose form is older than the record. Up to a dozen queries."""
    change, when, who = latest_change(record), record.updated_at, None
    if change is not None and change.history_date >= _moment(seen):
        when, who = change.history_date, change.history_user
    return format_html(
        _(
            "{who} changed this on {when}, after you opened it. Nothing was saved, and what you typed is still here. "
            '<a href="" target="_blank" rel="noopener">Open the saved version beside it</a> and compare: '
            "saving again puts your version in its place."
        ),
        who=who or _("Somebody"),
        when=date_format(timezone.localtime(when), "DATETIME_FORMAT"),
    )


def _moment(seen: str) -> datetime.datetime:
    """Return the time a form was opened; the beginning of time where the hidden field was tampered with."""
    try:
        return datetime.datetime.fromisoformat(seen)
    except ValueError:
        return datetime.datetime.min.replace(tzinfo=datetime.UTC)
