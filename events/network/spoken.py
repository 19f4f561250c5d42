"""What statements say of the network: who spoke at which event, for whom, and about what. One statement makes several links.

Of a long list the newest statements are read, and no more than MOST_STATEMENTS. Rejected ones are no links.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from django.db.models import QuerySet, Value

from base.lists.paging import linked_rows
from base.records.provenance import Certainty
from base.records.publishing import Publishable, published
from base.records.records import Record
from base.sql.prepared import AnyOf
from directory.models import Initiative, Organization, Person, Topic
from events.models import Event, Statement

from .edges import Edge, NodeKey, Verb

MOST_STATEMENTS = 2000  # of one list
MOST_OF_A_PLACE = 200  # statements at one event, or about one topic, where others who spoke there are looked for

# By which of its relations a statement touches a record of a kind.
RELATIONS: dict[type[Record], tuple[str, ...]] = {
    Person: ("speaker", "about_people"),
    Organization: ("speaker_organization", "on_behalf_of", "about_organizations"),
    Event: ("event",),
    Initiative: ("initiatives",),
    Topic: ("topics",),
}
# What a statement is about, and the filter by which the list of statements is narrowed to that.
ABOUT = {
    "topics": "topic",
    "initiatives": "initiative",
    "about_people": "about_person",
    "about_organizations": "about_organization",
}
COLUMNS = ("pk", "certainty", "speaker__slug", "speaker_organization__slug", "event__slug", "on_behalf_of__slug")


class _Link(NamedTuple):
    """What one statement says of two records: the ends, the verb, and the filters of the list that has the statement."""

    of: NodeKey
    to: NodeKey
    verb: Verb
    filters: tuple[tuple[str, str], ...]


class SpokenReader:
    """Reads statements, each once, and gives their links. `more` says whether any were left unread."""

    def __init__(self) -> None:
        self.more = False
        self.unnamed = 0  # statements of groups in the lists that were read: a group has no page and is no node
        self._links: dict[int, list[_Link]] = {}
        self._certainties: dict[int, str] = {}

    def read_newest(self) -> None:
        """Read the newest statements of all. Two queries."""
        self._read([published(Statement)], MOST_STATEMENTS)

    def read_touching(self, record: Record) -> None:
        """Read the statements that a record makes, that are made for it or at it, or that are about it.

        A fixed number of queries for each kind of record, two to four.
        """
        lists = [linked_rows(Statement, name, record.pk).queryset for name in RELATIONS.get(type(record), ())]
        self._read(cast("list[QuerySet[Any]]", lists), MOST_STATEMENTS)

    def read_at(self, places: Sequence[Record]) -> None:
        """Read some statements at each of these events, or about each of these initiatives and topics. Two queries."""
        lists = [linked_rows(Statement, RELATIONS[type(place)][0], place.pk).queryset for place in places]
        keys: list[QuerySet[Any, Any]] = [
            # A query of its own around each list, since SQLite bounds no part of a union.
            Statement._base_manager.filter(pk__in=rows.values("pk")[:MOST_OF_A_PLACE]).order_by().values("pk")
            for rows in lists
        ]
        if keys:
            self._read([published(Statement).filter(pk__in=keys[0].union(*keys[1:])).order_by()], None)

    def edges(self) -> list[Edge]:
        """Return the links of what was read, those of the same ends and verb as one edge."""
        numbers: Counter[_Link] = Counter()
        doubts: dict[_Link, Counter[str]] = {}
        for key, links in self._links.items():
            certainty = self._certainties[key]
            for link in dict.fromkeys(links):
                numbers[link] += 1
                doubts.setdefault(link, Counter())[certainty] += 1
        labels = {verb: verb.label for verb in Verb}
        return [_edge(link, labels[link.verb], number, doubts[link]) for link, number in numbers.items()]

    def _read(self, lists: Iterable[QuerySet[Any]], most: int | None) -> None:
        """Read the statements of lists and what they are about: a query for each list, and one for all of them."""
        new: dict[int, NodeKey] = {}
        for statements in lists:
            rows = list(statements.values_list(*COLUMNS)[: most + 1 if most else None])
            self.more = self.more or bool(most and len(rows) > most)
            for key, certainty, person, body, event, behalf in rows[:most]:
                if key in self._certainties or certainty == Certainty.REJECTED:
                    continue
                self._certainties[key] = certainty
                self._links[key] = []
                if not (person or body):
                    self.unnamed += most is not None
                    continue
                new[key] = speaker = ("people", person) if person else ("organizations", body)
                if event:
                    self._add(key, speaker, ("events", event), Verb.AT, "event")
                if behalf:
                    self._add(key, speaker, ("organizations", behalf), Verb.FOR, "on_behalf_of")
        for key, name, slug in _subjects(list(new)):
            plural = str(getattr(Statement, name).field.related_model.plural)
            self._add(key, new[key], (plural, slug), Verb.ABOUT, ABOUT[name])

    def _add(self, key: int, speaker: NodeKey, other: NodeKey, verb: Verb, name: str) -> None:
        who = "speaker" if speaker[0] == "people" else "speaker_organization"
        if speaker != other:
            self._links[key].append(_Link(speaker, other, verb, ((who, speaker[1]), (name, other[1]))))


def _subjects(statements: list[int]) -> QuerySet[Any, Any]:
    """Return (key of a statement, relation, public id) of what statements are about. One query."""
    parts = []
    for name in ABOUT:
        field: Any = Statement._meta.get_field(name)
        target, model = field.m2m_reverse_field_name(), cast("type[Publishable]", field.related_model)
        links = field.remote_field.through._base_manager.filter(
            AnyOf("statement", statements), model.published_q(f"{target}__")
        )
        parts.append(links.order_by().values_list("statement", Value(name), f"{target}__slug"))
    return parts[0].union(*parts[1:], all=True)


def _edge(link: _Link, label: str, number: int, certainties: Counter[str]) -> Edge:
    """Return the edge of so many statements: it is in doubt if each of them is."""
    firm = certainties[Certainty.STATED]
    certainty = Certainty.DISPUTED if certainties[Certainty.DISPUTED] else Certainty.INFERRED
    return Edge(
        link.of,
        link.to,
        label,
        str(Certainty.STATED if firm else certainty),
        one_way=True,
        verb=link.verb,
        number=number,
        in_doubt=number - firm,
        filters=link.filters,
    )
