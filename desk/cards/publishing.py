"""Publishing what a card made together with what has to be public first: speaker, event, source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from base.admin import ChangeRefused, may, publish
from base.records.provenance import Certainty, Cited, Fact, get_source_model
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.second_person import second_person_problems
from base.records.support import needs_of, rests_on_records
from desk.fields import value_of_record

MOST_ROWS = 50  # names of one record that are looked at

Drafts = dict[tuple[type[Record], int], Record]


class NeedsPublishing(Exception):
    """The row rests on drafts that the curator has not agreed to publish; `records` are these, in the order to publish them."""

    def __init__(self, records: list[Record]) -> None:
        super().__init__()
        self.records = records

    @property
    def sentence(self) -> str:
        """What the curator is told."""
        names = ", ".join(f"{record.singular_label()} “{record}”" for record in self.records)
        return _(
            "Nothing is saved yet, because it would rest on drafts: %(drafts)s. "
            "Press “Save and publish” again to publish these with it."
        ) % {"drafts": names}


def drafts_under(row: Publishable, facts: Sequence[Fact] = ()) -> list[Record]:
    """Return the drafts on which a row and the facts made with it rest, each behind those that it rests on itself.

    Of the facts only the sources count: whom they speak of may stay a draft, and they are seen once it is public. About four
    queries for the row and for each record.
    """
    below: Drafts = {}
    for fact in facts:
        _collect_sources([fact], below)
    _collect(row, below)
    return list(below.values())


def _collect(row: Publishable, below: Drafts) -> None:
    """Add the drafts on which a row rests: sources, its parents, and the sources of the rows that it needs, such as names."""
    if isinstance(row, Cited) and type(row).rests_on_passages:
        _collect_sources([row], below)
    for need in needs_of(type(row)):
        if issubclass(need.model, Fact) and need.model.rests_on_passages:
            rows = need.model._base_manager.filter(**{need.owner: row.pk}).exclude(status=Status.WITHDRAWN)
            rows = rows.exclude(certainty=Certainty.REJECTED).order_by("pk")
            _collect_sources(list(rows[:MOST_ROWS]), below)
    for name, _kind in rests_on_records(type(row)):
        record = cast("Record | None", getattr(row, name))
        if record is not None and record.status == Status.DRAFT and (type(record), record.pk) not in below:
            _collect(record, below)
            below[type(record), record.pk] = record


def _collect_sources(rows: Sequence[Cited], below: Drafts) -> None:
    """Add the drafts of sources that have to be public so that one of these rows of a kind is carried; none if one is already."""
    if not rows:
        return
    source_model, model = get_source_model(), type(rows[0])
    cited = model._base_manager.filter(pk__in=[row.pk for row in rows], passages__isnull=False)
    statuses: dict[int, dict[int, str]] = defaultdict(dict)
    for key, source, status in cited.values_list("pk", "passages__source", "passages__source__status"):
        statuses[key][source] = status
    if len(statuses) < len(rows) and not model.needs_a_passage:
        return  # one of them rests on no passage
    drafts: list[list[int]] = []
    for row in rows:
        of_row = statuses.get(row.pk, {})
        if Status.PUBLISHED in of_row.values() or any((source_model, key) in below for key in of_row):
            return
        drafts.append([key for key, status in of_row.items() if status == Status.DRAFT])
    keys = next(filter(None, drafts), [])
    for source in source_model._base_manager.filter(pk__in=keys).defer("text").order_by("pk"):
        below[type(source), source.pk] = source


def publish_with_needs(
    request: HttpRequest, row: Publishable, facts: Sequence[Fact], agreed: Collection[str], reason: str
) -> None:
    """Publish a row, the facts made with it, and the drafts under them. Runs inside a transaction.

    Facts that the curator may not publish stay drafts.

    `agreed` are the drafts that the curator wants published too, as `value_of_record` writes them. Raises NeedsPublishing if there
    are others, and ChangeRefused if one cannot be published or the curator may not.
    """
    if isinstance(row, Fact) and not _may_publish(request, row):
        return
    facts = [fact for fact in facts if _may_publish(request, fact)]
    needed = drafts_under(row, facts)
    for each in [*needed, row]:
        if each.status != Status.PUBLISHED and not may(request.user, "publish", type(each)):
            raise ChangeRefused([_("“%s” has to be published by an editor; save a draft.") % each])
    if any(value_of_record(draft) not in agreed for draft in needed):
        raise NeedsPublishing(needed)
    source_model = get_source_model()
    sources = [each for each in needed if isinstance(each, source_model)]
    others = [each for each in needed if not isinstance(each, source_model)]
    for each in [*sources, *facts, *others, row]:
        if problems := _publish(request, each, reason):
            if isinstance(each, Record):  # what is said of a name or a link says of which
                problems = [_("“%(row)s”: %(problems)s") % {"row": each, "problems": " ".join(problems)}]
            raise ChangeRefused(problems)


def _may_publish(request: HttpRequest, fact: Fact) -> bool:
    """Whether the curator may publish such facts, and this one alone."""
    return may(request.user, "publish", type(fact)) and not second_person_problems(fact, request.user)


def _publish(request: HttpRequest, row: Publishable, reason: str) -> list[str]:
    """Publish a row, or return why it cannot be. A name or a link that is no draft is left alone."""
    if not isinstance(row, Record) and row.status != Status.DRAFT:
        return []
    return publish(row, reason, request.user)
