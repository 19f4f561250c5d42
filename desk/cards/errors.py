"""What a card answers where it cannot be saved: a status and sentences, never a failure."""

from __future__ import annotations

from django.core.exceptions import ValidationError

from base.admin import ChangeRefused

CHANGED = ("changed", "double")  # codes of what happened meanwhile: the answer is 409


def sentences_of(error: Exception) -> list[str]:
    """Return a refusal as sentences for the curator."""
    if isinstance(error, ChangeRefused):
        return error.reasons
    return list(error.messages) if isinstance(error, ValidationError) else [str(error)]


def status_of(error: Exception) -> int:
    """Return 409 for what changed since the card was opened, 422 for everything else."""
    errors = error.error_list if isinstance(error, ValidationError) and hasattr(error, "error_list") else []
    return 409 if any(each.code in CHANGED for each in errors) else 422
