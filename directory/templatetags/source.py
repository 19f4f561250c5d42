"""Template filters of the page of a source."""

from __future__ import annotations

from django import template

register = template.Library()

LINE_HEIGHT = 18  # pixels


@register.filter
def covered_text_height(lines: int) -> int:
    """Return the height, in pixels, of this many lines of covered text."""
    return lines * LINE_HEIGHT
