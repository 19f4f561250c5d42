"""What a curator selects is checked against the stored text, and becomes a passage."""

import pytest
from django.core.exceptions import ValidationError

from base.records.provenance import sha256_of
from desk.selections import LONGEST_SELECTION, checked_selection, digest_of_words
from directory.models import Passage
from tests.factories import make_source

pytestmark = pytest.mark.django_db

TEXT = (
    "The harbour council met in Pellmere 🌊 on Thursday.\n"
    "“Nobody drowns because of a number,” Ms Aldana said.\n"
    "\n"
    "น้ำขึ้นไม่เคยรอใคร คุณสมชายกล่าว\n"
    "Nước lên không đợi ai, bà Hạnh nói.\n"
)


def select(words, quote=None, **how):
    """Select these words, where the text first has them."""
    source = how.pop("source", None) or make_source(text=TEXT)
    start = source.text.index(words)
    return checked_selection(source, start, start + len(words), words if quote is None else quote, **how)


def refusal(call, *args, **kwargs):
    """Return the sentence with which a selection is refused."""
    with pytest.raises(ValidationError) as caught:
        call(*args, **kwargs)
    return " ".join(caught.value.messages)


@pytest.mark.parametrize(
    ("words", "paragraph"),
    [
        ("Pellmere 🌊", 1),
        ("Nobody drowns because of a number,", 2),
        ("น้ำขึ้นไม่เคยรอใคร", 3),
        ("bà Hạnh", 4),
    ],
)
def test_selected_words_become_the_passage_that_proves_them(words, paragraph):
    selection = select(words)
    passage = selection.passage()
    assert (selection.words, passage.paragraph) == (words, paragraph)
    assert (passage.sha256, passage.check_state) == (sha256_of(words), "verified")
    assert passage.proves(words)
    assert passage.uid == f"an-article.p{paragraph}.{passage.start}-{passage.end}"
    passage.full_clean()


def test_the_same_words_are_one_passage_with_one_line_of_history():
    selection = select("Ms Aldana")
    assert selection.passage() == selection.passage()
    assert Passage.objects.get().history.count() == 1


def test_blanks_at_the_ends_are_no_part_of_the_passage():
    assert select(" Ms Aldana ").words == "Ms Aldana"
    assert select("said.\n").words == "said."


def test_a_digest_stands_for_the_words_in_an_address():
    source = make_source(text=TEXT)
    start = TEXT.index("Aldana")
    assert checked_selection(source, start, start + 6, digest=digest_of_words("Aldana")).words == "Aldana"
    assert "Other words stand there" in refusal(
        checked_selection, source, start, start + 6, digest=digest_of_words("Aldano")
    )


def test_offsets_without_words_prove_nothing():
    assert "missing" in refusal(checked_selection, make_source(text=TEXT), 4, 11)


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 5), (5, 5), (9, 4), (0, 10**9), (10**30, 10**30 + 4), (len(TEXT), len(TEXT) + 1)]
)
def test_offsets_outside_the_text_are_refused_with_its_length(start, end):
    assert str(len(TEXT)) in refusal(checked_selection, make_source(text=TEXT), start, end, "words")


def test_words_that_are_nearly_there_are_told_with_the_difference():
    source = make_source(text=TEXT)
    start = TEXT.index("Nobody")
    sentence = refusal(checked_selection, source, start, start + 14, "Nobody drouwns")
    assert "Other words stand there" in sentence
    assert "at character 11" in sentence.lower()


def test_words_that_stand_elsewhere_are_told_with_their_paragraph():
    assert "¶2" in refusal(checked_selection, make_source(text=TEXT), 0, 9, "Ms Aldana")


def test_a_changed_text_is_noticed_and_nothing_is_recorded():
    source = make_source(text=TEXT)
    sentence = refusal(select, "Ms Aldana", "Mr Aldana", source=source)
    assert "the text may have changed" in sentence
    assert not Passage.objects.exists()


def test_a_selection_over_two_paragraphs_is_told_which():
    sentence = refusal(select, "Thursday.\n“Nobody")
    assert "from ¶1 to ¶2" in sentence


def test_a_letter_is_not_cut():
    assert "น้ำ" in refusal(select, "ำขึ้น")


def test_blanks_alone_are_nothing():
    assert "Only blanks" in refusal(select, "\n\n")


def test_a_passage_is_short():
    source = make_source(text="word " * 3_000)
    words = source.text[: LONGEST_SELECTION + 1]
    assert f"{LONGEST_SELECTION}" in refusal(checked_selection, source, 0, len(words), words)


def test_without_a_stored_text_nothing_can_be_selected():
    assert "not stored" in refusal(checked_selection, make_source(), 0, 3, "The")


def test_a_passage_that_was_read_from_another_text_is_not_cited():
    selection = select("Ms Aldana")
    Passage.objects.create(
        source=selection.source, paragraph=2, start=selection.start, end=selection.end, sha256=sha256_of("Mr Aldana")
    )
    assert "other words" in refusal(selection.passage)


def test_a_source_with_the_former_id_of_another_makes_passages_of_its_own():
    first = select("Ms Aldana")
    first.passage()
    first.source.slug = "renamed"
    first.source.save()
    second = make_source("Another", text=TEXT)
    second.slug = "an-article"
    second.save()
    passage = select("Ms Aldana", source=second).passage()
    assert passage.source == second
    assert Passage.objects.count() == 2


def test_a_passage_that_was_never_compared_counts_as_compared_once_it_is_selected():
    selection = select("Ms Aldana")
    Passage.objects.create(
        source=selection.source, paragraph=2, start=selection.start, end=selection.end, sha256=sha256_of("Ms Aldana")
    )
    assert selection.passage().check_state == "verified"
