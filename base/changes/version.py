"""The content version: one number that is another after every write that readers could see."""

from __future__ import annotations

from django.db import connections, router

from base.changes.models import ContentVersion
from base.changes.triggers import OPEN, VERSION
from base.sql.prepared import prepared_cursor


def content_version() -> int:
    """Return the version of everything that is shown; it only grows. One query.

    It is raised by triggers in the transaction that writes, so nobody sees the write without it or it without the write. Take
    it BEFORE reading what an answer is made of: an answer may then be newer than its version, which costs a needless
    download, but never older, which would be kept for ever. It is about microseconds since 1970, and fits a double. Inside
    an open transaction on PostgreSQL the writes so far are counted on top.
    """
    using = router.db_for_read(ContentVersion)
    with prepared_cursor(connections[using]) as cursor:
        cursor.execute(f"SELECT version + (SELECT coalesce(sum(writes), 0) FROM {OPEN}) FROM {VERSION}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0
