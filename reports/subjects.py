"""Which record a report is about, found by the path of its page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import get_language

from base.records.kinds import kinds
from base.records.records import Gone, Moved
from base.text.languages import name_in
from events.models import Statement
from events.titles import title_document, title_of
from events.wordings import wording_to_read

# An address of ours may begin with the language it is read in.
_PATH = re.compile(r"(?:/[a-z]{2})?/(?P<plural>[a-z]+)/(?P<slug>[-A-Za-z0-9_]+)/?")


@dataclass(frozen=True)
class Subject:
    """A record that is public, or once was."""

    record: Any
    public: bool

    @property
    def path(self) -> str:
        """The path of its page, whatever the language."""
        return f"/{self.record.plural}/{self.record.slug}/"

    @property
    def title(self) -> str:
        """What it is called; of a withdrawn record only what its address says."""
        language = get_language() or "en"
        if not self.public:
            return str(self.record.slug)
        if isinstance(self.record, Statement):
            return title_of(title_document(self.record, language), language)
        return name_in(self.record, language)[0]

    @property
    def language(self) -> str:
        """The language its title is in."""
        page = get_language() or "en"
        if not self.public:
            return page
        if isinstance(self.record, Statement):
            reading = wording_to_read(title_document(self.record, page)["wordings"], page)
            return str(reading["language"]) if reading else page
        return name_in(self.record, page)[1]


def subject_at(address: str) -> Subject | None:
    """Return the record at this path or address of ours; None where no record ever was public."""
    try:
        found = _PATH.fullmatch(urlsplit(address.strip()).path)
    except ValueError:
        return None
    models = {model.plural: model for model in kinds()}
    if found is None or found["plural"] not in models:
        return None
    model: Any = models[found["plural"]]
    try:
        # With what it is made of, so that its title is made of public words alone.
        return Subject(model.objects.for_title().resolve(found["slug"]), public=True)
    except Moved as moved:
        return Subject(model.objects.for_title().get(pk=moved.record.pk), public=True)
    except Gone as gone:
        return Subject(gone.record, public=False)
    except model.DoesNotExist:
        return None
