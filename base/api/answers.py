"""The answers of the API as bytes, by record: what the change feed compares, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db.models import QuerySet
from django.urls import resolve, reverse
from django.utils import translation

from base.changes import feed as changes
from base.documents.loader import Loader
from base.documents.plan import plan_of

# Stands for scheme and host while an answer is made. No text of ours holds it, so what a record says is never taken for it:
# a source may have its original at an address of this very site.
HERE = "\0"
WRITTEN = b'"\\u0000/'


def answers(model: Any, numbers: Iterable[int]) -> changes.Answers:
    """Return the answers of the public ones among these records, with addresses that begin with the path."""
    with translation.override("en"):
        return read(model, model.objects.published().filter(pk__in=list(numbers)), lambda path: path)


def read(model: Any, records: QuerySet[Any], address: Callable[[str], str]) -> changes.Answers:
    """Return the id and the answer of each record, as its address in the API answers."""
    view: Any = resolve(reverse(f"api:{model.kind}-list")).func.cls  # type: ignore[attr-defined]
    plan = plan_of(view.serializer_class, model, frozenset(), frozenset())
    rows = plan.read(records)
    found = Loader(address).documents(plan, rows)
    return {
        row[0]: (document["id"], orjson.dumps(document, option=orjson.OPT_UTC_Z))
        for row, document in zip(rows, found, strict=True)
    }


def here(path: str) -> str:
    """Return an address that is made absolute when the answer is handed out."""
    return HERE + path


def absolute(answers: bytes, address: Callable[[str], str]) -> bytes:
    """Return answers that were made with `here` with absolute addresses."""
    return answers.replace(WRITTEN, f'"{address("/")}'.encode())


def tell(model: Any, made: changes.Answers) -> None:
    """Tell the change feed, which has begun, that a reader is given these answers; they were made with `here`."""
    changes.handed_out(model, {key: (slug, answer.replace(WRITTEN, b'"/')) for key, (slug, answer) in made.items()})
