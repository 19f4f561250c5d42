"""Reads settings from environment variables. A missing or malformed one stops the process with a line that names it."""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

import dj_database_url
from dj_database_url import DBConfig
from environs import Env, EnvError

ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")
DOMAIN = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
DATE_OF_AUTHORITY = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
FIRST_YEAR_OF_IDS = "2026"


def refuse(name: str, problem: str) -> NoReturn:
    """End the process with one line that names the setting and its problem, without a traceback."""
    sys.exit(f"Setting {name}: {problem}")


class Settings(Env):
    """Environment variables as typed values. A wrong value ends the process with a line that names the variable."""

    def flag(self, name: str, default: bool) -> bool:
        """Return a boolean."""
        try:
            return bool(self.bool(name, default))
        except EnvError:
            refuse(name, f"“{os.environ[name]}” is neither yes nor no. Write 1 or 0.")

    def names(self, name: str, default: list[str]) -> list[str]:
        """Return a comma-separated list without empty parts."""
        return [part.strip() for part in self.list(name, default) if part.strip()]

    def contacts(self, name: str) -> list[str]:
        """Return addresses that a reader can write to or open: mailto: and https: URIs, separated by commas."""
        addresses = self.names(name, [])
        for address in addresses:
            if not re.fullmatch(r"mailto:[^\s@]+@[^\s@]+|https://[^\s]+|tel:[-+0-9]+", address):
                refuse(name, f"“{address}” is no contact. Write mailto:security@record.example or https://….")
        return addresses

    def line(self, name: str, longest: int = 200) -> str:
        """Return a short text in one line; empty if it is not set."""
        text = str(self.str(name, "")).strip()
        if len(text) > longest or any(not character.isprintable() for character in text):
            refuse(name, f"is no line of at most {longest} characters.")
        return text

    def origin(self, name: str) -> str:
        """Return scheme and host of an address without a path, such as https://record.example; empty if it is not set."""
        text = str(self.str(name, "")).strip().lower()
        if text and not ORIGIN.fullmatch(text):
            refuse(name, f"“{text}” is not the beginning of an address. Write https://record.example, without a slash.")
        return text

    def authority(self, name: str, origin: str, hosts: list[str]) -> str:
        """Return a domain and a date for tag URIs; by default the domain of the site and the first year of such ids."""
        host = (urlsplit(origin).hostname or "") if origin else (hosts or [""])[0].lstrip(".").lower()
        default = f"{host}," if DOMAIN.fullmatch(host) else "localhost,"
        text = str(self.str(name, "")).strip() or f"{default}{FIRST_YEAR_OF_IDS}"
        domain, _comma, date = text.partition(",")
        if not (DOMAIN.fullmatch(domain) and DATE_OF_AUTHORITY.fullmatch(date)):
            refuse(name, f"“{text}” is not a domain and a year in which it was yours. Write record.example,2026.")
        return text

    def number(self, name: str, default: int, least: int = 0) -> int:
        """Return a whole number from `least`."""
        try:
            value = int(self.int(name, default))
        except EnvError:
            value = -1
        if value < least:
            refuse(name, f"“{os.environ[name]}” is not a whole number from {least}.")
        return value

    def choice(self, name: str, values: Sequence[str]) -> str:
        """Return one of these values; the first is the default."""
        value = os.environ.get(name) or values[0]
        if value not in values:
            refuse(name, f"“{value}” is unknown. Write {', '.join(values[:-1])} or {values[-1]}.")
        return value

    def token(self, name: str) -> str:
        """Return a secret that others send us; empty if there is none."""
        value = os.environ.get(name, "")
        if value and (len(value) < 16 or not value.isascii() or any(c.isspace() for c in value)):
            refuse(
                name, "is no good secret. Give at least 16 random ASCII characters without blanks, or leave it unset."
            )
        return value

    def sentry_dsn(self, name: str) -> str:
        """Return the address to which errors are reported; empty if they are not."""
        value = os.environ.get(name, "")
        try:
            address = urlsplit(value)
            is_whole = bool(address.hostname and address.username and address.path.strip("/").isascii())
        except ValueError:
            is_whole = False
        if value and not (
            is_whole and address.scheme in ("http", "https") and address.path.rpartition("/")[2].isdigit()
        ):
            refuse(name, "cannot be read. Write it as Sentry shows it: https://key@host/number.")
        return value

    def database(self, name: str, default: str) -> DBConfig:
        """Return Django's settings of the database at this address."""
        address = os.environ.get(name) or default
        scheme = address.split(":", 1)[0]
        if scheme not in {"sqlite", "postgres", "postgresql"}:
            refuse(
                name,
                f"“{scheme}” is no database we know. Write sqlite:///file or postgres://user:password@host:5432/name.",
            )
        try:
            parsed = dj_database_url.parse(address)
            if scheme != "sqlite":
                urlsplit(address).port  # noqa: B018  a port that is no number raises here
        except (ValueError, dj_database_url.ParseError, dj_database_url.UnknownSchemeError):
            refuse(name, "cannot be read. Write sqlite:///file or postgres://user:password@host:5432/name.")
        if not parsed.get("NAME"):
            refuse(name, "names no database. Write sqlite:///file or postgres://user:password@host:5432/name.")
        return parsed

    def replica(self, name: str, primary: DBConfig) -> DBConfig | None:
        """Return Django's settings of the replica of the database `primary`; None if no replica is configured."""
        if not os.environ.get(name):
            return None
        replica = self.database(name, "")
        if not replica["ENGINE"] == primary["ENGINE"] == "django.db.backends.postgresql":
            refuse(name, "is for PostgreSQL alone, and the database itself (DATABASE_URL) has to be there too.")
        return replica

    def folder(self, name: str, path: Path) -> None:
        """Make this folder if it is missing."""
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            refuse(name, f"{path} cannot be made ({error.strerror}).")
        if not os.access(path, os.W_OK | os.X_OK):
            refuse(name, f"{path} cannot be written.")

    def secret(self, name: str, file: Path) -> str:
        """Return the secret from the environment, or else from a file that the first run creates."""
        if name in os.environ:
            if len(os.environ[name]) < 32:
                refuse(name, "is too short. Give at least 32 random characters, or leave it unset.")
            return os.environ[name]
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as out:
                out.write(secrets.token_urlsafe(50))
        except FileExistsError:
            pass  # an earlier run created it
        except OSError as error:
            refuse(name, f"is not set, and {file} cannot be written ({error.strerror}).")
        try:
            value = file.read_text().strip()
        except OSError as error:
            refuse(name, f"is not set, and {file} cannot be read ({error.strerror}).")
        if len(value) < 32:
            refuse(name, f"is not set, and {file} holds no key. Delete that file; the next start makes a new one.")
        return value
