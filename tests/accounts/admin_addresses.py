"""Every address of the admin and what each role may do there, read from tests/accounts/admin_addresses.txt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

FILE = Path(__file__).with_suffix(".txt")
ROLES = ("anonymous", "reader", "contributor", "editor", "keeper", "superuser")


def addresses() -> Iterator[tuple[str, str]]:
    """Yield (route, name) of every address of the admin, as the resolver has them."""
    yield from _of_the_admin(get_resolver())


def _of_the_admin(resolver: URLResolver) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver) and pattern.namespace == admin.site.name:
            yield from _below(pattern, "")
        elif isinstance(pattern, URLResolver):
            yield from _of_the_admin(pattern)


def _below(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route, pattern.name or ""
        else:
            yield from _below(pattern, route)


def expected() -> dict[str, list[str]]:
    """Return the table: what each role gets, by what is done. Lines that begin with # say how to read it."""
    lines = [line.split() for line in FILE.read_text().splitlines() if line.strip() and not line.startswith("#")]
    return {" ".join(words[: -len(ROLES)]): words[-len(ROLES) :] for words in lines}
