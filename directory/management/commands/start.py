"""The command start, which sets up the site on an empty machine and serves it."""

from __future__ import annotations

import hashlib
import os
import secrets
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.db import DatabaseError, connection

from base.text.numbers import parse_digits
from directory.models import Source

STAMP = ".collected"  # in the folder of collected files: which files they were made of


def has_manifest() -> bool:
    """Whether the collected files have a manifest that can be read, if they need one."""
    return not isinstance(staticfiles_storage, ManifestFilesMixin) or bool(staticfiles_storage.load_manifest()[0])


def one_line(error: Exception) -> str:
    """Return the text of an error in one line."""
    return " ".join(str(error).split())


class Command(BaseCommand):
    """Migrates, loads the article and makes a curator account where there is none, then hands over to gunicorn."""

    help = "Set up the database, load the article on the very first start, and serve the site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option to stop before serving."""
        parser.add_argument("--no-serve", action="store_true", help="set everything up, then stop")

    def handle(self, *, no_serve: bool, **options: object) -> None:
        """Set up what is missing, then replace this process by gunicorn."""
        bind = self.address()
        if not no_serve:
            self.refuse_port_in_use(bind)
        workers, threads = (self.whole_number(name) for name in ("WEB_CONCURRENCY", "WEB_THREADS"))
        try:
            self.set_up(bind)
        except DatabaseError as error:
            raise CommandError(f"The database ({self.database()}) cannot be used: {one_line(error)}") from None
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be used: {error.strerror}") from None
        if no_serve:
            return
        self.stdout.write(f"On the Record: http://{bind}/")
        self.stdout.flush()
        server = ["gunicorn", "--config", "python:config.gunicorn", "--bind", bind]
        server += ["--workers", workers, "--threads", threads]
        os.execv(sys.executable, [sys.executable, "-m", *server])

    def set_up(self, bind: str) -> None:
        """Bring the database and the static files up to date, and fill what is empty."""
        # The checks include those of the database.
        call_command("migrate", verbosity=0, interactive=False, skip_checks=False)
        self.collect_static()
        if not Source.objects.exists():
            call_command("loaddata", "film-workshop", verbosity=0)
        self.create_curator(bind)

    def collect_static(self) -> None:
        """Collect and compress the static files, unless the last start did so with the same files."""
        digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
        for finder in get_finders():
            for name, storage in finder.list([]):
                state = os.stat(storage.path(name))
                digest.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
        stamp = Path(settings.STATIC_ROOT) / STAMP
        if stamp.exists() and stamp.read_text() == digest.hexdigest() and has_manifest():
            return
        call_command("collectstatic", verbosity=0, interactive=False)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest.hexdigest())

    def database(self) -> str:
        """Return where the database is, without its password."""
        database = connection.settings_dict
        return f"{database['HOST']}, {database['NAME']}" if database["HOST"] else str(database["NAME"])

    def refuse_port_in_use(self, bind: str) -> None:
        """Raise CommandError if the address cannot be listened at."""
        host, _colon, port = bind.rpartition(":")
        try:
            family, kind, protocol, _name, address = socket.getaddrinfo(
                host.strip("[]"), int(port), type=socket.SOCK_STREAM
            )[0]
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            raise CommandError(f"Settings HOST and PORT: cannot listen at {bind} ({error.strerror}).") from None

    def whole_number(self, name: str) -> str:
        """Return the whole number in this environment variable, by default 2. Raises CommandError."""
        text = os.environ.get(name) or "2"
        if not parse_digits(text):
            raise CommandError(f"Setting {name}: “{text}” is not a whole number from 1.")
        return text

    def address(self) -> str:
        """Return HOST:PORT from the environment. Raises CommandError if either is invalid."""
        host, port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
        if not 0 < (parse_digits(port) or 0) < 65536:
            raise CommandError(f"Setting PORT: “{port}” is not a port. Give a whole number from 1 to 65535.")
        if any(c.isspace() or c == "/" for c in host):
            raise CommandError(f"Setting HOST: “{host}” is not a host. Give a name or an address such as 127.0.0.1.")
        return f"[{host}]:{port}" if ":" in host and not host.startswith("[") else f"{host}:{port}"

    def create_curator(self, bind: str) -> None:
        """Create the first account if there is none, and print its password."""
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser("curator", password=password)
        self.stdout.write(
            f"Curators sign in at http://{bind}/admin/ as “curator” with the password {password} "
            "(shown only now; change it there, or with: manage.py changepassword curator)"
        )
