"""Loading fixtures: a row that many rows name is looked up once, and what follows from several rows is worked out at the end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db.models import Model

from base.sql.prepared import AnyOf

AT_ONCE = 500  # rows


@dataclass
class FixtureLoading:
    """What is known while fixtures are loaded: rows by their natural keys, and the rows whose columns wait to be worked out."""

    rows: dict[tuple[type[Model], tuple[str, ...]], Model] = field(default_factory=dict)
    waiting: dict[type[Model], set[int]] = field(default_factory=lambda: defaultdict(set))


_open: ContextVar[FixtureLoading | None] = ContextVar("fixture_loading", default=None)


def open_loading() -> FixtureLoading | None:
    """Return what is known of the fixtures that are being loaded; None at all other times."""
    return _open.get()


def refreshed_later(model: type[Model], key: int) -> bool:
    """Whether fixtures are being loaded. The row with this key is then brought up to date at the end, by `refresh_columns`."""
    loading = _open.get()
    if loading is None:
        return False
    loading.waiting[model].add(key)
    return True


@contextmanager
def fixture_loading(using: str) -> Iterator[None]:
    """Load fixtures into the database `using` inside of this; at its end what had to wait is brought up to date."""
    token = _open.set(loading := FixtureLoading())
    try:
        yield
    finally:
        _open.reset(token)
    for model, keys in loading.waiting.items():
        ordered = sorted(keys)
        for start in range(0, len(ordered), AT_ONCE):
            for row in model._base_manager.using(using).filter(AnyOf("pk", ordered[start : start + AT_ONCE])):
                row.refresh_columns()  # type: ignore[attr-defined]  # those that wait have it
