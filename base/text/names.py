"""Names across scripts: folding for search, keys for sorting, and slugs that are never empty.

Folding and sorting never change what is shown; they only fill columns beside it.
"""

import re
import secrets
import unicodedata

from anyascii import anyascii
from django.utils.text import slugify

from base.text.signs import apostrophes, without_punctuation
from base.text.thai_syllables import romanised_thai

# Characters nobody sees: joiners, direction marks, variation selectors, the soft hyphen and their like.
_UNSEEN = "\u00ad\u061c\ufeff" + "".join(
    chr(c)
    for a, b in ((0x180B, 0x180E), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F))
    for c in range(a, b + 1)
)
# Letters whose mark cannot be separated become plain ones; characters that nobody sees are removed.
_LETTERS = {
    **dict(zip("đðłøıħŧ", "ddloiht", strict=True)),
    "æ": "ae",
    "œ": "oe",
    **dict.fromkeys(_UNSEEN, ""),
}
_LETTER = re.compile(f"[{''.join(_LETTERS)}]")
# Combining marks of Latin, Greek and Cyrillic. Thai vowels and tones (0E31, 0E34-3A, 0E47-4E) are letters to a reader and stay.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# NFKC takes SARA AM apart into NIKHAHIT + SARA AA. A tone mark may stand before or after the NIKHAHIT, as it was typed.
_SARA_AM = re.compile("\u0e4d([\u0e48-\u0e4b]?)\u0e32|([\u0e48-\u0e4b])\u0e4d\u0e32")
_DIGIT = re.compile(r"(?![0-9])\d")
# Thai signs that readers leave out or confuse: the tones, MAITAIKHU, and THANTHAKHAT, whose silent consonant stays, because
# it is typed all the same and because the beginning of a word must still be found while it is being typed.
_THAI_SIGNS = re.compile("[\u0e3a\u0e47-\u0e4e]")
_THAI_LEADING_VOWEL = re.compile("([\u0e40-\u0e44])([\u0e01-\u0e2e])")
_PUNCTUATION = re.compile(r"[^\w\s\u0e00-\u0e7f]+")

SLUG_LENGTH = 80
# Crockford's base 32 without vowels: no two characters look alike, and no word is spelled by chance.
_ALPHABET = "0123456789bcdfghjkmnpqrstvwxyz"
# For many keys at once: the letter of every byte, and the bytes that would make some letters more frequent than others.
_LETTER_OF_BYTE = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_UNEVEN = bytes(range(256 - 256 % len(_ALPHABET), 256))


def fold(text: str) -> str:
    """Return `text` as it is compared in search: its letters folded (`fold_letters`), without punctuation.

    Folding the result again changes nothing.
    """
    folded = fold_letters(apostrophes(text))
    bare = without_punctuation(folded)
    return folded if bare == folded else fold_letters(bare)


def fold_letters(text: str) -> str:
    """Return `text` with its letters as they are compared in search, and with its punctuation.

    Case, Latin marks (so also Vietnamese tones and đ), width, invisible characters and runs of spaces make no difference, while
    Thai vowels and tones stay. Every spelling of SARA AM and SARA AE becomes one; digits of any script become 0-9. The result is
    NFC, and folding it again changes nothing. Plain ASCII, as English is and Vietnamese without its marks, takes a shorter way.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKD", text.casefold()).casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFKD", text))
    text = _LETTER.sub(lambda m: _LETTERS[m[0]], text)
    if text.isascii():
        return " ".join(text.split())
    text = _SARA_AM.sub(lambda m: (m[1] or m[2] or "") + "\u0e33", text).replace("\u0e40\u0e40", "\u0e41")
    text = _DIGIT.sub(lambda m: str(unicodedata.decimal(m[0])), text)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def loose(text: str) -> str:
    """Return `text` folded further: without the Thai signs that are often missing or wrong.

    Characters are only removed, so if one text is part of another when both are folded, it is when both are loose too.
    """
    return without_signs(fold(text))


def without_signs(folded: str) -> str:
    """Return folded text without the Thai signs that are often missing or wrong."""
    return folded if folded.isascii() else _THAI_SIGNS.sub("", folded)


def romanised(text: str) -> str:
    """Return a name in another script in plain Latin letters, roughly as it sounds; empty if it is Latin already."""
    folded = fold(text)
    if not any(c.isalpha() and c > "\u024f" for c in folded):
        return ""
    return fold(anyascii(_THAI_LEADING_VOWEL.sub(r"\2\1", folded)))


def sort_key(text: str) -> str:
    """Return the key that sorts names as a dictionary would, in plain code point order.

    Thai writes the vowels เ แ โ ใ ไ before the consonant they follow in speech; dictionaries file them after it.
    """
    return _THAI_LEADING_VOWEL.sub(r"\2\1", _PUNCTUATION.sub("", fold_letters(text)))[:200]


def random_key(length: int = 8) -> str:
    """Return a short random key, fit for an address."""
    return "".join(secrets.choice(_ALPHABET) for _i in range(length))


def key_from(digest: bytes, length: int) -> str:
    """Return a key for an address that is made from a digest: the same for the same bytes."""
    number, letters = int.from_bytes(digest), ""
    for _place in range(length):
        number, letter = divmod(number, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return letters


def random_keys(count: int, length: int) -> list[str]:
    """Return `count` random keys of this length at once: ten times as fast as one by one."""
    letters = b""
    while len(letters) < count * length:
        letters += secrets.token_bytes(count * length + 64).translate(_LETTER_OF_BYTE, _UNEVEN)
    return [letters[at : at + length].decode() for at in range(0, count * length, length)]


def new_uid() -> str:
    """Return the default identity of a fact: 12 characters, about 58 random bits."""
    return random_key(12)


def slug_from(text: str) -> str:
    """Return an ASCII slug of at most 80 characters; empty only where nothing of the text can be transliterated.

    Thai is read as it sounds: เวที becomes “wethi”.
    """
    slug = slugify(anyascii(romanised_thai(text)))
    if len(slug) > SLUG_LENGTH:
        slug = slug[:SLUG_LENGTH].rsplit("-", 1)[0] or slug[:SLUG_LENGTH]
    return slug.strip("-_")
