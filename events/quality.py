"""Figures on the quality of the data, each with the rows behind it: facts without a passage, disputed rows, missing languages.

A check selects public rows of one or more models. All checks of a model are counted in one query.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import cast

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Exists, Model, OuterRef, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.lists import counting
from base.lists.counting import count_rows
from base.pages.lines import LineKind, RowLine, line_kind, row_lines
from base.records.provenance import Certainty, Cited
from base.records.publishing import PublishableQuerySet, published
from base.sql.prepared import Row
from directory.models import Passage, TopicName
from directory.models.sources import PassageCheck

from .models import KeptFigure, Statement, Wording

ModelClass = type[Model]
Condition = Callable[[ModelClass], Q]


def _without_passage(model: ModelClass) -> Q:
    """Select rows that cite no passage a reader could look up."""
    cited = Passage.objects.published().filter(**{f"{model._meta.model_name}_rows": OuterRef("pk")})
    return ~Q(Exists(cited))


def _one_source(model: ModelClass) -> Q:
    """Select rows that cite passages of one source and of no other."""
    rows = f"{model._meta.model_name}_rows"
    cited = Passage.objects.published().filter(**{rows: OuterRef("pk")})
    elsewhere = (
        Passage.objects.published().filter(**{rows: OuterRef(OuterRef("pk"))}).exclude(source=OuterRef("source"))
    )
    return Q(Exists(cited)) & ~Q(Exists(cited.filter(Exists(elsewhere))))


def _without_wording(language: str) -> Condition:
    def condition(model: ModelClass) -> Q:
        wordings = Wording.objects.published().filter(statement=OuterRef("pk"))
        return ~Q(Exists(wordings.filter(Q(language=language) | Q(language__startswith=f"{language}-"))))

    return condition


def _without_translation(language: str) -> Condition:
    """Select rows of which a text is neither written in a language nor translated into it."""

    def condition(model: ModelClass) -> Q:
        texts = cast("type[Cited]", model)
        missing = Q()
        for name in texts.translated_fields:
            column = texts.language_column(name)
            own = Q(**{column: language}) | Q(**{f"{column}__startswith": f"{language}-"})
            missing |= ~Q(**{name: ""}) & ~own & Q(**{f"translations__{language}__{name}__isnull": True})
        return missing

    return condition


def _certainty(value: str) -> Condition:
    return lambda model: Q(certainty=value)


def _passage_state(value: str) -> Condition:
    return lambda model: Q(check_state=value)


@dataclass(frozen=True)
class QualityCheck:
    """One figure: what it counts, why it matters, and which rows it selects."""

    key: str
    label: str | Promise
    meaning: str | Promise
    models: Callable[[], list[ModelClass]]
    condition: Condition

    def __reduce__(self) -> tuple[Callable[[str], QualityCheck], tuple[str]]:
        """Pickle a check as its key, since figures are cached and functions cannot be pickled."""
        return quality_check, (self.key,)

    def rows(self, model: ModelClass) -> PublishableQuerySet:
        """Return the public rows of a model that the check selects."""
        return published(model).filter(self.condition(model)).order_by("pk")


def quality_check(key: str) -> QualityCheck:
    """Return the check of this key. Raises KeyError."""
    return CHECKS[key]


def checked_models() -> list[ModelClass]:
    """Return every model whose rows cite passages, statements first. Names of topics are chosen by the editors and cite none."""
    models: list[ModelClass] = [
        model for model in apps.get_models() if issubclass(model, Cited) and model is not TopicName
    ]
    return sorted(models, key=lambda model: (model is not Statement, model._meta.label))


def _statements() -> list[ModelClass]:
    return [Statement]


def _passages() -> list[ModelClass]:
    return [Passage]


_TEXTS = _(
    "Roles, labels, places, descriptions and notes in our words that such a reader is shown in another language."
)
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
                "The text of the source is not stored on this site, so this site cannot compare the hash with it again. "
                "The page of the source says when the editors last did; you can do it, too."
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
        QualityCheck(
            "texts-no-thai", _("Texts of ours without Thai"), _TEXTS, checked_models, _without_translation("th")
        ),
        QualityCheck(
            "texts-no-vietnamese",
            _("Texts of ours without Vietnamese"),
            _TEXTS,
            checked_models,
            _without_translation("vi"),
        ),
    )
}


@dataclass(frozen=True)
class FigurePart:
    """The result of a check for one model: `count` rows of `total`. Both are None if the table is long and was not counted yet."""

    model: ModelClass
    count: int | None
    total: int | None
    keys: list[int] | None = None  # of a long table: those of the first rows that were selected
    counted_at: datetime.datetime | None = None

    @property
    def readable(self) -> int:
        """How many of the rows the site can list."""
        return len(self.keys) if self.keys is not None else self.count or 0


@dataclass(frozen=True)
class Figure:
    """The result of a check for all its models. A number is None if it is not known for one of them."""

    check: QualityCheck
    parts: list[FigurePart]

    @property
    def count(self) -> int | None:
        """How many rows the check selects."""
        return _sum(part.count for part in self.parts)

    @property
    def total(self) -> int | None:
        """How many rows were checked."""
        return _sum(part.total for part in self.parts)

    @property
    def counted_at(self) -> datetime.datetime | None:
        """When the oldest part was counted; None if all of it is counted now."""
        return min((part.counted_at for part in self.parts if part.counted_at), default=None)


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = list(numbers)
    return None if None in known else sum(number or 0 for number in known)


def figures(keys: Collection[str] = tuple(CHECKS)) -> list[Figure]:
    """Return the figures of these checks. At most two queries a model, and one for the stored figures.

    A table that is short enough for pages to count is counted now; of a longer one these are the figures that `count_quality`
    stored last.
    """
    checks = [CHECKS[key] for key in keys]
    stored = {(row.check_key, row.kind): row for row in KeptFigure.objects.defer("rows").filter(check_key__in=keys)}
    parts: dict[str, list[FigurePart]] = {check.key: [] for check in checks}
    for model in {model: None for check in checks for model in check.models()}:
        checks_of_model = [check for check in checks if model in check.models()]
        if count_rows(published(model)).more:
            for check in checks_of_model:
                row = stored.get((check.key, model._meta.label))
                part = FigurePart(model, None, None, [])
                if row:
                    part = FigurePart(model, row.count, row.total, row.rows, row.counted_at)
                parts[check.key].append(part)
        else:
            for check, number, total in count_checks(model, checks_of_model):
                parts[check.key].append(FigurePart(model, number, total))
    return [Figure(check, parts[check.key]) for check in checks]


def count_checks(model: ModelClass, checks: list[QualityCheck]) -> list[tuple[QualityCheck, int, int]]:
    """Return (check, rows it selects, rows of the model) for each of these checks. One query, over the whole table."""
    names = {check.key.replace("-", "_"): check for check in checks}
    counts = {name: Count("pk", filter=check.condition(model)) for name, check in names.items()}
    numbers = published(model).order_by().aggregate(total=Count("pk"), **counts)
    return [(check, numbers[name], numbers["total"]) for name, check in names.items()]


def store_figures() -> int:
    """Count every check in the long tables, and store the figures for pages; return how many there are."""
    now, rows = timezone.now(), []
    for model in {model: None for check in CHECKS.values() for model in check.models()}:
        if not count_rows(published(model)).more:
            continue
        for check, number, total in count_checks(model, [c for c in CHECKS.values() if model in c.models()]):
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
    """The rows that a check selects, model after model, as one sequence that is read a page at a time.

    Of a long table these are the first rows that were selected when it was counted, without those corrected since.
    """

    def __init__(self, check: QualityCheck, figure: Figure | None = None) -> None:
        self.check = check
        self.figure = figure or figures([check.key])[0]

    def count(self) -> int:
        """Return how many rows the sequence has."""
        return sum(part.readable for part in self.figure.parts)

    __len__ = count

    def __getitem__(self, place: slice) -> list[RowLine]:
        """Return the lines of one page."""
        return row_lines(self.read(place.start, place.stop))

    def read(self, start: int, stop: int) -> list[tuple[LineKind, list[Row]]]:
        """Return the rows of one page, read by the plans of their kinds. One query a kind."""
        pages = []
        for part in self.figure.parts:
            if start < part.readable and stop > 0:
                first, last = max(start, 0), min(stop, part.readable)
                kind, rows, keys = line_kind(part.model), self.check.rows(part.model), part.keys
                of_page = rows[first:last] if keys is None else rows.filter(pk__in=keys[first:last])
                pages.append((kind, kind.plan.read(of_page)))
            start, stop = start - part.readable, stop - part.readable
        return pages
