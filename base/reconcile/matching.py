"""Which record a name means: candidates for names in any script and spelling, with a score and its reasons.

A batch costs a fixed number of queries for each kind, however many names it asks for: the names of the kind are read once, in
pieces, and compared in Python. Both databases give the same answer.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any

from django.db.models import Case, CharField, Q, When
from django.db.models import Value as Constant

from base.lists.search import search_rows
from base.records.names import NamedRecord
from base.records.resolution import former_ids_of
from base.records.successors import successors
from base.text.names import fold

ALIKE = 0.35  # names that have less in common are no candidates
PROPERTY_WEIGHT = 0.3  # of the score, if properties are asked for
PIECE = 2000  # names in memory at once
_NOT_WORDS = re.compile(r"[^\w\u0e00-\u0e7f]+")
_WIKIDATA = re.compile(r"Q[1-9][0-9]{0,18}")

Value = dict[str, str]  # {"str": …} or {"id": …, "name": …}


@dataclass(frozen=True)
class Property:
    """Something that helps to tell two records of one name apart, and that can be fetched."""

    id: str
    name: str
    description: str
    values: Callable[[Any], list[Value]]
    agrees: Callable[[Any, str], bool]
    entities: str = ""  # the kind of record that the values are
    identifies: bool = False  # no two records have the same


@dataclass(frozen=True)
class EntityKind:
    """A kind of record that can be asked for."""

    id: str
    model: type[NamedRecord]
    load: Callable[[Any], Any]  # with what properties and description need
    describe: Callable[[Any], str]
    properties: tuple[Property, ...]

    @property
    def plural(self) -> str:
        """The first part of the ids of this kind, as in the addresses of its pages."""
        return str(self.model.plural)

    def has(self, column: str) -> bool:
        """Whether records of this kind have a column."""
        return any(one.name == column for one in self.model._meta.fields)

    def property(self, pid: str) -> Property | None:
        """Return the property of this id, if records of this kind have it."""
        return next((one for one in self.properties if one.id == pid), None)


def properties_of(kinds: Iterable[EntityKind]) -> dict[str, Property]:
    """Return the properties of these kinds by their ids."""
    return {one.id: one for kind in kinds for one in kind.properties}


@dataclass(frozen=True)
class Query:
    """One thing asked for: a name or an id, and what else is known of it."""

    text: str = ""
    kinds: frozenset[str] = frozenset()
    limit: int = 10
    properties: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def given(self, pid: str) -> list[str]:
        """Return the values given for a property."""
        return [value for name, values in self.properties if name == pid for value in values]


@dataclass
class Candidate:
    """A record that may be meant, and why."""

    kind: EntityKind
    pk: int
    similarity: float = 0.0
    spelling: tuple[str, str] = ("", "")  # the name most alike, and its language
    identical: bool = False  # that name, character for character
    same_name: bool = False
    same_id: bool = False
    record: Any = None
    agreements: dict[str, bool] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The identity across kinds: the path of the page."""
        return f"{self.kind.plural}/{self.record.slug}"

    @property
    def certain(self) -> bool:
        """Whether name or id are the very same."""
        return self.same_name or self.same_id

    @property
    def score(self) -> float:
        """How likely the record is meant, from 0 to 100."""
        likeness = 1.0 if self.certain else self.similarity
        if self.agreements:
            likeness += PROPERTY_WEIGHT * (sum(self.agreements.values()) / len(self.agreements) - likeness)
        return round(100 * likeness, 1)


def plain(text: str) -> str:
    """Return a text without control characters, which no name holds and PostgreSQL refuses."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs") else c for c in text).strip()


def grams(folded: str) -> frozenset[str]:
    """Return the groups of three characters of a folded name, word by word: order and punctuation make no difference."""
    words = _NOT_WORDS.sub(" ", folded).split()
    return frozenset(f"  {word} "[i : i + 3] for word in words for i in range(len(word) + 1))


@dataclass(frozen=True)
class Result:
    """The candidates of one query, best first, and the one that is certainly meant, if any is."""

    candidates: list[Candidate]
    match: Candidate | None


def find(queries: list[Query], kinds: Iterable[EntityKind], site: str, *, names: bool = True) -> list[Result]:
    """Return what is found for each query. `site` is the beginning of the addresses of pages; without `names` only ids count.

    Costs at most four queries for each kind that is asked for, and those of its `load`.
    """
    candidates: list[list[Candidate]] = [[] for _query in queries]
    for kind in kinds:
        asked = {n: query for n, query in enumerate(queries) if not query.kinds or kind.id in query.kinds}
        if asked:
            _collect(kind, asked, site, candidates, names)
    return [_judge(query, those) for query, those in zip(queries, candidates, strict=True)]


def _judge(query: Query, some: list[Candidate]) -> Result:
    """Compare the properties, sort, and see whether one record alone is meant."""
    for candidate in some:
        _compare(candidate, query)
    some.sort(key=lambda c: (-c.score, -c.similarity, c.record.sort_key, c.id))
    certain = [candidate for candidate in some if candidate.certain]
    sure = len(certain) == 1 and all(certain[0].agreements.values())
    return Result(some[: query.limit], certain[0] if sure else None)


def _compare(candidate: Candidate, query: Query) -> None:
    """Note which of the given properties the record has, and which it has otherwise."""
    has_values: dict[
        str, bool
    ] = {}  # to list the values of a record takes its time, and a property may be given twenty times
    for pid, values in query.properties:
        asked_for = candidate.kind.property(pid)
        if asked_for is None or not values:
            continue
        if pid not in has_values:
            has_values[pid] = bool(asked_for.values(candidate.record))
        if not has_values[pid]:
            continue  # nothing to compare: neither for nor against
        agrees = any(asked_for.agrees(candidate.record, value) for value in values)
        candidate.agreements[pid] = agrees and candidate.agreements.get(pid, True)
        candidate.same_id = candidate.same_id or (agrees and asked_for.identifies)


def _collect(
    kind: EntityKind, asked: dict[int, Query], site: str, candidates: list[list[Candidate]], names: bool
) -> None:
    """Add the candidates of one kind."""
    pools = {number: _Pool(query.limit + 20) for number, query in asked.items()}
    _by_id(kind, asked, site, pools)
    if names:
        _by_name(kind, asked, pools)
    wanted = {pk for pool in pools.values() for pk in pool.best}
    records = kind.load(kind.model.objects.published().filter(pk__in=wanted)).in_bulk() if wanted else {}
    for number, pool in pools.items():
        for pk, seen in pool.best.items():
            if pk in records:
                candidates[number].append(Candidate(kind, pk, record=records[pk], **seen))


class _Pool:
    """The best rows of a kind for one query: a bounded number of them."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.best: dict[int, dict[str, Any]] = {}

    def add(self, pk: int, **seen: Any) -> None:
        """Note what was seen of a row; of two names the one more alike is kept."""
        before = self.best.get(pk, {})
        if seen.get("similarity", 0) >= before.get("similarity", 0):
            self.best[pk] = {**before, **seen, "same_name": seen.get("same_name") or before.get("same_name", False)}
        if len(self.best) > 10 * self.most:
            self.cut()

    def cut(self) -> None:
        """Keep the best."""
        rank = {pk: (s.get("same_id", False), s.get("similarity", 0)) for pk, s in self.best.items()}
        self.best = {pk: self.best[pk] for pk in nlargest(self.most, rank, key=lambda pk: (rank[pk], -pk))}


def _slug_in(text: str, plural: str, site: str) -> str:
    """Return the public id that a text may be, as it stands in an address or alone; empty if it is none of this kind."""
    path = text.removeprefix(site).strip("/").removeprefix("api/v1/").removeprefix(f"{plural}/")
    return path if re.fullmatch(r"[-a-zA-Z0-9_]{1,92}", path) else ""


def _by_id(kind: EntityKind, asked: dict[int, Query], site: str, pools: dict[int, _Pool]) -> None:
    """Add the records whose public id, present or former, or Wikidata id was given."""
    wanted = {number: _slug_in(query.text, kind.plural, site) for number, query in asked.items()}
    slugs = {slug for slug in wanted.values() if slug}
    items = {n: {v for v in (q.text, *q.given("wikidata")) if _WIKIDATA.fullmatch(v)} for n, q in asked.items()}
    by_slug, by_wikidata = _keys_by_id(kind, slugs, set().union(*items.values()))
    today = successors(kind.model, {*by_slug.values(), *(key for keys in by_wikidata.values() for key in keys)})
    for number in asked:
        keys = [by_slug[wanted[number]]] if wanted[number] in by_slug else []
        keys += [key for item in sorted(items[number]) for key in by_wikidata.get(item, ())]
        for key in keys:
            pools[number].add(today[key], same_id=True)


def _keys_by_id(
    kind: EntityKind, slugs: Collection[str], items: Collection[str]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return the primary keys of the records that have or had these public ids, and of those with these Wikidata ids.

    A public id that is a record's own today is no other's former one. One query, or none.
    """
    former_ids = former_ids_of(kind.model).order_by()
    records = kind.model.objects.order_by()
    former, own, wikidata = (Constant(what, CharField()) for what in ("former", "own", "wikidata"))
    queries = [
        former_ids.filter(slug__in=slugs).values_list(former, "slug", "record"),
        records.filter(slug__in=slugs).values_list(own, "slug", "pk"),
    ]
    if kind.has("wikidata"):
        queries.append(records.filter(wikidata__in=items).values_list(wikidata, "wikidata", "pk"))
    keys: dict[str, dict[str, list[int]]] = {what: defaultdict(list) for what in ("former", "own", "wikidata")}
    for what, text, key in queries[0].union(*queries[1:], all=True):
        keys[what][text].append(key)
    by_slug = {slug: first for slug, (first,) in {**keys["former"], **keys["own"]}.items()}
    return by_slug, keys["wikidata"]


def _by_name(kind: EntityKind, asked: dict[int, Query], pools: dict[int, _Pool]) -> None:
    """Add the records with a name that is alike. Every name of the kind is read once, for all queries together."""
    folded = {number: fold(query.text) for number, query in asked.items() if query.text}
    pieces = {number: grams(text) for number, text in folded.items()}
    having: dict[str, list[int]] = {}
    for number, some in pieces.items():
        for gram in some:
            having.setdefault(gram, []).append(number)
    if not having:
        return
    names = kind.model._meta.get_field("names")  # type: ignore[misc]  # each kind has a table of its own
    rows = names.related_model.objects.firm().order_by()
    columns = (names.field.attname, "text", "language", "folded")
    for owner, text, language, name in rows.values_list(*columns).iterator(chunk_size=PIECE):
        own = grams(name)
        shared = Counter(number for gram in own if gram in having for number in having[gram])
        for number, count in shared.items():
            same = name == folded[number]
            similarity = 1.0 if same else min(0.99, 2 * count / (len(own) + len(pieces[number])))
            if similarity >= ALIKE:
                pools[number].add(
                    owner,
                    similarity=round(similarity, 3),
                    spelling=(text, language),
                    identical=text == asked[number].text,
                    same_name=same,
                )
    for pool in pools.values():
        pool.cut()


def suggestions(
    kinds: Iterable[EntityKind], prefix: str, first: int, most: int
) -> list[tuple[EntityKind, NamedRecord]]:
    """Return records whose names hold every word of `prefix`, those that begin with it first. One query a kind, and `load`."""
    folded = fold(plain(prefix))
    if not folded:
        return []
    begins = Q(search__startswith=folded) | Q(search__contains=f"\n{folded}")
    pairs = []
    for kind in kinds:
        rows = search_rows(kind.model.objects.published(), folded)
        rows = rows.annotate(rank=Case(When(begins, then=Constant(0)), default=Constant(1)))
        for record in kind.load(rows.order_by("rank", "sort_key", "pk"))[: first + most]:
            pairs.append((kind, record))
    pairs.sort(key=lambda pair: (pair[1].rank, pair[1].sort_key, pair[0].plural, pair[1].pk))
    return pairs[first : first + most]
