"""Names, roles, bodies, events, initiatives and dates; new ones and those on record. All sentences are invented."""

from typing import Any

import pytest

from desk.proposals import KnownName, KnownNames, Proposal, UnknownLanguage, propose
from tests.factories import make_event, make_initiative, make_name, make_organization, make_person

CASES = [
    ("en", "name", "Deputy minister Pavel Orsk left. Orsk was tired.", ["Pavel Orsk"]),
    ("en", "name", "Dr. Maria Lopez-Ruiz, who runs the clinic, and J. R. Moss, a pilot, met.", ["Maria Lopez-Ruiz", "J. R. Moss"]),
    ("en", "name", "Her brother, Otto, met Mr van der Berg in Port Sable.", ["Otto", "van der Berg"]),
    ("en", "name", "Ludwig van der Berg, a baker, lives in Lower Tarn near the Quill River.", ["Ludwig van der Berg"]),
    ("en", "name", "The contractor, Brandt & Holm, and the shipping line Northlight declined on Monday.", []),
    ("en", "name", "On Monday the French and the Labour Party met in Cask Street.", []),
    ("vi", "name", "Ông Lương Khắc Điền gặp bà Phan Thục Chinh ở Bến Sậy. Ông Điền mệt.", ["Lương Khắc Điền", "Phan Thục Chinh"]),
    ("vi", "name", "HLV Bạch Văn Ngoạn và thủ môn Lò Văn Sáng về tỉnh Lam Hạ.", ["Bạch Văn Ngoạn", "Lò Văn Sáng"]),
    ("vi", "name", "Trương Kha, tiền vệ 22 tuổi, qua cầu Bến Sậy.", ["Trương Kha"]),
    ("th", "name", "นายธีรเดช กล้าณรงค์ชัย นายกเทศมนตรี พบกับนางสาวพิมพ์ ศรีเมือง วิศวกร", ["ธีรเดช กล้าณรงค์ชัย", "พิมพ์ ศรีเมือง"]),
    ("th", "name", "คนที่นั่งอยู่คือ มัลลิกา รุ่งโรจน์กิจ บรรณารักษ์วัย 46 ปี", ["มัลลิกา รุ่งโรจน์กิจ"]),
    ("th", "name", "ประสิทธิ์ แสงเดือน บุตรชาย กล่าวว่า แม่หลับไปแล้ว", ["ประสิทธิ์ แสงเดือน"]),
    ("th", "name", "น.ส.รุ่งทิวา คงกุล ทนายความจำเลย มาถึงแล้ว", ["รุ่งทิวา คงกุล"]),
    ("th", "name", "พ.ต.อ.ธนกฤต มั่นคง ผกก.สภ.บ้านนา และ ส.ท.บุญเลิศ คำดี มาถึงแล้ว", ["ธนกฤต มั่นคง", "บุญเลิศ คำดี"]),
    ("th", "name", "ลูกสาวคนเดียวชื่อ นภาพร ดินเหนียว ทำงานธนาคาร", ["นภาพร ดินเหนียว"]),
    ("th", "name", "ประธาน บริษัท น้ำใสพลังงาน จำกัด กล่าวว่า ปีนี้ดีมาก", []),
    ("th", "name", "คุณภาพของนายจ้างและนางแบบดีขึ้น", []),
    ("th", "name", "โง เฟือง ลาน ประธาน VFDA กล่าวว่า ปีนี้ดีมาก", ["โง เฟือง ลาน"]),
    ("en", "role", "Deputy transport minister Pavel Orsk met Jo Lind, who chairs the union.",
     ["Deputy transport minister", "chairs the union"]),
    ("en", "role", "Adaeze Keld, president of the Lantern Trust, left.", ["president of the Lantern Trust"]),
    ("vi", "role", "Ông Trần Văn Hòa, giám đốc Sở Y tế, đã đến.", ["giám đốc Sở Y tế"]),
    ("th", "role", "นายธีรเดช กล้าณรงค์ชัย นายกเทศมนตรีเมืองเวียงพราน กล่าวว่า ดีมากจริงๆ", ["นายกเทศมนตรีเมืองเวียงพราน"]),
    ("en", "organization", "The Coastal University of Merrin and Brand & Co paid.", ["Coastal University of Merrin", "Brand & Co"]),
    ("en", "organization", "Pupils of St Anne’s Primary sang.", ["St Anne’s Primary"]),
    ("vi", "organization", "Viện Đất khô hạn đã trả, UBND thị xã Bến Sậy quyết định.", ["Viện Đất khô hạn", "UBND thị xã Bến Sậy"]),
    ("th", "organization", "กระทรวงสาธารณสุขระบุว่า ยังไม่พบผู้ป่วยรายใหม่", ["กระทรวงสาธารณสุข"]),
    ("en", "event", "They won the Three Rivers Cup in May.", ["Three Rivers Cup"]),
    ("en", "initiative", "It announced Seeds in Common, a five-year initiative.", ["Seeds in Common"]),
    ("th", "initiative", "เปิดตัวโครงการ “คลังเมล็ดบ้านเรา” แล้ว", ["คลังเมล็ดบ้านเรา"]),
    ("en", "date", "On March 4, on 11 February 2021 and in November 2019, not in 2003 or in May.",
     ["March 4", "11 February 2021", "November 2019"]),
    ("vi", "date", "Sáng 12/8, ngày 9 tháng 9 năm 2025 và 14/10/2025, 17/29 phiếu.", ["12/8", "9 tháng 9 năm 2025", "14/10/2025"]),
    ("th", "date", "เมื่อวันที่ 12 สิงหาคม 2568 และ 14 ต.ค. 68 เวลา 16.00 น.", ["12 สิงหาคม 2568", "14 ต.ค. 68"]),
]  # fmt: skip


def of_kind(text: str, language: str, kind: str, names: KnownNames | None = None) -> list[Proposal]:
    found = [one for one in propose(text, language, names) if one.kind == kind]
    assert all(one.text == text[slice(*one.spans[0])] for one in found)
    return found


@pytest.mark.parametrize(("language", "kind", "text", "expected"), CASES)
def test_what_is_named_is_proposed_once(language: str, kind: str, text: str, expected: list[str]) -> None:
    assert [one.text for one in of_kind(text, language, kind)] == expected


def test_a_name_has_all_its_places() -> None:
    text = "Deputy minister Pavel Orsk left. Orsk was tired, and Mr Orsk slept."
    (name,) = of_kind(text, "en", "name")
    assert [text[slice(*span)] for span in name.mentions] == ["Pavel Orsk", "Orsk", "Orsk"]


def test_a_language_without_rules_is_refused() -> None:
    with pytest.raises(UnknownLanguage, match="there are for en, th and vi"):
        propose("Bonjour.", "fr")


def test_a_tag_with_a_region_is_its_language() -> None:
    assert propose("Deputy minister Pavel Orsk left.", "en-GB")


# On record

TRAN = KnownName("person", "tran-van-hoa", "Trần Văn Hòa")


@pytest.mark.parametrize(
    ("spelling", "text", "expected"),
    [
        ("Trần Văn Hòa", "Ông Trần Văn Hòa đến.", "Trần Văn Hòa"),
        ("Trần Văn Hòa", "TRAN VAN HOA came.", "TRAN VAN HOA"),
        ("Trần Văn Hòa", "Tra\u0302\u0300n Va\u0306n Ho\u0300a came.", "Tra\u0302\u0300n Va\u0306n Ho\u0300a"),
        ("น้ำใส", "พบน้ําใส ที่นี่", "น้ําใส"),
        ("แสง", "พบเเสง ที่นี่", "เเสง"),
        ("Bui", "A building stood.", None),
        ("Bui", "Bui, too.", "Bui"),
        ("ลาน", "พบลานะ", None),
    ],
)
def test_spellings_on_record_are_found_whole(spelling: str, text: str, expected: str | None) -> None:
    found = list(KnownNames([(spelling, TRAN)]).find(text))
    assert [text[one.start : one.end] for one in found] == ([expected] if expected else [])


def test_the_longest_spelling_wins() -> None:
    other = KnownName("organization", "hoa", "Văn Hòa")
    found = list(KnownNames([("Văn Hòa", other), ("Trần Văn Hòa", TRAN)]).find("Ông Trần Văn Hòa và Văn Hòa"))
    assert [one.records[0].id for one in found] == ["tran-van-hoa", "hoa"]


def test_a_name_on_record_carries_its_record_to_name_and_speaker() -> None:
    names = KnownNames([("I. Aldana", KnownName("person", "ines-aldana", "Ines Aldana"))])
    found = propose("“It is late,” I. Aldana said.", "en", names)
    (name,) = [one for one in found if one.kind == "name"]
    (quote,) = [one for one in found if one.kind == "quote"]
    assert name.record == {"kind": "person", "id": "ines-aldana"}
    assert name.score == 1
    assert quote.speaker is not None
    assert (quote.speaker.text, quote.speaker.who) == ("I. Aldana", "Ines Aldana")
    assert quote.speaker.record == name.record


def test_a_common_word_is_no_name_on_record() -> None:
    names = KnownNames([("May", KnownName("person", "may", "May"))])
    assert of_kind("It may rain.", "en", "name", names) == []


@pytest.mark.django_db
def test_all_spellings_of_all_kinds_come_from_the_database(django_assert_num_queries: Any) -> None:
    person = make_person("Ines Aldana")
    make_name(person, "อิเนส อัลดานา", "th")
    make_organization("Lantern Trust")
    make_initiative("Seeds in Common")
    make_event("Harbour Days")
    make_person("Gone Away", status="withdrawn")
    with django_assert_num_queries(4):
        names = KnownNames.from_database()
    text = "อิเนส อัลดานา; Lantern Trust; Seeds in Common; Harbour Days; Gone Away"
    found = [(one.records[0].kind, text[one.start : one.end]) for one in names.find(text)]
    assert found == [
        ("person", "อิเนส อัลดานา"),
        ("organization", "Lantern Trust"),
        ("initiative", "Seeds in Common"),
        ("event", "Harbour Days"),
    ]
