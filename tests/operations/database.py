"""Databases of their own for tests of backup and upgrade, each with a process that has the site over it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.servers import postgres
from benchmarks.site import Site

NewDatabase = Callable[[], "Place"]
# Tables that a restore writes to, those of SQLite's own, and its search indexes, whose pages may be packed otherwise.
BOOKKEEPING = re.compile("directory_(contentversion|touchedrow|openwrite)|django_session|sqlite_|.*_trigrams")


class Place:
    """A database, and the commands of the site over it."""

    def __init__(self, var: Path, address: str = "") -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.var, self.address = var, address
        self.site = Site(address, var, HASHED_STATIC="0", LOG_FORMAT="json")

    def manage(self, *command: Any, **options: Any) -> str:
        """Run a command of the site, which has to succeed, and return what it prints."""
        text, fault = self.site.call(run_command, [str(part) for part in command], options)
        assert not fault, fault
        return str(text)

    def refuse(self, *command: Any) -> str:
        """Run a command that has to fail, and return the sentence it says."""
        text, fault = self.site.call(run_command, [str(part) for part in command], {})
        assert fault, text
        assert "\n" not in fault
        return str(fault)

    def everything(self) -> dict[str, bytes]:
        """Return every export byte for byte, and all rows of all tables, private ones too."""
        contents: dict[str, bytes] = self.site.call(read_everything)
        return contents


@contextmanager
def new_databases(vendor: str, folder: Path) -> Iterator[NewDatabase]:
    """Yield a function that makes an empty database of this kind each time it is called."""
    made: list[Place] = []
    servers = postgres() if vendor == "postgresql" else None
    port = servers.primary(replicated=False) if servers else 0

    def create() -> Place:
        name = f"place{len(made)}"
        if servers:
            options = ["--template=template0", "--encoding=UTF8", "--locale=C.UTF-8"]
            servers.run("createdb", *servers.to(port), *options, name)
        made.append(Place(folder / name, servers.address(port).removesuffix("app") + name if servers else ""))
        return made[-1]

    try:
        yield create
    finally:
        for place in made:
            place.site.close()
        if servers:
            servers.stop()


# What runs in the process of a site -----------------------------------------------------------------------------------


def run_command(command: list[str], options: dict[str, Any]) -> tuple[str, str]:
    """Run a command; return what it printed, and why it failed."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import CommandError, call_command
    from django.db import connections

    out = io.StringIO()
    try:
        call_command(*command, stdout=out, **options)
    except CommandError as error:
        return out.getvalue(), str(error) or type(error).__name__
    finally:
        connections.close_all()
        ContentType.objects.clear_cache()
    return out.getvalue(), ""


def read_everything() -> dict[str, bytes]:
    """Return what the site exports, and the rows of its tables."""
    from django.db import connection
    from django.test import Client

    from config.api import EXPORTED

    contents, client = {}, Client(SERVER_NAME="127.0.0.1")
    for view, _table in EXPORTED:
        for form in ("ndjson", "csv"):
            answer: Any = client.get(f"/api/v1/export/{view.model.plural}.{form}")
            assert answer.status_code == 200
            contents[f"{view.model.plural}.{form}"] = answer.getvalue()
    rows = []
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if not BOOKKEEPING.match(table):
                cursor.execute(f'SELECT * FROM "{table}"')
                rows += [table, *sorted(map(repr, cursor.fetchall()))]
    connection.close()
    return {**contents, "rows": "\n".join(rows).encode()}


def run_code(code: str) -> dict[str, Any]:
    """Run a piece of Python and return its names."""
    from django.db import connections

    names: dict[str, Any] = {}
    exec(code, names)
    connections.close_all()
    return {name: value for name, value in names.items() if isinstance(value, (int, str))}
