"""Why statements were found that do not have the words themselves: the records by whose names they were."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import ManyToManyField
from django.utils.functional import Promise

from base.lists.rejected_names import names_beside_rejected, rejected_spelling
from base.lists.search_links import SearchLink
from base.records.labels import named_by_keys
from base.records.records import Record
from base.text.translated_text import TranslatedText

from .models import Statement, StatementIndexEntry

BY_OTHER_NAMES = ("position",)  # links by what is not the name of the record


@dataclass(frozen=True)
class Reason:
    """Why a statement was found: what it is linked with, and as what.

    `rejected` is the rejected spelling by which the record was found; None if it was found by one that holds.
    """

    label: str | Promise
    record: Record
    rejected: TranslatedText | None = None


def reasons_of(
    keys: Sequence[int], words: Sequence[str], links: Sequence[Mapping[SearchLink, frozenset[int]]]
) -> dict[int, list[Reason]]:
    """Return for each of these statements the records by whose names it was found, the best first. Four queries.

    `links` are those of each word, with the keys of the records that have it (`links_of_words`). A statement that a write takes
    away meanwhile has no reasons.
    """
    if not any(links) or not keys:
        return {key: [] for key in keys}
    linked = _linked_keys(keys)
    found: dict[int, dict[tuple[SearchLink, int], list[str]]] = {key: {} for key in keys}
    for key, columns in linked.items():
        for word, of_word in zip(words, links, strict=True):
            for link, records in sorted(of_word.items(), key=lambda pair: pair[0].rank):
                for record in columns[link.column]:
                    if record in records:
                        found[key].setdefault((link, record), []).append(word)
    wanted: dict[type[Record], set[int]] = {}
    for pairs in found.values():
        for link, record in pairs:
            wanted.setdefault(_model_of(link), set()).add(record)
    labels = named_by_keys(wanted)
    names = names_beside_rejected(wanted)
    return {
        key: _each_once(
            Reason(
                link.label,
                labels[_model_of(link)][record],
                None
                if link.name in BY_OTHER_NAMES
                else rejected_spelling(names.get((_model_of(link), record), ()), of_pair),
            )
            for (link, record), of_pair in sorted(pairs.items(), key=lambda pair: pair[0][0].rank)
            if record in labels[_model_of(link)]
        )
        for key, pairs in found.items()
    }


def _each_once(reasons: Iterable[Reason]) -> list[Reason]:
    """Return the first reason of each record: the organization that speaks may be named by two links."""
    best: dict[object, Reason] = {}
    for reason in reasons:
        best.setdefault((type(reason.record), reason.record.pk), reason)
    return list(best.values())


def _model_of(link: SearchLink) -> type[Record]:
    """Return the kind of record that a link of statements leads to."""
    model = Statement._meta.get_field(link.column).related_model
    assert isinstance(model, type)
    return model  # type: ignore[return-value]  # every link leads to a record


def _linked_keys(keys: Sequence[int]) -> dict[int, dict[str, list[int]]]:
    """Return for each statement that is there the keys of what it is linked with, by the column of the link. Two queries."""
    columns = [
        field.name
        for field in Statement._meta.get_fields()
        if field.many_to_one and field.concrete and not isinstance(field, ManyToManyField)
    ]
    rows = Statement._base_manager.filter(pk__in=keys).values_list("pk", *[f"{column}_id" for column in columns])
    linked: dict[int, dict[str, list[int]]] = {
        key: {column: [value] if value else [] for column, value in zip(columns, values, strict=True)}
        for key, *values in rows
    }
    for of_statement in linked.values():
        of_statement.update({name: [] for name in StatementIndexEntry.relations})
    entries = StatementIndexEntry.objects.filter(statement__in=linked)
    for key, relation, target in entries.values_list("statement", "relation", "target"):
        linked[key][StatementIndexEntry.relations[relation - 1]].append(target)
    return linked
