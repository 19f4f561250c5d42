"""Writes a batch: the rows of every table, with the columns that are computed from others, and the history.

Every new statement, wording and passage gets the line of history that saving it in the admin would leave. Without it, the first
correction would overwrite what was imported, and nobody could read that or restore it.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import orjson
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import ManyToManyField
from django.utils.translation import gettext_noop

from base.changes.triggers import noted_already
from base.records.change_reasons import ChangeReason
from base.records.change_sets import ChangeAction, ChangeSet
from base.records.publishing import Status
from base.sql.bulk import BulkRow, BulkTable, ModelClass, Packed, Value, reserve
from base.text.names import random_keys
from base.text.search_column import search_column
from directory.models import Passage
from events.models import Statement, Wording
from events.models.segments import JOINER
from events.models.statements import SEARCHED, searched_labels
from events.statement_fields import PLAIN_FIELDS

from .format import VERBATIM
from .resolve import CitedPassage, ResolvedBatch
from .statement import NewStatement

HISTORY = ("history_date", "history_change_reason", "history_type", "history_user_id", "change_set_id")
IMPORTED = ChangeReason(gettext_noop("Imported from %(file)s, line %(line)s"))
LONGEST_FILE_NAME = 60  # characters of it in a reason, so that the line has room
# Looked up once: the attribute takes longer than making a row.
StatementVersion, WordingVersion = Statement.history.model, Wording.history.model
STATEMENT = (
    *("id", "slug", "status", "withdrawn_reason", "merged_into_id", "published_at", "created_at", "updated_at"),
    *("speaker_id", "speaker_organization_id", "on_behalf_of_id", "event_id"),
    *(field.column for field in PLAIN_FIELDS),
    *("text_language", "translations"),
)
PASSAGE = ("id", "source_id", "uid", "paragraph", "start", "end", "sha256")
WORDING = ("id", "uid", "statement_id", "status", "language", "nature", "text", "passage_id", "by")
LINKS = ("passages", "initiatives", "topics", "about_people", "about_organizations")
ADVICE = (
    "The import has to know every column: name a plain field of a statement in PLAIN_FIELDS of events/statement_fields.py, "
    "any other column in events/importing/load.py, and give it a value there."
)
KeysByModel = dict[ModelClass, Sequence[int]]  # primary keys for a batch, by model
PackedTables = list[tuple[BulkTable, Packed]]


class ImportTables:
    """The tables that an import fills. Raises ImproperlyConfigured if one has a column that the import does not know.

    Statements come first, since writing them enters them in the change feed.
    """

    def __init__(self) -> None:
        self.statement = BulkTable(Statement, (*STATEMENT, "sort_date", "position", "search"), ADVICE)
        self.statement_history = BulkTable(StatementVersion, (*STATEMENT, *HISTORY, "history_id"), ADVICE)
        self.passage = BulkTable(Passage, (*PASSAGE, "check_state"), ADVICE)
        self.passage_history = BulkTable(Passage.history.model, (*PASSAGE, *HISTORY), ADVICE)
        self.wording = BulkTable(Wording, (*WORDING, "proven"), ADVICE)
        self.wording_history = BulkTable(WordingVersion, (*WORDING, *HISTORY, "history_id"), ADVICE)
        unknown = {field.name for field in Statement._meta.many_to_many} - set(LINKS)
        if unknown:
            names = ", ".join(sorted(unknown))
            raise ImproperlyConfigured(f"Statement has links that nobody fills: {names}. {ADVICE}")
        self.links = [LinkTables(Statement, name) for name in LINKS]
        self.further_passages = LinkTables(Wording, "further_passages")

    def in_order(self) -> list[BulkTable]:
        """Return all tables in the order in which they are written."""
        return [
            self.statement,
            self.statement_history,
            self.passage,
            self.passage_history,
            self.wording,
            self.wording_history,
            *(table for link in [self.further_passages, *self.links] for table in (link.table, link.history)),
        ]


class LinkTables:
    """The table of one many-to-many relation of a model with a history, and that of its versions."""

    def __init__(self, model: type[Statement] | type[Wording], name: str) -> None:
        field = model._meta.get_field(name)
        assert isinstance(field, ManyToManyField)
        self.name = name
        assert field.remote_field.through is not None
        self.through: ModelClass = field.remote_field.through
        self.target: str = field.m2m_reverse_name()
        self.owner: str = f"{field.m2m_field_name()}_id"
        columns = ("id", self.owner, self.target)
        self.table = BulkTable(self.through, columns)
        self.history = BulkTable(getattr(model.history.model, name).model, (*columns, "history_id"))


class StatementLoader:
    """Turns resolved batches into rows, and writes them. `file` is named in the history, `user` is who imports."""

    def __init__(self, *, file: str, user: int | None, publish: bool) -> None:
        self.tables = ImportTables()
        self.file, self.user, self.publish = file, user, publish
        self.change_set: ChangeSet | None = None  # of all batches; made with the first

    def reserve_keys(self, statements: list[NewStatement]) -> KeysByModel:
        """Reserve primary keys for a batch, as many as it needs at most, and make the change set that all batches belong to."""
        if self.change_set is None and statements:
            self.change_set = ChangeSet.objects.create(user_id=self.user, action=ChangeAction.IMPORT)
        wordings = sum(len(statement.wordings) for statement in statements)
        counts: dict[ModelClass, int] = {
            Statement: len(statements),
            StatementVersion: len(statements),
            Wording: wordings,
            WordingVersion: wordings,
            self.tables.further_passages.through: sum(map(most_further_passages, statements)),
        }
        for link in self.tables.links:
            counts[link.through] = sum(most_links(statement, link.name) for statement in statements)
        return reserve(counts)

    def pack(self, batch: ResolvedBatch, keys: KeysByModel) -> PackedTables:
        """Return the rows of a batch, table by table, as the database takes them. No queries."""
        rows = _BatchRows(self, keys)
        for passage in batch.new_passages:
            rows.add_passage(passage)
        uids = iter(random_keys(sum(len(statement.wordings) for statement in batch.statements), 12))
        for statement in batch.statements:
            # A page shows the wordings in the order of their identities, and so does the column that is searched.
            rows.add_statement(statement, sorted([next(uids) for _wording in statement.wordings]))
        return [(table, table.pack(rows.by_table.pop(table))) for table in self.tables.in_order()]

    def write(self, packed: PackedTables) -> None:
        """Write a batch in one transaction, and empty it to free its memory: the next one is being made meanwhile."""
        packed.reverse()
        with transaction.atomic():
            table, rows = packed.pop()
            table.write(rows)
            with noted_already():
                while packed:
                    table, rows = packed.pop()
                    table.write(rows)

    def forget_empty_change_set(self) -> None:
        """Delete the change set of an import that wrote nothing."""
        if self.change_set is not None:
            self.change_set.delete()

    def reason(self, line: int) -> str:
        """Return the reason that the history gives for a row from this line."""
        return IMPORTED({"file": self.file[:LONGEST_FILE_NAME], "line": line})


class _BatchRows:
    """The rows of a batch by table. Values are given by column; each table takes those of its own columns."""

    def __init__(self, loader: StatementLoader, keys: KeysByModel) -> None:
        self.loader, self.tables = loader, loader.tables
        self.keys = {model: iter(numbers) for model, numbers in keys.items()}
        self.by_table: dict[BulkTable, list[BulkRow]] = {table: [] for table in self.tables.in_order()}
        self.now = str(connection.ops.adapt_datetimefield_value(datetime.datetime.now(datetime.UTC)))

    def add(self, table: BulkTable, history: BulkTable, values: dict[str, Value]) -> None:
        """Add a row to a table and to that of its history."""
        self.by_table[table].append(table.row(values))
        self.by_table[history].append(history.row(values))

    def version(self, line: int) -> dict[str, Value]:
        """Return the columns that every line of history has."""
        return {
            "history_date": self.now,
            "history_change_reason": self.loader.reason(line),
            "history_type": "+",
            "history_user_id": self.loader.user,
            "change_set_id": self.loader.change_set.pk if self.loader.change_set else None,
        }

    def add_passage(self, passage: CitedPassage) -> None:
        """Add a new passage."""
        values: dict[str, Value] = {
            "id": passage.id,
            "source_id": passage.source_id,
            "uid": passage_uid(passage),
            "paragraph": passage.paragraph,
            "start": passage.start,
            "end": passage.end,
            "sha256": passage.sha256,
            "check_state": passage.check_state,
            **self.version(passage.line),
        }
        self.add(self.tables.passage, self.tables.passage_history, values)

    def add_statement(self, statement: NewStatement, uids: list[str]) -> None:
        """Add a statement with its wordings, which get these identities, and its links."""
        publish, plain, now = self.loader.publish, statement.plain, self.now
        key, history_id = next(self.keys[Statement]), next(self.keys[StatementVersion])
        version = self.version(statement.line)
        # A draft is found by its labels alone.
        translations = orjson.loads(statement.translated["translations"])
        labels = searched_labels([plain[name] for name in SEARCHED], translations)
        texts = [wording.text for wording in statement.wordings] if publish else []
        values: dict[str, Value] = {
            "id": key,
            "slug": statement.slug,
            "status": (Status.PUBLISHED if publish else Status.DRAFT).value,
            "withdrawn_reason": "",
            "merged_into_id": None,
            "published_at": now if publish else None,
            "created_at": now,
            "updated_at": now,
            "speaker_id": statement.speaker,
            "speaker_organization_id": statement.speaker_organization,
            "on_behalf_of_id": statement.on_behalf_of,
            "event_id": statement.event,
            **plain,
            **statement.translated,
            "sort_date": statement.sort_date,
            "position": statement.position,
            "search": search_column([*labels, *texts]),
            **version,
            "history_id": history_id,
        }
        self.add(self.tables.statement, self.tables.statement_history, values)
        for wording, passages, uid in zip(statement.wordings, statement.printed_in, uids, strict=True):
            wording_key, wording_version = next(self.keys[Wording]), next(self.keys[WordingVersion])
            values = {
                "id": wording_key,
                "uid": uid,
                "statement_id": key,
                "status": Status.PUBLISHED.value,
                "language": wording.language,
                "nature": wording.nature,
                "text": wording.text,
                "passage_id": passages[0] if passages else None,
                "by": wording.by,
                "proven": wording.nature == VERBATIM,
                **version,
                "history_id": wording_version,
            }
            self.add(self.tables.wording, self.tables.wording_history, values)
            self.add_links(self.tables.further_passages, passages[1:], wording_key, wording_version)
        for link in self.tables.links:
            self.add_links(link, getattr(statement, link.name), key, history_id)

    def add_links(self, link: LinkTables, targets: Sequence[int], owner: int, history_id: int) -> None:
        """Add the links of a row with other rows, and those of its version."""
        for target in targets:
            values: dict[str, Value] = {
                "id": next(self.keys[link.through]),
                link.owner: owner,
                link.target: target,
                "history_id": history_id,
            }
            self.add(link.table, link.history, values)


def most_links(statement: NewStatement, name: str) -> int:
    """Return at most how many rows a relation of a statement will have."""
    return len(statement.cited) if name == "passages" else len(getattr(statement, name))


def most_further_passages(statement: NewStatement) -> int:
    """Return at most how many passages its quotes have, beside the first of each."""
    quotes = sum(wording.nature == VERBATIM and JOINER in wording.text for wording in statement.wordings)
    return quotes * len(statement.cited)


def passage_uid(passage: CitedPassage) -> str:
    """Return the identity of a new passage, as saving it would make it."""
    return f"{passage.source_slug}.p{passage.paragraph}.{passage.start}-{passage.end}"
