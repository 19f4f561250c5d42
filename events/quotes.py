"""Quotes made of passages: for whoever has chosen what the source prints, and not typed it."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from directory.models import Passage

from .models import Wording
from .models.segments import in_reading_order, printed_words
from .models.statements import Nature


def save_quote(wording: Wording, passages: Collection[Passage], text: str = "") -> None:
    """Store a wording as the quote that these stored passages print, a segment each, and let its statement cite them.

    The wording is new or stored; a new one needs no more than its statement, which is stored: the language is that of the source
    unless it has one, the words are read from the stored text unless `text` gives them. The order of the passages makes no
    difference: a quote has that of its source.

    Raises ValidationError, by field, for passages of several sources or that overlap, for words that they do not print, and for
    a statement that has such a wording already. Then nothing is stored.
    """
    if not passages:
        raise ValidationError({"passage": _("Words as printed need the passage they are printed in.")})
    first, *further = in_reading_order(passages)
    wording.nature, wording.passage, wording.chosen_passages = Nature.VERBATIM, first, further
    wording.language = wording.language or first.source.language
    wording.text = text or printed_words([first, *further])
    if not wording.text:
        wrong = _("The text of this source is not stored as it was read, so the words have to be given.")
        raise ValidationError({"text": wrong})
    wording.full_clean()
    with transaction.atomic():
        wording.save()
        wording.further_passages.set(further)
        wording.chosen_passages = None
        wording.statement.passages.add(first, *further)
