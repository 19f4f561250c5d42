"""What each passage of a statement is to it, and what is known of whether it still agrees with the text of its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from base.documents.plan import Document
from base.records.provenance import sha256_of
from directory.models.sources import PassageCheck

from .wordings import printed_beside

WORDS = _("these words")
PART_OF_WORDS = _("a part of these words")
WHOLE_QUOTATION = _("the whole quotation")
SPEAKER = _("names the speaker")
BESIDE_WORDS = _("stands beside these words")
ACCOUNT = _("tells what was said")


@dataclass(frozen=True)
class PassageLine:
    """A passage that a statement rests on, and what it is to the statement."""

    passage: Document
    label: str | Promise


def segments_of_statement(statement: Document) -> list[Document]:
    """Return the segments of the words as printed of a statement, with their places."""
    return [segment for wording in printed_beside(statement["wordings"], None) for segment in wording["segments"]]


def passage_lines(statement: Document) -> list[PassageLine]:
    """Return the passages that a statement cites or quotes, in reading order, each with what it is to the statement.

    Only hashes of the words are at hand, so it is decided by places: what a wording quotes are its words, what holds these and
    more is the whole quotation, and of what stands beside them, a single passage that is long enough names the speaker. A passage
    with the SHA-256 of the words by which the speaker is named certainly does.
    """
    segments = segments_of_statement(statement)
    cited: dict[str, Document] = {passage["uid"]: passage for passage in statement["passages"]}
    for segment in segments:
        cited.setdefault(segment["uid"], segment)
    passages = sorted(
        (passage for passage in cited.values() if passage["source"]),
        key=lambda passage: (passage["source"]["id"], passage["start"], passage["end"]),
    )
    quoted = {segment["uid"] for segment in segments}
    beside = [each for each in passages if each["uid"] not in quoted and not _overlaps(each, segments)]
    speaker = statement["attribution_text"]

    def label(passage: Document) -> str | Promise:
        if passage["uid"] in quoted:
            return PART_OF_WORDS if len(segments) > 1 else WORDS
        if speaker and passage["sha256"] == sha256_of(speaker):
            return SPEAKER
        if not segments:
            return ACCOUNT
        if _overlaps(passage, segments):
            return WHOLE_QUOTATION
        alone = len(beside) == 1 and passage["end"] - passage["start"] >= len(speaker)
        return SPEAKER if speaker and alone else BESIDE_WORDS

    return [PassageLine(passage, label(passage)) for passage in passages]


def _overlaps(passage: Document, segments: Sequence[Document]) -> bool:
    """Return whether a passage holds a part of one of these segments."""
    return any(
        passage["source_key"] == segment["source_key"]
        and passage["start"] < segment["end"]
        and segment["start"] < passage["end"]
        for segment in segments
    )


@dataclass(frozen=True)
class Comparison:
    """Whether passages agree with the text of their sources, and since when that is known; dates are ISO 8601, or None."""

    state: PassageCheck
    compared_on: str | None


def comparison_of(lines: Sequence[PassageLine]) -> Comparison | None:
    """Return what is known of these passages together: the worst of their states, and the earliest day; None without passages."""
    if not lines:
        return None
    states = {line.passage["check"] for line in lines}
    worst = (PassageCheck.CHANGED, PassageCheck.UNVERIFIED, PassageCheck.VERIFIED)
    days = [line.passage["compared_on"] for line in lines]
    known = [str(day) for day in days if day]
    return Comparison(next(each for each in worst if each in states), min(known) if len(known) == len(days) else None)
