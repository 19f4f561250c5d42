"""Figures tell which statements and which texts of the editors are not in Thai or Vietnamese yet; nothing is refused for it."""

from __future__ import annotations

import pytest
from django.test import Client

from events.quality import QualityRows, figures, quality_check
from tests import factories as make

pytestmark = pytest.mark.django_db


def count(key: str) -> int | None:
    (figure,) = figures([key])
    return figure.count


def test_a_text_that_is_neither_written_nor_translated_is_counted() -> None:
    person, body = make.make_person(), make.make_organization()
    position = make.make_affiliation(person, body, translations={"th": {"role": "ผู้อำนวยการ"}})
    assert (count("texts-no-thai"), count("texts-no-vietnamese")) == (0, 1)
    position.note, position.certainty = "Not said when.", "inferred"
    position.save()
    assert (count("texts-no-thai"), count("texts-no-vietnamese")) == (1, 1)
    position.text_language, position.translations = "vi-VN", {"th": {"role": "ผู้อำนวยการ", "note": "ไม่ได้บอกว่าเมื่อใด"}}
    position.save()
    assert (count("texts-no-thai"), count("texts-no-vietnamese")) == (0, 0)


def test_the_rows_behind_a_figure_are_listed() -> None:
    make.make_affiliation(make.make_person("Ann Lee"), make.make_organization())
    (line,) = QualityRows(quality_check("texts-no-thai"))[0:50]
    assert "Ann Lee" in str(line)


def test_the_first_page_of_the_admin_says_which_statements_lack_a_language(admin_client: Client) -> None:
    make.make_statement(make.make_person(), wording="It rained.")
    html = admin_client.get("/admin/").content.decode()
    assert "Statements without Thai: 1 of 1" in html
    assert "/data/quality/no-thai/" in html
