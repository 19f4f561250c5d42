"""Moments as answers and files have them: in UTC, always with six digits behind the second; and read from such a text."""

from __future__ import annotations

import datetime

import orjson


def utc_text(moment: datetime.datetime) -> str:
    """Return a moment in UTC as RFC 3339 has it: "2025-03-14T09:30:00.000000Z". Equal moments are equal texts."""
    if moment.tzinfo is not datetime.UTC:
        moment = moment.astimezone(datetime.UTC)
    return moment.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def moment_in(text: str) -> datetime.datetime | None:
    """Return the moment that a text of ISO 8601 gives, in UTC; None if it gives none with its zone, or one out of all calendars."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(datetime.UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def json_bytes(body: object) -> bytes:
    """Return a body as JSON, with moments as `utc_text` writes them. orjson itself leaves out microseconds that are none."""
    return orjson.dumps(body, default=_text, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _text(value: object) -> str:
    if isinstance(value, datetime.datetime):
        return utc_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be written as JSON.")
