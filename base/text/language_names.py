"""What languages are called in the language of the reader."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language, get_language_info, pgettext


def language_name(tag: str) -> str:
    """Return the name of a language in the page's language, or the tag itself if Django does not know the language."""
    return _language_name(tag, get_language())


@lru_cache(maxsize=512)
def _language_name(tag: str, page: str | None) -> str:
    try:
        name = str(get_language_info(tag)["name_translated"])
    except KeyError:
        return tag
    return pgettext("a language by its name", "%(name)s") % {"name": name}
