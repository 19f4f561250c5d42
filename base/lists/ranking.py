"""How well the names of records match a query: the order of results, and the spelling by which each was found."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

from django.db.models import Case, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from base.lists.search import search_rows
from base.lists.search_words import joined_forms, typed_words, words_of
from base.records.names import NamedRecord, NameKind
from base.text.names import fold, loose, romanised
from base.text.search_column import is_short_word

NamedT = TypeVar("NamedT", bound=NamedRecord)


class SpelledName(Protocol):
    """A name as results are ranked by it."""

    @property
    def text(self) -> str:
        """The spelling."""

    @property
    def kind(self) -> str:
        """What the spelling is to the record (`NameKind`)."""

    @property
    def folded(self) -> str:
        """The spelling as search compares it."""


SpellingT = TypeVar("SpellingT", bound=SpelledName)

# Kinds of names that say what a record is called; the others are ways to write it. An exact spelling of any kind comes first.
CALLED = (NameKind.OFFICIAL, NameKind.TRANSLATION)
EXACT, BEGINS, WORD_BEGINS, SPELLING_BEGINS, SPELLED_WORD_BEGINS, SPELLED, LOOSE, ELSE = range(8)


def ranked(rows: QuerySet[NamedT], query: str) -> QuerySet[NamedT]:
    """Return the named records that match, best first, each with its `rank` from EXACT to ELSE."""
    model: type[Model] = rows.model
    relation: Any = model._meta.get_field("names")
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
    signs_differ = When(_holds("search", words_of(query)), then=Value(LOOSE))
    rest = Case(signs_differ, default=Value(ELSE), output_field=IntegerField())
    matches: Any = search_rows(rows, query)
    ordered: QuerySet[NamedT] = matches.annotate(rank=Coalesce(Subquery(best), rest)).order_by(
        "rank", "sort_key", "slug"
    )
    return ordered


def level_of(name: SpelledName, query: str) -> int:
    """Return how well one loaded name matches, from EXACT to ELSE, as `ranked` does in SQL."""
    folded, words = fold(query), words_of(query)
    if not all(_has_word(name.folded, word, word) for word in words):
        return LOOSE if spells(name.text, words) else ELSE
    if name.folded == folded:
        return EXACT
    called = name.kind in CALLED
    if name.folded.startswith(folded):
        return BEGINS if called else SPELLING_BEGINS
    if f" {folded}" in name.folded:
        return WORD_BEGINS if called else SPELLED_WORD_BEGINS
    return SPELLED


def matched_name(shown: str, names: Iterable[SpellingT], query: str) -> SpellingT | None:
    """Return the name by which a record was found, or None where the name that is shown has the words.

    Where the words are spread over several names, it is one with a word that the shown name lacks.
    """
    names, words = list(names), words_of(query)
    if spells(shown, typed := typed_words(query)):
        return None
    missing = [word for word in words if not spells(shown, [word])]
    if not missing:  # a word that only connects others is: of another spelling, it may be typed in a row
        return next((name for name in names if spells(name.text, typed)), None)
    best = min(names, key=lambda name: level_of(name, query), default=None)
    if best is not None and level_of(best, query) < ELSE:
        return best
    sounding = [name for name in names if all(spells(name.text, [word]) or sounds(name.text, word) for word in words)]
    partly = [name for name in names if spells(name.text, missing[:1]) or sounds(name.text, missing[0])]
    return next(iter(sounding or partly), None)


def spells(text: str, words: Iterable[str]) -> bool:
    """Whether every word occurs in the text, Thai signs and the spaces of the text aside; a short one where a word begins."""
    text = loose(text)
    forms = (text, text.replace(" ", ""))
    return all(any(_has_word(form, word, loose(word) or word) for form in forms) for word in words)


def sounds(text: str, word: str) -> bool:
    """Whether a word of a text in another script, written in Latin letters, begins with `word`."""
    return f" {word}" in f" {romanised(text)}"


def _has_word(folded: str, word: str, part: str) -> bool:
    """Whether a folded text holds a part of it, the word or its loose form; a short word only where a word begins."""
    if is_short_word(word):
        return any(form in f" {folded} " for form in _short_forms(word))
    return part in folded


def _short_forms(word: str) -> list[str]:
    """Return the texts of which a name that has a short word holds one: it begins a word, or is joined with its neighbour."""
    return [f" {word}", *joined_forms(word)]


def _holds(column: str, words: Iterable[str]) -> Q:
    """Return the condition that a column of a name, folded or the loose search column, holds every word."""
    condition = Q()
    for word in words:
        if is_short_word(word):
            held = Q()
            for form in _short_forms(word):
                held |= Q(**{f"{column}__contains": form})
                if column == "folded":  # which has no blank before its first word, nor behind its last
                    held |= Q(**{f"{column}__startswith": form[1:]}) | Q(**{f"{column}__endswith": form.rstrip()})
            condition &= held
        else:
            condition &= Q(**{f"{column}__contains": word if column == "folded" else loose(word) or word})
    return condition
