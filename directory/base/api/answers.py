"""The answers of the API as bytes, by record: what the change feed compares, and what it hands out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db.models import QuerySet
from django.urls import resolve, reverse
from django.utils import translation

from directory.base import changes

from .documents import Answer, plan_of


def answers(model: Any, numbers: Iterable[int]) -> changes.Answers:
    """Return the answers of the public ones among these records, with addresses that begin with the path."""
    with translation.override("en"):
        return read(model, model.objects.published().filter(pk__in=list(numbers)), lambda path: path)


def read(model: Any, records: QuerySet[Any], address: Callable[[str], str]) -> changes.Answers:
    """Return the id and the answer of each record, as its address in the API answers."""
    view: Any = resolve(reverse(f"api:{model.kind}-list")).func.cls  # type: ignore[attr-defined]
    plan = plan_of(view.serializer_class, model, frozenset(), frozenset())
    rows = plan.read(records)
    found = Answer(address).documents(plan, rows)
    return {
        row[0]: (document["id"], orjson.dumps(document, option=orjson.OPT_UTC_Z))
        for row, document in zip(rows, found, strict=True)
    }


def note_handed_out(model: Any, given: changes.Answers, address: Callable[[str], str]) -> None:
    """Tell the change feed which state of these records a reader was given."""
    base = f'"{address("/")}'.encode()
    bare = {key: (slug, answer.rstrip(b"\n").replace(base, b'"/')) for key, (slug, answer) in given.items()}
    changes.handed_out(model, bare)
