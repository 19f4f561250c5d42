"""EDTF dates in the words of each language, in Thai with Buddhist years."""

import datetime

import pytest
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import override

from base.text.date_words import date_in_words, span_in_words
from tests import factories as make

DATES = {
    "": ("date not stated", "ไม่ระบุวันที่", "không nêu ngày"),
    "2025": ("2025", "พ.ศ. 2568", "năm 2025"),
    "2025-03": ("March 2025", "มีนาคม พ.ศ. 2568", "tháng 3 năm 2025"),
    "2025-03-14T10:00:00Z": ("14 March 2025", "14 มีนาคม พ.ศ. 2568", "ngày 14 tháng 3 năm 2025"),
    "2025~": ("about 2025", "ประมาณ พ.ศ. 2568", "khoảng năm 2025"),
    "2025?": ("2025 (uncertain)", "พ.ศ. 2568 (ไม่แน่ชัด)", "năm 2025 (chưa chắc chắn)"),
    "2025%": ("about 2025 (uncertain)", "ประมาณ พ.ศ. 2568 (ไม่แน่ชัด)", "khoảng năm 2025 (chưa chắc chắn)"),
    "2025/2026-02": ("2025 to February 2026", "พ.ศ. 2568 ถึง กุมภาพันธ์ พ.ศ. 2569", "năm 2025 đến tháng 2 năm 2026"),
    "2025/..": ("from 2025 on", "ตั้งแต่ พ.ศ. 2568 เป็นต้นไป", "từ năm 2025 trở đi"),
    "../2025": ("until 2025", "จนถึง พ.ศ. 2568", "đến năm 2025"),
    "2025-22": ("summer 2025", "ฤดูร้อน พ.ศ. 2568", "mùa hè năm 2025"),
    "201X": ("between 2010 and 2019", "ระหว่าง พ.ศ. 2553 ถึง พ.ศ. 2562", "trong khoảng năm 2010 đến năm 2019"),
    "2025-XX": ("2025", "พ.ศ. 2568", "năm 2025"),
    "2025-03-XX": ("March 2025", "มีนาคม พ.ศ. 2568", "tháng 3 năm 2025"),
    "2004-06~-11": ("about 11 June 2004", "ประมาณ 11 มิถุนายน พ.ศ. 2547", "khoảng ngày 11 tháng 6 năm 2004"),
    "[2025,2026]": (
        "between 1 January 2025 and 31 December 2026",
        "ระหว่าง 1 มกราคม พ.ศ. 2568 ถึง 31 ธันวาคม พ.ศ. 2569",
        "trong khoảng ngày 1 tháng 1 năm 2025 đến ngày 31 tháng 12 năm 2026",
    ),
}


@pytest.mark.parametrize(("date", "shown"), DATES.items())
def test_dates_are_put_into_words(date: str, shown: tuple[str, str, str]) -> None:
    for code, words in zip(("en", "th", "vi"), shown, strict=True):
        with override(code):
            assert date_in_words(date) == words


def test_ends_that_are_not_stated_say_so() -> None:
    assert date_in_words("2025/") == "from 2025, end not stated"
    assert date_in_words("/2025") == "until 2025, beginning not stated"
    assert span_in_words("2020", "") == "from 2020, end not stated"
    assert span_in_words("2020~", "2021-02") == "about 2020 to February 2021"
    assert span_in_words("2020/2021", "2024") == "2020 to 2021 – 2024"
    assert span_in_words("", "") == "date not stated"
    assert date_in_words("no date") == "no date"


def test_vietnamese_dates_of_django_go_into_a_sentence() -> None:
    with override("vi"):
        moment = datetime.datetime(2025, 11, 5, 9, 5)
        assert date_format(moment, "DATE_FORMAT") == "ngày 5 tháng 11 năm 2025"
        assert date_format(moment, "DATETIME_FORMAT") == "09:05 ngày 5 tháng 11 năm 2025"


@pytest.mark.django_db
def test_vietnamese_says_the_word_for_day_once_and_begins_lines_with_a_capital(client: Client) -> None:
    source = make.make_source("A letter", date="2025-03-14", compared_on=datetime.date(2025, 11, 5))
    event = make.make_event("Harbour workshop", date="2025-03-14")
    statement = make.make_statement(event=event, passages=[make.make_passage(source, "Ships are late.")])
    for address in (source, event, statement):
        text = client.get(f"/vi{address.get_absolute_url()}").content.decode()
        assert "ngày ngày" not in text.lower()
    assert "<dd>Ngày 14 tháng 3 năm 2025</dd>" in client.get(f"/vi{source.get_absolute_url()}").content.decode()
    assert '<p class="note">Ngày 14 tháng 3 năm 2025</p>' in text
    changes = client.get(f"/vi{source.get_absolute_url()}changes/").content.decode()
    assert ">Ngày " in changes
    assert ">ngày " not in changes
