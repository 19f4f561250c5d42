"""Doubts as curators see them: the rows beside each other, each with the passages that speak for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, cast

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Model, QuerySet
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import get_language

from base.admin import may
from base.records.doubt import certainty_label, is_doubtful
from base.records.names import Name, NamedRecord
from base.records.provenance import Cited, Fact
from base.records.publishing import Publishable, Status
from base.records.records import Record
from base.sql.prepared import AnyOf
from base.text.date_words import date_in_words
from base.text.languages import name_in
from desk.descriptions import descriptions_of
from desk.doubles import NAMED_KINDS
from desk.doubts.kinds import Doubt
from directory.models import Passage
from events.models import EventPart, Statement
from events.wordings import with_words

MOST_PASSAGES = 4  # shown of one row
MOST_READ = 400  # passages of all rows of a page
FIRST_WORDS = 300  # characters of a passage


@dataclass(frozen=True)
class SupportingPassage:
    """A passage that speaks for a row. Its words are empty where the text of the source is not stored."""

    source: str
    source_language: str
    source_slug: str
    paragraph: int
    words: str
    language: str


@dataclass
class DoubtSide:
    """One row of a doubt."""

    key: int
    label: str
    language: str  # of the label; empty where it is in the reader's
    title: str  # the kind of the row, and the record it belongs to
    url: str  # of its form
    details: list[str] = field(default_factory=list)
    note: str = ""
    passages: list[SupportingPassage] = field(default_factory=list)
    passages_left_out: int = 0
    may_be_rejected: bool = False  # by this curator
    may_be_preferred: bool = False  # by this curator, who rejects the other one with it


@dataclass
class ShownDoubt:
    """A doubt with its rows."""

    doubt: Doubt
    title: str  # what it is about
    sides: list[DoubtSide]
    may_answer: bool
    may_prefer: bool

    @property
    def element(self) -> str:
        """The id of its element on the page."""
        return f"{self.doubt.model._meta.model_name}-{self.doubt.first}-{self.doubt.second}"

    @property
    def digest(self) -> str:
        """A text that is another one as soon as a row or a passage would be shown otherwise. The form carries it."""
        shown = [
            (
                side.key,
                side.label,
                side.language,
                side.title,
                side.details,
                side.note,
                side.passages,
                side.passages_left_out,
            )
            for side in self.sides
        ]
        return sha256(repr(shown).encode()).hexdigest()[:16]


def shown_doubts(doubts: Sequence[Doubt], user: User | AnonymousUser) -> list[ShownDoubt]:
    """Return a page of doubts; one whose rows are gone meanwhile is left out. Some four queries for each model."""
    keys: dict[type[Model], list[int]] = defaultdict(list)
    for doubt in doubts:
        keys[doubt.model] += doubt.keys
    sides = {model: _sides(model, of_model, user) for model, of_model in keys.items()}
    shown = []
    for doubt in doubts:
        of_doubt = [sides[doubt.model][key] for key in doubt.keys if key in sides[doubt.model]]
        if len(of_doubt) < len(doubt.keys):
            continue
        may_answer = may(user, "change", doubt.model)
        if may_answer and len(of_doubt) > 1 and issubclass(doubt.model, Fact):
            first, second = of_doubt
            of_doubt = [
                replace(first, may_be_preferred=second.may_be_rejected),
                replace(second, may_be_preferred=first.may_be_rejected),
            ]
        may_prefer = any(side.may_be_preferred for side in of_doubt)
        shown.append(ShownDoubt(doubt, of_doubt[0].title, of_doubt, may_answer, may_prefer))
    return shown


def _sides(model: type[Model], keys: Iterable[int], user: User | AnonymousUser) -> dict[int, DoubtSide]:
    """Return the rows of a model with these keys, by key."""
    rows = list(_rows(model).filter(AnyOf("pk", sorted(set(keys)))))
    public = set()
    if issubclass(model, Fact) and not may(user, "publish", model):
        public = set(
            model.objects.published().filter(AnyOf("pk", [row.pk for row in rows])).values_list("pk", flat=True)
        )
    described = {}
    if issubclass(model, NamedRecord) and model in NAMED_KINDS.values():
        described = descriptions_of(model, [row.pk for row in rows])
    cited = supporting_passages(model, [row.pk for row in rows]) if issubclass(model, Cited) else {}
    opts = model._meta
    sides = {}
    for row in rows:
        label, language = _label(row)
        passages = cited.get(row.pk, [])
        sides[row.pk] = DoubtSide(
            key=row.pk,
            label=label,
            language=language,
            title=_title(row),
            url=reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk]),
            details=[*_details(row), *([described[row.pk]] if row.pk in described else [])],
            note=getattr(row, "note", ""),
            passages=passages[:MOST_PASSAGES],
            passages_left_out=len(passages) - len(passages[:MOST_PASSAGES]),
            may_be_rejected=row.pk not in public,
        )
        if isinstance(row, Passage):
            sides[row.pk].passages = [_passage(row)]
    return sides


def _rows(model: type[Model]) -> QuerySet[Any]:
    rows = cast("QuerySet[Any]", model._base_manager.all())
    if model is Statement:
        return with_words(rows.select_related("speaker", "speaker_organization"), get_language() or "")
    if model is Passage:
        return _with_first_words(rows)
    if issubclass(model, Publishable) and model.public_parents and not issubclass(model, Record):
        return rows.select_related(*model.public_parents)
    return rows


def _with_first_words(rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.select_related("source").defer("source__text", "source__paragraphs")
    return rows.annotate(first_words=Substr("source__text", F("start") + 1, FIRST_WORDS))


def _label(row: Model) -> tuple[str, str]:
    """Return what a row says, and in which language; the language is empty where it is the reader's."""
    if isinstance(row, Statement):
        words = cast(Any, row)
        return f"{row.speaker_name}: {words.words}" if words.words else str(row), ""
    if isinstance(row, Name):
        return row.text, row.language
    if isinstance(row, Record):
        return name_in(row, get_language() or "")[0], ""
    return str(row), getattr(row, "language", "") if hasattr(row, "text") else ""


def _title(row: Model) -> str:
    """Return the kind of a row and the record it belongs to: “affiliation: Ann Lee”."""
    kind = str(row._meta.verbose_name)
    if isinstance(row, Record) or not isinstance(row, Publishable) or not row.public_parents:
        return kind
    return f"{kind}: {name_in(getattr(row, row.public_parents[0]), get_language() or '')[0]}"


def _details(row: Model) -> list[str]:
    """Return what else there is to know of a row, as texts: its dates, how certain it is, whether it is public."""
    details = []
    start, end = getattr(row, "start", ""), getattr(row, "end", "")
    if isinstance(start, str) and (start or end):
        details.append(" – ".join(date_in_words(each) if each else "…" for each in (start, end)))
    if isinstance(row, EventPart):
        dates = (date_in_words(each.date) if each.date else "…" for each in (row.event, row.parent))
        details.append(" ⊂ ".join(dates))
    certainty, status = getattr(row, "certainty", ""), getattr(row, "status", None)
    if certainty and is_doubtful(certainty):
        details.append(certainty_label(certainty))
    if status and status != Status.PUBLISHED:
        details.append(str(Status(status).label))
    return details


def supporting_passages(model: type[Cited], keys: Sequence[int]) -> dict[int, list[SupportingPassage]]:
    """Return the passages that rows cite, by row, in reading order; of all rows together MOST_READ. One query."""
    relation = f"{model._meta.model_name}_rows"
    rows = Passage._base_manager.filter(**{f"{relation}__in": list(keys)}).annotate(row=F(f"{relation}__pk"))
    passages: dict[int, list[SupportingPassage]] = defaultdict(list)
    for passage in _with_first_words(rows).order_by("source_id", "start", "end")[:MOST_READ]:
        passages[passage.row].append(_passage(passage))
    return passages


def _passage(passage: Any) -> SupportingPassage:
    source = passage.source
    words = (passage.first_words or "")[: passage.end - passage.start]
    return SupportingPassage(
        source.title, source.title_language, source.slug, passage.paragraph, words, source.language
    )
