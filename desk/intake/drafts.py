"""Drafts of texts: made of a file or a pasted text, corrected one step at a time, and stored as a source in the end."""

from __future__ import annotations

from datetime import timedelta
from typing import cast

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from base.records.change_reasons import ChangeReason
from base.records.publishing import Status
from base.text.numbers import parse_digits
from desk.intake.characters import CleanText, clean
from desk.intake.cut import (
    DraftParagraph,
    WrongPlace,
    join_paragraph,
    mark_paragraph,
    numbers_of,
    proposed,
    rewrite_paragraph,
    split_paragraph,
    text_of,
    typed_paragraphs,
)
from desk.intake.files import FileRefused, read_file
from desk.intake.guesses import found_dates, guess_language, guess_title
from desk.intake.known_texts import known_texts, remember
from desk.intake.lines import is_wrapped, join_wrapped
from desk.intake.reading import CAPTION, HEADING, FileReading, Line, plain_lines
from desk.models import ArticleLayout, TextDraft
from directory.models import Source
from directory.source_texts import store_text

TAKEN_IN = ChangeReason(gettext_noop("Taken in at the desk"))
MOST_LETTERS = 1_000_000  # of an article
MOST_PARAGRAPHS = 5_000
_PAGE_BEGINS = ("<!doctype html", "<html")


class StaleDraft(Exception):
    """A correction that was sent from a page that shows an older state of the draft."""


# Taking in -----------------------------------------------------------------------------------------------------------
def draft_of_file(owner: User, name: str, content: bytes) -> TextDraft:
    """Return a new draft of what a file holds. Raises FileRefused."""
    return _new_draft(owner, read_file(name, content), name[-200:])


def draft_of_text(owner: User, text: str) -> TextDraft:
    """Return a new draft of a pasted text, which may be the code of a page. Raises FileRefused."""
    if text.lstrip("\ufeff \t\r\n")[:20].casefold().startswith(_PAGE_BEGINS):
        return _new_draft(owner, read_file("page.html", text.encode("utf-8", "replace")))
    return _new_draft(owner, FileReading(lines=plain_lines(text.replace("\r\n", "\n").replace("\r", "\n"))))


def _new_draft(owner: User, reading: FileReading, file_name: str = "") -> TextDraft:
    outcome = clean("\n".join(text for text, _kind in reading.lines))
    texts = outcome.text.split("\n")
    kinds = [kind for _text, kind in reading.lines]
    lines = list(zip(texts, kinds, strict=True)) if len(texts) == len(kinds) else plain_lines(outcome.text)
    join = reading.is_wrapped or is_wrapped(texts)
    paragraphs = _cut(lines, join)
    _require_article(paragraphs)
    text = text_of(paragraphs) or outcome.text
    language = guess_language(text)
    dates = found_dates(paragraphs, language)
    first = dates[0] if dates and not dates[0].buddhist_year else None
    if reading.encoding:
        name = reading.encoding.replace("_", "-").upper()
        outcome.changes.append(
            _("It was read as %(encoding)s, which is a guess: look whether all letters are right.") % {"encoding": name}
        )
    title = guess_title(paragraphs, clean(reading.title).text)
    if (first_row := next((row for row in paragraphs if row["text"] == title), None)) is not None:
        first_row["kind"] = HEADING
    draft = TextDraft(
        owner=owner,
        file_name=" ".join(clean(file_name).text.split()),
        original=lines,
        paragraphs=paragraphs,
        is_joined=join,
        facts={
            "title": title,
            "language": language,
            "date": reading.date or (first.date if first else ""),
            "author": " ".join(clean(reading.author).text.split())[:300],
        },
        remarks=_remarks(outcome, text, "\n".join(texts)) | {"dates": [vars(date) for date in dates]},
    )
    draft.save()
    return draft


def _cut(lines: list[Line], join: bool) -> list[DraftParagraph]:
    """Return the proposed paragraphs of lines, `join`: of lines that were wrapped at a column, or else as a PDF prints them."""
    return proposed(join_wrapped(lines, is_printed=not is_wrapped([text for text, _kind in lines])) if join else lines)


def _require_article(paragraphs: list[DraftParagraph]) -> None:
    """Raise FileRefused for a text without a paragraph, and for one that nobody could look through."""
    if not paragraphs:
        raise FileRefused("empty")
    letters = sum(len(row["text"]) for row in paragraphs)
    if letters > MOST_LETTERS or len(paragraphs) > MOST_PARAGRAPHS:
        raise FileRefused(
            "too_long",
            _(
                "The text has %(letters)s letters in %(paragraphs)s paragraphs; an article may have a million in 5,000. "
                "Take it in in parts."
            )
            % {"letters": letters, "paragraphs": len(paragraphs)},
        )


def _remarks(outcome: CleanText, text: str, whole: str) -> dict[str, object]:
    known = [[each.source.pk, round(each.share, 3)] for each in known_texts(text, whole, whole.strip("\n"))]
    return {"changes": outcome.changes, "warnings": outcome.warnings, "known": known}


# Correcting ----------------------------------------------------------------------------------------------------------
def correct(draft: TextDraft, action: str, typed_text: str = "") -> None:
    """Do one correction, such as `join:7`, `split:7:120`, `kind:7:caption`, `rewrite:7`, `retype`, `wrap` or `undo`, and save.

    Raises WrongPlace for what fits no paragraph, and FileRefused if nothing or too much would be left.
    """
    name, *values = action.split(":")
    before = cast("list[DraftParagraph]", draft.paragraphs)
    if name == "undo":
        if not draft.before:
            raise WrongPlace
        after = cast("list[DraftParagraph]", draft.before)
    elif name == "wrap":
        draft.is_joined = not draft.is_joined
        lines = [(text, kind) for text, kind in draft.original]
        after = _cut(lines, draft.is_joined)
    else:
        after = _corrected(before, name, values, typed_text)
    _require_article(after)
    if after == before and name != "wrap":
        return
    draft.before, draft.paragraphs = before, after
    draft.version += 1
    draft.save()


def _corrected(paragraphs: list[DraftParagraph], name: str, values: list[str], typed_text: str) -> list[DraftParagraph]:
    if name == "retype":
        return typed_paragraphs(clean(typed_text).text)
    numbers = [number for value in values if (number := parse_digits(value)) is not None]
    if name == "kind" and len(values) == 2 and len(numbers) == 1:
        return mark_paragraph(paragraphs, numbers[0], values[1])
    if name == "join" and len(numbers) == 1:
        return join_paragraph(paragraphs, numbers[0])
    if name == "split" and len(numbers) == 2:
        return split_paragraph(paragraphs, *numbers)
    if name == "rewrite" and len(numbers) == 1:
        return rewrite_paragraph(paragraphs, numbers[0], clean(typed_text).text)
    raise WrongPlace


def locked_draft(owner: User, key: str, version: str) -> TextDraft:
    """Return a draft for a correction, locked in this transaction. Raises TextDraft.DoesNotExist, and StaleDraft."""
    draft = TextDraft.objects.select_for_update().get(owner=owner, key=key)
    if str(draft.version) != version:
        raise StaleDraft
    return draft


# Storing -------------------------------------------------------------------------------------------------------------
def same_text(draft: TextDraft) -> Source | None:
    """Return a source that has the same text already."""
    probe = Source()
    store_text(probe, text_of(cast("list[DraftParagraph]", draft.paragraphs)))
    return Source.objects.filter(sha256=probe.sha256).first()


def store(draft: TextDraft, source: Source) -> Source:
    """Save the text of a draft as a source that is a draft itself, with its layout; the draft of the text is done with."""
    paragraphs = cast("list[DraftParagraph]", draft.paragraphs)
    with transaction.atomic():
        source.status, source.title_language = Status.DRAFT, source.language
        store_text(source, text_of(paragraphs))
        source._change_reason = TAKEN_IN()
        source.save()
        ArticleLayout.objects.create(
            source=source, headings=numbers_of(paragraphs, HEADING), captions=numbers_of(paragraphs, CAPTION)
        )
        remember(source)
        draft.delete()
    return source


def delete_old_drafts() -> int:
    """Delete drafts that nobody has corrected for KEEP_TEXT_DRAFT_DAYS; return how many."""
    if not settings.KEEP_TEXT_DRAFT_DAYS:
        return 0
    oldest = timezone.now() - timedelta(days=settings.KEEP_TEXT_DRAFT_DAYS)
    return TextDraft.objects.filter(updated_at__lt=oldest).delete()[0]
