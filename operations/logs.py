"""How lines of the log are written: JSON for programs, plain text on a terminal. Needs no settings: gunicorn uses it too."""

from __future__ import annotations

import logging
import re
import sys
import time
import unicodedata
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter

FORMATS = ("auto", "json", "plain")

# What a line of the logger `access` says besides its message (operations/requests.py).
ACCESS_MEMBERS = ("method", "path", "status", "ms", "bytes", "client")

# The id of the request that is being answered; a line that is logged meanwhile has it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

# PostgreSQL adds the values of a row to the message of an error. They may be words that are not public.
_DETAIL = re.compile(
    r"^DETAIL:.*?(?=^(?:HINT|CONTEXT|LINE \d+|Traceback|The above exception|During handling)\b|\Z)", re.M | re.S
)
_SECRET_ADDRESS = re.compile(r"(/preview/)[^/\s?\"]+")  # whoever has the address of a preview may see it
_UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")  # control characters, directions, lone surrogates, line separators


def without_values(text: str) -> str:
    """Return the text of a line without the values of rows that PostgreSQL adds to an error, and without secret addresses."""
    if "/preview/" in text:
        text = _SECRET_ADDRESS.sub(r"\1…", text)
    return _DETAIL.sub("DETAIL: (left out)\n", text).rstrip("\n") if "DETAIL:" in text else text


def printable(text: str) -> str:
    """Return a text with control characters escaped, so that nothing from outside begins a line or moves the cursor."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode() if unicodedata.category(char) in _UNPRINTABLE else char for char in text
    )


class RequestIdFilter(logging.Filter):
    """Gives every record of the log the id of the request; empty outside of requests."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Add the id, and let the record pass."""
        record.request_id = request_id.get()
        return True


class RefusedRequestFilter(logging.Filter):
    """Makes a line of WARNING without a traceback of what Django logs as an error although the request was answered 400."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record, and let it pass."""
        if record.name.startswith("django.security."):
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
        return True


class PlainFormatter(logging.Formatter):
    """One line a record for people, followed by the traceback, indented, if there is one."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line."""
        record.message = without_values(record.message)
        if record.__dict__.get("request_id"):
            record.message = f"[{record.__dict__['request_id'][:8]}] {record.message}"
        return printable(super().formatMessage(record))

    def formatException(self, ei: object) -> str:
        """Return the traceback; its lines are indented, so that none looks like a line of the log."""
        lines = without_values(super().formatException(ei)).split("\n")  # type: ignore[arg-type]
        return "\n".join(f"    {printable(line)}" for line in lines)


class LineFormatter(JsonFormatter):
    """One line of JSON a record, in ASCII, with these members in this order; those without a value are left out."""

    MEMBERS = ("time", "level", "logger", "message", "request_id", *ACCESS_MEMBERS, "exception", "stack")

    converter = staticmethod(time.gmtime)
    default_time_format, default_msec_format = "%Y-%m-%dT%H:%M:%S", "%s.%03dZ"

    def __init__(self) -> None:
        names = {
            "asctime": "time",
            "levelname": "level",
            "name": "logger",
            "exc_info": "exception",
            "stack_info": "stack",
        }
        super().__init__(["asctime", "levelname", "name", "message"], rename_fields=names)

    def process_log_record(self, log_data: dict[str, object]) -> dict[str, object]:
        """Leave out what Django hands to handlers of its own (the request itself), and the values of rows."""
        members = {name: log_data[name] for name in self.MEMBERS if log_data.get(name) not in (None, "")}
        return {name: without_values(value) if isinstance(value, str) else value for name, value in members.items()}


def logging_config(line_format: str, *, access: bool) -> dict[str, object]:
    """Return what `logging.config.dictConfig` takes: all lines go to standard error, in one of FORMATS.

    `auto` is plain text on a terminal, else JSON. With `access`, each answer has a line.
    """
    if line_format == "auto":
        line_format = "plain" if sys.stderr.isatty() else "json"
    console = {"handlers": ["console"], "propagate": False}
    warnings = {"handlers": ["warnings"], "level": "WARNING", "propagate": False}
    stream = {"class": "logging.StreamHandler", "formatter": line_format}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "operations.logs.RequestIdFilter"},
            "refused_requests": {"()": "operations.logs.RefusedRequestFilter"},
            "once_a_minute": {"()": "operations.repeated_lines.OnceAMinute"},
        },
        "formatters": {
            "json": {"()": "operations.logs.LineFormatter"},
            "plain": {
                "()": "operations.logs.PlainFormatter",
                "format": "{asctime} {levelname} {name}: {message}",
                "style": "{",
            },
        },
        "handlers": {
            "console": {**stream, "filters": ["refused_requests", "request_id"]},
            "warnings": {**stream, "filters": ["once_a_minute", "request_id"]},
        },
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "access": {**console, "level": "INFO" if access else "WARNING"},
            "audit": {**console, "level": "INFO"},  # accounts/audit.py
            "django": {**console, "level": "WARNING"},
            "django.request": {**console, "level": "ERROR"},
            "gunicorn.error": {**console, "level": "WARNING"},
            # Ours, by their modules.
            **dict.fromkeys(
                ("accounts", "base", "config", "desk", "directory", "events", "operations", "reports", "review"),
                warnings,
            ),
            "waitress": warnings,
            "waitress.queue": {"level": "ERROR"},  # a request that waits for a thread is nothing to tell
        },
    }
