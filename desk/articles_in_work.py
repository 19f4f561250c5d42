"""The articles that curators work on: how far each is read, what was made of it, and what is wrong with it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Concat, Greatest, NullIf, Trim
from django.urls import reverse

from base.records.publishing import Status
from desk.open_proposals import MOST_PARAGRAPHS
from desk.reading.progress import numbers_read
from desk.views.intake import article_url
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from events.models import Statement, Wording
from events.models.statements import Nature

MOST_ARTICLES = 10
MOST_COUNTED = 1_000  # statements, quotes or passages of one article
LAST_STATEMENTS = 2_000  # changed last, among which drafts are looked for: there is no index of drafts in a million

# How curators are called, as `curator_name` has it.
_FULL_NAME = Trim(Concat("history_user__first_name", Value(" "), "history_user__last_name"))
_CALLED = Coalesce(NullIf(_FULL_NAME, Value("")), "history_user__username")


@dataclass(frozen=True)
class ArticleInWork:
    """A source that is a draft, or that statements rest on which are drafts."""

    source: Source
    url: str
    changed_at: datetime.datetime
    changed_by: str
    statements: int
    draft_statements: int
    paragraphs: int
    cited_paragraphs: int
    read_paragraphs: int
    changed_passages: int  # that no longer match the text
    unproven_quotes: int  # whose passage does not hold their words
    proposals_url: str  # of the number of proposals that are open; empty where nothing is proposed by itself

    @property
    def percent(self) -> int:
        """How many of a hundred paragraphs are read."""
        return 100 * self.read_paragraphs // self.paragraphs if self.paragraphs else 0

    @property
    def problems_url(self) -> str:
        """The address of the list of the passages that no longer match."""
        passages = reverse("admin:directory_passage_changelist")
        return f"{passages}?source__id__exact={self.source.pk}&check_state__exact={PassageCheck.CHANGED}"


def draft_statements() -> QuerySet[Statement]:
    """Return the statements that are drafts, among those that were changed last."""
    last = Statement._base_manager.order_by("-updated_at", "-id").values("pk")[:LAST_STATEMENTS]
    return Statement._base_manager.filter(pk__in=Subquery(last), status=Status.DRAFT)


def articles_in_work() -> list[ArticleInWork]:
    """Return the articles in work, those first on which somebody worked last. Five queries at most."""
    changed_at = _worked_on_last()
    rows = _with_counts(Source._base_manager.filter(pk__in=changed_at))
    sources = sorted(rows, key=lambda row: (changed_at[row.pk], row.pk), reverse=True)
    read = numbers_read([source.pk for source in sources])
    return [_article(source, changed_at[source.pk], read.get(source.pk, 0)) for source in sources]


def _worked_on_last() -> dict[int, datetime.datetime]:
    """Return the keys of the articles on which somebody worked last, with the times. Two queries."""
    cites = Statement.passages.through._base_manager.order_by()
    worked: dict[int, datetime.datetime] = dict(
        cites.filter(statement__in=draft_statements())
        .values_list("passage__source")
        .annotate(at=Greatest(Max("statement__updated_at"), F("passage__source__updated_at")))
        .order_by("-at", "-passage__source")[:MOST_ARTICLES]
    )
    drafts = Source._base_manager.filter(status=Status.DRAFT).order_by("-updated_at", "-pk")
    times = {**dict(drafts.values_list("pk", "updated_at")[:MOST_ARTICLES]), **worked}
    last = sorted(times, key=lambda key: (times[key], key), reverse=True)[:MOST_ARTICLES]
    return {key: times[key] for key in last}


def _with_counts(sources: QuerySet[Source]) -> QuerySet[Source]:
    """Return sources without their texts, each with what was made of it, counted, and with who changed it last."""
    cites = Statement.passages.through._base_manager.filter(passage__source=OuterRef("pk"))
    passages = Passage._base_manager.filter(source=OuterRef("pk"))
    quotes = Wording._base_manager.filter(nature=Nature.VERBATIM, proven=False, passage__source=OuterRef("pk"))
    last = Source.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    return sources.defer("text").annotate(
        has_text=ExpressionWrapper(~Q(text=""), BooleanField()),
        changed_by=Subquery(last.annotate(called=_CALLED).values("called")[:1]),
        statements=_number(cites, "statement"),
        draft_statements=_number(cites.filter(statement__status=Status.DRAFT), "statement"),
        cited_paragraphs=_number(passages, "paragraph"),
        changed_passages=_number(passages.filter(check_state=PassageCheck.CHANGED), "pk"),
        unproven_quotes=_number(quotes, "pk"),
    )


def _number(rows: QuerySet[Any], column: str) -> Subquery:
    """Return how many different values a column has in the rows of one source, MOST_COUNTED at most."""
    values = rows.order_by().values(column).distinct()[:MOST_COUNTED]
    return Subquery(values, template="(SELECT COUNT(*) FROM (%(subquery)s) AS counted)", output_field=IntegerField())


def _article(source: Any, changed_at: datetime.datetime, read: int) -> ArticleInWork:
    proposes = source.has_text and len(source.paragraphs) <= MOST_PARAGRAPHS
    return ArticleInWork(
        source=source,
        url=article_url(source),
        changed_at=changed_at,
        changed_by=source.changed_by or "",
        statements=source.statements,
        draft_statements=source.draft_statements,
        paragraphs=len(source.paragraphs),
        cited_paragraphs=source.cited_paragraphs,
        read_paragraphs=read,
        changed_passages=source.changed_passages,
        unproven_quotes=source.unproven_quotes,
        proposals_url=reverse("admin:desk_proposals_number", args=[source.slug]) if proposes else "",
    )
