"""The language of a page, which its address alone decides, and its addresses in the other languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.encoding import escape_uri_path, iri_to_uri
from django.utils.http import escape_leading_slashes
from django.utils.translation import get_language, get_language_info, override

from base.pages.views import site_of
from base.text.languages import CODES, address_in, language_of
from base.text.numbers import parse_digits


class AddressLanguageMiddleware:
    """Activates the language that the address names.

    It takes the place of Django's LocaleMiddleware, which would look at a cookie, add `Vary: Accept-Language` to every answer
    and leave its language active in the thread.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the address, and name it in the header Content-Language of pages."""
        language = language_of(request.path)
        with override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Content-Language", language)
        return response


# The fonts that every page of a language needs and therefore preloads. A browser loads any other font when a page has a
# character of it.
LATIN = ("noto-sans-latin", "source-serif-4-latin")
FONTS = {
    "th": (*LATIN, "noto-sans-thai-thai", "noto-serif-thai-thai"),
    "vi": (*LATIN, "noto-sans-vietnamese", "source-serif-4-vietnamese"),
}


# What a language is called in the head of every page, where Django's own name for it is longer than need be.
SHORT_NAMES = {"th": "ไทย"}


@dataclass(frozen=True)
class Edition:
    """The current page in one language, for links and for the `hreflang` of the head."""

    code: str
    name: str
    here: bool  # whether the reader sees the page in this language
    href: str  # path with the whole query
    url: str  # absolute address; of the query only the page number


class LanguageContext(TypedDict):
    """The variables that the context processor `languages` adds to every template."""

    site: str
    editions: list[Edition]
    canonical: str
    x_default: str
    fonts: list[str]
    narrowed: bool  # whether the address is a list or page cut down by its query, for crawlers not to follow


def languages(request: HttpRequest) -> LanguageContext:
    """Give every template the address of its page in all languages.

    `url`, `canonical` and `x_default` are for search engines and keep only the page number of the query: a filtered list
    counts as the list itself there.
    """
    path, query = request.path, request.META.get("QUERY_STRING", "")
    page = request.GET.get("page", "")
    page_query = f"?page={page}" if parse_digits(page) is not None and page != "1" else ""
    full_query = f"?{iri_to_uri(query)}" if query else ""
    site = site_of(request)
    here = get_language() or settings.LANGUAGE_CODE
    editions = []
    for code in CODES:
        address = escape_leading_slashes(escape_uri_path(address_in(path, code)))
        name = SHORT_NAMES.get(code) or unicodedata.normalize("NFC", get_language_info(code)["name_local"])
        editions.append(Edition(code, name, code == here, address + full_query, site + address + page_query))
    return {
        "site": site,
        "editions": editions,
        "canonical": next(edition.url for edition in editions if edition.here),
        "x_default": next(edition.url for edition in editions if edition.code == settings.LANGUAGE_CODE),
        "narrowed": any(name != "page" for name in request.GET),
        "fonts": [static(f"fonts/{name}.woff2") for name in FONTS.get(here, LATIN)],
    }
