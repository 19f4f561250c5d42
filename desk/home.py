"""What waits for a curator: articles in work, drafts of every kind, and what was changed last. All of it bounded."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from base.records.change_reasons import shown_reason
from base.records.kinds import kinds
from base.records.publishing import Status
from base.records.records import Record
from base.text.languages import name_in
from desk.models import TextDraft
from desk.reading.progress import numbers_read
from desk.views.intake import article_url
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from events.models import Statement

MOST_ARTICLES = 10
MOST_CHANGES = 8
MOST_COUNTED = 99
LAST_STATEMENTS = 2_000  # changed last, among which drafts are looked for: there is no index of drafts in a million
SAME_WORK = datetime.timedelta(minutes=10)  # between two changes that are told in one line
DONE: dict[str, Promise] = {"+": _("added"), "~": _("changed"), "-": _("deleted")}


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


@dataclass(frozen=True)
class LastChange:
    """What somebody did: to one record, or in a row to several of a kind."""

    who: str
    done: Promise
    label: str  # the name of the record; of several the word for the kind
    number: int
    at: datetime.datetime
    reason: str
    url: str
    undo_url: str  # empty where nothing names what was done at once


class HomeContext(TypedDict):
    """What the first page shows."""

    text_drafts: Sequence[TextDraft]
    articles: list[ArticleInWork]
    drafts: list[DraftCount]
    changes: list[LastChange]


def home_context(user: User) -> HomeContext:
    """Return what waits for a curator, of what the curator may see. The number of queries does not grow with the rows."""
    may_add = user.has_perm("directory.add_source")
    seen = [model for model in kinds("api") if user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")]
    return {
        "text_drafts": list(
            TextDraft.objects.filter(owner=user).defer("original", "paragraphs", "before")[:MOST_ARTICLES]
        )
        if may_add
        else [],
        "articles": articles_in_work() if Source in seen else [],
        "drafts": draft_counts(seen),
        "changes": last_changes(seen),
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


def last_changes(models: Sequence[type[Record]]) -> list[LastChange]:
    """Return what was done last, by anybody, to records of these kinds. Two queries a kind at most."""
    rows: list[tuple[type[Record], Any]] = []
    for model in models:
        history = model.history.order_by("-history_date", "-history_id").select_related("history_user")  # type: ignore[attr-defined]
        fields = (
            "id",
            "history_date",
            "history_type",
            "history_change_reason",
            "history_user__first_name",
            "change_set",
        )
        rows += [
            (model, row)
            for row in history.only(*fields, "history_user__username", "history_user__last_name")[: 4 * MOST_CHANGES]
        ]
    rows.sort(key=lambda pair: pair[1].history_date, reverse=True)
    groups = _works(rows)[:MOST_CHANGES]
    labels = _labels([group[0] for group in groups])
    return [_change(group, labels) for group in groups]


def _works(rows: Iterable[tuple[type[Record], Any]]) -> list[list[tuple[type[Record], Any]]]:
    """Return versions, the newest first, in groups: what one person did to one kind of record for one reason without a break."""
    groups: list[list[tuple[type[Record], Any]]] = []
    open_groups: dict[tuple[object, ...], list[tuple[type[Record], Any]]] = {}
    for model, row in rows:
        key = (model, row.history_user_id, row.history_change_reason or "")
        group = open_groups.get(key)
        if group is None or group[-1][1].history_date - row.history_date > SAME_WORK:
            group = open_groups[key] = []
            groups.append(group)
        group.append((model, row))
    return groups


def _labels(rows: Iterable[tuple[type[Record], Any]]) -> dict[tuple[type[Record], int], str]:
    """Return the names of the records of these versions, in the reader's language. A query for each kind."""
    keys: dict[type[Record], set[int]] = {}
    for model, row in rows:
        keys.setdefault(model, set()).add(row.id)
    language = get_language() or ""
    names: dict[tuple[type[Record], int], str] = {}
    for model, ids in keys.items():
        records: QuerySet[Any] = model._base_manager.filter(pk__in=ids)
        if model is Statement:
            records = records.select_related("speaker", "speaker_organization")
        elif model is Source:
            records = records.defer("text", "paragraphs")
        names |= {(model, record.pk): name_in(record, language)[0] for record in records}
    return names


def _change(group: list[tuple[type[Record], Any]], labels: dict[tuple[type[Record], int], str]) -> LastChange:
    model, row = group[0]
    number, types = len({each.id for _model, each in group}), {each.history_type for _model, each in group}
    label = labels.get((model, row.id), "")
    is_one_act = row.change_set_id is not None and {each.change_set_id for _model, each in group} == {row.change_set_id}
    page = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    return LastChange(
        who=(row.history_user.get_full_name() or row.history_user.get_username()) if row.history_user else "",
        done=DONE["+" if "+" in types else "-" if types == {"-"} else "~"],
        label=label or str(model.singular_label()) if number == 1 else str(model.plural_label()),
        number=number,
        at=row.history_date,
        reason=shown_reason(row.history_change_reason),
        undo_url=reverse("admin:change_set", args=[row.change_set_id]) if is_one_act else "",
        url=reverse(f"{page}_history", args=[row.id]) if label and number == 1 else reverse(f"{page}_changelist"),
    )
