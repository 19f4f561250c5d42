"""The rule of characters for forms: the same sentences at the field as everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator

from base.text.characters import TextKind, fault_of, stripped, tidied


class TextValidator:
    """Refuses a text with characters that its kind may not hold."""

    def __init__(self, kind: TextKind) -> None:
        self.kind = kind

    def __call__(self, text: str) -> None:
        """Raise ValidationError for the first of them."""
        if (fault := fault_of(tidied(text, self.kind), self.kind, required=True)) is not None:
            raise ValidationError(str(fault), code="characters")


class CheckedTextsForm(forms.BaseForm):
    """A form whose texts are all checked, without any doing of a field.

    The model checks what it stores; checked here is what the form alone has, except `checked_by_clean`.
    """

    checked_by_clean: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = getattr(getattr(self, "_meta", None), "model", None)
        stored = {field.name for field in model._meta.fields} if model else set()
        for name, field in self.fields.items():
            if not isinstance(field, forms.CharField):
                continue
            # Django's own sentence about U+0000 would stand in place of ours.
            others = [check for check in field.validators if not isinstance(check, ProhibitNullCharactersValidator)]
            kind = TextKind.LINES if isinstance(field.widget, forms.Textarea) else TextKind.LINE
            checks = [] if name in stored or name in self.checked_by_clean else [TextValidator(kind)]
            field.validators = [*checks, *others]
            if field.strip:
                field.strip = False
                field.to_python = partial(_stripped_first, field.to_python)  # type: ignore[method-assign]


def _stripped_first(to_python: Callable[[object], str | None], value: object) -> str | None:
    return to_python(stripped(value) if isinstance(value, str) else value)
