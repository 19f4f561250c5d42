"""What a test says when a page costs another number of queries than tests/queries.json has."""

from pathlib import Path

import pytest

from tests.queries import FILE, Numbers, Queries


def failure(queries: Queries, name: str, sql: list[str | None]) -> str:
    """Return what the test would say."""
    with pytest.raises(pytest.fail.Exception) as caught:
        queries.compare(name, sql)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with one number."""
    path = tmp_path / "queries.json"
    path.write_text('{"/people/": 1}')
    return path


def test_it_says_both_numbers_what_is_new_and_what_to_do(file: Path) -> None:
    queries = Queries(Numbers(writes=False, file=file))
    queries.compare("/people/", ["SELECT 1"])
    said = failure(queries, "/people/", ["SELECT 2", "SELECT x FROM y WHERE z = 'a'", "SELECT x FROM y WHERE z = 'b'"])
    assert said.splitlines() == [
        "“/people/” costs 3 queries, and 1 by tests/queries.json.",
        "More than when this test measured it first:",
        "  2 × SELECT x FROM y WHERE z = …",
        "If that is meant, write the file anew with “make queries”, and look at what it changed.",
    ]
    assert "2 × a prepared query" in failure(queries, "/people/", ["SELECT 1", None, None])
    assert "“/cats/” costs 1 queries, and tests/queries.json does not name it." in failure(
        queries, "/cats/", ["SELECT"]
    )
    assert file.read_text() == '{"/people/": 1}'


def test_written_anew_it_still_has_to_cost_the_same_twice(file: Path) -> None:
    numbers = Numbers(writes=True, file=file)
    queries = Queries(numbers)
    for name, sql in (("/topics/", ["SELECT 1"]), ("/people/", ["SELECT 1", "SELECT 2"])):
        queries.compare(name, sql)
        queries.compare(name, sql)
    assert "costs 1 queries, and 2 when it was measured before" in failure(queries, "/people/", ["SELECT 1"])
    file.write_text('{"/gone/": 3}')
    numbers.save(of_all_tests=False)
    assert file.read_text() == '{\n  "/gone/": 3,\n  "/people/": 2,\n  "/topics/": 1\n}\n'
    numbers.save(of_all_tests=True)
    assert file.read_text() == '{\n  "/people/": 2,\n  "/topics/": 1\n}\n'


def test_the_file_is_sorted(tmp_path: Path) -> None:
    numbers = Numbers(writes=False)
    numbers.file = tmp_path / "again.json"
    numbers.save(of_all_tests=True)
    assert numbers.file.read_text() == FILE.read_text()
