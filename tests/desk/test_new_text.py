"""A newer version of a text moves no passage silently: each is kept, moved or given up, and what is public stays proven."""

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from base.records.provenance import sha256_of
from base.text.differences import shown_changes, stretches
from desk.new_text.moves import Finding, find_passages
from desk.new_text.places import Places
from directory.models import Passage, Source
from directory.source_texts import store_text
from directory.verification import verify
from events.models import Wording
from tests.factories import make_person, make_source, make_statement, make_wording

pytestmark = pytest.mark.django_db

OLD = (
    "The harbor council met in Pellmere on Thursday.\n"
    "“Nobody drowns because of a nummber,” Ms Aldana said.\n"
    "น้ำขึ้นไม่เคยรอใคร คุณสมชายกล่าว\n"
    "The tables go to the printer, and the tables come back.\n"
)
NEW = (
    "Correction: an earlier version misspelled a word.\n"
    "The harbour council met in Pellmere on Thursday.\n"
    "“Nobody drowns because of a number,” Ms Aldana said.\n"
    "น้ำขึ้นไม่เคยรอใคร คุณสมชายกล่าว\n"
)


def passage_of(source, words):
    start = source.text.index(words)
    return Passage.objects.create(
        source=source,
        paragraph=source.paragraph_of(start, start + len(words)),
        start=start,
        end=start + len(words),
        sha256=sha256_of(words),
    )


@pytest.fixture
def source(db):
    return make_source(text=OLD)


def moves_of(source, text):
    newer = Source()
    store_text(newer, text)
    return find_passages(source.passages.order_by("start"), source.text, newer, Places(stretches(source.text, text)))


# What differs ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (OLD, NEW),
        ("a b", "a b"),
        ("", "new"),
        ("old", ""),
        ("น้ำใจ", "น้ำจำใจ"),
        ("🌊 one two", "🌊 one 🌊 two"),
        ("x" * 3000, "y" * 3000),
    ],
)
def test_both_texts_are_put_together_again_from_their_stretches(old, new):
    rows = stretches(old, new)
    assert "".join(old[row.old_start : row.old_end] for row in rows) == old
    assert "".join(new[row.new_start : row.new_end] for row in rows) == new
    assert all(old[r.old_start : r.old_end] == new[r.new_start : r.new_end] for r in rows if r.is_same)


def test_changes_are_shown_with_the_words_round_them_and_never_cut_a_letter():
    shown = list(shown_changes(OLD, NEW, stretches(OLD, NEW)))
    words = [(piece.kind, piece.text) for pieces in shown for piece in pieces if piece.kind in ("gone", "new")]
    assert ("gone", "harbor") in words
    assert ("new", "harbour") in words
    assert ("gone", "nummber") in words
    tone = list(shown_changes("เขาว่าน้ำ", "เขาว่าน้้ำ", stretches("เขาว่าน้ำ", "เขาว่าน้้ำ")))
    assert all(not piece.text.startswith("้") for pieces in tone for piece in pieces)


def test_a_text_without_end_is_compared_in_bounded_work():
    stretches("ก" * 200_000, "ข" * 200_000)


# Where passages stand -------------------------------------------------------------------------------------------------
def test_every_passage_is_found_again_or_its_loss_is_said(source):
    for words in ("harbor council", "Pellmere", "Nobody drowns because of a nummber,", "น้ำขึ้น", "the printer"):
        passage_of(source, words)
    moves = {move.words: move for move in moves_of(source, NEW)}
    assert {words: move.finding for words, move in moves.items()} == {
        "harbor council": Finding.CHANGED,
        "Pellmere": Finding.SAME,
        "Nobody drowns because of a nummber,": Finding.CHANGED,
        "น้ำขึ้น": Finding.SAME,
        "the printer": Finding.GONE,
    }
    newer = NEW
    span = moves["Nobody drowns because of a nummber,"].places[0]
    assert newer[span.start : span.end] == "Nobody drowns because of a number,"
    assert moves["Pellmere"].places[0].paragraph == 2
    assert moves["Pellmere"].is_moved


def test_words_that_changed_places_are_offered_there(source):
    passage_of(source, "น้ำขึ้นไม่เคยรอใคร")
    lines = OLD.splitlines(keepends=True)
    (move,) = moves_of(source, lines[2] + lines[0] + lines[1] + lines[3])
    assert move.places[0].paragraph == 1
    assert move.places[0].start == 0


# The page -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def address(source):
    return reverse("admin:desk_new_text", args=[source.slug])


def sent(page, **choices):
    """Return the fields of the second form as the page proposes them, with other choices by words."""
    data = {
        "decided": "yes",
        "expected": page.context["expected"],
        "text": page.context["text"],
        "reason": "typing error",
    }
    for each in [*page.context["asked"], *page.context["sure"]]:
        decision = choices.get(each.move.words, each.initial["decision"])
        if decision == "first":
            decision = each.fields["decision"].choices[0][0]
        data[f"{each.prefix}-decision"] = decision
    return data


def compare(client, address, text=NEW):
    page = client.post(address, {"text": text, "reason": "typing error"})
    assert page.status_code == 200, page.context["form"].errors
    return page


def test_a_typing_error_in_a_public_quote_is_corrected_with_its_passage(admin_client, source, address):
    words = "Nobody drowns because of a nummber,"
    passage = passage_of(source, words)
    statement = make_statement(speaker=make_person(), passages=[passage])
    wording = make_wording(statement, text=words, nature="verbatim", passage=passage, language="en")
    assert Wording.objects.get(pk=wording.pk).proven
    page = compare(admin_client, address)
    untouched = Passage.objects.get(pk=passage.pk)
    assert (untouched.start, Source.objects.get().text) == (passage.start, OLD)
    answer = admin_client.post(address, sent(page, **{words: "first"}))
    assert answer.status_code == 302, answer.context["problems"]
    wording.refresh_from_db()
    passage.refresh_from_db()
    after = Source.objects.get()
    assert (wording.text, wording.proven) == ("Nobody drowns because of a number,", True)
    assert after.text[passage.start : passage.end] == wording.text
    assert passage.paragraph == 3
    assert after.sha256 == sha256_of(NEW)
    assert verify(after, NEW).failures == []
    assert wording.history.first().history_change_reason == "typing error"
    assert passage.history.first().history_change_reason == "typing error"


def test_the_parts_of_a_divided_quote_follow_their_passages_even_if_they_move(admin_client, source, address):
    parts = ("Nobody drowns because of a nummber,", "น้ำขึ้นไม่เคยรอใคร")
    passages = [passage_of(source, part) for part in parts]
    statement = make_statement(speaker=make_person(), passages=passages)
    wording = make_wording(statement, text=" … ".join(parts), nature="verbatim", passage=passages[0], language="en")
    wording.further_passages.set(passages[1:])
    wording.refresh_from_db()
    assert wording.proven
    page = compare(admin_client, address)
    answer = admin_client.post(address, sent(page, **{parts[0]: "first"}))
    assert answer.status_code == 302, answer.context["problems"]
    wording.refresh_from_db()
    assert (wording.text, wording.proven) == ("Nobody drowns because of a number, … น้ำขึ้นไม่เคยรอใคร", True)


def test_nothing_is_saved_while_a_passage_is_undecided(admin_client, source, address):
    passage_of(source, "Nobody drowns because of a nummber,")
    page = compare(admin_client, address)
    answer = admin_client.post(address, sent(page))
    assert answer.status_code == 422
    assert "not decided" in answer.content.decode()
    assert Source.objects.get().text == OLD


def test_what_something_public_rests_on_cannot_be_given_up(admin_client, source, address):
    words = "Nobody drowns because of a nummber,"
    passage = passage_of(source, words)
    statement = make_statement(speaker=make_person(), passages=[passage])
    make_wording(statement, text=words, nature="verbatim", passage=passage, language="en")
    page = compare(admin_client, address)
    answer = admin_client.post(address, sent(page, **{words: "give up"}))
    assert answer.status_code == 422
    assert "cannot be given up" in answer.content.decode()
    assert Source.objects.get().text == OLD
    assert list(statement.passages.all()) == [passage]


def test_a_passage_that_nothing_needs_is_given_up(admin_client, source, address):
    passage = passage_of(source, "the printer")
    page = compare(admin_client, address)
    answer = admin_client.post(address, sent(page, **{"the printer": "give up"}))
    assert answer.status_code == 302
    assert not Passage.objects.filter(pk=passage.pk).exists()


def test_passages_change_places_without_meeting(admin_client, source, address):
    passages = [passage_of(source, words) for words in ("the tables", "met in Pellmere")]
    lines = OLD.splitlines(keepends=True)
    text = lines[3].replace("The tables", "the tables") + lines[1] + lines[2] + lines[0]
    page = compare(admin_client, address, text)
    choices = {each.move.words: "first" for each in [*page.context["asked"], *page.context["sure"]]}
    answer = admin_client.post(address, sent(page, **choices))
    assert answer.status_code == 302, answer.context["problems"]
    for passage, words in zip(passages, ("the tables", "met in Pellmere"), strict=True):
        passage.refresh_from_db()
        assert text[passage.start : passage.end] == words


def test_other_words_of_the_newer_text_are_taken_and_near_misses_shown(admin_client, source, address):
    passage = passage_of(source, "the printer")
    page = compare(admin_client, address)
    data = sent(page, **{"the printer": "other words"})
    name = f"passage-{passage.pk}-words"
    wrong = admin_client.post(address, {**data, name: "misspelled a wordd"})
    assert wrong.status_code == 422
    assert "not in one paragraph" in wrong.content.decode()
    assert admin_client.post(address, {**data, name: "misspelled a word"}).status_code == 302
    passage.refresh_from_db()
    assert NEW[passage.start : passage.end] == "misspelled a word"


def test_two_passages_do_not_become_one(admin_client, source, address):
    for words in ("the printer", "the tables come"):
        passage_of(source, words)
    page = compare(admin_client, address)
    data = sent(page, **{"the printer": "other words", "the tables come": "other words"})
    data |= {f"{each.prefix}-words": "misspelled" for each in page.context["asked"]}
    answer = admin_client.post(address, data)
    assert answer.status_code == 422
    assert "Two passages would stand" in answer.content.decode()


def test_a_text_that_somebody_else_changed_meanwhile_is_compared_again(admin_client, source, address):
    page = compare(admin_client, address)
    store_text(source, OLD + "One more line.\n")
    source.save()
    answer = admin_client.post(address, sent(page))
    assert answer.status_code == 422
    assert "Meanwhile" in answer.content.decode()
    assert Source.objects.get().text.endswith("One more line.\n")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "Write the text"), (OLD, "nothing differs"), ("a\0b", "control character"), (" \n ", "Write the text")],
)
def test_a_text_that_cannot_be_taken_is_refused_with_a_sentence(admin_client, source, address, text, sentence):
    answer = admin_client.post(address, {"text": text, "reason": "typing error"})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Source.objects.get().text == OLD


def test_who_may_not_publish_does_not_change_a_public_text(client, source, address):
    user = User.objects.create_user("mai", is_staff=True)
    names = ("view_source", "change_source", "change_passage", "delete_passage")
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    client.force_login(user)
    assert client.get(address).status_code == 403
    Source.objects.update(status="draft", published_at=None)
    assert client.get(address).status_code == 200
    assert "no-store" in client.get(address).headers["Cache-Control"]


def test_a_source_without_text_says_so(admin_client, source, address):
    Source.objects.update(text="")
    page = admin_client.get(address)
    assert (page.status_code, "not stored" in page.content.decode()) == (200, True)
    assert admin_client.post(address, {"text": NEW, "reason": "x"}).status_code == 422
