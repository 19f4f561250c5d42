"""Text as curators hand it in, and where in it their words stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from base.records.provenance import sha256_of
from directory.models import Source
from directory.models.sources import paragraph_spans


@dataclass(frozen=True)
class TextSpan:
    """A span of a text within one paragraph."""

    paragraph: int
    start: int
    end: int

    def __str__(self) -> str:
        return f"¶{self.paragraph} [{self.start}–{self.end}]"


def places_of(source: Source, words: str) -> list[TextSpan]:
    """Return every place within one paragraph where the stored text has exactly these words."""
    places, start = [], source.text.find(words)
    while words and start >= 0:
        paragraph = source.paragraph_of(start, start + len(words))
        if paragraph is not None:
            places.append(TextSpan(paragraph, start, start + len(words)))
        start = source.text.find(words, start + 1)
    return places


def find_place(source: Source, words: str, paragraph: int | None, start: int | None) -> TextSpan:
    """Return the one place where the words stand; paragraph and start narrow the search.

    Raises forms.ValidationError that says what is wrong, with every place if there are several.
    """
    if not source.text:
        raise forms.ValidationError(
            _("The text of this source is not stored. Give paragraph, start, end and SHA-256, or store the text first.")
        )
    everywhere = places_of(source, words)
    found = [p for p in everywhere if paragraph in (None, p.paragraph) and start in (None, p.start)]
    if len(found) == 1:
        return found[0]
    if found:
        listed = ", ".join(map(str, found[:20]))
        raise forms.ValidationError(
            _(
                "These words stand in %(count)s places: %(places)s. Give the paragraph or the start, or more of the words."
            )
            % {"count": len(found), "places": listed}
        )
    if everywhere:
        listed = ", ".join(map(str, everywhere[:20]))
        raise forms.ValidationError(_("These words do not stand there, but here: %s.") % listed)
    raise forms.ValidationError(
        _("These words are not in one paragraph of the source. Copy them character by character, marks and spaces too.")
    )


def measure(source: Source, text: str) -> None:
    """Store a text with its source, measured. Nothing is saved yet."""
    source.text, source.sha256, source.length = text, sha256_of(text), len(text)
    source.paragraphs = paragraph_spans(text)


def save_proofs(passage: Any) -> None:
    """Save what is proven by a passage once more, so that it is compared with the passage as it is now."""
    for relation in passage._meta.related_objects:
        related: Any = relation.related_model
        if relation.one_to_many and hasattr(related, "proven"):
            for row in related._base_manager.filter(**{relation.field.name: passage}):
                before = row.proven
                row.derive()
                if row.proven != before:
                    row.save()
