"""Finding records by their names: best first, and by which spelling."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from base.lists.search import found, words_of
from base.records.records import NameKind
from base.text.names import fold, loose, romanised

# What a record is called; the other kinds are ways to write it. An exact spelling of any kind comes first.
CALLED = (NameKind.OFFICIAL, NameKind.TRANSLATION)
EXACT, BEGINS, WORD_BEGINS, SPELLING_BEGINS, SPELLED_WORD_BEGINS, SPELLED, LOOSE, ELSE = range(8)


def ranked(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Return the named records that match, with `rank`, best first."""
    relation: Any = rows.model._meta.get_field("names")
    names = relation.related_model.objects.published().filter(**{relation.field.name: OuterRef("pk")})
    folded = fold(query)
    called, begins, word_begins = Q(kind__in=CALLED), Q(folded__startswith=folded), Q(folded__contains=f" {folded}")
    level = Case(
        When(folded=folded, then=Value(EXACT)),
        When(called & begins, then=Value(BEGINS)),
        When(called & word_begins, then=Value(WORD_BEGINS)),
        When(begins, then=Value(SPELLING_BEGINS)),
        When(word_begins, then=Value(SPELLED_WORD_BEGINS)),
        default=Value(SPELLED),
        output_field=IntegerField(),
    )
    best = names.filter(_holds("folded", words_of(query))).annotate(level=level).order_by("level").values("level")[:1]
    signs_differ = When(_holds("search", [loose(word) or word for word in words_of(query)]), then=Value(LOOSE))
    rest = Case(signs_differ, default=Value(ELSE), output_field=IntegerField())
    return found(rows, query).annotate(rank=Coalesce(Subquery(best), rest)).order_by("rank", "sort_key", "slug")


def level_of(name: Any, query: str) -> int:
    """Return how well one loaded name matches: the ladder of `ranked`."""
    folded, words = fold(query), words_of(query)
    if not all(word in name.folded for word in words):
        return LOOSE if spells(name.text, words) else ELSE
    if name.folded == folded:
        return EXACT
    called = name.kind in CALLED
    if name.folded.startswith(folded):
        return BEGINS if called else SPELLING_BEGINS
    if f" {folded}" in name.folded:
        return WORD_BEGINS if called else SPELLED_WORD_BEGINS
    return SPELLED


def reason(shown: str, names: Iterable[Any], query: str) -> Any:
    """Return the name by which a record was found, or None where the name that is shown says it.

    Where the words stand in several names, it is one that has a word the shown name lacks.
    """
    names, words = list(names), words_of(query)
    missing = [word for word in words if not spells(shown, [word])]
    if not missing:
        return None
    best = min(names, key=lambda name: level_of(name, query), default=None)
    if best is not None and level_of(best, query) < ELSE:
        return best
    sounding = [name for name in names if all(spells(name.text, [word]) or sounds(name.text, word) for word in words)]
    partly = [name for name in names if spells(name.text, missing[:1]) or sounds(name.text, missing[0])]
    return next(iter(sounding or partly), None)


def spells(text: str, words: Iterable[str]) -> bool:
    """Whether every word occurs in the text, Thai signs and the spaces of the text aside."""
    text = loose(text)
    forms = (text, text.replace(" ", ""))
    return all(any((loose(word) or word) in form for form in forms) for word in words)


def sounds(text: str, word: str) -> bool:
    """Whether a word of the text in another script begins so in Latin letters."""
    return f" {word}" in f" {romanised(text)}"


def _holds(column: str, words: Iterable[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(**{f"{column}__contains": word})
    return condition
