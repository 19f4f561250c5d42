"""Vietnamese quotes and reported speech as reporters write them. All sentences are invented."""

import pytest

from desk.proposals import propose

Row = tuple[str, str, str | None]


def speech(text: str, kind: str, language: str = "vi") -> list[Row]:
    """Return (words, speaker as printed, who) of each quote or each clause of reported speech."""
    return [
        (one.text, one.speaker.text, one.speaker.who)
        for one in propose(text, language)
        if one.kind == kind and one.speaker is not None
    ]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "Bà Hoàng Thị Sen ôm lấy đứa cháu: “Bao nhiêu năm tích cóp giờ chẳng còn gì”.",
            ("Bao nhiêu năm tích cóp giờ chẳng còn gì", "Hoàng Thị Sen", "Hoàng Thị Sen"),
        ),
        (
            "Vợ ông, bà Trịnh Thị Nhàn, rót thêm trà: “Ông ấy yêu đất hơn yêu vợ”.",
            ("Ông ấy yêu đất hơn yêu vợ", "Trịnh Thị Nhàn", "Trịnh Thị Nhàn"),
        ),
        (
            "“Đất nó biết mình vui hay buồn đấy”, ông Lưu Đình Tạo vuốt chiếc bình.",
            ("Đất nó biết mình vui hay buồn đấy", "Lưu Đình Tạo", "Lưu Đình Tạo"),
        ),
        (
            "“Tôi có lỗi với các con tôi”, nữ bị cáo nói.",
            ("Tôi có lỗi với các con tôi", "nữ bị cáo", None),
        ),
    ],
)
def test_a_quote_needs_a_person_and_no_listed_verb(text: str, row: Row) -> None:
    assert speech(text, "quote") == [row]


def test_an_english_quote_beside_a_person_needs_no_verb_of_speech() -> None:
    text = "“We lost the whole harvest in one night,” Jon Maddox, a farmer, shakes his head."
    assert speech(text, "quote", "en") == [
        ("We lost the whole harvest in one night,", "Jon Maddox", "Jon Maddox"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ông Trần Văn Nam làm phim với khẩu hiệu: “Nước và ký ức”.",
        "Bà Lê Thị Hoa treo tấm biển: “Nhà này không bán chó con”.",
        "“Mùa Nước Nổi”, ông Trần Văn Nam đã dựng xong.",
    ],
)
def test_a_title_or_a_sign_is_no_quote(text: str) -> None:
    assert speech(text, "quote") == []


@pytest.mark.parametrize(
    "text",
    [
        "Ông Trần Văn Nam bảo vệ khu rừng này suốt hai mươi năm qua.",
        "Ông Trần Văn Nam đáp ứng đủ các điều kiện của cuộc thi năm nay.",
        "Bà Lê Thị Hoa khai trương cửa hàng thứ ba ở chợ trong tuần này.",
        "Trọng tài Bế Văn Thụ từ chối bình luận về quả phạt đền gây tranh cãi.",
    ],
)
def test_a_word_that_begins_like_a_verb_of_speech_is_none(text: str) -> None:
    assert speech(text, "reported") == []


@pytest.mark.parametrize(
    ("text", "row"),
    [
        (
            "Ông Trần Văn Nam đề nghị hội đồng xét xử trả hồ sơ để làm rõ thêm.",
            ("hội đồng xét xử trả hồ sơ để làm rõ thêm", "Trần Văn Nam", "Trần Văn Nam"),
        ),
        (
            "Bị cáo khai toàn bộ số tiền đã dùng để trả nợ.",
            ("toàn bộ số tiền đã dùng để trả nợ", "Bị cáo", None),
        ),
        (
            "Ông Trần Văn Nam là giám đốc. Nguyên nhân, theo ông Nam, là vướng giải phóng mặt bằng ở hai xã.",
            ("vướng giải phóng mặt bằng ở hai xã", "Nam", "Trần Văn Nam"),
        ),
        (
            "Theo cáo trạng, từ năm 2018 Ngân lập 47 chứng từ khống để rút tiền.",
            ("từ năm 2018 Ngân lập 47 chứng từ khống để rút tiền", "cáo trạng", None),
        ),
    ],
)
def test_reported_speech_of_requests_courts_and_sources(text: str, row: Row) -> None:
    assert speech(text, "reported") == [row]


@pytest.mark.parametrize("words", ["nữ nghệ nhân 36 tuổi", "nghệ nhân này"])
def test_a_role_with_an_age_or_this_means_who_was_named_before(words: str) -> None:
    text = f"Chị Lưu Thị Thảo mở cửa hàng.\n“Họ viết rằng cái bát làm họ nhớ bà ngoại”, {words} chia sẻ."
    assert speech(text, "quote") == [("Họ viết rằng cái bát làm họ nhớ bà ngoại", words, "Lưu Thị Thảo")]
