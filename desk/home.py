"""What waits for a curator: articles in work, drafts of every kind, doubts, and what was changed last. All of it bounded."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse

from base.records.kinds import kinds
from base.records.publishing import Status
from base.records.records import Record
from desk.doubts.kinds import DoubtCount, waiting_doubts
from desk.last_changes import LastChange, last_changes
from desk.models import TextDraft
from desk.reading.progress import numbers_read
from desk.views.intake import article_url
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from events.models import Statement

MOST_ARTICLES = 10
MOST_COUNTED = 99
LAST_STATEMENTS = 2_000  # changed last, among which drafts are looked for: there is no index of drafts in a million


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

    @property
    def percent(self) -> int:
        """How many of a hundred paragraphs are read."""
        return 100 * self.read_paragraphs // self.paragraphs if self.paragraphs else 0


@dataclass(frozen=True)
class DraftCount:
    """How many drafts there are of one kind, up to 99."""

    label: str
    number: int
    url: str


class HomeContext(TypedDict):
    """What the first page shows."""

    text_drafts: Sequence[TextDraft]
    articles: list[ArticleInWork]
    drafts: list[DraftCount]
    changes: list[LastChange]
    doubts: list[DoubtCount]
    doubts_number: int


def home_context(user: User) -> HomeContext:
    """Return what waits for a curator, of what the curator may see. The number of queries does not grow with the rows."""
    may_add = user.has_perm("directory.add_source")
    seen = [model for model in kinds("api") if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")]
    doubts = waiting_doubts(user)
    return {
        "text_drafts": list(
            TextDraft.objects.filter(owner=user).defer("original", "paragraphs", "before")[:MOST_ARTICLES]
        )
        if may_add
        else [],
        "articles": articles_in_work() if Source in seen else [],
        "drafts": draft_counts(seen),
        "changes": last_changes(user),
        "doubts": [count for count in doubts if count.number],
        "doubts_number": sum(count.number for count in doubts),
    }


def draft_statements() -> QuerySet[Statement]:
    """Return the statements that are drafts, among those that were changed last."""
    last = Statement._base_manager.order_by("-updated_at", "-id").values("pk")[:LAST_STATEMENTS]
    return Statement._base_manager.filter(pk__in=Subquery(last), status=Status.DRAFT)


def articles_in_work() -> list[ArticleInWork]:
    """Return the articles in work, those first on which somebody worked last. Six queries."""
    cites = Statement.passages.through._base_manager.order_by()
    worked: dict[int, datetime.datetime] = dict(
        cites.filter(statement__in=draft_statements())
        .values_list("passage__source")
        .annotate(at=Max("statement__updated_at"))
        .order_by("-at")[: 2 * MOST_ARTICLES]
    )
    last = Source.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    called = Coalesce(NullIf("history_user__first_name", Value("")), "history_user__username")
    rows = (
        Source._base_manager.filter(Q(status=Status.DRAFT) | Q(pk__in=worked))
        .defer("text")
        .annotate(changed_by=Subquery(last.values_list(called)[:1]))
        .order_by("-updated_at")[: 3 * MOST_ARTICLES]
    )
    sources = sorted(rows, key=lambda row: max(row.updated_at, worked.get(row.pk, row.updated_at)), reverse=True)
    sources = sources[:MOST_ARTICLES]
    keys = [source.pk for source in sources]
    read = numbers_read(keys)
    is_draft = Q(statement__status=Status.DRAFT)
    statements: dict[int, Any] = {
        row["passage__source"]: row
        for row in cites.filter(passage__source__in=keys)
        .values("passage__source")
        .annotate(all=Count("statement", distinct=True), drafts=Count("statement", distinct=True, filter=is_draft))
    }
    passages: dict[int, Any] = {
        row["source"]: row
        for row in Passage._base_manager.filter(source__in=keys)
        .order_by()
        .values("source")
        .annotate(
            cited=Count("paragraph", distinct=True), changed=Count("pk", filter=Q(check_state=PassageCheck.CHANGED))
        )
    }
    return [
        ArticleInWork(
            source=source,
            url=article_url(source),
            changed_at=max(source.updated_at, worked.get(source.pk, source.updated_at)),
            changed_by=source.changed_by or "",
            statements=statements.get(source.pk, {}).get("all", 0),
            draft_statements=statements.get(source.pk, {}).get("drafts", 0),
            paragraphs=len(source.paragraphs),
            cited_paragraphs=passages.get(source.pk, {}).get("cited", 0),
            read_paragraphs=read.get(source.pk, 0),
            changed_passages=passages.get(source.pk, {}).get("changed", 0),
        )
        for source in sources
    ]


def draft_counts(models: Iterable[type[Record]]) -> list[DraftCount]:
    """Return how many drafts there are of each kind, without those of which there are none. A query each."""
    counts = []
    for model in models:
        rows = draft_statements() if model is Statement else model._base_manager.filter(status=Status.DRAFT)
        if number := rows.order_by()[:MOST_COUNTED].count():
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            counts.append(DraftCount(str(model.plural_label()), number, f"{url}?status__exact={Status.DRAFT}"))
    return counts
