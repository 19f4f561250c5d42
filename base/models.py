"""The tables of this app, where Django looks for them."""

from base.changes.models import Change, ContentVersion, FeedState, KnownRecord, OpenWrite, TouchedRow

__all__ = ["Change", "ContentVersion", "FeedState", "KnownRecord", "OpenWrite", "TouchedRow"]
