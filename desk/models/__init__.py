"""The tables of the desk: work that is not done yet, and what helps to do it. Readers see none of it."""

from desk.models.card_drafts import CardDraft
from desk.models.different_records import DifferentRecords
from desk.models.dismissed_proposals import DismissedProposal
from desk.models.intake import ArticleLayout, ShingleSample, TextDraft, TextShingle
from desk.models.read_paragraphs import ReadParagraph
from desk.models.settled_doubts import DoubtAnswer, SettledDoubt

__all__ = [
    "ArticleLayout",
    "CardDraft",
    "DifferentRecords",
    "DismissedProposal",
    "DoubtAnswer",
    "ReadParagraph",
    "SettledDoubt",
    "ShingleSample",
    "TextDraft",
    "TextShingle",
]
