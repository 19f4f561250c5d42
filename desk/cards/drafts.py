"""Keeping what is typed into a card until it is saved."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from base.text.names import random_key
from desk.models import CardDraft
from directory.models import Source

MOST_BYTES = 200_000  # of one card
MOST_DRAFTS = 200  # of one curator; the oldest makes room
NOT_KEPT = ("csrfmiddlewaretoken", "action")
_KEY = re.compile(r"[0-9a-z-]{8,40}")


def new_key() -> str:
    """Return the key of a card that is being opened."""
    return random_key(16)


def is_card_key(key: str) -> bool:
    """Whether a text can be the key of a card."""
    return _KEY.fullmatch(key) is not None


def drafts_of(user: Any, source: Source) -> QuerySet[CardDraft]:
    """Return the unsaved cards of a curator at a source, the newest first."""
    return CardDraft.objects.filter(user=user, source=source)


def keep_draft(user: User, source: Source, kind: str, key: str, data: QueryDict) -> CardDraft:
    """Keep what is typed into a card, in place of what was kept of it. Raises ValidationError if it is too long."""
    form = data.copy()
    for name in NOT_KEPT:
        form.pop(name, None)
    text = form.urlencode()
    if len(text) > MOST_BYTES:
        raise ValidationError(_("This card is too long to be kept. Save it, or make it shorter."), code="long")
    draft, is_new = CardDraft.objects.update_or_create(
        user=user, key=key, defaults={"source": source, "kind": kind, "data": text}
    )
    if is_new:
        of_user = CardDraft.objects.filter(user=user)
        for old in of_user[MOST_DRAFTS:]:
            old.delete()
    return draft


def forget_draft(user: Any, key: str) -> None:
    """Forget what was typed into a card: it is saved, or was dismissed."""
    CardDraft.objects.filter(user=user, key=key).delete()
