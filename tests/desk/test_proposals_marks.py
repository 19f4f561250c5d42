"""What stands between quotation marks, and texts that were made to break a program."""

import sys
from types import FrameType

import pytest

from desk.proposals import propose
from desk.proposals.article import Article
from desk.proposals.rules import LANGUAGES

QUOTED = [
    ("He said “a b” and ”c”.", ["a b"]),
    ("„a“ «b» „c” 「d」 『e』 ‹f›", ["a", "b", "c", "d", "e", "f"]),
    ('"a" and "b"', ["a", "b"]),
    ("“a ‘b’ c”", ["a ‘b’ c"]),
    ("‘a “b” c’", ["a “b” c"]),
    ("«a „b“ c»", ["a „b“ c"]),
    ("it’s ‘the dogs’ bowls,’ he said", ["the dogs’ bowls,"]),
    ("'tis 'a b', the '90s, rock 'n' roll", ["a b"]),
    ("ว่า“ก ข”นาย", ["ก ข"]),
    ('ว่า"ก ข"นาย', ["ก ข"]),
    ("“a\n“b\n“c”", ["a", "b", "c"]),
    ("“a\nb\nc”", ["a", "b", "c"]),
    ("“a\nb\n“c” d", ["a", "b", "c"]),
    ("“never closed\nnext “b”", ["b"]),
    ("‘never closed but “b”", ["b"]),
    ("“” \"\"", []),
    ("5'10\" and 6\"", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), QUOTED)
def test_quotation_marks(text: str, expected: list[str]) -> None:
    article = Article(text, "en")
    assert [article.text[one.start : one.end] for one in article.quotations] == expected
    assert len(article.covered) == len(text)


SIZE = 9_000
HOSTILE = {
    "one mark": '"' * SIZE,
    "opening marks": "“" * SIZE,
    "two kinds of opening marks": "“„«" * (SIZE // 3),
    "closing marks": "”" * SIZE,
    "apostrophes": "'" * SIZE,
    "single opening marks": "‘a " * (SIZE // 3),
    "letters": "a" * SIZE,
    "capitals": "A" * SIZE,
    "Thai letters": "ก" * SIZE,
    "dots": "." * SIZE,
    "blanks": " " * SIZE,
    "paragraphs": "\n" * SIZE,
    "verbs": "he said that " * (SIZE // 13),
    "names": "Ann Lee said, " * (SIZE // 14),
    "quotes": "“a,” said Ann Lee. " * (SIZE // 19),
    "sources": "according to theo " * (SIZE // 18),
    "Thai verbs": "เขากล่าวว่า “กขคงจฉชซกขคงจ” " * (SIZE // 30),
    "Thai titles": "นายกข คง " * (SIZE // 8),
    "bodies": "University of " * (SIZE // 14),
    "labels": "Q: b\n" * (SIZE // 5),
    "dashes": "- a, ông nói " * (SIZE // 13),
    "brackets": "(" * SIZE,
    "control characters": "\x00\x01\x1f\x7f" * (SIZE // 4),
    "directions": "\u202e\u200f“ab” " * (SIZE // 8),
    "half characters": "\ud800“a\udfff” " * (SIZE // 8),
    "covers": "\ue000\ue001\ue002" * (SIZE // 3),
    "beyond the first plane": "“😀𝒜,” said Ann Lee. " * (SIZE // 19),
    "empty": "",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_breaks_it(language: str, name: str) -> None:
    text = HOSTILE[name][:4_000]
    for proposal in propose(text, language):
        assert all(0 <= start < end <= len(text) for start, end in proposal.spans)
        assert list(proposal.spans) == sorted(proposal.spans)


def steps(text: str, language: str) -> int:
    """Return how many calls proposing takes: a measure of work that does not depend on the machine."""
    count = 0

    def note(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        propose(text, language)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_as_the_text(language: str, name: str) -> None:
    propose("", language)  # patterns are compiled once
    text = HOSTILE[name]
    third, whole = steps(text[: len(text) // 3], language), steps(text, language)
    assert whole <= 3.6 * third + 3_000


def test_spans_count_code_points_beyond_the_first_plane() -> None:
    text = "😀😀 “So be it, 𝒜,” said Ann Lee, a pilot."
    (quote,) = [one for one in propose(text, "en") if one.kind == "quote"]
    assert quote.text == text[slice(*quote.spans[0])] == "So be it, 𝒜,"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0c"])
def test_every_end_of_a_line_ends_a_paragraph(end: str) -> None:
    text = f"\ufeffAna Prell, a pilot, left.{end}“It is late,” she said."
    (quote,) = [one for one in propose(text, "en") if one.kind == "quote"]
    assert text[slice(*quote.spans[0])] == "It is late,"
    assert quote.speaker is not None
    assert quote.speaker.who == "Ana Prell"
