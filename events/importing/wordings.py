"""The wordings of a row: each in a known language and nature, verbatim ones with a passage that prints them."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from base.text.characters import TextKind, tidied
from base.text.language_tags import is_language, standard_case, validate_language
from events.models import Wording
from events.models.statements import Nature

from .cells import RowCells, kind_of_wording, too_long
from .format import EXPECTED, EXPORTED_WORDINGS, VERBATIM, WordingText
from .statement import PassageReference

NATURES = tuple(Nature.values)
LONGEST_BY = Wording._meta.get_field("by").max_length or 0


def checked_wordings(cells: RowCells, cited: list[PassageReference]) -> list[WordingText]:
    """Return the wordings of a row, one of each nature and language; note what is wrong with them."""
    wordings: dict[tuple[str, str], WordingText] = {}
    for given in cells.row.wordings:
        _check_wording(given, cells, cited)
        kept = tidied(given.text, kind_of_wording(given.nature))
        language = standard_case(given.language)
        wording = given._replace(language=language, text=kept, by=tidied(given.by, TextKind.LINE))
        first = wordings.setdefault((wording.nature, wording.language), wording)
        if first.text != wording.text:
            wrong = _("There is another wording of this nature in this language.")
            cells.add_problem(wording.column, wrong, value=wording.text)
    return list(wordings.values())


def _check_wording(wording: WordingText, cells: RowCells, cited: list[PassageReference]) -> None:
    """Note what is wrong with a wording by itself."""
    column = wording.column
    if wording.nature not in NATURES:
        cells.add_problem("text_nature", _("This is none of the choices."), ", ".join(NATURES))
    if wrong := language_fault(standard_case(wording.language), get_language() or ""):
        right = _("a BCP 47 tag such as th, vi or en; one text, other languages in columns such as verbatim_en")
        tag_column = f"{column}_language" if column in EXPORTED_WORDINGS else column
        cells.add_problem(tag_column, wrong, right, wording.language)
    if len(wording.by) > LONGEST_BY:
        right = _("at most %s characters") % LONGEST_BY
        cells.add_problem(f"{column}_by", too_long(wording.by), right, wording.by)
    if not wording.text.strip():
        cells.add_problem(column, _("A wording needs a text."), _("the text, or no wording"))
    if wording.nature == VERBATIM and not cited:
        wrong = _("Words as printed need the passage they are printed in.")
        cells.add_problem(column, wrong, str(EXPECTED["passages"]), wording.text)


@lru_cache(maxsize=1_000)
def language_fault(tag: str, language: str) -> str:
    """Return what is wrong with a language tag in standard case, in the `language` of the report; empty if curators may use it."""
    if not is_language(tag):
        return _("This is no language tag.")
    try:
        validate_language(tag)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""
