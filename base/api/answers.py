"""The answers of the API as bytes, by record: the change feed compares them and hands them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.db.models import QuerySet
from django.urls import resolve, reverse
from django.utils import translation

from base.changes import feed as changes
from base.documents.loader import documents_in_parts
from base.documents.plan import plan_of
from base.records.records import Record
from base.text.moments import json_bytes

# Stands for scheme and host while an answer is made. No text of ours holds it, so what a record says is never mistaken for it:
# a source may have its original at an address of this very site.
PLACEHOLDER = "\0"
PLACEHOLDER_IN_JSON = b'"\\u0000/'


def answers(model: type[Record], keys: Iterable[int]) -> changes.Answers:
    """Return the answers of those records with these primary keys that are public. Their addresses begin with the path."""
    with translation.override("en"):
        return read_answers(model, model.objects.published().filter(pk__in=list(keys)), lambda path: path)


class TooManyBytes(Exception):
    """The answers of several records are larger than they may be together."""


def read_answers(
    model: type[Record], records: QuerySet[Record], address: Callable[[str], str], most: int | None = None
) -> changes.Answers:
    """Return for each record, by its primary key, its public id and what its address in the API answers.

    Raises TooManyBytes if several are larger than `most` bytes together.
    """
    view = resolve(reverse(f"api:{model.kind}-list")).func.cls  # type: ignore[attr-defined]  # set by REST framework
    plan = plan_of(view.serializer_class, model, frozenset(), frozenset())
    answers: changes.Answers = {}
    size = 0
    for rows, documents in documents_in_parts(plan, plan.read(records), address):
        for row, document in zip(rows, documents, strict=True):
            answers[row[0]] = (document["id"], json_bytes(document))
            size += len(answers[row[0]][1])
        if most is not None and size > most and len(answers) > 1:
            raise TooManyBytes
    return answers


def placeholder_address(path: str) -> str:
    """Return an address without scheme and host, which `with_absolute_addresses` adds when the answer is handed out."""
    return PLACEHOLDER + path


def with_absolute_addresses(answers: bytes, address: Callable[[str], str]) -> bytes:
    """Return answers that were made with `placeholder_address`, with absolute addresses in their place."""
    return answers.replace(PLACEHOLDER_IN_JSON, f'"{address("/")}'.encode())


def note_handed_out(model: type[Record], answers: Mapping[int, tuple[str, bytes]]) -> None:
    """Tell the change feed, which has begun, that a reader is given these answers, made with `placeholder_address`."""
    changes.handed_out(
        model, {key: (slug, answer.replace(PLACEHOLDER_IN_JSON, b'"/')) for key, (slug, answer) in answers.items()}
    )
