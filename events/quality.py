"""Open figures on our own quality: what a careful reader should know, each figure with the rows behind it.

A check selects public rows of one or more kinds. The page of figures asks one query a kind, whatever the number of checks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from directory.base.provenance import Certainty, Cited, with_passages
from directory.models import Passage, TopicName
from directory.models.sources import Check as PassageCheck

from .models import Statement, Wording


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
class Check:
    """One figure: what it counts, why it matters, and which rows it selects."""

    key: str
    label: str | Promise
    meaning: str | Promise
    models: Callable[[], list[Any]]
    condition: Callable[[Any], Q]

    def rows(self, model: Any) -> QuerySet[Any]:
        """Return the public rows of one kind."""
        found: QuerySet[Any] = model.objects.published().filter(self.condition(model))
        return found.order_by("pk")


def cited_models() -> list[Any]:
    """Return every kind of row that cites passages, statements first. Names of topics are ours and cite none."""
    found = [m for m in apps.get_models() if issubclass(m, Cited) and m is not TopicName]
    return sorted(found, key=lambda model: (model is not Statement, model._meta.label))


def _statements() -> list[Any]:
    return [Statement]


def _passages() -> list[Any]:
    return [Passage]


_WORDING = _("Statements that a reader of this language cannot read yet in any wording.")
CHECKS = {
    check.key: check
    for check in (
        Check(
            "without-passage",
            _("Facts without a passage"),
            _(
                "Names, links, descriptions and statements that point at no passage. Knowledge from outside the sources."
            ),
            cited_models,
            _without_passage,
        ),
        Check(
            "one-source",
            _("Statements resting on one source"),
            _("What only one source says. A second one would make it firmer, or show that it is wrong."),
            _statements,
            _one_source,
        ),
        Check(
            "unverified",
            _("Passages not checked here"),
            _(
                "The text of the source is not stored on this site, so the hash was not compared with it. You can do it."
            ),
            _passages,
            _passage_state(PassageCheck.UNVERIFIED),
        ),
        Check(
            "changed",
            _("Passages that changed"),
            _("The stored text has other words there now than when the passage was recorded."),
            _passages,
            _passage_state(PassageCheck.CHANGED),
        ),
        Check(
            "inferred",
            _("Inferred rows"),
            _("A curator concluded it; the note says from what."),
            cited_models,
            _certainty(Certainty.INFERRED),
        ),
        Check(
            "disputed",
            _("Disputed rows"),
            _("Passages contradict each other; every reading is kept."),
            cited_models,
            _certainty(Certainty.DISPUTED),
        ),
        Check(
            "rejected",
            _("Rejected rows"),
            _("Other passages overrule this reading; it is kept so that readers see both."),
            cited_models,
            _certainty(Certainty.REJECTED),
        ),
        Check("no-english", _("Statements without English"), _WORDING, _statements, _without_wording("en")),
        Check("no-thai", _("Statements without Thai"), _WORDING, _statements, _without_wording("th")),
        Check("no-vietnamese", _("Statements without Vietnamese"), _WORDING, _statements, _without_wording("vi")),
    )
}


@dataclass(frozen=True)
class Figure:
    """What a check found: how many rows, of how many."""

    check: Check
    count: int
    total: int


def counts_of(check: Check) -> list[tuple[Any, int]]:
    """Return how many rows of each kind a check selects. One query a kind."""
    return [(model, check.rows(model).count()) for model in check.models()]


def figures() -> list[Figure]:
    """Return every figure. One query a kind of row, however many checks look at it."""
    found: dict[str, int] = dict.fromkeys(CHECKS, 0)
    totals: dict[str, int] = dict.fromkeys(CHECKS, 0)
    models = {model: None for check in CHECKS.values() for model in check.models()}
    for model in models:
        mine = [check for check in CHECKS.values() if model in check.models()]
        names = {check.key.replace("-", "_"): check for check in mine}
        asked = {name: Count("pk", filter=check.condition(model)) for name, check in names.items()}
        numbers = model.objects.published().order_by().aggregate(total=Count("pk"), **asked)
        for name, check in names.items():
            found[check.key] += numbers[name]
            totals[check.key] += numbers["total"]
    return [Figure(check, found[check.key], totals[check.key]) for check in CHECKS.values()]


class Rows:
    """The rows of a check, kind after kind, as one sequence that is read a page at a time."""

    def __init__(self, check: Check) -> None:
        self.check = check
        self.counts = counts_of(check)

    def count(self) -> int:
        """Return how many there are."""
        return sum(count for _model, count in self.counts)

    __len__ = count

    def __getitem__(self, part: slice) -> list[Any]:
        """Return the rows of one page, each with what its line shows."""
        rows: list[Any] = []
        start, stop = part.start, part.stop
        for model, count in self.counts:
            if start < count and stop > 0:
                rows += self._loaded(model)[max(start, 0) : min(stop, count)]
            start, stop = start - count, stop - count
        return rows

    def _loaded(self, model: Any) -> QuerySet[Any]:
        rows = self.check.rows(model)
        if model is Passage:
            return rows.select_related("source").defer("source__text")
        rows = rows.prefetch_related(*with_passages(""))
        if hasattr(rows, "for_source"):
            return rows.for_source()
        return rows.select_related(*model.public_parents) if model.public_parents else rows
