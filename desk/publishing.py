"""Publishing at once what was made of one article: its source, and all drafts that cite it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base.admin import DATABASE_REFUSALS, may, publish, sentence_of_refusal
from base.records.change_reasons import ChangeReason
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.records.support import cited_models, rests_on_records
from desk.reading.made import MadeRow, made_row
from directory.models import Source
from events.models import Event, Statement, Wording

MOST_DRAFTS = 200  # of one kind that are listed
PUBLISHED_WITH = ChangeReason(gettext_noop("Published with %s"))


@dataclass
class Outcome:
    """What became of the drafts that a curator wanted published."""

    published: list[tuple[MadeRow, str]] = field(
        default_factory=list
    )  # with the address for readers; empty if it has none
    refused: list[tuple[MadeRow, list[str]]] = field(default_factory=list)  # with the reasons, as sentences
    gone: int = 0  # that are no drafts of this article any more


def drafts_of_article(source: Source) -> list[MadeRow]:
    """Return what is a draft and would be read with the article: the source, what cites it, and what that rests on.

    They are in the order in which they can be published, each behind what it rests on. One query for each kind of row that cites.
    """
    return [made_row(row) for row in sorted(_drafts(source), key=_place)]


def _drafts(source: Source) -> Iterator[Publishable]:
    if source.status == Status.DRAFT:
        yield source
    seen: set[tuple[type[Publishable], int]] = set()
    for model in sorted(
        cited_models(), key=lambda model: model is not Statement
    ):  # a relation of statements names them
        parents = [name for name, _kind in rests_on_records(model)]
        is_draft = Q(status=Status.DRAFT)
        for name in parents:
            is_draft |= Q(**{f"{name}__status": Status.DRAFT})
        rows: QuerySet[Any] = cast(Any, model)._base_manager.filter(is_draft, passages__source=source).distinct()
        rows = rows.exclude(status=Status.WITHDRAWN).select_related(*parents)
        if model is Statement:
            rows = rows.prefetch_related(Prefetch("wordings", Wording._base_manager.order_by("uid")))
        for row in rows.order_by("pk")[:MOST_DRAFTS]:
            for each in [*(getattr(row, name) for name in parents), row]:
                if each is not None and each.status == Status.DRAFT and (type(each), each.pk) not in seen:
                    seen.add((type(each), each.pk))
                    yield each


def _place(row: Publishable) -> tuple[int, int]:
    """Return the place of a row among those to be published: a source first, then what is named, what happened and was said."""
    if not isinstance(row, Record):
        return 4, row.pk
    return {Source: 0, Event: 2, Statement: 3}.get(type(row), 1), row.pk


def publish_drafts(request: HttpRequest, source: Source, wanted: Collection[str]) -> Outcome:
    """Publish the drafts of an article whose `MadeRow.record` is wanted, each on its own, and tell what cannot be and why."""
    outcome = Outcome()
    drafts = sorted(_drafts(source), key=_place)
    for row in drafts:
        made = made_row(row)
        if made.record in wanted:
            reasons = _publish_one(request, row, PUBLISHED_WITH(source.slug))
            if reasons:
                outcome.refused.append((made, reasons))
            else:
                outcome.published.append((made, row.get_absolute_url() if isinstance(row, Record) else ""))
    outcome.gone = len(set(wanted)) - len(outcome.published) - len(outcome.refused)
    return outcome


def _publish_one(request: HttpRequest, draft: Publishable, reason: str) -> list[str]:
    """Publish one draft, or return why it cannot be. It is read anew, because what it rests on may be public by now."""
    model = type(draft)
    if not may(request.user, "publish", model):
        return [_("“%s” has to be published by an editor; save a draft.") % draft]
    try:
        with transaction.atomic():
            rows = cast(Any, model)._base_manager.select_for_update(of=("self",))
            row = rows.filter(pk=draft.pk, status=Status.DRAFT).first()
            if row is None:
                return [_("Somebody else has just changed it.")]
            return publish(row, reason, request.user)
    except DATABASE_REFUSALS as error:
        return [sentence_of_refusal(error)]
