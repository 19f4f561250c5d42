"""Prepared queries, which are compiled once, give what the ORM gives, whatever the values and whoever asks first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from base.lists.paging import FilteredRows, PagedRows
from base.sql import prepared
from base.sql.prepared import AnyOf, KeysParameter, Parameter, PreparedQuery
from directory.models import Person
from events.filters import StatementFilter
from events.models import Statement
from tests import factories as make

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def people_called() -> PreparedQuery:
    """Return a query of people by a name, among some keys."""
    return PreparedQuery(
        lambda: (
            Person.objects.filter(AnyOf("pk", KeysParameter(0)), name=Parameter(1, Person._meta.get_field("name")))
            .order_by("pk")
            .values_list("slug", "labels", "updated_at")
        )
    )


def test_the_same_query_takes_other_values() -> None:
    ann, bo, other = make.make_person("Ann Lee"), make.make_person("Bo Lê"), make.make_person("Ann Lee")
    query = people_called()
    keys = [ann.pk, bo.pk, other.pk]
    assert [row[0] for row in query.read(keys, "Ann Lee")] == [ann.slug, other.slug]
    assert [row[0] for row in query.read([bo.pk], "Bo Lê")] == ["bo-le"]
    assert query.read([], "Ann Lee") == []
    assert [row[0] for row in query.read([*keys, *range(10_000, 80_000)], "Ann Lee")] == [ann.slug, other.slug]


def test_columns_come_as_the_orm_gives_them_but_for_json_which_stays_text() -> None:
    ann = make.make_person("Ann Lee")
    ((slug, labels, changed),) = people_called().read([ann.pk], "Ann Lee")
    ann.refresh_from_db()
    assert (slug, changed) == ("ann-lee", ann.updated_at)
    assert isinstance(labels, str)
    assert "Ann Lee" in labels


def test_values_are_parameters_and_never_sql() -> None:
    ann = make.make_person("Ann Lee")
    assert people_called().read([ann.pk], "' OR 1=1 --") == []
    with CaptureQueriesContext(connection) as captured:
        people_called().read([ann.pk], "Ann Lee")
    assert len(captured) == 1


QUERIES = [
    "",
    "speaker=ann-lee",
    "speaker=ann-lee&kind=direct",
    "event=film-workshop&certainty=stated",
    "kind=reported&attribution=explicit",
    "speaker_label=delegates",
    "role_at_time=director",
    "on_behalf_of=board",
]


def say(number: int) -> None:
    """Make statements that differ in what they are filtered by."""
    ann, board = make.make_person("Ann Lee"), make.make_organization("Board")
    event = make.make_event(date="2025-03-14")
    for place in range(number):
        make.make_statement(
            ann if place % 2 else None,
            event if place % 3 else None,
            speaker_label="" if place % 2 else "delegates",
            role_at_time="director" if place % 5 else "",
            on_behalf_of=board if place % 4 else None,
            wording=f"Claim {place}.",
        )


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.slow
def test_a_list_by_parameterised_filters_has_the_rows_of_the_filters(ask: Ask, query: str) -> None:
    say(12)
    given = dict(part.split("=") for part in query.split("&") if part)
    used = StatementFilter(given, queryset=Statement.objects.published())
    assert used.form.is_valid()
    assert used.parameters() is not None
    wanted = list(used.qs.values_list("slug", flat=True))
    found, address = [], f"statements/?page_size=3&{query}"
    while address:
        page = ask(address).json()
        found += [row["id"] for row in page["results"]]
        address = page["next"]
    assert found == wanted
    assert ask(f"statements/?count=true&{query}").json()["count"] == len(wanted)


@pytest.mark.parametrize(
    "given",
    [{"topic": "film"}, {"kind__in": "direct,reported"}, {"q": "claim"}, {"ordering": "date"}, {"after": "2025-01-01"}],
)
def test_a_filter_that_is_more_than_a_parameter_is_not_parameterised(given: dict[str, str]) -> None:
    make.make_topic("Film")
    used = StatementFilter(given, queryset=Statement.objects.published())
    assert used.form.is_valid()
    assert used.parameters() is None


def test_both_ways_of_reading_a_list_agree_on_the_order() -> None:
    say(5)
    by_filters, plain = FilteredRows(StatementFilter, {}), PagedRows(Statement.objects.published())
    assert by_filters.sort_keys == plain.sort_keys
    assert list(by_filters.queryset) == list(plain.queryset)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="of few rows PostgreSQL uses no index")
def test_a_page_is_ranges_of_the_index_however_many_rows_share_a_date(ask: Ask) -> None:
    say(6)
    following = ask("statements/?page_size=2").json()["next"]
    with CaptureQueriesContext(connection) as captured:
        ask(following)
    (page,) = [query["sql"] for query in captured if "UNION ALL SELECT * FROM" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {page.replace('%', '%%')}")
        plan = " ".join(row[3] for row in cursor.fetchall())
    for index_range in ("(sort_date=? AND position=? AND id>?)", "(sort_date=? AND position>?)", "(sort_date<?)"):
        assert f"events_statement USING INDEX statement_order {index_range}" in plan, plan


def test_no_query_is_compiled_that_another_thread_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile a query changes it for a moment: two threads at the same one would write SQL without its joins, and keep it."""
    compiled, met = prepared.compile_query, []
    monkeypatch.setattr(prepared, "compile_query", lambda rows, alias: met.append(rows.query) or compiled(rows, alias))
    query = people_called()
    for _time in range(2):
        query.compiled.clear()
        query.read([1], "Ann Lee")
    first, second = met
    assert first is not second
    assert query.queryset is not None
    assert query.queryset.query not in (first, second)


def test_postgresql_prepares_what_comes_again_and_nothing_else(ask: Ask) -> None:
    make.make_statement(wording="A claim.")
    for _time in range(4):
        assert [row["wordings"][0]["text"] for row in ask("statements/?q=claim").json()["results"]] == ["A claim."]
        assert len(ask("statements/").json()["results"]) == 1
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements")
            texts = [text for (text,) in cursor.fetchall()]
        assert any('FROM "events_wording"' in text for text in texts)
        assert [text for text in texts if "strpos" in text.lower() or "LIKE" in text] == []
