"""The invented articles by which the desk's proposals are judged, with their answer sheets.

`articles/<set>/<language>/<slug>.txt` is an article, one paragraph a line; the `.json` beside it says what a careful
curator would mark. The set `development` may be read while the rules are written; `test` is only for measuring.
Offsets are code points over the whole file, end exclusive, quotation marks outside.

An answer has a `kind`, its `spans` and their `text`, and where it applies:

- `speaker`: `text` and `span` of the words beside the cue (a name, a pronoun, a title; the span is null where the
  speaker is known from context alone) and `who`, the full name of the person or body. Null: the text names nobody.
- `also`: other mentions of the same name. The name itself is the fullest form, without courtesy titles.
- `of`: whose role it is.
- `optional`: neither asked for nor wrong, because curators may differ.
- `may_split`: a sentence or a paragraph ends between the segments, so they may be separate quotes too.
- `unmarked`: a direct quote set off by a dash or the label of an interview, not by quotation marks.
- `may_be_quote`: direct speech without any mark; it may be proposed as reported speech or as a quote.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NotRequired, TypedDict

FOLDER = Path(__file__).parent / "articles"
SETS = ("development", "test")
LANGUAGES = ("en", "th", "vi")

Span = tuple[int, int]


class Speaker(TypedDict):
    """The words beside the cue and whom they mean."""

    text: str
    span: NotRequired[list[int] | None]
    who: NotRequired[str]


class Mark(TypedDict):
    """A proposal or an answer; a proposal has only the first four keys and some of its own."""

    kind: str
    spans: list[list[int]]
    text: NotRequired[str]
    speaker: NotRequired[Speaker | None]
    also: NotRequired[list[list[int]]]
    of: NotRequired[str]
    optional: NotRequired[bool]
    may_split: NotRequired[bool]
    unmarked: NotRequired[bool]
    may_be_quote: NotRequired[bool]


@dataclass(frozen=True)
class Article:
    """An article with its answers."""

    part: str
    language: str
    slug: str
    style: str
    text: str
    answers: tuple[Mark, ...]


def articles(part: str | None = None, language: str | None = None) -> Iterator[Article]:
    """Yield the articles of one set and language, or of all, in the order of their paths."""
    for path in sorted(FOLDER.glob("*/*/*.json")):
        if part not in (None, path.parts[-3]) or language not in (None, path.parts[-2]):
            continue
        sheet = json.loads(path.read_text(encoding="utf-8"))
        yield Article(
            part=path.parts[-3],
            language=sheet["language"],
            slug=path.stem,
            style=sheet["style"],
            text=path.with_suffix(".txt").read_text(encoding="utf-8"),
            answers=tuple(sheet["proposals"]),
        )
