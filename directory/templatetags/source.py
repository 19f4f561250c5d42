"""Template filters of the source page."""

from __future__ import annotations

from django import template

register = template.Library()

LINE = 18


@register.filter
def covered_height(lines: int) -> int:
    """Return the height, in pixels, of this many grey lines."""
    return lines * LINE
