"""The file of SQLite while the site runs: one that was deleted is neither made anew, empty, nor written to any more."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

FileIdentity = tuple[int, int]  # device and inode

log = logging.getLogger(__name__)
opened: WeakKeyDictionary[BaseDatabaseWrapper, FileIdentity | None] = WeakKeyDictionary()


def watch_files() -> None:
    """Open no file of SQLite that is not there, and close those that were deleted or replaced. For processes that serve."""
    for configured in connections.settings.values():
        path = Path(str(configured["NAME"]))
        if "sqlite" in configured["ENGINE"] and path.is_absolute():  # else it is in memory
            configured["OPTIONS"]["database"] = f"{path.as_uri()}?mode=rw"
    connection_created.connect(note_file)
    request_started.connect(close_replaced_files)


def file_identity(connection: BaseDatabaseWrapper) -> FileIdentity | None:
    """Return which file is at the path of the database; None if there is none."""
    try:
        state = os.stat(str(connection.settings_dict["NAME"]))
    except OSError:
        return None
    return state.st_dev, state.st_ino


def note_file(connection: BaseDatabaseWrapper, **_kwargs: object) -> None:
    """Note which file was opened (receives connection_created)."""
    if connection.vendor == "sqlite":
        opened[connection] = file_identity(connection)


def close_replaced_files(**_kwargs: object) -> None:
    """Close connections to files that are no longer at their path (receives request_started). What is written there is lost."""
    for connection in connections.all(initialized_only=True):
        known = opened.get(connection)
        if known is not None and connection.connection is not None and file_identity(connection) != known:
            log.error("The database file was deleted or replaced: %s", connection.settings_dict["NAME"])
            del opened[connection]
            connection.close()
