"""Thai, Vietnamese and English that nobody wrote: words by Zipf's law, sentences of them, names of people and bodies.

The most frequent words are real. The rest is put together from real syllables, so that trigrams, marks and lengths are those
of the language; the same seed gives the same words.
"""

from __future__ import annotations

import random
from functools import cached_property
from itertools import accumulate

WORDS = 6_000
LANGUAGES = ("th", "vi", "en")
FREQUENT = {
    "th": (
        "และ ของ ใน ที่ เป็น การ มี ได้ จะ ให้ ความ ไม่ กับ จาก ว่า ภาพยนตร์ วัฒนธรรม ประเทศ ความร่วมมือ การพัฒนา ผู้กำกับ ผู้ชม "
        "อุตสาหกรรม สร้างสรรค์ เศรษฐกิจ รัฐบาล นักศึกษา มหาวิทยาลัย โครงการ สนับสนุน การลงทุน ตลาด ผู้เชี่ยวชาญ ประชาชน ที่ดิน น้ำ"
    ),
    "vi": (
        "và của trong là có được cho với những các không một này điện ảnh văn hóa quốc gia hợp tác phát triển đạo diễn khán giả "
        "công nghiệp sáng tạo kinh tế chính phủ sinh viên trường dự án hỗ trợ đầu tư thị trường chuyên gia người dân đất nước"
    ),
    "en": (
        "the of and to in a that for with is on we it as by film culture country cooperation development director audience "
        "industry creative economy government students university project support investment market experts people land water"
    ),
}
SYLLABLES = {
    "th": (
        "ก ข ค จ ช ด ต ถ ท น บ ป ผ พ ฟ ม ย ร ล ว ส ห อ กร กล คร คว ตร ปร ปล พร พล",
        "า ี ู ือ ัว อ ำ ่า ้า ่อ ้อ ิน ัน าง อง ุง ึก าก ัก อก ิด าด าบ ับ าม ิม ุม าย อย าว ิว",
    ),
    "vi": (
        "b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x",
        "a à á ả ã ạ ăn ắt ân ất ai ải an àn án ang ành anh ao áo ạt ay ấy e ẻ em ên ết i ì ia iền iệt iều inh "
        "o ó oa oan oi ôi ông ốt ơ ơi ờ ời u ụ uân uất ui ung úng uộc uyên ư ứ ưng ươi ường ước",
    ),
    "en": (
        "b bl br c ch cl d dr f fl g gr h j k l m n p pl pr r s sc sh sp st t tr v w",
        "a able ad al am an ard ate ation e ed el en ence ent er est i ic ide in ing ion ish it "
        "o od ol on or ous ow u ul um un ure y",
    ),
}
FAMILY = {
    "th": "วงศ์ ศรี สุข ทอง แก้ว บุญ จันทร์ ชัย รัตน์ พงษ์ สมบัติ เจริญ",
    "vi": "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý",
    "en": "Smith Jones Taylor Brown Wilson Evans Walker Wright Green Hall Wood Clarke Reed Cole Hayes",
}
GIVEN = {
    "th": "สม วิชัย ประเสริฐ อรุณ มาลี กานต์ ณัฐ พิม ธน ศิริ อภิ วรรณ ปรีชา สุดา",
    "vi": "Thị Văn Minh Ngọc Hương Thủy Tuấn Đức Quỳnh Lan Phương Thảo Anh Bình Châu Giang Hạnh Khánh",
    "en": "Anna James Mary Peter Laura David Susan Mark Helen Paul Ruth Simon Alice Thomas Grace",
}
BODY = {
    "th": "มหาวิทยาลัย สมาคม กระทรวง มูลนิธิ บริษัท สถาบัน",
    "vi": "Trường đại học|Hiệp hội|Bộ|Quỹ|Công ty|Viện",
    "en": "University of|Association of|Ministry of|Foundation for|Company|Institute of",
}


class Language:
    """One language: its words, the most frequent first, and sentences of them."""

    def __init__(self, code: str, seed: int) -> None:
        self.code = code
        self.random = random.Random(f"{code} {seed}")
        self.words = self._words()
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(self.words))))

    def _words(self) -> list[str]:
        starts, ends = (parts.split() for parts in SYLLABLES[self.code])
        # A Vietnamese word is written as its syllables, so most are one; Thai and English ones have several.
        lengths = {"th": (1, 2, 2, 3, 3), "vi": (1,), "en": (1, 2, 2, 3)}[self.code]
        words = dict.fromkeys(FREQUENT[self.code].split())
        most = min(WORDS, len(starts) * len(ends)) if self.code == "vi" else WORDS
        while len(words) < most:
            count = self.random.choice(lengths)
            words["".join(self.random.choice(starts) + self.random.choice(ends) for _i in range(count))] = None
        return list(words)

    def sentence(self, words: int) -> str:
        """Return so many words; Thai runs them together in phrases."""
        chosen = self.random.choices(self.words, cum_weights=self._weights, k=words)
        if self.code == "th":
            return " ".join("".join(chosen[i : i + 5]) for i in range(0, words, 5))
        return " ".join(chosen).capitalize() + "."

    @cached_property
    def clauses(self) -> list[str]:
        """Stretches of about a hundred characters, of which texts are put together."""
        words = {"th": 22, "vi": 24, "en": 17}[self.code]
        return [self.sentence(self.random.randint(words // 2, words * 3 // 2)) for _i in range(30_000)]

    def text(self) -> str:
        """Return a text of one to three clauses."""
        return " ".join(self.random.choices(self.clauses, k=self.random.choice((1, 2, 2, 3))))

    def title(self, words: int = 6) -> str:
        """Return a heading."""
        return self.sentence(words).rstrip(".")

    def person(self) -> str:
        """Return a name of a person in the order of the language, seldom the same twice."""
        family, given = self.random.choice(FAMILY[self.code].split()), self.random.choice(GIVEN[self.code].split())
        middle = self.random.choice(self.words[-3000:])
        if self.code == "vi":
            return f"{family} {middle.title()} {given}"
        if self.code == "th":
            return f"{given}{middle} {family}{self.random.choice(self.words[-3000:])}"
        return f"{given} {middle.title()} {family}"

    def body(self) -> str:
        """Return a name of an organization."""
        kinds = BODY[self.code]
        kind = self.random.choice(kinds.split("|") if "|" in kinds else kinds.split())
        rest = self.random.sample(self.words[20:], 2)
        return kind + "".join(rest) if self.code == "th" else f"{kind} {' '.join(rest).title()}"


def languages(seed: int) -> dict[str, Language]:
    """Return the three languages, by code."""
    return {code: Language(code, seed) for code in LANGUAGES}
