"""The guide for curators as a page of the desk."""

from __future__ import annotations

import lxml.html
import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_the_guide_is_one_click_away_and_all_it_links_is_there(admin_client: Client) -> None:
    assert '<a href="/th/admin/guide/"' in admin_client.get("/th/admin/").content.decode()
    answer = admin_client.get("/th/admin/guide/")
    page = lxml.html.document_fromstring(answer.content.decode())
    (guide,) = page.find_class("guide")
    assert (guide.get("lang"), page.xpath("//h1/text()")) == ("en", ["For curators"])
    files = [*guide.xpath(".//img/@src"), *guide.xpath(".//a[starts-with(@href, 'pictures/')]/@href")]
    assert len(files) > 10
    for name in files:
        file = admin_client.get(f"/th/admin/guide/{name}")
        assert (file.status_code, len(file.content) > 500) == (200, True), name
    ids = set(guide.xpath(".//@id"))
    within = [address[1:] for address in guide.xpath(".//a/@href") if address.startswith("#")]
    assert within
    assert set(within) <= ids
    assert guide.xpath(".//table//th/text()")[0] == "key"


@pytest.mark.parametrize("name", ["none.webp", "..%2Fcuration.md", "article.txt%00"])
def test_nothing_else_is_served(admin_client: Client, name: str) -> None:
    assert admin_client.get(f"/admin/guide/pictures/{name}").status_code in (400, 404)


def test_the_guide_is_for_curators(client: Client) -> None:
    assert client.get("/admin/guide/").status_code == 302
    assert client.get("/admin/guide/pictures/name.webp").status_code == 302
