"""Where a name or a title must not be broken into two lines.

Browsers break Thai by a dictionary of their own, which cuts compounds and loanwords in two, and take a plain space before ๆ or
a dash for a place to break. No character is added: a name stays as it is spelled when somebody copies it, except that a space
before ๆ or a dash becomes a no-break space.
"""

from __future__ import annotations

import re
from functools import lru_cache

from base.text.letters import clusters, is_inside_letter
from base.text.thai_syllables import syllable_ends

NO_BREAK_SPACE = "\u00a0"
LONGEST_RUN = 24  # letters of Thai without a space that a narrow screen has room for
_FIRM_SPACE = re.compile(r"(?<=\S) (?=ๆ|[-–—] )")
_SPACES = re.compile(r"[ \t\n\r]+")
_THAI_RUN = re.compile("[\u0e01-\u0e3a\u0e40-\u0e4e]{2,}")
# Compounds and loanwords that browsers cut, where a run of Thai is too long to be kept together.
_WORDS = re.compile(
    "|".join(
        sorted(
            [
                *("ปัญญาประดิษฐ์", "อัตลักษณ์", "เอกลักษณ์", "ภาพยนตร์", "อุตสาหกรรม", "มหาวิทยาลัย", "สหประชาชาติ", "เทคโนโลยี"),
                *("ฮาร์วาร์ด", "โคลัมเบีย", "แมสซาชูเซตส์", "บอสตัน", "ฮอลลีวูด", "อินเทอร์เน็ต", "ดิจิทัล", "แพลตฟอร์ม"),
                *("เวียดนาม", "สหรัฐอเมริกา", "สหรัฐ", "กรุงเทพฯ", "วอชิงตัน", "นิวยอร์ก", "แคลิฟอร์เนีย", "โตรอนโต"),
            ],
            key=len,
            reverse=True,
        )
    )
)
# Further words of several syllables that are frequent: browsers know them, the ends of syllables do not.
_FREQUENT = (
    *(
        "ความ",
        "สมัย",
        "ขณะ",
        "ระหว่าง",
        "ประเทศ",
        "ระดับ",
        "สำคัญ",
        "ประชุม",
        "สัมมนา",
        "ร่วมมือ",
        "กุญแจ",
        "รักษา",
        "พัฒนา",
        "สร้างสรรค์",
    ),
    *(
        "วัฒนธรรม",
        "เศรษฐกิจ",
        "โอกาส",
        "ตลาด",
        "สนับสนุน",
        "ส่งเสริม",
        "นโยบาย",
        "สถานที่",
        "ถ่ายทำ",
        "ผลิต",
        "สมาคม",
        "ประธาน",
        "รัฐบาล",
    ),
    *(
        "หลักสูตร",
        "นักศึกษา",
        "การศึกษา",
        "ปัญญา",
        "ประดิษฐ์",
        "มนุษย์",
        "คุณค่า",
        "ประวัติศาสตร์",
        "เรื่องราว",
        "บันเทิง",
        "กำกับ",
        "ขนาด",
    ),
    *(
        "สังคม",
        "สาธารณะ",
        "ชุมชน",
        "โครงการ",
        "กองทุน",
        "เทศกาล",
        "นานาชาติ",
        "สามารถ",
        "ทั้งหมด",
        "เพียง",
        "เท่านั้น",
        "ตลอด",
        "กลายเป็น",
    ),
    *(
        "อนาคต",
        "ปัจจุบัน",
        "ทศวรรษ",
        "ศตวรรษ",
        "จำเป็น",
        "เฉพาะ",
        "อย่าง",
        "ต้องการ",
        "แสดง",
        "ขยาย",
        "สวัสดิการ",
        "เสนอ",
        "ขอบคุณ",
        "ทรัพยากร",
    ),
    *(
        "สากล",
        "แวดล้อม",
        "มาตรฐาน",
        "บุคลากร",
        "กฎหมาย",
        "อนุญาต",
        "ลงทุน",
        "อาเซียน",
        "จังหวัด",
        "ตัวแทน",
        "เอกอัครราชทูต",
        "บริษัท",
    ),
    *(
        "ประจำ",
        "ความสัมพันธ์",
        "สัมพันธ์",
        "ทวิภาคี",
        "มาตรการ",
        "จูงใจ",
        "บริบท",
        "บทบาท",
        "ผู้แทน",
        "ครบรอบ",
        "ต่างประเทศ",
        "ระหว่างประเทศ",
    ),
    *(
        "อำนวยการ",
        "ดึงดูด",
        "เฉลิมฉลอง",
        "สถาปนา",
        "ปฏิวัติ",
        "พื้นฐาน",
        "โครงสร้าง",
        "จำหน่าย",
        "ฝึกอบรม",
        "ข้อเสนอ",
        "พันธมิตร",
        "หัวหน้า",
    ),
    *(
        "เอเชีย",
        "เวิร์กช็อป",
        "ประกาศ",
        "ประกอบ",
        "ประสบการณ์",
        "ประสานงาน",
        "สัมภาษณ์",
        "สถาบัน",
        "สมาชิก",
        "กรรมการ",
        "เลขาธิการ",
        "รัฐมนตรี",
    ),
    *("กระทรวง", "อธิการบดี", "ศาสตราจารย์", "อาจารย์", "วิชาการ", "เชี่ยวชาญ", "ประชาชน", "นักแสดง", "คำกล่าว", "รายการ"),
)


def with_firm_spaces(text: str) -> str:
    """Return the text with a no-break space before every ๆ and before every dash between spaces."""
    return _FIRM_SPACE.sub(NO_BREAK_SPACE, text) if " " in text else text


_FREQUENT_WORDS = re.compile("|".join(sorted(_FREQUENT, key=len, reverse=True)))


@lru_cache(maxsize=4096)
def unbroken_parts(text: str) -> tuple[tuple[bool, str], ...]:
    """Cut a name and return (whether it must stay on one line, the part) in order; no character is lost.

    Kept together are Thai words without a space between them, or, where they are too long for that, the known ones among them.
    """
    parts: list[tuple[bool, str]] = []
    at = 0
    for start, end in _firm_spans(text):
        if start > at:
            parts.append((False, text[at:start]))
        parts.append((True, text[start:end]))
        at = end
    if at < len(text) or not parts:
        parts.append((False, text[at:]))
    return tuple(parts)


def _firm_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for run in _THAI_RUN.finditer(text):
        if len(clusters(run[0])) <= LONGEST_RUN:
            spans.append(run.span())
        else:
            spans += [(run.start() + word.start(), run.start() + word.end()) for word in _WORDS.finditer(run[0])]
    return spans


def break_places(text: str) -> list[tuple[int, bool]]:
    """Return (place, whether it is a space) of every place where a line of a picture may be broken, in order.

    Thai has no spaces between words: there the places are the ends of its syllables, but none inside a word that is known here
    and none beside a consonant that would stand alone. Browsers break by dictionaries of their own and need none of this.
    """
    places = {space.end(): True for space in _SPACES.finditer(text)}
    for run in _THAI_RUN.finditer(text):
        known = [word.span() for words in (_WORDS, _FREQUENT_WORDS) for word in words.finditer(run[0])]
        ends = [0, *syllable_ends(run[0])]
        for before, place, after in zip(ends, ends[1:], ends[2:], strict=False):
            lone = place - before == 1 or after - place == 1
            if not lone and not any(start < place < end for start, end in known):
                places.setdefault(run.start() + place, False)
    return sorted((place, space) for place, space in places.items() if not is_inside_letter(text, place))
