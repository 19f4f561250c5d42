"""What is proposed of an article and waits for a curator: neither on record yet nor dismissed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from base.records.provenance import sha256_of
from desk.models import DismissedProposal
from desk.proposals import KnownNames, Proposal
from desk.reading.known import known_names, names_in, proposals_of
from desk.reading.marks import CARD_OF, Spans
from desk.selections import digest_of_words
from directory.models import Passage, Source

DIGEST_LENGTH = 16
MOST_SHOWN = 200
MOST_PARAGRAPHS = 100  # of an article whose proposals are made by themselves; of a longer one somebody asks for them
# In a paragraph, who and what is named is settled before roles, and these before what was said: the later ones need the earlier.
ORDER = {"name": 0, "organization": 0, "initiative": 0, "event": 0, "role": 1}
SAID = ("quote", "reported", "role")  # on record once a passage holds their words; the others, once a name stands there
# What “accept” saves at once. What is said is opened as a card, because its translation or paraphrase is still to be typed.
SAVED_AT_ONCE = ("name", "organization", "initiative", "event", "role")


@dataclass(frozen=True)
class OpenProposal:
    """A proposal as the page shows it."""

    proposal: Proposal
    digest: str  # what stands for it in a form
    paragraph: int
    speaker_is_known: bool = False  # whether the speaker is on record

    @property
    def card(self) -> str:
        """The kind of card that records it."""
        return CARD_OF[self.proposal.kind]

    @property
    def label(self) -> str:
        """What is proposed, for curators."""
        return {
            "quote": _("Quote"),
            "reported": _("Reported speech"),
            "name": _("Person"),
            "organization": _("Organization"),
            "initiative": _("Initiative"),
            "event": _("Event"),
            "role": _("Role"),
        }[self.proposal.kind]

    @property
    def is_said(self) -> bool:
        """Whether it is a quote, so that its words are shown in quotation marks."""
        return self.proposal.kind == "quote"

    @property
    def is_saved_at_once(self) -> bool:
        """Whether accepting it saves the card as it is filled in."""
        return self.proposal.kind in SAVED_AT_ONCE

    @property
    def speaker(self) -> str:
        """Who speaks, as the article says; empty for what is not said, or said by nobody named."""
        speaker = self.proposal.speaker
        return (speaker.who or speaker.text) if speaker is not None else ""

    def address(self, source: Source) -> str:
        """Return the address of its card, with the selections and without a word of the text."""
        spans = self.proposal.spans
        query = [("start", start) for start, _end in spans] + [("end", end) for _start, end in spans]
        digests = [("digest", digest_of_words(source.text[start:end])) for start, end in spans]
        return f"{reverse('admin:desk_card', args=[source.slug, self.card])}?{urlencode([*query, *digests])}"


def digest_of_proposal(proposal: Proposal) -> str:
    """Return what stands for a proposal: another one if the text moved or changed there."""
    return sha256_of(f"{proposal.kind}\n{proposal.spans}\n{proposal.text}")[:DIGEST_LENGTH]


def dismissed_digests(source: Source) -> set[str]:
    """Return what stands for the proposals that were dismissed at a source. One query."""
    return set(DismissedProposal.objects.filter(source=source).values_list("digest", flat=True))


def without_dismissed(source: Source, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals that nobody dismissed. One query.

    Words that are a quote are nothing else too: “called the plan ‘late, and still welcome’” names no plan.
    """
    dismissed, some = dismissed_digests(source), list(proposals)
    quotes = {proposal.spans for proposal in some if proposal.kind == "quote"}
    return [
        proposal
        for proposal in some
        if (proposal.kind == "quote" or proposal.spans not in quotes) and digest_of_proposal(proposal) not in dismissed
    ]


def open_proposals(source: Source) -> list[OpenProposal]:
    """Return what waits for a curator, paragraph by paragraph, names first. Three queries, beside those of `proposals_of`."""
    if not source.text:
        return []
    said = Spans(Passage._base_manager.filter(source=source).order_by("start").values_list("start", "end"))
    names = known_names()
    named = Spans([(found.start, found.end) for found in names_in(source)])
    waiting = []
    for proposal in sorted(without_dismissed(source, proposals_of(source)), key=lambda each: each.spans[0]):
        if proposal.kind not in CARD_OF or proposal.record is not None:
            continue
        on_record = (
            all(said.hold(*span) for span in proposal.spans)
            if proposal.kind in SAID
            else any(named.touch(*span) for span in proposal.spans)
        )
        paragraph = source.paragraph_of(*proposal.spans[0])
        if not on_record and paragraph is not None:
            known = _is_on_record(proposal, names)
            waiting.append(OpenProposal(proposal, digest_of_proposal(proposal), paragraph, known))
    return sorted(waiting, key=lambda each: (each.paragraph, ORDER.get(each.proposal.kind, 2)))


def dismissed_proposals(source: Source) -> list[OpenProposal]:
    """Return what was dismissed and would be proposed still, in the order of the text. One query, beside `proposals_of`."""
    dismissed = dismissed_digests(source)
    some = [each for each in proposals_of(source) if digest_of_proposal(each) in dismissed] if dismissed else []
    placed = [(each, source.paragraph_of(*each.spans[0])) for each in sorted(some, key=lambda each: each.spans[0])]
    return [OpenProposal(each, digest_of_proposal(each), number) for each, number in placed if number is not None]


def _is_on_record(proposal: Proposal, names: KnownNames) -> bool:
    """Whether the speaker of a proposal is on record, by the name that the article gives elsewhere too."""
    speaker = proposal.speaker
    if speaker is None:
        return False
    name = speaker.who or speaker.text
    return speaker.record is not None or any((found.start, found.end) == (0, len(name)) for found in names.find(name))
