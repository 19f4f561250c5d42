"""What the pages of records tell the apps above: that records are about to be published or united, and that one was saved."""

from __future__ import annotations

from django.dispatch import Signal

from base.records.records import Record

# Sent before a curator publishes a record, with its model as `sender` and `record`. A receiver returns questions, a list of
# sentences: as long as there are any, the record is not published.
publication_asked = Signal()
# Sent before a curator unites two records, with their model as `sender`, `record` and `other`. A receiver returns what speaks
# against it, a list of sentences; if there are any, the curator has to say that they are to be united all the same.
merger_asked = Signal()
# Sent when a form of a record and its rows are saved, inside the transaction: `sender`, `request`, `record`, and `names_changed`,
# whether rows of its names were added or changed.
record_form_saved = Signal()


def publication_questions(record: Record) -> list[str]:
    """Return what has to be answered before this record is published, as sentences."""
    answers = publication_asked.send(sender=type(record), record=record)
    return [question for _receiver, questions in answers for question in questions or ()]


def merger_objections(record: Record, other: Record) -> list[str]:
    """Return what speaks against uniting two records, as sentences."""
    answers = merger_asked.send(sender=type(record), record=record, other=other)
    return [objection for _receiver, objections in answers for objection in objections or ()]
