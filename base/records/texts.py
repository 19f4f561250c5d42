"""Rows whose texts hold only what can be stored, shown and seen, whichever way they come in."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models

from base.text.characters import TextFault, TextKind, fault_of, tidied


class UnstorableText(ValueError):
    """A text that is being loaded and cannot be kept; the message names row, field and character."""


class CheckedTexts(models.Model):
    """A row with texts. All are checked, without any doing of a field: the type of its column says how.

    A CharField is one line, a TextField several; `printed_texts` are kept as a source prints them. `full_clean` checks, and so do
    forms; `loaddata`, which calls neither, has `base.records.signals`.
    """

    printed_texts: ClassVar[dict[str, TextKind]] = {}

    class Meta:
        abstract = True

    def text_kinds(self) -> dict[str, TextKind]:
        """Return the kind of each text by the name of its field."""
        kinds = {
            field.name: TextKind.LINES if isinstance(field, models.TextField) else TextKind.LINE
            for field in self._meta.concrete_fields
            if isinstance(field, models.CharField | models.TextField | models.JSONField)
        }
        return kinds | self.printed_texts

    def tidy_texts(self, exclude: Collection[str] = ()) -> None:
        """Bring texts into the form in which they are kept."""
        for name, kind in self.text_kinds().items():
            text = self.__dict__.get(name)  # a column that was not read stays unread
            if isinstance(text, str) and name not in exclude:
                setattr(self, name, tidied(text, kind))

    def text_faults(self, exclude: Collection[str] = ()) -> dict[str, TextFault]:
        """Return what is wrong with each text, by the name of its field."""
        faults = {}
        for name, kind in self.text_kinds().items():
            if name in exclude or name not in self.__dict__:
                continue
            field = self._meta.get_field(name)
            assert isinstance(field, models.Field)
            required = field.editable and not field.blank
            found = (fault_of(text, kind, required=required) for text in _texts_in(self.__dict__[name]))
            if (fault := next(filter(None, found), None)) is not None:
                faults[name] = fault
        return faults

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Tidy all texts, then refuse what their characters or the fields' own rules do not allow."""
        exclude = exclude or ()
        self.tidy_texts(exclude)
        errors: dict[str, list[ValidationError]] = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict({})
        for name, fault in self.text_faults(exclude).items():
            errors[name] = [ValidationError(str(fault), code="characters")]
        if errors:
            raise ValidationError(errors)

    def value_faults(self) -> dict[str, str]:
        """Return what the fields' own rules say against the texts that are serialized: no date, no language, too long."""
        faults = {}
        for field in self._meta.concrete_fields:
            text = self.__dict__.get(field.name)
            if getattr(field, "serialize", True) and isinstance(text, str) and text:
                try:
                    field.run_validators(text)
                except ValidationError as error:
                    faults[field.name] = " ".join(error.messages)
        return faults

    def require_storable(self) -> None:
        """Raise UnstorableText for the first text that cannot be kept."""
        faults = {name: str(fault) for name, fault in self.text_faults().items()} or self.value_faults()
        for name, fault in faults.items():
            row = " ".join(str(part) for part in getattr(self, "natural_key", lambda: (self.pk,))())
            raise UnstorableText(f"{self._meta.label} {row.encode(errors='replace').decode()}, {name}: {fault}")


def _texts_in(value: object) -> Iterator[str]:
    """Yield the texts of a column, which may be JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, held in value.items():
            yield from (*_texts_in(key), *_texts_in(held))
    elif isinstance(value, list):
        for held in value:
            yield from _texts_in(held)
