"""Reported speech: the clause behind a verb, before it or around it, and who says it. All sentences are invented."""

import pytest

from desk.proposals import propose

ENGLISH = [
    ("Ana Prell, mayor of Sond, told reporters that the bridge was safe.", ["the bridge was safe"], "Ana Prell"),
    ("The old bridge was safe, said Ana Prell, the mayor.", ["The old bridge was safe"], "Ana Prell"),
    ("The old bridge was safe, the Port Authority said.", ["The old bridge was safe"], "Port Authority"),
    (
        "SOND (Coastal Wire) — The old bridge was safe, the Port Authority said.",
        ["The old bridge was safe"],
        "Port Authority",
    ),
    ("According to Ms Prell, the dogs’ owners will pay.", ["the dogs’ owners will pay"], "Prell"),
    (
        "According to the team doctor, Kamala Pries, he will be out for weeks.",
        ["he will be out for weeks"],
        "Kamala Pries",
    ),
    (
        "Prices had risen by four percent, according to the Institute of Marine Studies.",
        ["Prices had risen by four percent"],
        "Institute of Marine Studies",
    ),
    ("Jane Alder, 34, a nurse from Sond, said she had waited six hours.", ["she had waited six hours"], "Jane Alder"),
    (
        "Sarah Okafor of the Lantern Trust said the law was outdated, adding that nobody had read it.",
        ["the law was outdated", "nobody had read it"],
        "Sarah Okafor",
    ),
    (
        "Mr Kamin warned that taxes would rise and that wages would fall.",
        ["taxes would rise", "wages would fall"],
        "Kamin",
    ),
    ("Mr Kamin asked whether it moved.", ["whether it moved"], "Kamin"),
    ("Mr Kamin confirmed the date.", [], ""),
    ("Mr Kamin said goodbye.", [], ""),
]
VIETNAMESE = [
    (
        "Ông Trần Văn Hòa, giám đốc Sở Y tế, cho biết dịch đã được kiểm soát.",
        ["dịch đã được kiểm soát"],
        "Trần Văn Hòa",
    ),
    ("Theo ông Lê Quốc Khánh, giá gạo sẽ tăng trong tháng tới.", ["giá gạo sẽ tăng trong tháng tới"], "Lê Quốc Khánh"),
    ("Giá gạo sẽ tăng trong tháng tới, theo ông Lê Quốc Khánh.", ["Giá gạo sẽ tăng trong tháng tới"], "Lê Quốc Khánh"),
    ("TS. Vũ Đình Long nhấn mạnh rằng rừng ngập mặn đang mất dần.", ["rừng ngập mặn đang mất dần"], "Vũ Đình Long"),
    ("Công ty Sao Mai cho biết sẽ đền bù cho người dân.", ["sẽ đền bù cho người dân"], "Công ty Sao Mai"),
    (
        "Bà Lê Thu Lan cảnh báo sẽ tốn thêm tiền, còn ông Trần Văn Hòa đáp sẽ tự đi quyên góp.",
        ["sẽ tốn thêm tiền", "sẽ tự đi quyên góp"],
        "Lê Thu Lan",
    ),
    ("Cỏ mọc theo đường đi của dòng nước qua làng.", [], ""),
]
THAI = [
    ("นายสมชาย ใจดี รัฐมนตรีว่าการกระทรวงคมนาคม กล่าวว่า โครงการจะแล้วเสร็จในปีหน้า", ["โครงการจะแล้วเสร็จในปีหน้า"], "สมชาย ใจดี"),
    ("ดร.สุดารัตน์ แก้วใส เปิดเผยกับผู้สื่อข่าวว่า ระดับน้ำเริ่มลดลงแล้ว", ["ระดับน้ำเริ่มลดลงแล้ว"], "สุดารัตน์ แก้วใส"),
    ("ดร.สุดารัตน์ แก้วใส ระบุว่า น้ำลดแล้ว พร้อมย้ำว่า ประชาชนไม่ควรประมาท", ["น้ำลดแล้ว", "ประชาชนไม่ควรประมาท"], "สุดารัตน์ แก้วใส"),
    ("ตามที่ ดร.สุดารัตน์ แก้วใส กล่าว ระดับน้ำเริ่มลดลงแล้ว", ["ระดับน้ำเริ่มลดลงแล้ว"], "สุดารัตน์ แก้วใส"),
    ("นายเสริมศักดิ์ คงคา เตือนว่า การลดระดับน้ำมากกว่านี้จะอันตราย", ["การลดระดับน้ำมากกว่านี้จะอันตราย"], "เสริมศักดิ์ คงคา"),
    ("กระทรวงสาธารณสุขระบุว่า ยังไม่พบผู้ป่วยรายใหม่", ["ยังไม่พบผู้ป่วยรายใหม่"], "กระทรวงสาธารณสุข"),
    ("พ.ต.อ.ธนกฤต มั่นคง ผกก.สภ.บ้านนา ระบุ เบื้องต้นไม่มีผู้บาดเจ็บ", ["เบื้องต้นไม่มีผู้บาดเจ็บ"], "ธนกฤต มั่นคง"),
    ("นายวิโรจน์ แสนสุข เปิดเผยถึงกรณีคลื่นซัดสะพานท่าเรือหาดทรายขาวพังเสียหายว่า ได้ปิดท่าเรือแล้ว", ["ได้ปิดท่าเรือแล้ว"], "วิโรจน์ แสนสุข"),
    ("ดนัย พงศ์พันธุ์ นักวิจารณ์ภาพยนตร์ เขียนว่า นี่คือหนังที่กล้าที่สุด", ["นี่คือหนังที่กล้าที่สุด"], "ดนัย พงศ์พันธุ์"),
    ("อรชร หัสดินทร์ ศิลปินหุ่นกระบอก เดินทางถึงเมืองท่าแกรมแล้ว", [], ""),
    ("นายสมชาย ใจดี เดินทางไปเสริมสร้างความร่วมมือระหว่างสองเมือง", [], ""),
]


@pytest.mark.parametrize(
    ("language", "case"),
    [("en", case) for case in ENGLISH] + [("vi", case) for case in VIETNAMESE] + [("th", case) for case in THAI],
)
def test_reported_speech_has_its_clauses_and_its_speaker(language: str, case: tuple[str, list[str], str]) -> None:
    text, clauses, who = case
    found = [one for one in propose(text, language) if one.kind == "reported"]
    assert [one.text for one in found] == clauses
    assert all(one.text == " … ".join(text[start:end] for start, end in one.spans) for one in found)
    if found:
        assert found[0].speaker is not None
        assert found[0].speaker.who == who


def test_a_quoted_part_of_a_clause_is_a_quote_besides() -> None:
    found = propose("The Ministry of Health said that it was “well aware” of the case.", "en")
    assert [(one.kind, one.text) for one in found if one.kind in ("quote", "reported")] == [
        ("reported", "it was “well aware” of the case"),
        ("quote", "well aware"),
    ]


def test_the_report_of_a_reporter_is_none() -> None:
    found = propose("ผู้สื่อข่าวรายงานว่า เทศบาลเมืองเวียงพราน ได้สั่งปิดสะพานไม้", "th")
    assert [one.text for one in found if one.kind == "reported"] == []
