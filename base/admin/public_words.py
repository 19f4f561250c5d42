"""Which words that readers see a form changes: for these a reason is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import CharField, Model, TextField
from django.forms import BaseFormSet, ModelForm

from base.admin.rights import is_public
from base.records.publishing import Publishable
from base.text.language_tags import LanguageField

# Texts that are no words of a record: where it is found, and why it is not public.
NO_WORDS = ("slug", "withdrawn_reason", "wikidata", "sha256", "url")


def words_that_readers_see(form: ModelForm, formsets: Sequence[BaseFormSet]) -> list[str]:
    """Return the labels of the fields in which a valid form changes or takes away words that readers see by now.

    New words need no reason, and neither do those of a row that was a draft. One query for each row whose words change.
    """
    labels = _changed_words(form)
    for formset in formsets:
        for row in getattr(formset, "initial_forms", []):
            if row in getattr(formset, "deleted_forms", []):
                labels += [str(row.instance._meta.verbose_name)] if _is_shown(row.instance) else []
            else:
                labels += _changed_words(row)
    return list(dict.fromkeys(labels))


def _changed_words(form: ModelForm) -> list[str]:
    model = type(form.instance)
    texts = [column for column in model._meta.concrete_fields if isinstance(column, CharField | TextField)]
    names = {
        column.name
        for column in texts
        if not (column.choices or isinstance(column, LanguageField) or column.name in NO_WORDS)
    }
    for boxes in getattr(form, "translation_fields", {}).values():
        names |= {*boxes}
    changed = [name for name in form.changed_data if name in names and form.initial.get(name)]
    return [str(form.fields[name].label) for name in changed] if changed and _is_shown(form.instance) else []


def _is_shown(row: Any) -> bool:
    """Return whether readers see a row as it is stored; it is about to be saved, and its status may be another by then."""
    return isinstance(row, Publishable) and isinstance(row, Model) and is_public(row)
