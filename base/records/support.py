"""What carries a public row: the one definition that publishing, withdrawing, the guard of the admin and `check_published` share.

A row RESTS on others: on the rows that its `public_parents` name, on the passages that it cites, and on one row at least of each
relation that it `needs` (a person on a name, a statement on a wording). It must not be public without them. Everything else it
only MENTIONS (what a statement is about): a mention of what is not public is not shown, and the row stands.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, cast

from django.apps import apps
from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet
from django.db.models.fields.reverse_related import ForeignObjectRel

from base.records.provenance import Certainty, Cited, Fact, get_passage_model
from base.records.publishing import Publishable, PublishableQuerySet, Status
from base.records.records import Record
from base.sql.prepared import AnyOf


class Need(NamedTuple):
    """A relation of which readers have to see a row, seen from the rows that are needed."""

    model: type[Publishable]  # the rows, such as names
    owner: str  # their foreign key to the row that needs them


def publishable_models() -> list[type[Publishable]]:
    """Return every model whose rows can be public, records last: they are counted and checked in this order."""
    models = [model for model in apps.get_models() if issubclass(model, Publishable)]
    return sorted(models, key=lambda model: issubclass(model, Record))


def cited_models() -> list[type[Publishable]]:
    """Return the models whose rows rest on the passages that they cite."""
    return [model for model in publishable_models() if issubclass(model, Cited) and model.rests_on_passages]


@dataclass(frozen=True)
class Citations:
    """The links of the rows of a model with the passages that they cite."""

    through: type[Model]
    of: str  # their foreign key to the row that cites
    passage: str  # and to the passage

    @classmethod
    def by(cls, model: type[Publishable]) -> Citations:
        """Return the citations by rows of a model of `cited_models`."""
        many = cast("type[Cited]", model)._meta.get_field("passages")
        through = cast("type[Model]", many.remote_field.through)
        return cls(through, many.m2m_field_name(), many.m2m_reverse_field_name())

    @property
    def rows(self) -> QuerySet[Any]:
        """All of them."""
        return self.through._base_manager.all()

    def of_public_sources(self) -> QuerySet[Any]:
        """Return the citations of passages that readers may look up."""
        return self.rows.filter(get_passage_model().published_q(f"{self.passage}__"))


@cache
def needs_of(model: type[Model]) -> tuple[Need, ...]:
    """Return the relations of which a row of this model needs one public row each."""
    relations = [model._meta.get_field(name) for name in getattr(model, "needs", ())]
    reverse = [cast(ForeignObjectRel, relation) for relation in relations]
    return tuple(Need(cast("type[Publishable]", each.related_model), each.field.name) for each in reverse)


def needed_rows(need: Need) -> QuerySet[Any]:
    """Return the rows that answer a need, their owners taken to be public: a rejected reading is shown, but carries nothing."""
    rows: QuerySet[Any] = need.model.objects.published(known=(need.owner,))
    return rows.exclude(certainty=Certainty.REJECTED) if issubclass(need.model, Fact) else rows


def rests_on_records(model: type[Model]) -> list[tuple[str, type[Record]]]:
    """Return the foreign keys by which a row of this model rests on records, with the kinds of these."""
    fields = [model._meta.get_field(name) for name in getattr(model, "public_parents", ())]
    keys = [field for field in fields if isinstance(field, ForeignKey) and issubclass(field.related_model, Record)]
    return [(key.name, cast("type[Record]", key.related_model)) for key in keys]


def unsupported_q(model: type[Publishable]) -> Q:
    """Return the condition that nothing public carries a row of this model; its status and its parents do not count here.

    That is: it cites passages, or has to, and none of them is public; or a relation that it needs has no public row.
    """
    condition = Q(pk__in=[])
    if issubclass(model, Cited) and model.rests_on_passages:
        citations = Citations.by(model)
        cites = Q(Exists(citations.rows.filter(**{citations.of: OuterRef("pk")})))
        none_public = Q(~Exists(citations.of_public_sources().filter(**{citations.of: OuterRef("pk")})))
        condition |= none_public if model.needs_a_passage else none_public & cites
    for need in needs_of(model):
        condition |= Q(~Exists(needed_rows(need).filter(**{need.owner: OuterRef("pk")})))
    return condition


def unsupported(model: type[Publishable], keys: Collection[int] | None = None) -> PublishableQuerySet:
    """Return the public rows of a model, or those with these keys, that nothing public carries. There should never be any."""
    rows = model.objects.published()
    rows = rows if keys is None else rows.filter(AnyOf("pk", list(keys)))
    return cast(PublishableQuerySet, rows.filter(unsupported_q(model)))


def unfit(model: type[Publishable], keys: Collection[int]) -> QuerySet[Publishable]:
    """Return the rows with these keys that say “published” and must not be: a parent is not public, or nothing carries them."""
    rows = model._base_manager.filter(AnyOf("pk", list(keys)))
    if any(field.name == "status" for field in model._meta.fields):  # a passage has none: it is as public as its source
        rows = rows.filter(status=Status.PUBLISHED)
    wrong = unsupported_q(model)
    if issubclass(model, Record):  # a fact whose record is hidden is hidden with it, and that is all
        wrong |= ~Q(pk__in=model.objects.published().filter(AnyOf("pk", list(keys))).values("pk"))
    else:
        wrong &= Q(pk__in=model.objects.published().filter(AnyOf("pk", list(keys))).values("pk"))
    return rows.filter(wrong)


def may_have_problems(model: type[Publishable], keys: Collection[int]) -> set[int]:
    """Return the keys of those of these rows, which say “published”, that may have a problem: all others surely have none.

    It spares asking every row for its `publish_problems`. Two queries, and one for each model of facts that hang on the records.
    """
    rows = model.objects.published().filter(AnyOf("pk", list(keys)))
    sound = rows.exclude(pk__in=rows.filter(unsupported_q(model) | model.problem_q()).values("pk"))
    suspects = set(keys) - set(sound.values_list("pk", flat=True))
    for relation in model._meta.related_objects if issubclass(model, Record) else ():
        fact, name = relation.related_model, relation.field.name
        if issubclass(fact, Fact) and name in fact.public_parents:
            facts = fact.objects.published(known=(name,)).filter(AnyOf(name, list(keys)))
            suspects |= set(facts.filter(unsupported_q(fact)).values_list(name, flat=True))
    return suspects


def all_unsupported() -> Iterator[tuple[type[Publishable], PublishableQuerySet]]:
    """Yield for each model its public rows that nothing public carries."""
    for model in publishable_models():
        if issubclass(model, Cited) or needs_of(model):
            yield model, unsupported(model)


def unsupported_facts(record: Record) -> list[Publishable]:
    """Return facts that would be shown with this record and that nothing public carries; at most three of each model.

    One query for each model of facts that hang on the record. The record itself is taken to be public.
    """
    rows: list[Publishable] = []
    for relation in record._meta.related_objects:
        model, name = relation.related_model, relation.field.name
        if issubclass(model, Fact) and name in model.public_parents:
            facts = model.objects.published(known=(name,)).filter(**{name: record})
            rows += facts.filter(unsupported_q(model))[:3]
    return rows
