"""Tags of languages (BCP 47): which are known, in the case in which they are kept, as fields of models and forms.

Case makes no difference in a tag, so each is kept in the case that BCP 47 recommends, and what is asked for is brought into it
before it is compared. A tag of the right shape that names no language (zz, xx-klingon) is refused wherever one is stored.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from langcodes import standardize_tag, tag_is_valid

LONGEST_TAG = 35  # characters
ANY_LANGUAGE = ("mul", "und", "mis", "zxx")  # several, unknown, without a tag of its own, none
_SHAPE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-[a-z0-9]{5,8})*")
# What the registry leaves to agreements between two parties, and what it calls unknown: they tell nobody which language it is.
_PRIVATE = re.compile(r"q[a-t][a-z](-.*)?|[a-z]{2,3}-(Qa[ab][a-z]|Zzzz)(-.*)?|.*-(AA|ZZ|Q[M-Z]|X[A-JL-Z])(-.*)?")


def standard_case(tag: str) -> str:
    """Return a language tag in the case that BCP 47 recommends: tags have none (TH is th, VI-LATN is vi-Latn)."""
    first, *others = tag.split("-")
    cases = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(cases.get(len(part), str.lower)(part) for part in others)])


@lru_cache(maxsize=4096)
def is_language(tag: str) -> bool:
    """Return whether a tag in standard case has the shape of one and every part of it is known."""
    return bool(_SHAPE.fullmatch(tag)) and len(tag) <= LONGEST_TAG and not _PRIVATE.fullmatch(tag) and tag_is_valid(tag)


def validate_language(tag: str) -> None:
    """Raise ValidationError for what is no tag in standard case, for one that names no language, and for `tha`, which is th."""
    if not _SHAPE.fullmatch(tag):
        raise ValidationError(_("Enter a BCP 47 language tag such as th, vi, en or vi-Latn."), code="language")
    if not is_language(tag):
        raise ValidationError(
            _(
                "“%(value)s” names no language that is known. Enter a BCP 47 language tag such as th, vi, en or vi-Latn."
            ),
            code="language",
            params={"value": tag[:LONGEST_TAG]},
        )
    first, dash, others = tag.partition("-")
    if len(first) == 3 and len(shortest := standardize_tag(first)) == 2:
        raise ValidationError(
            _("The BCP 47 tag of this language is %(tag)s, not %(value)s."),
            code="language",
            params={"value": tag, "tag": f"{shortest}{dash}{others}"},
        )


def is_same_language(one: str, other: str) -> bool:
    """Return whether two tags are of one language, whatever the script and region; what is of any language fits every other."""
    first, second = (tag.lower().partition("-")[0] for tag in (one, other))
    return first == second or first in ANY_LANGUAGE or second in ANY_LANGUAGE


class LanguageFormField(forms.CharField):
    """A language tag in a form, of whatever case."""

    def to_python(self, value: Any) -> str:
        """Return the tag in standard case."""
        return standard_case(super().to_python(value) or "")


class LanguageField(models.CharField):
    """A language tag, kept in standard case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": LONGEST_TAG, **kwargs})
        self.validators.append(validate_language)

    def to_python(self, value: Any) -> Any:
        """Return the tag in standard case."""
        text = super().to_python(value)
        return standard_case(text) if isinstance(text, str) else text

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Bring the tag into standard case before it is stored."""
        tag = self.to_python(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, tag)
        return tag

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a field that takes a tag of any case."""
        return super().formfield(**{"form_class": LanguageFormField, **kwargs})
