"""Keeps the log readable when the same thing goes wrong with every request."""

from __future__ import annotations

import logging
import time

INTERVAL = 60  # seconds


class OnceAMinute(logging.Filter):
    """Lets each kind of line pass once a minute in this process, with how many like it were left out since.

    A kind is the logger and the message before its values are put in.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kinds: dict[tuple[str, str], tuple[float, int]] = {}  # when it passed, and how many did not since

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the line is written."""
        kind, now = (record.name, str(record.msg)), time.monotonic()
        passed, left_out = self.kinds.get(kind, (float("-inf"), 0))
        if now - passed < INTERVAL:
            self.kinds[kind] = (passed, left_out + 1)
            return False
        if left_out:
            record.msg = f"{record.getMessage()} (and {left_out} more of this kind)"
            record.args = ()
        self.kinds[kind] = (now, 0)
        return True
