"""The tables of this app, where Django looks for them."""

from base.changes.models import Change, ContentVersion, FeedState, KnownRecord, OpenWrite, TouchedRow
from base.records.withdrawals import Withdrawal, WithdrawnRow

__all__ = [
    "Change",
    "ContentVersion",
    "FeedState",
    "KnownRecord",
    "OpenWrite",
    "TouchedRow",
    "Withdrawal",
    "WithdrawnRow",
]
