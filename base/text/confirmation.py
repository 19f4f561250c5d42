"""A text that a form doubts: it is taken once whoever typed it has said that it is meant so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


class ConfirmedTextInput(forms.TextInput):
    """A line of text, and where the form doubts it, a box to tick. Ticked, the box holds for this very text and no other."""

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"class": "vTextField", **(attrs or {})})
        self.doubted = self.confirmed = ""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """Return the text, and note which text was confirmed."""
        self.confirmed = str(data.get(self.name_of_box(name), ""))
        return super().value_from_datadict(data, files, name)

    def is_confirmed(self, text: str) -> bool:
        """Whether the person said of this text that it is meant so."""
        return bool(text) and self.confirmed == text

    def ask(self, text: str) -> None:
        """Show the box for this text."""
        self.doubted = text

    def render(self, name: str, value: object, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """Return the line, with the box where there is a doubt, or was one that is settled."""
        line = super().render(name, value, attrs, renderer)
        text = self.doubted or self.confirmed
        if not text:
            return line
        return format_html(
            '{} <label class="vCheckboxLabel"><input type="checkbox" name="{}" value="{}"{}> {}</label>',
            line,
            self.name_of_box(name),
            text,
            " checked" if self.is_confirmed(text) and not self.doubted else "",
            _("“%(text)s” is right") % {"text": text},
        )

    @staticmethod
    def name_of_box(name: str) -> str:
        """Return the name of the box beside the line of this name."""
        return f"{name}-confirmed"
