"""What the desk itself remembers. Records are in `directory` and `events`."""

from .card_drafts import CardDraft
from .different_records import DifferentRecords
from .dismissed_proposals import DismissedProposal

__all__ = ["CardDraft", "DifferentRecords", "DismissedProposal"]
