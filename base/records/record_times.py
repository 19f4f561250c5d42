"""The times at which records last changed, taken back with the change set that moved them on."""

from __future__ import annotations

from typing import cast

from django.apps import apps
from django.db.models import Model, OuterRef, Subquery

from base.records.change_sets import ChangeSet, RecordTime
from base.records.records import Record
from base.sql.prepared import AnyOf

Times = dict[type[Model], set[int]]  # primary keys of records by model


def unchanged_since(change_set: ChangeSet) -> Times:
    """Return the records that nobody has changed since a change set gave them a new time. Two queries for each kind."""
    labels = RecordTime.objects.filter(change_set=change_set).values_list("kind", flat=True).distinct()
    times: Times = {}
    for label in labels:
        model = cast("type[Record]", apps.get_model(label))
        noted = dict(RecordTime.objects.filter(change_set=change_set, kind=label).values_list("row", "after"))
        now = model._base_manager.filter(AnyOf("pk", list(noted))).values_list("pk", "updated_at")
        times[model] = {pk for pk, at in now if at == noted[pk]}
    return times


def restore_times(times: Times, reverted: ChangeSet, own: ChangeSet) -> None:
    """Give records the time back that they had before a change set was made, which `own` undoes. Two queries for each kind."""
    for model, of_model in times.items():
        noted = RecordTime.objects.filter(change_set=reverted, kind=model._meta.label)
        before = noted.filter(row=OuterRef("pk")).values("before")
        model._base_manager.filter(AnyOf("pk", list(of_model))).update(updated_at=Subquery(before))
        of_own = RecordTime.objects.filter(AnyOf("row", list(of_model)), change_set=own, kind=model._meta.label)
        of_own.update(after=Subquery(noted.filter(row=OuterRef("row")).values("before")))
