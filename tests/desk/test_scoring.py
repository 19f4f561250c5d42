"""The scorer gives hand-made proposals the figures that its rules promise."""

from typing import Any

import pytest

from tests.desk.scoring import Tally, same_speaker, score
from tests.desk.sheets import Article, Mark, articles

TEXT = (
    "“We begin in May,” said harbour master Ines Aldana. “Not in June.”\n"
    "She added that the quay was dry, and called the bill “a joke”.\n"
    "“Ferry Tales” is a film by Jo Reka, Aldana told Bram Osei.\n"
)


def mark(kind: str, *parts: str, **more: Any) -> Mark:
    """Return a mark of these parts of the text, each at its first place."""
    spans = [[TEXT.index(part), TEXT.index(part) + len(part)] for part in parts]
    return Mark(kind=kind, spans=spans, text=" … ".join(parts), **more)


def speaker(text: str, **more: str) -> dict[str, object]:
    """Return a speaker at the first place of the text, if it is there."""
    at = TEXT.find(text)
    return {"text": text, "span": [at, at + len(text)] if at >= 0 else None, **more}


INES = speaker("Ines Aldana", who="Ines Aldana")
SHE = speaker("She", who="Ines Aldana")
QUOTE = mark("quote", "We begin in May,", "Not in June.", speaker=INES, may_split=True)
DIVIDED = mark("quote", "We begin in May,", "Not in June.", speaker=INES)
PARTIAL = mark("quote", "a joke", speaker=SHE)
REPORTED = mark("reported", "the quay was dry", speaker=SHE)
SHORT = TEXT.index("Aldana told")
ALDANA = mark("name", "Ines Aldana", also=[[SHORT, SHORT + 6]])
REKA = mark("name", "Jo Reka")
OSEI = mark("name", "Bram Osei", optional=True)


def counts(answers: list[Mark], proposals: list[Mark], kind: str, text: str = TEXT) -> Tally:
    """Score proposals for the text against these answers."""
    return score(Article("test", "en", "quay", "wire", text, tuple(answers)), proposals)[kind]


def figures(tally: Tally) -> tuple[int, int, int, int]:
    """Return right, proposed, found and expected."""
    return tally.right, tally.proposed, tally.found, tally.expected


def moved(proposal: Mark, by: int) -> Mark:
    """Return the proposal with each end that many code points further."""
    return {**proposal, "spans": [[start, end + by] for start, end in proposal["spans"]]}


def test_a_quote_needs_all_its_segments() -> None:
    assert figures(counts([DIVIDED], [DIVIDED], "quote")) == (1, 1, 1, 1)
    assert figures(counts([DIVIDED], [mark("quote", "We begin in May,")], "quote")) == (0, 1, 0, 1)


def test_edges_of_a_quote_may_be_two_code_points_off() -> None:
    assert figures(counts([PARTIAL], [moved(PARTIAL, 2)], "quote")) == (1, 1, 1, 1)
    assert figures(counts([PARTIAL], [moved(PARTIAL, 3)], "quote")) == (0, 1, 0, 1)


def test_a_quote_that_may_split_is_found_once_all_parts_are_proposed() -> None:
    first, second = (mark("quote", words, speaker=INES) for words in ("We begin in May,", "Not in June."))
    assert figures(counts([QUOTE], [first, second], "quote")) == (2, 2, 1, 1)
    assert figures(counts([QUOTE], [first], "quote")) == (1, 1, 0, 1)
    assert figures(counts([QUOTE], [QUOTE], "quote")) == (1, 1, 1, 1)


def test_a_title_in_quotation_marks_is_no_quote() -> None:
    assert figures(counts([PARTIAL], [PARTIAL, mark("quote", "Ferry Tales")], "quote")) == (1, 2, 1, 1)


def test_the_same_quote_twice_is_wrong_once() -> None:
    assert figures(counts([QUOTE], [QUOTE, QUOTE], "quote")) == (1, 2, 1, 1)


def test_optional_answers_count_neither_way() -> None:
    optional: Mark = {**PARTIAL, "optional": True}
    assert figures(counts([optional], [PARTIAL], "quote")) == (0, 0, 0, 0)
    assert figures(counts([optional], [], "quote")) == (0, 0, 0, 0)


def test_reported_speech_is_right_by_half_of_the_union_or_as_its_sentence() -> None:
    sentence = mark("reported", "She added that the quay was dry")
    assert figures(counts([REPORTED], [sentence], "reported")) == (1, 1, 1, 1)
    assert figures(counts([REPORTED], [mark("reported", "the quay")], "reported")) == (1, 1, 1, 1)
    assert figures(counts([REPORTED], [mark("reported", "quay")], "reported")) == (0, 1, 0, 1)
    whole = mark("reported", "She added that the quay was dry, and called the bill “a joke”.")
    assert figures(counts([REPORTED], [whole], "reported")) == (0, 1, 0, 1)


def test_reported_speech_around_a_short_quoted_part_counts_neither_way() -> None:
    around = mark("reported", "called the bill “a joke”")
    assert figures(counts([REPORTED, PARTIAL], [around], "reported")) == (0, 0, 0, 1)


def test_speech_without_marks_may_be_proposed_as_a_quote() -> None:
    unmarked: Mark = {**REPORTED, "may_be_quote": True}
    proposal: Mark = {**REPORTED, "kind": "quote"}
    assert figures(counts([unmarked], [proposal], "reported")) == (0, 0, 1, 1)
    assert figures(counts([unmarked], [proposal], "quote")) == (0, 0, 0, 0)
    assert figures(counts([REPORTED], [proposal], "quote")) == (0, 1, 0, 0)


@pytest.mark.parametrize(
    ("given", "right", "resolved"),
    [
        (SHE, 1, 1),
        ({"text": "She", "span": None}, 1, 0),
        ({"text": "Ines Aldana", "span": None}, 1, 1),
        ({"text": "Aldana", "span": None}, 1, 1),
        ({"text": "harbour master Ines Aldana", "span": None}, 1, 1),
        ({"text": "She", "span": None, "who": "Jo Reka"}, 0, 0),
        ({"text": "Reka", "span": None}, 0, 0),
        ({"text": "Ald", "span": None}, 0, 0),
        (None, 0, 0),
    ],
)
def test_speakers(given: Any, right: int, resolved: int) -> None:
    tally = counts([REPORTED], [{**REPORTED, "speaker": given}], "reported")
    assert (tally.speakers, tally.spoken, tally.resolved, tally.named) == (right, 1, resolved, 1)


def test_a_speaker_whom_nobody_names_is_not_to_be_guessed() -> None:
    nobody: Mark = {**PARTIAL, "speaker": None}
    assert counts([nobody], [nobody], "quote").speakers == 1
    assert counts([nobody], [PARTIAL], "quote").speakers == 0


def test_thai_speakers_need_no_word_borders() -> None:
    assert same_speaker("นายธีรเดช", "ธีรเดช", "th")
    assert same_speaker("ธีรเดช", "ธีรเดช กล้าณรงค์ชัย", "th")
    assert not same_speaker("ธนบดี", "ธีรเดช กล้าณรงค์ชัย", "th")


def test_names_are_counted_by_person_and_by_string() -> None:
    short: Mark = {"kind": "name", "spans": [[SHORT, SHORT + 6]]}
    assert figures(counts([ALDANA, REKA, OSEI], [ALDANA, short, short], "name")) == (2, 2, 1, 2)
    assert figures(counts([ALDANA, REKA, OSEI], [short], "name")) == (1, 1, 0, 2)
    assert figures(counts([ALDANA], [mark("name", "Ines Aldana. “Not")], "name")) == (0, 1, 0, 1)
    assert figures(counts([OSEI], [mark("name", "Bram Osei"), mark("name", "Ferry Tales")], "name")) == (0, 1, 0, 0)


def test_roles_are_right_by_half_of_the_union() -> None:
    role = mark("role", "harbour master")
    assert figures(counts([role], [mark("role", "master")], "role")) == (0, 1, 0, 1)
    assert figures(counts([role], [mark("role", "said harbour master")], "role")) == (1, 1, 1, 1)


def test_tallies_add_up() -> None:
    both = counts([QUOTE], [QUOTE], "quote") + counts([PARTIAL], [], "quote")
    assert (both.precision, both.recall, both.speaker) == (1.0, 0.5, 1.0)
    assert Tally().precision is None


def test_the_answers_themselves_score_one() -> None:
    for article in articles("development"):
        proposals = [{key: value for key, value in answer.items() if key != "also"} for answer in article.answers]
        for kind, tally in score(article, proposals).items():
            shares = (tally.precision, tally.recall, tally.speaker, tally.who)
            assert {share for share in shares if share is not None} <= {1.0}, (article.slug, kind, tally.faults)
