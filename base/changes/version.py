"""Two numbers that answers depend on: the content version, another one after every write, and the digest of the code.

Together with what was asked they make the ETag of an answer, which is known before anything is read.
"""

from __future__ import annotations

import functools
import hashlib
import time
from pathlib import Path

from django.conf import settings
from django.db import connections, router
from django.http import HttpRequest
from django.utils.http import quote_etag

from base.changes.models import ContentVersion
from base.changes.triggers import OPEN, VERSION
from base.sql.prepared import prepared_cursor
from base.sql.replica import complete_until

STARTED = int(time.time())  # an answer may look different after the code changed, which has no time of its own

# What answers are made of besides the content: program, templates, catalogues, and the files that pages name by their digests.
MADE_OF = {
    "base": "*.py",
    "config": "*.py",
    "directory": "*.py",
    "events": "*.py",
    "operations": "*.py",
    "reports": "*.py",
    "templates": "*",
    "locale": "*.mo",
    "static": "*",
}


def version_database() -> str:
    """Return the alias of the database whose content version holds for what is read now."""
    return router.db_for_read(ContentVersion)


def content_version() -> int:
    """Return the version of everything that is shown; it only grows. One query.

    It is raised by triggers in the transaction that writes, so nobody sees the write without it or it without the write. Take
    it BEFORE reading what an answer is made of: an answer may then be newer than its version, which costs a needless
    download, but never older, which would be kept for ever. It is about microseconds since 1970, and fits a double. Inside
    an open transaction on PostgreSQL the writes so far are counted on top.
    """
    with prepared_cursor(connections[version_database()]) as cursor:
        cursor.execute(f"SELECT version + (SELECT coalesce(sum(writes), 0) FROM {OPEN}) FROM {VERSION}")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def version_for(request: HttpRequest) -> int:
    """Return the content version as it was when this request first asked for it. One query, once a request."""
    if not hasattr(request, "content_version"):
        request.content_version = content_version()  # type: ignore[attr-defined]
    return int(request.content_version)  # type: ignore[attr-defined]


def code_version() -> str:
    """Return a digest of the code and its libraries: an answer may look different after they change."""
    # Who works on a template wants to see it at once, and the server does not start anew for one.
    return _digest() if settings.DEBUG else code_version_at_start()


def _digest() -> str:
    root = Path(settings.BASE_DIR)
    files = [file for name, kind in MADE_OF.items() for file in sorted((root / name).rglob(kind)) if file.is_file()]
    digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for file in [*files, root / "requirements" / "base.txt"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()


@functools.cache
def code_version_at_start() -> str:
    """Return the digest of the code as this process first read it."""
    return _digest()


def last_change(version: int, since: int = 0) -> int | None:
    """Return when the content of this version, the code, or what changed at `since` last changed, in seconds since 1970.

    None as long as another write in the same second is possible, or as a replica may lack a write of it.
    """
    changed = max(version // 1_000_000, STARTED, since)
    return changed if changed < int(complete_until()) else None


def tag_of(version: int, request: HttpRequest, *besides: str) -> str:
    """Return the ETag of an answer: of the content, the code, what was asked, and what else the answer depends on."""
    asked = "\n".join((request.build_absolute_uri(), *besides))
    digest = hashlib.sha256(f"{version}\n{code_version()}\n{asked}".encode())
    return quote_etag(digest.hexdigest()[:32])
