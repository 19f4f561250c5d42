"""What is stored of a batch: the rows of every table, with the columns that follow from others and the history.

Every statement, wording and passage that is made gets the line of history that saving it by hand would leave: without it the
first correction would overwrite what was imported, and nobody could read it or go back.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from base.changes.triggers import noted_already
from base.records.publishing import Status
from base.sql.bulk import Packed, Table, reserve
from base.text.names import random_keys
from base.text.search_column import search_column
from directory.models import Passage
from events.models import Statement, Wording

from .validate import VERBATIM, Draft
from .resolve import Place, Settled

HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id")
REASON_LENGTH = 100
StatementVersion = Statement.history.model  # asking for it takes longer than making a row
STATEMENT = (
    *("id", "slug", "status", "withdrawn_reason", "merged_into_id", "published_at", "created_at", "updated_at"),
    *("statement_kind", "speaker_id", "speaker_organization_id", "speaker_label", "role_at_time", "on_behalf_of_id"),
    *("attribution", "attribution_text", "event_id", "date", "certainty", "note"),
)
PASSAGE = ("id", "source_id", "uid", "paragraph", "start", "end", "sha256")
WORDING = ("id", "uid", "statement_id", "status", "language", "nature", "text", "passage_id", "by")
Numbers = dict[Any, Sequence[int]]  # primary keys for a batch, by model
LINKS = ("passages", "initiatives", "topics", "about_people", "about_organizations")


class Tables:
    """The tables that an import fills. Statements come first: writing them notes them for the change feed."""

    def __init__(self) -> None:
        self.statement = Table(Statement, *STATEMENT, "sort_date", "position", "search")
        self.statement_told = Table(StatementVersion, *STATEMENT, *HISTORY, "history_id")
        self.passage = Table(Passage, *PASSAGE, "check_state")
        self.passage_told = Table(Passage.history.model, *PASSAGE, *HISTORY)
        self.wording = Table(Wording, *WORDING, "proven")
        self.wording_told = Table(Wording.history.model, *WORDING, *HISTORY)
        self.links = [Link(name) for name in LINKS]

    def order(self) -> list[Table]:
        """Return all tables in the order in which they are written."""
        plain = [self.statement, self.statement_told, self.passage, self.passage_told, self.wording, self.wording_told]
        return plain + [table for link in self.links for table in (link.table, link.told)]


class Link:
    """The table of one many-to-many relation of statements, and that of its history."""

    def __init__(self, name: str) -> None:
        field: Any = Statement._meta.get_field(name)
        self.name = name
        self.through = field.remote_field.through
        ends = ("id", "statement_id", self.through._meta.get_field(field.m2m_reverse_field_name()).column)
        self.table = Table(self.through, *ends)
        self.told = Table(getattr(StatementVersion, name).model, *ends, "history_id")


class Writer:
    """Turns settled batches into rows, and writes them. `file` is named in the history, `user` is who imports."""

    def __init__(self, *, file: str, user: int | None, publish: bool) -> None:
        self.tables = Tables()
        self.file, self.user, self.publish = file, user, publish

    def numbers(self, drafts: list[Draft]) -> Numbers:
        """Reserve primary keys for a batch, as many as it needs at most."""
        counts: dict[Any, int] = {
            Statement: len(drafts),
            StatementVersion: len(drafts),
            Wording: sum(len(draft.texts) for draft in drafts),
        }
        for link in self.tables.links:
            counts[link.through] = sum(linked(draft, link.name) for draft in drafts)
        return reserve(counts)

    def pack(self, settled: Settled, numbers: Numbers) -> list[tuple[Table, Packed]]:
        """Return the rows of a batch, table by table, as the database takes them. Asks the database nothing."""
        now = str(connection.ops.adapt_datetimefield_value(datetime.datetime.now(datetime.UTC)))
        tables, free = self.tables, {model: iter(keys) for model, keys in numbers.items()}
        rows: dict[Table, list[tuple[Any, ...]]] = {table: [] for table in tables.order()}
        for place in settled.made:
            passage = (*place[:2], uid_of(place), *place[3:7])
            rows[tables.passage].append((*passage, place.check))
            rows[tables.passage_told].append((*passage, now, self.reason(place.line), "+", self.user))
        uids = iter(random_keys(sum(len(draft.texts) for draft in settled.drafts), 12))
        published = Status.PUBLISHED.value
        status = published if self.publish else Status.DRAFT.value
        for draft in settled.drafts:
            key, version = next(free[Statement]), next(free[StatementVersion])
            told = (now, self.reason(draft.line), "+", self.user)
            statement = (
                *(key, draft.slug, status, "", None, now if self.publish else None, now, now),
                *(draft.kind, draft.speaker, draft.organization, draft.label, draft.role, draft.behalf),
                *(draft.attribution, draft.attribution_text, draft.event, draft.date, draft.certainty, draft.note),
            )
            # A draft is found by its labels alone; a column has the texts in the order of their identities.
            texts = [text.text for text in draft.texts] if self.publish else []
            search = search_column([draft.label, draft.attribution_text, *texts])
            rows[tables.statement].append((*statement, draft.day, draft.position, search))
            rows[tables.statement_told].append((*statement, *told, version))
            identities = sorted([next(uids) for _text in draft.texts])
            for text, printed, uid in zip(draft.texts, draft.printed, identities, strict=True):
                known = (next(free[Wording]), uid, key, published)
                wording = (*known, text.language, text.nature, text.text, printed, text.by)
                rows[tables.wording].append((*wording, text.nature == VERBATIM))
                rows[tables.wording_told].append((*wording, *told))
            for link in tables.links:
                for other in getattr(draft, link.name):
                    ends = (next(free[link.through]), key, other)
                    rows[link.table].append(ends)
                    rows[link.told].append((*ends, version))
        return [(table, table.pack(rows.pop(table))) for table in tables.order()]

    def write(self, packed: list[tuple[Table, Packed]]) -> None:
        """Write a batch, whole or not at all. It is empty afterwards: the next one is being made in its place."""
        packed.reverse()
        with transaction.atomic():
            table, rows = packed.pop()
            table.write(rows)
            with noted_already():
                while packed:
                    table, rows = packed.pop()
                    table.write(rows)

    def reason(self, line: int) -> str:
        """Return what the history says."""
        end = f", line {line}"
        return f"Imported from {self.file}"[: REASON_LENGTH - len(end)] + end


def linked(draft: Draft, name: str) -> int:
    """Return at most how many rows a relation of a statement will have."""
    return len(draft.citations) if name == "passages" else len(getattr(draft, name))


def uid_of(place: Place) -> str:
    """Return the identity of a new passage, as saving it would make it."""
    return f"{place.slug}.p{place.paragraph}.{place.start}-{place.end}"
