"""What somebody may have meant by a word that is not among the choices."""

from collections.abc import Sequence
from difflib import get_close_matches


def nearest(text: str, choices: Sequence[str], cutoff: float = 0.6) -> str | None:
    """Return the choice most like the text, or None if none is at least `cutoff` (0 to 1) alike."""
    return next(iter(get_close_matches(text, choices, 1, cutoff)), None)


def did_you_mean(near: str | None) -> str:
    """Return the end of an English sentence that refuses a word: a question if there is a near one, else a full stop."""
    return f"; did you mean “{near}”?" if near else "."
