"""What undoing a change set does to each row, and what stands in its way. `revert_planning.py` finds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db.models import ForeignKey, Model, Q

from base.records.change_sets import ChangeSet
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.row_changes import LineKey, RowChange, ends_of
from base.sql.prepared import AnyOf

WHOLE = LineKey("", 0)  # of a conflict that stands in the way of the whole change set

Keys = dict[type[Publishable], set[int]]


@dataclass(frozen=True)
class RevertConflict:
    """A line that cannot be undone as it is: what stands in the way, as a sentence. Keeping what is newer leaves the line out."""

    key: LineKey
    text: str
    values: Mapping[str, object] = field(
        default_factory=dict
    )  # that stand in the text; rows are put into words when it is shown

    @property
    def sentence(self) -> str:
        """What a curator reads. One or two queries."""
        return self.text % self.values if self.values else self.text


@dataclass
class RevertPlan:
    """What undoing a change set does. Rows by model and primary key."""

    change_set: ChangeSet
    is_whole: bool = True  # whether every line of the change set is undone
    columns: dict[type[Publishable], dict[int, dict[str, object]]] = field(default_factory=lambda: defaultdict(dict))
    links: dict[type[Publishable], dict[int, dict[str, set[int]]]] = field(default_factory=lambda: defaultdict(dict))
    going: list[RowChange] = field(default_factory=list)  # rows that were made
    coming: list[RowChange] = field(default_factory=list)  # rows that were deleted
    conflicts: list[RevertConflict] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing would be written."""
        return not (self.columns or self.links or self.going or self.coming)

    def without_conflicts(self) -> RevertPlan:
        """Return the same plan without the rows that were made and cannot go as they are: keeping what is newer keeps these."""
        kept = {conflict.key for conflict in self.conflicts}
        return replace(self, going=[change for change in self.going if change.key() not in kept])

    def changed_keys(self) -> dict[type[Publishable], set[int]]:
        """Return the rows that are set back, by model."""
        models = {**self.columns, **self.links}
        return {model: {*self.columns.get(model, ()), *self.links.get(model, ())} for model in models}

    def keys(self) -> Keys:
        """Return all rows that are written, by model."""
        keys: Keys = defaultdict(set, self.changed_keys())
        for change in (*self.going, *self.coming):
            keys[change.model].add(change.pk)
        return dict(keys)

    def withdrawn(self) -> list[RowChange]:
        """Return the records that were made then and were public at any time since: these are not deleted. One query a model."""
        made: Keys = defaultdict(set)
        for change in self.going:
            if issubclass(change.model, Record):
                made[change.model].add(change.pk)
        public: set[tuple[type[Publishable], int]] = set()
        for model, keys in made.items():
            rows: Any = model._base_manager.filter(AnyOf("pk", list(keys)))
            public |= {(model, pk) for pk in rows.exclude(published_at=None).values_list("pk", flat=True)}
        return [change for change in self.going if (change.model, change.pk) in public]

    def deleted(self, withdrawn: Collection[RowChange]) -> list[RowChange]:
        """Return the rows that were made and are deleted: all but the `withdrawn` records and the facts that hang on them."""
        stays = {(change.model, change.pk) for change in withdrawn}
        return [
            change
            for change in self.going
            if (change.model, change.pk) not in stays and not (ends_of(change.model, change.last) & stays)
        ]

    def public_again(self) -> Keys:
        """Return the rows that are not public and would be: their status says so then, and nothing above hides them.

        Rows that are moved to other parents count as well. One query for each model of such rows, and one for each kind of parent.
        """
        rows = {(model, pk): parents for model, pk, parents in self._published_rows()}
        wanted: dict[type[Publishable], set[int]] = defaultdict(set)
        for parents in rows.values():
            for model, pk in parents - rows.keys():
                wanted[model].add(pk)
        public = {
            (model, pk)
            for model, keys in wanted.items()
            for pk in model.objects.published().filter(AnyOf("pk", list(keys))).values_list("pk", flat=True)
        }
        keys: Keys = defaultdict(set)
        for (model, pk), parents in rows.items():
            if parents <= public | rows.keys():
                keys[model].add(pk)
        return dict(keys)

    def _published_rows(self) -> Iterator[tuple[type[Publishable], int, set[tuple[type[Publishable], int]]]]:
        """Yield the rows that are not public today and whose status will say that they are, with their parents then."""
        for model, of_model in self.columns.items():
            parents = {cast(Any, model._meta.get_field(name)).attname for name in model.public_parents}
            published = [pk for pk, values in of_model.items() if values.get("status") == Status.PUBLISHED]
            moved = [pk for pk, values in of_model.items() if "status" not in values and parents & values.keys()]
            if not has_status(model) or not (published or moved):
                continue
            wanted = Q(AnyOf("pk", published)) | Q(AnyOf("pk", moved), status=Status.PUBLISHED)
            public = model.objects.published().filter(AnyOf("pk", [*published, *moved]))
            for row in model._base_manager.filter(wanted).exclude(pk__in=public.values("pk")):
                yield model, row.pk, _parents(model, {**row.__dict__, **of_model[row.pk]})
        for change in self.coming:
            if getattr(change.before, "status", None) == Status.PUBLISHED:
                yield change.model, change.pk, _parents(change.model, change.before.__dict__)


def has_status(model: type[Publishable]) -> bool:
    """Return whether rows of this model have a status of their own; a passage is as public as its source."""
    return any(field.name == "status" for field in model._meta.fields)


def _parents(model: type[Publishable], values: dict[str, Any]) -> set[tuple[type[Publishable], int]]:
    """Return the rows on which it depends whether a row with these values is public, by model and key."""
    columns = [cast("ForeignKey[Model, Model]", model._meta.get_field(name)) for name in model.public_parents]
    return {
        (cast("type[Publishable]", column.related_model), values[column.attname])
        for column in columns
        if values[column.attname] is not None
    }
