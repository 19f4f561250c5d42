"""Identities of records for programs that remember them: feeds, calendars, annotations.

They are made of the setting ID_AUTHORITY and the primary key, so neither a rename nor the host that was asked changes them.
"""

from __future__ import annotations

from django.conf import settings


def tag_uri(kind: str, key: int) -> str:
    """Return the identity of a record as a tag URI (RFC 4151): "tag:record.example,2026:statement/12"."""
    return f"tag:{settings.ID_AUTHORITY}:{kind}/{key}"


def calendar_uid(kind: str, key: int) -> str:
    """Return the identity of a record as the UID of a calendar entry (RFC 7986): "event-12@record.example"."""
    return f"{kind}-{key}@{settings.ID_AUTHORITY.partition(',')[0]}"
