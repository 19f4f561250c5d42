"""The record that a report is about, found by the address of its page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.utils.translation import get_language

from base.records.kinds import kinds
from base.records.records import Record
from base.records.resolution import Gone, Moved
from base.text.languages import name_in
from events.models import Statement
from events.titles import title_document, title_of
from events.wordings import wording_to_read

# The address of a record's page, with or without the language in front.
_PATH = re.compile(r"(?:/[a-z]{2})?/(?P<plural>[a-z]+)/(?P<slug>[-A-Za-z0-9_]+)/?")


@dataclass(frozen=True)
class Subject:
    """A record that is public or once was, as readers know it."""

    record: Record
    public: bool

    @property
    def path(self) -> str:
        """The path of its page, without a language."""
        return f"/{self.record.plural}/{self.record.slug}/"

    @property
    def title(self) -> str:
        """The name or title of the record in the language of the page; for a withdrawn record only its public id."""
        language = get_language() or "en"
        if not self.public:
            return str(self.record.slug)
        if isinstance(self.record, Statement):
            return title_of(title_document(self.record, language), language)
        return name_in(self.record, language)[0]

    @property
    def language(self) -> str:
        """The language of the title."""
        page = get_language() or "en"
        if not self.public:
            return page
        if isinstance(self.record, Statement):
            reading = wording_to_read(title_document(self.record, page)["wordings"], page)
            return str(reading["language"]) if reading else page
        return name_in(self.record, page)[1]


def subject_at(address: str) -> Subject | None:
    """Return the record at this path or address of the site; None where no record was ever public."""
    try:
        match = _PATH.fullmatch(urlsplit(address.strip()).path)
    except ValueError:
        return None
    models = {model.plural: model for model in kinds()}
    if match is None or match["plural"] not in models:
        return None
    model = models[match["plural"]]
    try:
        # `for_title` loads what the title is made of, public words alone.
        return Subject(model.objects.for_title().resolve(match["slug"]), public=True)
    except Moved as moved:
        return Subject(model.objects.for_title().get(pk=moved.record.pk), public=True)
    except Gone as gone:
        return Subject(gone.record, public=False)
    except model.DoesNotExist:
        return None


def subjects_by_id(ids: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Subject]:
    """Return the public records to which ids lead today, by (kind, id), and leave out others.

    At most seven queries for each kind.
    """
    slugs: dict[str, set[str]] = defaultdict(set)
    for kind, slug in ids:
        slugs[kind].add(slug)
    subjects: dict[tuple[str, str], Subject] = {}
    for model in kinds():
        if model.kind not in slugs:
            continue
        keys = {slug: record.pk for slug, record in model.objects.by_former_ids(slugs[model.kind]).items()}
        records = model.objects.for_title().published().in_bulk(list(set(keys.values())))
        subjects |= {
            (model.kind, slug): Subject(records[key], public=True) for slug, key in keys.items() if key in records
        }
    return subjects
