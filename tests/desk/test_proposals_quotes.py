"""Direct quotes: which words, in which segments, and who says them. All sentences are invented."""

import pytest

from desk.proposals import Proposal, propose

CURLY = "The old tables had errors. Ines Aldana, who chairs the association, knows them all.\n"


def quotes(text: str, language: str) -> list[Proposal]:
    """Return the direct quotes of a text, and check that spans and texts fit."""
    found = [one for one in propose(text, language) if one.kind == "quote"]
    for one in found:
        assert one.text == " … ".join(text[start:end] for start, end in one.spans)
        assert one.speaker is None or one.speaker.span is None or text[slice(*one.speaker.span)] == one.speaker.text
        assert 0 <= one.score <= 1
        assert one.reason
    return found


def plain(text: str, language: str) -> list[tuple[str, str | None, str | None]]:
    """Return (words, speaker as printed, who) of each quote."""
    return [
        (one.text, one.speaker.text if one.speaker else None, one.speaker.who if one.speaker else None)
        for one in quotes(text, language)
    ]


ENGLISH = [
    ("“The bridge is safe,” Mayor Ana Prell said on Friday.", "The bridge is safe,", "Ana Prell", "Ana Prell"),
    ("Mayor Ana Prell said: “The bridge is safe.”", "The bridge is safe.", "Ana Prell", "Ana Prell"),
    ("“The bridge,” said Ana Prell, the mayor, “is safe.”", "The bridge, … is safe.", "Ana Prell", "Ana Prell"),
    ("“Is it safe?” asked Jon Maddox, a pilot.", "Is it safe?", "Jon Maddox", "Jon Maddox"),
    ("“Is it safe?” Jon Maddox asked.", "Is it safe?", "Jon Maddox", "Jon Maddox"),
    ('"We will appeal," lawyer Tom Baker told reporters.', "We will appeal,", "Tom Baker", "Tom Baker"),
    ("“We will appeal”, said lawyer Tom Baker.", "We will appeal", "Tom Baker", "Tom Baker"),
    (
        "‘It was cold,’ Mr Harrow said, ‘and the dogs’ bowls had frozen.’",
        "It was cold, … and the dogs’ bowls had frozen.",
        "Harrow",
        "Harrow",
    ),
    (
        "'It was cold,' Mr Harrow said, 'and the dogs' bowls had frozen.'",
        "It was cold, … and the dogs' bowls had frozen.",
        "Harrow",
        "Harrow",
    ),
    ("«We are late», says Ana Prell, the mayor.", "We are late", "Ana Prell", "Ana Prell"),
    ("„We are late“, says Ana Prell, the mayor.", "We are late", "Ana Prell", "Ana Prell"),
    ("「We are late」, says Ana Prell, the mayor.", "We are late", "Ana Prell", "Ana Prell"),
    (
        "Ana Prell, the mayor, replied, “He called it ‘a toy’ twice.”",
        "He called it ‘a toy’ twice.",
        "Ana Prell",
        "Ana Prell",
    ),
    ("Asked whether he would resign, Mr Kamin said: “No.”", "No.", "Kamin", "Kamin"),
    (
        "Tomas Reka, pilot of the port of Sond, called the plan “late, and still welcome”.",
        "late, and still welcome",
        "Tomas Reka",
        "Tomas Reka",
    ),
    (
        "In an email to staff, chief executive Raj Patel wrote: “This is not the end.”",
        "This is not the end.",
        "Raj Patel",
        "Raj Patel",
    ),
    ("“It was my father’s shop,” recalls Ms Prell’s brother, Otto.", "It was my father’s shop,", "Otto", "Otto"),
    (
        CURLY
        + "“Nobody drowns because of a number,” Ms Aldana said, “but people have drowned because of two numbers.”",
        "Nobody drowns because of a number, … but people have drowned because of two numbers.",
        "Aldana",
        "Ines Aldana",
    ),
    (CURLY + "“It is late,” she added.", "It is late,", "she", "Ines Aldana"),
    (
        "The minister, Piotr Kamin, resigned on Monday. “I am tired,” the minister said.",
        "I am tired,",
        "the minister",
        "Piotr Kamin",
    ),
    (
        "The Lantern Trust owns the mill. “We shall not sell,” the trust said.",
        "We shall not sell,",
        "the trust",
        "Lantern Trust",
    ),
    (
        "“No one was hurt,” harbour master Jo Lind told us. “That is the good news.”",
        "No one was hurt, … That is the good news.",
        "Jo Lind",
        "Jo Lind",
    ),
    ("Jon Maddox has learned to say no. ‘I used to be polite,’ he says.", "I used to be polite,", "he", "Jon Maddox"),
    ("“It is late,” said one visitor.", "It is late,", "one visitor", None),
    (
        "“We had no warning.\n“Nobody called us,” said Hal Jenner, a farmer.",
        "We had no warning. … Nobody called us,",
        "Hal Jenner",
        "Hal Jenner",
    ),
]
VIETNAMESE = [
    ("“Dịch đã được kiểm soát”, ông Trần Văn Hòa nói.", "Dịch đã được kiểm soát", "Trần Văn Hòa", "Trần Văn Hòa"),
    ("Bà Nguyễn Thị Lan nói: “Tôi rất mừng.”", "Tôi rất mừng.", "Nguyễn Thị Lan", "Nguyễn Thị Lan"),
    (
        'Bà Nguyễn Thị Lan, 62 tuổi, than: "Tôi còn lại cái gì?".',
        "Tôi còn lại cái gì?",
        "Nguyễn Thị Lan",
        "Nguyễn Thị Lan",
    ),
    ("Bà Nguyễn Thị Lan bán bún. “Tôi rất mừng”, bà Lan chia sẻ.", "Tôi rất mừng", "Lan", "Nguyễn Thị Lan"),
    ("Bà Nguyễn Thị Lan bán bún. “Tôi rất mừng”, bà nói.", "Tôi rất mừng", "bà", "Nguyễn Thị Lan"),
    (
        "“Không có nước”, chị Lê Hoa, công nhân, kể. “Cả xóm phải đi xin.”",
        "Không có nước … Cả xóm phải đi xin.",
        "Lê Hoa",
        "Lê Hoa",
    ),
    ("Bà Giàng Thị Máy nhuộm chàm.\n- Hôm nay nó vui, bà bảo.", "Hôm nay nó vui", "bà", "Giàng Thị Máy"),
    ("Ông Trần Văn Hòa gọi đây là «bước ngoặt».", "bước ngoặt", "Trần Văn Hòa", "Trần Văn Hòa"),
]
THAI = [
    ("นายสำรวย ดินดี มานั่งแล้ว\n“ก็ดินมันไม่บ่นอะไรเลย” ลุงสำรวยสวนทันควัน", "ก็ดินมันไม่บ่นอะไรเลย", "สำรวย", "สำรวย ดินดี"),
    ("ผู้ชมคนหนึ่งบ่นว่า “ดูไปครึ่งเรื่องยังไม่มีใครพูดอะไร”", "ดูไปครึ่งเรื่องยังไม่มีใครพูดอะไร", "ผู้ชมคนหนึ่ง", None),
    ("“โครงการจะแล้วเสร็จในปีหน้า” นายสมชาย ใจดี กล่าว", "โครงการจะแล้วเสร็จในปีหน้า", "สมชาย ใจดี", "สมชาย ใจดี"),
    ("นายสมชาย ใจดี กล่าวว่า “โครงการจะแล้วเสร็จในปีหน้า”", "โครงการจะแล้วเสร็จในปีหน้า", "สมชาย ใจดี", "สมชาย ใจดี"),
    ('นายสมชาย ใจดี มาถึงแล้ว\n"เราไม่กลัวน้ำท่วม" นายสมชายกล่าว', "เราไม่กลัวน้ำท่วม", "สมชาย", "สมชาย ใจดี"),
    ("น.ส.มาลี ทองดี มาถึงแล้ว\n“เราไม่กลัวน้ำท่วม” เธอกล่าว", "เราไม่กลัวน้ำท่วม", "เธอ", "มาลี ทองดี"),
    ("ดร.สุดารัตน์ แก้วใส เผย “น้ำเริ่มลดลงแล้ว”", "น้ำเริ่มลดลงแล้ว", "สุดารัตน์ แก้วใส", "สุดารัตน์ แก้วใส"),
    ("“น้ำเริ่มลดลงแล้วครับ” นายสมชาย ใจดี เผย “แต่ยังวางใจไม่ได้”", "น้ำเริ่มลดลงแล้วครับ … แต่ยังวางใจไม่ได้", "สมชาย ใจดี", "สมชาย ใจดี"),
    ("โทนี่ บุย ศาสตราจารย์และผู้กำกับ กล่าวว่า “เราเริ่มจากไม่มีอะไรเลย”", "เราเริ่มจากไม่มีอะไรเลย", "โทนี่ บุย", "โทนี่ บุย"),
    ("ผู้กำกับ Tony Bui กล่าวว่า “เราเริ่มจากไม่มีอะไรเลย”", "เราเริ่มจากไม่มีอะไรเลย", "Tony Bui", "Tony Bui"),
]


@pytest.mark.parametrize(
    ("language", "case"),
    [("en", case) for case in ENGLISH] + [("vi", case) for case in VIETNAMESE] + [("th", case) for case in THAI],
)
def test_a_quote_has_its_words_and_its_speaker(language: str, case: tuple[str, str, str, str]) -> None:
    text, *expected = case
    assert plain(text, language) == [tuple(expected)]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He hadn’t seen the film ‘Jaws’ before. It’s a dog’s life."),
        ("en", "The sign said “No entry” in red."),
        ("en", "A project called “Seeds in Common” began in May."),
        ("en", "It was the so-called “quiet hour” of the town."),
        ("en", "The rock 'n' roll of the '90s isn't dead."),
        ("en", "The farmers' cows and the dogs' owners."),
        ("vi", "Bộ phim “Mùa nước nổi” được chiếu tối 12/3."),
        ("th", "ภาพยนตร์เรื่อง “ฝนเดือนหก” ฉายเมื่อวันที่ 3 มีนาคม 2567"),
        ("th", "งบถูกโอนไปใช้ในโครงการ “ถนนสวยเมืองสะอาด” ตามมติสภา"),
    ],
)
def test_what_stands_in_marks_and_is_no_speech_is_no_quote(language: str, text: str) -> None:
    assert plain(text, language) == []


def test_answers_of_an_interview_are_quotes_of_the_guest() -> None:
    text = "Jo Lind ran the ferry. She talks to Hana Dufek.\nQ: When did it close?\nA: In June. I cried.\nQ: And now?\nA: I sleep."
    assert plain(text, "en") == [("In June. I cried.", "A", "Jo Lind"), ("I sleep.", "A", "Jo Lind")]


def test_answers_behind_a_dash_are_quotes_of_the_guest() -> None:
    text = "Bà Doãn Mỹ Lộc, 46 tuổi, là thủ thư.\n* Có đông không?\n- Đêm thường 70 người.\n* Bà có mệt không?\n- Tôi quen rồi."
    assert [(words, who) for words, _printed, who in plain(text, "vi")] == [
        ("Đêm thường 70 người.", "Doãn Mỹ Lộc"),
        ("Tôi quen rồi.", "Doãn Mỹ Lộc"),
    ]


def test_a_quote_names_its_cue_and_says_why() -> None:
    (quote,) = quotes(CURLY + "“It is late,” she added.", "en")
    assert quote.cue == "added"
    assert "added" in quote.reason
    assert "Ines Aldana" in quote.reason


def test_the_same_text_gives_the_same_proposals() -> None:
    text = "\n".join(case[0] for case in ENGLISH)
    assert propose(text, "en") == propose(text, "en")
