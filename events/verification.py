"""Checks of statements and wordings when a source is compared with its text."""

from __future__ import annotations

from base.text.letters import place_of_words
from base.text.near_misses import near_miss
from directory.models import Source
from directory.verification import VerificationReport, contains_words, passage_text, register_check, register_follower

from .models import Statement, Wording
from .models.statements import Nature


@register_check
def check_wordings(source: Source, text: str, report: VerificationReport) -> None:
    """Check that each verbatim wording is, character for character, part of its passage."""
    rows = Wording.objects.filter(nature=Nature.VERBATIM, passage__source=source).select_related("passage")
    for wording in rows.order_by("uid"):
        there = passage_text(wording.passage, text) if wording.passage is not None else ""
        problem = ""
        if place_of_words(there, wording.text) < 0:
            problem = (
                f"“{wording.text[:40]}…” is not what its passage prints. {near_miss(wording.text, there)}".rstrip()
            )
        report.note("verbatim wordings", f"wording {wording.uid}", problem)


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
    for wording in Wording.objects.filter(passage__source=source).select_related("passage__source"):
        wording.derive()
        Wording.objects.filter(pk=wording.pk).update(proven=wording.proven)
