"""The main menu that every page shows."""

from __future__ import annotations

from django.http import HttpRequest

from base.records.kinds import kinds
from base.records.records import Record


def menu(request: HttpRequest) -> dict[str, tuple[type[Record], ...]]:
    """Give every template the kinds of record that the main menu lists."""
    return {"menu": kinds("menu")}
