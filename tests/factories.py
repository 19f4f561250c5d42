"""Plain functions that make records for tests. Everything is published unless `status` says otherwise.

They make no choices of their own: what a test is about, it passes. The object that comes back is up to date, so
`make_person("Ann Lee").slug == "ann-lee"`; a second one becomes "ann-lee-2". Further columns go by keyword.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from base.records.provenance import sha256_of
from base.records.publishing import Status
from directory.models import Affiliation, Initiative, Organization, Passage, Person, Source, Topic
from directory.models.sources import paragraph_spans
from events.models import Event, Participation, Statement, StatementRelation, Wording
from events.models.segments import JOINER


def cite(row: Any, *passages: Passage) -> Any:
    """Add passages to a cited row and return the row."""
    row.passages.add(*passages)
    return row


def make_source(title: str = "An article", *, text: str = "", status: str = "published", **columns: Any) -> Source:
    """Make a source. Its text is stored, one paragraph a line; `make_passage` adds to it what is missing."""
    source = Source(title=title, text=text, **{"language": "en", "source_kind": "article", **columns})
    _measure(source)
    return _with_status(source, status)


def make_passage(source: Source | None = None, words: str = "It was said.", **columns: Any) -> Passage:
    """Make the passage of `source` that holds exactly these words; added as a new paragraph if they are not there.

    Without a source it is the one of the id "an-article", made if need be. The same words give the same passage.
    """
    if source is None:
        source = Source.objects.filter(slug="an-article").first() or make_source()
    if words not in source.text:
        source.text += f"{words}\n"
        _measure(source)
        source.save()
    start = source.text.index(words)
    end = start + len(words)
    found = Passage.objects.filter(source=source, start=start, end=end).first()
    return found or Passage.objects.create(
        source=source,
        start=start,
        end=end,
        **{"paragraph": source.paragraph_of(start, end), "sha256": sha256_of(words), **columns},
    )


def make_name(record: Any, text: str, language: str = "en", *, passages: Iterable[Passage] = (), **columns: Any) -> Any:
    """Give a named record one more name, after those it has."""
    names = record.names
    row = names.model(**{names.field.name: record, "position": names.count(), **columns})
    row.text, row.language = text, language
    row.save()
    return cite(row, *passages)


def make_person(name: str = "Ann Lee", language: str = "en", **columns: Any) -> Person:
    """Make a person of this name."""
    return _named(Person, name, language, columns)


def make_organization(name: str = "Film Board", language: str = "en", **columns: Any) -> Organization:
    """Make an organization of this name."""
    return _named(Organization, name, language, columns)


def make_initiative(name: str = "Film Fund", language: str = "en", **columns: Any) -> Initiative:
    """Make an initiative of this name."""
    return _named(Initiative, name, language, columns)


def make_topic(name: str = "Training", language: str = "en", **columns: Any) -> Topic:
    """Make a topic of this name."""
    return _named(Topic, name, language, columns)


def make_event(name: str = "Film Workshop", language: str = "en", **columns: Any) -> Event:
    """Make an event of this name."""
    return _named(Event, name, language, columns)


def make_affiliation(person: Person, organization: Organization | None = None, **columns: Any) -> Affiliation:
    """Say that a person holds a position; `passages` are cited."""
    passages = columns.pop("passages", ())
    return cite(
        Affiliation.objects.create(person=person, organization=organization, **{"role": "director", **columns}),
        *passages,
    )


def make_participation(person: Person, event: Event, role: str = "speaker", **columns: Any) -> Participation:
    """Say that a person took part in an event; `passages` are cited."""
    passages = columns.pop("passages", ())
    return cite(Participation.objects.create(person=person, event=event, role=role, **columns), *passages)


def make_statement(
    speaker: Person | None = None,
    event: Event | None = None,
    wording: str = "More films should be made.",
    *,
    nature: str = "paraphrase",
    language: str = "en",
    passages: Iterable[Passage] | None = None,
    status: str = "published",
    **columns: Any,
) -> Statement:
    """Make a statement with one wording and one passage. Without anybody who speaks, the group “delegates” does.

    A verbatim wording becomes a direct quote, printed in the passage that holds exactly these words; one in parts, such as
    “first … second”, in all passages that are cited, a part each.
    """
    if not (speaker or columns.get("speaker_organization") or columns.get("speaker_label")):
        columns["speaker_label"] = "delegates"
    verbatim = nature == "verbatim"
    cited = list(passages) if passages is not None else [make_passage(words=wording if verbatim else "It was said.")]
    many = {
        name: columns.pop(name)
        for name in ("initiatives", "topics", "about_people", "about_organizations")
        if name in columns
    }
    statement = Statement(
        speaker=speaker, event=event, **{"statement_kind": "direct" if verbatim else "reported", **columns}
    )
    statement.save()
    cite(statement, *cited)
    for name, records in many.items():
        getattr(statement, name).set(records)
    if verbatim and JOINER in wording and len(cited) > 1:
        make_divided_quote(statement, cited, language)
    else:
        make_wording(statement, wording, nature=nature, language=language, passage=cited[0] if verbatim else None)
    return _with_status(statement, status)


def make_statement_relation(
    statement: Statement,
    other: Statement,
    kind: str = "same_claim",
    *,
    passages: Iterable[Passage] = (),
    certainty: str = "inferred",
    **columns: Any,
) -> StatementRelation:
    """Say how two statements stand to each other."""
    note = "" if certainty == "stated" else "Both say it."
    row = StatementRelation.objects.create(
        **{"statement": statement, "other": other, "kind": kind, "certainty": certainty, "note": note, **columns}
    )
    return cite(row, *passages)


def make_wording(
    statement: Statement, text: str, *, nature: str = "paraphrase", language: str = "en", **columns: Any
) -> Wording:
    """Give a statement one more wording."""
    return Wording.objects.create(statement=statement, text=text, nature=nature, language=language, **columns)


def make_divided_quote(
    statement: Statement, passages: Iterable[Passage], language: str = "en", **columns: Any
) -> Wording:
    """Give a statement the words of these passages, in this order, as one quote: “first … second”."""
    first, *further = passages
    texts = [passage.source.text[passage.start : passage.end] for passage in (first, *further)]
    wording = make_wording(statement, " … ".join(texts), nature="verbatim", language=language, passage=first, **columns)
    wording.further_passages.set(further)
    wording.refresh_from_db()
    return wording


def _measure(source: Source) -> None:
    source.sha256, source.length = sha256_of(source.text), len(source.text)
    source.paragraphs = paragraph_spans(source.text)


def _named(model: type[Any], name: str, language: str, columns: dict[str, Any]) -> Any:
    """Make a draft, name it (that gives it its id), then give it its status."""
    status = columns.pop("status", "published")
    passages = columns.pop("passages", ())
    record = model(**columns)
    record.save()
    make_name(record, name, language, passages=passages)
    return _with_status(record, status)


def _with_status(record: Any, status: str) -> Any:
    """Bring a record to its status by the way a curator would: what is withdrawn was public before."""
    record.save()
    if status != Status.DRAFT:
        record.status = Status.PUBLISHED
        record.save()
    if status == Status.WITHDRAWN:
        record.status, record.withdrawn_reason = Status.WITHDRAWN, record.withdrawn_reason or "It was a mistake."
        record.save()
    return record
