"""Whether an article is among the sources already: the same text, or nearly the same words.

A text is known by a sample of its shingles (nine letters in a row, blanks and case aside): those whose CRC-32 is divisible by
64, at most 512 of them. Two texts are nearly the same if they share more than 0.8 of the smaller sample, so half an article is
found in the whole. The sample is a table with an index: to look a text up costs at most 512 entries of it, however many sources
there are.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef

from base.records.provenance import sha256_of
from base.text.names import fold_letters
from desk.models import ShingleSample, TextShingle
from directory.models import Source

LETTERS = 9  # of a shingle
ONE_IN = 64  # shingles that are kept
MOST_KEPT = 512  # of a text
ENOUGH = 0.8  # shared of the smaller sample
FEWEST = 6  # shingles of a sample below which nothing is said
MOST_SAMPLED = 100  # sources of which the sample is made at once, when it is missing
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class KnownText:
    """A source that holds the same text, or nearly the same."""

    source: Source
    share: float  # of the words: 1.0 if it is the same text


def shingles_of(text: str) -> set[int]:
    """Return the sample of a text. A text of 20,000 letters takes 20 ms."""
    letters = _NO_LETTERS.sub("", fold_letters(text)).encode("utf-32-le")
    size = 4 * LETTERS
    codes = {zlib.crc32(letters[start : start + size]) for start in range(0, len(letters) - size + 1, 4)}
    return set(sorted(code for code in codes if code % ONE_IN == 0)[:MOST_KEPT])


def remember(source: Source) -> None:
    """Keep the sample of the text of a source, in place of an older one."""
    sample = shingles_of(source.text)
    with transaction.atomic():
        TextShingle.objects.filter(source=source).delete()
        TextShingle.objects.bulk_create(TextShingle(source=source, code=code) for code in sorted(sample))
        ShingleSample.objects.update_or_create(
            source=source, defaults={"sha256": sha256_of(source.text), "size": len(sample)}
        )


def remember_new() -> int:
    """Make the samples that are missing or out of date, of at most 100 sources, the newest first; return how many were made."""
    current = ShingleSample.objects.filter(source=OuterRef("pk"), sha256=OuterRef("sha256"))
    missing = Source.objects.exclude(text="").filter(~Exists(current)).order_by("-pk")[:MOST_SAMPLED]
    for source in (made := list(missing)):
        remember(source)
    return len(made)


def known_texts(*texts: str) -> list[KnownText]:
    """Return the sources that hold the first text, or nearly so; with the same text as any of these first. Five at most.

    Three queries once all sources have their sample.
    """
    remember_new()
    same = Source.objects.filter(sha256__in=[sha256_of(text) for text in texts]).defer("text", "paragraphs")[:5]
    known = [KnownText(source, 1.0) for source in same]
    sample = shingles_of(texts[0])
    if len(sample) < FEWEST:
        return known
    shared = (
        TextShingle.objects.filter(code__in=sample)
        .order_by()
        .values("source", "source__shingle_sample__size")
        .annotate(shared=Count("pk"))
        .order_by("-shared")[:20]
    )
    shares = {
        row["source"]: row["shared"] / max(FEWEST, min(len(sample), row["source__shingle_sample__size"] or 0))
        for row in shared
    }
    keys = [key for key, share in shares.items() if share > ENOUGH and key not in {each.source.pk for each in known}]
    near = Source.objects.defer("text", "paragraphs").in_bulk(keys[:5])
    return [*known, *(KnownText(near[key], shares[key]) for key in keys if key in near)][:5]
