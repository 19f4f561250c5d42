"""Thai words and parts of names whose sound cannot be told from their letters, without tone marks, with their sound after RTGS."""

from __future__ import annotations

WORDS = {
    "ก": "ko", "กนก": "kanok", "กมล": "kamon", "กรณี": "karani", "กรรม": "kam", "กรรมการ": "kammakan",
    "กรรมาธิการ": "kammathikan", "กริติ": "kritti", "กลาโหม": "kalahom", "กสิ": "kasi", "กัลยา": "kanlaya",
    "กาญจน": "kanchana", "กิติ์": "kit", "ขจร": "khachon", "คณะ": "khana", "จริง": "ching", "จักร": "chak",
    "จันทรา": "chanthra", "จาติก": "chatika", "ชนบท": "chonnabot", "ชนะ": "chana", "ชาติ": "chat",
    "ชินวัตร": "chinnawat", "ญาติ": "yat", "ณ": "na", "ณัฐชา": "natcha", "ดัชนี": "datchani",
    "ทบวง": "thabuang", "ทฤษฎี": "thritsadi", "ทิศ": "thit", "ทูต": "thut", "ธน": "thon",
    "ธนบุรี": "thonburi", "ธรรม": "tham", "ธาตุ": "that", "นคร": "nakhon", "นาฏ": "nat", "นายก": "nayok",
    "นโยบาย": "nayobai", "บดี": "bodi", "บริ": "bori", "บัณฑิต": "bandit", "บัณฑิตย": "bandittaya",
    "บัติ": "bat", "บุคลากร": "bukkhalakon", "ปฏิ": "pati", "ประวัติ": "prawat", "ผลิต": "phalit",
    "ผู": "phu", "พชร": "phachara", "พนม": "phanom", "พยา": "phaya", "พรหม": "phrom", "พริษฐ์": "pharit",
    "พฤติ": "phruetti", "พลัง": "phalang", "พัชร": "phat", "พัฒน": "phat", "พัฒนา": "phatthana",
    "พัทลุง": "phatthalung", "พาณิชย": "phanit", "พิษ": "phit", "พิษณุ": "phitsanu", "พุทธ": "phut",
    "ภัทร": "phat", "ภัทรา": "phatthra", "ภาพยนตร์": "phapphayon", "ภูมิ": "phum", "ภูมิธรรม": "phumtham",
    "ภูมิปัญญา": "phumpanya", "ภูมิลำเนา": "phumlamnao", "ภูมิหลัง": "phumlang", "ภูมิใจ": "phumchai",
    "มนุษย": "manut", "มรดก": "moradok", "มหา": "maha", "มหาด": "mahat", "มูลนิธิ": "munnithi",
    "ยุติธรรม": "yuttitham", "รหัส": "rahat", "รัฐ": "rat", "รัตน": "rat", "รัตนา": "rattana", "ราช": "rat",
    "ราษฎร": "ratsadon", "วร": "won", "วัชร": "wat", "วัฒน": "wat", "วัฒนา": "watthana", "วาสนา": "watsana",
    "วิทย": "wit", "วิทยา": "witthaya", "วุฒิ": "wut", "ศาสนา": "satsana", "ศิลป": "sin",
    "ศิลปากร": "sinlapakon", "ศิว": "siwa", "ศุภ": "supha", "สกล": "sakon", "สตรี": "satri",
    "สถาปนา": "sathapana", "สถิติ": "sathiti", "สภา": "sapha", "สมบัติ": "sombat", "สมัคร": "samak",
    "สมุด": "samut", "สระ": "sa", "สระบุรี": "saraburi", "สริษดิ์": "sarit", "สลัม": "salam",
    "สวัสดิ": "sawatdi", "สวัสดี": "sawatdi", "สห": "saha", "สหรัฐ": "saharat", "สาธารณ": "satharana",
    "สามารถ": "samat", "สุข": "suk", "สุขภาพ": "sukkhaphap", "สุนทรเวช": "sunthorawet", "สโมสร": "samoson",
    "หมายเหตุ": "maihet", "อนุญาต": "anuyat", "อมร": "amon", "อยา": "ya", "อยาก": "yak", "อยาง": "yang",
    "อยู": "yu", "อร": "on", "อัคร": "ak", "อังกริษ": "angkrit", "อัตลักษณ": "attalak", "อัยการ": "aiyakan",
    "อินทร": "in", "อิสระ": "itsara", "อุตสาห": "utsaha", "เกษตร": "kaset", "เกียรติ": "kiat",
    "เจริญ": "charoen", "เฉลิม": "chaloem", "เชษฐ": "chet", "เทศกาล": "thetsakan", "เทศบาล": "thetsaban",
    "เพชร": "phet", "เวชย": "wetchaya", "เศรษฐ": "set", "เหตุ": "het", "เอกชน": "ekkachon", "เอนก": "anek",
    "และ": "lae", "แหง": "haeng", "โฆษณา": "khotsana", "โภชนา": "phochana",
}  # fmt: skip
# How some of them sound before another word.
LINKED_WORDS = {
    "กรรม": "kamma", "จักร": "chakkra", "ธน": "thana", "ธรรม": "thamma", "นาฏ": "natta", "พัชร": "phatchara",
    "พัฒน": "phatthana", "พาณิชย": "phanitchaya", "พุทธ": "phuttha", "ภัทร": "phatthra", "ภูมิ": "phumi",
    "มนุษย": "manutsaya", "รัฐ": "rattha", "รัตน": "rattana", "ราช": "ratcha", "วร": "wora",
    "วัชร": "watchara", "วัฒน": "watthana", "วิทย": "witthaya", "วุฒิ": "wutthi", "ศิลป": "sinlapa",
    "สหรัฐ": "saharattha", "อร": "ora", "อัคร": "akkhara", "เชษฐ": "chettha", "เพชร": "phetcha",
    "เศรษฐ": "settha",
}  # fmt: skip
