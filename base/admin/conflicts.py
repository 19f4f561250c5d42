"""Two curators at one record: the later of them learns who was quicker, and how to go on."""

from __future__ import annotations

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from simple_history.models import HistoricalChanges
from simple_history.utils import get_history_manager_for_model

from base.records.records import Record
from base.text.moments import moment_in


def latest_change(record: Record) -> HistoricalChanges | None:
    """Return the newest history row of a record or of the names, links and wordings that belong to it; None if none."""
    histories = [(get_history_manager_for_model(record), {"id": record.pk})]
    for relation in record._meta.related_objects:
        history = getattr(relation.related_model, "history", None)
        if relation.one_to_many and history is not None:
            histories.append((history, {f"{relation.field.name}_id": record.pk}))
    newest = [
        history.filter(**condition).select_related("history_user").order_by("-history_date").first()
        for history, condition in histories
    ]
    return max((row for row in newest if row is not None), key=lambda row: row.history_date, default=None)


def conflict_message(record: Record, opened_version: str) -> SafeString:
    """Return what to tell a curator whose form is older than the record. Up to a dozen queries.

    `opened_version` is the value of the form's hidden field: `updated_at` of the record when the form was opened.
    """
    change, when, who = latest_change(record), record.updated_at, None
    opened = moment_in(opened_version)  # None where the hidden field was tampered with
    if change is not None and (opened is None or change.history_date >= opened):
        when, who = change.history_date, change.history_user
    return format_html(
        _(
            "{who} changed this on {when}, after you opened it. Nothing was saved, and what you typed is still here. "
            "Choose below whose values are kept, or "
            '<a href="" target="_blank" rel="noopener">open the saved version beside it</a>.'
        ),
        who=who or _("Somebody"),
        when=date_format(timezone.localtime(when), "DATETIME_FORMAT"),
    )
