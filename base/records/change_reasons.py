"""The reasons that the site itself gives for a change: kept in English in every history, and shown in the reader's language.

What a curator typed is kept and shown as it is; so are reasons that an earlier version kept in the language of the curator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar

from django.utils.translation import gettext, gettext_noop

MOST_CHARACTERS = 100  # of a reason, as histories keep it
_PLACE = re.compile(r"%s|%\((\w+)\)s")


class ChangeReason:
    """A sentence that the site gives as a reason, with places for values: `%s` for one, `%(name)s` for several."""

    known: ClassVar[list[ChangeReason]] = []

    def __init__(self, template: str) -> None:
        """Make it once, in a module, with `gettext_noop` around the template, so that it is translated and found again."""
        self.template = template
        pattern, end = "", 0
        for place in _PLACE.finditer(template):
            group = f"(?P<{place[1]}>.*?)" if place[1] else "(.*?)"
            pattern += re.escape(template[end : place.start()]) + group
            end = place.end()
        self._pattern = re.compile(pattern + re.escape(template[end:]), re.DOTALL)
        self.known.append(self)

    def __call__(self, values: object = ()) -> str:
        """Return the reason as histories keep it: in English, cut to 100 characters."""
        return (self.template % values)[:MOST_CHARACTERS]

    def translated(self, reason: str) -> str | None:
        """Return a reason that was made of this template in the language of the reader; None if it was not."""
        match = self._pattern.fullmatch(reason)
        if match is None:
            return None
        values: Mapping[str, str] | tuple[str, ...] = match.groupdict() or match.groups()
        return gettext(self.template) % values


PUBLISHED = ChangeReason(gettext_noop("Published"))
PUBLISHED_AFTER_REVIEW = ChangeReason(gettext_noop("Published after review"))
REVIEWED = ChangeReason(gettext_noop("Reviewed: %s"))
WITHDRAWN = ChangeReason(gettext_noop("Withdrawn: %s"))
WITHDRAWN_WITH = ChangeReason(gettext_noop("Withdrawn with %(records)s: %(reason)s"))
PUBLISHED_AGAIN = ChangeReason(gettext_noop("Published again: withdrawn with others on %s"))
MERGED = ChangeReason(gettext_noop("Merged with %(slug)s: %(reason)s"))
SPLIT = ChangeReason(gettext_noop("Parted from %(slug)s: %(reason)s"))
UNDONE = ChangeReason(gettext_noop("Undone"))
UNDONE_BECAUSE = ChangeReason(gettext_noop("Undone: %s"))
RESTORED = ChangeReason(gettext_noop("Restored the version of %s"))


def shown_reason(reason: str | None) -> str:
    """Return a reason as a history shows it: one of the site's own in the language of the reader, any other as it is."""
    text = reason or ""
    translations = (known.translated(text) for known in ChangeReason.known)
    return next((translation for translation in translations if translation is not None), text)
