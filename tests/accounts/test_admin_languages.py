"""The admin speaks the language of its address, as the pages of the site do: /admin/, /th/admin/, /vi/admin/."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from base.text.languages import CODES, address_in
from config.server.parser import UPLOADS
from directory.models import Person
from tests import factories as make
from tests.accounts.people import PASSWORD, make_user
from tests.curation import change_url, opened

pytestmark = pytest.mark.django_db
WORDS = {"en": "Articles in work", "th": "บัญชีของคุณ", "vi": "Tài khoản của bạn"}


@pytest.fixture
def curator(client: Client) -> Client:
    """A browser in which a keeper is signed in."""
    client.force_login(make_user("somchai", "keeper"))
    return client


def links(response: Any) -> list[str]:
    """Return the addresses that a page leads to or sends forms to, without those of the switch of languages."""
    text = re.sub(r'<nav class="desk-languages".*?</nav>', "", response.content.decode(), flags=re.S)
    return re.findall(r'(?:href|action|data-hx-post)="(/[^"]*)"', text)


@pytest.mark.parametrize("language", CODES)
def test_pages_speak_the_language_of_their_address_and_links_stay_in_it(curator: Client, language: str) -> None:
    person = make.make_person("Ann Lee")
    for path in ("/admin/", "/admin/records/", "/admin/intake/", "/admin/directory/person/", change_url(person)):
        response = curator.get(address_in(path, language), headers={"accept-language": "vi"})
        assert (response.status_code, response.headers["Content-Language"]) == (200, language)
        assert f'<html lang="{language}"' in response.content.decode()
        begin = address_in("/", language)
        assert {
            href for href in links(response) if not href.startswith(begin) and not href.startswith("/static/")
        } == set()
        if language == "en":
            assert [href for href in links(response) if href.startswith(("/th/", "/vi/"))] == []
    assert WORDS[language] in curator.get(address_in("/admin/", language)).content.decode()


def test_the_switch_leads_to_the_same_page_in_the_other_languages(curator: Client) -> None:
    text = curator.get("/th/admin/directory/person/?q=ann").content.decode()
    switch = re.search(r'<nav class="desk-languages".*?</nav>', text, re.S)
    assert switch is not None
    assert re.findall(r'href="([^"]*)"', switch[0]) == [
        f"{prefix}/admin/directory/person/?q=ann" for prefix in ("", "/th", "/vi")
    ]


def test_who_is_not_signed_in_signs_in_in_the_language_and_goes_on(client: Client) -> None:
    make_user("somchai", "keeper")
    response = client.get("/th/admin/directory/person/")
    assert response.url == "/th/admin/login/?next=/th/admin/directory/person/"
    page = client.get(response.url, headers={"accept-language": "vi"})
    assert page.headers["Content-Language"] == "th"
    response = client.post(
        response.url, {"username": "somchai", "password": PASSWORD, "next": "/th/admin/directory/person/"}
    )
    assert response.url == "/th/admin/directory/person/"
    assert client.post("/th/admin/logout/").headers["Content-Language"] == "th"


def test_english_can_be_chosen_whatever_the_browser_prefers(client: Client) -> None:
    page = client.get("/admin/login/?next=/admin/", headers={"accept-language": "th"})
    assert page.headers["Content-Language"] == "th"
    href = "/admin/login/?next=/admin/&amp;language=en"
    assert f'href="{href}"' in page.content.decode()
    page = client.get(href.replace("&amp;", "&"), headers={"accept-language": "th"})
    assert page.headers["Content-Language"] == "en"
    assert client.get("/admin/login/?language=tlh").headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("address", "prefers", "goes_on"),
    [
        ("/admin/login/?next=/admin/", "th", "/th/admin/"),
        ("/admin/login/?next=/admin/directory/person/%3Fq%3Dann", "vi", "/vi/admin/directory/person/?q=ann"),
        ("/admin/login/?next=/admin/&language=en", "th", "/admin/"),
        ("/vi/admin/login/?next=/vi/admin/", "th", "/vi/admin/"),
        ("/admin/login/?next=/th/admin/", "vi", "/th/admin/"),
        ("/admin/login/?next=/people/", "th", "/people/"),
        ("/admin/login/", "th", "/th/admin/"),
    ],
)
def test_the_desk_speaks_the_language_of_the_sign_in(client: Client, address: str, prefers: str, goes_on: str) -> None:
    make_user("somchai", "keeper")
    next_page = client.get(address, headers={"accept-language": prefers}).context["next"]
    data = {"username": "somchai", "password": PASSWORD, "next": next_page}
    assert client.post(address, data, headers={"accept-language": prefers}).url == goes_on


@pytest.mark.parametrize("language", CODES)
def test_a_form_that_came_too_late_is_shown_again_in_its_language(client: Client, language: str) -> None:
    client.force_login(make_user("somchai", "keeper"))
    person = make.make_person("Ann Lee")
    url = address_in(change_url(person), language)
    data = opened(client, url)
    client.logout()
    page = client.post(url, {**data, "wikidata": "Q42"})
    assert (page.status_code, page.context["app_path"].partition("?")[0]) == (
        403,
        address_in("/admin/login/", language),
    )
    assert "desk-languages" not in page.content.decode()  # it would lead away from the form that is held
    response = client.post(
        page.context["app_path"],
        {"username": "somchai", "password": PASSWORD, "held": page.context["held"], "next": url},
    )
    assert response.url == url
    assert 'value="Q42"' in client.get(url).content.decode()
    assert Person.objects.get().wikidata == ""


def test_a_curator_may_send_large_texts_in_every_language() -> None:
    assert set(UPLOADS) == {address_in(reverse("admin:index"), code) for code in CODES}


def test_crawlers_are_kept_out_in_every_language(client: Client) -> None:
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert {f"Disallow: {address_in('/admin/', code)}" for code in CODES} <= set(lines)
