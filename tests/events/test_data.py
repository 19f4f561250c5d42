"""The page of data: what can be taken, and figures that lead to the rows behind them."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from django.test import Client

from directory.models import OrganizationLink, Passage, PersonName
from events.models import Statement
from events.quality import CHECKS, QualityCheck, QualityRows, figures
from tests import factories as make
from tests.queries import Queries
from tests.world import add_drafts, publish_world

pytestmark = pytest.mark.django_db


def numbers() -> dict[str, tuple[int | None, int | None]]:
    return {figure.check.key: (figure.count, figure.total) for figure in figures()}


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_every_figure_is_the_number_of_its_rows(client: Client) -> None:
    world = publish_world()
    link = OrganizationLink.objects.get()
    link.certainty, link.note = "disputed", "Paragraph 3 says otherwise."
    link.save()
    name = make.make_name(world["person"], "Anne Lee", certainty="inferred", note="Known from elsewhere.")
    Passage.objects.filter(pk=world["passages"][5].pk).update(check_state="changed")
    Passage.objects.filter(pk=world["passages"][4].pk).update(check_state="verified")
    make.cite(world["event"], make.make_passage(words="Another article."))
    found = {key: count for key, (count, _total) in numbers().items()}
    assert found == {
        "without-passage": 2,  # the name, and the series, whose own passage nobody cited
        "one-source": 2,
        "unverified": 5,
        "changed": 1,
        "inferred": 2,
        "disputed": 1,
        "rejected": 0,
        "no-english": 0,
        "no-thai": 2,
        "no-vietnamese": 1,
        "texts-no-thai": 6,
        "texts-no-vietnamese": 6,
    }
    page = text_of(client, "/data/")
    for key, count in found.items():
        assert len(QualityRows(CHECKS[key])) == QualityRows(CHECKS[key]).figure.count == count
        assert f'<a href="/data/quality/{key}/">{count}</a>' in page
        body = text_of(client, f"/data/quality/{key}/")
        assert len(re.findall(r"<li>", body.partition('class="rows"')[2].partition("</ol>")[0])) == count
    assert "Known from elsewhere." in text_of(client, "/data/quality/inferred/")
    assert "Anne Lee" in text_of(client, "/data/quality/without-passage/")
    assert name.text in text_of(client, "/data/quality/inferred/")
    assert "No row. That is as it should be." in text_of(client, "/data/quality/rejected/")


def test_a_second_source_makes_a_statement_firmer() -> None:
    statement = make.make_statement()
    assert numbers()["one-source"] == (1, 1)
    draft = make.make_passage(make.make_source("Draft", status="draft"), "The same.")
    make.cite(statement, draft)
    assert numbers()["one-source"] == (1, 1)
    make.cite(statement, make.make_passage(words="Said again in the first."))
    assert numbers()["one-source"] == (1, 1)
    make.cite(statement, make.make_passage(make.make_source("Second"), "Said so too."))
    assert numbers()["one-source"] == (0, 1)


def test_names_of_topics_are_ours_and_need_no_passage() -> None:
    make.make_topic()
    assert numbers()["without-passage"] == (0, 0)


def test_a_passage_nobody_can_see_is_none() -> None:
    draft = make.make_passage(make.make_source("Draft", status="draft"), "Hidden.")
    make.make_person(passages=[draft])
    assert numbers()["without-passage"] == (1, 1)


@pytest.mark.parametrize(("language", "missing"), [("en", 0), ("en-GB", 0), ("th", 1), ("eng", 1)])
def test_a_regional_wording_is_a_wording(language: str, missing: int) -> None:
    make.make_statement(language=language)
    assert numbers()["no-english"][0] == missing


def test_drafts_are_not_counted() -> None:
    world = publish_world()
    before = numbers()
    rows = {check.key: [line.key for line in QualityRows(check)[0:1000]] for check in CHECKS.values()}
    add_drafts(world)
    assert numbers() == before
    assert {check.key: [line.key for line in QualityRows(check)[0:1000]] for check in CHECKS.values()} == rows


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "9" * 20, "１"])
def test_a_page_that_is_not_there_is_said(client: Client, page: str) -> None:
    assert client.get("/data/quality/inferred/", {"page": page}).status_code == 404
    assert client.get("/data/quality/nonsense/").status_code == 404


def test_pages_show_every_row_once(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.views.data.ROWS_A_PAGE", 5)
    for number in (1, 2):
        publish_world(number)
    PersonName.objects.all().update(certainty="inferred", note="So.")
    make.make_statement(certainty="inferred", note="So.")
    for n in range(4):
        make.make_event(f"Event {n}", certainty="inferred", note="So.")
    check = CHECKS["inferred"]
    rows = QualityRows(check)
    assert len(rows) == 9
    one_by_one = [(line.kind.model, line.key) for n in range(9) for line in rows[n : n + 1]]
    assert one_by_one == [(line.kind.model, line.key) for line in rows[0:9]]
    assert len(set(one_by_one)) == 9
    second = text_of(client, "/data/quality/inferred/?page=2")
    assert '<ol class="rows" start="6">' in second
    assert second.partition('class="rows"')[2].partition("</ol>")[0].count("<li>") == 4


def test_the_page_says_licence_and_citation(client: Client) -> None:
    page = text_of(client, "/data/")
    assert 'rel="license" href="https://creativecommons.org/licenses/by/4.0/"' in page
    assert "The sources." in page
    assert "http://testserver/" in page
    assert 'href="/data/"' in text_of(client, "/")
    assert 'href="/th/data/"' in text_of(client, "/th/")


@pytest.mark.parametrize("address", ["/data/", "/data/quality/without-passage/"])
@pytest.mark.slow
def test_pages_cost_the_same_with_one_row_and_with_three(
    client: Client, queries: Queries, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr("events.views.data.ROWS_A_PAGE", 500)  # rows of every kind on one page, both times
    publish_world()
    _uncite()
    with queries(address):
        client.get(address)
    for number in (2, 3):
        publish_world(number)
    _uncite()
    with queries(address):
        client.get(address)


def _uncite() -> None:
    for model in CHECKS["without-passage"].models():
        if model._meta.model_name != "statement":
            for row in model.objects.all():
                row.passages.clear()


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages count two rows."""
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 2)


@pytest.mark.usefixtures("few")
def test_a_long_kind_is_counted_beforehand(client: Client) -> None:
    for number in range(4):
        make.make_statement(wording=f"Claim {number}.")
    make.make_person("Bo Lin")
    assert numbers()["no-thai"] == (None, None)
    page = text_of(client, "/data/")
    assert '<a href="/data/quality/no-thai/">–</a>' in page
    assert "was not counted yet" in page
    empty = text_of(client, "/data/quality/no-thai/")
    assert "was not counted yet" in empty
    assert "No row." not in empty
    call_command("count_quality", verbosity=0)
    assert numbers()["no-thai"] == (4, 4)
    page = text_of(client, "/data/")
    assert '<a href="/data/quality/no-thai/">4</a>' in page
    assert "were last counted on" in page
    assert "was not counted yet" not in page
    first = text_of(client, "/data/quality/no-thai/")
    assert "4 rows" in first
    assert (
        first.partition('class="rows"')[2].partition("</ol>")[0].count("<li>") == 2
    )  # the first, as far as pages count
    # What is mended meanwhile is not shown as if it were not; the number waits for the next count.
    make.make_wording(Statement.objects.earliest("pk"), "ถ้อยคำ", nature="translation", language="th")
    assert numbers()["no-thai"] == (4, 4)
    mended = text_of(client, "/data/quality/no-thai/")
    assert mended.partition('class="rows"')[2].partition("</ol>")[0].count("<li>") == 1
    call_command("count_quality", verbosity=0)
    assert numbers()["no-thai"] == (3, 4)


@pytest.mark.usefixtures("few")
def test_a_new_count_is_another_page(client: Client) -> None:
    for number in range(3):
        make.make_statement(wording=f"Claim {number}.")
    before = client.get("/data/")["ETag"]
    call_command("count_quality", verbosity=0)
    assert client.get("/data/", headers={"if-none-match": before}).status_code == 200


def test_a_check_says_what_it_means() -> None:
    assert all(isinstance(check, QualityCheck) and check.label and check.meaning for check in CHECKS.values())
