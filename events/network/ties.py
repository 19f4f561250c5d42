"""Which facts are links of the network: those between two records of kinds that the network has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.apps import apps
from django.db.models import Field, Q
from django.utils.functional import Promise

from base.records.kinds import kinds
from base.records.provenance import Fact
from base.records.records import Record


@dataclass(frozen=True)
class Tie:
    """A kind of fact that links two records.

    `of` and `to` name its foreign keys: the end that it is listed under, and the other.
    """

    model: type[Fact]
    of: str
    to: str

    @cached_property
    def ends(self) -> tuple[type[Record], type[Record]]:
        """The kinds of record at its ends."""
        return _record_at(self.model, self.of), _record_at(self.model, self.to)

    @property
    def one_way(self) -> bool:
        """Whether it reads otherwise from its other end, as “part of” does: any link between two records of one kind."""
        return self.ends[0] is self.ends[1]

    @property
    def has_role(self) -> bool:
        """Whether each row says in a column what it is."""
        return self._role is not None

    @cached_property
    def roles(self) -> dict[str, str | Promise]:
        """The words of the roles to choose from; empty if a role is free text, in English, or there is none."""
        return dict(self._role.flatchoices) if self._role is not None else {}

    @property
    def _role(self) -> Field[Any, Any] | None:
        return next((field for field in self.model._meta.fields if field.name == "role"), None)

    @property
    def label(self) -> str:
        """What a row without a role says: what its model calls the other end, such as “part of”."""
        return str(self.model._meta.get_field(self.to).verbose_name)  # type: ignore[union-attr]  # a foreign key

    @property
    def complete(self) -> Q:
        """The condition that a row has both ends: a position may name no organization."""
        optional = [name for name in (self.of, self.to) if self.model._meta.get_field(name).null]
        return Q(**{f"{name}__isnull": False for name in optional})


def _record_at(model: type[Fact], name: str) -> type[Record]:
    """Return the kind of record that a foreign key leads to."""
    found = model._meta.get_field(name).related_model
    assert isinstance(found, type)
    assert issubclass(found, Record)
    return found


@cache
def ties() -> tuple[Tie, ...]:
    """Return every tie. It is listed under the end whose kind comes first in the network; of two of one kind, the first named."""
    listed = kinds("network")
    found = []
    for model in apps.get_models():
        if not issubclass(model, Fact):
            continue
        ends = [name for name in model.public_parents if model._meta.get_field(name).related_model in listed]
        if len(ends) == 2:
            found.append(Tie(model, *sorted(ends, key=lambda name: listed.index(_record_at(model, name)))))
    return tuple(found)
