"""What the desk itself remembers. Records are in `directory` and `events`."""

from .card_drafts import CardDraft

__all__ = ["CardDraft"]
