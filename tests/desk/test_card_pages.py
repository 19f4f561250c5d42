"""Cards as they stand in the page beside the text."""

from __future__ import annotations

from collections import Counter

import lxml.html
import pytest
from django.test import Client

from desk.cards import CARDS

from .articles import english
from .test_statement_cards import open_card

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", CARDS)
def test_the_label_of_every_field_leads_to_it(admin_client: Client, kind: str) -> None:
    article = english()
    page = admin_client.get(f"/admin/desk/{article.source.slug}/").content.decode()
    card = open_card(admin_client, article, kind, "Ines Aldana").content.decode()
    together = lxml.html.document_fromstring(page.replace('<div id="card-place">', f'<div id="card-place">{card}'))
    ids = Counter(together.xpath("//@id"))
    assert {found for found, count in ids.items() if count > 1} == set()
    fields = set(together.xpath("//form[@id='card']//*[self::input or self::select or self::textarea]/@id"))
    labels = set(together.xpath("//form[@id='card']//label/@for"))
    assert len(labels) > 3
    assert labels <= fields
