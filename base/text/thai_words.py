"""Thai words and parts of names whose sound cannot be told from their letters, without tone marks, with their sound after RTGS."""

from __future__ import annotations

WORDS = {
    "กนก": "kanok", "กรณี": "karani", "กรรม": "kam", "กรรมการ": "kammakan", "กรรมาธิการ": "kammathikan", "เกียรติ": "kiat",
    "ก": "ko", "คณะ": "khana", "จักร": "chak", "จริง": "ching", "ชนะ": "chana", "ชาติ": "chat", "ญาติ": "yat", "ณ": "na",
    "ทบวง": "thabuang", "ทฤษฎี": "thritsadi", "ธรรม": "tham", "ธาตุ": "that", "นคร": "nakhon", "นโยบาย": "nayobai",
    "บริ": "bori", "บัติ": "bat", "บุคลากร": "bukkhalakon", "ปฏิ": "pati", "ประวัติ": "prawat", "ผลิต": "phalit", "ผู": "phu",
    "พฤติ": "phruetti", "พลัง": "phalang", "พัฒน": "phat", "พัฒนา": "phatthana", "พาณิชย": "phanit", "พุทธ": "phut",
    "เพชร": "phet", "ภูมิ": "phum", "มนุษย": "manut", "มหา": "maha", "มูลนิธิ": "munnithi", "ยุติธรรม": "yuttitham",
    "รัฐ": "rat", "ราช": "rat", "วัฒน": "wat", "วัฒนา": "watthana", "วิทย": "wit", "วิทยา": "witthaya", "วุฒิ": "wut",
    "ศิลป": "sin", "สมบัติ": "sombat", "สหรัฐ": "saharat", "สาธารณ": "satharana", "สามารถ": "samat", "สุข": "suk",
    "สุขภาพ": "sukkhaphap", "หมายเหตุ": "maihet", "เหตุ": "het", "อนุญาต": "anuyat", "อยาก": "yak", "อยาง": "yang",
    "อยา": "ya", "อยู": "yu", "อัตลักษณ": "attalak", "อินทร": "in", "อิสระ": "itsara", "อุตสาห": "utsaha",
    "เอกชน": "ekkachon", "รัตน": "rat", "รัตนา": "rattana", "แหง": "haeng", "และ": "lae",
    "กิติ์": "kit", "กมล": "kamon", "เจริญ": "charoen", "เฉลิม": "chaloem", "เศรษฐ": "set", "นายก": "nayok", "สห": "saha", "สตรี": "satri", "มรดก": "moradok", "พนม": "phanom", "ศิว": "siwa", "ภาพยนตร์": "phapphayon", "ชินวัตร": "chinnawat", "ชนบท": "chonnabot", "จันทรา": "chanthra", "ทูต": "thut", "สถาปนา": "sathapana",
}  # fmt: skip
# How some of them sound before another word.
LINKED_WORDS = {
    "กรรม": "kamma", "จักร": "chakkra", "ธรรม": "thamma", "พัฒน": "phatthana", "พาณิชย": "phanitchaya", "พุทธ": "phuttha",
    "เพชร": "phetcha", "ภูมิ": "phumi", "มนุษย": "manutsaya", "รัฐ": "rattha", "ราช": "ratcha", "วัฒน": "watthana", "วิทย": "witthaya",
    "ศิลป": "sinlapa", "รัตน": "rattana", "เศรษฐ": "settha", "สหรัฐ": "saharattha",
}  # fmt: skip
