"""What waits for a curator: articles in work, drafts of every kind, doubts, and what was changed last. All of it bounded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.auth.models import User
from django.urls import reverse

from base.lists.counting import count_each
from base.records.kinds import kinds
from base.records.publishing import Status
from base.records.records import Record
from desk.articles_in_work import ArticleInWork, articles_in_work, draft_statements
from desk.doubts.kinds import DoubtCount, number_in_words, waiting_doubts
from desk.last_changes import LastChange, last_changes
from desk.models import TextDraft
from directory.models import Source
from events.models import Statement
from events.quality import Figure, figures

MOST_DRAFT_TEXTS = 10
MOST_COUNTED = 99
LANGUAGES = ("no-thai", "no-vietnamese")  # figures on quality that the page tells, for information


@dataclass(frozen=True)
class DraftCount:
    """How many drafts there are of one kind, up to 99."""

    label: str
    number: int
    url: str


class HomeContext(TypedDict):
    """What the first page shows. `drafts` and `doubts` are None for whoever may not see them."""

    text_drafts: Sequence[TextDraft]
    articles: list[ArticleInWork]
    drafts: list[DraftCount] | None
    changes: list[LastChange]
    doubts: list[DoubtCount] | None
    doubts_number: str
    languages: list[Figure]


def home_context(user: User) -> HomeContext:
    """Return what waits for a curator, of what the curator may see. The number of queries does not grow with the rows."""
    may_add = user.has_perm("directory.add_source")
    seen = [model for model in kinds("api") if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")]
    doubts = waiting_doubts(user, MOST_COUNTED)
    return {
        "text_drafts": list(
            TextDraft.objects.filter(owner=user).defer("original", "paragraphs", "before")[:MOST_DRAFT_TEXTS]
        )
        if may_add
        else [],
        "articles": articles_in_work() if Source in seen else [],
        "drafts": draft_counts(seen) if seen else None,
        "changes": last_changes(user),
        "doubts": [count for count in doubts if count.number] if doubts else None,
        "doubts_number": number_in_words(doubts),
        "languages": figures(LANGUAGES) if Statement in seen else [],
    }


def draft_counts(models: Sequence[type[Record]]) -> list[DraftCount]:
    """Return how many drafts there are of each kind, without those of which there are none. One query."""
    queries = [
        (model, draft_statements() if model is Statement else model._base_manager.filter(status=Status.DRAFT))
        for model in models
    ]
    numbers = count_each([(model, rows.values("pk")) for model, rows in queries], MOST_COUNTED)
    counts = []
    for model, number in numbers.items():
        if number:
            url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
            counts.append(DraftCount(str(model.plural_label()), number, f"{url}?status__exact={Status.DRAFT}"))
    return counts
