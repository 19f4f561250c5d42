"""Taking a newer version of a text over: every passage is moved as the curator decided, in one transaction or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from base.admin import ChangeRefused, citing_counts, keeping_published_valid, require_supported
from base.records.provenance import Cited, sha256_of
from base.records.support import cited_models
from directory.models import Passage, Source
from directory.models.sources import PassageCheck
from directory.source_texts import store_text
from directory.stored_texts import TextSpan
from directory.verification import run_followers
from events.printed_words import follow_printed_words, printed_by

from .moves import Move

# Passages are parked behind the end of any text while they change places: two may not be at one place for a moment either.
PARKED = 1_000_000_000

# A decision: where a passage stands now, or None for a passage that is given up.
Decisions = Mapping[int, TextSpan | None]


def take_over(source: Source, newer_text: str, moves: Sequence[Move], decisions: Decisions, reason: str) -> None:
    """Store the newer text, and move or give up every passage as decided (by primary key).

    Raises ValidationError if two passages would become one, and ChangeRefused if something that is public would break: it rests on
    a passage that is given up, or quotes words that the newer text does not print. Then nothing is changed.
    """
    _refuse_doubles(moves, decisions)
    given_up = [move.passage for move in moves if decisions[move.passage.pk] is None]
    staying = [(move.passage, span) for move in moves if (span := decisions[move.passage.pk]) is not None]
    changed = [
        move.passage
        for move in moves
        if (span := decisions[move.passage.pk]) is not None and newer_text[span.start : span.end] != move.words
    ]
    with keeping_published_valid([*given_up, *changed]):
        wordings = printed_by(changed)
        for passage in given_up:
            _give_up(passage, reason)
        store_text(source, newer_text)
        source.compared_on = timezone.now().date()
        source.__dict__["_change_reason"] = reason
        source.save()
        _place(source, staying, reason)
        follow_printed_words(wordings, reason)
        run_followers(source)


def _refuse_doubles(moves: Sequence[Move], decisions: Decisions) -> None:
    """Raise ValidationError if two passages would stand at the same place."""
    taken: dict[tuple[int, int], Passage] = {}
    for move in moves:
        span = decisions[move.passage.pk]
        if span is None:
            continue
        other = taken.setdefault((span.start, span.end), move.passage)
        if other != move.passage:
            raise ValidationError(
                _("Two passages would stand at %(place)s: choose other words for one of them, or give one up.")
                % {"place": span},
                code="double",
            )


def _give_up(passage: Passage, reason: str) -> None:
    """Take a passage off everything that cites it, and delete it. Raises ChangeRefused if words are quoted from it."""
    models = cast("list[type[Cited]]", cited_models())
    rows = [row for model in models for row in model._base_manager.filter(passages=passage)]
    for row in rows:
        row.__dict__["_change_reason"] = reason
        row.passages.remove(passage)
    if left := citing_counts(passage):
        raise ChangeRefused(
            [
                _("“%(passage)s” cannot be given up: words are quoted from it (%(rows)s). Change these first.")
                % {"passage": passage, "rows": left}
            ]
        )
    passage.__dict__["_change_reason"] = reason
    passage.delete()
    for row in rows:
        require_supported(row)


def _place(source: Source, staying: Sequence[tuple[Passage, TextSpan]], reason: str) -> None:
    """Put passages at their places in the text that the source has now."""
    moved = [passage.pk for passage, span in staying if (passage.start, passage.end) != (span.start, span.end)]
    Passage.objects.filter(pk__in=moved).update(start=F("start") + PARKED, end=F("end") + PARKED)
    for passage, span in staying:
        values = {
            "paragraph": span.paragraph,
            "start": span.start,
            "end": span.end,
            "sha256": sha256_of(source.text[span.start : span.end]),
        }
        if any(getattr(passage, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(passage, name, value)
            passage.source, passage.check_state = source, PassageCheck.VERIFIED
            passage.__dict__["_change_reason"] = reason
            passage.save()
    source.passages.exclude(check_state=PassageCheck.VERIFIED).update(check_state=PassageCheck.VERIFIED)
