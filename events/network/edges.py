"""The ends and the edges of the network: one edge is all that one kind of link says of two records."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.http import urlencode
from django.utils.translation import gettext as _

NodeKey = tuple[str, str]  # plural and public id: "people", "tony-bui"


class Verb(StrEnum):
    """What statements say of who speaks and another record."""

    AT = "at"
    FOR = "for"
    ABOUT = "about"

    @property
    def label(self) -> str:
        """The verb in the language of the reader."""
        return {"at": _("spoke at"), "for": _("spoke for"), "about": _("spoke about")}[self.value]

    @property
    def label_from_there(self) -> str:
        """The verb as it stands beside who spoke, seen from the other record."""
        return {"at": _("spoke here"), "for": _("spoke for this"), "about": _("spoke about this")}[self.value]


@dataclass(frozen=True, order=True)
class Edge:
    """One public link between two records: its role, and how certain it is.

    What statements say has a `verb`, the `number` of statements and how many of them are in doubt.
    """

    of: NodeKey
    to: NodeKey
    role: str
    certainty: str
    one_way: bool = False
    written: bool = False  # whether editors wrote the role, in whatever language; else it is a word of the interface
    verb: Verb | None = None
    number: int = 0
    in_doubt: int = 0
    filters: tuple[tuple[str, str], ...] = ()  # of the list of these statements

    @property
    def query(self) -> str:
        """The query of the list of these statements; empty for a fact."""
        return urlencode(self.filters)

    @property
    def pair(self) -> tuple[NodeKey, NodeKey]:
        """Both ends in a fixed order, whichever of them the link is listed under."""
        return min(self.of, self.to), max(self.of, self.to)

    def role_from(self, end: NodeKey) -> str:
        """Return the role as seen from one of the ends."""
        if not self.one_way or end != self.to:
            return self.role
        return self.verb.label_from_there if self.verb else _("%(role)s this") % {"role": self.role}

    def other(self, end: NodeKey) -> NodeKey:
        """Return the end that is not this one."""
        return self.to if end == self.of else self.of
