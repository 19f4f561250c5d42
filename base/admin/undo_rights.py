"""Which rights it needs to undo a change set: those that doing it needed."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Model

from base.admin.rights import is_public
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.revert_plan import RevertPlan
from base.sql.prepared import AnyOf

Rights = set[tuple[type[Model], str]]


def rights_to_undo(plan: RevertPlan) -> Rights:
    """Return the rights that undoing needs, by kind of row. Two queries a kind."""
    rights: Rights = set()
    for model, keys in plan.changed_keys().items():
        rights.add((model, "change"))
        if _any_public(model, keys):
            rights.add((model, "publish"))
        for values in plan.columns.get(model, {}).values():
            if issubclass(model, Record) and "status" in values:
                rights.add((model, "publish" if values["status"] == Status.PUBLISHED else "withdraw"))
            if "merged_into_id" in values:
                rights.add((model, "merge"))
    going: dict[type[Publishable], set[int]] = defaultdict(set)
    for change in plan.going:
        going[change.model].add(change.pk)
    for model, keys in going.items():
        public = _any_public(model, keys)
        if issubclass(model, Record) and public:
            rights |= {(model, "publish"), (model, "withdraw")}
        else:
            rights |= {(model, "delete"), *([(model, "publish")] if public else [])}
    for change in plan.coming:
        rights.add((change.model, "add"))
        if getattr(change.before, "status", Status.DRAFT) == Status.PUBLISHED:
            rights.add((change.model, "publish"))
    return rights


def _any_public(model: type[Publishable], keys: set[int]) -> bool:
    """Return whether readers see one of these rows, or, of records, ever saw it."""
    if issubclass(model, Record):
        return model._base_manager.filter(AnyOf("pk", list(keys))).exclude(published_at=None).exists()
    if any(field.name == "status" for field in model._meta.fields):
        return bool(model.objects.published().filter(AnyOf("pk", list(keys))).exists())
    return any(is_public(row) for row in model._base_manager.filter(AnyOf("pk", list(keys)))[:50]) or len(keys) > 50
