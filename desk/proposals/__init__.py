"""Proposals: what an article may hold for the record, found by rules that a curator can read (`rules/*.toml`).

`propose` is the way in. It needs no network and no trained model, gives the same answer every time, and writes nothing.
"""

from .engine import UnknownLanguage, propose
from .known_names import KnownName, KnownNames
from .proposal import Proposal, Speaker
from .rules import RulesFault

__all__ = ["KnownName", "KnownNames", "Proposal", "RulesFault", "Speaker", "UnknownLanguage", "propose"]
