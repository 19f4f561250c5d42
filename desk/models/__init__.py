"""The tables of the desk: work that is not done yet, and what helps to do it. Readers see none of it."""

from desk.models.card_drafts import CardDraft
from desk.models.different_records import DifferentRecords
from desk.models.dismissed_proposals import DismissedProposal
from desk.models.intake import ArticleLayout, ShingleSample, TextDraft, TextShingle

__all__ = [
    "ArticleLayout",
    "CardDraft",
    "DifferentRecords",
    "DismissedProposal",
    "ShingleSample",
    "TextDraft",
    "TextShingle",
]
