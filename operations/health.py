"""What programs ask before they send readers: is the site alive, and can it answer. Neither says anything about the machine."""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

CHECK_INTERVAL = 2.0  # seconds for which a finding holds: however often programs ask, the database is asked this often
MEGABYTE = 1_000_000

log = logging.getLogger("operations.health")


class HealthMiddleware:
    """Answers /healthz and /readyz before anything else: no database, session, name of the host or limit stands in the way."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer these two addresses, and pass on all others."""
        if request.path == "/healthz":
            return health_answer(request, {"status": "ok"}, 200)
        if request.path == "/readyz":
            faults = readiness.faults()
            found = {name: "fault" if name in faults else "ok" for name in ("database", "migrations", "disk")}
            status = {"status": "fault" if faults else "ok"}
            return health_answer(request, {**status, **found}, 503 if faults else 200)
        return self.get_response(request)


def health_answer(request: HttpRequest, found: dict[str, str], status: int) -> HttpResponseBase:
    """Return the answer as JSON that nobody keeps; 405 to anything but GET and HEAD."""
    if request.method not in ("GET", "HEAD"):
        return JsonResponse({"status": "method not allowed"}, status=405, headers={"Allow": "GET, HEAD"})
    response = JsonResponse(found, status=status, headers={"Cache-Control": "no-store"})
    # Django would log an error for every 503; what is wrong is logged once, where it was found.
    response._has_been_logged = True  # type: ignore[attr-defined]
    if request.method == "HEAD":
        response.headers["Content-Length"] = str(len(response.content))
        response.content = b""
    return response


class Readiness:
    """What keeps this process from answering readers, looked at once in CHECK_INTERVAL seconds."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.next_check = float("-inf")
        self.last: dict[str, str] = {"database": "not asked yet"}
        self.complete: frozenset[tuple[str, str]] = frozenset()  # the applied migrations, once none was missing

    def faults(self) -> dict[str, str]:
        """Return what is wrong by what it is about; empty if the site is ready.

        While one thread looks, the others are given what was found before: a database that hangs holds one of them.
        """
        if time.monotonic() >= self.next_check and self.lock.acquire(blocking=False):
            try:
                found = self.look()
                if found and found != self.last:
                    log.warning("Not ready: %s", "; ".join(f"{name}: {fault}" for name, fault in found.items()))
                self.last, self.next_check = found, time.monotonic() + CHECK_INTERVAL
            finally:
                self.lock.release()
        return self.last

    def look(self) -> dict[str, str]:
        """Look at the database (two queries) and the disk."""
        faults = {}
        try:
            if not self.is_migrated():
                faults["migrations"] = "some were not applied: run manage.py migrate"
        except (Error, OSError) as error:
            faults["database"] = str(error).strip()
        if problem := disk_fault():
            faults["disk"] = problem
        return faults

    def is_migrated(self) -> bool:
        """Whether every migration was applied. One query, once they were."""
        connection = connections[DEFAULT_DB_ALIAS]
        applied = frozenset(MigrationRecorder(connection).applied_migrations())
        if applied != self.complete or not applied:
            executor = MigrationExecutor(connection)
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                return False
            self.complete = applied
        return True


def disk_fault() -> str:
    """Return what is wrong with the folders that the site writes to; empty if there is room."""
    folders = {Path(settings.VAR_DIR)}
    database = connections[DEFAULT_DB_ALIAS]
    file = Path(str(database.settings_dict["NAME"]))
    if database.vendor == "sqlite" and file.is_absolute():  # else it is in memory
        folders.add(file.parent)
    for folder in folders:
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            return f"{folder}: {error.strerror}"
        if free < settings.READY_MIN_FREE_MB * MEGABYTE:
            return f"{folder}: {free // MEGABYTE} MB left"
        if not os.access(folder, os.W_OK):
            return f"{folder}: cannot be written"
    return ""


readiness = Readiness()
