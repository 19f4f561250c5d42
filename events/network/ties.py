"""The facts that are links of the network: those between two records whose kinds are listed in the network."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

from django.apps import apps
from django.db.models import Field, Q
from django.utils.functional import Promise

from base.records.kinds import kinds
from base.records.provenance import Fact
from base.records.records import Record


@dataclass(frozen=True)
class Tie:
    """A kind of fact that links two records.

    `of` and `to` name its foreign keys: `of` leads to the end that the link is listed under, `to` to the other.
    """

    model: type[Fact]
    of: str
    to: str

    @cached_property
    def ends(self) -> tuple[type[Record], type[Record]]:
        """The models of the records at its ends."""
        return _record_at(self.model, self.of), _record_at(self.model, self.to)

    @property
    def one_way(self) -> bool:
        """Whether it reads differently from its other end, as “part of” does: true of links between two records of one kind."""
        return self.ends[0] is self.ends[1]

    @property
    def has_role(self) -> bool:
        """Whether its rows have a role."""
        return self._role is not None

    @cached_property
    def roles(self) -> dict[str, str | Promise]:
        """The labels of the roles; empty if a role is free text (in English), or if there is none."""
        return dict(self._role.flatchoices) if self._role is not None else {}

    @property
    def _role(self) -> Field | None:
        return next((field for field in self.model._meta.fields if field.name == "role"), None)

    @property
    def label(self) -> str:
        """What the model calls the other end, such as “part of”: it stands for the role where there is none."""
        return str(self.model._meta.get_field(self.to).verbose_name)  # type: ignore[union-attr]  # a foreign key

    @property
    def complete(self) -> Q:
        """The condition that a row has both ends: a position may name no organization."""
        optional = [name for name in (self.of, self.to) if self.model._meta.get_field(name).null]
        return Q(**{f"{name}__isnull": False for name in optional})


def _record_at(model: type[Fact], name: str) -> type[Record]:
    """Return the model that a foreign key leads to."""
    record = model._meta.get_field(name).related_model
    assert isinstance(record, type)
    assert issubclass(record, Record)
    return record


@cache
def ties() -> tuple[Tie, ...]:
    """Return every tie.

    It is listed under the end whose kind comes first in the network, or under the first foreign key if both are of one kind.
    """
    listed = kinds("network")
    all_ties = []
    for model in apps.get_models():
        if not issubclass(model, Fact):
            continue
        ends = [name for name in model.public_parents if model._meta.get_field(name).related_model in listed]
        if len(ends) == 2:
            all_ties.append(Tie(model, *sorted(ends, key=lambda name: listed.index(_record_at(model, name)))))
    return tuple(all_ties)
