"""What somebody may have meant by a word that is not among the choices."""

from collections.abc import Sequence
from difflib import get_close_matches


def nearest(text: str, choices: Sequence[str]) -> str | None:
    """Return the choice most like the text, or None if none is much like it."""
    return next(iter(near_choices(text, choices, 1, 0.6)), None)


def near_choices(text: str, choices: Sequence[str], most: int, cutoff: float) -> list[str]:
    """Return the choices most like the text, at most so many, of those at least `cutoff` (0 to 1) alike; the nearest first."""
    return get_close_matches(text, choices, most, cutoff)


def did_you_mean(near: str | None) -> str:
    """Return the end of an English sentence that refuses a word: a question if there is a near one, else a full stop."""
    return f"; did you mean “{near}”?" if near else "."
