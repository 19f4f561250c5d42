"""Proposals beside the article: what waits, what accepting and dismissing do, and who may."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from desk.models import DismissedProposal
from desk.open_proposals import digest_of_proposal, open_proposals
from directory.models import Passage, Person, Source
from directory.models.sources import paragraph_spans
from events.models import Statement
from tests import factories as make
from tests.accounts.people import make_user
from tests.desk.articles import Article, english, thai, vietnamese
from tests.desk.test_name_cards import as_opened, open_card

pytestmark = pytest.mark.django_db
QUOTE = "late, and still welcome"


def url(article: Article) -> str:
    """Return the address of the proposals of an article."""
    return f"/admin/desk/{article.source.slug}/proposals/"


def waiting(article: Article) -> dict[str, str]:
    """Return what stands for each proposal that waits, by its words."""
    return {each.proposal.text: each.digest for each in open_proposals(article.source)}


def send(client: Client, article: Article, action: str, text: str) -> Any:
    """Press a button of the proposal with these words."""
    return client.post(url(article), {"action": action, "proposal": waiting(article)[text]})


def test_the_list_says_what_where_who_and_why(admin_client: Client) -> None:
    article = english()
    answer = admin_client.get(url(article))
    page = " ".join(answer.content.decode().split())
    assert "no-store" in answer["Cache-Control"]
    assert f"{len(waiting(article))} proposals" in page
    assert f"<q>{QUOTE}</q>" in page
    assert "¶4" in page
    assert "Tomas Reka</b>, not on record." in page
    assert "Reason:" in page
    assert f"{article.url('quote')}?start=" in page
    assert QUOTE.replace(" ", "+") not in page, "addresses hold no words of a text"


@pytest.mark.parametrize("make_article", [english, thai, vietnamese])
def test_every_language_is_proposed_in(admin_client: Client, make_article: Any) -> None:
    article = make_article()
    assert waiting(article)
    assert b"proposal-words" in admin_client.get(url(article)).content


def test_nothing_is_made_by_looking(admin_client: Client) -> None:
    article = english()
    before = Person.objects.count(), Statement.objects.count(), Passage.objects.count()
    admin_client.get(url(article))
    assert (Person.objects.count(), Statement.objects.count(), Passage.objects.count()) == before


def test_accepting_a_name_saves_a_draft_at_once(admin_client: Client) -> None:
    article = english()
    answer = send(admin_client, article, "accept", "Tomas Reka")
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "marks-changed"
    person = Person.objects.get(slug="tomas-reka")
    assert (person.status, person.names.get().passages.get().paragraph) == ("draft", 4)
    assert "Tomas Reka" not in waiting(article)


def test_accepting_a_role_waits_for_its_person_and_is_saved_then(admin_client: Client) -> None:
    article = english()
    [role] = [each for each in open_proposals(article.source) if each.proposal.of == "Tomas Reka"]
    refused = admin_client.post(url(article), {"action": "accept", "proposal": role.digest})
    assert refused.status_code == 422
    assert b'data-kind="role"' in refused.content
    send(admin_client, article, "accept", "Tomas Reka")
    saved = admin_client.post(url(article), {"action": "accept", "proposal": role.digest})
    assert saved.status_code == 200
    assert Person.objects.get(slug="tomas-reka").affiliations.get().passages.exists()


def test_accepting_a_quote_opens_its_card_and_saves_nothing(admin_client: Client) -> None:
    article = english()
    answer = send(admin_client, article, "accept", QUOTE)
    assert answer.status_code == 200
    assert b'data-kind="quote"' in answer.content
    assert QUOTE in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_namesake_is_not_chosen_for_anybody(admin_client: Client) -> None:
    article = english()
    make.make_person("Tomas Rekka", status="draft")
    send(admin_client, article, "accept", "Tomas Reka")
    assert Person.objects.filter(slug="tomas-reka").exists()


def test_what_is_dismissed_is_remembered_and_can_be_taken_back(admin_client: Client) -> None:
    article = english()
    digest = waiting(article)[QUOTE]
    answer = send(admin_client, article, "dismiss", QUOTE)
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "proposals-changed"
    assert "Dismissed: Quote, ¶4." in answer.content.decode()
    assert QUOTE not in waiting(article)
    row = DismissedProposal.objects.get()
    assert (row.source, row.kind, row.digest, row.user.username) == (article.source, "quote", digest, "admin")
    later = admin_client.get(url(article))
    assert "1 dismissed" in later.content.decode()
    assert [each.digest for each in later.context["all_dismissed"]] == [digest]
    assert f"<q>{QUOTE}</q>" not in later.content.decode()
    marks = admin_client.get(f"/admin/desk/{article.source.slug}/marks/").json()["marks"]
    assert not [
        mark for mark in marks if mark["kind"] == "proposal" and mark["card"] == "quote" and mark["paragraph"] == 4
    ]
    undone = admin_client.post(url(article), {"action": "undo", "proposal": digest})
    assert undone.status_code == 200
    assert waiting(article)[QUOTE] == digest
    assert not DismissedProposal.objects.exists()


def test_what_was_dismissed_is_asked_again_once_the_text_there_is_another() -> None:
    article = english()
    [proposal] = [each.proposal for each in open_proposals(article.source) if each.proposal.text == QUOTE]
    DismissedProposal.objects.create(source=article.source, kind="quote", digest=digest_of_proposal(proposal))
    assert QUOTE not in waiting(article)
    source = Source.objects.get(pk=article.source.pk)
    source.text = "New. " + source.text
    source.paragraphs = [
        [0, source.paragraphs[0][1] + 5],
        *[[start + 5, size] for start, size in source.paragraphs[1:]],
    ]
    source.sha256 = "0" * 64
    source.save()
    assert QUOTE in {each.proposal.text for each in open_proposals(source)}


def test_a_second_curator_is_told_what_happened_meanwhile(admin_client: Client) -> None:
    article = english()
    digest = waiting(article)["Tomas Reka"]
    send(admin_client, article, "accept", "Tomas Reka")
    for action in ("accept", "dismiss"):
        late = admin_client.post(url(article), {"action": action, "proposal": digest})
        assert late.status_code == 409
    gone = admin_client.post(url(article), {"action": "dismiss", "proposal": "f" * 16})
    assert gone.status_code == 409
    assert "not proposed any more" in gone.content.decode()
    assert Person.objects.filter(slug__startswith="tomas-reka").count() == 1
    assert not DismissedProposal.objects.exists()


@pytest.mark.parametrize("data", [{}, {"action": "burn"}, {"action": ""}])
def test_an_unknown_action_is_refused(admin_client: Client, data: dict[str, str]) -> None:
    answer = admin_client.post(url(english()), data)
    assert answer.status_code == 422
    assert "accept, dismiss, undo" in answer.content.decode()


def test_what_is_on_record_waits_for_nobody(admin_client: Client) -> None:
    article = english()
    assert "Ines Aldana" not in waiting(article)
    data = as_opened(open_card(admin_client, article, QUOTE, "quote"))
    saved = admin_client.post(
        article.url("quote"), {**data, "speaker": [f"person:{article.speaker.pk}"], "certainty": "stated"}
    )
    assert saved.status_code == 200, saved.context["form"].errors
    assert QUOTE not in waiting(article)


@pytest.mark.parametrize("group", ["contributor", "editor", "keeper"])
def test_every_group_accepts_and_dismisses(client: Client, group: str) -> None:
    client.force_login(make_user("mai", group))
    article = english()
    assert send(client, article, "dismiss", QUOTE).status_code == 200
    assert send(client, article, "accept", "Tomas Reka").status_code == 200
    assert Person.objects.get(slug="tomas-reka").status == "draft"


def test_who_may_only_look_accepts_and_dismisses_nothing(client: Client) -> None:
    article = english()
    digest = waiting(article)["Tomas Reka"]
    assert client.get(url(article)).status_code == 302
    viewer = make_user("mai")
    client.force_login(viewer)
    assert client.get(url(article)).status_code == 403
    viewer.user_permissions.add(Permission.objects.get(codename="view_source"))
    assert client.get(url(article)).status_code == 200
    for action in ("accept", "dismiss", "undo"):
        assert client.post(url(article), {"action": action, "proposal": digest}).status_code == 403
    assert not Person.objects.filter(slug="tomas-reka").exists()


def test_a_long_article_is_proposed_for_once_somebody_asks(admin_client: Client) -> None:
    article = english()
    source = article.source
    source.text = source.text * 20
    source.paragraphs = paragraph_spans(source.text)
    source.length = len(source.text)
    source.sha256 = "1" * 64
    source.save()
    assert len(source.paragraphs) > 100
    first = admin_client.get(url(article)).content.decode()
    assert "This is a long article" in first
    assert "proposal-words" not in first
    assert "proposal-words" in admin_client.get(url(article), {"made": "1"}).content.decode()
    assert "data-incomplete" not in admin_client.get(f"/admin/desk/{source.slug}/").content.decode()


def test_the_list_costs_the_same_however_long_it_is(admin_client: Client, django_assert_max_num_queries: Any) -> None:
    article = english()
    for number in range(10):
        make.make_passage(article.source, f"Added paragraph {number}.")
    with django_assert_max_num_queries(30):
        admin_client.get(url(article))


def test_the_page_holds_the_place_of_the_list(admin_client: Client) -> None:
    article = english()
    page = admin_client.get(f"/admin/desk/{article.source.slug}/").content.decode()
    assert f'data-hx-get="{url(article)}"' in page
    assert "js/desk-proposals.js" in page


def test_words_that_are_a_quote_are_proposed_once() -> None:
    kinds = [each.proposal.kind for each in open_proposals(english().source) if each.proposal.text == QUOTE]
    assert kinds == ["quote"]
