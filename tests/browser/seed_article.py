"""One invented article in the three languages of the site, as it is pasted, and what a curator makes of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Said:
    """A statement of the article, and the text that a curator types for it."""

    parts: tuple[str, ...]  # the words as printed; of reported speech, the words that are the passage
    typed: str  # the translation; of reported speech, the paraphrase
    is_reported: bool = False


@dataclass(frozen=True)
class Position:
    """What somebody is, in English, as it is typed where the article is in another language."""

    words: str  # of the article, in the paragraph of their name
    role: str


@dataclass(frozen=True)
class SeedArticle:
    """The article in one language. Every word of it is invented."""

    language: str
    typed_language: str  # of the translations
    lines: tuple[str, ...]  # the paragraphs, as they are to be stored
    joined: str  # where the pasted text breaks a paragraph in two
    unwanted: str  # a line of the pasted text that a curator leaves out
    menu: str  # one that is left out by itself
    new_people: tuple[str, str]
    known_person: str
    library: str
    circle: str
    event: str
    place: str
    positions: tuple[Position, Position]
    took_part: str  # words that name who took part in the event, in one paragraph
    said: tuple[Said, ...]

    @property
    def pasted(self) -> str:
        """The text as it comes from a web page: with a menu, a line that belongs to nothing, and a broken paragraph."""
        lines = [line.replace(self.joined, self.joined.rstrip() + "\n") for line in self.lines]
        return "\n".join([self.menu, *lines[:9], self.unwanted, *lines[9:], ""])

    @property
    def text(self) -> str:
        """The text as it is stored."""
        return "\n".join(self.lines)


ENGLISH = SeedArticle(
    language="en",
    typed_language="th",
    menu="Home | News | Weather | Sport",
    unwanted="More about soup: ten bowls for a cold spring",
    joined="Borrowers pay nothing and promise to bring back ",
    lines=(
        "Seed library opens its doors in Harrow Valley",
        "The Harrow Valley Seed Library lent its first seeds on Saturday, 14 March 2026, during the Harrow Valley Seed "
        "Fair in Ostley.",
        "Some four hundred people walked through the old grain store before noon, most of them with an empty envelope.",
        "Ingrid Solheim, director of the Harrow Valley Seed Library, handed the first packet to a boy of nine.",
        "“A seed that nobody sows is only a memory,” Ms Solheim said.",
        "The shelves hold 312 kinds of beans, peas and grain, all of them grown within a day’s walk.",
        "Borrowers pay nothing and promise to bring back twice what they took once the harvest is in.",
        "“We lost eleven kinds of beans in my lifetime,” said Edith Carrow, chair of the Ostley Growers’ Circle, “and "
        "nobody noticed until the soup tasted different.”",
        "The oldest packet came out of a cellar wall that was taken down in 1987.",
        "Ms Carrow said that her family had kept the grey pea for six generations without ever selling it.",
        "Daniel Achterberg, who studies the diseases of plants at the University of Stellan, was less cheerful.",
        "“Borrowed seed carries borrowed illness, so look at every leaf before you share it,” Mr Achterberg said.",
        "The valley paid for the roof. Volunteers did the rest in eleven weekends.",
        "“Next year we will lend tools as well,” Ms Solheim added.",
        "The library is open on Saturdays until the first frost.",
    ),
    new_people=("Ingrid Solheim", "Edith Carrow"),
    known_person="Daniel Achterberg",
    library="Harrow Valley Seed Library",
    circle="Ostley Growers’ Circle",
    event="Harrow Valley Seed Fair",
    place="Ostley",
    positions=(
        Position("director of the Harrow Valley Seed Library", "director"),
        Position("chair of the Ostley Growers’ Circle", "chair"),
    ),
    took_part="Ingrid Solheim, director of the Harrow Valley Seed Library",
    said=(
        Said(("A seed that nobody sows is only a memory,",), "เมล็ดที่ไม่มีใครหว่านก็เป็นเพียงความทรงจำ"),
        Said(
            ("We lost eleven kinds of beans in my lifetime,", "and nobody noticed until the soup tasted different."),
            "ถั่วหายไปสิบเอ็ดชนิดในชั่วชีวิตของฉัน … และไม่มีใครสังเกตจนกระทั่งแกงเปลี่ยนรสชาติ",
        ),
        Said(
            ("Ms Carrow said that her family had kept the grey pea for six generations without ever selling it.",),
            "Her family has kept a grey pea for six generations and has never sold it.",
            is_reported=True,
        ),
        Said(
            ("Borrowed seed carries borrowed illness, so look at every leaf before you share it,",),
            "เมล็ดที่ยืมมาอาจพาโรคที่ยืมมาด้วย จงดูทุกใบก่อนแบ่งให้ใคร",
        ),
        Said(("Next year we will lend tools as well,",), "ปีหน้าเราจะให้ยืมเครื่องมือด้วย"),
    ),
)

THAI = SeedArticle(
    language="th",
    typed_language="en",
    menu="หน้าแรก | ข่าว | อากาศ | กีฬา",
    unwanted="เรื่องแกงที่น่าอ่าน สิบชามสำหรับฤดูหนาวที่ยาวนาน",
    joined="ผู้ยืมไม่ต้องจ่ายเงิน ",
    lines=(
        "ห้องสมุดเมล็ดพันธุ์แห่งแรกของหุบเขาเปิดให้ยืมแล้ว",
        "ห้องสมุดเมล็ดพันธุ์ดอยหมอก ให้ยืมเมล็ดพันธุ์ชุดแรกเมื่อวันเสาร์ที่ 14 มีนาคม 2569 ในงานมหกรรมเมล็ดพันธุ์ดอยหมอก ที่อำเภอแม่ลาน",
        "ก่อนเที่ยงมีคนราวสี่ร้อยคนเดินผ่านยุ้งข้าวเก่า ส่วนใหญ่ถือซองเปล่ามาด้วย",
        "นางสาวกัลยา ทองดี ผู้อำนวยการห้องสมุดเมล็ดพันธุ์ดอยหมอก มอบซองแรกให้เด็กชายวัยเก้าขวบ",
        "“เมล็ดที่ไม่มีใครหว่านก็เป็นเพียงความทรงจำ” นางสาวกัลยากล่าว",
        "บนชั้นมีถั่วและข้าว 312 ชนิด ทั้งหมดปลูกในระยะเดินไม่เกินหนึ่งวัน",
        "ผู้ยืมไม่ต้องจ่ายเงิน แต่สัญญาว่าจะนำมาคืนสองเท่าเมื่อเก็บเกี่ยวเสร็จ",
        "“ถั่วหายไปสิบเอ็ดชนิดในชั่วชีวิตของฉัน” นางบุญมี แสงคำ ประธานชมรมผู้ปลูกแม่ลาน กล่าว “และไม่มีใครสังเกตจนกระทั่งแกงเปลี่ยนรสชาติ”",
        "ซองที่เก่าที่สุดพบในกำแพงห้องใต้ดินที่ถูกรื้อเมื่อปี 2530",
        "นางบุญมีกล่าวว่าครอบครัวของเธอเก็บถั่วสีเทาไว้หกชั่วอายุคนโดยไม่เคยขาย",
        "ดร.ปิยะวัฒน์ เรืองฤทธิ์ ซึ่งศึกษาโรคพืชที่มหาวิทยาลัยดอยหมอก ไม่ได้ดีใจไปกับทุกคน",
        "“เมล็ดที่ยืมมาอาจพาโรคที่ยืมมาด้วย จงดูทุกใบก่อนแบ่งให้ใคร” ดร.ปิยะวัฒน์กล่าว",
        "ตำบลจ่ายค่าหลังคา ส่วนที่เหลืออาสาสมัครช่วยกันทำในสิบเอ็ดสุดสัปดาห์",
        "“ปีหน้าเราจะให้ยืมเครื่องมือด้วย” นางสาวกัลยากล่าวเสริม",
        "ห้องสมุดเปิดทุกวันเสาร์จนถึงสิ้นฤดูฝน",
    ),
    new_people=("กัลยา ทองดี", "บุญมี แสงคำ"),
    known_person="ปิยะวัฒน์ เรืองฤทธิ์",
    library="ห้องสมุดเมล็ดพันธุ์ดอยหมอก",
    circle="ชมรมผู้ปลูกแม่ลาน",
    event="มหกรรมเมล็ดพันธุ์ดอยหมอก",
    place="Mae Lan",
    positions=(
        Position("ผู้อำนวยการห้องสมุดเมล็ดพันธุ์ดอยหมอก", "director"),
        Position("ประธานชมรมผู้ปลูกแม่ลาน", "chair"),
    ),
    took_part="กัลยา ทองดี ผู้อำนวยการห้องสมุดเมล็ดพันธุ์ดอยหมอก",
    said=(
        Said(("เมล็ดที่ไม่มีใครหว่านก็เป็นเพียงความทรงจำ",), "A seed that nobody sows is only a memory."),
        Said(
            ("ถั่วหายไปสิบเอ็ดชนิดในชั่วชีวิตของฉัน", "และไม่มีใครสังเกตจนกระทั่งแกงเปลี่ยนรสชาติ"),
            "Eleven kinds of beans were lost in my lifetime … and nobody noticed until the curry tasted different.",
        ),
        Said(
            ("นางบุญมีกล่าวว่าครอบครัวของเธอเก็บถั่วสีเทาไว้หกชั่วอายุคนโดยไม่เคยขาย",),
            "ครอบครัวของเธอเก็บถั่วสีเทาไว้หกชั่วอายุคนและไม่เคยขายเลย",
            is_reported=True,
        ),
        Said(
            ("เมล็ดที่ยืมมาอาจพาโรคที่ยืมมาด้วย จงดูทุกใบก่อนแบ่งให้ใคร",),
            "Borrowed seed may carry borrowed illness; look at every leaf before you share it.",
        ),
        Said(("ปีหน้าเราจะให้ยืมเครื่องมือด้วย",), "Next year we will lend tools as well."),
    ),
)

VIETNAMESE = SeedArticle(
    language="vi",
    typed_language="en",
    menu="Trang chủ | Tin tức | Thời tiết | Thể thao",
    unwanted="Chuyện về canh: mười bát cho một mùa xuân lạnh",
    joined="Người mượn không phải trả tiền và hứa ",
    lines=(
        "Thư viện hạt giống đầu tiên của thung lũng mở cửa",
        "Thư viện Hạt giống Mây Ngàn cho mượn những hạt đầu tiên vào thứ Bảy, ngày 14 tháng 3 năm 2026, trong Ngày hội Hạt "
        "giống Mây Ngàn ở thị trấn Lũng Vài.",
        "Trước buổi trưa, khoảng bốn trăm người đã đi qua kho thóc cũ, phần lớn cầm theo một chiếc phong bì trống.",
        "Bà Đỗ Thị Lam, giám đốc Thư viện Hạt giống Mây Ngàn, trao gói hạt đầu tiên cho một cậu bé chín tuổi.",
        "“Hạt giống không ai gieo chỉ còn là ký ức”, bà Lam nói.",
        "Trên kệ có 312 giống đậu và lúa, tất cả được trồng trong phạm vi một ngày đi bộ.",
        "Người mượn không phải trả tiền và hứa mang trả gấp đôi sau mùa gặt.",
        "“Trong đời tôi, mười một giống đậu đã mất”, ông Lò Văn Khang, chủ tịch Hội Người trồng Lũng Vài, nói, “và không ai "
        "để ý cho đến khi nồi canh đổi vị.”",
        "Gói hạt cũ nhất được tìm thấy trong một bức tường bị dỡ năm 1987.",
        "Ông Khang cho biết gia đình ông đã giữ giống đậu xám suốt sáu đời mà chưa bao giờ bán.",
        "Tiến sĩ Phạm Quốc Duy, người nghiên cứu bệnh cây tại Đại học Mây Ngàn, không vui như mọi người.",
        "“Hạt đi mượn có thể mang theo bệnh đi mượn, hãy nhìn từng chiếc lá trước khi chia cho ai”, ông Duy nói.",
        "Xã trả tiền mái nhà. Phần còn lại do tình nguyện viên làm trong mười một ngày cuối tuần.",
        "“Sang năm chúng tôi sẽ cho mượn cả dụng cụ”, bà Lam nói thêm.",
        "Thư viện mở cửa vào thứ Bảy cho đến đợt sương giá đầu tiên.",
    ),
    new_people=("Đỗ Thị Lam", "Lò Văn Khang"),
    known_person="Phạm Quốc Duy",
    library="Thư viện Hạt giống Mây Ngàn",
    circle="Hội Người trồng Lũng Vài",
    event="Ngày hội Hạt giống Mây Ngàn",
    place="Lung Vai",
    positions=(
        Position("giám đốc Thư viện Hạt giống Mây Ngàn", "director"),
        Position("chủ tịch Hội Người trồng Lũng Vài", "chair"),
    ),
    took_part="Đỗ Thị Lam, giám đốc Thư viện Hạt giống Mây Ngàn",
    said=(
        Said(("Hạt giống không ai gieo chỉ còn là ký ức",), "A seed that nobody sows is only a memory."),
        Said(
            ("Trong đời tôi, mười một giống đậu đã mất", "và không ai để ý cho đến khi nồi canh đổi vị."),
            "In my lifetime eleven kinds of beans were lost … and nobody noticed until the soup tasted different.",
        ),
        Said(
            ("Ông Khang cho biết gia đình ông đã giữ giống đậu xám suốt sáu đời mà chưa bao giờ bán.",),
            "Gia đình ông giữ giống đậu xám qua sáu đời và chưa từng bán.",
            is_reported=True,
        ),
        Said(
            ("Hạt đi mượn có thể mang theo bệnh đi mượn, hãy nhìn từng chiếc lá trước khi chia cho ai",),
            "Borrowed seed may carry borrowed illness; look at every leaf before you share it.",
        ),
        Said(("Sang năm chúng tôi sẽ cho mượn cả dụng cụ",), "Next year we will lend tools as well."),
    ),
)

ARTICLES = {article.language: article for article in (ENGLISH, THAI, VIETNAMESE)}
