"""The cache in process memory: values as they are, bounded, forgotten with the oldest first, as Django's own does it."""

from base.changes.backends import ObjectCache


def cache(name: str, entries: int = 6) -> ObjectCache:
    """Return a cache of its own with room for some entries."""
    return ObjectCache(name, {"OPTIONS": {"MAX_ENTRIES": entries}, "TIMEOUT": None})


def test_a_value_comes_back_itself_and_what_is_not_there_is_the_default() -> None:
    kept, missing = cache("itself"), object()
    value = {"rows": [1, 2]}
    kept.set("a", value)
    assert kept.get("a") is value
    kept.set("none", None)
    assert kept.get("none", missing) is None
    assert kept.get("b", missing) is missing
    assert kept.get("b") is None


def test_it_holds_no_more_than_it_may() -> None:
    kept, missing = cache("bounded"), object()
    for number in range(50):
        kept.set(f"key-{number}", number)
        kept.get("key-0")
    there = [number for number in range(50) if kept.get(f"key-{number}", missing) is not missing]
    assert len(there) <= 6
    assert there[-1] == 49
    assert 0 in there, "what is asked for again and again stays"


def test_a_value_ends_with_its_time() -> None:
    kept, missing = cache("time"), object()
    kept.set("a", 1, timeout=0)
    assert kept.get("a", missing) is missing
    kept.set("b", 1, timeout=60)
    assert kept.get("b", missing) == 1
