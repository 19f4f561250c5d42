"""What a process keeps in memory for the reading view: the names on record, the topics, and what the rules propose of an article.

Each is read again when a row that it rests on was written; a write elsewhere, such as a statement saved, costs nothing.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model, Subquery
from django.utils.translation import get_language
from simple_history.utils import get_history_manager_for_model

from base.changes.models import ContentVersion
from base.records.publishing import Status
from desk.proposals import KnownName, KnownNames, Proposal, RulesFault, UnknownLanguage, propose
from desk.proposals.known_names import FoundName
from directory.models import (
    Initiative,
    InitiativeName,
    Organization,
    OrganizationName,
    Person,
    PersonName,
    Source,
    Topic,
    TopicName,
)
from events.models import Event, EventName

T = TypeVar("T")
NAMES = (PersonName, Person, OrganizationName, Organization, InitiativeName, Initiative, EventName, Event)
TOPICS = (TopicName, Topic)
ARTICLES_KEPT = 16

Version = tuple[object, ...]


class Kept(Generic[T]):
    """The newest values made, by their keys; the one that was not asked for the longest makes room."""

    def __init__(self, most: int) -> None:
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._most = most
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Return the value of this key if it is kept."""
        with self._lock:
            return self._values.get(key)

    def get_or_make(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of this key, or make it. What is returned is shared: it is not to be changed.

        Nothing is kept inside a transaction: it may be taken back, and its versions come again.
        """
        if connection.in_atomic_block:
            return make()
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value


_names: Kept[KnownNames] = Kept(2)
_topics: Kept[KnownNames] = Kept(2)
_found: Kept[tuple[FoundName, ...]] = Kept(ARTICLES_KEPT)
_proposals: Kept[tuple[Proposal, ...]] = Kept(ARTICLES_KEPT)


def version_of(models: tuple[type[Model], ...]) -> Version:
    """Return what is another after every write of rows of these models, whose history counts them. One query."""
    newest = {}
    for model in models:
        written = get_history_manager_for_model(model).order_by("-history_id").values("history_id")
        newest[f"{model.__name__}_written"] = Subquery(written[:1])
        newest[f"{model.__name__}_last"] = Subquery(model._base_manager.order_by("-pk").values("pk")[:1])
    return tuple(ContentVersion.objects.values_list(*newest.values())[:1])


def known_names() -> KnownNames:
    """Return every spelling of people, organizations, initiatives and events. One query, and four more if a name was written."""
    return _names.get_or_make(version_of(NAMES), KnownNames.from_database)


def known_topics() -> KnownNames:
    """Return every name of a topic that is not withdrawn. One query, and one more if a topic was written."""
    return _topics.get_or_make(version_of(TOPICS), _read_topics)


def _read_topics() -> KnownNames:
    rows = TopicName._base_manager.exclude(status=Status.WITHDRAWN).exclude(topic__status=Status.WITHDRAWN)
    return KnownNames(
        (text, KnownName("topic", slug, name or text))  # type: ignore[arg-type]  # a kind of its own: topics are no names in a text
        for text, slug, name in rows.order_by("pk").values_list("text", "topic__slug", "topic__name").iterator()
    )


def names_in(source: Source) -> tuple[FoundName, ...]:
    """Return the names on record in a source whose text is stored. A text of 90,000 characters takes 0.3 s the first time."""
    key = (source.sha256, version_of(NAMES))
    return _found.get_or_make(key, lambda: tuple(known_names().find(source.text)))


def kept_proposals_of(source: Source) -> tuple[Proposal, ...] | None:
    """Return what the rules proposed of a source if this process knows it already; None if it would have to be found out."""
    return _proposals.get(_key_of_proposals(source)) if source.text else ()


def _key_of_proposals(source: Source) -> Hashable:
    return (source.sha256, source.language, get_language(), version_of(NAMES))


def proposals_of(source: Source) -> tuple[Proposal, ...]:
    """Return what the rules propose of a source whose text is stored; nothing where there are no rules for its language.

    An article of 50 paragraphs takes a few tenths of a second the first time.
    """
    if not source.text:
        return ()

    def make() -> tuple[Proposal, ...]:
        try:
            return tuple(propose(source.text, source.language, known_names()))
        except (UnknownLanguage, RulesFault):
            return ()

    return _proposals.get_or_make(_key_of_proposals(source), make)
