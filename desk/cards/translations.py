"""Texts of the editors on cards: in which language they are written, and their translations into the others."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from base.admin import HasTranslationFields, language_choices
from base.records.translations import TranslatedTexts
from desk.fields import Label

from .base import Card, CardForm


class TranslatedCardForm(HasTranslationFields, CardForm):
    """The fields of a card whose texts may have translations, below each of them a box for every language."""

    text_model: ClassVar[type[TranslatedTexts]]  # the kind of row that has all these texts
    texts: ClassVar[dict[str, str]] = {"note": "note"}  # of the row, by the field of the card

    text_language = forms.ChoiceField(
        label=gettext_lazy("Language of our texts"),
        choices=language_choices,
        initial=settings.LANGUAGE_CODE,
        required=False,
        help_text=gettext_lazy("In which language you wrote the texts of this row, such as its note."),
    )

    def __init__(self, card: Card, data: QueryDict | None = None, initial: dict[str, object] | None = None) -> None:
        super().__init__(card, data, initial)
        self.add_translation_fields(self.texts, self.text_model)

    def needs_more(self) -> bool:
        """Whether the fields that fold out hold something that has to be seen: a translation, or another language."""
        language = self["text_language"].value() or settings.LANGUAGE_CODE
        return language != settings.LANGUAGE_CODE or self.boxes_of("note").is_open

    def clean(self) -> dict[str, Any]:
        """Say at each box what is wrong with its translation."""
        data = super().clean() or self.cleaned_data
        data["text_language"] = data.get("text_language") or settings.LANGUAGE_CODE
        row = self.text_model(text_language=data["text_language"], translations=self.typed_translations({}))
        for name, text in self.texts.items():
            value = data.get(name)
            if isinstance(value, str | Label):
                setattr(row, text, str(value))
        row.tidy_texts()
        data["translations"] = row.translations
        self.add_translation_faults(row)
        return data


def texts_in_languages(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return the language of the texts of a row, and the translations of those texts that it has, as columns."""
    translations = {
        language: {name: text for name, text in texts.items() if name in names}
        for language, texts in data["translations"].items()
    }
    kept = {language: texts for language, texts in translations.items() if texts}
    return {"text_language": data["text_language"], "translations": kept}
