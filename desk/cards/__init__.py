"""The cards of the desk: one for each letter that a curator presses after selecting words.

`CARDS` lists them in the order of the toolbar; `desk/cards/base.py` says what a card is and how to add one.
"""

from __future__ import annotations

from .base import Card
from .events import EventCard
from .names import NameCard, OrganizationCard
from .roles import RoleCard
from .statements import QuoteCard, ReportedCard

_ALL: tuple[type[Card], ...] = (QuoteCard, ReportedCard, NameCard, RoleCard, EventCard, OrganizationCard)
CARDS: dict[str, type[Card]] = {card.kind: card for card in _ALL}
