"""Addresses of other sites, which pages show as links: of the web, with a host, and of no other scheme.

A browser runs what stands behind `javascript:` and shows what stands behind `data:` as if this site had written it. The models
refuse such addresses, the database refuses them too, and what is stored all the same is never made a link.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from base.text.characters import TextKind, fault_of

SCHEMES = ("http", "https")
_validate_url = URLValidator(schemes=SCHEMES)


def validate_web_address(text: str) -> None:
    """Raise ValidationError for what is no address of the web, or names a user before its host."""
    if not is_web_address(text):
        raise ValidationError(
            _("“%(value)s” is no address of the web. Write one that begins with https:// or http:// and names a host."),
            code="web_address",
            params={"value": text[:80]},
        )


@lru_cache(maxsize=4096)
def is_web_address(text: str) -> bool:
    """Return whether a text is an address of the web that may be shown as a link."""
    if any(character.isspace() for character in text) or fault_of(text, TextKind.LINE) is not None:
        return False
    try:
        _validate_url(text)
        return "@" not in urlsplit(text).netloc  # https://known.org@elsewhere.org leads elsewhere
    except (ValidationError, ValueError):
        return False


def web_address(text: str) -> str:
    """Return an address that may be shown as a link; empty for any other text."""
    return text if text and is_web_address(text) else ""


def is_web_address_q(column: str) -> Q:
    """Return the condition that a column is empty or begins like an address of the web, for the database to hold."""
    begins = [Q(**{f"{column}__istartswith": f"{scheme}://"}) for scheme in SCHEMES]
    return Q(**{column: ""}) | begins[0] | begins[1]


class WebAddressFormField(forms.URLField):
    """An address in a form. What is wrong with one is told by the rule of the model."""

    default_validators: list[Any] = []  # an attribute of the instance in Django

    def to_python(self, value: Any) -> str | None:
        """Return the address; one without a scheme begins with https."""
        try:
            return super().to_python(value)
        except ValidationError:
            return str(value)


class WebAddressField(models.URLField):
    """An address of the web, or empty."""

    default_validators = [validate_web_address]

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        """Return a field that takes an address without a scheme for one of https."""
        return super().formfield(**{"form_class": WebAddressFormField, "assume_scheme": "https", **kwargs})
