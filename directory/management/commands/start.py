"""The command start, which sets up the site on an empty machine and serves it."""

from __future__ import annotations

import os
import secrets
import sys

from django.contrib.auth import get_user_model
from django.core.management import BaseCommand, CommandError, CommandParser, call_command

from base.text.numbers import parse_digits
from directory.models import Source


class Command(BaseCommand):
    """Migrates, loads the article and makes a curator account where there is none, then hands over to gunicorn."""

    help = "Set up the database, load the article on the very first start, and serve the site."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the option to stop before serving."""
        parser.add_argument("--no-serve", action="store_true", help="set everything up, then stop")

    def handle(self, *, no_serve: bool, **options: object) -> None:
        """Set up what is missing, then replace this process by gunicorn."""
        bind = self.address()
        workers, threads = (self.whole_number(name) for name in ("WEB_CONCURRENCY", "WEB_THREADS"))
        call_command(
            "migrate", verbosity=0, interactive=False, skip_checks=False
        )  # the checks include those of the database
        call_command("collectstatic", verbosity=0, interactive=False)
        if not Source.objects.exists():
            call_command("loaddata", "film-workshop", verbosity=0)
        self.create_curator(bind)
        if no_serve:
            return
        self.stdout.write(f"On the Record: http://{bind}/")
        self.stdout.flush()
        server = ["gunicorn", "--config", "python:config.gunicorn", "--bind", bind]
        server += ["--workers", workers, "--threads", threads]
        os.execv(sys.executable, [sys.executable, "-m", *server])

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
