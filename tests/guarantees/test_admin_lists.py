"""Lists of the admin count so far and no further, and find the same whether few or many rows are left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from directory.models import Affiliation, Person
from events.models import Participation, Statement, Wording
from tests import factories as make

pytestmark = pytest.mark.django_db


def listed(client: Client, model: type[Model], **query: Any) -> Any:
    """Return the answer of a list of the admin."""
    answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"), query)
    assert answer.status_code == 200
    return answer


@pytest.fixture(params=["few", "many"])
def counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let rows be few, and in the second run many."""
    if request.param == "many":
        monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 1)
        monkeypatch.setattr("base.sql.lookup_or_scan.MOST_LOOKED_UP", 0)
        monkeypatch.setattr("base.lists.search.COMMON", 1)
    return str(request.param)


def test_a_list_stops_counting_and_says_so(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 3)
    monkeypatch.setattr("base.admin.pages.CurationAdmin.list_per_page", 2)
    ann = make.make_person()
    for number in range(4):
        make.make_statement(ann, wording=f"Claim {number}.")
    make.make_statement(make.make_person("Bo Lin"), wording="Another.")
    for query in ({}, {"q": "claim"}, {"speaker__id__exact": ann.pk}):
        answer = listed(admin_client, Statement, **query)
        assert (answer.context["cl"].result_count, answer.context["cl"].paginator.num_pages) == (3, 2)
        page = answer.content.decode()
        assert "3+ statements" in page
        assert "Select all 3" not in page
    assert "3+" in listed(admin_client, Statement, q="claim").content.decode().split("Show all")[0]
    people = listed(admin_client, Person).content.decode()
    assert "2 people" in people
    assert "2+" not in people
    form = admin_client.get(reverse("admin:directory_person_change", args=[ann.pk]))
    rows = {row["label"]: (row["count"], row["more"]) for row in form.context["related_rows"]}
    assert rows["Statements: speaker"] == (3, True)
    assert ">3+</a>" in form.content.decode()


def test_all_rows_can_be_chosen_where_all_were_counted(admin_client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("base.admin.pages.CurationAdmin.list_per_page", 2)
    for name in ("Ann Lee", "Bo Lin", "Cy Ng"):
        make.make_person(name)
    assert "Select all 3 people" in listed(admin_client, Person).content.decode()


def test_few_and_many_are_found_alike(admin_client: Client, counts: str) -> None:
    ann, bo, art = make.make_person(), make.make_person("Bo Lin"), make.make_topic("Art")
    fair = make.make_event("Film fair")
    first = make.make_statement(ann, fair, wording="The river is low.", topics=[art])
    second = make.make_statement(bo, wording="The river is high.", topics=[art])
    third = make.make_statement(bo, fair, wording="Nothing of it.")
    everything = list(Statement.objects.all())

    def found(**query: Any) -> list[Statement]:
        return list(listed(admin_client, Statement, **query).context["cl"].queryset)

    def in_order(*rows: Statement) -> list[Statement]:
        return [row for row in everything if row in rows]

    assert found() == in_order(first, second, third)
    assert found(q="river") == in_order(first, second)
    assert found(q="river ann") == [first]
    assert found(q="lin") == in_order(second, third)
    assert found(q="river fair") == [first]
    assert found(q="is") == in_order(first, second)  # two letters: a whole word
    assert found(q="lo") == []
    assert found(q="absent") == []
    assert found(q=third.slug) == [third]
    assert found(topics__id__exact=art.pk) == in_order(first, second)
    assert found(topics__id__exact=art.pk, q="bo") == [second]
    assert found(speaker__id__exact=bo.pk) == in_order(second, third)
    assert found(topics__id__exact=art.pk + 1) == []
    wordings = listed(admin_client, Wording, q="river low").context["cl"].queryset
    assert list(wordings) == list(first.wordings.all())
    field = {"app_label": "events", "model_name": "wording", "field_name": "statement"}
    offered = admin_client.get("/admin/autocomplete/", {"term": "river", **field}).json()
    most = 1 if counts == "many" else 2
    assert [int(row["id"]) for row in offered["results"]] == [row.pk for row in in_order(first, second)][:most]


def test_a_key_that_is_none_is_no_crash(admin_client: Client) -> None:
    address = reverse("admin:events_statement_changelist")
    for key in ("x", "9" * 30, "", "-1"):
        assert admin_client.get(address, {"topics__id__exact": key}).status_code in (200, 302)


def test_evidence_is_looked_for_row_by_row(admin_client: Client) -> None:
    ann, event = make.make_person(), make.make_event()
    bare, cited = make.make_participation(ann, event), make.make_participation(make.make_person("Bo Lin"), event)
    bare.passages.clear()
    make.cite(cited, make.make_passage(make.make_source(), "Bo was there."))
    assert list(listed(admin_client, Participation, evidence="none").context["cl"].queryset) == [bare]
    assert list(listed(admin_client, Participation, evidence="some").context["cl"].queryset) == [cited]


def test_links_stand_newest_first_and_are_sorted_only_by_what_has_an_index(admin_client: Client) -> None:
    rows = [
        make.make_affiliation(make.make_person(name), make.make_organization("Hall")) for name in ("Bo Lin", "Ann Lee")
    ]
    for order in ("", "2", "-2", "7"):
        assert list(listed(admin_client, Affiliation, o=order).context["cl"].queryset) == rows[::-1]
    answer = listed(admin_client, Person, o="1")
    assert [str(person) for person in answer.context["cl"].queryset] == ["Ann Lee", "Bo Lin"]
    assert 'class="sortable column-slug' in answer.content.decode()
    assert 'class="sortable' not in listed(admin_client, Affiliation).content.decode()


def test_a_column_of_kinds_is_no_order(admin_client: Client) -> None:
    """All rows of a kind would have to be sorted: half of the table."""
    make.make_statement()
    page = listed(admin_client, Statement).content.decode()
    assert set(re.findall(r'class="sortable column-(\w+)', page)) == {"slug", "updated_at"}


def test_every_value_of_a_list_knows_its_column(admin_client: Client) -> None:
    make.make_person("Ann <b>Lee</b>")
    page = listed(admin_client, Person).content.decode()
    assert re.search(
        r'<th data-label="Name" class="field-shown_name[^"]*"><a [^>]*>Ann &lt;b&gt;Lee&lt;/b&gt;</a></th>', page
    )
    assert '<td data-label="Public id" class="field-slug">' in page
    assert '<td class="action-checkbox">' in page
