"""What a report is about, beside the report: the record as it is today, its words or names, and the passages behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import get_language

from base.records.kinds import kinds
from base.records.names import NamedRecord
from base.records.provenance import Cited
from base.records.records import Record
from base.records.resolution import former_ids_of
from base.records.successors import successors
from base.text.languages import name_in
from directory.models import Passage, Source
from events.models import Statement
from events.wordings import with_words

from .models import Report
from .waiting import name_of_subject

MOST_TEXTS, MOST_PASSAGES = 10, 10  # shown of one record
FIRST_WORDS = 400  # characters of a passage


@dataclass(frozen=True)
class EvidenceText:
    """A wording, or a name, in its language."""

    text: str
    language: str


@dataclass(frozen=True)
class EvidencePassage:
    """A passage; its words are empty where the text of the source is not stored."""

    source: Source
    paragraph: int
    words: str


@dataclass(frozen=True)
class ReportedRecord:
    """The record of a report as it is today."""

    label: str
    form_url: str
    texts: list[EvidenceText]
    passages: list[EvidencePassage]


def reported_record(report: Report) -> ReportedRecord | None:
    """Return the record that a report names, or what it was merged into; None if there is none any more. Some six queries."""
    model = {kind.kind: kind for kind in kinds()}.get(report.record_kind)
    row = _row(model, report.record_id) if model is not None else None
    if row is None:
        return None
    opts = row._meta
    return ReportedRecord(
        label=name_of_subject(row),
        form_url=reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]),
        texts=[EvidenceText(text, language) for text, language in _texts(row)],
        passages=[
            EvidencePassage(each.source, each.paragraph, (each.first_words or "")[: each.end - each.start])
            for each in _passages(row)
        ],
    )


def name_records(reports: Iterable[Report]) -> None:
    """Give reports what their records are called today as `record_name`: of statements their words. One query for each kind."""
    models = {kind.kind: kind for kind in kinds()}
    of_kind: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        of_kind[report.record_kind].append(report)
    language = get_language() or ""
    for kind, rows in of_kind.items():
        if (model := models.get(kind)) is None:
            continue
        records: QuerySet[Any] = model._base_manager.filter(slug__in={report.record_id for report in rows})
        if issubclass(model, Statement):
            records = with_words(records.select_related("speaker", "speaker_organization"), language)
        elif issubclass(model, Source):
            records = records.defer("text")
        names = {record.slug: getattr(record, "words", "") or name_in(record, language)[0] for record in records}
        for report in rows:
            report.record_name = names.get(report.record_id, "")  # type: ignore[attr-defined]


def _row(model: type[Record], slug: str) -> Record | None:
    """Return the record of a public id, be it a former one, or what it was merged into."""
    key = model._base_manager.filter(slug=slug).values_list("pk", flat=True).first()
    if key is None:
        key = former_ids_of(model).filter(slug=slug).values_list("record", flat=True).first()
    if key is None:
        return None
    return model._base_manager.filter(pk=successors(model, [key])[key]).first()


def _texts(row: Record) -> Iterable[tuple[str, str]]:
    if isinstance(row, Statement):
        rows: Any = row.wordings.order_by("nature", "language", "pk")
    elif isinstance(row, NamedRecord):
        rows = row.names.order_by("position", "uid")  # type: ignore[attr-defined]
    else:
        return []
    texts: Iterable[tuple[str, str]] = rows.values_list("text", "language")[:MOST_TEXTS]
    return texts


def _passages(row: Record) -> Iterable[Any]:
    """Return the passages of a record; of one that cites none itself, those of its names."""
    if isinstance(row, Cited):
        rows = Passage._base_manager.filter(**{f"{row._meta.model_name}_rows": row.pk})
    elif isinstance(row, NamedRecord):
        names = row.names.model._meta.model_name  # type: ignore[attr-defined]
        rows = Passage._base_manager.filter(**{f"{names}_rows__in": row.names.all()}).distinct()  # type: ignore[attr-defined]
    else:
        return []
    rows = rows.select_related("source").defer("source__text", "source__paragraphs")
    rows = rows.annotate(first_words=Substr("source__text", F("start") + 1, FIRST_WORDS))
    return rows.order_by("source_id", "start", "end")[:MOST_PASSAGES]
