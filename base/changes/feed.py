"""The change feed: what happened to every public record, as a reader of the API sees it, in one order.

Triggers note the rows that were written (`triggers.py`). Here the records that show those rows are looked at: a record whose
answer is another than the one last told gets a line. So what is told does not depend on who wrote, or how; a draft says
nothing, a statement goes when its speaker is withdrawn, and a statement changes when its speaker is renamed, because its
answer holds that name. Lines are made by one transaction at a time, so their positions are in the order in which they appear.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache

from django.apps import apps
from django.db import connections, router, transaction
from django.db.models import ManyToManyRel, Model, QuerySet
from django.utils import timezone

from base.changes.models import Change, FeedState, KnownRecord, TouchedRow
from base.changes.triggers import TOUCHED
from base.records.kinds import kinds
from base.records.publishing import Publishable
from base.records.records import Record
from base.records.resolution import FormerId
from base.records.successors import successors
from base.sql.replica import settled_until

BATCH = 200
Answers = dict[int, tuple[str, bytes]]  # public id and document, by primary key
AnswersReader = Callable[[type[Record], Iterable[int]], Answers]


class WrongCursor(ValueError):
    """Not a cursor of ours."""


class ExpiredCursor(Exception):
    """A cursor whose place in the feed is not kept any more, or was undone when a backup was restored."""


@cache
def models_by_kind() -> dict[str, type[Record]]:
    """Return the models of all records, by kind, in an order in which few are looked at twice."""
    return {model.kind: model for model in sorted(kinds(), key=lambda model: len(model.public_parents))}


# Cursors -------------------------------------------------------------------------------------------------------------


def cursor_of(position: int) -> str:
    """Return the cursor of a position. The check at its end finds typing errors; it is no secret."""
    digits = f"{position:x}"
    return f"{digits}{hashlib.sha256(digits.encode()).hexdigest()[:4]}"


def position_of(cursor: str) -> int:
    """Return the position of a cursor. Raises WrongCursor."""
    if not (cursor.isascii() and 5 <= len(cursor) <= 20) or cursor[:-4].strip("0123456789abcdef"):
        raise WrongCursor(cursor)
    position = int(cursor[:-4], 16)
    if cursor_of(position) != cursor or position >= 2**63:
        raise WrongCursor(cursor)
    return position


def last_position() -> int:
    """Return the last position that was given. Whatever is read after this call and changes later comes behind it."""
    state = FeedState.objects.filter(pk=1).first()
    return state.last if state else 0


def lines_after(position: int | None) -> QuerySet[Change]:
    """Return the lines behind a position; all, for None. Raises ExpiredCursor. At most three queries with theirs.

    Beside a replica, a line waits until every reader of the replica is given what it tells of.
    """
    state = FeedState.objects.filter(pk=1).first() or _begun()
    last, pruned = state.last, state.pruned
    lines = Change.objects.order_by("position")
    start = position or 0
    if start < pruned:
        raise ExpiredCursor
    if start not in (0, pruned, last) and not lines.filter(position=start).exists():
        raise ExpiredCursor
    lines = lines.filter(position__gt=start)
    settled = settled_until()  # a line is given its position after the record was looked at
    return lines if settled is None else lines.filter(position__lte=int(settled * 1_000_000))


def prune(before: datetime) -> int:
    """Delete the lines older than this; return how many. Whoever stands before them starts again from an export."""
    with transaction.atomic():
        state = _locked()
        old = Change.objects.filter(at__lt=before)
        last = old.order_by("position").last()
        if last is None:
            return 0
        state.pruned = last.position
        state.save()
        return old.filter(position__lte=last.position).delete()[0]


# Looking -------------------------------------------------------------------------------------------------------------


def has_begun() -> bool:
    """Return whether anybody ever asked for the feed. Whoever begins later is told of every record there is. One query."""
    return FeedState.objects.exists()


def is_behind() -> bool:
    """Return whether there are rows that nobody has looked at yet. One query."""
    return TouchedRow.objects.exists()


def catch_up(documents: AnswersReader, most: int | None = None) -> bool:
    """Look at the rows that were written, at most this many batches; return whether all is told."""
    while is_behind():
        if most == 0:
            return False
        look(documents)
        most = None if most is None else most - 1
    return True


def look(documents: AnswersReader) -> None:
    """Look at one batch of rows, in a transaction of its own, and tell what is new.

    `documents` returns the API's answers of the public ones among some records of a kind. What a reader of the feed is then
    given may be newer than the line, never older: the line of the newer state follows.
    """
    with transaction.atomic(using=_alias()):
        feed = _locked()
        touched = list(TouchedRow.objects.order_by("id")[:BATCH])
        TouchedRow.objects.filter(pk__in=[row.pk for row in touched]).delete()
        touched_records: dict[type[Record], set[int]] = defaultdict(set)
        rows: dict[str, set[int]] = defaultdict(set)
        for row in touched:
            if row.row_id is None:
                _touch_all(row.relation)
            else:
                rows[row.relation].add(row.row_id)
        for relation, numbers in rows.items():
            model = _tables()[relation]
            if issubclass(model, Record):
                touched_records[model] |= numbers
                continue
            for name, owner in _owners(model):
                owners = model._base_manager.filter(pk__in=numbers, **{f"{name}__isnull": False})
                touched_records[owner].update(owners.values_list(name, flat=True))
            _touch_dependents(model, numbers)
        lines = _NewLines(feed.last)
        for model in models_by_kind().values():
            if touched_records[model]:
                _look_at(model, sorted(touched_records[model]), documents, lines)
        lines.write(feed)


def handed_out(model: type[Record], given: Answers) -> None:
    """Tell what a reader was just given, if it is not what was last told, once the feed has begun. One query, if it is.

    Somebody may be given a state between two writes that undo each other, before either was looked at. Without this the
    record would look untouched afterwards, and the reader would keep the state between for ever.
    """
    known = KnownRecord.objects.filter(kind=model.kind, record__in=given, public=True)
    told_of = {pk: state for pk, *state in known.values_list("record", "slug", "document")}
    states = {pk: (slug, _digest(document), None) for pk, (slug, document) in given.items()}
    others = {pk: state for pk, state in states.items() if told_of.get(pk) != [*state[:2]]}
    if others:
        with transaction.atomic(using=_alias()):
            feed = _locked()
            lines = _NewLines(feed.last)
            _compare(model, others, {}, lines)
            lines.write(feed)
            # By now it may be another state.
            TouchedRow.objects.bulk_create(TouchedRow(relation=model._meta.db_table, row_id=pk) for pk in others)


class _NewLines:
    """The lines of one transaction. Positions are at least the microseconds since 1970: none comes back after a restore."""

    def __init__(self, last: int) -> None:
        self.last, self.at = last, timezone.now()
        self.lines: list[Change] = []

    def tell(self, action: str, kind: str, slug: str, former: str = "", reason: str = "") -> None:
        """Add a line."""
        self.last = max(self.last + 1, time.time_ns() // 1000)
        columns = {"action": action, "kind": kind, "slug": slug, "former_slug": former, "reason": reason}
        self.lines.append(Change(position=self.last, at=self.at, **columns))

    def write(self, feed: FeedState) -> None:
        """Store the lines, and the last position in the locked state of the feed."""
        Change.objects.bulk_create(self.lines)
        feed.last = self.last
        feed.save()


State = tuple[str, str, str | None]  # public id, digest of the document, digest of the face (None: as it was)


def _look_at(model: type[Record], numbers: list[int], documents: AnswersReader, lines: _NewLines) -> None:
    """Compare some records of a kind, as they are now, with what was last told of them."""
    public = documents(model, numbers)
    columns = [field.attname for field in model._meta.fields if field.name in (*_FACE, *_FATE)]
    rows = model._base_manager.only(*columns).in_bulk(numbers)
    states: dict[int, State | None] = dict.fromkeys(numbers)
    for pk, (slug, document) in public.items():
        if pk in rows:
            states[pk] = (slug, _digest(document), _face(rows[pk]))
    _touch_dependents(model, _compare(model, states, rows, lines))
    not_there = [pk for pk in numbers if pk not in rows]
    KnownRecord.objects.filter(kind=model.kind, record__in=not_there).delete()


def _compare(
    model: type[Record], states: Mapping[int, State | None], rows: Mapping[int, Record], lines: _NewLines
) -> list[int]:
    """Tell what differs from what was last told, and remember it; return those whose face is another.

    `states` has None for what is not public; of these `rows` has what is left.
    """
    kind = model.kind
    known = {row.record: row for row in KnownRecord.objects.filter(kind=kind, record__in=states)}
    slugs = {row.slug for row in known.values()}
    holders: dict[str, set[int]] = defaultdict(set)
    for slug, record in KnownRecord.objects.filter(kind=kind, slug__in=slugs, public=True).values_list(
        "slug", "record"
    ):
        holders[slug].add(record)
    changed_faces = []
    for pk, state in states.items():
        was = known.get(pk) or KnownRecord(kind=kind, record=pk, slug="", public=False, document="", face="")
        holders[was.slug].discard(pk)
        left = was.slug if was.public and not holders[was.slug] else ""  # the address that holds nothing now
        if state is not None:
            slug, document, face = state
            face = was.face if face is None else face
            holders[slug].add(pk)
            if not was.public or (was.slug != slug and not left):
                lines.tell("created", kind, slug)
            elif was.slug != slug:
                lines.tell("renamed", kind, slug, left)
            elif was.document != document:
                lines.tell("changed", kind, slug)
        else:
            slug, document, face = was.slug, "", ""
            if left:
                _tell_departure(rows.get(pk), kind, left, lines)
        if was.face != face:
            changed_faces.append(pk)
        was.slug, was.public, was.document, was.face = slug, state is not None, document, face
        known[pk] = was
    KnownRecord.objects.bulk_create(
        known.values(),
        update_conflicts=True,
        unique_fields=["kind", "record"],
        update_fields=["slug", "public", "document", "face"],
    )
    return changed_faces


def _tell_departure(row: Record | None, kind: str, slug: str, lines: _NewLines) -> None:
    """Tell why an address holds no record any more."""
    if row is None:
        lines.tell("deleted", kind, slug)
        return
    successor = None
    if row.merged_into_id is not None:
        last = successors(type(row), [row.pk])[row.pk]
        successor = type(row).objects.published().filter(pk=last).values_list("slug", flat=True).first()
    if successor is not None:
        lines.tell("merged", kind, successor, slug, row.withdrawn_reason)
    else:
        lines.tell("withdrawn", kind, slug, reason=row.withdrawn_reason)


def _digest(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


# Columns of a record that the answers of others show or are sorted by. None of them is long.
_FACE = ("slug", "name", "name_language", "labels", "sort_key", "date", "date_earliest", "date_latest")

_FATE = ("status", "withdrawn_reason", "merged_into")


def _face(row: Record) -> str:
    """Return the digest of what the answers of other records show of this one."""
    shown = [(name, getattr(row, name)) for name in _FACE if hasattr(row, name)]
    return _digest(repr([(name, sorted(v.items()) if isinstance(v, dict) else v) for name, v in shown]).encode())


# Which record shows which row ----------------------------------------------------------------------------------------


@cache
def _tables() -> dict[str, type[Model]]:
    """Return every model by its table."""
    return {model._meta.db_table: model for model in apps.get_models()}


def _owners(model: type[Model]) -> list[tuple[str, type[Record]]]:
    """Return the foreign keys by which a fact or wording hangs on records, and their models."""
    if not issubclass(model, Publishable) or issubclass(model, Record):
        return []
    ends = [(name, model._meta.get_field(name).related_model) for name in model.public_parents]
    return [(name, end) for name, end in ends if isinstance(end, type) and issubclass(end, Record)]


@cache
def _dependents(model: type[Model]) -> tuple[tuple[str, str, str, str], ...]:
    """Return where rows stand that show rows of `model`: (their table, the table that links, its two columns)."""
    dependents = []
    for relation in model._meta.related_objects:
        other = relation.related_model
        if not getattr(other, "is_content", False) or issubclass(other, FormerId):
            continue
        if isinstance(relation, ManyToManyRel) and relation.through is not None:
            through = relation.through._meta
            ours = next(str(f.column) for f in through.fields if f.related_model is model and f.name != "id")
            theirs = next(str(f.column) for f in through.fields if f.related_model is other)
            dependents.append((other._meta.db_table, through.db_table, theirs, ours))
        elif relation.field.name != "merged_into" and (not issubclass(model, Record) or _is_shown_elsewhere(other)):
            dependents.append(
                (other._meta.db_table, other._meta.db_table, str(other._meta.pk.column), str(relation.field.column))
            )
    return tuple(dependents)


def _is_shown_elsewhere(model: type[Model]) -> bool:
    """Return whether rows that hang on a record are shown by others too; a name, for one, is shown by its own only."""
    return issubclass(model, Record) or len(_owners(model)) != 1 or bool(_dependents(model))


def _touch_dependents(model: type[Model], numbers: Iterable[int]) -> None:
    """Note the rows that show these, unless they are noted already: nobody else takes notes away meanwhile."""
    numbers = sorted(numbers)
    if not numbers:
        return
    marks = ", ".join(["%s"] * len(numbers))
    with connections[_alias()].cursor() as cursor:
        for table, link, theirs, ours in _dependents(model):
            cursor.execute(
                f'INSERT INTO {TOUCHED} (relation, row_id) SELECT DISTINCT %s, l."{theirs}" FROM "{link}" l '
                f'WHERE l."{ours}" IN ({marks}) AND NOT EXISTS '
                f'(SELECT 1 FROM {TOUCHED} t WHERE t.relation = %s AND t.row_id = l."{theirs}")',
                [table, *numbers, table],
            )


def _touch_all(relation: str) -> None:
    """Note every record that may show rows of this table."""
    model = _tables()[relation]
    models = [model] if issubclass(model, Record) else list(models_by_kind().values())
    with connections[_alias()].cursor() as cursor:
        for shown in models:
            table = shown._meta.db_table
            cursor.execute(
                f'INSERT INTO {TOUCHED} (relation, row_id) SELECT %s, number FROM (SELECT id AS number FROM "{table}" '
                f"UNION SELECT record FROM {KnownRecord._meta.db_table} WHERE kind = %s) AS found "
                f"WHERE NOT EXISTS (SELECT 1 FROM {TOUCHED} t WHERE t.relation = %s AND t.row_id = number)",
                [table, shown.kind, table],
            )


def _alias() -> str:
    return router.db_for_write(Change)


def _begun() -> FeedState:
    """Begin the feed: from now on, what is handed out is told."""
    with transaction.atomic(using=_alias()):
        return _locked()


def _locked() -> FeedState:
    """Return the state of the feed, locked until the transaction ends."""
    states = FeedState.objects.using(_alias())
    states.bulk_create([FeedState(pk=1)], ignore_conflicts=True)
    return states.select_for_update().get(pk=1)
