"""Where the time of a list goes: the steps of one answer, each without those inside it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from .site import get

# What is timed, by the name under which it is called. Run in the process of a site.
STEPS = {
    "the database and its driver": ("base.sql.prepared.fetch_rows", "base.changes.version.content_version"),
    "checking filters": ("base.api.parameters.FacetFilterBackend.get_filterset",),
    "putting documents together": ("base.documents.loader.Loader.documents",),
    "writing JSON": ("base.api.views.as_json",),
    "pages, ETag, REST framework": ("base.api.views.RecordViewSet.dispatch",),
}
REST = "Django: middleware, addresses"


class Clock:
    """Adds up the time of each step; what runs inside another step counts for the inner one alone."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = defaultdict(float)
        self._inside: list[float] = []

    def timed(self, step: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, timed."""

        def run(*args: Any, **kwargs: Any) -> Any:
            self._inside.append(0.0)
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                taken = time.perf_counter() - started
                self.spent[step] += taken - self._inside.pop()
                if self._inside:
                    self._inside[-1] += taken

        return run

    @contextmanager
    def running(self) -> Iterator[None]:
        """Time the steps meanwhile."""
        patches = []
        for step, names in STEPS.items():
            for name in names:
                found = patch(name)
                original, _local = found.get_original()  # type: ignore[attr-defined]
                found = patch(name, self.timed(step, original))
                found.start()
                patches.append(found)
        try:
            yield
        finally:
            for found in patches:
                found.stop()


def shares(address: str, times: int) -> dict[str, float]:
    """Return the milliseconds of each step of an answer, the longest first."""
    get(address, 3)
    clock = Clock()
    with clock.running():
        answer = get(address, times)
    spent = {step: 1000 * seconds / times for step, seconds in clock.spent.items()}
    spent[REST] = 1000 * sum(answer.wall) / times - sum(spent.values())
    return dict(sorted(spent.items(), key=lambda pair: -pair[1]))
