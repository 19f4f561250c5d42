"""Texts that editors write themselves (roles, labels, notes, descriptions, places), and their translations.

A row says in which language its texts are written, and holds translations of them into the other languages of the site. What a
source prints (names, words as printed, how a speaker is named) is never translated here. Why so: docs/decisions/044.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, TypeAlias, cast

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Expression
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.records.texts import CheckedTexts
from base.text.characters import TextFault, TextKind, fault_of, tidied
from base.text.language_names import language_name
from base.text.language_tags import LanguageField, standard_case
from base.text.languages import CODES
from base.text.translated_text import TranslatedText, base_language

Translations: TypeAlias = "dict[str, dict[str, str]]"  # {"th": {"role": "…", "note": "…"}}

MOST_CHARACTERS = 10_000  # of the translation of a text whose column has no bound of its own
SHAPE = '{"th": {"note": "…"}}'


class TranslationsField(models.JSONField):
    """Translations by language and name of the text, in the same order on every database."""

    def from_db_value(self, value: Any, expression: Expression, connection: BaseDatabaseWrapper) -> Any:
        """Return the translations; PostgreSQL keeps the keys of JSON in an order of its own."""
        return sorted_translations(super().from_db_value(value, expression, connection))


def sorted_translations(translations: Any) -> Any:
    """Return translations sorted by language and by name of the text; what is none as it is."""
    if not isinstance(translations, dict):
        return translations
    return {
        language: dict(sorted(texts.items())) if isinstance(texts, dict) else texts
        for language, texts in sorted(translations.items())
    }


class TranslatedTexts(CheckedTexts):
    """A row whose texts, named in `translated_fields`, are in the language of `text_language` and may have translations.

    `language_columns` names the column that has the language of a text where that is another one.
    """

    translated_fields: ClassVar[tuple[str, ...]] = ()
    language_columns: ClassVar[dict[str, str]] = {}

    text_language = LanguageField(
        gettext_lazy("language of our texts"),
        default=settings.LANGUAGE_CODE,
        help_text=gettext_lazy("In which language you wrote the texts of this row, such as its note."),
    )
    translations = TranslationsField(
        gettext_lazy("translations"),
        default=dict,
        blank=True,
        help_text=gettext_lazy("The same texts in the other languages of the site."),
    )

    class Meta:
        abstract = True

    @classmethod
    def language_column(cls, name: str) -> str:
        """Return the name of the column that has the language of the text `name`."""
        return cls.language_columns.get(name, "text_language")

    def language_of(self, name: str) -> str:
        """Return the language in which the text `name` is written."""
        return str(getattr(self, self.language_column(name)))

    def text_in(self, name: str, language: str) -> TranslatedText:
        """Return the text `name` in this language if it has a translation, else as it was written."""
        return in_language(getattr(self, name), name, self.language_of(name), self.translations, language)

    def texts_in_every_language(self, *names: str) -> list[str]:
        """Return these texts as they were written, and their translations; what is empty is left out."""
        return all_texts({name: getattr(self, name) for name in names}, self.translations)

    def text_kinds(self) -> dict[str, TextKind]:
        """Return the kinds of the texts; each translation is of the kind of its text."""
        kinds = super().text_kinds()
        del kinds["translations"]
        return kinds

    def tidy_texts(self, exclude: Collection[str] = ()) -> None:
        """Bring texts and translations into the form in which they are kept; an empty translation is none."""
        super().tidy_texts(exclude)
        translations = self.__dict__.get("translations")
        if "translations" in exclude or not isinstance(translations, dict) or not translations:
            return
        kinds, tidy = super().text_kinds(), {}
        for tag, texts in translations.items():
            if isinstance(texts, dict):
                texts = {
                    name: tidied(text, kinds.get(name, TextKind.LINES)) if isinstance(text, str) else text
                    for name, text in texts.items()
                }
                texts = {name: text for name, text in texts.items() if text not in ("", None)}
            if texts:
                tidy[standard_case(tag)] = texts
        self.translations = sorted_translations(tidy)

    def text_faults(self, exclude: Collection[str] = ()) -> dict[str, TextFault]:
        """Return what is wrong with each text, and the first thing that is wrong with the translations."""
        faults = super().text_faults(exclude)
        if "translations" not in exclude and "translations" in self.__dict__:
            for fault in [*self.translation_faults().values()][:1]:
                faults["translations"] = fault
        return faults

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Refuse every translation that is wrong, each with a sentence of its own."""
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as error:
            errors = error.update_error_dict({})
            if "translations" in errors and (faults := self.translation_faults()):
                errors["translations"] = [
                    ValidationError(str(fault), code="translation", params={"language": place[0], "text": place[1]})
                    for place, fault in faults.items()
                ]
            raise ValidationError(errors) from error

    def translation_faults(self) -> dict[tuple[str, str], TextFault]:
        """Return what is wrong with the translations, by (language, name of the text); either may be empty."""
        translations: object = self.translations
        if not isinstance(translations, dict):
            wrong = _("Translations are an object with a member for each language.")
            return {("", ""): TextFault(wrong, _("Write %(shape)s.") % {"shape": SHAPE})}
        faults = {}
        for language, texts in translations.items():
            if language not in CODES:
                wrong = _("“%(language)s” is no language of this site.") % {"language": language}
                faults[language, ""] = TextFault(wrong, _("These are: %(list)s.") % {"list": ", ".join(CODES)})
            elif not isinstance(texts, dict):
                wrong = _("Translations into %(language)s are an object with a member for each text.")
                right = _("Write %(shape)s.") % {"shape": SHAPE.replace("th", language)}
                faults[language, ""] = TextFault(wrong % {"language": language_name(language)}, right)
            else:
                for name, text in texts.items():
                    if (fault := self._translation_fault(language, name, text)) is not None:
                        faults[language, name] = fault
        return faults

    def _translation_fault(self, language: str, name: str, text: object) -> TextFault | None:
        """Return what is wrong with one translation, with its language and the name of its text before it."""
        if name not in self.translated_fields:
            wrong = _("“%(name)s” is no text that has translations here.") % {"name": name}
            return TextFault(wrong, _("These are: %(list)s.") % {"list": ", ".join(self.translated_fields)})
        field = cast("models.Field[Any, Any]", self._meta.get_field(name))
        values = {"text": field.verbose_name, "language": language_name(language)}
        place = _("%(text)s in %(language)s:") % values
        if not isinstance(text, str):
            wrong = _("A translation is a text.")
            return TextFault(f"{place} {wrong}", _("Write %(shape)s.") % {"shape": SHAPE})
        if base_language(self.language_of(name)) == language:
            wrong = _("The text itself is in this language.")
            return TextFault(f"{place} {wrong}", _("Write it into the text, or say in which language that is."))
        if not getattr(self, name):
            wrong = _("There is no text to translate.")
            return TextFault(f"{place} {wrong}", _("Write the text first."))
        most = field.max_length or MOST_CHARACTERS
        if len(text) > most:
            wrong = _("It has %(count)s characters.") % {"count": len(text)}
            return TextFault(f"{place} {wrong}", _("At most %(most)s are kept.") % {"most": most})
        kind = super().text_kinds()[name]
        if (fault := fault_of(text, kind, required=True)) is not None:
            return TextFault(f"{place} {fault.wrong}", fault.right)
        return None


def all_texts(texts: Mapping[str, str], translations: Translations) -> list[str]:
    """Return texts, given by their names, and their translations; what is empty is left out."""
    every = [*texts.values()]
    if isinstance(translations, dict):  # of a row that was not checked yet it may be anything
        every += [
            str(text)
            for in_one in translations.values()
            if isinstance(in_one, dict)
            for name, text in in_one.items()
            if name in texts
        ]
    return [text for text in every if text]


def in_language(text: str, name: str, written_in: str, translations: Translations, language: str) -> TranslatedText:
    """Return the text `name` in a language, whatever its script and region, if it has a translation, else as it was written."""
    asked = base_language(language)
    if text and base_language(written_in) != asked and (translation := translations.get(asked, {}).get(name)):
        return TranslatedText(translation, asked)
    return TranslatedText(text, written_in)


def translation_column(name: str, language: str) -> str:
    """Return what the translations of a text into a language are called where they stand as a column: `role [th]`."""
    return f"{name} [{language}]"
