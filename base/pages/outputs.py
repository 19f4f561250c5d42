"""Files that list many records for other programs: feeds and calendars."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.http.response import HttpResponseBase

from base.documents.plan import Document

Entry = TypeVar("Entry")
Answer = TypeVar("Answer", bound=HttpResponseBase)
logger = logging.getLogger(__name__)


def entries_of(records: Iterable[Document], form: str, entry: Callable[[Document], Entry]) -> list[Entry]:
    """Return the entry of each record. One that cannot be told in this form is left out and logged; the others stay."""
    entries = []
    for record in records:
        try:
            entries.append(entry(record))
        except Exception:  # whatever is wrong with one record must not take the file from everybody
            logger.exception("%s was left out of the %s: it cannot be written there.", record["url"], form)
    return entries


def open_to_scripts(response: Answer) -> Answer:
    """Let scripts of any site read an answer: it is public, and no cookie changes it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
