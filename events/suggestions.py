"""What a search box offers while somebody types: names that may be meant, and statements that hold the words."""

from __future__ import annotations

from django.db.models import Model, QuerySet

from base.documents.plan import FetchPlan
from base.documents.shapes import RecordRefSerializer
from base.lists.ranking import SPELLED, level_of, matched_name, ranked
from base.lists.search import excerpt, search_rows
from base.lists.search_words import words_of
from base.pages.documents import list_plan, page_loader
from base.records.kinds import kinds
from base.records.names import NamedRecord
from base.records.records import Record
from base.sql.prepared import Row, read_queryset
from base.text.names import fold

from .cards import PLAN
from .models import Statement
from .search import Hit, Spelling, displayed_name, has_names, names_model
from .statement_search import StatementSearch

SUGGESTIONS = 8
QUOTES = 3  # statements among them
AROUND = 30  # letters of a statement before the words; three times as many behind them
BECAUSE = ("text", "language", "certainty")  # what is told of a name by which a record was found
LEAST_OF_QUOTES = 4  # letters, of which statements are looked for


def suggest(query: str) -> list[Hit]:
    """Return the records that somebody may be typing the name of, best first over all kinds, and then statements with the words.

    One query a kind, and at most nine for statements.
    """
    if not words_of(query):
        return []
    hits: list[tuple[int, str, Hit]] = []
    models = [model for model in kinds("search") if issubclass(model, NamedRecord)]
    for model in models:
        if has_names(model):
            best = ranked(model.objects.published(), query).values("pk")[:SUGGESTIONS]
            rows = _suggested(model, best)
        else:
            titled = search_rows(model.objects.published(), query)[:SUGGESTIONS]
            rows = [
                (tuple(row), key, [])
                for *row, key in read_queryset(titled.values_list(*_plan(model).selected, "sort_key"))
            ]
        records = page_loader().documents(_plan(model), [row for row, _key, _spellings in rows])
        for record, (_row, key, spellings) in zip(records, rows, strict=True):
            rank = min((level_of(name, query) for name in spellings), default=SPELLED)
            spelling = matched_name(displayed_name(record), spellings, query) if spellings else None
            because = dict(zip(BECAUSE, spelling.row, strict=True)) if spelling else None
            hits.append((rank, key, Hit(model, record, because)))
    names = [hit for _rank, _key, hit in sorted(hits, key=lambda row: row[:2])][:SUGGESTIONS]
    room = min(QUOTES, SUGGESTIONS - len(names))
    return names + (_quotes(query, room) if room and len(fold(query)) >= LEAST_OF_QUOTES else [])


def _quotes(query: str, most: int) -> list[Hit]:
    """Return the cards of the best statements. At most nine queries."""
    cards = page_loader().documents(PLAN, StatementSearch(query).first(most))
    words = words_of(query)
    return [
        Hit(Statement, card, excerpt=excerpt(card["reading"]["text"], words, AROUND))
        for card in cards
        if card["reading"]
    ]


def _suggested(model: type[NamedRecord], best: QuerySet[Model, object]) -> list[tuple[Row, str, list[Spelling]]]:
    """Return (row of the plan, sort key, names) of the records with these keys. One query."""
    names, owner = names_model(model)
    columns = [f"{owner}__{column}" for column in _plan(model).columns]
    rows = names.objects.published().filter(**{f"{owner}__in": best})
    spellings: dict[int, tuple[Row, str, list[Spelling]]] = {}
    for kind, folded, text, language, certainty, key, *record in read_queryset(
        rows.values_list("kind", "folded", *BECAUSE, f"{owner}__sort_key", *columns)
    ):
        spelling = Spelling(text, kind, folded, (text, language, certainty))
        spellings.setdefault(record[0], (tuple(record), key, []))[2].append(spelling)
    return list(spellings.values())


def _plan(model: type[Record]) -> FetchPlan:
    """Return how the records of a kind are read where a suggestion names them."""
    return list_plan(RecordRefSerializer, model, ())
