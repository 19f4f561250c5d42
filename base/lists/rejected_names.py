"""Rejected spellings: who types one finds the record, and is told that it is no name of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from django.db.models import IntegerField, ManyToOneRel, Model, QuerySet, Value

from base.lists.ranking import sounds, spells
from base.lists.search import has_word
from base.records.names import Name
from base.records.provenance import Certainty
from base.records.records import Record
from base.sql.prepared import AnyOf, read_queryset
from base.text.search_column import is_short_word
from base.text.translated_text import TranslatedText

NameInDoubt = tuple[TranslatedText, str]  # a public name of a record that has a rejected one, and its certainty


def rejected_spelling(names: Sequence[NameInDoubt], words: Iterable[str]) -> TranslatedText | None:
    """Return the rejected one of these names that alone has one of the words; None if all are in names that hold."""
    for word in words:
        having = [(text, certainty) for text, certainty in names if _has_word(text, word)]
        if having and all(certainty == Certainty.REJECTED for _text, certainty in having):
            return having[0][0]
    return None


def names_beside_rejected(
    wanted: Mapping[type[Record], Iterable[int]],
) -> dict[tuple[type[Record], int], list[NameInDoubt]]:
    """Return the public names of those of these records that have a rejected one, by kind and key. One query."""
    queries = []
    for number, (model, keys) in enumerate(wanted.items()):
        owner, names = _public_names(model)
        doubtful = names.filter(AnyOf(owner, list(keys)), certainty=Certainty.REJECTED).values(owner)
        rows = names.filter(**{f"{owner}__in": doubtful})
        queries.append(rows.values_list(Value(number, IntegerField()), owner, "text", "language", "certainty"))
    if not queries:
        return {}
    models = list(wanted)
    found: dict[tuple[type[Record], int], list[NameInDoubt]] = defaultdict(list)
    for number, key, text, language, certainty in read_queryset(queries[0].union(*queries[1:], all=True)):
        found[models[number], key].append((TranslatedText(text, language), certainty))
    return found


def rejected_spellings(model: type[Record], ids: Sequence[str], words: Sequence[str]) -> dict[str, TranslatedText]:
    """Return by id the rejected spelling by which alone a public record of these was found with these words. One query."""
    if not ids or not words or not hasattr(model, "names"):  # the title of a source is its only name
        return {}
    owner, names = _public_names(model)
    doubtful = names.filter(**{f"{owner}__slug__in": ids}, certainty=Certainty.REJECTED).values(owner)
    rows = names.filter(**{f"{owner}__in": doubtful})
    found: dict[str, list[NameInDoubt]] = defaultdict(list)
    for record, text, language, certainty in rows.values_list(f"{owner}__slug", "text", "language", "certainty"):
        found[record].append((TranslatedText(text, language), certainty))
    spellings = {record: rejected_spelling(of_record, words) for record, of_record in found.items()}
    return {record: spelling for record, spelling in spellings.items() if spelling is not None}


def _public_names(model: type[Record]) -> tuple[str, QuerySet[Name]]:
    """Return by what column names lead to their record, which is known to be public, and the public names of the kind."""
    relation = cast(ManyToOneRel, cast("type[Model]", model)._meta.get_field("names"))
    owner = relation.field.name
    return owner, cast("type[Name]", relation.related_model).objects.published(known=(owner,)).order_by()


def _has_word(text: str, word: str) -> bool:
    """Whether a name has a word in its letters, or sounds like it."""
    return has_word(text, word) or (not is_short_word(word) and spells(text, [word])) or sounds(text, word)
