"""The words for how certain a fact is: the same wherever it is shown, listed, cited or fed, in the language that is active."""

from __future__ import annotations

from base.records.provenance import Certainty


def is_doubtful(certainty: str) -> bool:
    """Return whether a fact is anything but stated by its passages."""
    return certainty != Certainty.STATED


def certainty_label(certainty: str) -> str:
    """Return the word for a certainty: stated, inferred, disputed or rejected."""
    return str(Certainty(certainty).label)


def with_doubt(text: str, certainty: str) -> str:
    """Return a name or a text with its certainty in brackets behind it, or the text alone if the fact is stated."""
    return f"{text} ({certainty_label(certainty)})" if is_doubtful(certainty) else text
