"""The marks of an article, and the page that shows them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from base.records.publishing import Status
from desk.reading.known import proposals_of
from desk.reading.marks import Mark, documents_of, marks_of
from desk.reading.paragraphs import MarkedParagraph, marked_paragraphs
from directory.models import Affiliation, Passage
from events.models import Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import ENGLISH, Article, english, thai, vietnamese

pytestmark = pytest.mark.django_db


def found(article: Article, kind: str) -> list[tuple[str, str]]:
    """Return words and label of the marks of one kind."""
    marks = marks_of(article.source, proposals_of(article.source))
    return [(article.source.text[mark.start : mark.end], mark.label) for mark in marks if mark.kind == kind]


def test_names_on_record_are_marked_the_longest_first_and_short_forms_too() -> None:
    article = english()
    make.make_organization("Lantern Coast")
    names = found(article, "name")
    assert ("Lantern Coast Association", "Lantern Coast Association, organization") in names
    assert ("Aldana", "Ines Aldana, person") in names
    assert not [words for words, _label in names if words == "Lantern Coast"]


@pytest.mark.parametrize(("make_article", "words"), [(thai, "อรุณี แก้วใส"), (vietnamese, "Trần Thị Hạnh")])
def test_names_are_marked_in_thai_and_vietnamese(make_article: Any, words: str) -> None:
    assert words in [text for text, _label in found(make_article(), "name")]


def test_words_on_record_and_passages_are_marked(admin_client: Client) -> None:
    article = english()
    words = "Nobody drowns because of a number,"
    passage = make.make_passage(article.source, words)
    make.make_statement(article.speaker, wording=words, nature="verbatim", passages=[passage])
    assert found(article, "words") == [(words, "words of Ines Aldana, published")]
    assert ("met in Pellmere", "passage") in found(article, "passage")
    Statement.objects.update(status=Status.WITHDRAWN, withdrawn_reason="Wrong.")
    assert found(article, "words") == []


def test_what_is_on_record_is_not_proposed_again(admin_client: Client) -> None:
    article = english()
    before = [words for words, _label in found(article, "proposal")]
    assert "late, and still welcome" in before
    assert "Ines Aldana" not in before
    make.make_statement(article.speaker, passages=[make.make_passage(article.source, "late, and still welcome")])
    assert "late, and still welcome" not in [words for words, _label in found(article, "proposal")]


def test_pieces_are_the_text_wherever_marks_lie() -> None:
    text = "a < b & “c” 🌊 น้ำ"
    marks = tuple(
        Mark(start, end, "name", f"{start}", "person", "/x?a=1&b=2")
        for start in range(100, 100 + len(text))
        for end in range(start + 1, 100 + len(text) + 1, 3)
    )
    paragraph = MarkedParagraph(1, 100, text, marks)
    assert "".join(piece.text for piece in paragraph.pieces()) == text
    assert html.fragment_fromstring(f"<p>{paragraph.html()}</p>").text_content() == text


def test_marks_are_elements_that_say_what_they_are() -> None:
    article = english()
    paragraphs = list(marked_paragraphs(article.source, marks_of(article.source), captions={6}))
    page = html.fragment_fromstring(f"<p>{paragraphs[1].html()}</p>")
    name = page.xpath("//mark[@role='button']")[0]
    assert name.text == "Ines Aldana"
    assert "person" in name.get("aria-description")
    assert paragraphs[5].kind == "caption"
    assert paragraphs[1].is_used
    assert not paragraphs[4].is_used


def test_the_page_shows_the_text_as_it_is_stored_and_forbids_to_keep_it(admin_client: Client) -> None:
    article = english()
    answer = admin_client.get(f"/admin/desk/{article.source.slug}/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = html.fromstring(answer.content.decode())
    texts = [p.text_content() for p in page.xpath("//article[@id='text']/p")]
    assert texts == ENGLISH.splitlines()
    assert [int(p.get("data-start")) for p in page.xpath("//article[@id='text']/p")] == [
        begin for begin, _length in article.source.paragraphs
    ]
    assert not page.xpath("//*[@style] | //script[not(@src) and not(@type='application/json')]")
    assert "caption" in page.xpath("//p[@id='p6']")[0].get("class")


@pytest.mark.parametrize("part", ["", "text/", "marks/", "paragraphs/1/", "drafts/", "roles/"])
def test_answers_about_a_text_are_for_curators_who_may_see_sources(client: Client, part: str) -> None:
    url = f"/admin/desk/{english().source.slug}/{part}"
    assert client.get(url).status_code == 302
    client.force_login(make_user("lek"))
    assert client.get(url).status_code == 403
    client.force_login(make_user("mai", "contributor"))
    answer = client.get(url)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


def test_marks_as_json_count_in_their_paragraph(admin_client: Client) -> None:
    article = english()
    answer = admin_client.get(f"/admin/desk/{article.source.slug}/marks/").json()
    assert answer["paragraphs"]["2"] == article.source.paragraphs[1]
    lines = ENGLISH.splitlines()
    for mark in answer["marks"]:
        assert 0 <= mark["start"] < mark["end"] <= len(lines[mark["paragraph"] - 1])
    names = [lines[m["paragraph"] - 1][m["start"] : m["end"]] for m in answer["marks"] if m["kind"] == "name"]
    assert "Ines Aldana" in names
    assert documents_of(article.source, []) == []


def test_what_was_made_of_a_paragraph_is_listed(admin_client: Client) -> None:
    article = english()
    answer = admin_client.get(f"/admin/desk/{article.source.slug}/paragraphs/2/")
    page = answer.content.decode()
    assert "chair, Lantern Coast Association" in page
    assert f"/admin/directory/affiliation/{Affiliation.objects.get().pk}/change/" in page
    assert admin_client.get(f"/admin/desk/{article.source.slug}/paragraphs/7/").status_code == 404


def test_a_former_id_leads_on_and_an_unknown_one_is_404(admin_client: Client) -> None:
    article = english()
    article.source.slug = "renamed"
    article.source.save()
    assert admin_client.get("/admin/desk/harbour-towns-agree/")["Location"].endswith("/admin/desk/renamed/")
    assert admin_client.get("/admin/desk/nothing/").status_code == 404


def test_a_source_without_a_stored_text_says_so(admin_client: Client) -> None:
    source = make.make_source("No text")
    page = admin_client.get(f"/admin/desk/{source.slug}/").content.decode()
    assert "not stored" in page


def test_the_page_costs_the_same_however_much_was_made(admin_client: Client) -> None:

    article = english()
    url = f"/admin/desk/{article.source.slug}/"
    counts = []
    for rounds in (1, 8):
        for number in range(rounds):  # the first of them brings the queries that rows need at all
            words = ENGLISH.splitlines()[4][number : number + 9]
            passage = make.make_passage(article.source, words)
            make.make_statement(article.speaker, article.event, words, nature="verbatim", passages=[passage])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            admin_client.get(url)
        with CaptureQueriesContext(connection) as beside:
            admin_client.get(f"{url}paragraphs/5/")
        counts.append((len(queries), len(beside)))
    assert counts[0] == counts[1]


# Citing for a row that is on record -------------------------------------------------------------------------------------------


def cite(client: Client, article: Article, row: Any, words: str) -> Any:
    sent = {**article.selection(words), "record": f"{row._meta.label_lower}:{row.pk}"}
    return client.post(article.url("cite"), sent)


def test_selected_words_are_cited_for_a_row_with_one_line_of_history(admin_client: Client) -> None:
    article = english()
    row = Affiliation.objects.get()
    before = row.history.count()
    answer = cite(admin_client, article, row, "Ms Aldana")
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "marks-changed"
    assert row.passages.filter(paragraph=3).exists()
    assert row.history.count() == before + 1
    assert "¶3" in row.history.first().history_change_reason
    assert cite(admin_client, article, row, "Ms Aldana").status_code == 422


def test_a_contributor_cites_for_drafts_alone(client: Client) -> None:
    article = english()
    client.force_login(make_user("mai", "contributor"))
    row = Affiliation.objects.get()
    answer = cite(client, article, row, "Ms Aldana")
    assert answer.status_code == 422
    assert re.search("is public", answer.content.decode())
    Affiliation.objects.update(status=Status.DRAFT)
    assert cite(client, article, row, "Ms Aldana").status_code == 200


@pytest.mark.parametrize("record", ["", "x", "events.statement:9999999", "auth.user:1", "events.statement:x"])
def test_what_is_not_there_cites_nothing(admin_client: Client, record: str) -> None:
    article = english()
    count = Passage.objects.count()
    answer = admin_client.post(article.url("cite"), {**article.selection("Ms Aldana"), "record": record})
    assert answer.status_code == 409
    assert Passage.objects.count() == count


def test_the_role_follows_a_speaker_chosen_by_hand(admin_client: Client) -> None:
    article = english()
    url = f"/admin/desk/{article.source.slug}/roles/"
    answer = admin_client.get(url, {"speaker": f"person:{article.speaker.pk}", "paragraph": "3"}).json()
    assert answer == {"role": "chair, Lantern Coast Association", "reason": "¶2"}
    assert admin_client.get(url, {"speaker": "person:x"}).json() == {"role": "", "reason": ""}
