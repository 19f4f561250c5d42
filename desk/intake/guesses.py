"""What title, date and language of a text seem to be: proposals, which a curator confirms or corrects."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from base.text.dates import BUDDHIST_ERA
from desk.intake.cut import DraftParagraph
from desk.intake.reading import CAPTION, LEFT_OUT

LONGEST_TITLE = 200  # letters of a first line that is taken for a title
_LOOKED_AT = 20_000  # letters by which a language is guessed
_FIRST, _LAST = 8, 4  # paragraphs at either end in which a date of publication may stand
_LONGEST_DATELINE = 120  # letters of a paragraph that may be one

_SCRIPTS = {
    "th": "\u0e01-\u0e5b",
    "lo": "\u0e81-\u0edf",
    "km": "\u1780-\u17ff",
    "my": "\u1000-\u109f",
    "ko": "\uac00-\ud7a3",
    "ja": "\u3041-\u30ff",
    "zh": "\u4e00-\u9fff",
    "ar": "\u0621-\u064a",
    "ru": "\u0410-\u044f",
}
_VIETNAMESE = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
_STOP_WORDS = {
    "en": "the of and to in that is was for said with he she it on as at by from his her they not have has be are",
    "fr": "le la les des du et une est que qui dans pour sur pas au avec il elle ce sont par plus",
    "de": "der die das und ist nicht von mit den ein eine zu auf für dem sich des im auch er sie",
    "es": "el la los las de que y en un una por con para se del al es lo como su más no",
    "pt": "o a os as de que e em um uma por com para se do da não é ao no na mais",
    "it": "il lo la gli le di che e un una per con del della non è si in al sono più",
    "id": "yang dan di ini itu dengan untuk dari pada tidak akan dalam adalah oleh ke kata",
    "nl": "de het een en van is dat niet op te zijn met voor die hij zij ook aan er",
    "vi": "của và là có được cho không những trong với các một người này đã khi đến",
}
_MONTHS = {
    "en": "january february march april may june july august september october november december",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
}
_SHORT_MONTHS = {
    "en": "jan feb mar apr may jun jul aug sep oct nov dec",
    "th": "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
}
_NUMBER_OF_MONTH = {
    name: number
    for names in (*_MONTHS.values(), *_SHORT_MONTHS.values())
    for number, name in enumerate(names.split(), 1)
} | {"sept": 9}
_NAMES = "|".join(sorted((re.escape(name) for name in _NUMBER_OF_MONTH), key=len, reverse=True))
_DATES = (
    re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)"),
    re.compile(
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<name>{_NAMES})\.?,?\s*(?:พ\.?ศ\.?\s*|ค\.?ศ\.?\s*)?(?P<year>\d{{4}}|\d\d(?!\d))",
        re.I,
    ),
    re.compile(rf"\b(?P<name>{_NAMES})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})", re.I),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})(?:\s+năm|,|\s*/)?\s+(?P<year>\d{4})", re.I),
    re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?!\d)"),
)
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_FIRST_BUDDHIST_YEAR = 2400  # what is written so means the Buddhist era: 1857 of the common era
_DAY_FIRST = ("th", "vi", "fr", "de", "es", "pt", "it", "id", "nl", "")


@dataclass(frozen=True)
class FoundDate:
    """A date that a text prints."""

    printed: str
    date: str  # YYYY-MM-DD of the common era
    buddhist_year: int = 0  # as it is printed, if it counts in the Buddhist era

    @property
    def year(self) -> int:
        """The year of the common era."""
        return int(self.date[:4])


def guess_language(text: str) -> str:
    """Return the tag of the language of a text, by its script and its commonest words; empty if neither tells."""
    start = text[:_LOOKED_AT]
    letters = sum(letter.isalpha() for letter in start) or 1
    for tag, letters_of_script in _SCRIPTS.items():
        if len(re.findall(f"[{letters_of_script}]", start)) > 0.3 * letters:
            return tag
    if len(_VIETNAMESE.findall(start)) > 0.04 * letters:
        return "vi"
    words = Counter(re.findall(r"[^\W\d_]+", start.casefold()))
    shares = {tag: sum(words[word] for word in set(stops.split())) for tag, stops in _STOP_WORDS.items()}
    (first, most), (_second, next_most) = Counter(shares).most_common(2)
    return first if most >= 3 and most > 0.1 * words.total() and most > 1.2 * next_most else ""


def guess_title(paragraphs: Sequence[DraftParagraph], said: str) -> str:
    """Return the title: as the file says it, as the text prints it where both agree; else a first line that is short."""
    kept = [row for row in paragraphs if row["kind"] != LEFT_OUT]
    said = " ".join(said.split())
    for row in kept[:5]:
        # Pages add their own name: “Tide table agreed - The Lantern”.
        if said and len(row["text"]) >= 8 and (said.startswith(row["text"]) or row["text"].startswith(said)):
            return row["text"][:500]
    if said:
        return said[:500]
    first = next((row["text"] for row in kept if row["kind"] != CAPTION), "")
    is_title = len(first) <= LONGEST_TITLE and not re.search(r"[.。]$", first) and len(kept) > 1
    return first if is_title else ""


def found_dates(paragraphs: Sequence[DraftParagraph], language: str) -> list[FoundDate]:
    """Return the dates that short lines at either end of a text print, the first ones first, each once; at most five."""
    rows = [*paragraphs[:_FIRST], *paragraphs[_FIRST:][-_LAST:]]
    texts = [row["text"] for row in rows if len(row["text"]) <= _LONGEST_DATELINE]
    dates: dict[str, FoundDate] = {}
    for text in texts:
        for each in dates_in(text, language):
            dates.setdefault(each.date, each)
    return list(dates.values())[:5]


def dates_in(text: str, language: str) -> Iterator[FoundDate]:
    """Yield the dates of a line in the order of their patterns; days that no calendar has are none."""
    plain = text.translate(_THAI_DIGITS)
    for pattern in _DATES:
        for match in pattern.finditer(plain):
            parts = match.groupdict()
            year, month = int(parts["year"]), parts.get("month") or _NUMBER_OF_MONTH[parts["name"].casefold().rstrip()]
            if len(parts["year"]) == 2:  # 14 พ.ค. 69: Thai newspapers shorten the Buddhist year
                if not re.search("[ก-๙]", parts.get("name") or ""):
                    continue
                year += 2500
            day, month = int(parts["day"]), int(month)
            if pattern is _DATES[-1] and language not in _DAY_FIRST and day <= 12:
                continue  # 05/06/2026: nobody knows which is the month
            buddhist = year if year >= _FIRST_BUDDHIST_YEAR else 0
            try:
                date = datetime.date(year - BUDDHIST_ERA if buddhist else year, month, day)
            except ValueError:
                continue
            yield FoundDate(text[match.start() : match.end()], date.isoformat(), buddhist)
