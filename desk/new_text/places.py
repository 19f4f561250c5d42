"""Where a place of an old text is in a newer one."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from base.text.differences import Stretch


class Places:
    """Finds places of the old text in the new one."""

    def __init__(self, rows: Sequence[Stretch]) -> None:
        self.rows = [row for row in rows if row.old_start < row.old_end]
        self.starts = [row.old_start for row in self.rows]
        self.ends = [row.old_end for row in self.rows]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the old text is in the new one; a place inside a change counts with the whole change."""
        first = self.rows[bisect_right(self.starts, start) - 1]
        last = self.rows[bisect_left(self.ends, end)]
        return (
            first.new_start + (start - first.old_start if first.is_same else 0),
            last.new_end - (last.old_end - end if last.is_same else 0),
        )
