"""The cards of what was said: what they guess, make, refuse and keep."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from desk.fields import value_of_record
from desk.selections import digest_of_words
from directory.models import Passage
from events.models import Statement, Wording
from tests.accounts.people import make_user
from tests.desk.articles import Article, english, thai, vietnamese

pytestmark = pytest.mark.django_db
FIRST = "Nobody drowns because of a number,"
SECOND = "but people have drowned because of two numbers."
REPORTED = "the old tables had differed by up to forty minutes"


def open_card(client: Client, article: Article, kind: str, words: str) -> Any:
    """Open a card for these words, as the page does."""
    start, end = article.span(words)
    return client.get(article.url(kind), {"start": start, "end": end, "digest": digest_of_words(words)})


def values(article: Article, *parts: str, **more: Any) -> dict[str, Any]:
    """Return what a filled card sends."""
    return {
        **article.selection(*parts),
        "action": "save",
        "attribution": "explicit",
        "certainty": "stated",
        "speaker": value_of_record(article.speaker),
        "event": value_of_record(article.event),
        **more,
    }


def guesses(answer: Any) -> dict[str, tuple[object, str]]:
    """Return what an opened card guessed, with the reasons."""
    return {name: (guess.value, guess.reason) for name, guess in answer.context["card"].guesses.items()}


# Guesses ------------------------------------------------------------------------------------------------------------------------


def test_a_quote_guesses_speaker_role_event_and_topic_with_reasons(admin_client: Client) -> None:
    article = english()
    answer = open_card(admin_client, article, "quote", FIRST)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found = guesses(answer)
    assert found["speaker"] == (article.speaker, "guessed: “Ms Aldana said”")
    assert found["role_at_time"] == ("chair, Lantern Coast Association", "¶2")
    assert found["event"] == (article.event, "the event of this article")
    assert found["attribution_text"][0] == "Ms Aldana"
    page = answer.content.decode()
    for reason in ("guessed: “Ms Aldana said”", "the event of this article", "¶2"):
        assert reason in page
    assert FIRST in page


def test_topics_are_suggested_from_the_words_and_the_paragraph(admin_client: Client) -> None:
    article = english()
    answer = open_card(admin_client, article, "reported", "agreed on one tide table for nine harbours")
    assert guesses(answer)["about"] == ([article.topic], "suggested: “tide table”")


def test_a_speaker_who_is_not_on_record_is_named_in_the_reason(admin_client: Client) -> None:
    article = english()
    value, reason = guesses(open_card(admin_client, article, "quote", "late, and still welcome"))["speaker"]
    assert value is None
    assert "Tomas Reka" in reason


def test_who_spoke_before_is_guessed_where_a_paragraph_names_nobody(admin_client: Client) -> None:
    article = english()
    admin_client.post(article.url("quote"), values(article, FIRST))
    found = guesses(open_card(admin_client, article, "reported", "will be printed in three languages"))
    assert found["speaker"] == (article.speaker, "as in the statement before")
    assert found["attribution"][0] == "contextual"


@pytest.mark.parametrize(
    ("make", "words"),
    [(thai, "น้ำขึ้นไม่เคยรอใคร แต่เรารอกันได้"), (vietnamese, "Nước lên không đợi ai, nhưng chúng ta có thể đợi nhau.")],
)
def test_speakers_are_guessed_in_thai_and_vietnamese_too(admin_client: Client, make: Any, words: str) -> None:
    article = make()
    found = guesses(open_card(admin_client, article, "quote", words))
    assert found["speaker"][0] == article.speaker
    assert found["speaker"][1]


def test_opening_a_card_costs_the_same_with_many_statements(
    admin_client: Client, django_assert_max_num_queries: Any
) -> None:
    article = english()
    for number in range(12):
        admin_client.post(
            article.url("reported"), values(article, REPORTED, statement_kind="reported", again="on", note=str(number))
        )
    open_card(admin_client, article, "quote", FIRST)
    with django_assert_max_num_queries(60):
        open_card(admin_client, article, "quote", FIRST)


# Saving -------------------------------------------------------------------------------------------------------------------------


def test_a_quote_is_saved_as_a_draft_with_its_passage_words_and_translation(admin_client: Client) -> None:
    article = english()
    answer = admin_client.post(
        article.url("quote"),
        values(
            article,
            FIRST,
            text_th="ไม่มีใครจมน้ำเพราะตัวเลข",
            role_at_time="chair",
            about=[value_of_record(article.topic), value_of_record(article.body)],
        ),
    )
    assert answer.status_code == 200
    assert answer["HX-Trigger"] == "marks-changed"
    statement = Statement.objects.get()
    assert (statement.status, statement.statement_kind) == ("draft", "direct")
    assert (statement.speaker, statement.event, statement.role_at_time) == (article.speaker, article.event, "chair")
    assert list(statement.topics.all()) == [article.topic]
    assert list(statement.about_organizations.all()) == [article.body]
    printed = statement.wordings.get(nature="verbatim")
    assert (printed.text, printed.language, printed.proven) == (FIRST, "en", True)
    assert printed.passage in statement.passages.all()
    assert statement.wordings.get(nature="translation").language == "th"
    newest = statement.history.first()
    assert "¶3" in newest.history_change_reason
    assert newest.history_user.is_superuser


def test_reported_speech_is_saved_with_its_paraphrases(admin_client: Client) -> None:
    article = english()
    sent = values(
        article, REPORTED, statement_kind="reported", text_en="The tables differed.", text_vi="Các bảng khác nhau."
    )
    assert admin_client.post(article.url("reported"), sent).status_code == 200
    statement = Statement.objects.get()
    assert statement.statement_kind == "reported"
    assert {(w.language, w.nature) for w in statement.wordings.all()} == {("en", "paraphrase"), ("vi", "paraphrase")}
    assert not statement.wordings.exclude(passage=None).exists()


def test_a_group_speaks_by_its_label(admin_client: Client) -> None:
    article = english()
    admin_client.post(article.url("quote"), values(article, FIRST, speaker="label:the pilots"))
    statement = Statement.objects.get()
    assert (statement.speaker, statement.speaker_label) == (None, "the pilots")


def test_words_that_were_typed_and_never_chosen_are_not_lost(admin_client: Client) -> None:
    article = english()
    sent = values(article, FIRST, **{"speaker": "", "speaker-text": "Ines Ald", "text_th": "ไม่มีใคร"})
    answer = admin_client.post(article.url("quote"), sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "“Ines Ald” was typed and not chosen" in page
    assert 'value="Ines Ald"' in page
    assert "ไม่มีใคร" in page
    assert not Statement.objects.exists()


def test_a_doubt_needs_its_reason(admin_client: Client) -> None:
    article = english()
    answer = admin_client.post(article.url("quote"), values(article, FIRST, certainty="inferred"))
    assert answer.status_code == 422
    assert "Say why this is inferred" in answer.content.decode()


@pytest.mark.parametrize("text", ["bell \x07", "seen \u200b not", "x" * 10_001])
def test_texts_are_checked_as_everywhere(admin_client: Client, text: str) -> None:
    article = english()
    answer = admin_client.post(article.url("quote"), values(article, FIRST, text_th=text))
    assert answer.status_code == 422
    assert not Statement.objects.exists()


# Publishing ---------------------------------------------------------------------------------------------------------------------


def test_a_quote_can_be_published_at_once(admin_client: Client) -> None:
    article = english()
    answer = admin_client.post(article.url("quote"), values(article, FIRST, action="publish"))
    assert answer.status_code == 200
    assert Statement.objects.published().count() == 1
    assert Wording.objects.published().count() == 1


def test_drafts_under_a_statement_are_named_and_can_be_published_with_it(admin_client: Client) -> None:
    article = english(status="draft")
    sent = values(article, FIRST, action="publish")
    answer = admin_client.post(article.url("quote"), sent)
    assert answer.status_code == 422
    needs = answer.context["needs"]
    assert [str(record) for record in needs] == ["Harbour towns agree", "Ines Aldana", "Pellmere meeting"]
    assert not Statement.objects.exists()
    answer = admin_client.post(article.url("quote"), {**sent, "also": [value_of_record(record) for record in needs]})
    assert answer.status_code == 200, answer.content.decode()
    assert Statement.objects.published().count() == 1


def test_what_cannot_be_published_is_said_and_nothing_is_saved(admin_client: Client) -> None:
    article = english()
    answer = admin_client.post(
        article.url("reported"), values(article, REPORTED, statement_kind="reported", action="publish")
    )
    assert answer.status_code == 422
    assert "It has no wording." in answer.content.decode()
    assert not Statement.objects.exists()


def test_a_contributor_saves_drafts_and_is_not_offered_more(client: Client) -> None:
    article = english()
    client.force_login(make_user("mai", "contributor"))
    assert "Save and publish" not in open_card(client, article, "quote", FIRST).content.decode()
    assert client.post(article.url("quote"), values(article, FIRST)).status_code == 200
    answer = client.post(article.url("quote"), values(article, SECOND, action="publish"))
    assert answer.status_code == 422
    assert "an editor" in answer.content.decode()
    assert not Statement.objects.published().exists()
    assert Statement.objects.count() == 1


def test_who_may_not_add_statements_gets_no_card(client: Client) -> None:
    article = english()
    client.force_login(make_user("lek"))
    assert open_card(client, article, "quote", FIRST).status_code == 403
    assert client.post(article.url("quote"), values(article, FIRST)).status_code == 403


# Quotes in parts ----------------------------------------------------------------------------------------------------------------


def test_a_divided_quote_is_one_wording_with_a_passage_for_each_part(admin_client: Client) -> None:
    article = english()
    answer = admin_client.post(article.url("quote"), values(article, SECOND, FIRST, action="publish"))
    assert answer.status_code == 200, answer.content.decode()
    printed = Wording.objects.get()
    assert printed.text == f"{FIRST} … {SECOND}"
    assert printed.proven
    assert [passage.paragraph for passage in printed.passages_in_order()] == [3, 3]
    assert printed.statement.passages.count() == 2
    assert (
        admin_client.post(article.url("quote"), values(article, SECOND)).status_code == 409
    )  # a part is on record too


def test_the_other_part_of_a_quote_is_offered(admin_client: Client) -> None:
    article = english()
    page = open_card(admin_client, article, "quote", FIRST).content.decode()
    assert "Add the other part" in page
    start, end = article.span(SECOND)
    new = {"new-start": start, "new-end": end, "new-quote": SECOND}
    answer = admin_client.post(article.url("quote"), values(article, FIRST, action="part", **new))
    assert answer.status_code == 200
    assert [part.words for part in answer.context["card"].selections] == [FIRST, SECOND]
    assert "Add the other part" not in answer.content.decode()


def test_parts_that_overlap_are_refused(admin_client: Client) -> None:
    article = english()
    start, end = article.span("because of a number,")
    new = {"new-start": start, "new-end": end, "new-quote": "because of a number,"}
    answer = admin_client.post(article.url("quote"), values(article, FIRST, action="part", **new))
    assert answer.status_code == 422
    assert "overlaps" in answer.content.decode()


# What goes wrong ------------------------------------------------------------------------------------------------------------------


def test_a_second_part_is_added_to_the_card_or_refused_with_what_was_typed_kept(admin_client: Client) -> None:
    article = english()
    start, end = article.span(REPORTED)
    new = {"new-start": start, "new-end": end, "new-quote": REPORTED}
    more = values(article, FIRST, action="part", statement_kind="reported", text_vi="Không ai chết đuối", **new)
    answer = admin_client.post(article.url("reported"), more)
    assert answer.status_code == 200
    assert [s.words for s in answer.context["card"].selections] == [FIRST, REPORTED]
    assert "Không ai chết đuối" in answer.content.decode()
    again = admin_client.post(article.url("reported"), {**more, **article.selection(FIRST, REPORTED)})
    assert again.status_code == 422
    assert "in the card already" in again.content.decode()
    less = admin_client.post(
        article.url("reported"), {**more, **article.selection(FIRST, REPORTED), "action": "without-0"}
    )
    assert [s.words for s in less.context["card"].selections] == [REPORTED]


def test_a_forged_selection_is_refused_and_what_was_typed_is_shown(admin_client: Client) -> None:
    article = english()
    sent = {**values(article, FIRST, text_th="ไม่มีใครจมน้ำ"), "quote": ["Nobody swims because of a number,"]}
    answer = admin_client.post(article.url("quote"), sent)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Other words stand there" in page
    assert "ไม่มีใครจมน้ำ" in page
    assert not Passage.objects.filter(paragraph=3).exists()


@pytest.mark.parametrize(
    "sent",
    [
        {"start": "x", "end": "5", "quote": "a"},
        {"start": "-3", "end": "5", "quote": "a"},
        {"start": "1", "end": "5"},
        {"start": ["1", "2"], "end": "5", "quote": "a"},
        {"start": "9" * 40, "end": "5", "quote": "a"},
        {},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_broken_selections_get_a_sentence(admin_client: Client, method: str, sent: dict[str, Any]) -> None:
    answer = getattr(admin_client, method)(english().url("quote"), sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_the_same_words_are_asked_about_before_they_are_saved_twice(admin_client: Client) -> None:
    article = english()
    admin_client.post(article.url("quote"), values(article, FIRST))
    answer = admin_client.post(article.url("quote"), values(article, FIRST))
    assert answer.status_code == 409
    assert "on record already" in answer.content.decode()
    assert 'name="again"' in answer.content.decode()
    assert Statement.objects.count() == 1
    assert admin_client.post(article.url("quote"), values(article, FIRST, again="on")).status_code == 200
    assert Statement.objects.count() == 2


def test_a_speaker_who_was_withdrawn_meanwhile_is_told(admin_client: Client) -> None:
    article = english()
    article.speaker.status, article.speaker.withdrawn_reason = "withdrawn", "A double."
    article.speaker.save()
    answer = admin_client.post(article.url("quote"), values(article, FIRST))
    assert answer.status_code == 422
    assert "not there any more" in answer.content.decode()


@pytest.mark.parametrize(
    "speaker", ["person:999999", "person:x", "topic:1", "nonsense", "label:", f"label:{'x' * 201}"]
)
def test_a_speaker_that_is_none_is_refused(admin_client: Client, speaker: str) -> None:
    article = english()
    assert admin_client.post(article.url("quote"), values(article, FIRST, speaker=speaker)).status_code == 422
    assert not Statement.objects.exists()


def test_there_is_no_card_of_another_kind(admin_client: Client) -> None:
    article = english()
    assert admin_client.get(article.url("poem")).status_code == 404
    assert admin_client.get("/admin/desk/nothing/cards/quote/").status_code == 404
