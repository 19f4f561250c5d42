"""Thai words and parts of names whose sound cannot be told from their letters, without tone marks, with their sound after RTGS."""

from __future__ import annotations

WORDS = {
    "ก": "ko", "กนก": "kanok", "กมล": "kamon", "กรณี": "karani", "กรรม": "kam", "กรรมการ": "kammakan",
    "กรรมาธิการ": "kammathikan", "กิติ์": "kit", "คณะ": "khana", "จริง": "ching", "จักร": "chak",
    "จันทรา": "chanthra", "ชนบท": "chonnabot", "ชนะ": "chana", "ชาติ": "chat", "ชินวัตร": "chinnawat",
    "ญาติ": "yat", "ณ": "na", "ดัชนี": "datchani", "ทบวง": "thabuang", "ทฤษฎี": "thritsadi", "ทูต": "thut",
    "ธรรม": "tham", "ธาตุ": "that", "นคร": "nakhon", "นายก": "nayok", "นโยบาย": "nayobai", "บริ": "bori",
    "บัติ": "bat", "บุคลากร": "bukkhalakon", "ปฏิ": "pati", "ประวัติ": "prawat", "ผลิต": "phalit",
    "ผู": "phu", "พนม": "phanom", "พฤติ": "phruetti", "พลัง": "phalang", "พัฒน": "phat", "พัฒนา": "phatthana",
    "พาณิชย": "phanit", "พุทธ": "phut", "ภาพยนตร์": "phapphayon", "ภูมิ": "phum", "มนุษย": "manut",
    "มรดก": "moradok", "มหา": "maha", "มูลนิธิ": "munnithi", "ยุติธรรม": "yuttitham", "รัฐ": "rat",
    "รัตน": "rat", "รัตนา": "rattana", "ราช": "rat", "วัฒน": "wat", "วัฒนา": "watthana", "วิทย": "wit",
    "วิทยา": "witthaya", "วุฒิ": "wut", "ศิลป": "sin", "ศิว": "siwa", "สตรี": "satri", "สถาปนา": "sathapana",
    "สมบัติ": "sombat", "สห": "saha", "สหรัฐ": "saharat", "สาธารณ": "satharana", "สามารถ": "samat",
    "สุข": "suk", "สุขภาพ": "sukkhaphap", "หมายเหตุ": "maihet", "อนุญาต": "anuyat", "อยา": "ya",
    "อยาก": "yak", "อยาง": "yang", "อยู": "yu", "อัตลักษณ": "attalak", "อินทร": "in", "อิสระ": "itsara",
    "อุตสาห": "utsaha", "เกียรติ": "kiat", "เจริญ": "charoen", "เฉลิม": "chaloem", "เพชร": "phet",
    "เศรษฐ": "set", "เหตุ": "het", "เอกชน": "ekkachon", "และ": "lae", "แหง": "haeng",
}  # fmt: skip
# How some of them sound before another word.
LINKED_WORDS = {
    "กรรม": "kamma", "จักร": "chakkra", "ธรรม": "thamma", "พัฒน": "phatthana", "พาณิชย": "phanitchaya",
    "พุทธ": "phuttha", "ภูมิ": "phumi", "มนุษย": "manutsaya", "รัฐ": "rattha", "รัตน": "rattana",
    "ราช": "ratcha", "วัฒน": "watthana", "วิทย": "witthaya", "ศิลป": "sinlapa", "สหรัฐ": "saharattha",
    "เพชร": "phetcha", "เศรษฐ": "settha",
}  # fmt: skip
