"""Search columns that are filled anew after `migrate` when the rules of folding changed, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.apps import apps
from django.db import connections, models

from base.records.names import Name, NamedRecord
from base.records.provenance import Fact
from base.records.records import Record
from base.sql.columns import columns_of_apps, existing_columns
from base.text.names import fold
from base.text.search_column import search_column

# Another text makes the next `migrate` fill the columns anew.
RULES = "roles, translations and short names count, short words are whole words"
PAGE = 1000  # rows in memory at once


class SearchRules(models.Model):
    """By which rules of folding the search columns of this database are filled: one row, or none before the first time."""

    rules = models.CharField(max_length=100, primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.rules


def after_migrate(using: str, **kwargs: object) -> None:
    """Fill the columns anew if they follow other rules (receives the signal post_migrate), once all columns are there.

    Where `migrate` stopped before that, the database says no longer by which rules it is filled: a column that is missing will
    be empty when it comes.
    """
    connection = connections[using]
    existing = existing_columns(connection)
    models_in_use: list[type[models.Model]] = [SearchRules, *searched_records(), *searched_facts(), *models_of_names()]
    rules = SearchRules.objects.using(using)
    if not existing.issuperset(columns_of_apps(models_in_use)):
        if (SearchRules._meta.db_table, "rules") in existing:
            rules.all().delete()
        return
    if rules.filter(rules=RULES).exists():
        return
    for model in models_of_names():
        refill_names(model, using)
    for record in searched_records():
        refill_search(record, using)
    for fact in searched_facts():
        refill_facts(fact, using)
    rules.all().delete()
    rules.create(rules=RULES)


def searched_records() -> list[type[Record]]:
    """Return the kinds of records with a search column."""
    return [model for model in apps.get_models() if issubclass(model, Record) and hasattr(model, "search")]


def searched_facts() -> list[type[Fact]]:
    """Return the kinds of facts with a search column, which `derive` fills."""
    return [model for model in apps.get_models() if issubclass(model, Fact) and hasattr(model, "search")]


def models_of_names() -> list[type[Name]]:
    """Return the models of names."""
    return [model for model in apps.get_models() if issubclass(model, Name)]


def refill_names(model: type[Name], using: str) -> None:
    """Fold every name anew. Only what differs is written."""
    names = model._base_manager.using(using)
    for page in _pages(names.only("text", "folded")):
        changed = [name for name in page if name.folded != fold(name.text)[:1000]]
        for name in changed:
            name.derive()
        names.bulk_update(changed, ["folded"], batch_size=200)


def refill_search(model: type[Record], using: str) -> None:
    """Fill the search column of every record of a kind anew. Only what differs is written."""
    records: models.QuerySet[models.Model] = model._base_manager.using(using)
    for page in _pages(records.only("status", "slug", "search")):  # every record remembers its status and id
        texts = model.search_texts_of([record.pk for record in page], using)  # type: ignore[attr-defined]  # of what is searched
        changed = []
        for record in page:
            column = search_column(texts.get(record.pk, []), romanise=issubclass(model, NamedRecord))
            if record.search != column:
                record.search = column
                changed.append(record)
        records.bulk_update(changed, ["search"], batch_size=200)


def refill_facts(model: type[Fact], using: str) -> None:
    """Fill the search column of every fact of a kind anew. Only what differs is written."""
    facts: models.QuerySet[models.Model] = model._base_manager.using(using)
    for page in _pages(facts.all()):
        changed = []
        for fact in page:
            column = fact.search
            fact.derive()
            if fact.search != column:
                changed.append(fact)
        facts.bulk_update(changed, ["search"], batch_size=200)


def _pages(rows: models.QuerySet) -> Iterator[Sequence]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk")[:PAGE]):
        yield page
        last = page[-1].pk
