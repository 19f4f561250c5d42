"""Publishing what a card made together with what has to be public first: speaker, event, source."""

from __future__ import annotations

from collections.abc import Collection

from django.http import HttpRequest
from django.utils.translation import gettext as _

from base.admin import ChangeRefused, may, publish
from base.records.provenance import Cited, get_source_model
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import rests_on_records
from desk.fields import value_of_record


class NeedsPublishing(Exception):
    """The row rests on drafts that the curator has not agreed to publish; `records` are these, in the order to publish them."""

    def __init__(self, records: list[Record]) -> None:
        super().__init__()
        self.records = records


def drafts_under(row: Publishable) -> list[Record]:
    """Return the records on which a row rests and that are drafts, each behind those that it rests on itself.

    About three queries for the row and for each record.
    """
    below: dict[tuple[type[Record], int], Record] = {}
    _collect(row, below)
    return list(below.values())


def _collect(row: Publishable, below: dict[tuple[type[Record], int], Record]) -> None:
    under: list[Record] = []
    if isinstance(row, Cited):
        sources = get_source_model()._base_manager.filter(pk__in=row.passages.values("source"))
        under += sources.defer("text")
    under += [parent for name, _kind in rests_on_records(type(row)) if (parent := getattr(row, name)) is not None]
    for record in under:
        if record.status == Status.DRAFT and (type(record), record.pk) not in below:
            _collect(record, below)
            below[type(record), record.pk] = record


def publish_with_needs(request: HttpRequest, record: Record, agreed: Collection[str], reason: str) -> None:
    """Publish a record and the drafts under it. Runs inside a transaction.

    `agreed` are the drafts that the curator wants published too, as `value_of_record` writes them. Raises NeedsPublishing if there
    are others, and ChangeRefused if one cannot be published or the curator may not.
    """
    needed = drafts_under(record)
    if any(value_of_record(draft) not in agreed for draft in needed):
        raise NeedsPublishing(needed)
    for each in [*needed, record]:
        if not may(request.user, "publish", type(each)):
            raise ChangeRefused([_("“%s” has to be published by an editor; save a draft.") % each])
        if problems := publish(each, reason, request.user):
            raise ChangeRefused([_("“%(row)s”: %(problems)s") % {"row": each, "problems": " ".join(problems)}])
