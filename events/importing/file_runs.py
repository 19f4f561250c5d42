"""Checks a file that was handed in on the page of the import, and takes it in: all of it as one change set, or nothing.

A run is one transaction in the request that asked for it, and yields how far it is. So a process that is ended, or a page that is
closed, leaves nothing behind, on either database and without anybody to clean up.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Generator
from dataclasses import asdict
from typing import TypedDict

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.models.statement_files import MOST_SECONDS, FileState, StatementFile

from .format import RowProblem
from .handed_in import rows_of_content
from .parse import UnusableFile
from .pipeline import VALUE_LENGTH, FirstProblems, StatementImport
from .statement import NewStatement

BATCH = 100  # lines between two reports of how far it is
MOST_ROWS = 3_000  # statements, wordings and passages that a run makes: undoing takes each back by itself
MOST_PROBLEMS = 200  # that are kept to be shown
WORDS_LENGTH = 90  # letters of a new statement

Progress = Generator[int, None, None]  # how many lines are done


class RunStopped(Exception):
    """A run that writes nothing; the message says why and what would be right."""


def check_file(file: StatementFile) -> Progress:
    """Find out what a file would add and what is wrong with it, and keep that with the file. Nothing else is written."""
    problems = FirstProblems(MOST_PROBLEMS)
    try:
        run = _run_over(file, dry_run=True)
        yield from _in_time(run, problems, time.monotonic() + MOST_SECONDS)
        _note(file, **_outcome(run, problems), checked_at=timezone.now(), started_at=None, refusal="")
        return
    except (RunStopped, UnusableFile, ImproperlyConfigured) as error:
        refusal = str(error)
    except DatabaseError:
        refusal = _("The database was busy. Check it again in a moment.")
    with contextlib.suppress(DatabaseError):  # then the row stays as it was
        _note(file, checked_at=None, started_at=None, refusal=refusal)


def why_not(counts: dict[str, int]) -> str:
    """Return why a file of these counts cannot be taken in, as a sentence; empty if it can."""
    if count := counts.get("refused", 0):
        text = ngettext(
            "%(count)s line is wrong. All of it goes in or nothing: mend the file, and hand it in again.",
            "%(count)s lines are wrong. All of it goes in or nothing: mend the file, and hand it in again.",
            count,
        )
        return text % {"count": count}
    if not counts.get("imported"):
        return _("There is no new statement in this file.")
    if counts["rows"] > MOST_ROWS:
        text = _(
            "It would add %(count)s statements, wordings and passages; at most %(most)s can be undone at once. Divide the file."
        )
        return text % {"count": counts["rows"], "most": MOST_ROWS}
    return ""


def start_run(file: StatementFile) -> None:
    """Note that a file is about to be taken in. Raises RunStopped if it cannot be, or is being taken in already."""
    with transaction.atomic():
        file.refresh_from_db(from_queryset=StatementFile.objects.select_for_update())
        if file.state == FileState.IMPORTED:
            raise RunStopped(_("This file is in already."))
        if file.state == FileState.RUNNING:
            raise RunStopped(_("This file is being taken in just now."))
        if file.checked_at is None:
            raise RunStopped(_("This file was not checked to the end. Check it first."))
        if problem := why_not(file.counts):
            raise RunStopped(problem)
        file.started_at, file.refusal = timezone.now(), ""
        file.save(update_fields=["started_at", "refusal"])


def take_in(file: StatementFile) -> Progress:
    """Write all statements of a file that was started, or none. What becomes of it stands in its row."""
    refusal = _("It was stopped before the end, as when its page is closed. Nothing was written; start it again.")
    problems, end = FirstProblems(0), time.monotonic() + MOST_SECONDS
    try:
        with transaction.atomic():
            run = _run_over(file, dry_run=False)
            for lines in _in_time(run, problems, end):
                if run.counts.refused:
                    raise RunStopped(
                        _(
                            "Something that the file names was changed after it was checked. Check it again; nothing was written."
                        )
                    )
                yield lines
            outcome = _outcome(run, problems)
            if problem := why_not(outcome["counts"]):  # it may be another than the check found
                raise RunStopped(problem)
            _look_at_clock(end)
            if not _note(
                file, **outcome, change_set=run.loader.change_set, imported_at=timezone.now(), packed=b"", refusal=""
            ):
                raise RunStopped(_("This file is being taken in just now."))
        refusal = ""
    except (RunStopped, UnusableFile, ImproperlyConfigured) as error:
        refusal = str(error)
    except DatabaseError:
        refusal = _("The database was busy, or somebody changed the same records. Nothing was written; start it again.")
    finally:  # also where the page is closed, which ends this generator, or something else goes wrong
        if refusal:
            _note(file, refusal=refusal, started_at=None)


def _note(file: StatementFile, **columns: object) -> int:
    """Write columns of a file, unless another run has begun or ended since the file was read; return how many rows that were."""
    rows = StatementFile.objects.filter(pk=file.pk, imported_at=None, started_at=file.started_at)
    return rows.update(**columns)


class RunOutcome(TypedDict):
    """The columns of a file that tell what a run found."""

    counts: dict[str, int]
    examples: list[list[str | int]]
    problems: list[list[str | int]]


def _outcome(run: StatementImport, problems: FirstProblems) -> RunOutcome:
    return RunOutcome(
        counts={**asdict(run.counts), "problems": problems.count},
        examples=[_example(statement) for statement in run.examples],
        problems=[_shown(problem) for problem in problems.problems],
    )


def _run_over(file: StatementFile, *, dry_run: bool) -> StatementImport:
    return StatementImport(
        rows_of_content(file.content, file.name),
        file.name,
        batch=BATCH,
        publish=file.publish,
        skip=file.skip,
        user=file.user_id,
        dry_run=dry_run,
        far_dates=file.far_dates,
        other_languages=file.other_languages,
    )


def _in_time(run: StatementImport, problems: FirstProblems, end: float) -> Progress:
    """Yield how many lines are done. Raises RunStopped once it is later than `end`, in seconds of the monotonic clock."""
    lines = 0
    for counts in run.run(problems):
        _look_at_clock(end)
        if counts.lines > lines:
            lines = counts.lines
            yield lines


def _look_at_clock(end: float) -> None:
    if time.monotonic() > end:
        raise RunStopped(
            _("It took longer than a minute, so nothing was written. Divide the file, or start it again later.")
        )


def _example(statement: NewStatement) -> list[str | int]:
    words = statement.wordings[0].text if statement.wordings else ""
    return [statement.line, statement.slug, Truncator(words).chars(WORDS_LENGTH)]


def _shown(problem: RowProblem) -> list[str | int]:
    value = problem.value[:VALUE_LENGTH].encode("utf-8", "replace").decode().replace("\0", "�")
    return [problem.line, problem.column, value, problem.wrong, problem.right]
