"""English on the Thai and Vietnamese pages of the article: less than three letters in a hundred, names aside.

What is English: text in an element of which `lang` is "en". Beside it, on a Thai page, every Latin letter in text that is Thai
by its element; on a Vietnamese page a text that is Vietnamese by its element and has English words in it. What is set aside,
from the letters of the page too: the names on record of people, organizations and initiatives, however they are spelled; names
of formats and programs; the name of the site and those of its languages; addresses, hashes and commands (`code`, `pre`); and
what is there because it is in another language: the table of the names of a record, the wordings of a statement that are
folded away under the names of their languages, and the guide to the API, which says before its first word that it is English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.text.languages import address_in
from directory.models import InitiativeName, OrganizationName, PersonName
from tests.guarantees.test_html import PAGES
from tests.guarantees.test_languages import ENGLISH, NO_LANGUAGE, TRANSLATED
from tests.reading import VOID, article

pytestmark = pytest.mark.django_db

MOST = 0.03
ASIDE = {"head", "script", "style", "code", "pre"}  # elements
ASIDE_CLASSES = {"brand", "names", "wordings", "guide"}
INLINE = {"b", "mark", "span", "wbr"}  # with no language of its own, such an element does not end a text
NOT_OF_THE_ARTICLE = {"preview", "preview-record", "report-detail"}  # they show what these tests would have to invent
# More of a kind, where another record shows other texts.
MORE = [
    "/people/",
    "/people/ngo-phuong-lan/",
    "/people/michael-dukakis/",
    "/people/thanh-ha/",
    "/organizations/vfda/",
    "/events/danaff/",
    "/topics/artificial-intelligence/",
    "/statements/",
    "/statements/st-5b9ws7/",
    "/statements/?kind=sung",
    "/sources/film-workshop/?show=conflicts",
    "/search/?q=ai",
    "/search/?q=zz",
    "/network/",
    "/data/quality/disputed/",
    "/data/quality/rejected/",
    "/check/?source=film-workshop",
    "/reports/new/",
    "/people/nobody/",
]


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article."""
    with article(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def names(film_workshop: None, django_db_blocker: DjangoDbBlocker) -> re.Pattern[str]:
    """Return a pattern of every name of people, organizations and initiatives, the longest first."""
    with django_db_blocker.unblock():
        texts = {text for model in (PersonName, OrganizationName, InitiativeName) for text in texts_of(model)}
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, sorted(texts, key=len, reverse=True))) + r")(?!\w)")


def texts_of(model: type[PersonName | OrganizationName | InitiativeName]) -> list[str]:
    """Return the public names of a kind."""
    return list(model.objects.published().values_list("text", flat=True))


class Texts(HTMLParser):
    """The texts of a page, each with the language of its element; without what is set aside whole."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.inside: list[tuple[str, str, bool]] = []  # the tag, its language, whether it is set aside
        self.texts: list[tuple[str, str]] = []
        self.goes_on = False  # whether the next piece belongs to the text before it
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.goes_on = tag in INLINE and "lang" not in attributes
        if tag in VOID:
            return
        _tag, outer, aside = self.inside[-1] if self.inside else ("", "", False)
        aside = aside or tag in ASIDE or "hreflang" in attributes
        aside = aside or not ASIDE_CLASSES.isdisjoint(attributes.get("class", "").split())
        self.inside.append((tag, attributes.get("lang", outer), aside))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Pass over what has no end and no text: parts of drawings."""

    def handle_endtag(self, tag: str) -> None:
        language = self.inside[-1][1] if self.inside else ""
        while self.inside and self.inside.pop()[0] != tag:
            pass
        self.goes_on = tag in INLINE and bool(self.inside) and self.inside[-1][1] == language

    def handle_data(self, data: str) -> None:
        if not self.inside or self.inside[-1][2]:
            return
        text = data.replace("\u00a0", " ").replace("\u2060", "")
        if self.goes_on and self.texts:
            text = self.texts.pop()[1] + text
        self.texts.append((self.inside[-1][1], text))
        self.goes_on = True


def letters(text: str) -> int:
    """Return the number of letters; a Thai vowel or tone mark is one."""
    return sum(unicodedata.category(character)[0] in "LM" for character in text)


def latin_letters(text: str) -> int:
    """Return the number of Latin letters."""
    return sum(character.isalpha() and unicodedata.name(character, "").startswith("LATIN") for character in text)


def english_texts(html: str, language: str, names: re.Pattern[str]) -> tuple[int, list[tuple[int, str]]]:
    """Return the letters of a page, and its English texts with the letters that count of each; names are left out of both."""
    total, found = 0, []
    for tag, whole in Texts(html).texts:
        text = NO_LANGUAGE.sub("", names.sub("", whole))
        total += letters(text)
        if tag == "en":
            number = letters(text)
        elif language == "th":
            number = latin_letters(text) if tag == language else 0
        else:
            number = letters(text) if tag == language and ENGLISH.search(text) else 0
        if number:
            found.append((number, " ".join(text.split())))
    return total, sorted(found, reverse=True)


ADDRESSES = [address for name, address in PAGES.items() if name not in NOT_OF_THE_ARTICLE]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("address", [*ADDRESSES, *MORE])
def test_hardly_any_english_is_left(client: Client, names: re.Pattern[str], address: str, language: str) -> None:
    html = client.get(address_in(address, language)).content.decode()
    total, found = english_texts(html, language, names)
    english = sum(number for number, _text in found)
    assert total > 100
    assert english / total < MOST, found[:20]


def test_what_is_english_would_be_noticed() -> None:
    names = re.compile("Film Board|A - B")
    page = '<html lang="{}"><a class="brand" lang="en">On the Record</a><p>{}</p></html>'

    def found(language: str, text: str) -> list[tuple[int, str]]:
        return english_texts(page.format(language, text), language, names)[1]

    assert found("th", "ไทย <b>Film</b> Board JSON A\u00a0- B <code>curl</code>") == []
    assert found("vi", 'Phát biểu <span lang="en">Film <b>Board</b></span>') == []
    assert found("th", 'ไทย <span lang="en">It was said.</span> ไทย') == [(9, "It was said.")]
    assert found("th", "ไทย Film ไทย") == [(4, "ไทย Film ไทย")]
    assert found("vi", "Phát biểu. <i>All of it</i>") == [(7, "All of it")]
    assert found("vi", '<ul class="names"><li lang="en">Training</li></ul>') == []
    assert english_texts(page.format("th", "คำ Film Board"), "th", names) == (2, [])


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_guide_in_english_says_so_first(client: Client, language: str) -> None:
    for address in ("/api-guide/", "/api-guide/changes/"):
        html = client.get(address_in(address, language)).content.decode()
        said = {"th": "ภาษาอังกฤษ (ยังไม่มีภาษาไทย)", "vi": "Chỉ có tiếng Anh"}[language]
        assert 0 < html.find(said) < html.find('<article class="guide" lang="en">')
