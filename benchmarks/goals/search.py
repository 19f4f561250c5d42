"""Goal 6: words of three characters or more are found in a fraction of the time of reading the whole table, and all of them.

Queries of six classes in three languages: common, medium, rare and absent words, two words, and words that do not occur
although every three letters of them do.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from statistics import median, quantiles
from typing import Any
from urllib.parse import quote

from ..bench import Bench, Figure, at_most, number
from .lists import follow

COMPARED = 200  # rows of an answer that are compared with the scan's
MILLION = 1_000_000
ABSENT = {"th": "ฬฮฌฆฎฑ", "vi": "zzuýzzơ", "en": "qzxwvukj"}
TRAPS = {"th": "ความการความการ", "vi": "nhanhanh", "en": "ationation"}


def questions(seed: int) -> list[tuple[str, str]]:
    """Return (class, query), from the words of the generated world."""
    from base.text.names import fold

    from ..words import languages

    found = []
    for code, language in languages(seed).items():
        words = [word for word in language.words if len(fold(word)) >= 3]
        last = len(words) - 1
        ranks = {"common": (2, 5, 9), "medium": (60, 120, 200), "rare": (last // 2, last - 20)}
        for kind, places in ranks.items():
            found += [(kind, words[place]) for place in places]
        found += [("absent", ABSENT[code]), ("trap", TRAPS[code])]
        found += [("two words", f"{words[4]} {words[90]}"), ("two words", f"{words[300]} {words[last // 3]}")]
    return found


def measure(bench: Bench) -> Iterator[Figure]:
    """Time every query at both sizes, and the scan beside it; compare what is found."""
    small, large = bench.both
    asked = large.call(questions, bench.seed)
    scan = 1000 * median(large.call(scan_time, ABSENT["th"]) for _round in range(3))
    times: dict[str, list[float]] = {"small": [], "large": []}
    for _kind, words in asked:
        address = f"/api/v1/statements/?q={quote(words)}"
        times["small"].append(min(small.get(address, 2).wall) * 1000)
        times["large"].append(min(large.get(address, 2).wall) * 1000)
    wrong = [f"{kind}: {words}" for kind, words in asked if not large.call(same_as_scan, words)]
    p95 = quantiles(times["large"], n=20)[18]
    worst = max(range(len(asked)), key=lambda place: times["large"][place])
    growth = median(times["large"]) / median(times["small"])
    at = f"at {bench.sizes[1]:,}"
    yield at_most(6, f"search of {len(asked)} queries, median {at} against {bench.sizes[0]:,}", growth, 8)
    shares = (
        (f"search {at}, 95th percentile against a scan of {number(scan)} ms", p95, 8),
        (f"search {at}, worst ({asked[worst][0]}: {asked[worst][1]}) against the scan", times["large"][worst], 15),
    )
    for what, time, most in shares:
        figure = at_most(6, what, 100 * time / scan, most, " %")
        # A scan of a small table is over before an answer of 50 rows is written: the share says something at a million.
        yield figure if bench.sizes[1] >= MILLION else Figure(6, what, figure.value, f"{figure.target} at a million")
    yield Figure(6, "queries whose rows differ from the scan's", "; ".join(wrong) or "none", "none", not wrong)
    yield from _names(bench)


def _names(bench: Bench) -> Iterator[Figure]:
    for words in ("nguyen", "ngu", "th"):
        times = [min(site.get(f"/search/suggest/?q={words}", 3).wall) * 1000 for site in bench.both]
        yield Figure(6, f"names suggested for “{words}”, ms at both sizes", " and ".join(map(number, times)))


def scan_time(word: str) -> float:
    """Read the whole table for a word without any index, and return the seconds."""
    import time

    from django.db import connection

    function = "strpos" if connection.vendor == "postgresql" else "instr"
    with connection.cursor() as cursor:
        started = time.perf_counter()
        cursor.execute(f"SELECT count(*) FROM events_statement WHERE {function}(search, %s) > 0", [word])
        cursor.fetchone()
        return time.perf_counter() - started


def same_as_scan(words: str) -> bool:
    """Whether the first rows of the API are those that a scan for every word finds."""
    from django.db.models import F

    from base.lists.search import in_column
    from base.lists.search_words import text_forms, words_of
    from events.models import Statement

    rows: Any = Statement.objects.published()
    for word in words_of(words):
        rows = rows.filter(in_column(F("search"), text_forms(word)))
    expected = list(rows.values_list("slug", flat=True)[:COMPARED])
    pages = follow(f"/api/v1/statements/?q={quote(words)}&page_size={COMPARED}")
    found = [row["id"] for page in islice(pages, 1) for row in page["results"]]
    return found == expected or (len(expected) < COMPARED and sorted(found) == sorted(expected))
