"""What was made of a source: the rows that cite one paragraph, and the counts in the head of the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.db.models import Count, ForeignKey, Prefetch, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.admin import mark_rows_in_review, status_in_words
from base.records.provenance import Certainty
from base.records.publishing import Publishable, Status
from base.records.support import cited_models
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from events.models import Statement, Wording
from events.models.statements import Nature

MOST_ROWS = 30  # of one kind that are listed beside a paragraph
WORDS_SHOWN = 30


@dataclass(frozen=True)
class MadeRow:
    """A row that cites a paragraph."""

    kind: str
    text: str
    status: str
    status_label: str
    doubt: str  # how certain, where it is not stated
    url: str
    words: str = ""  # of a statement, a text of it
    language: str = ""
    is_printed: bool = False  # whether these words are a quotation
    record: str = ""  # of a record, what `record=` of the card that cites takes


@dataclass(frozen=True)
class MadeCounts:
    """The counts in the head of the page."""

    statements: int
    drafts: int
    problems: list[str]


def rows_citing_paragraph(source: Source, paragraph: int) -> Iterator[MadeRow]:
    """Yield the rows that cite passages of a paragraph, statements first. A query for each kind that cites, and one."""
    passages = Passage._base_manager.filter(source=source, paragraph=paragraph).values("pk")
    models = sorted(cited_models(), key=lambda model: model is not Statement)
    citing: list[Publishable] = []
    for model in models:
        rows: QuerySet[Any] = cast(Any, model)._base_manager.filter(passages__in=passages).distinct()
        keys = [
            field.name for field in model._meta.fields if isinstance(field, ForeignKey) and field.name in _shown(model)
        ]
        rows = rows.select_related(*keys)
        if model is Statement:
            rows = rows.prefetch_related(Prefetch("wordings", Wording._base_manager.order_by("uid")))
        citing += rows.order_by("pk")[:MOST_ROWS]
    mark_rows_in_review(citing)
    for row in citing:
        yield made_row(row)


def _shown(model: type[Publishable]) -> set[str]:
    return {*model.public_parents, "speaker", "speaker_organization"}


def made_row(row: Publishable) -> MadeRow:
    """Return how a row that cites a source is listed. No query if its parents and wordings are loaded."""
    statement = row if isinstance(row, Statement) else None
    wording = _wording_of(statement) if statement is not None else None
    certainty = getattr(row, "certainty", Certainty.STATED)
    opts = row._meta
    try:
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])
    except NoReverseMatch:  # a row without a page of its own stands on that of its record
        url = ""
    return MadeRow(
        kind=str(statement.get_statement_kind_display() if statement is not None else opts.verbose_name),
        text=(statement.speaker_name or _("nobody named yet")) if statement is not None else str(row),
        status=str(row.status),
        status_label=status_in_words(row),
        doubt="" if certainty == Certainty.STATED else str(Certainty(certainty).label),
        url=url,
        words=Truncator(wording.text).words(WORDS_SHOWN) if wording is not None else "",
        language=wording.language if wording is not None else "",
        is_printed=wording is not None and wording.nature == Nature.VERBATIM,
        record=f"{opts.label_lower}:{row.pk}",
    )


def _wording_of(statement: Statement) -> Wording | None:
    """Return the words as printed, else any text of a statement. No query if they are loaded."""
    wordings = list(statement.wordings.all())
    return min(wordings, key=lambda wording: wording.nature != Nature.VERBATIM, default=None)


def counts_of(source: Source) -> MadeCounts:
    """Return the counts of a source. Three queries."""
    statements = Statement._base_manager.filter(passages__source=source).exclude(status=Status.WITHDRAWN)
    numbers = statements.aggregate(
        all=Count("pk", distinct=True), drafts=Count("pk", filter=Q(status=Status.DRAFT), distinct=True)
    )
    passages: QuerySet[Any] = Passage._base_manager.filter(source=source)
    changed = passages.filter(check_state=PassageCheck.CHANGED).count()
    unproven = Wording._base_manager.filter(nature=Nature.VERBATIM, passage__source=source, proven=False)
    problems = [
        (
            changed,
            ngettext("%(count)s passage does not match the text", "%(count)s passages do not match the text", changed),
        ),
        (
            count := unproven.count(),
            ngettext(
                "%(count)s quote is not proven by its passage",
                "%(count)s quotes are not proven by their passages",
                count,
            ),
        ),
    ]
    told = [text % {"count": number} for number, text in problems if number]
    return MadeCounts(numbers["all"], numbers["drafts"], told)
