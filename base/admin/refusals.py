"""What the database refuses, as sentences for the curator."""

from __future__ import annotations

from itertools import islice

from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.db import DataError, IntegrityError
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

# What a database says of rows that somebody else changes at the same time, or of values that it cannot hold.
DATABASE_REFUSALS = (
    IntegrityError,
    DataError,
    ObjectDoesNotExist,
    MultipleObjectsReturned,
)  # deletions refused are IntegrityErrors


def sentence_of_refusal(error: Exception) -> str:
    """Return what the database or the guard refused as a sentence for the curator."""
    if isinstance(error, ProtectedError):
        rows = ", ".join(f"“{row}”" for row in islice(error.protected_objects, 5))
        return _("It cannot be deleted because other rows rest on it: %s") % rows
    if isinstance(error, ObjectDoesNotExist | MultipleObjectsReturned):
        return _(
            "Somebody else has just deleted or changed a row that this needs. Nothing was saved; look and try again."
        )
    if isinstance(error, DataError):
        return _("The database cannot keep one of these values: a number or a text is too long. Nothing was saved.")
    if isinstance(error, IntegrityError):
        return _(
            "Somebody else has just saved something that this collides with. Nothing was saved; look and try again."
        )
    return str(error)
