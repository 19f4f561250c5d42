"""Open figures on our own quality: what a careful reader should know, each figure with the rows behind it.

A check selects public rows of one or more kinds. The page of figures asks one query a kind, whatever the number of checks.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.lists import counting
from base.lists.counting import count_rows
from base.pages.lines import RowLine, line_kind, row_lines
from base.records.provenance import Certainty, Cited
from directory.models import Passage, TopicName
from directory.models.sources import PassageCheck

from .models import KeptFigure, Statement, Wording


def _without_passage(model: Any) -> Q:
    """Select rows that cite no passage a reader could look up."""
    cited = Passage.objects.published().filter(**{f"{model._meta.model_name}_rows": OuterRef("pk")})
    return ~Q(Exists(cited))


def _one_source(model: Any) -> Q:
    """Select rows that cite passages of one source and of no other."""
    rows = f"{model._meta.model_name}_rows"
    cited = Passage.objects.published().filter(**{rows: OuterRef("pk")})
    beside = Passage.objects.published().filter(**{rows: OuterRef(OuterRef("pk"))}).exclude(source=OuterRef("source"))
    return Q(Exists(cited)) & ~Q(Exists(cited.filter(Exists(beside))))


def _without_wording(language: str) -> Callable[[Any], Q]:
    def condition(model: Any) -> Q:
        wordings = Wording.objects.published().filter(statement=OuterRef("pk"))
        return ~Q(Exists(wordings.filter(Q(language=language) | Q(language__startswith=f"{language}-"))))

    return condition


def _certainty(value: str) -> Callable[[Any], Q]:
    return lambda model: Q(certainty=value)


def _passage_state(value: str) -> Callable[[Any], Q]:
    return lambda model: Q(check_state=value)


@dataclass(frozen=True)
class QualityCheck:
    """One figure: what it counts, why it matters, and which rows it selects."""

    key: str
    label: str | Promise
    meaning: str | Promise
    models: Callable[[], list[Any]]
    condition: Callable[[Any], Q]

    def __reduce__(self) -> tuple[Callable[[str], QualityCheck], tuple[str]]:
        """Pickle a check as its key: pages keep figures in a cache, and functions cannot be pickled."""
        return check_of, (self.key,)

    def rows(self, model: Any) -> QuerySet[Any]:
        """Return the public rows of one kind."""
        rows: QuerySet[Any] = model.objects.published().filter(self.condition(model))
        return rows.order_by("pk")


def check_of(key: str) -> QualityCheck:
    """Return the check of this key. Raises KeyError."""
    return CHECKS[key]


def checked_models() -> list[Any]:
    """Return every kind of row that cites passages, statements first. Names of topics are ours and cite none."""
    models = [model for model in apps.get_models() if issubclass(model, Cited) and model is not TopicName]
    return sorted(models, key=lambda model: (model is not Statement, model._meta.label))


def _statements() -> list[Any]:
    return [Statement]


def _passages() -> list[Any]:
    return [Passage]


_WORDING = _("Statements that a reader of this language cannot read yet in any wording.")
CHECKS = {
    check.key: check
    for check in (
        QualityCheck(
            "without-passage",
            _("Facts without a passage"),
            _(
                "Names, links, descriptions and statements that point at no passage. Knowledge from outside the sources."
            ),
            checked_models,
            _without_passage,
        ),
        QualityCheck(
            "one-source",
            _("Statements resting on one source"),
            _("What only one source says. A second one would make it firmer, or show that it is wrong."),
            _statements,
            _one_source,
        ),
        QualityCheck(
            "unverified",
            _("Passages not checked here"),
            _(
                "The text of the source is not stored on this site, so the hash was not compared with it. You can do it."
            ),
            _passages,
            _passage_state(PassageCheck.UNVERIFIED),
        ),
        QualityCheck(
            "changed",
            _("Passages that changed"),
            _("The stored text has other words there now than when the passage was recorded."),
            _passages,
            _passage_state(PassageCheck.CHANGED),
        ),
        QualityCheck(
            "inferred",
            _("Inferred rows"),
            _("A curator concluded it; the note says from what."),
            checked_models,
            _certainty(Certainty.INFERRED),
        ),
        QualityCheck(
            "disputed",
            _("Disputed rows"),
            _("Passages contradict each other; every reading is kept."),
            checked_models,
            _certainty(Certainty.DISPUTED),
        ),
        QualityCheck(
            "rejected",
            _("Rejected rows"),
            _("Other passages overrule this reading; it is kept so that readers see both."),
            checked_models,
            _certainty(Certainty.REJECTED),
        ),
        QualityCheck("no-english", _("Statements without English"), _WORDING, _statements, _without_wording("en")),
        QualityCheck("no-thai", _("Statements without Thai"), _WORDING, _statements, _without_wording("th")),
        QualityCheck(
            "no-vietnamese", _("Statements without Vietnamese"), _WORDING, _statements, _without_wording("vi")
        ),
    )
}


@dataclass(frozen=True)
class FigurePart:
    """What a check found in one kind of row. `count` and `total` are None if the kind is long and was not counted yet."""

    model: Any
    count: int | None
    total: int | None
    keys: list[int] | None = None  # of a long kind: those of the first rows it found
    counted_at: datetime.datetime | None = None

    @property
    def readable(self) -> int:
        """The number of rows that can be looked at here."""
        return len(self.keys) if self.keys is not None else self.count or 0


@dataclass(frozen=True)
class Figure:
    """What a check found: how many rows, of how many; None if that is not known."""

    check: QualityCheck
    parts: list[FigurePart]

    @property
    def count(self) -> int | None:
        """The number of rows of all kinds together."""
        return _sum(part.count for part in self.parts)

    @property
    def total(self) -> int | None:
        """The number of rows that were looked at."""
        return _sum(part.total for part in self.parts)

    @property
    def counted_at(self) -> datetime.datetime | None:
        """When the longest known of it was counted; None for what is counted now."""
        return min((part.counted_at for part in self.parts if part.counted_at), default=None)


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


def figures(keys: Collection[str] = tuple(CHECKS)) -> list[Figure]:
    """Return these figures. At most two queries a kind of row and one for what is kept, however many checks look at it.

    A kind of at most as many rows as pages count is counted now; of a longer one these are the figures that `count_quality`
    stored last.
    """
    checks = [CHECKS[key] for key in keys]
    kept = {(row.check_key, row.kind): row for row in KeptFigure.objects.defer("rows").filter(check_key__in=keys)}
    parts: dict[str, list[FigurePart]] = {check.key: [] for check in checks}
    for model in {model: None for check in checks for model in check.models()}:
        mine = [check for check in checks if model in check.models()]
        if count_rows(model.objects.published()).more:
            for check in mine:
                row = kept.get((check.key, model._meta.label))
                part = FigurePart(model, None, None, [])
                if row:
                    part = FigurePart(model, row.count, row.total, row.rows, row.counted_at)
                parts[check.key].append(part)
        else:
            for check, number, total in counted_now(model, mine):
                parts[check.key].append(FigurePart(model, number, total))
    return [Figure(check, parts[check.key]) for check in checks]


def counted_now(model: Any, checks: list[QualityCheck]) -> list[tuple[QualityCheck, int, int]]:
    """Return what each of these checks finds in a kind of row, and of how many rows. One query, over the whole table."""
    names = {check.key.replace("-", "_"): check for check in checks}
    asked = {name: Count("pk", filter=check.condition(model)) for name, check in names.items()}
    numbers = model.objects.published().order_by().aggregate(total=Count("pk"), **asked)
    return [(check, numbers[name], numbers["total"]) for name, check in names.items()]


def keep_figures() -> int:
    """Count every check in the kinds that are long, and keep what was found; return how many figures that are."""
    now, rows = timezone.now(), []
    for model in {model: None for check in CHECKS.values() for model in check.models()}:
        if not count_rows(model.objects.published()).more:
            continue
        for check, number, total in counted_now(model, [c for c in CHECKS.values() if model in c.models()]):
            keys = list(check.rows(model).values_list("pk", flat=True)[: counting.MOST_COUNTED]) if number else []
            label = model._meta.label
            rows.append(
                KeptFigure(check_key=check.key, kind=label, count=number, total=total, rows=keys, counted_at=now)
            )
    with transaction.atomic():
        KeptFigure.objects.all().delete()
        KeptFigure.objects.bulk_create(rows)
    return len(rows)


class QualityRows:
    """The rows of a check, kind after kind, as one sequence that is read a page at a time.

    Of a long kind it has the first rows that were found when it was counted, without those that are mended meanwhile.
    """

    def __init__(self, check: QualityCheck) -> None:
        self.check = check
        (self.figure,) = figures([check.key])

    def count(self) -> int:
        """Return how many there are to read."""
        return sum(part.readable for part in self.figure.parts)

    __len__ = count

    def __getitem__(self, part: slice) -> list[RowLine]:
        """Return the lines of one page."""
        parts = []
        start, stop = part.start, part.stop
        for model_part in self.figure.parts:
            if start < model_part.readable and stop > 0:
                first, last = max(start, 0), min(stop, model_part.readable)
                kind, rows, keys = line_kind(model_part.model), self.check.rows(model_part.model), model_part.keys
                of_page = rows[first:last] if keys is None else rows.filter(pk__in=keys[first:last])
                parts.append((kind, kind.plan.read(of_page)))
            start, stop = start - model_part.readable, stop - model_part.readable
        return row_lines(parts)
