"""Names and titles are not broken inside Thai words, before ๆ or before a dash; no character is added or lost."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils.translation import override

from base.text.line_breaks import LONGEST_RUN, unbroken_parts, with_firm_spaces
from tests import factories as make


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("สั้น ๆ และอื่น ๆ", "สั้น\u00a0ๆ และอื่น\u00a0ๆ"),
        ("Việt Nam - Hoa Kỳ", "Việt Nam\u00a0- Hoa Kỳ"),
        ("Film – law — art", "Film\u00a0– law\u00a0— art"),
        ("Vietnam–US film, well-known", "Vietnam–US film, well-known"),
        ("- first", "- first"),
        ("", ""),
    ],
)
def test_a_space_before_a_repeating_sign_or_a_dash_is_firm(text: str, shown: str) -> None:
    assert with_firm_spaces(text) == shown


@pytest.mark.parametrize(
    ("text", "firm"),
    [
        ("ฮาร์วาร์ด", ["ฮาร์วาร์ด"]),
        ("Harvard (ฮาร์วาร์ด) 2025", ["ฮาร์วาร์ด"]),
        ("โรเบิร์ต แคนทรี", ["โรเบิร์ต", "แคนทรี"]),
        ("ปัญญาประดิษฐ์และเทคโนโลยี", ["ปัญญาประดิษฐ์และเทคโนโลยี"]),
        ("Film law", []),
        ("", []),
        ("ก" * (LONGEST_RUN + 1), []),
        ("การประชุมว่าด้วยปัญญาประดิษฐ์และอัตลักษณ์ของภาพยนตร์", ["ปัญญาประดิษฐ์", "อัตลักษณ์", "ภาพยนตร์"]),
    ],
)
def test_thai_words_are_kept_together(text: str, firm: list[str]) -> None:
    parts = unbroken_parts(text)
    assert "".join(part for _firm, part in parts) == text
    assert [part for is_firm, part in parts if is_firm] == firm


@pytest.mark.django_db
def test_names_are_shown_so_wherever_they_stand(client: Client) -> None:
    topic = make.make_topic("Law & film")
    make.make_name(topic, "กฎหมาย <ฮาร์วาร์ด> - ต่าง ๆ", "th")
    make.make_statement(wording="Films are made.", topics=[topic])
    firm = '<span class="unbroken">กฎหมาย</span> &lt;<span class="unbroken">ฮาร์วาร์ด</span>&gt;\u00a0- '
    firm += '<span class="unbroken">ต่าง</span>\u00a0ๆ'
    for address in ("/th/topics/law-film/", "/th/topics/", "/th/statements/"):
        assert firm in client.get(address).text, address
    with override("th"):
        found = Template("{% load record %}{% name topic words %}").render(Context({"topic": topic, "words": ["ต่าง"]}))
    assert "<b>ต่าง</b>" in found
