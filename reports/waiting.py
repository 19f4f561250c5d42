"""The reports that wait for an answer, for the first page of curators and the header of every page of theirs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import QuerySet
from django.utils.translation import get_language

from base.records.kinds import kinds
from base.records.records import Record
from base.text.languages import name_in
from directory.models import Source
from events.models import Statement
from reports.models import Report, State

MOST_SHOWN = 5


def may_see_reports(user: User | AnonymousUser) -> bool:
    """Return whether somebody may look at reports."""
    return user.has_perm("reports.view_report")


def open_reports() -> QuerySet[Report]:
    """Return the reports that are open, those that were sent last first."""
    return Report.objects.filter(state=State.OPEN)


@dataclass(frozen=True)
class OpenReport:
    """A report in a list, with what it is about."""

    report: Report
    subject: (
        str  # the kind of the record and its name, of a statement who spoke; the address of a record that is not there
    )


def newest_open_reports(user: User) -> list[OpenReport] | None:
    """Return the reports that were sent last and are open; None if the user may not see reports.

    One query, and one for each kind of record that they are about.
    """
    if not may_see_reports(user):
        return None
    reports = list(open_reports()[:MOST_SHOWN])
    ids: dict[str, set[str]] = defaultdict(set)
    for report in reports:
        ids[report.record_kind].add(report.record_id)
    subjects: dict[tuple[str, str], str] = {}
    for model in kinds():
        if slugs := ids.get(model.kind):
            rows: QuerySet[Any] = model._base_manager.filter(slug__in=slugs)
            if model is Statement:
                rows = rows.select_related("speaker", "speaker_organization")
            elif model is Source:
                rows = rows.defer("text", "paragraphs")
            subjects |= {(model.kind, row.slug): f"{model.singular_label()}: {name_of_subject(row)}" for row in rows}
    return [OpenReport(each, subjects.get((each.record_kind, each.record_id), each.record_path)) for each in reports]


def name_of_subject(record: Record) -> str:
    """Return what curators call a record that a report is about: of a statement who spoke, not its id."""
    if isinstance(record, Statement):
        return record.speaker_name or str(record)
    return name_in(record, get_language() or "")[0]
