"""What readers type who look for what somebody said, in three languages, and the statements that have to be found.

Names of records are in the table of `tests/directory/test_search_table.py`. The topic of artificial intelligence goes by the names
that people use: AI, เอไอ, ปัญญาประดิษฐ์, trí tuệ nhân tạo.
"""

from __future__ import annotations

from typing import NamedTuple


class Expected(NamedTuple):
    """The statements that a query has to find: those that come first, in any order, those found besides, and those not found.

    With `only`, nothing else may be found.
    """

    first: str
    also: str = ""
    never: str = ""
    only: bool = False


BUI_QUOTES = "st-7hs43z st-tvxtyp st-1kvhg6"
BUI = f"{BUI_QUOTES} st-qqkm89 st-dz2x2c"
GIANG = "st-5b9ws7 st-t0njx9 st-tprf5k st-n6s9mr"
LAN_FOR_VFDA = "st-g7m5m2 st-tp6ykt st-yrn5q1"
LAN_ON_AI = "st-38gcdv st-hp0hth st-b5czxv st-jqjgh5"
LAN = f"{LAN_FOR_VFDA} {LAN_ON_AI} st-ywgb7w st-wh5v9h st-92sh5w st-rnbgf0 st-yt7gr9 st-qwgfn3 st-9sh0r8"
DUKAKIS = "st-203dqx st-j6bd3d st-qjzdbt"
NGUYEN = "st-hmpb91 st-31jmtg st-gck41p"
TUAN = "st-zx32j6 st-74x1pz"
MEG = "st-g114xc st-tqfbc5 st-6r0tjv"
ANGELA = "st-n72rrr st-fxv8hb"
DELEGATES = "st-ftm3pk st-5h45th st-9nb3f1 st-j99f7s st-0znwh1 st-4fp7b4"
AI_IN_WORDS = f"{LAN_ON_AI} st-5h45th st-tprf5k st-x2nxzh st-qqkm89"
FRIENDS = "st-n6s9mr st-zx32j6 st-74x1pz"
PARK = "st-9sh0r8 st-qjzdbt"

# What has to be found, and the queries that find it, with a bar between them.
QUERIES: list[tuple[Expected, str]] = [
    # Somebody on a subject, in any order, spelling and script; PAI is not AI.
    (
        Expected(LAN_ON_AI, "st-9sh0r8", f"st-yt7gr9 {BUI} st-tprf5k st-g7m5m2"),
        "Ngo Phuong Lan AI | ngo phuong lan ai | Ngô Phương Lan AI | AI Ngô Phương Lan | AI, Ngo Phuong Lan | "
        "“Ngo Phuong Lan” AI | «Ngô Phương Lan» «AI» | Phuong Lan AI | Ngo-Phuong-Lan: AI | ngophuonglan AI | "
        "โง เฟือง ลาน AI | โงเฟืองลาน AI | โงเฟืองลานAI | โง ฟอง ลาน AI | AI โง เฟือง ลาน",
    ),
    (
        Expected("", f"{LAN_ON_AI} st-9sh0r8", f"st-yt7gr9 {BUI} st-tprf5k"),
        "โง เฟือง ลาน เอไอ | โงเฟืองลาน เอไอ | Ngo Phuong Lan เอไอ | Ngo Phuong Lan artificial intelligence | "
        "Ngô Phương Lan trí tuệ nhân tạo | ngo phuong lan tri tue nhan tao | trí tuệ nhân tạo Ngô Phương Lan | "
        "Phương Lan trí tuệ nhân tạo | โง เฟือง ลาน ปัญญาประดิษฐ์ | โงเฟืองลาน ปัญญาประดิษฐ์ | "
        "โงฟองลาน ปัญญาประดิษฐ | ปัญญาประดิษฐ์ โง เฟือง ลาน | โง เฟือง ลาน trí tuệ nhân tạo",
    ),
    (
        Expected(LAN_ON_AI, "st-9sh0r8", "st-yt7gr9 st-qqkm89 st-dz2x2c"),
        "Lan AI | Lan A.I.",
    ),
    (
        Expected("st-hp0hth st-b5czxv"),
        "Lan AI save time | Ngo Phuong Lan AI cost resources | โง ฟอง ลาน AI save cost",
    ),
    (
        Expected("st-jqjgh5"),
        "Lan AI assistant | โง เฟือง ลาน AI assistant | AI only an excellent assistant",
    ),
    (
        Expected("st-qqkm89", never=LAN),
        "Tony Bui AI independent filmmakers | โทนี่ บุย AI ผู้สร้างภาพยนตร์อิสระ | Tony Bui AI nhà làm phim độc lập",
    ),
    (
        Expected("st-qqkm89", never=LAN),
        "Tony Bui AI | AI Tony Bui | โทนี่ บุย AI | โทนี่ บูอิ AI",
    ),
    (
        Expected("st-tprf5k", never=f"{LAN} {BUI}"),
        "Giang AI | Dang Hoang Giang AI | Đặng Hoàng Giang AI | ดัง ฮวง ซาง AI",
    ),
    (
        Expected("st-x2nxzh", never=f"{LAN} {BUI}"),
        "experts AI | AI experts need to use technology",
    ),
    # One person, by every spelling.
    (
        Expected(BUI, "st-31jmtg", LAN),
        'tony bui | Tony Bui | Bui Tony | "Tony Bui" | “Tony Bui” | «Tony Bui» | โทนี่ บุย | โทนีบุย | '
        "โทนี่ บูอิ | tonybui | Tôny Bùi",
    ),
    (
        Expected(LAN, never=BUI),
        "Ngo Phuong Lan | Ngô Phương Lan | โง เฟือง ลาน | โงเฟืองลาน | โง ฟอง ลาน | lan ngo | ngophuonglan",
    ),
    (
        Expected(DUKAKIS, never=f"{BUI} {LAN}"),
        "Dukakis | Michael Dukakis | Dukakis, Michael | ไมเคิล ดูคาคิส | ไมเคิลดูคาคิส | ดูคาคิส",
    ),
    (
        Expected(GIANG, never=NGUYEN),
        "Dang Hoang Giang | Đặng Hoàng Giang | ดาง ฮวง เกียง | ดังฮวงซาง",
    ),
    (
        Expected(NGUYEN, never=GIANG),
        "Nguyen Hoang Nguyen | Nguyễn Hoàng Nguyên | เหงียน ฮวง เหงียน",
    ),
    (
        Expected(MEG),
        "Montagnino | Meg Montagnino | เม็ก มอนตาญีโน | เมก มอนตาญีโน",
    ),
    (
        Expected(ANGELA),
        "Angela Perry | Angela Peri | แองเจลา เพอร์รี | แองเจลา แคสติ้ง",
    ),
    (
        Expected("st-jrg835"),
        "Mars investor | มาร์ส | Mars film producer | Mars post-production",
    ),
    # Somebody and an organization, or a role.
    (
        Expected(BUI, never=LAN),
        "Tony Bui Columbia | Columbia Tony Bui | Tony Bui Columbia University | Tony Bui Đại học Columbia | "
        "โทนี่ บุย มหาวิทยาลัยโคลัมเบีย | โทนี่ บุย โคลัมเบีย | Bui, Columbia",
    ),
    (
        Expected(BUI, never=LAN),
        "Tony Bui film director | director Tony Bui",
    ),
    (
        Expected(BUI_QUOTES, "st-qqkm89 st-dz2x2c", LAN),
        "Tony Bui professor | professor Bui",
    ),
    (
        Expected(LAN_FOR_VFDA, never=BUI),
        "President of VFDA | VFDA president | president VFDA | ประธาน VFDA",
    ),
    (
        Expected(LAN_FOR_VFDA, LAN, BUI),
        "VFDA Lan | Lan VFDA | Ngô Phương Lan VFDA | โง เฟือง ลาน VFDA | V.F.D.A. Lan",
    ),
    (
        Expected("", LAN_FOR_VFDA, BUI),
        "สมาคมส่งเสริมภาพยนตร์เวียดนาม โง เฟือง ลาน | Hiệp hội Xúc tiến Phát triển Điện ảnh Việt Nam",
    ),
    (
        Expected("st-203dqx st-qjzdbt", never=LAN),
        "Governor of Massachusetts | former governor Dukakis | Dukakis governor Massachusetts",
    ),
    (
        Expected("st-tqfbc5"),
        "Montagnino Massachusetts tax incentives | South Africa tax incentives | Meg South Africa | เม็ก tax incentives",
    ),
    (
        Expected(TUAN, never=LAN),
        "Boston Global Forum Tuan | BGF Nguyễn Anh Tuấn | Nguyen Anh Tuan BGF | เหงียน อันห์ ตวน BGF | "
        "Tuấn Diễn đàn Toàn cầu Boston",
    ),
    (
        Expected(ANGELA),
        "Boston Casting | Perry Boston Casting | Angela Boston Casting",
    ),
    (
        Expected("st-31jmtg"),
        "Criterion Channel | Tony Bui Criterion | Nguyen Criterion Channel | ไครทีเรียน แชนเนล | "
        "classic Vietnamese films Criterion",
    ),
    (
        Expected("", f"{GIANG} {NGUYEN}", BUI),
        "United Nations ambassador | Permanent Mission of Viet Nam | Phái đoàn Thường trực Việt Nam",
    ),
    # Initiatives, by every name.
    (
        Expected("st-qjzdbt", never=LAN),
        "Dukakis AIWS | AIWS Dukakis | Dukakis AIWS Film Park | Dukakis AIWS Cinema Park | ดูคาคิส AIWS | "
        "Dukakis Công viên điện ảnh AIWS",
    ),
    (
        Expected(PARK, "st-dz2x2c", "st-yt7gr9"),
        "AIWS Film Park | “AIWS Film Park”",
    ),
    (
        Expected("", f"{PARK} st-dz2x2c", "st-yt7gr9"),
        "AIWS | AIWS Cinema Park | Công viên điện ảnh AIWS | cong vien dien anh AIWS",
    ),
    (
        Expected("st-dz2x2c", never=PARK),
        "Tony Bui AIWS | AI World Society Bui | โทนี่ บุย AIWS | Bui AIWS smart model",
    ),
    (
        Expected("st-yt7gr9", never=f"{LAN_ON_AI} {BUI}"),
        "PAI | PAI index | Lan PAI | Production Attraction Index | Chỉ số thu hút đoàn làm phim | ดัชนีดึงดูด | "
        "VFDA PAI | โง เฟือง ลาน PAI",
    ),
    (
        Expected("", FRIENDS, LAN),
        "Friends of Viet Nam | Friends of the US – Viet Nam Film Collaboration | "
        "Friends of Vietnam-US Cinema Development Cooperation",
    ),
    (
        Expected("st-n6s9mr", never=TUAN),
        "Giang Friends of Vietnam | Dang Hoang Giang Friends of the US",
    ),
    (
        Expected(TUAN, never="st-n6s9mr"),
        "Tuan Friends of Vietnam | Nguyễn Anh Tuấn Friends of Viet Nam",
    ),
    # Their own words, pasted or remembered; quotation marks, signs and marks do not count.
    (
        Expected("st-7hs43z", only=True),
        '"film is not only an entertainment industry" | “Film is not only an entertainment industry” | '
        "«film is not only an entertainment industry» | film is not only an entertainment industry | "
        "‘Film is not only an entertainment industry;’ | ภาพยนตร์ไม่ได้เป็นเพียงอุตสาหกรรมบันเทิงเท่านั้น | "
        "“ภาพยนตร์ไม่ได้เป็นเพียงอุตสาหกรรมบันเทิงเท่านั้น” | "
        "Điện ảnh không chỉ là một ngành công nghiệp giải trí | "
        "dien anh khong chi la mot nganh cong nghiep giai tri | Tony Bui “ngành công nghiệp giải trí” | "
        "โทนี่ บุย “not only an entertainment industry”",
    ),
    (
        Expected("st-1kvhg6"),
        "influence on the world | ảnh hưởng lớn hơn đối với thế giới | ภาพยนตร์เวียดนามมีอิทธิพลต่อโลก | "
        "Bui challenge influence",
    ),
    (
        Expected("st-tvxtyp"),
        "1990s infrastructure | Tony Bui 1990s | ทศวรรษ 1990 | ทศวรรษ ๑๙๙๐ | những năm 1990 | Tony Bui 1990",
    ),
    (
        Expected("st-dz2x2c"),
        "smart model of film production | mô hình sản xuất phim thông minh | ผลิตภาพยนตร์อัจฉริยะ",
    ),
    (
        Expected("st-j99f7s"),
        "production support fund | delegates fund | Delegates: production support fund",
    ),
    (
        Expected("st-wh5v9h"),
        "Cánh đồng hoang | canh dong hoang | Bao giờ cho đến tháng Mười | Lan Cánh đồng hoang",
    ),
    (
        Expected("st-6r0tjv"),
        "production permits | permits Montagnino | simpler procedures",
    ),
    (
        Expected("st-yrn5q1"),
        "cinema law | Lan cinema law | foreign film crews Hollywood",
    ),
    (
        Expected("st-tp6ykt"),
        "tens of millions of US dollars | millions US | Lan US dollars",
    ),
    (
        Expected("st-5b9ws7"),
        "important bridge Giang | Ambassador bridge 30 years | Dang Hoang Giang bridge",
    ),
    # A short word is a whole word.
    (
        Expected(AI_IN_WORDS, never="st-yt7gr9 st-m411hq st-g7m5m2 st-tqfbc5"),
        "AI | ai | A.I. | “AI” | (AI)",
    ),
    (
        Expected("st-tp6ykt", never="st-7hs43z st-5h45th st-g7m5m2"),
        "US dollars | U.S. dollars",
    ),
    (
        Expected("", never="st-6r0tjv st-0znwh1 st-n6s9mr"),
        "MIT | M.I.T.",
    ),
    (
        # Without its marks, “lan” is a word of Vietnamese wordings too (“lan tỏa”, “lẫn nhau”), but no part of a word.
        Expected(LAN, never="st-yt7gr9 st-fxv8hb"),
        "Lan",
    ),
    # The event, by half of a name of it, not by a word of its long title.
    (
        Expected("st-m411hq"),
        "DANAFF | DANAFF festival | DANAFF distribution",
    ),
    (
        Expected("", never=f"{MEG} {ANGELA} st-ywgb7w"),
        "industrial revolution | trí tuệ nhân tạo | Cách mạng công nghiệp | ปัญญาประดิษฐ์",
    ),
    # Groups.
    (
        Expected(DELEGATES, never=f"{LAN} {BUI}"),
        "delegates | Delegates | “delegates”",
    ),
    # Nothing of the kind.
    (
        Expected("", only=True),
        "Dukakis PAI | Tony Bui Cánh đồng hoang | Mars AIWS | Montagnino AI | nothing of the kind | "
        "โทนี่ บุย PAI | Lan Criterion | Nazli Choucri AI",
    ),
]
