"""Which language a page is in, its addresses in the others, and the one a first visitor may prefer. No cookies."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_info, override

from base.pages.views import site_of
from base.text.languages import CODES, address_in, language_of
from base.text.numbers import parse_digits


class AddressLanguage:
    """Speak the language of the address.

    It stands where Django's LocaleMiddleware would. That one looks at a cookie, adds `Vary: Accept-Language` to every answer
    and leaves its language behind in the thread; here the address alone decides.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the address, and say which it is."""
        language = language_of(request.path)
        with override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


# The fonts without which no page of a language can be drawn. All others wait until a page has a letter of theirs.
LATIN = ("noto-sans-latin", "source-serif-4-latin")
FONTS = {
    "th": (*LATIN, "noto-sans-thai-thai", "noto-serif-thai-thai"),
    "vi": (*LATIN, "noto-sans-vietnamese", "source-serif-4-vietnamese"),
}


@dataclass(frozen=True)
class Edition:
    """This page in one language: where a reader goes, and what programs are told."""

    code: str
    name: str
    here: bool
    href: str
    url: str


def languages(request: HttpRequest) -> dict[str, Any]:
    """Give every template the address of its page in all languages.

    `href` keeps the whole query. `url` and `canonical` are for programs: of the query they keep only the page number,
    because a filtered list is the same list to them.
    """
    path, query = request.path, request.META.get("QUERY_STRING", "")
    page = request.GET.get("page", "")
    kept = f"?page={page}" if parse_digits(page) is not None and page != "1" else ""
    asked = f"?{iri_to_uri(query)}" if query else ""
    site = site_of(request)
    here = get_language() or settings.LANGUAGE_CODE
    editions = []
    for code in CODES:
        address = escape_leading_slashes(escape_uri_path(address_in(path, code)))
        name = unicodedata.normalize("NFC", get_language_info(code)["name_local"])
        editions.append(Edition(code, name, code == here, address + asked, site + address + kept))
    return {
        "editions": editions,
        "canonical": next(edition.url for edition in editions if edition.here),
        "x_default": next(edition.url for edition in editions if edition.code == settings.LANGUAGE_CODE),
        "fonts": [static(f"fonts/{name}.woff2") for name in FONTS.get(here, LATIN)],
    }
