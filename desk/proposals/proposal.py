"""What the desk proposes of an article: stretches of its text, each with a reason. A proposal is never a fact."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypedDict

Kind = Literal["quote", "reported", "name", "role", "organization", "event", "initiative", "date"]
Span = tuple[int, int]  # code points of the whole text from 0, end exclusive
GAP = " … "  # between the segments of a divided quote


class RecordReference(TypedDict):
    """A record that goes by the name in the text: its kind and its public id."""

    kind: str
    id: str


@dataclass(frozen=True)
class Speaker:
    """Who speaks, as the article says it beside the words: a name, a pronoun, a title or a group."""

    text: str
    span: Span | None  # where the article says so; None where it says so nowhere in particular
    who: str | None  # the longest name of the same person or body in the article; None where nobody is named
    record: RecordReference | None = None


@dataclass(frozen=True)
class Proposal:
    """A stretch of an article that may be worth a record, for a curator to accept, change or dismiss."""

    kind: Kind
    spans: tuple[Span, ...]  # one, or the ordered segments of a divided quote; quotation marks outside
    text: str  # the words of the spans, with “ … ” between segments
    reason: str  # a translated sentence for curators
    score: float  # 0 to 1: how sure the rules are, not a probability
    speaker: Speaker | None = None
    cue: str = ""  # the words that say that somebody speaks: “said”, “กล่าวว่า”
    record: RecordReference | None = None  # a name on record
    mentions: tuple[Span, ...] = field(default=())  # every place of the same name, the span among them
    of: str = ""  # whose role it is

    def as_document(self) -> dict[str, object]:
        """Return the proposal as JSON has it; members without a value are left out, `speaker` and `cue` never for what is said."""
        document: dict[str, object] = {
            "kind": self.kind,
            "spans": [list(span) for span in self.spans],
            "text": self.text,
        }
        if self.kind in ("quote", "reported"):
            speaker = self.speaker
            document["speaker"] = speaker and {
                "text": speaker.text,
                "span": speaker.span and list(speaker.span),
                "who": speaker.who,
                **({"record": speaker.record} if speaker.record else {}),
            }
            document["cue"] = self.cue
        if self.record:
            document["record"] = self.record
        if self.mentions:
            document["mentions"] = [list(span) for span in self.mentions]
        if self.of:
            document["of"] = self.of
        return {**document, "reason": self.reason, "score": round(self.score, 2)}
