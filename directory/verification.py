"""Checks everything recorded of a source against its text, without changing anything.

Other apps add what they know by registering functions of their own; see `register_check` and `register_follower`.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver

from base.records.names import Name, NameKind
from base.records.provenance import Certainty, sha256_of

from .models import Passage, Source
from .models.sources import PassageCheck, paragraph_spans


@dataclass
class VerificationReport:
    """What was checked, how often, and every failure as one line that names the row and what is wrong with it."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    def note(self, kind: str, row: object, problem: str = "") -> None:
        """Count one check of this kind; keep the problem, if there is one."""
        self.counts[kind] += 1
        if problem:
            self.failures.append(f"{row}: {problem}")

    @property
    def summary(self) -> str:
        """The counts in one line."""
        checked = ", ".join(f"{number} {kind}" for kind, number in self.counts.items())
        return f"{checked} checked; {len(self.failures)} failed"


Checker = Callable[[Source, str, VerificationReport], None]
Follower = Callable[[Source], None]
_checkers: list[Checker] = []
_followers: list[Follower] = []


def register_check(checker: Checker) -> Checker:
    """Add a function that checks its own rows of a source against the text, and notes each in the report."""
    if checker not in _checkers:
        _checkers.append(checker)
    return checker


def register_follower(follower: Follower) -> Follower:
    """Add a function that brings its own rows up to date once the text of a source is stored."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def verify(source: Source, text: str) -> VerificationReport:
    """Check a text against everything recorded of this source."""
    report = VerificationReport()
    for checker in _checkers:
        checker(source, text, report)
    return report


def attach(source: Source, text: str) -> None:
    """Store the text of a source that `verify` found nothing wrong with, and mark what is proven by it."""
    with transaction.atomic():
        source.text = text
        source.__dict__["_change_reason"] = "Text attached and verified"
        source.save(update_fields=["text"])
        source.passages.update(check_state=PassageCheck.VERIFIED)
        for follower in _followers:
            follower(source)


@receiver(pre_save, sender=Source)
def keep_text(instance: Source, raw: bool, **kwargs: Any) -> None:
    """Loading a fixture, which never holds the text, leaves a stored text that is still the source's where it is."""
    if raw and not instance.text:
        stored = Source.objects.filter(pk=instance.pk).values_list("text", flat=True).first() or ""
        instance.text = stored if sha256_of(stored) == instance.sha256 else ""


@receiver(pre_save, sender=Passage)
def keep_check(instance: Passage, raw: bool, **kwargs: Any) -> None:
    """Loading a fixture checks each passage against the stored text, if there is one."""
    if raw and instance.source.text:
        instance.check_state = instance.examine(instance.source.text)


@register_check
def check_source(source: Source, text: str, report: VerificationReport) -> None:
    """The whole text: its SHA-256, its length and where its paragraphs lie."""
    problem = "" if sha256_of(text) == source.sha256 else f"the text has SHA-256 {sha256_of(text)}, not {source.sha256}"
    report.note("text", source.slug, problem)
    problem = "" if len(text) == source.length else f"the text has {len(text)} code points, not {source.length}"
    report.note("length", source.slug, problem)
    spans = paragraph_spans(text)
    differing = next(
        (
            number
            for number, (here, there) in enumerate(zip(spans, source.paragraphs, strict=False), 1)
            if here != there
        ),
        min(len(spans), len(source.paragraphs)) + 1,
    )
    problem = "" if spans == source.paragraphs else f"the table of paragraphs differs from paragraph {differing} on"
    report.note("paragraph table", source.slug, problem)


@register_check
def check_passages(source: Source, text: str, report: VerificationReport) -> None:
    """Every passage: inside the text, in the paragraph it names, with the words its SHA-256 was taken of."""
    measured = Source(paragraphs=paragraph_spans(text))
    for passage in source.passages.all():
        held = measured.paragraph_of(passage.start, passage.end)
        if passage.end > len(text):
            problem = f"ends at {passage.end}, after the end of the text at {len(text)}"
        elif held is None:
            problem = f"{passage.start}–{passage.end} lies in no single paragraph"
        elif held != passage.paragraph:
            problem = f"lies in paragraph {held}, not {passage.paragraph}"
        elif passage.examine(text) != PassageCheck.VERIFIED:
            problem = "the text has other words there than its SHA-256 says"
        else:
            problem = ""
        report.note("passages", passage.uid, problem)


def passage_text(passage: Passage, text: str) -> str:
    """Return what the text has where the passage is."""
    return text[passage.start : passage.end]


def occurs(words: str, within: str) -> bool:
    """Whether these words stand there, letter by letter, however the letters are composed."""
    return unicodedata.normalize("NFC", words) in unicodedata.normalize("NFC", within)


def names_of(source: Source) -> Iterator[tuple[Name, list[Passage]]]:
    """Yield every name, of any kind of record, that cites this source, with the passages of it that it cites."""
    for model in apps.get_models():
        if issubclass(model, Name):
            rows = model._default_manager.filter(passages__source=source).distinct().order_by("uid")
            for name in rows.prefetch_related("passages"):
                yield name, [passage for passage in name.passages.all() if passage.source_id == source.pk]


@register_check
def check_names(source: Source, text: str, report: VerificationReport) -> None:
    """Every name that cites the source is spelled so in a passage, unless it is the editors' translation of what is."""
    for name, passages in names_of(source):
        ours = name.certainty == Certainty.INFERRED and name.kind in {NameKind.TRANSLATION, NameKind.TRANSLITERATION}
        printed = any(occurs(name.text, passage_text(passage, text)) for passage in passages)
        problem = "" if printed or ours else f"“{name.text}” is printed in none of its passages"
        report.note("names", f"{name._meta.model_name} {name.uid}", problem)
