"""Which rights it needs to undo a change set: those that doing it needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.utils.translation import gettext as _

from base.admin.rights import is_public, may
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.revert_plan import RevertPlan, has_status
from base.sql.prepared import AnyOf

Rights = set[tuple[type[Model], str]]


def rights_to_undo(plan: RevertPlan) -> Rights:
    """Return the rights that undoing needs, by kind of row. Some five queries a kind."""
    rights: Rights = {(model, "publish") for model in plan.public_again()}
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


@dataclass(frozen=True)
class UserGuard:
    """Refuses what the user has not the right to undo, as rows stand when they are locked, and once they are written."""

    user: AbstractBaseUser | AnonymousUser

    def allows(self, plan: RevertPlan) -> bool:
        """Return whether the user has the rights that it needs to carry a plan out."""
        return all(may(self.user, right, model) for model, right in rights_to_undo(plan))

    def check_plan(self, plan: RevertPlan) -> None:
        """Raise PermissionDenied unless the user has these rights."""
        if not self.allows(plan):
            raise PermissionDenied

    def check_shown(self, models: Collection[type[Publishable]]) -> None:
        """Raise PermissionDenied unless the user may publish rows of these kinds."""
        if not may(self.user, "publish", *models):
            raise PermissionDenied(
                _(
                    "This would be public at once, and you may prepare drafts only. Choose “draft”; an editor publishes it."
                )
            )


def _any_public(model: type[Publishable], keys: set[int]) -> bool:
    """Return whether readers see one of these rows, or, of records, ever saw it."""
    if issubclass(model, Record):
        return model._base_manager.filter(AnyOf("pk", list(keys))).exclude(published_at=None).exists()
    if has_status(model):
        return bool(model.objects.published().filter(AnyOf("pk", list(keys))).exists())
    return any(is_public(row) for row in model._base_manager.filter(AnyOf("pk", list(keys)))[:50]) or len(keys) > 50
