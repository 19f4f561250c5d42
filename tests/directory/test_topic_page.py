"""The page of a topic says who speaks about it, how much and when, and where in the source."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import factories as make
from tests.reading import Page

pytestmark = pytest.mark.django_db


def test_who_speaks_how_much_and_when(client: Client) -> None:
    art, law = make.make_topic("Art"), make.make_topic("Law")
    ann, bo, board = make.make_person("Ann"), make.make_person("Bo"), make.make_organization("Board")
    talk = make.make_event("Talk", date="2024-05")
    for number in range(3):
        make.make_statement(ann, talk, f"Ann says {number}.", topics=[art, law])
    make.make_statement(bo, wording="Bo says so.", topics=[art], passages=[make.make_passage(words="Bo said so.")])
    make.make_statement(None, wording="The board says so.", speaker_organization=board, topics=[art])
    for number in range(2):
        make.make_statement(None, wording=f"All say {number}.", speaker_label="All & more", topics=[art])
    make.make_statement(bo, wording="Draft.", topics=[art], status="draft")
    response = client.get("/topics/art/")
    shown = [(one.uses, one.filter, one.value) for one in response.context["speakers"]]
    assert sorted(shown, reverse=True) == [
        (3, "speaker", "ann"),
        (2, "speaker_label", "All & more"),
        (1, "speaker_organization", "board"),
        (1, "speaker", "bo"),
    ]
    assert [one.uses for one in response.context["speakers"]] == [3, 2, 1, 1]
    assert response.context["years"] == [(2024, 3)]
    page = Page(response.text, "/topics/art/")
    assert page.faults == []
    for one in response.context["speakers"]:
        (link,) = [link for link in page.links if f"&{one.filter}=" in link and one.value[:3] in link]
        assert client.get(link).context["paginator"].count == one.uses
    (year,) = [link for link in page.links if "after=2024-01-01" in link]
    assert client.get(year).context["paginator"].count == 3
    assert '<figure class="strip">' in response.text


def test_a_card_does_not_repeat_the_topic_of_the_page(client: Client) -> None:
    art, law = make.make_topic("Art"), make.make_topic("Law")
    make.make_statement(wording="Both.", topics=[art, law])
    make.make_statement(wording="One.", topics=[art])
    text = client.get("/topics/art/").text
    assert 'class="tag" href="/topics/art/"' not in text
    assert text.count('class="tag" href="/topics/law/"') == 1
    assert text.count('<p class="topics">') == 1
    assert client.get("/statements/").text.count('class="tag" href="/topics/art/"') == 2


def test_groups_are_called_what_the_reader_calls_them(client: Client) -> None:
    art = make.make_topic("Art")
    translations = {"th": {"speaker_label": "ผู้แทน"}}
    make.make_statement(None, wording="All say so.", speaker_label="Delegates", topics=[art], translations=translations)
    assert "speaker_label=Delegates" in client.get("/th/topics/art/").text
    assert ">ผู้แทน</a>" in client.get("/th/topics/art/").text
    assert '<span lang="en">Delegates</span></a>' in client.get("/vi/topics/art/").text
