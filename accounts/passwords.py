"""What a password must not be, beside what Django's own validators refuse."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from base.text.names import fold

SHORTEST_NAME = 3  # a shorter one stands in too many words
FEWEST_CHARACTERS = 6  # different ones


def _squeezed(text: str) -> str:
    """Return the letters and digits of a text, folded, so that `Rel-1` and `rel1` are one."""
    return "".join(c for c in fold(text) if c.isalnum())


class NameNotInside:
    """Refuses a password that holds a name of its account or the e-mail address, forwards or backwards, in any case."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if a name of the account is part of the password."""
        address = getattr(user, "email", "") or ""
        names = [getattr(user, name, "") or "" for name in ("username", "first_name", "last_name")]
        parts = {_squeezed(name) for name in [*names, address.partition("@")[0]]}
        squeezed = _squeezed(password)
        if any(part in squeezed or part[::-1] in squeezed for part in parts if len(part) >= SHORTEST_NAME):
            raise ValidationError(_("The password holds the name of the account."), code="password_holds_name")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("Your password can’t hold your name or e-mail address.")


class EnoughCharacters:
    """Refuses a password that repeats a few characters or a short piece."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Raise ValidationError if the password is made of too few different characters, or is one piece several times."""
        if (password + password).find(password, 1) < len(password):
            raise ValidationError(_("The password is a shorter one, repeated."), code="password_repeats")
        if len(set(password.casefold())) < FEWEST_CHARACTERS:
            raise ValidationError(
                _("The password is made of too few different characters; %(least)d are needed."),
                code="password_repeats",
                params={"least": FEWEST_CHARACTERS},
            )

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("Your password must have at least %(least)d different characters.") % {"least": FEWEST_CHARACTERS}
