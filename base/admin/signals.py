"""What the forms of records tell the apps above: that a record is about to be published, and that it was saved."""

from __future__ import annotations

from django.dispatch import Signal

from base.records.records import Record

# Sent before a curator publishes a record, with its model as `sender` and `record`. A receiver returns questions, a list of
# sentences: as long as there are any, the record is not published.
publication_asked = Signal()
# Sent when a form of a record and its rows are saved, inside the transaction: `sender`, `request`, `record`, and `names_changed`,
# whether rows of its names were added or changed.
record_form_saved = Signal()


def publication_questions(record: Record) -> list[str]:
    """Return what has to be answered before this record is published, as sentences."""
    answers = publication_asked.send(sender=type(record), record=record)
    return [question for _receiver, questions in answers for question in questions or ()]
