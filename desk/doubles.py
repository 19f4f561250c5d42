"""Which records are called nearly as a name that is typed: the likeliest first, with the reason and what tells them apart."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz

from base.admin import mark_rows_in_review
from base.records.names import NamedRecord
from base.records.provenance import Certainty
from base.records.publishing import Status
from desk.descriptions import descriptions_of
from desk.models import DifferentRecords
from desk.name_index import NameForms, NameIndex, NameRow, name_index_of, name_model
from directory.models import Initiative, Organization, Person
from events.models import Event

NAMED_KINDS: dict[str, type[NamedRecord]] = {model.kind: model for model in (Person, Organization, Initiative, Event)}
MOST_DOUBLES = 5  # offered for one name
LONGEST_NAME = 500  # characters
MOST_NAMES_COMPARED = 20  # of one record
MOST_NAMESAKES = 20
# From 0 to 100. Names in different scripts have less in common than two spellings in one.
NEAR_SPELLING, NEAR_SOUND = 62, 75
NEAR_IN_ONE_SCRIPT, NEAR_ACROSS_SCRIPTS = 80, 70  # the mean of both
SHORTEST_PART = 4  # letters of a part of a name that is written without blanks


class Likeness(TextChoices):
    """Why a name may mean a record, from the strongest reason to the weakest."""

    IDENTICAL = "identical", _("the same spelling")
    FOLDED = "folded", _("the same but for case, marks, signs or blanks")
    REORDERED = "reordered", _("the same words in another order")
    INITIALS = "initials", _("initials")
    SPELLING = "spelling", _("spelled nearly so")
    SOUND = "sound", _("sounds nearly so")
    PART = "part", _("a part of the name")


_STRENGTH = {likeness: number for number, likeness in enumerate(Likeness)}
# Spelling and sound are told by the same measure, so that neither of the two stands before the other.
_STRENGTH[Likeness.SOUND] = _STRENGTH[Likeness.SPELLING]


@dataclass(frozen=True)
class Resemblance:
    """That a record has a name like the one that is typed."""

    owner: int
    spelling: str
    language: str
    likeness: Likeness
    score: float

    @property
    def rank(self) -> tuple[int, float, int]:
        """The likeliest first, of two as likely the older record."""
        return (_STRENGTH[self.likeness], -self.score, self.owner)


@dataclass(frozen=True)
class PossibleDouble:
    """A record that may be meant by a name, and what tells it apart from others."""

    record: NamedRecord
    spelling: str
    language: str
    likeness: Likeness
    description: str  # role and place
    rank: tuple[int, float, int] = (0, 0, 0)  # the likeliest first


def possible_doubles(
    model: type[NamedRecord], *names: str, except_for: Collection[int] = (), most: int = MOST_DOUBLES
) -> list[PossibleDouble]:
    """Return the records of a kind that are called nearly so by one of these names, the likeliest first; at most `most`.

    Records in any status are found, drafts too; those that were merged into another are not. `except_for` holds primary keys.
    Some five queries; a few milliseconds at 20,000 names.
    """
    index, best = name_index_of(model), dict[int, Resemblance]()
    for name in names:
        for each in resemblances(index, name[:LONGEST_NAME], except_for):
            if each.owner not in best or each.rank < best[each.owner].rank:
                best[each.owner] = each
    alike = sorted(best.values(), key=lambda each: each.rank)[:most]
    records = model._base_manager.in_bulk([each.owner for each in alike])
    mark_rows_in_review(records.values())
    descriptions = descriptions_of(model, list(records))
    return [
        PossibleDouble(
            records[each.owner],
            each.spelling,
            each.language,
            each.likeness,
            descriptions.get(each.owner, ""),
            each.rank,
        )
        for each in alike
        if each.owner in records
    ]


def doubles_of(record: NamedRecord, most: int = MOST_DOUBLES) -> list[PossibleDouble]:
    """Return the records of its kind that are called nearly as this one, those aside that are known to be others."""
    names = record.names.exclude(status=Status.WITHDRAWN)  # type: ignore[attr-defined]
    texts = names.order_by("position", "uid").values_list("text", flat=True)[:MOST_NAMES_COMPARED]
    return possible_doubles(
        type(record), *texts, except_for={record.pk, *DifferentRecords.objects.keys_for(record)}, most=most
    )


def public_namesakes(record: NamedRecord) -> list[NamedRecord]:
    """Return the public records of its kind that have one of its names, those aside that are known to be others.

    Names are compared as search does, by an index of the database. At most MOST_NAMESAKES records; four queries or a few more.
    """
    names = name_model(type(record))
    owner = names.public_parents[0]
    own = names._base_manager.filter(**{owner: record.pk}).exclude(status=Status.WITHDRAWN)
    folded = own.exclude(certainty=Certainty.REJECTED).exclude(folded="").values_list("folded", flat=True)
    others = names.objects.firm().filter(folded__in=list(folded[:MOST_NAMES_COMPARED]))
    others = others.exclude(**{owner: record.pk}).order_by("pk")
    keys = set(others.values_list(f"{owner}_id", flat=True)[:MOST_NAMESAKES])
    if keys:
        keys -= DifferentRecords.objects.keys_for(record)
    return list(type(record).objects.filter(pk__in=keys).order_by("pk")) if keys else []


def resemblances(index: NameIndex, name: str, except_for: Collection[int] = ()) -> list[Resemblance]:
    """Return for each record that is called nearly so the name by which it is, the likeliest first."""
    typed = NameForms(name)
    if not typed.folded:
        return []
    best: dict[int, Resemblance] = {}
    for row, likeness in _alike(index, typed):
        if row.owner in except_for:
            continue
        found = Resemblance(row.owner, row.forms.text, row.language, likeness, sum(_ratios(row.forms, typed)) / 2)
        if row.owner not in best or found.rank < best[row.owner].rank:
            best[row.owner] = found
    return sorted(best.values(), key=lambda each: each.rank)


def _alike(index: NameIndex, typed: NameForms) -> Iterator[tuple[NameRow, Likeness]]:
    """Yield the names that resemble what is typed, each with the reason; some of them twice."""
    sharing_words = list(index.sharing_words(typed))
    for row in _candidates(index, typed, sharing_words):
        if (likeness := _likeness(row.forms, typed)) is not None:
            yield row, likeness
    parts = [row for row in sharing_words if _is_part(row.forms, typed)]
    if not typed.is_latin and len(typed.folded) >= SHORTEST_PART:
        parts += [row for row in index.containing(typed) if _is_part(row.forms, typed)]
    if len({row.owner for row in parts}) <= MOST_DOUBLES:  # what many share, as a family name, tells nothing
        for row in parts:
            yield row, _likeness(row.forms, typed) or Likeness.PART


def _candidates(index: NameIndex, typed: NameForms, sharing_words: list[NameRow]) -> Iterator[NameRow]:
    """Yield the names worth a closer look; `sharing_words` are those that have a word in common with what is typed."""
    yield from index.same(typed)
    yield from index.spelled_nearly(typed, NEAR_SPELLING)
    if len(typed.skeleton) > 1:
        yield from index.sounding_nearly(typed, NEAR_SOUND)
    yield from index.abbreviations(typed)
    yield from (row for row in sharing_words if _agree_by_initials(row.forms, typed))


def _likeness(forms: NameForms, typed: NameForms) -> Likeness | None:
    """Return how a name resembles what is typed as a whole; None if it does not."""
    if forms.text == typed.text:
        return Likeness.IDENTICAL
    if forms.bare == typed.bare:
        return Likeness.FOLDED
    if sorted(forms.words) == sorted(typed.words):
        return Likeness.REORDERED
    if forms.initials == typed.folded or forms.folded == typed.initials or _agree_by_initials(forms, typed):
        return Likeness.INITIALS
    spelling, sound = _ratios(forms, typed)
    near = NEAR_IN_ONE_SCRIPT if forms.is_latin == typed.is_latin else NEAR_ACROSS_SCRIPTS
    if (spelling + sound) / 2 < near:
        return None
    return Likeness.SPELLING if spelling >= sound else Likeness.SOUND


def _ratios(forms: NameForms, typed: NameForms) -> tuple[float, float]:
    """Return how much two names have in common in Latin letters, and in their consonants: from 0 to 100."""
    return fuzz.ratio(forms.latin, typed.latin), fuzz.ratio(forms.skeleton, typed.skeleton)


def _is_part(forms: NameForms, typed: NameForms) -> bool:
    """Whether one of the two is the other with words before, between or behind, or, where no blanks are written, holds it."""
    some, others = forms.distinct_words, typed.distinct_words
    if not some or not others:
        return False  # nothing but punctuation
    if some <= others or others <= some:
        return True
    shorter, longer = sorted((forms.folded, typed.folded), key=len)
    return not shorter.isascii() and len(shorter) >= SHORTEST_PART and shorter in longer


def _agree_by_initials(forms: NameForms, typed: NameForms) -> bool:
    """Whether two names agree word by word, where some words are initials: T. Reka and Tomas Reka."""
    pairs = list(zip(forms.words, typed.words, strict=False))
    if len(forms.words) != len(typed.words) or not any(some == other and len(some) > 1 for some, other in pairs):
        return False
    return all(
        some == other or (1 in (len(some), len(other)) and (some.startswith(other) or other.startswith(some)))
        for some, other in pairs
    )
