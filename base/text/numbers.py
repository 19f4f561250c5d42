"""Whole numbers as people write them into addresses and settings."""


def parse_digits(text: str, longest: int = 9) -> int | None:
    """Return the number written in ASCII digits alone; None for any other text and for more digits than `longest`.

    `str.isdigit` would let digits of other scripts and superscripts through, and `int` signs, blanks and underscores.
    """
    return int(text) if text.isascii() and text.isdigit() and len(text) <= longest else None
