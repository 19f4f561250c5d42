"""Goal 5: the number of queries is fixed, whatever the size of the database or the page."""

from __future__ import annotations

from collections.abc import Iterator

from ..bench import Bench, Figure, landmarks
from .pages import anew

MOST = {"list": 8, "list of 200": 8, "detail": 12, "page of the list": 8, "304": 1}


def measure(bench: Bench) -> Iterator[Figure]:
    """Count at both sizes."""
    counted: dict[str, list[int]] = {name: [] for name in MOST}
    for site in bench.both:
        statement = site.call(landmarks)["statement"]
        tag = site.get("/api/v1/statements/").headers.get("etag", "")
        site.get("/statements/")  # its facets are counted once
        for name, address, headers in (
            ("list", "/api/v1/statements/", {}),
            ("list of 200", "/api/v1/statements/?page_size=200", {}),
            ("detail", f"/api/v1/statements/{statement}/", {}),
            ("page of the list", anew("/statements/"), {}),
            ("304", "/api/v1/statements/", {"if_none_match": tag}),
        ):
            counted[name].append(site.get(address, **headers).queries)
    for name, (small, large) in counted.items():
        most = MOST[name]
        yield Figure(5, f"queries: {name}", f"{small}, {large}", f"≤ {most}, the same", small == large <= most)
