"""Files for other programs, such as feeds and citations: entries, the language that is asked for, scripts of other sites."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from base.documents.plan import Document
from base.text.languages import CODES
from base.text.translated_text import base_language

Entry = TypeVar("Entry")
Answer = TypeVar("Answer", bound=HttpResponseBase)
logger = logging.getLogger(__name__)


def entries_of(records: Iterable[Document], form: str, entry: Callable[[Document], Entry]) -> list[Entry]:
    """Return the entry of each record. One that cannot be told in this form is left out and logged; the others stay."""
    entries = []
    for record in records:
        try:
            entries.append(entry(record))
        except Exception:  # whatever is wrong with one record must not take the file from everybody
            logger.exception("%s was left out of the %s: it cannot be written there.", record["url"], form)
    return entries


def open_to_scripts(response: Answer) -> Answer:
    """Let scripts of any site read an answer: it is public, and no cookie changes it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


class LanguageNotOffered(ValueError):
    """A parameter `lang` that names no language of the site; the message says which there are."""

    def answer(self) -> HttpResponse:
        """Return the answer to the request."""
        return open_to_scripts(HttpResponse(f"{self}\n", status=400, content_type="text/plain; charset=utf-8"))


def language_asked(request: HttpRequest) -> str:
    """Return the language of a file by the parameter `lang`: en without it. Raises LanguageNotOffered."""
    language = base_language(request.GET.get("lang", "en").lower())
    if language not in CODES:
        text = _("lang: There is no “%(language)s”; choose %(codes)s.")
        raise LanguageNotOffered(text % {"language": request.GET["lang"][:40], "codes": ", ".join(CODES)})
    return language
