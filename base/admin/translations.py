"""Translations in forms: beside each text of the editors a box for every other language of the site, in place of JSON.

The boxes are fields of the form, named after text and language (`note_th`), so that they are compared, kept and sent as any other.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.forms.boundfield import BoundField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from base.records.translations import TranslatedTexts
from base.text.characters import stripped
from base.text.language_names import language_name
from base.text.languages import CODES
from base.text.translated_text import base_language

TEXT_LANGUAGE = "text_language"  # the column with the language of the texts of a row


@dataclass(frozen=True)
class ReadTranslation:
    """A translation that is only shown."""

    language: str
    language_name: str
    text: str


@dataclass(frozen=True)
class TranslationBoxes:
    """The boxes below a text, and in which languages something stands in them."""

    boxes: list[BoundField]
    languages: str  # their names, with commas between them

    @property
    def is_open(self) -> bool:
        """Whether something has to be seen: a translation, or what is wrong with one."""
        return bool(self.languages) or any(box.errors for box in self.boxes)


class TranslationField(forms.CharField):
    """The translation of one text of a row into one language. A form that is sent without it leaves the translation as it is."""

    def __init__(self, text: str, language: str, label: object, widget: forms.Widget) -> None:
        self.text, self.language = text, language
        widget.attrs["lang"] = language
        values = {"text": capfirst(str(label)), "language": language_name(language)}
        super().__init__(required=False, strip=False, label=_("%(text)s in %(language)s") % values, widget=widget)

    def to_python(self, value: object) -> str | None:
        """Return the text without blanks at its ends and with the line ends that are kept: browsers send others."""
        return super().to_python(stripped(value.replace("\r\n", "\n")) if isinstance(value, str) else value)

    def has_changed(self, initial: object, data: object) -> bool:
        """Return whether another text was typed."""
        return data is not None and super().has_changed(initial, data)

    def bound_data(self, data: object, initial: object) -> object:
        """Return what is shown of a form that was sent."""
        return initial if data is None else super().bound_data(data, initial)


class BoundText(BoundField):
    """A text of a row, as a template has it, with the boxes of its translations."""

    @property
    def translations(self) -> TranslationBoxes:
        """The boxes that are shown below the text."""
        return cast(HasTranslationFields, self.form).boxes_of(self.name)


class HasTranslationFields(forms.BaseForm):
    """A form with boxes for translations. `translation_fields` has the names of the boxes by the field that they belong to."""

    translation_fields: dict[str, list[str]]

    def add_translation_fields(self, texts: Mapping[str, str], model: type[Model], stored: object = None) -> None:
        """Add a box for each of the texts and each language of the site, filled with the translations that are stored.

        `texts` are the names of texts of the model by the field of the form that has them.
        """
        self.translation_fields = {}
        for name, text in texts.items():
            field = self.fields[name]
            field.bound_field_class = BoundText
            is_typed = isinstance(field, forms.CharField)
            label = field.label if is_typed else cast(Any, model._meta.get_field(text)).verbose_name
            for code in CODES:
                box = translation_field(text, code)
                widget = copy.deepcopy(field.widget) if is_typed else forms.TextInput()
                self.fields[box] = TranslationField(text, code, label, widget)
                self.translation_fields.setdefault(name, []).append(box)
                translations = stored.get(code) if isinstance(stored, dict) else None
                self.initial.setdefault(box, translations.get(text, "") if isinstance(translations, dict) else "")

    def language_of_text(self, name: str) -> str:
        """Return the language in which the text of a field is written; empty while that may still become another one."""
        return ""

    def shows_boxes(self, name: str) -> bool:
        """Return whether the text has boxes below it."""
        return True

    def boxes_of(self, name: str) -> TranslationBoxes:
        """Return the boxes below a text: for the other languages, and for that of the text if something stands there."""
        language, boxes, filled = self.language_of_text(name), [], []
        for box in [self[each] for each in self.translation_fields.get(name, ())]:
            code = cast(TranslationField, box.field).language
            if box.value():
                filled.append(language_name(code))
            if box.value() or box.errors or (code != language and self.shows_boxes(name)):
                boxes.append(box)
        return TranslationBoxes(boxes, ", ".join(filled))

    def typed_translations(self, stored: object) -> dict[str, dict[str, str]]:
        """Return the stored translations with those of a valid form in their place, by language and text."""
        translations = {
            code: dict(texts) if isinstance(texts, dict) else texts
            for code, texts in (stored.items() if isinstance(stored, dict) else ())
        }
        for box in self._boxes():
            if box in self.cleaned_data:
                field = cast(TranslationField, self.fields[box])
                translations.setdefault(field.language, {})[field.text] = self.cleaned_data[box] or ""
        return translations

    def _boxes(self) -> Iterator[str]:
        for boxes in self.translation_fields.values():
            yield from boxes

    def add_translation_faults(self, row: TranslatedTexts) -> None:
        """Say at each box what is wrong with its translation in the row. A text that is refused itself has its own message."""
        for (language, name), fault in row.translation_faults().items():
            box = translation_field(name, language)
            if not self.has_error(name) and not self.has_error(box):
                self.add_error(box if box in self.fields else None, str(fault))


class TranslatedTextsForm(HasTranslationFields, forms.ModelForm):
    """The form of a row whose texts may have translations. Of other rows it has no boxes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.translation_fields = {}
        model: type[Model] = self._meta.model
        if not issubclass(model, TranslatedTexts):
            return
        names = [name for name in model.translated_fields if name in self.fields and not self.fields[name].disabled]
        self.add_translation_fields({name: name for name in names}, model, self.instance.translations)
        if TEXT_LANGUAGE in self.fields:
            field = self.fields[TEXT_LANGUAGE]
            field.required = False  # as it was, if the form is sent without it
            field.widget = forms.Select(choices=language_choices(self.instance.text_language))

    def language_of_text(self, name: str) -> str:
        """Return the language that is chosen in the form; empty if it is not known yet, or about to be changed."""
        column = self._meta.model.language_column(name)
        is_settled = self.instance.pk and not (self.is_bound and column in self.fields and column in self.changed_data)
        return base_language(self.instance.language_of(name)) if is_settled else ""

    def shows_boxes(self, name: str) -> bool:
        """Return whether a text has boxes: in a row among many only if there is something to translate."""
        return not self.prefix or not self.instance.pk or bool(self[name].value())

    def read_translations(self) -> dict[str, list[ReadTranslation]]:
        """Return the translations of the row by text, for pages that only show them."""
        row, texts = self.instance, {}
        for name in getattr(row, "translated_fields", ()):
            texts[name] = [
                ReadTranslation(code, language_name(code), of_one[name])
                for code, of_one in row.translations.items()
                if isinstance(of_one, dict) and of_one.get(name)
            ]
        return texts

    def clean(self) -> dict[str, Any]:
        """Leave as it is what the form was sent without."""
        data = super().clean() or self.cleaned_data
        for box in self._boxes():
            if self[box].data is None and box in data:
                data[box] = self.initial.get(box, "")
        if TEXT_LANGUAGE in self.fields and not data.get(TEXT_LANGUAGE) and not self.has_error(TEXT_LANGUAGE):
            data[TEXT_LANGUAGE] = self.initial.get(TEXT_LANGUAGE) or self.instance.text_language
        return data

    def translations_left_behind(self) -> list[str]:
        """Return a sentence for each text that a valid form changes and some of whose translations it leaves as they were."""
        sentences = []
        for name in self.translation_fields:
            if name not in self.changed_data or not self.initial.get(name):
                continue
            unchanged = [code for code in CODES if translation_field(name, code) not in self.changed_data]
            if left := [code for code in unchanged if self.instance.translations.get(code, {}).get(name)]:
                text = _("“%(row)s”: %(text)s is another now. Look whether its translations still hold: %(languages)s.")
                languages = ", ".join(map(language_name, left))
                label = capfirst(str(self._meta.model._meta.get_field(name).verbose_name))
                sentences.append(text % {"row": self.instance, "text": label, "languages": languages})
        return sentences

    def _post_clean(self) -> None:
        """Put the translations together and have the row say what is wrong with them."""
        super()._post_clean()  # type: ignore[misc]  # the stubs leave it out
        row = self.instance
        if self.translation_fields:
            row.translations = self.typed_translations(row.translations)
            row.tidy_texts(exclude=row.text_kinds())
            self.add_translation_faults(row)


def translation_field(name: str, language: str) -> str:
    """Return the name of the field of a form with the translation of a text into a language."""
    return f"{name}_{language}"


def left_behind_by(forms_of_page: Iterable[object]) -> list[str]:
    """Return the sentences of all valid forms of a page about translations that changed texts leave as they were."""
    return [
        sentence
        for form in forms_of_page
        if isinstance(form, TranslatedTextsForm) and form.instance.pk and form.is_valid()
        for sentence in form.translations_left_behind()
    ]


def language_choices(own: str = "") -> list[tuple[str, str]]:
    """Return the languages of the site to choose from, and `own` if it is another one."""
    codes = [*CODES, *([own] if own and own not in CODES else [])]
    return [(code, str(capfirst(language_name(code)))) for code in codes]


def text_language_of(model: type[Model]) -> tuple[str, ...]:
    """Return the field with the language of the texts of a row; none where another field of the model says it."""
    return (TEXT_LANGUAGE,) if any(field.name == TEXT_LANGUAGE for field in model._meta.fields) else ()
