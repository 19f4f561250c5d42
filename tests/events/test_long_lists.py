"""What a list page counts is bounded, and where it stops counting it says so."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages count three rows."""
    monkeypatch.setattr("base.lists.counting.MOST_COUNTED", 3)
    monkeypatch.setattr("base.pages.views.RecordList.paginate_by", 2)


@pytest.mark.usefixtures("few")
def test_counting_stops_and_says_so(client: Client) -> None:
    ann, bo = make.make_person(), make.make_person("Bo Lin")
    for number in range(4):
        make.make_statement(ann, wording=f"Claim {number}.")
    make.make_statement(bo, certainty="inferred", note="From context.")
    context = client.get("/statements/").context
    assert (context["paginator"].count, context["paginator"].cut, context["paginator"].num_pages) == (3, True, 2)
    assert all(facet.cut for facet in context["facets"])
    assert max(choice.count for facet in context["facets"] for choice in facet.choices) <= 3
    page = client.get("/statements/?page=2").content.decode()
    assert "3+" in page
    assert "There are more: narrow the list, or take all of it as CSV." in page
    assert client.get("/statements/?page=3").status_code == 404


@pytest.mark.usefixtures("few")
def test_what_is_counted_whole_has_no_plus(client: Client) -> None:
    ann, bo = make.make_person(), make.make_person("Bo Lin")
    for number in range(2):
        make.make_statement(ann, wording=f"Claim {number}.")
    for number in range(2):
        make.make_statement(bo, wording=f"Claim {number}.")
    context = client.get("/statements/?speaker=ann-lee").context
    assert (context["paginator"].count, context["paginator"].cut) == (2, False)
    cut = {facet.name: facet.cut for facet in context["facets"]}
    assert cut.pop("speaker") is True  # what other speakers would leave is more than is counted
    assert not any(cut.values())
    page = client.get("/people/").content.decode()
    assert "+</span>" not in page


@pytest.mark.usefixtures("few")
def test_the_front_page_counts_no_further(client: Client) -> None:
    topics = [make.make_topic("Art"), make.make_topic("Law")]
    for number in range(5):
        make.make_statement(wording=f"Claim {number}.", topics=topics[: 1 + number % 2])
    page = client.get("/")
    assert "3+ statements" in page.content.decode()
    assert [topic["uses"] for topic in page.context["topics"]] == [3, 1]
