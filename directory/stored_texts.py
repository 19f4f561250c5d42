"""Text as curators hand it in, and where in it their words stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, cast

from django import forms
from django.utils.translation import gettext as _

from base.text.letters import place_of_words
from base.text.near_misses import near_miss
from directory.models import Passage, Source


class ProvenRow(Protocol):
    """A row with words that a passage proves, such as a wording."""

    proven: bool

    def derive(self) -> None:
        """Compare the words with the passage."""

    def save(self) -> None:
        """Store the row."""


@dataclass(frozen=True)
class TextSpan:
    """A span of a text within one paragraph, in code points of the whole text, end exclusive."""

    paragraph: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"¶{self.paragraph} [{self.start}–{self.end}]"


def spans_of(words: str, source: Source) -> list[TextSpan]:
    """Return every span within one paragraph where the stored text has exactly these words, as whole letters."""
    spans = []
    for number, (begin, length) in enumerate(source.paragraphs, 1):
        start = place_of_words(source.text, words, begin, begin + length)
        while start >= 0:
            spans.append(TextSpan(number, start, start + len(words)))
            start = place_of_words(source.text, words, start + 1, begin + length)
    return spans


def find_span(source: Source, words: str, paragraph: int | None = None, start: int | None = None) -> TextSpan:
    """Return the one span where the words stand; paragraph and start narrow the search.

    Raises forms.ValidationError that says what is wrong, with every span if there are several.
    """
    if not source.text:
        raise forms.ValidationError(
            _("The text of this source is not stored. Give paragraph, start, end and SHA-256, or store the text first.")
        )
    everywhere = spans_of(words, source)
    spans = [span for span in everywhere if paragraph in (None, span.paragraph) and start in (None, span.start)]
    if len(spans) == 1:
        return spans[0]
    if spans:
        listed = ", ".join(map(str, spans[:20]))
        raise forms.ValidationError(
            _(
                "These words stand in %(count)s places: %(places)s. Give the paragraph or the start, or more of the words."
            )
            % {"count": len(spans), "places": listed}
        )
    if everywhere:
        listed = ", ".join(map(str, everywhere[:20]))
        raise forms.ValidationError(_("These words do not stand there, but here: %s.") % listed)
    wrong = _(
        "These words are not in one paragraph of the source. Copy them character by character, marks and spaces too."
    )
    raise forms.ValidationError(f"{wrong} {near_miss(words, source.text)}".rstrip())


def recheck_proven_words(passage: Passage) -> None:
    """Compare the rows whose words a passage proves with the passage as it is now; save those that changed."""
    for relation in passage._meta.related_objects:
        model = relation.related_model
        if relation.one_to_many and hasattr(model, "proven"):
            rows = cast("Iterable[ProvenRow]", model._base_manager.filter(**{relation.field.name: passage}))
            for row in rows:
                before = row.proven
                row.derive()
                if row.proven != before:
                    row.save()
