"""Keeping what is typed into a card until it is saved."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from base.text.names import random_key
from desk.models import CardDraft
from directory.models import Source

MOST_BYTES = 200_000  # of one card
MOST_DRAFTS = 200  # of one curator; the oldest makes room
CLOSED = (
    ""  # the data of a card that is saved or dismissed: what was sent of it before and comes late is not kept again
)
NOT_KEPT = ("csrfmiddlewaretoken", "action")
_KEY = re.compile(r"[0-9a-z-]{8,40}")


def new_card_key() -> str:
    """Return the key of a card that is being opened."""
    return random_key(16)


def is_card_key(key: str) -> bool:
    """Whether a text can be the key of a card."""
    return _KEY.fullmatch(key) is not None


def drafts_of(user: Any, source: Source) -> QuerySet[CardDraft]:
    """Return the unsaved cards of a curator at a source, the newest first."""
    return CardDraft.objects.filter(user=user, source=source).exclude(data=CLOSED)


def keep_draft(user: User, source: Source, kind: str, key: str, data: QueryDict) -> CardDraft:
    """Keep what is typed into a card, in place of what was kept of it. Raises ValidationError if it is too long."""
    form = data.copy()
    for name in NOT_KEPT:
        form.pop(name, None)
    text = form.urlencode()
    if len(text) > MOST_BYTES:
        raise ValidationError(_("This card is too long to be kept. Save it, or make it shorter."), code="long")
    draft, is_new = CardDraft.objects.get_or_create(
        user=user, key=key, defaults={"source": source, "kind": kind, "data": text}
    )
    if is_new:
        _make_room(user)
    else:  # in one statement: the card may be closed at this moment by another request
        draft.source, draft.kind, draft.data, draft.updated_at = source, kind, text, timezone.now()
        values = {"source": source, "kind": kind, "data": text, "updated_at": draft.updated_at}
        CardDraft.objects.filter(pk=draft.pk).exclude(data=CLOSED).update(**values)
    return draft


def _make_room(user: Any) -> None:
    """Delete the oldest rows of a curator; open cards do not have to go for closed ones."""
    of_user = CardDraft.objects.filter(user=user)
    for rows in (of_user.exclude(data=CLOSED), of_user.filter(data=CLOSED)):
        CardDraft.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[MOST_DRAFTS:])).delete()


def forget_draft(user: Any, source: Source, kind: str, key: str) -> None:
    """Forget what was typed into a card: it is saved, or was dismissed. Its key is closed."""
    CardDraft.objects.update_or_create(user=user, key=key, defaults={"source": source, "kind": kind, "data": CLOSED})
    _make_room(user)
