"""The translations of a row: a column for each text that has some and each language of the site (`role_at_time_th`).

`written_in` says in which language the texts themselves are. A column of that language may repeat them, as the export has it.
"""

from __future__ import annotations

import json

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.records.translations import Translations
from base.text.language_tags import standard_case
from base.text.translated_text import base_language
from events.models import Statement

from .cells import RowCells
from .format import LANGUAGE_COLUMN, TRANSLATION_COLUMNS
from .wordings import language_fault

NO_TRANSLATIONS = "{}"


def checked_translations(cells: RowCells, plain: dict[str, str]) -> dict[str, str]:
    """Return the columns of the table with the language of the texts and their translations; note what is wrong with them.

    `plain` are the texts themselves, by column of the table.
    """
    given = [(column, *place) for column, place in TRANSLATION_COLUMNS.items() if column in cells.values]
    language = standard_case(cells.values.get(LANGUAGE_COLUMN, settings.LANGUAGE_CODE))
    if LANGUAGE_COLUMN in cells.values and (wrong := language_fault(language, get_language() or "")):
        cells.add_problem(LANGUAGE_COLUMN, wrong)
    elif given:
        return {"text_language": language, "translations": _checked(cells, plain, language, given)}
    return {"text_language": language, "translations": NO_TRANSLATIONS}


def _checked(cells: RowCells, plain: dict[str, str], language: str, given: list[tuple[str, str, str]]) -> str:
    """Return the translations of the columns that are given, as JSON: (column, name of the text, language)."""
    translations: Translations = {}
    for column, name, into in given:
        text = cells.plain(column, "")
        if into != base_language(language):
            translations.setdefault(into, {})[name] = text
        elif text != plain[name]:
            wrong = _("The text itself is in this language, and is another one.")
            cells.add_problem(column, wrong, _("the same as in %s, or nothing") % name)
    row = Statement(**plain, text_language=language, translations=translations)
    row.tidy_texts()
    noted = {problem.column for problem in cells.problems}
    for (into, name), fault in row.translation_faults().items():
        if (column := f"{name}_{into}") not in noted:
            cells.add_problem(column, fault.wrong, fault.right)
    return json.dumps(row.translations, ensure_ascii=False) if row.translations else NO_TRANSLATIONS
