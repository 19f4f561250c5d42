"""What happened to submitted rows meanwhile: nobody publishes what changed since they looked, or since it was submitted, unseen."""

from __future__ import annotations

import datetime
import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.records.locking import RowsByModel
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.second_person import histories_shown_with
from base.sql.prepared import AnyOf

MOST_CHANGES = 500  # that are looked at, the newest

RowKey = tuple[type[Publishable], int]


@dataclass(frozen=True)
class LaterChange:
    """The newest change of a row, or of a name, link or wording that belongs to it, since it was submitted."""

    at: datetime.datetime
    who: str
    what: str  # the kind of the row that was changed


def _histories(model: type[Publishable]) -> Iterator[tuple[Any, str, str]]:
    """Yield the histories of a model and of what is shown with its rows: the history, the column of the row, the kind in words."""
    yield model.history, "id", str(capfirst(model._meta.verbose_name))  # type: ignore[attr-defined]
    if issubclass(model, Record):
        for history, owner in histories_shown_with(model):
            yield history, owner, str(capfirst(history.model.instance_type._meta.verbose_name))


def version_digests(rows: RowsByModel) -> dict[RowKey, str]:
    """Return for each row what is another text after every change of it or of what is shown with it. About ten queries a model."""
    written: dict[RowKey, list[tuple[str, int]]] = defaultdict(list)
    for model, keys in rows.items():
        for history, owner, _kind in _histories(model):
            newest = history.filter(AnyOf(owner, list(keys))).order_by().values_list(owner).annotate(Max("history_id"))
            for key, last in newest:
                written[model, key].append((history.model._meta.label, last))
    return {
        (model, key): hashlib.sha256(repr(sorted(written[model, key])).encode()).hexdigest()[:16]
        for model, keys in rows.items()
        for key in keys
    }


def digest_of_versions(versions: dict[RowKey, str]) -> str:
    """Return one text for the versions of all rows of a submission, which a form carries."""
    lines = sorted((model._meta.label, key, version) for (model, key), version in versions.items())
    return hashlib.sha256(repr(lines).encode()).hexdigest()[:16]


def changes_since(rows: RowsByModel, moment: datetime.datetime) -> dict[RowKey, LaterChange]:
    """Return the newest change of each row that was changed after a moment. About ten queries a model."""
    changes: dict[RowKey, LaterChange] = {}
    for model, keys in rows.items():
        for history, owner, kind in _histories(model):
            later = history.filter(AnyOf(owner, list(keys)), history_date__gt=moment).order_by("-history_date")
            columns = (owner, "history_date", "history_user__first_name", "history_user__username")
            for key, at, name, account in later.values_list(*columns)[:MOST_CHANGES]:
                if (model, key) not in changes or changes[model, key].at < at:
                    changes[model, key] = LaterChange(at, name or account or _("The site"), kind)
    return changes
