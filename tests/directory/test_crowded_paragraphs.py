"""A paragraph that thousands of rows cite: its page lists the first of them, counts all, and costs the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from base.text.names import random_keys
from directory.models import Person, PersonName, Source
from directory.views import sources
from events.models import Statement, Wording
from tests import factories as make

pytestmark = pytest.mark.django_db


def crowd(source: Source, words: str, statements: int, names: int = 0) -> None:
    """Let so many statements and names cite one passage of a source."""
    passage = make.make_passage(source, words)
    rows = Statement.objects.bulk_create(
        [
            Statement(slug=f"st-{key}", status="published", published_at=timezone.now(), speaker_label="delegates")
            for key in random_keys(statements, 10)
        ]
    )
    keys = random_keys(statements, 12)
    Wording.objects.bulk_create(
        [
            Wording(uid=key, statement=row, language="en", nature="paraphrase", text="So.")
            for key, row in zip(keys, rows, strict=True)
        ]
    )
    cited = Statement.passages.through
    cited.objects.bulk_create([cited(statement_id=row.pk, passage_id=passage.pk) for row in rows])
    person = make.make_person() if names else Person()
    spellings = PersonName.objects.bulk_create(
        [
            PersonName(uid=key, person=person, text=f"Spelling {number}", folded="x", language="en", status="published")
            for number, key in enumerate(random_keys(names, 12))
        ]
    )
    printed = PersonName.passages.through
    printed.objects.bulk_create([printed(personname_id=row.pk, passage_id=passage.pk) for row in spellings])


@pytest.fixture(autouse=True)
def new_queries() -> Iterator[None]:
    """Prepare the queries anew, with the bounds that a test sets."""
    sources.rows_citing.cache_clear()
    yield
    sources.rows_citing.cache_clear()


def paragraphs(client: Client, source: Source) -> dict[int, Any]:
    """Return the paragraphs that the page of a source shows, by number."""
    return {one.number: one for one in client.get(source.get_absolute_url()).context["paragraphs"]}


def test_of_a_crowded_paragraph_the_first_rows_are_listed_and_all_counted(client: Client) -> None:
    source = make.make_source(text="First.\nSecond.\n")
    crowd(source, "First.", 70, names=60)
    late = make.make_statement(passages=[make.make_passage(source, "First.")], certainty="disputed", note="By others.")
    alone = make.make_statement(passages=[make.make_passage(source, "Second.")])
    first, second = paragraphs(client, source).values()
    assert (len(first.statements), first.all_statements) == (50, 71)
    assert (len(first.undisputed), first.all_undisputed) == (50, 60)
    assert late.pk in [line.key for line in first.statements]  # a conflict is never left out for being late
    assert [line.key for line in second.lines] == [alone.pk]
    page = client.get(source.get_absolute_url()).content.decode()
    assert f'href="/statements/?source={source.slug}&amp;paragraph=1"' in page
    assert "All 71 statements of this paragraph" in page
    assert "60 names, roles and links" in page
    listed = client.get("/statements/", {"source": source.slug, "paragraph": 1})
    assert listed.context["page_obj"].paginator.count == 71


def test_every_paragraph_has_its_first_row_however_crowded_another_is(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_LINES_OF_PAGE", 20)
    source = make.make_source(text="".join(f"Number {number:02}.\n" for number in range(10)))
    crowd(source, "Number 00.", 40)
    for number in range(1, 10):
        make.make_statement(passages=[make.make_passage(source, f"Number {number:02}.")])
    shown = paragraphs(client, source)
    assert [len(one.statements) for one in shown.values()] == [11, *[1] * 9]
    assert [one.all_statements for one in shown.values()] == [40, *[1] * 9]


def test_a_page_costs_the_same_with_four_times_the_rows(client: Client) -> None:
    lines = []
    for number, rows in enumerate((100, 400)):
        source = make.make_source(f"Article {number}", text="Crowded.\n")
        crowd(source, "Crowded.", rows, names=rows)
        (paragraph,) = paragraphs(client, source).values()
        lines.append(len(paragraph.lines))
        page = client.get(source.get_absolute_url())
        assert len(page.content) < 150_000
    assert lines == [100, 100]


def test_drafts_take_no_places(client: Client) -> None:
    source = make.make_source(text="First.\n")
    crowd(source, "First.", 60)
    Statement.objects.update(status="draft")
    public = [make.make_statement(passages=[make.make_passage(source, "First.")]) for _number in range(3)]
    (paragraph,) = paragraphs(client, source).values()
    assert {line.key for line in paragraph.lines} == {row.pk for row in public}
    assert paragraph.all_statements == 3


def test_the_strip_and_the_links_of_a_long_source_know_all_its_pages(client: Client) -> None:
    source = make.make_source("Long", text="".join(f"Paragraph {number:03}.\n" for number in range(1, 151)))
    first, last = (make.make_passage(source, f"Paragraph {number:03}.") for number in (3, 140))
    make.make_statement(wording="Early.", passages=[first])
    late = make.make_statement(wording="Late.", passages=[last])
    make.make_person("Ann Lee", passages=[last])
    for page in ("", "?page=2"):
        assert client.get(source.get_absolute_url() + page).context["strip"].with_statements == [3, 140]
    address = f"{source.get_absolute_url()}?page=2#p140"
    for page in (late.get_absolute_url(), "/statements/", "/people/ann-lee/"):
        assert f'href="{address}"' in client.get(page).content.decode()
    assert 'id="p140"' in client.get(address).content.decode()


def test_quotations_and_conflicts_come_first_and_lead_from_one_to_the_next(client: Client) -> None:
    source = make.make_source("Minutes", text="One.\nTwo.\nThree.\nFour.\n")
    one, two, _three, four = (make.make_passage(source, words) for words in ("One.", "Two.", "Three.", "Four."))
    make.make_statement(wording="One.", nature="verbatim", passages=[one])
    make.make_statement(wording="A thought.", passages=[two])
    person = make.make_person()
    make.make_affiliation(person, certainty="rejected", note="Another.", passages=[four])
    answer = client.get(source.get_absolute_url())
    assert [(each.value, numbers) for each, numbers in answer.context["notable"]] == [
        ("conflicts", [4]),
        ("quotes", [1]),
    ]
    assert [one.next_notable for one in answer.context["paragraphs"]] == [4, None, None, None]
    page = answer.content.decode()
    assert page.count('class="quiet"') == 1
    assert '<mark class="verbatim">One.</mark>' in page
    assert [value for value, _label, _count in answer.context["choices"]] == [
        "conflicts",
        "quotes",
        "statements",
        "names",
    ]
    shown = client.get(f"{source.get_absolute_url()}?show=quotes").context["paragraphs"]
    assert [paragraph.number for paragraph in shown] == [1]
