"""What can be guessed of a statement from the text and from what is on record of this source, each with its reason."""

from __future__ import annotations

import re
from collections import Counter

from django.utils.translation import gettext as _

from base.records.publishing import Status
from desk.proposals import Proposal
from desk.reading.known import known_names, known_topics, proposals_of
from desk.selections import Selection
from directory.models import Affiliation, Organization, Person, Source, Topic
from events.models import Event, EventName, EventOrganization, Participation, Statement
from events.models.statements import Attribution

from .base import Guess

SPEAKERS: dict[str, type[Person] | type[Organization]] = {"person": Person, "organization": Organization}
MOST_TOPICS = 4
NEAR = 60  # characters between a speaker and the word that says that they speak
SHOWN = 50  # characters of the text in a reason
_TITLES = (
    r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lady|Lord)\.? ",
    r"\b(?:ông|bà|anh|chị|cô|ts\.?|gs\.?) ",
    r"(?:คุณ|นางสาว|นาง|นาย|ดร\.) ?",
)
_TITLE = re.compile(f"(?:{'|'.join(_TITLES)})$", re.IGNORECASE)


class StatementGuesses:
    """Guesses for the card of one selection. About ten queries, and the names on record out of memory."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection
        self.source = selection.source
        self.proposal = self._proposal()
        self.before = self._statement_before()

    def all(self) -> dict[str, Guess]:
        """Return the guesses by the name of the field."""
        guesses = {"attribution": Guess(Attribution.EXPLICIT)}
        guesses |= self.speaker()
        speaker = guesses["speaker"].value if "speaker" in guesses else None
        if isinstance(speaker, Person) and (role := role_of(self.source, speaker, self.selection.paragraph)):
            guesses["role_at_time"] = role
        if event := self.event():
            guesses["event"] = event
        if topics := self.topics():
            guesses["about"] = topics
        return guesses

    # Who speaks -------------------------------------------------------------------------------------------------------------
    def speaker(self) -> dict[str, Guess]:
        """Return who speaks, and how the source says so: the speaker of the sentence, the nearest name, who spoke before."""
        if self.proposal is not None and self.proposal.speaker is not None:
            return self._speaker_of_proposal(self.proposal)
        return self._nearest_name() or self._speaker_before()

    def _proposal(self) -> Proposal | None:
        """Return what the rules propose of the selected words: the quote or reported speech that they have the most of."""
        start, end = self.selection.start, self.selection.end
        shared = [
            (sum(max(0, min(end, b) - max(start, a)) for a, b in proposal.spans), proposal)
            for proposal in proposals_of(self.source)
            if proposal.kind in ("quote", "reported") and proposal.spans[0][0] < end and start < proposal.spans[-1][1]
        ]
        best = max(shared, key=lambda pair: pair[0], default=(0, None))
        return best[1] if best[0] else None

    def _speaker_of_proposal(self, proposal: Proposal) -> dict[str, Guess]:
        speaker = proposal.speaker
        assert speaker is not None
        text, clause = speaker.text, speaker.text
        if speaker.span is not None:
            text = with_title(self.source.text, *speaker.span)
            clause = self._clause(speaker.span, proposal.cue)
        reference = speaker.record
        record = (
            self._record(reference["kind"], reference["id"]) if reference else self._record_called(speaker.who or text)
        )
        named = (bool(speaker.who) and (speaker.who or "").split()[-1] in text) or text == speaker.who
        guesses = {"attribution": Guess(Attribution.EXPLICIT if named else Attribution.ANAPHORIC)}
        guesses["attribution_text"] = Guess(text[:200])
        if record is not None:
            guesses["speaker"] = Guess(record, _("guessed: “%s”") % clause)
        else:
            name = speaker.who or text
            guesses["speaker"] = Guess(None, _("“%s” speaks, and is not on record yet.") % name[:SHOWN])
        return guesses

    def _clause(self, span: tuple[int, int], cue: str) -> str:
        """Return the words of the text that say who speaks: “Ms Aldana said”."""
        start, end = span[0] - self._title_length(span[0]), span[1]
        text = self.source.text
        if cue:
            after, before = text.find(cue, end, end + NEAR), text.rfind(cue, max(0, start - NEAR), start)
            if after >= 0 and "\n" not in text[end:after]:
                end = after + len(cue)
            elif before >= 0 and "\n" not in text[before:start]:
                start = before
        return text[start:end] if end - start <= SHOWN * 2 else f"{text[start : start + SHOWN]}…"

    def _title_length(self, start: int) -> int:
        match = _TITLE.search(self.source.text[max(0, start - 12) : start])
        return len(match[0]) if match else 0

    def _nearest_name(self) -> dict[str, Guess]:
        """Return the person whose name stands nearest to the selected words in their paragraph; a body if it names nobody."""
        begin, _length = self.source.paragraphs[self.selection.paragraph - 1]
        start, end = self.selection.start - begin, self.selection.end - begin
        found = [
            (name.records[0].kind != "person", max(start - name.end, name.start - end), name)
            for name in known_names().find(self.selection.paragraph_text)
            if (name.end <= start or name.start >= end) and name.records[0].kind in SPEAKERS
        ]
        if not found:
            return {}
        _is_body, _distance, name = min(found, key=lambda each: each[:2])
        record = self._record(name.records[0].kind, name.records[0].id)
        if record is None:
            return {}
        text = with_title(self.source.text, begin + name.start, begin + name.end)
        reason = _("guessed: “%s” stands nearest") % text[:SHOWN]
        return {"speaker": Guess(record, reason), "attribution_text": Guess(text[:200])}

    def _speaker_before(self) -> dict[str, Guess]:
        """Return who speaks in the last statement of this source before these words."""
        if self.before is None or not (self.before.speaker or self.before.speaker_organization):
            return {}
        reason = _("as in the statement before")
        return {
            "speaker": Guess(self.before.speaker or self.before.speaker_organization, reason),
            "attribution": Guess(Attribution.CONTEXTUAL, reason),
        }

    def _statement_before(self) -> Statement | None:
        rows = Statement._base_manager.filter(passages__source=self.source, passages__start__lt=self.selection.start)
        rows = rows.exclude(status=Status.WITHDRAWN).select_related("speaker", "speaker_organization")
        return rows.order_by("-passages__start", "-pk").first()

    def _record(self, kind: str, slug: str) -> Person | Organization | None:
        model = SPEAKERS.get(kind)
        if model is None:
            return None
        return model._base_manager.filter(slug=slug).exclude(status=Status.WITHDRAWN).first()

    def _record_called(self, name: str) -> Person | Organization | None:
        """Return the person or body that goes by exactly this name; None if none does."""
        for found in known_names().find(name):
            if (found.start, found.end) == (0, len(name)):
                return self._record(found.records[0].kind, found.records[0].id)
        return None

    # Where, and about what ------------------------------------------------------------------------------------------------------
    def event(self) -> Guess | None:
        """Return the event that this source speaks of most. Four queries, and one for the event."""
        counts: Counter[int] = Counter()
        for model in (Statement, Participation, EventOrganization, EventName):
            rows = model._base_manager.filter(passages__source=self.source, event__isnull=False)
            counts.update(rows.exclude(status=Status.WITHDRAWN).values_list("event", flat=True))
        for key, _count in counts.most_common(3):
            event = Event._base_manager.filter(pk=key).exclude(status=Status.WITHDRAWN).first()
            if event is not None:
                return Guess(event, _("the event of this article"))
        return None

    def topics(self) -> Guess | None:
        """Return the topics whose names occur in the selected words, then those of their paragraph."""
        words: dict[str, str] = {}
        for text in (self.selection.words, self.selection.paragraph_text):
            for found in known_topics().find(text):
                words.setdefault(found.records[0].id, text[found.start : found.end])
        slugs = list(words)[:MOST_TOPICS]
        topics = {topic.slug: topic for topic in Topic._base_manager.filter(slug__in=slugs)} if slugs else {}
        chosen = [topics[slug] for slug in slugs if slug in topics]
        if not chosen:
            return None
        return Guess(chosen, _("suggested: %s") % ", ".join(f"“{words[topic.slug]}”" for topic in chosen))


def with_title(text: str, start: int, end: int) -> str:
    """Return the words of a text with the title before them: “Ms Aldana”."""
    match = _TITLE.search(text[max(0, start - 12) : start])
    return text[start - len(match[0]) : end] if match else text[start:end]


def role_of(source: Source, person: Person, paragraph: int) -> Guess | None:
    """Return the role that this source gives a person, nearest before a paragraph if it can be. Three queries at most."""
    rows = Affiliation._base_manager.filter(person=person, passages__source=source).exclude(status=Status.WITHDRAWN)
    roles = [
        (place, f"{role}, {body}" if body else role)
        for role, body, place in rows.values_list("role", "organization__name", "passages__paragraph")
    ]
    if roles:
        place, text = min(roles, key=lambda role: (role[0] > paragraph, abs(role[0] - paragraph)))
        return Guess(text[:200], f"¶{place}")
    said = Statement._base_manager.filter(speaker=person, passages__source=source).exclude(role_at_time="")
    if row := said.order_by("-pk").values_list("role_at_time", "passages__paragraph").first():
        return Guess(row[0], _("as in the statement of ¶%s") % row[1])
    if source.language.split("-")[0] == "en":
        for proposal in proposals_of(source):
            if proposal.kind == "role" and proposal.of == person.name:
                return Guess(proposal.text[:200], f"¶{source.paragraph_of(*proposal.spans[0])}")
    return None
