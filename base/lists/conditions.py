"""The conditions of the filters in use: which of them are looked up and which are scanned, decided for all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from base.lists import search
from base.lists.filters import LookupOrScanFilter, ValueFilter
from base.lists.relations import Links
from base.records.records import Record
from base.sql.lookup_or_scan import Condition, LookupOrScan, choose_conditions

if TYPE_CHECKING:
    from base.lists.filterset import BaseFilterSet


class FilterConditions:
    """The conditions of the filters in use. What was chosen once holds for the list, its facets and its count."""

    def __init__(self, filterset: BaseFilterSet) -> None:
        self.filterset = filterset
        self._chosen: dict[Hashable, Condition | None] = {}

    def narrow(self, rows: QuerySet[Record], without: Collection[str] = ()) -> QuerySet[Record]:
        """Return the rows that all filters in use leave, but those named in `without`. At most two queries, most often none."""
        filters = self.filterset.filters
        by_links = self.by_links(without)
        own = {
            name: value
            for name, value in self.filterset.in_use(without).items()
            if getattr(filters[name], "links", None) not in by_links
        }
        candidates: dict[Hashable, Callable[[], LookupOrScan | None]] = {
            (links, condition): partial(links.lookup_or_scan, condition) for links, condition in by_links.items()
        }
        for name, value in own.items():
            if isinstance(filters[name], LookupOrScanFilter):
                candidates[name] = partial(filters[name].lookup_or_scan, self.all_rows, value)
        chosen = self._choose(candidates)
        newest_only = "q" in own and self.newest_only
        for name, value in own.items():
            if chosen.get(name) is None and not (name == "q" and newest_only):
                rows = filters[name].filter(rows, value)
        rows = rows.filter(*[condition for key in candidates if (condition := chosen[key]) is not None])
        return self._among_newest(rows, without) if newest_only else rows

    def by_links(self, without: Collection[str] = ()) -> dict[Links, Q]:
        """Return the conditions of the filters in use on links: filters by the same links speak of one and the same link."""
        conditions: dict[Links, Q] = {}
        for name, value in self.filterset.in_use(without).items():
            used = self.filterset.filters[name]
            if isinstance(used, ValueFilter) and used.links:
                conditions[used.links] = conditions.get(used.links, Q()) & used.condition(value)
        return conditions

    def know(self, name: str, condition: Condition) -> None:
        """Take the condition of a filter in use that was chosen already."""
        self._chosen[name] = condition

    def know_newest(self, newest: Condition, words: Condition) -> None:
        """Take the conditions of words that are looked for in the newest rows alone, as they were made already."""
        self._chosen |= {("newest",): newest, "words": words}

    @property
    def newest_only(self) -> bool:
        """Whether the words are looked for in the newest rows alone, of those that the other filters leave."""
        return search.searches_newest_only(self.filterset.queryset.model, self.filterset.active.get("q", ""))

    @property
    def all_rows(self) -> QuerySet[Record]:
        """All rows of the kind: keys are looked up among them, whatever else the list is narrowed by."""
        rows: QuerySet[Record] = self.filterset.queryset.model._base_manager.using(self.filterset.queryset.db)
        return rows

    def _choose(
        self, candidates: Mapping[Hashable, Callable[[], LookupOrScan | None]]
    ) -> Mapping[Hashable, Condition | None]:
        """Return the conditions to filter by, by the keys of the candidates; None where a filter needs none. At most one query."""
        new = {key: make() for key, make in candidates.items() if key not in self._chosen}
        open_choices = {key: candidate for key, candidate in new.items() if candidate is not None}
        conditions = choose_conditions(self.filterset.queryset.db, list(open_choices.values()))
        self._chosen |= dict.fromkeys(new) | dict(zip(open_choices, conditions, strict=True))
        return self._chosen

    def _among_newest(self, rows: QuerySet[Record], without: Collection[str]) -> QuerySet[Record]:
        """Return the newest of these rows that hold the words. Which rows are the newest is asked once for the same filters."""
        active = self.filterset.active
        key = ("newest", *sorted(set(without) & active.keys()))
        if key not in self._chosen:
            self._chosen[key] = search.newest_condition(rows)
        if "words" not in self._chosen:
            self._chosen["words"] = search.scan_condition(rows, active["q"])
        return rows.filter(self._chosen[key], self._chosen["words"])
