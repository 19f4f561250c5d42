"""The cards of the desk: one for each letter that a curator presses after selecting words.

`CARDS` lists them in the order of the toolbar; `desk/cards/base.py` says what a card is and how to add one.
"""

from __future__ import annotations

from .base import Card
from .statements import QuoteCard, ReportedCard

_ALL: tuple[type[Card], ...] = (QuoteCard, ReportedCard)
CARDS: dict[str, type[Card]] = {card.kind: card for card in _ALL}
