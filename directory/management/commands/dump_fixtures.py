"""dump_fixtures: write the fixture anew from the database."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Model

from base.records.kinds import kinds
from base.records.publishing import Publishable


def fixture_models() -> list[str]:
    """Return the labels of the models of a fixture, each behind what its rows need.

    Django cannot load a required reference to a row that is still to come. So the kinds of record stand in the order that
    they declare, and behind each its former ids and every row that hangs on it and on no later kind.
    """
    records = kinds("fixture")
    rows: dict[type[Model], list[type[Model]]] = {record: [] for record in records}
    for model in apps.get_models():
        if issubclass(model, Publishable) and model not in rows:
            ends = [model._meta.get_field(name).related_model for name in model.public_parents]
            rows[max((end for end in ends if end in rows), key=records.index)].append(model)
    labels = []
    for record in records:
        former = next(
            relation.related_model for relation in record._meta.related_objects if relation.name == "former_ids"
        )
        labels += [model._meta.label for model in (record, former, *rows[record])]
    return labels


class Command(BaseCommand):
    """Runs dumpdata with the models, in an order that loads, and with natural keys only."""

    help = (
        "Write every record, fact and statement to a fixture. It is `dumpdata` with the right models in the right order; "
        "accounts, history and the words of sources stay out of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Ask for the file to write."""
        parser.add_argument("file", help="where to write, such as fixtures/film-workshop.json")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        call_command(
            "dumpdata",
            *fixture_models(),
            indent=2,
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
            output=options["file"],
        )
