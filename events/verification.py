"""Checks of statements and wordings when a source is compared with its text."""

from __future__ import annotations

from base.text.letters import place_of_words
from base.text.near_misses import near_miss
from directory.models import Source
from directory.verification import VerificationReport, contains_words, passage_text, register_check, register_follower

from .models import Statement, Wording
from .models.segments import fault_of_passages, segments_of
from .models.statements import Nature
from .proofs import prove_again


@register_check
def check_wordings(source: Source, text: str, report: VerificationReport) -> None:
    """Check that each segment of a verbatim wording is, character for character, what its passage prints."""
    rows = Wording.objects.filter(nature=Nature.VERBATIM, passage__source=source).select_related("passage")
    for wording in rows.order_by("uid").prefetch_related("further_passages"):
        report.note("verbatim wordings", f"wording {wording.uid}", problem_of(wording, text))


def problem_of(wording: Wording, text: str) -> str:
    """Return how words as printed differ from this text of their source; empty if they do not."""
    passages = wording.passages_in_order()
    segments = segments_of(wording.text, passages)
    if not segments:
        return f"“{wording.text[:40]}…” has other parts than its {len(passages)} passages."
    for passage, words in segments:
        there = passage_text(passage, text)
        if place_of_words(there, words) < 0:
            return f"“{words[:40]}…” is not what its passage prints. {near_miss(words, there)}".rstrip()
    return fault_of_passages(passages)


@register_check
def check_attributions(source: Source, text: str, report: VerificationReport) -> None:
    """Check that the words that name the speaker of a statement stand in a paragraph that the statement cites."""
    rows = Statement.objects.filter(passages__source=source).exclude(attribution_text="").distinct()
    for statement in rows.order_by("position", "slug").prefetch_related("passages"):
        cited = {passage.paragraph for passage in statement.passages.all() if passage.source_id == source.pk}
        paragraphs = [source.paragraphs[number - 1] for number in cited if number <= len(source.paragraphs)]
        printed = any(
            contains_words(text[start : start + length], statement.attribution_text) for start, length in paragraphs
        )
        problem = "" if printed else f"“{statement.attribution_text}” stands in no paragraph that it cites"
        report.note("attributions", f"statement {statement.slug}", problem)


@register_follower
def prove_wordings(source: Source) -> None:
    """Determine again whether the stored text proves each wording."""
    prove_again(Wording.objects.filter(passage__source=source))
