"""The tables of this app, where Django looks for them."""

from base.changes.models import Change, ContentVersion, FeedState, KnownRecord, OpenWrite, TouchedRow
from base.records.change_sets import ChangeSet, RecordTime
from base.records.form_drafts import FormDraft
from base.records.refill import SearchRules
from base.records.submissions import Submission, SubmittedRow
from base.records.withdrawals import Withdrawal, WithdrawnRow

__all__ = [
    "Change",
    "ChangeSet",
    "ContentVersion",
    "FeedState",
    "FormDraft",
    "KnownRecord",
    "OpenWrite",
    "RecordTime",
    "SearchRules",
    "Submission",
    "SubmittedRow",
    "TouchedRow",
    "Withdrawal",
    "WithdrawnRow",
]
