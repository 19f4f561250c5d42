"""Invented articles in the three languages of the site, and the records that the tests of the desk find in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from directory.models import Organization, Person, Source, Topic
from events.models import Event
from tests import factories as make

ENGLISH = (
    "The Lantern Coast Association met in Pellmere on Thursday and agreed on one tide table for nine harbours.\n"
    "Ines Aldana, who chairs the Lantern Coast Association, said the old tables had differed by up to forty minutes.\n"
    "“Nobody drowns because of a number,” Ms Aldana said, “but people have drowned because of two numbers.”\n"
    "Tomas Reka, pilot of the port of Sond, called the plan “late, and still welcome”.\n"
    "The tide table will be printed in three languages 🌊.\n"
    "Photo: Ines Aldana (left) with pilots.\n"
)
THAI = (
    "สมาคมชายฝั่งโคมไฟประชุมที่เพลเมียร์เมื่อวันพฤหัสบดี และตกลงใช้ตารางน้ำเดียวกัน\n"
    "นางสาวอรุณี แก้วใส ประธานสมาคมชายฝั่งโคมไฟ กล่าวว่า “น้ำขึ้นไม่เคยรอใคร แต่เรารอกันได้”\n"
)
VIETNAMESE = (
    "Hiệp hội Bờ Biển Đèn Lồng họp tại Pellmere hôm thứ Năm và thống nhất một bảng thủy triều.\n"
    "Bà Trần Thị Hạnh, chủ tịch hiệp hội, nói: “Nước lên không đợi ai, nhưng chúng ta có thể đợi nhau.”\n"
)


@dataclass
class Article:
    """A source with its text, and what is on record of it."""

    source: Source
    speaker: Person
    body: Organization
    event: Event
    topic: Topic

    def span(self, words: str) -> tuple[int, int]:
        """Return where these words stand for the first time, in code points."""
        start = self.source.text.index(words)
        return start, start + len(words)

    def selection(self, *parts: str) -> dict[str, Any]:
        """Return what a card sends for these selections."""
        spans = [self.span(words) for words in parts]
        return {"start": [a for a, _b in spans], "end": [b for _a, b in spans], "quote": list(parts)}

    def url(self, kind: str) -> str:
        """Return the address of a card."""
        return f"/admin/desk/{self.source.slug}/cards/{kind}/"


def english(status: str = "published") -> Article:
    """Make the English article with its chair, her association and her role in ¶2, its meeting and a topic."""
    source = make.make_source("Harbour towns agree", text=ENGLISH, status=status)
    body = make.make_organization("Lantern Coast Association", status=status)
    speaker = make.make_person("Ines Aldana", status=status)
    event = make.make_event("Pellmere meeting", status=status)
    topic = make.make_topic("Tide table")
    chairs = make.make_passage(source, "Ines Aldana, who chairs the Lantern Coast Association")
    make.make_affiliation(speaker, body, role="chair", passages=[chairs])
    make.make_name(event, "the meeting of Pellmere", passages=[make.make_passage(source, "met in Pellmere")])
    return Article(source, speaker, body, event, topic)


def thai() -> Article:
    """Make the Thai article with its speaker."""
    source = make.make_source("Thai article", text=THAI, language="th", title_language="en")
    return Article(
        source,
        make.make_person("อรุณี แก้วใส", "th"),
        make.make_organization("สมาคมชายฝั่งโคมไฟ", "th"),
        make.make_event("Pellmere meeting"),
        make.make_topic("ตารางน้ำ", "th"),
    )


def vietnamese() -> Article:
    """Make the Vietnamese article with its speaker."""
    source = make.make_source("Vietnamese article", text=VIETNAMESE, language="vi", title_language="en")
    return Article(
        source,
        make.make_person("Trần Thị Hạnh", "vi"),
        make.make_organization("Hiệp hội Bờ Biển Đèn Lồng", "vi"),
        make.make_event("Pellmere meeting"),
        make.make_topic("bảng thủy triều", "vi"),
    )
