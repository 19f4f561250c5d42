"""Documents of pages: the shapes of the API, in the language of the page and with addresses of pages."""

from __future__ import annotations

import functools
from collections.abc import Iterable

from django.utils.translation import get_language

from base.documents.base import Shape
from base.documents.loader import Loader
from base.documents.plan import Document, FetchPlan, Limits, plan_of
from base.lists.counting import MOST_LINKED, RowCount
from base.lists.link_counts import CountedRows, LinkCount
from base.lists.paged_rows import PagedRows
from base.records.provenance import Certainty
from base.records.publishing import Publishable
from base.sql.prepared import Row


def page_loader() -> Loader:
    """Return what loads the documents of a page: paths of pages for addresses, names in the language of the page."""
    return Loader(str, get_language() or "en", pages=True)


@functools.cache
def list_plan(shape: type[Shape], model: type[Publishable], members: tuple[str, ...]) -> FetchPlan:
    """Return how the rows of a list are read: these members of their shape."""
    return plan_of(shape, model, frozenset(members), frozenset())


@functools.cache  # unlike the plans that clients choose, those of pages are few
def page_plan(
    shape: type[Shape], model: type[Publishable], members: tuple[str, ...], lists: tuple[tuple[str, int], ...]
) -> FetchPlan:
    """Return how the record of a page is read: these members of its shape, and of each nested list the first rows.

    `lists` has (relation, most): of such a list one row more is read, which tells whether there are more than that.
    """
    bounds = tuple((source, most + 1) for source, most in lists)
    return plan_of(shape, model, frozenset(members), frozenset(), Limits(MOST_LINKED, bounds))


def held(rows: Iterable[Document]) -> list[Document]:
    """Return the rows that hold: a rejected reading stays on the page of its record, where its note is."""
    return [row for row in rows if row["certainty"] != Certainty.REJECTED]


class DocumentList:
    """The documents of a list, to be cut into pages."""

    def __init__(self, listed: PagedRows, plan: FetchPlan) -> None:
        self.listed, self.plan = listed, plan

    def __getitem__(self, place: slice) -> list[Document]:
        """Return the documents of some of its rows. A fixed number of queries, or none for none."""
        start = place.start or 0
        return self.documents(self.listed.read_from(self.plan, start, place.stop - start)) if place.stop > start else []

    def documents(self, rows: list[Row]) -> list[Document]:
        """Return the documents of rows that the plan has read."""
        return page_loader().documents(self.plan, rows)


class CountedDocuments(DocumentList):
    """The documents of a list, each with the number of its links as `links` (a RowCount)."""

    def __init__(self, listed: PagedRows, plan: FetchPlan, count: LinkCount, version: int | None) -> None:
        super().__init__(listed, plan)
        self.count, self.version = count, version

    def documents(self, rows: list[Row]) -> list[Document]:
        """Return the documents of rows that the plan has read. One query for the numbers, once after a write."""
        if isinstance(self.listed, CountedRows):
            numbers = {row[0]: RowCount(row[-2], more=False) for row in rows}
        else:
            numbers = self.count.numbers_of(self.plan.model, [row[0] for row in rows], self.version)
        documents = super().documents(rows)
        return [{**document, "links": numbers[row[0]]} for row, document in zip(rows, documents, strict=True)]
