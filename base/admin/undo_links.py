"""Links that undo what united or split a record, as long as it stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from base.records.change_sets import ChangeAction, ChangeSet
from base.records.history import versions_of
from base.records.records import Record

MOST_SHOWN = 5


@dataclass(frozen=True)
class ActLink:
    """A merger or a split that stands."""

    act: ChangeSet
    url: str


def undo_address(act: ChangeSet) -> str:
    """Return the address of the page on which a change set is undone."""
    return reverse("admin:change_set", args=[act.pk])


def with_undo(text: str, act: ChangeSet | None) -> str | SafeString:
    """Return a message with the link that undoes what it tells."""
    return text if act is None else format_html('{} <a href="{}">{}</a>', text, undo_address(act), _("Undo"))


def mergers_and_splits(record: Record) -> list[ActLink]:
    """Return what united or split this record last and was not undone. One query, and one more if there is any."""
    acts = (ChangeAction.MERGE, ChangeAction.SPLIT)
    versions = versions_of(type(record))._base_manager.filter(id=record.pk, change_set__action__in=acts)
    keys = list(versions.order_by("-change_set").values_list("change_set", flat=True).distinct()[:MOST_SHOWN])
    if not keys:
        return []
    undone = ChangeSet.objects.filter(reverts=OuterRef("pk"), reverted_by=None)
    standing = ChangeSet.objects.filter(~Exists(undone), pk__in=keys)
    return [ActLink(act, undo_address(act)) for act in standing.order_by("-pk")]
