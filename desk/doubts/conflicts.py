"""Pairs of facts that contradict each other and come from different sources: roles, dates, official names, figures.

Each function returns a query for pairs of primary keys, `pk` and `other`, the newest first. A withdrawn or a rejected fact
contradicts nothing, and neither do two facts of which one source states both.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from rapidfuzz import fuzz

from base.records.descriptions import Description
from base.records.names import Name, NameKind
from base.records.provenance import Certainty, Fact
from base.records.publishing import Status
from base.text.names import fold
from directory.models import Affiliation, Passage
from events.models import EventPart

# Rows of a query with annotations, which Django's types know nothing of.
Pairs: TypeAlias = QuerySet[Any]

ALIKE_BUT_FOR_FIGURES = 80  # from 0 to 100: so much do two descriptions agree that differ in a figure
FORMER = r"^(former|ex|then|late)[ -]"  # roles that say themselves that they are over
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def pairs_of(model: type[Fact], relation: str, *columns: str) -> Pairs:
    """Return the pairs of facts of one record. `relation` leads from a fact to all facts of its record: "person__affiliations".

    Of the other fact there are `other`, its primary key, and `other_<column>` for each of the columns.
    """
    values = {f"other_{column}": F(f"{relation}__{column}") for column in ("certainty", "status", *columns)}
    rows = model._base_manager.annotate(other=F(f"{relation}__pk"), **values).filter(other__gt=F("pk"))
    gone = Q(certainty=Certainty.REJECTED) | Q(status=Status.WITHDRAWN)
    gone |= Q(other_certainty=Certainty.REJECTED) | Q(other_status=Status.WITHDRAWN)
    owner = relation.partition("__")[0]
    return rows.exclude(gone).exclude(**{f"{owner}__status": Status.WITHDRAWN}).order_by("-other", "-pk")


def from_different_sources(pairs: Pairs) -> Pairs:
    """Return the pairs that cite passages, and no source in common."""
    rows = f"{pairs.model._meta.model_name}_rows"
    cited, other_cited = (Passage._base_manager.filter(**{rows: OuterRef(name)}).order_by() for name in ("pk", "other"))
    sources = Passage._base_manager.filter(**{rows: OuterRef(OuterRef("other"))}).order_by().values("source")
    common = cited.filter(source__in=Subquery(sources))
    return pairs.filter(Exists(cited), Exists(other_cited), ~Exists(common))


def contradictory_roles() -> Pairs:
    """Return the positions of one person at one organization that different sources call differently for the same time.

    A position that began later than another one without a known end is taken to follow it. What is another word is left to
    `are_different_roles`.
    """
    pairs = pairs_of(
        Affiliation, "person__affiliations", "role", "organization", "start_earliest", "end_latest"
    ).filter(organization=F("other_organization"))
    pairs = pairs.exclude(role=F("other_role")).exclude(Q(role__iregex=FORMER) | Q(other_role__iregex=FORMER))
    return from_different_sources(pairs.filter(_at_one_time()))


def _at_one_time() -> Q:
    """Return the condition that two positions overlap, or may do so as far as is known."""
    same_start = Q(start_earliest=F("other_start_earliest"))
    unknown_start = Q(start_earliest=None) | Q(other_start_earliest=None)
    earlier_lasts = Q(start_earliest__lt=F("other_start_earliest"), end_latest__gte=F("other_start_earliest"))
    other_lasts = Q(start_earliest__gt=F("other_start_earliest"), other_end_latest__gte=F("start_earliest"))
    return (same_start | unknown_start | earlier_lasts | other_lasts) & ~_apart()


def _apart() -> Q:
    """Return the condition that one of two positions is known to have ended before the other began."""
    first = Q(end_latest__lt=F("other_start_earliest"), end_latest__isnull=False, other_start_earliest__isnull=False)
    other = Q(other_end_latest__lt=F("start_earliest"), other_end_latest__isnull=False, start_earliest__isnull=False)
    return first | other


def contradictory_dates() -> Pairs:
    """Return the positions of one person that different sources date differently for a time in common.

    Whether they are the same position is left to `is_one_role`.

    A date that is only less exact, such as 2019 beside 2019-05, is no other date.
    """
    pairs = pairs_of(
        Affiliation, "person__affiliations", "role", "organization", "start", "end", "start_earliest", "end_latest"
    ).filter(Q(organization=F("other_organization")) | Q(organization=None, other_organization=None))
    pairs = pairs.filter(_other_date("start") | _other_date("end"), ~_apart())
    return from_different_sources(pairs)


def is_one_role(role: str, other: str) -> bool:
    """Return whether two roles are the same but for their case, marks and punctuation. Databases do not agree on that."""
    return fold(role) == fold(other)


def are_different_roles(role: str, other: str) -> bool:
    """Return whether two roles are other words."""
    return not is_one_role(role, other)


def _other_date(column: str) -> Q:
    """Return the condition that both of two facts have a date in this column, and neither is a part of the other."""
    known = ~Q(**{column: ""}) & ~Q(**{f"other_{column}": ""})
    alike = Q(**{f"{column}__startswith": F(f"other_{column}")}) | Q(**{f"other_{column}__startswith": F(column)})
    return known & ~alike


def parts_out_of_time() -> QuerySet[EventPart]:
    """Return the parts of events that took place before or after the whole."""
    rows = EventPart._base_manager.exclude(status=Status.WITHDRAWN).exclude(certainty=Certainty.REJECTED)
    before = Q(event__date_latest__lt=F("parent__date_earliest"))
    return rows.filter(before | Q(event__date_earliest__gt=F("parent__date_latest"))).order_by("-pk")


def contradictory_names(model: type[Name]) -> Pairs:
    """Return the official names of one record in one language that different sources spell differently."""
    owner = model.public_parents[0]
    pairs = pairs_of(model, f"{owner}__names", "language", "kind", "folded").filter(language=F("other_language"))
    pairs = pairs.filter(kind=NameKind.OFFICIAL, other_kind=NameKind.OFFICIAL).exclude(folded=F("other_folded"))
    return from_different_sources(pairs)


def descriptions_with_figures(model: type[Description]) -> Pairs:
    """Return the descriptions of one record in one language from different sources that both have figures."""
    owner = model.public_parents[0]
    pairs = pairs_of(model, f"{owner}__descriptions", "language", "text").filter(language=F("other_language"))
    return from_different_sources(pairs.filter(text__regex=r"[0-9]", other_text__regex=r"[0-9]"))


def differ_in_a_figure(text: str, other: str) -> bool:
    """Return whether two texts say nearly the same, with other figures."""
    if figures_in(text) == figures_in(other):
        return False
    return fuzz.token_sort_ratio(_FIGURE.sub("", text), _FIGURE.sub("", other)) >= ALIKE_BUT_FOR_FIGURES


def figures_in(text: str) -> list[str]:
    """Return the figures of a text in order of size as texts, without the signs that group their digits."""
    return sorted(re.sub("[.,]", "", figure) for figure in _FIGURE.findall(text))
