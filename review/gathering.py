"""What is submitted together: the drafts made of an article, or a draft with the drafts without which it could not be published."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Model

from base.records.names import Name
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import Citations, cited_models, publishable_models, rests_on_records
from base.sql.prepared import AnyOf
from directory.models import Passage, Source
from events.models import Wording

MOST_ROWS = 1000  # of one submission

DraftRows = dict[type[Publishable], set[int]]  # primary keys by model


def drafts_to_submit(row: Publishable) -> DraftRows:
    """Return the drafts to submit with a row: of a source all that was made of it, of any other what belongs to it.

    Some dozen queries for each step from row to row.
    """
    roots: DraftRows = defaultdict(set)
    if row.status == Status.DRAFT:
        roots[type(row)].add(row.pk)
    if isinstance(row, Source):
        for model, keys in _made_of(row):
            roots[model] |= keys
    return _Gathering(roots, row).rows


def _made_of(source: Source) -> Iterable[tuple[type[Publishable], set[int]]]:
    """Yield the drafts that cite a source or print its words, and the drafts whose names and links cite it.

    A name of a draft is no draft itself: it is seen once the record is.
    """
    passages = Passage._base_manager.filter(source=source).values("pk")
    for model in cited_models():
        citations = Citations.by(model)
        citing = citations.rows.filter(**{f"{citations.passage}__in": passages}).values(citations.of)
        drafts = model._base_manager.filter(pk__in=citing, status=Status.DRAFT)
        yield model, set(drafts.values_list("pk", flat=True))
        for name, kind in rests_on_records(model):
            owners = model._base_manager.filter(pk__in=citing, **{f"{name}__status": Status.DRAFT})
            yield kind, set(owners.exclude(status=Status.WITHDRAWN).values_list(name, flat=True))
    printed = Wording._base_manager.filter(passage__in=passages, status=Status.DRAFT)
    yield Wording, set(printed.values_list("pk", flat=True))


class _Gathering:
    """Follows from draft to draft: to what each rests on, to what it mentions, and to its names, wordings and links."""

    def __init__(self, roots: DraftRows, about: Publishable) -> None:
        self.rows: DraftRows = {}
        self.waiting: list[tuple[type[Publishable], set[int]]] = []
        self.own: DraftRows = defaultdict(set)  # records whose facts go with them
        if isinstance(about, Record):
            self.own[type(about)].add(about.pk)
        for model, keys in roots.items():
            self.add(model, keys)
        while self.waiting or self.add_facts():
            while self.waiting:
                model, keys = self.waiting.pop()
                self.add_support(model, keys)
                self.add_mentions(model, keys)

    def add(self, model: type[Publishable], keys: Iterable[Any]) -> None:
        """Add drafts."""
        new = set(keys) - {None} - self.rows.get(model, set())
        if new:
            self.rows.setdefault(model, set()).update(new)
            self.waiting.append((model, new))
            if issubclass(model, Record):
                self.own[model] |= new

    def add_support(self, model: type[Publishable], keys: set[int]) -> None:
        """Add the drafts on which these rows rest: who spoke, where, in which source."""
        rows = model._base_manager.filter(AnyOf("pk", list(keys)))
        for name, kind in rests_on_records(model):
            self.add(kind, rows.filter(**{f"{name}__status": Status.DRAFT}).values_list(name, flat=True))
        drafts = Passage._base_manager.filter(source__status=Status.DRAFT)
        if model in cited_models():
            citations = Citations.by(model)
            cited = citations.rows.filter(AnyOf(citations.of, list(keys)), **{f"{citations.passage}__in": drafts})
            self.add(Source, cited.values_list(f"{citations.passage}__source", flat=True))
        for name in model.public_parents:
            if model._meta.get_field(name).related_model is Passage:
                self.add(Source, rows.filter(**{f"{name}__in": drafts}).values_list(f"{name}__source", flat=True))

    def add_mentions(self, model: type[Publishable], keys: set[int]) -> None:
        """Add the drafts that these rows mention: the topics of a statement."""
        for many in model._meta.many_to_many:
            if issubclass(many.related_model, Record):
                through: type[Model] = many.remote_field.through  # type: ignore[assignment]
                target = many.m2m_reverse_field_name()
                links = through._base_manager.filter(AnyOf(many.m2m_field_name(), list(keys)))
                self.add(
                    many.related_model,
                    links.filter(**{f"{target}__status": Status.DRAFT}).values_list(target, flat=True),
                )

    def add_facts(self) -> bool:
        """Add the draft names, wordings and links of the records; a link only if nothing at its ends stays a draft."""
        before = sum(map(len, self.rows.values()))
        for model in publishable_models():
            ends = rests_on_records(model)
            if issubclass(model, Record) or model is Passage or not ends:
                continue
            for name, kind in ends:
                if keys := self.own.get(kind):
                    drafts = model._base_manager.filter(AnyOf(name, list(keys)), status=Status.DRAFT)
                    self.add(model, [key for key in self._complete(model, drafts) if key is not None])
        return sum(map(len, self.rows.values())) > before

    def _complete(self, model: type[Publishable], drafts: Any) -> Iterable[int]:
        """Return the keys of those of these rows at whose ends there are only public records and drafts that are gathered."""
        if issubclass(model, Name | Wording):
            return set(drafts.values_list("pk", flat=True))
        ends = [(name, kind) for name, kind in rests_on_records(model)]
        columns = [column for name, _kind in ends for column in (f"{name}_id", f"{name}__status")]
        complete = set()
        for key, *values in drafts.values_list("pk", *columns):
            pairs = zip(ends, zip(values[::2], values[1::2], strict=True), strict=True)
            if all(status != Status.DRAFT or end in self.rows.get(kind, ()) for (_n, kind), (end, status) in pairs):
                complete.add(key)
        return complete


def is_reviewable(model: type[Model]) -> bool:
    """Whether rows of this model have a status of their own, so that they can be submitted; a passage has none."""
    return issubclass(model, Publishable) and any(each.name == "status" for each in model._meta.fields)
