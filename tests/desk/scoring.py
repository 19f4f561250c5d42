"""How the desk's proposals are scored against the answer sheets; `scripts/score_proposals` prints the figures.

- Direct quote: right if all its segments are the answer's, each edge within 2 code points. Where a sentence or a
  paragraph ends between two segments (`may_split`), consecutive segments may be proposed as quotes of their own; the
  answer counts as found once all its segments are proposed.
- Reported speech: right if it shares at least half of the union of both with the clause; or if it covers four fifths
  of the clause, stays in its paragraph, and the clause is at least two fifths of it (the whole sentence with its cue).
  A clause around a short quoted part (the quote is less than half of it) counts neither way.
- Direct speech without any mark may be proposed as reported speech or as a quote.
- Speaker, over the quotes and clauses that were found: right if the words are those beside the cue or the name of whom
  they mean, or a part of one on word borders, or one with up to 40 code points of titles around it. A proposal that
  says `who` is judged by that where the answer names somebody. "Resolved" is the share of named speakers for whom the
  proposal gives the name itself, not the pronoun or title.
- Name: measured over distinct strings. Right if it is a listed mention of a person, letter for letter; a person counts
  as found if the fullest form is proposed.
- Role, organization, event, initiative, date: distinct strings; right if it is a listed mention or shares half of the
  union with one. No goals: the sheets list these at their first mention and less strictly.
- A second proposal for the same answer is wrong. Optional answers count neither way.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from tests.desk.sheets import Article, Mark, Span, Speaker

KINDS = ("quote", "reported", "name", "role", "organization", "event", "initiative", "date")
GOALS = {"quote": (0.95, 0.90, 0.90), "reported": (0.80, 0.75, 0.85), "name": (0.90, 0.85, None)}
EDGE = 2
TITLES = 40

Propose = Callable[[str, str], Sequence[Mark]]


@dataclass
class Tally:
    """Counts of one kind; they add up over articles."""

    proposed: int = 0
    right: int = 0
    expected: int = 0
    found: int = 0
    spoken: int = 0
    speakers: int = 0
    named: int = 0
    resolved: int = 0
    faults: list[str] = field(default_factory=list)

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def precision(self) -> float | None:
        return self.right / self.proposed if self.proposed else None

    @property
    def recall(self) -> float | None:
        return self.found / self.expected if self.expected else None

    @property
    def speaker(self) -> float | None:
        return self.speakers / self.spoken if self.spoken else None

    @property
    def who(self) -> float | None:
        return self.resolved / self.named if self.named else None


def spans_of(mark: Mark) -> list[Span]:
    """Return the spans of a proposal or an answer as pairs, in the order of the text."""
    return sorted((start, end) for start, end in mark["spans"])


def characters(spans: Iterable[Span]) -> set[int]:
    """Return the offsets that the spans cover."""
    return {offset for start, end in spans for offset in range(start, end)}


def overlap(one: Iterable[Span], other: Iterable[Span]) -> float:
    """Return the share of the union that both cover, from 0 to 1."""
    first, second = characters(one), characters(other)
    return len(first & second) / len(first | second) if first | second else 0.0


def same_spans(one: list[Span], other: list[Span]) -> bool:
    """Say whether both have the same segments, each edge within 2 code points."""
    return len(one) == len(other) and all(
        abs(a - c) <= EDGE and abs(b - d) <= EDGE for (a, b), (c, d) in zip(one, other, strict=True)
    )


def segments_hit(proposal: Mark, answer: Mark) -> set[int]:
    """Return which segments of the quote are proposed, by their place; empty if the proposal is not right."""
    given, wanted = spans_of(proposal), spans_of(answer)
    if same_spans(given, wanted):
        return set(range(len(wanted)))
    if answer.get("may_split"):
        for first in range(len(wanted) - len(given) + 1):
            if same_spans(given, wanted[first : first + len(given)]):
                return set(range(first, first + len(given)))
    return set()


def reported_right(proposal: Mark, answer: Mark, text: str) -> bool:
    """Say whether the proposal is the reported clause, or the sentence that holds it."""
    given, wanted = spans_of(proposal), spans_of(answer)
    if overlap(given, wanted) >= 0.5:
        return True
    inside, clause = characters(given), characters(wanted)
    if "\n" in text[min(inside) : max(inside) + 1]:
        return False
    return len(inside & clause) >= 0.8 * len(clause) and len(clause) >= 0.4 * len(inside)


def surrounds_quote(proposal: Mark, article: Article) -> bool:
    """Say whether reported speech is proposed around a short quoted part of it."""
    inside = characters(spans_of(proposal))
    quotes = [characters(spans_of(answer)) for answer in article.answers if answer["kind"] == "quote"]
    held = [quote for quote in quotes if quote <= inside]
    return proposal["kind"] == "reported" and len(held) == 1 and len(held[0]) < 0.5 * len(inside)


def within(part: str, whole: str, language: str) -> bool:
    """Say whether one text is in the other on word borders (Thai has none)."""
    at = whole.find(part) if part else -1
    while at >= 0:
        end = at + len(part)
        if language == "th" or not (whole[at - 1 : at].isalnum() or whole[end : end + 1].isalnum()):
            return True
        at = whole.find(part, at + 1)
    return False


def same_speaker(given: str, wanted: str, language: str) -> bool:
    """Say whether two texts name the same speaker: equal, a part on word borders, or with titles around."""
    given, wanted = given.strip().casefold(), wanted.strip().casefold()
    if given == wanted or (len(given) > 1 and within(given, wanted, language)):
        return True
    extra = given.replace(wanted, "", 1)
    return within(wanted, given, language) and len(extra) <= TITLES and not set(extra) & set(';:\n“”"«»')


def speaker_right(given: Speaker | None, wanted: Speaker | None, language: str) -> bool:
    """Say whether the proposal's speaker is the answer's."""
    if not given or not wanted:
        return not given and not wanted
    if given.get("who") and wanted.get("who"):
        return same_speaker(given["who"], wanted["who"], language)
    return any(same_speaker(given["text"], text, language) for text in (wanted["text"], wanted.get("who")) if text)


def resolved(given: Speaker | None, wanted: Speaker, language: str) -> bool:
    """Say whether the proposal gives the name of the speaker."""
    text = given and (given.get("who") or given["text"])
    return bool(text) and same_speaker(text, wanted["who"], language)


def speech(article: Article, proposals: Sequence[Mark], kind: str) -> Tally:
    """Score the quotes or the reported clauses of one article."""
    tally = Tally()
    hits: list[set[int]] = [set() for _ in article.answers]
    speakers: list[list[Speaker | None]] = [[] for _ in article.answers]

    def parts(proposal: Mark, answer: Mark) -> set[int]:
        if answer["kind"] == "quote" and proposal["kind"] == "quote":
            return segments_hit(proposal, answer)
        loose = answer["kind"] == "reported" and (proposal["kind"] == "reported" or answer.get("may_be_quote"))
        return set(range(len(answer["spans"]))) if loose and reported_right(proposal, answer, article.text) else set()

    for proposal in proposals:
        if proposal["kind"] not in ("quote", "reported"):
            continue
        matches = [(number, parts(proposal, answer)) for number, answer in enumerate(article.answers)]
        # A clause may lie inside an optional one: what is asked for comes first.
        matches = sorted((m for m in matches if m[1]), key=lambda m: bool(article.answers[m[0]].get("optional")))
        fresh = next(((number, hit) for number, hit in matches if not hit & hits[number]), None)
        if fresh:
            hits[fresh[0]] |= fresh[1]
            speakers[fresh[0]].append(proposal.get("speaker"))
        elif not matches and surrounds_quote(proposal, article):
            continue
        answer = article.answers[fresh[0]] if fresh else None
        if proposal["kind"] != kind or (answer and (answer.get("optional") or answer["kind"] != kind)):
            continue
        tally.proposed += 1
        tally.right += answer is not None
        if answer is None:
            tally.faults.append(f"wrong: {slices(article, proposal)}")
    for number, answer in enumerate(article.answers):
        if answer["kind"] != kind or answer.get("optional"):
            continue
        tally.expected += 1
        if len(hits[number]) < len(answer["spans"]):
            tally.faults.append(f"missing: {slices(article, answer)}")
            continue
        tally.found += 1
        wanted = answer.get("speaker")
        tally.spoken += 1
        good = all(speaker_right(given, wanted, article.language) for given in speakers[number])
        tally.speakers += good
        if not good:
            tally.faults.append(f"speaker {[given and given['text'] for given in speakers[number]]}, right is {wanted}")
        if wanted and wanted.get("who"):
            tally.named += 1
            tally.resolved += all(resolved(given, wanted, article.language) for given in speakers[number])
    return tally


def things(article: Article, proposals: Sequence[Mark], kind: str) -> Tally:
    """Score names, roles, bodies, events, initiatives or dates of one article, over distinct strings."""
    tally = Tally()
    answers = [answer for answer in article.answers if answer["kind"] == kind]
    fullest = [slices(article, answer) for answer in answers]
    mentions = [
        {text, *(article.text[a:b] for a, b in answer.get("also", []))}
        for text, answer in zip(fullest, answers, strict=True)
    ]
    found = set()
    distinct: dict[str, list[Span]] = {}
    for proposal in proposals:
        if proposal["kind"] == kind:
            distinct.setdefault(slices(article, proposal), []).extend(spans_of(proposal))
    for text, spans in distinct.items():
        matches = [number for number, known in enumerate(mentions) if text in known]
        if not matches and kind != "name":
            matches = [
                number
                for number, answer in enumerate(answers)
                if any(
                    overlap([one], [(a, b)]) >= 0.5
                    for one in spans
                    for a, b in [*answer["spans"], *answer.get("also", [])]
                )
            ]
        if kind == "name":
            found |= {number for number in matches if text == fullest[number]}
        else:
            found |= set(matches)
        if matches and all(answers[number].get("optional") for number in matches):
            continue
        tally.proposed += 1
        tally.right += bool(matches)
        if not matches:
            tally.faults.append(f"wrong: {text}")
    for number, answer in enumerate(answers):
        if not answer.get("optional"):
            tally.expected += 1
            tally.found += number in found
            if number not in found:
                tally.faults.append(f"missing: {fullest[number]}")
    return tally


def slices(article: Article, mark: Mark) -> str:
    """Return the words of a mark as the article has them."""
    return " … ".join(article.text[start:end] for start, end in spans_of(mark))


def score(article: Article, proposals: Sequence[Mark]) -> dict[str, Tally]:
    """Return the counts of one article by kind."""
    return {
        kind: speech(article, proposals, kind) if kind in ("quote", "reported") else things(article, proposals, kind)
        for kind in KINDS
    }
