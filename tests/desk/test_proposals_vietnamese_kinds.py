"""Vietnamese names, dialogues, interviews and speakers by kinds of construction. All sentences are invented."""

import pytest

from desk.proposals import propose
from desk.proposals.vietnamese.runs import is_vietnamese

Row = tuple[str, str | None]


def texts(text: str, kind: str) -> list[str]:
    """Return the words of each proposal of a kind."""
    return [one.text for one in propose(text, "vi") if one.kind == kind]


def said(text: str, kind: str = "quote") -> list[Row]:
    """Return (words, who says them) of each quote or each clause of reported speech."""
    return [(one.text, one.speaker and one.speaker.who) for one in propose(text, "vi") if one.kind == kind]


@pytest.mark.parametrize("word", ["Nguyễn", "Khuê", "Quỳnh", "Hương", "yêu", "giếng", "Ôn"])
def test_a_syllable_is_vietnamese(word: str) -> None:
    assert is_vietnamese(word)


@pytest.mark.parametrize("word", ["Odile", "Brancourt", "Seo-jin", "Erik", "Whitfield", "Rươlz"])
def test_a_word_is_no_vietnamese_syllable(word: str) -> None:
    assert not is_vietnamese(word)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Giám đốc Sở Giáo dục và Đào tạo tỉnh Hưng Sơn Vương Đức Thịnh đến dự.", ["Vương Đức Thịnh"]),
        ("Phó Giám đốc Sở Văn hóa, Thể thao và Du lịch Hồ Viết Thuận đến dự.", ["Hồ Viết Thuận"]),
        ("Giám đốc tài chính Mỹ Long Võ Thanh Tòng khẳng định giá sẽ tăng.", ["Võ Thanh Tòng"]),
        ("Phó chủ tịch UBND huyện Mỹ Thuận Đông Trần Lê Hoài Phong chủ trì.", ["Trần Lê Hoài Phong"]),
        ("Bí thư Tỉnh ủy Phan Huy Lộc yêu cầu làm nhanh.", ["Phan Huy Lộc"]),
        ("Hiệu trưởng Trường THPT chuyên Lê Hồng Quang cho biết trường đã đủ phòng.", []),
        ("Ngôi sao điện ảnh Hàn Quốc Han Seo-jin đến dự.", ["Han Seo-jin"]),
        ("Tổng thống Mỹ Donald Whitfield tuyên bố sẽ thăm Hà Nội.", ["Donald Whitfield"]),
        ("CEO Fjordkost Tim Oberlin cho biết sẽ mở nhà máy ở đây.", ["Tim Oberlin"]),
        ("Erik Sundqvist nhận định giá sẽ còn tăng cao nữa.", ["Erik Sundqvist"]),
        ("“Được”, Annelies van der Hoek nói.", ["Annelies van der Hoek"]),
        ("Ca sĩ Mỹ Tấm viết: “Cảm ơn khán giả đã chờ tôi”.", ["Mỹ Tấm"]),
        ("Nhà nghiên cứu văn hóa Khmer Trương Vĩnh Tồn lo chuyện khác.", ["Trương Vĩnh Tồn"]),
        ("Anh Nguyễn Văn T. (32 tuổi) khai không quen ai.", ["Nguyễn Văn T."]),
        ("Phó Chủ nhiệm Đinh Vũ Kiên đến dự.", ["Đinh Vũ Kiên"]),
        ("Phim của NSND Hoàng Trọng Vỹ. Kịch bản bị từ chối bảy lần.", ["Hoàng Trọng Vỹ"]),
    ],
)
def test_the_name_behind_a_role_is_that_of_the_person(text: str, names: list[str]) -> None:
    assert texts(text, "name") == names


@pytest.mark.parametrize(
    "text",
    [
        "Họ sống ở cù lao Ông Hổ.",
        "Hồ Khe Lim xả tràn. Mực nước hồ Khe Lim vượt báo động.",
        "Chị N.T.H. cho biết chồng bị đánh từ tối hôm trước.",
        "Chủ homestay Nhà Gió đóng cửa.",
    ],
)
def test_a_place_and_letters_are_no_name(text: str) -> None:
    assert texts(text, "name") == []


def test_a_person_named_in_somebodys_words_is_proposed() -> None:
    text = "Bà Lê Thị Bé nói: “Tôi chỉ biết ông Phạm Văn Sử, nhà số 7, là người đứng ra nhận tiền”."
    assert texts(text, "name") == ["Lê Thị Bé", "Phạm Văn Sử"]


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        ("Công ty Phong Viễn thông báo sẽ bán đất.", ["Công ty Phong Viễn"]),
        ("Trung tâm Quản lý Bảo tồn Di sản Hội Thượng đóng cửa.", ["Trung tâm Quản lý Bảo tồn Di sản Hội Thượng"]),
        ("Theo tờ Veyrac Tribune, giá sẽ giảm.", ["Veyrac Tribune"]),
        ("Trưởng phòng huyện Yên Sở Đỗ Hữu Cần đến dự.", []),
        ("Sở Văn hóa, Thể thao và Du lịch tỉnh Hưng Sơn mở hội.", ["Sở Văn hóa, Thể thao và Du lịch tỉnh Hưng Sơn"]),
    ],
)
def test_a_body_ends_where_its_name_does(text: str, bodies: list[str]) -> None:
    assert texts(text, "organization") == bodies


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Ông Phạm Sử, Giám đốc Sở Y tế tỉnh Kon Bưng, đến dự.", "Giám đốc Sở Y tế tỉnh Kon Bưng"),
        ("Nguyên Giám đốc Sở Y tế Phạm Văn Sử đến dự.", "Nguyên Giám đốc Sở Y tế"),
        ("Bị cáo Trần Đăng Khải (52 tuổi, cựu Chủ tịch phường Cẩm Tân) khai.", "cựu Chủ tịch phường Cẩm Tân"),
    ],
)
def test_a_role_takes_in_its_body(text: str, role: str) -> None:
    assert role in texts(text, "role")


# Dialogues


def test_a_tag_between_dashes_is_no_part_of_what_is_said() -> None:
    text = "- Ghe cũng biết lạnh đó chú - ông Rươl nói, tay kéo lại mép bạt."
    assert said(text) == [("Ghe cũng biết lạnh đó chú", "Rươl")]


def test_a_line_behind_a_colon_is_said_by_whoever_acts() -> None:
    text = "Ông Rươl đếm trên đầu ngón tay rồi lắc đầu:\n- Hồi đó làng có bốn chiếc, tui nhớ rõ.\n"
    assert said(text) == [("Hồi đó làng có bốn chiếc, tui nhớ rõ.", "Rươl")]


def test_two_people_take_turns() -> None:
    text = "Cụ Sùng thủng thẳng:\n— Ngày trước cả bản có một cái điện thoại.\n— Ai giữ hả cụ?\n— Tao giữ.\n"
    assert said(text) == [
        ("Ngày trước cả bản có một cái điện thoại.", "Sùng"),
        ("Ai giữ hả cụ?", None),
        ("Tao giữ.", "Sùng"),
    ]


def test_lines_without_a_tag_belong_to_whoever_acts_before_them() -> None:
    text = (
        "Bà Ba Hường ngồi xuống bậc thềm, nhìn ra sông.\n- Mấy mùa rồi không có cá linh, tui nhớ lắm.\n"
        "Gió thổi mạnh. Ông Tư Hoạch, chồng bà, châm thuốc.\n- Tui cũng nhớ.\n"
    )
    assert said(text) == [("Mấy mùa rồi không có cá linh, tui nhớ lắm.", "Ba Hường"), ("Tui cũng nhớ.", "Tư Hoạch")]


def test_a_paragraph_of_words_alone_belongs_to_whoever_acts_before_it() -> None:
    text = "Cô Trần Thị Mùi mở cửa lớp lúc sáu giờ.\nCô lấy ra một gói mì.\n“Bữa sáng của tụi nhỏ đó. Tôi mua bằng tiền lương”.\n"
    assert said(text) == [("Bữa sáng của tụi nhỏ đó. Tôi mua bằng tiền lương", "Trần Thị Mùi")]


@pytest.mark.parametrize(
    "text",
    [
        "Trích thư: tôi nghĩ nhiều.\n- Nâng cấp 12 km đường, tổng vốn 40 tỷ.\n- Xây mới 3 trường học.\n",
        "Hồ sơ gồm:\n- Đơn xin học, theo mẫu.\n- Giấy khai sinh.\n",
        "Chủ tịch Trần Văn Cư yêu cầu các sở:\n- Rà soát toàn bộ hồ sơ trước 5/3.\n- Báo cáo UBND tỉnh.\n",
    ],
)
def test_a_list_is_no_dialogue(text: str) -> None:
    assert said(text) == []


# Interviews

_ANSWERS = ["Tôi chỉ đề nghị ông ấy ra ngoài.", "Đúng là khi không ai nhận ra.", "Trả lương cho thợ trước đã."]


@pytest.mark.parametrize(("question", "answer"), [("- {}", "- {}"), ("{}", "{}"), ("* {}", "- {}")])
def test_paragraphs_between_questions_are_answers(question: str, answer: str) -> None:
    questions = ["Ông khó tính thật không?", "Theo ông, thế nào là đúng?", "Ông sẽ đề xuất gì?"]
    lines = ["Kiến trúc sư Ôn Nhật Duy vừa nhận giải thưởng."]
    for asked, told in zip(questions, _ANSWERS, strict=True):
        lines += [question.format(asked), answer.format(told)]
    assert said("\n".join([*lines, "Xin cảm ơn ông!"])) == [(told, "Ôn Nhật Duy") for told in _ANSWERS]


def test_whoever_speaks_once_in_a_panel_is_heard() -> None:
    text = (
        "Ông Kha Vĩnh Phát (Phó giám đốc): Tôi đồng ý.\nTS Hồ Điệp Anh (Viện Hạ tầng): Ngập một ngày mất 34 tỷ.\n"
        "Bà Trịnh Lệ Quân (cư dân): Nhà tôi nâng nền ba lần.\nÔng Kha Vĩnh Phát: Chị nói đúng.\n"
        "TS Hồ Điệp Anh: Vậy thì làm đi.\n"
    )
    assert ("Nhà tôi nâng nền ba lần.", "Trịnh Lệ Quân") in said(text)


# Speakers


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "“Không ai bị bỏ lại”, Bí thư Tỉnh ủy Quảng Lâm Hồ Viết Thuận nhấn mạnh tại buổi làm việc.",
            ("Không ai bị bỏ lại", "Hồ Viết Thuận"),
        ),
        ("HLV Peter Butler cay đắng thừa nhận: “Chúng tôi thua vì mình”.", ("Chúng tôi thua vì mình", "Peter Butler")),
        ("“Tôi vẫn chọn nghề này”. Ông Bảy cười hiền.", ("Tôi vẫn chọn nghề này", "Bảy")),
        ("Ông Hoan im lặng. “Tôi bấm cả triệu cái”, cuối cùng ông nói.", ("Tôi bấm cả triệu cái", "Hoan")),
        ("“Tôi chọn nghề này”, đó là câu ông Bảy nói với con trước khi mất.", ("Tôi chọn nghề này", "Bảy")),
        (
            "Khi bà Lụa nằm viện, chính bà Tuyết mang cơm lên. “Tôi về ngay”, bà kể.",
            ("Tôi về ngay", "Tuyết"),
        ),
        (
            "Nghệ sĩ Tống Bích Liên đóng chính.\nVai bà Nhàm do NSƯT Tống Bích Liên đảm nhận.\n“Tôi khóc”, nữ nghệ sĩ nói.",
            ("Tôi khóc", "Tống Bích Liên"),
        ),
        (
            "Bà Trần Thị Sà đến trước. Cô cháu nội Võ Sếu Nhỏ khoe quà.\nÔng Võ Hành đến sau.\n“Đủ rồi”, ông đáp.",
            ("Đủ rồi", "Võ Hành"),
        ),
        ("Chị L.T.N. đến tòa.\n“Anh ta đánh tôi”, chị N. khai.", ("Anh ta đánh tôi", "L.T.N.")),
        ("Trung tá Bành Thế Vinh đến.\nBác Sài dặn: “Đừng viết”. Nhưng rồi lại cười: “Viết đi”.", ("Viết đi", "Sài")),
    ],
)
def test_a_quote_has_its_speaker(text: str, row: Row) -> None:
    assert row in said(text)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("Chính phủ Lutetia ngày 30/6 tuyên bố ngừng vận hành lò số 2.", ("ngừng vận hành lò số 2", None)),
        (
            "Theo bà Đỗ Thị Mơ - Phó Chủ tịch UBND phường - hộ ấy đã được hỗ trợ hai lần.",
            ("hộ ấy đã được hỗ trợ hai lần", "Đỗ Thị Mơ"),
        ),
        ("Bà Mơ tâm niệm rằng cây còn thì làng còn.", ("cây còn thì làng còn", "Mơ")),
        (
            "Hãng tin dẫn lời một quan chức giấu tên cho biết cuộc đàm phán đã đổ vỡ.",
            ("cuộc đàm phán đã đổ vỡ", None),
        ),
        (
            "Chuyên gia phân tích Lương Gia Bách lưu ý rằng cổ phiếu đã tăng 62%.",
            ("cổ phiếu đã tăng 62%", "Lương Gia Bách"),
        ),
        ("Các chủ vuông tôm phàn nàn rằng rễ đước làm hẹp kênh.", ("rễ đước làm hẹp kênh", None)),
        ("HĐXX cho biết sẽ tuyên án vào chiều 8/12.", ("sẽ tuyên án vào chiều 8/12", None)),
        (
            "Nhà phê bình Chử Đông Hà cho rằng phim đẹp, còn đoạn kết thì dài quá sức chịu đựng.",
            ("phim đẹp, còn đoạn kết thì dài quá sức chịu đựng", "Chử Đông Hà"),
        ),
    ],
)
def test_a_clause_has_its_speaker(text: str, row: Row) -> None:
    assert said(text, "reported") == [row]


@pytest.mark.parametrize(
    "text",
    [
        "Đạo diễn Lục Minh Thư viết bản thảo đầu tiên từ năm 2013, khi chị còn trẻ.",
        "Bị cáo Huy thừa nhận toàn bộ hành vi.",
        "Bà Đinh Thị Blăk, nghệ nhân cuối cùng biết làm giấy dó bồi nhựa cây, vỗ tay.",
        "Chị Hạ Nguyên nói về những năm bán cà phê ở Măng Đen và lý do trở lại.",
        "Tập đoàn Viễn Phát công bố chương trình mới cho 5.000 trẻ sinh non.",
        "Người sút quả quyết định là Trương Kha, tiền vệ 22 tuổi.",
    ],
)
def test_an_object_is_no_clause(text: str) -> None:
    assert said(text, "reported") == []


def test_a_term_in_marks_inside_a_clause_is_no_quote() -> None:
    text = "Ông Mạc Đình Phú cho biết sẽ “mổ băng” cả ba tình huống trước thứ Tư."
    assert said(text) == []
