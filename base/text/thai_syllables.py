"""Thai in Latin letters as it sounds, after the Royal Thai General System of Transcription (RTGS), for ids that can be read.

Thai has no spaces between words, writes some vowels before their consonant and does not write the short ones. A word is therefore
taken apart into the syllables that are cheapest together; every shape of a syllable has a price, higher the rarer it is. Words that
no shape gets right are listed (`thai_words.py`). Tones and the length of vowels are not written, as in RTGS.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from base.text.thai_words import LINKED_WORDS, WORDS


class Syllable(NamedTuple):
    """A way to read the beginning of a text: its price, how much of the text it takes, and its sound."""

    price: float
    length: int
    sound: str


class SyllableShape(NamedTuple):
    """A shape of syllables: `pattern` has the groups `initial` and, if one can stand there, `final`."""

    pattern: re.Pattern[str]
    vowel: str
    price: float
    is_linked: bool = False  # whether the final begins a short syllable of its own


_SOUNDS = (
    ("ก", "k"), ("ขฃคฅฆ", "kh"), ("ง", "ng"), ("จ", "ch"), ("ฉชฌ", "ch"), ("ซศษส", "s"), ("ญย", "y"), ("ฎด", "d"), ("ฏต", "t"),
    ("ฐฑฒถทธ", "th"), ("ณน", "n"), ("บ", "b"), ("ป", "p"), ("ผพภ", "ph"), ("ฝฟ", "f"), ("ม", "m"), ("ร", "r"), ("ลฬ", "l"),
    ("ว", "w"), ("หฮ", "h"), ("อ", ""),
)  # fmt: skip
_INITIALS = {letter: sound for letters, sound in _SOUNDS for letter in letters}
_FINALS = {
    **dict.fromkeys("กขคฆ", "k"),
    "ง": "ng",
    **dict.fromkeys("จชซฌฎดฏตฐฑฒถทธศษส", "t"),
    **dict.fromkeys("ญณนรลฬ", "n"),
    **dict.fromkeys("บปพภฟ", "p"),
    "ม": "m",
}
_CLUSTERS = {
    **{f"{first}{second}": _INITIALS[first] + _INITIALS[second] for first in "กขคพ" for second in "รล"},
    **{f"{first}ว": _INITIALS[first] + "w" for first in "กขค"},
    **{f"{first}{second}": _INITIALS[first] + _INITIALS[second] for first in "ปบฟ" for second in "รล"},
    "ตร": "tr", "ผล": "phl", "ดร": "dr",
    **{f"ห{second}": _INITIALS[second] for second in "งญณนมยรลว"},
    **dict.fromkeys(("ทร", "สร", "ศร", "ซร"), "s"),
}  # fmt: skip
# Two consonants between which a short vowel is spoken and not written, where a vowel is written before both: แสดง, เจริญ, ไสว.
_LOOSE_CLUSTERS = {
    f"{first}{second}": f"{_INITIALS[first]}a{_INITIALS[second]}"
    for first in "ขจฉชตถทนผฝพมสอ"
    for second in "คงชดถทนบพภมยรลวสห"
    if f"{first}{second}" not in _CLUSTERS
}

_ONE = "[ก-ฮ]"
_PAIR = f"(?:{'|'.join(_CLUSTERS)})"
_LOOSE = f"(?:{'|'.join(_LOOSE_CLUSTERS)})"
# A consonant under THANTHAKHAT, and in some pairs the one before it, which is then not spoken either.
_SILENT = f"(?:(?:[ฎตทดชสศ](?=ร)|ษ(?=ณ)|จ(?=น))?{_ONE}[ิุ]?์)"
_FINAL = f"(?:(?:[รล]์)?(?P<final>[{''.join(_FINALS)}])(?:(?<=[ตทช])ร(?![ะ-ู์]))?{_SILENT}?)"
_OPEN = f"{_SILENT}?"
# Letters that end no Thai word of one syllable: behind a short vowel they end it and begin a short one of their own, รัชนี, วิษณุ.
_LINKS = "ชฐฒธศษส"
_LINK = f"(?P<final>[{_LINKS}])(?=[ก-ฮ](?!์))(?!(?P=final))"
_LINK_PRICE = 0.95  # less than the same syllable without its link

# The vowel as it is written, with C for the initial, F for a final and O for an open end; its sound; its price.
# Syllables that take more letters are the cheaper way, because fewer of them are needed.
_WRITTEN = (
    ("CัวะO", "ua", 1), ("CัวO", "ua", 1), ("CัยO", "ai", 1), ("CัF", "a", 1), ("CะO", "a", 1), ("CาF", "a", 1.02), ("CาO", "a", 1.1),
    ("CายO", "ai", 1), ("CาวO", "ao", 1), ("CำO", "am", 1), ("CิวO", "io", 1), ("CิF", "i", 1.02), ("CิO", "i", 1.1),
    ("CีF", "i", 1.02), ("CีO", "i", 1.1), ("CึF", "ue", 1), ("CึO", "ue", 1.1), ("CืF", "ue", 1), ("CือO", "ue", 1),
    ("CุยO", "ui", 1), ("CุF", "u", 1.02), ("CุO", "u", 1.1), ("CูF", "u", 1.02), ("CูO", "u", 1.1),
    ("เCียวO", "iao", 1), ("เCียะO", "ia", 1), ("เCียF", "ia", 1), ("เCียO", "ia", 1.05), ("เCือยO", "ueai", 1), ("เCือF", "uea", 1),
    ("เCือO", "uea", 1.05), ("เCาะO", "o", 1), ("เCาO", "ao", 1), ("เCยO", "oei", 1.05), ("เCิF", "oe", 1), ("เCอะO", "oe", 1),
    ("เCอF", "oe", 1.03), ("เCอO", "oe", 1.05), ("เCวO", "eo", 1.1), ("เCะO", "e", 1), ("เCF", "e", 1.02), ("เCO", "e", 1.1),
    ("แCวO", "aeo", 1.05), ("แCะO", "ae", 1), ("แCF", "ae", 1.02), ("แCO", "ae", 1.1), ("โCยO", "oi", 1.05), ("โCะO", "o", 1),
    ("โCF", "o", 1.02), ("โCO", "o", 1.1), ("[ใไ]CยO", "ai", 1), ("[ใไ]CO", "ai", 1), ("CรรF", "a", 0.9), ("CรรO", "an", 1),
    ("CวยO", "uai", 1.2), ("CวF", "ua", 1.25), ("CอยO", "oi", 1.1), ("CอF", "o", 1.15), ("CอO", "o", 1.3), ("CF", "o", 1.5),
)  # fmt: skip


def _shapes() -> list[SyllableShape]:
    shapes = []
    for written, vowel, price in _WRITTEN:
        for initial, more in ((_ONE, 0.0), (_PAIR, 0.05), (_LOOSE, 1.2)):
            if initial == _LOOSE and written[0] == "C":
                continue  # the first of the two is a syllable of its own then
            begin = written[:-1].replace("C", f"(?P<initial>{initial})", 1)
            end = {"F": _FINAL, "O": _OPEN}[written[-1]]
            # A vowel sign behind the end would belong to its last consonant.
            shapes.append(SyllableShape(re.compile(begin + end + "(?![ะ-ู็์])"), vowel, price + more))
            if written in ("CัF", "CิF", "CุF"):
                shapes.append(SyllableShape(re.compile(begin + _LINK), vowel, _LINK_PRICE + more, is_linked=True))
    return shapes


_SHAPES = _shapes()
_LISTED = sorted(WORDS, key=len, reverse=True)
_LONE_CONSONANT = 2.6  # with a short vowel that is not written; dear, but there is often no other way
_LONE_AT_END = 6.0
_ANYTHING_ELSE = 20.0
_THAI = re.compile("[\u0e01-\u0e4e]+")
_TONES = re.compile("[\u0e47-\u0e4b\u0e3a\u0e4d\u0e4e]")
_RI = re.compile("(?<=[กตทปศส])ฤ|ฤ(?=ทธ)")
_SHORT_BEFORE_R = re.compile("[ิีึุู]ร")


def romanised_thai(text: str) -> str:
    """Return `text` with everything that is written in Thai letters in Latin ones, in lower case; all else stays as it is."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    text = re.sub("\u0e4d([\u0e48-\u0e4b]?)\u0e32", "\\1\u0e33", text).replace("\u0e40\u0e40", "\u0e41")
    return _THAI.sub(lambda match: _word(match[0]), text)


def _word(word: str) -> str:
    """Return the sound of one run of Thai letters."""
    word = _TONES.sub("", word.replace("ฯ", "").replace("ๆ", ""))
    word = _RI.sub("ริ", word).replace("ฤๅ", "รือ").replace("ฤ", "รึ")
    return "".join(syllable.sound for syllable in _cheapest(word))


def _cheapest(word: str) -> list[Syllable]:
    """Return the syllables that take all of the word at the lowest price. Of two equal ways the one with the longer beginning."""
    ways: list[tuple[float, Syllable | None]] = [(0.0, None)] * (len(word) + 1)
    for place in range(len(word) - 1, -1, -1):
        choices = [(syllable.price + ways[place + syllable.length][0], syllable) for syllable in _readings(word, place)]
        ways[place] = min(choices, key=lambda choice: (round(choice[0], 6), -choice[1].length))
    syllables, place = [], 0
    while place < len(word) and (syllable := ways[place][1]) is not None:
        syllables.append(syllable)
        place += syllable.length
    return syllables


def _readings(word: str, place: int) -> list[Syllable]:
    """Return every way to read a syllable, or a listed word, that begins at this place."""
    readings = [_lone(word, place)]
    for listed in _LISTED:
        if word.startswith(listed, place) and not re.match("[ะ-ู์]", word[place + len(listed) :]):
            readings.append(_listed(word, place, listed))
    for shape in _SHAPES:
        if match := shape.pattern.match(word, place):
            readings.append(_shaped(match, shape))
    return readings


def _lone(word: str, place: int) -> Syllable:
    """Return a consonant without a vowel as a syllable; of anything else that no shape fits, what little is heard of it."""
    letter = word[place]
    if letter not in _INITIALS or word[place + 1 : place + 2] in ("์", "ิ", "ี", "ึ", "ื", "ุ", "ู", "ั", "า", "ำ", "ะ"):
        return Syllable(_ANYTHING_ELSE, 1, _INITIALS.get(letter, ""))
    if word[place + 1 :] == "ร":
        return Syllable(2.2, 2, f"{_INITIALS[letter]}on")
    return Syllable(_LONE_AT_END if place + 1 == len(word) else _LONE_CONSONANT, 1, f"{_INITIALS[letter]}a")


def _listed(word: str, place: int, listed: str) -> Syllable:
    """Return a listed word as one syllable; before another word it may end in a short vowel that is not written."""
    end = place + len(listed)
    linked = end < len(word) and listed in LINKED_WORDS and not word.startswith(("และ", "ของ", "แหง", "กับ"), end)
    return Syllable(0.4, len(listed), LINKED_WORDS[listed] if linked else WORDS[listed])


def _shaped(match: re.Match[str], shape: SyllableShape) -> Syllable:
    """Return what a shape found as a syllable."""
    initial, final, price = match["initial"], match.groupdict().get("final") or "", shape.price
    sound = _CLUSTERS.get(initial) or _INITIALS.get(initial) or _LOOSE_CLUSTERS.get(initial, "")
    if initial == "อ" and match.start() > 0 and match[0][0] == "อ" and shape.vowel in ("o", "ua"):
        price += 1.5  # behind another consonant it is a vowel
    if final == "ร" and _SHORT_BEFORE_R.search(match[0]) and match.end() < len(match.string):
        price += 3.5  # สุรชัย is su-ra-chai
    if initial == "ญ" and shape.vowel == "o" and match[0][0] == "ญ":
        price += 2.0  # it ends the syllable before: กาญจนา is kan-cha-na
    link = f"{_INITIALS[final]}a" if shape.is_linked else ""
    return Syllable(price, len(match[0]), f"{sound}{shape.vowel}{_FINALS.get(final, '')}{link}")


def syllable_ends(run: str) -> list[int]:
    """Return where the syllables of a run of Thai letters end, in code points of the run; tone marks stay with their letter."""
    kept = [place for place, letter in enumerate(run) if not _TONES.match(letter)]
    ends, at = [], 0
    for syllable in _cheapest("".join(run[place] for place in kept)):
        at += syllable.length
        ends.append(kept[at] if at < len(kept) else len(run))
    return ends
