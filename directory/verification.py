"""Checks everything that is recorded of a source against its text, and stores a text that agrees.

Other apps register functions for their own rows: see `register_check` and `register_follower`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.apps import apps
from django.db import transaction
from django.db.models.signals import pre_save
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_noop

from base.records.change_reasons import ChangeReason
from base.records.names import Name, NameKind
from base.records.provenance import Certainty, sha256_of
from base.text.characters import without_unseen
from base.text.letters import cut_letter
from base.text.near_misses import near_miss

from .differences import Cause, cause_of_difference
from .models import Passage, Source
from .models.sources import PassageCheck, paragraph_spans

TEXT_ATTACHED = ChangeReason(gettext_noop("Text attached and verified"))
TEXT_COMPARED = ChangeReason(gettext_noop("Compared with the text"))


@dataclass
class VerificationReport:
    """How many checks of each kind were made, and every failure as a line that names the row and the problem."""

    counts: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    cause: Cause | None = None  # why the text as a whole is another

    def note(self, kind: str, row: object, problem: str = "") -> None:
        """Count one check of this kind, and add a failure if there is a problem."""
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
    """Add a function that updates its own rows after the text of a source was stored."""
    if follower not in _followers:
        _followers.append(follower)
    return follower


def verify(source: Source, text: str) -> VerificationReport:
    """Check a text against everything that is recorded of this source; nothing is changed."""
    report = VerificationReport(cause=cause_of_difference(source, text))
    for checker in _checkers:
        checker(source, text, report)
    return report


def note_comparison(source: Source) -> None:
    """Store that everything on record was compared with the text of this source today, and agreed."""
    source.compared_on = timezone.now().date()
    source.__dict__["_change_reason"] = TEXT_COMPARED()
    source.save(update_fields=["compared_on"])


def attach(source: Source, text: str) -> None:
    """Store a text that `verify` found no failures in, mark the passages as verified and run the followers."""
    with transaction.atomic():
        source.text, source.compared_on = text, timezone.now().date()
        source.__dict__["_change_reason"] = TEXT_ATTACHED()
        source.save(update_fields=["text", "compared_on"])
        source.passages.update(check_state=PassageCheck.VERIFIED)
        run_followers(source)


def run_followers(source: Source) -> None:
    """Let every app update its own rows after the text of a source was stored."""
    for follower in _followers:
        follower(source)


@receiver(pre_save, sender=Source)
def keep_stored_text(instance: Source, raw: bool, **kwargs: object) -> None:
    """Keep the stored text when a fixture, which never has texts, is loaded, if it still has the SHA-256 of the source."""
    if raw and not instance.text:
        stored = Source.objects.filter(pk=instance.pk).values_list("text", flat=True).first() or ""
        instance.text = stored if sha256_of(stored) == instance.sha256 else ""


@receiver(pre_save, sender=Passage)
def check_loaded_passage(instance: Passage, raw: bool, **kwargs: object) -> None:
    """Check a passage that a fixture loads against the stored text, if there is one."""
    if raw and instance.source.text:
        instance.check_state = instance.examine(instance.source.text)


@register_check
def check_source(source: Source, text: str, report: VerificationReport) -> None:
    """Check the SHA-256 of the whole text, its length and the table of paragraphs."""
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
    """Check that every passage lies inside the text, in its paragraph, and has the words of its SHA-256."""
    measured = Source(paragraphs=paragraph_spans(text))
    for passage in source.passages.all():
        paragraph = measured.paragraph_of(passage.start, passage.end)
        if passage.end > len(text):
            problem = f"ends at {passage.end}, after the end of the text at {len(text)}"
        elif paragraph is None:
            problem = f"{passage.start}–{passage.end} lies in no single paragraph"
        elif paragraph != passage.paragraph:
            problem = f"lies in paragraph {paragraph}, not {passage.paragraph}"
        elif passage.examine(text) != PassageCheck.VERIFIED:
            problem = "the text has other words there than its SHA-256 says"
        elif letter := cut_letter(text, passage.start, passage.end):
            problem = f"begins or ends inside the letter “{letter}”"
        else:
            problem = ""
        report.note("passages", passage.uid, problem)


def passage_text(passage: Passage, text: str) -> str:
    """Return the words of this passage in the text of its source."""
    return text[passage.start : passage.end]


def contains_words(text: str, words: str) -> bool:
    """Return whether the text has these words letter by letter. They are ours, so composition and what nobody sees do not count."""
    return without_unseen(words) in without_unseen(text)


def names_citing(source: Source) -> Iterator[tuple[Name, list[Passage]]]:
    """Yield every name that cites this source, of any kind of record, with the passages of the source that it cites."""
    for model in apps.get_models():
        if issubclass(model, Name):
            rows = model._default_manager.filter(passages__source=source).distinct().order_by("uid")
            for name in rows.prefetch_related("passages"):
                yield name, [passage for passage in name.passages.all() if passage.source_id == source.pk]


@register_check
def check_names(source: Source, text: str, report: VerificationReport) -> None:
    """Check that every name is spelled so in a passage it cites, unless it is a translation or transliteration by the editors."""
    for name, passages in names_citing(source):
        ours = name.certainty == Certainty.INFERRED and name.kind in {NameKind.TRANSLATION, NameKind.TRANSLITERATION}
        printed = any(contains_words(passage_text(passage, text), name.text) for passage in passages)
        problem = ""
        if not (printed or ours):
            misses = (near_miss(name.text, passage_text(passage, text)) for passage in passages)
            problem = f"“{name.text}” is printed in none of its passages. {next(filter(None, misses), '')}".rstrip(". ")
        report.note("names", f"{name._meta.model_name} {name.uid}", problem)
