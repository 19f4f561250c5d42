"""The command dump_fixtures, which writes the content of the database to a fixture."""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db.models import Model

from base.records.kinds import kinds
from base.records.publishing import Publishable


def fixture_models() -> list[str]:
    """Return the labels of the models of a fixture, each after the models that its rows refer to.

    Django cannot load a required foreign key to a row that comes later in the fixture. So the kinds of record come in the
    order of their `listings`, each followed by its former ids and by the facts that need no later kind.
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
    """Runs dumpdata for all content, with natural keys, in an order that can be loaded."""

    help = (
        "Write every record, fact and statement to a fixture. It is `dumpdata` with the right models in the right order; "
        "accounts, history and the words of sources stay out of it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the argument for the file to write."""
        parser.add_argument("file", help="where to write, such as fixtures/film-workshop.json")

    def handle(self, *, file: str, **options: object) -> None:
        """Write the file."""
        call_command(
            "dumpdata",
            *fixture_models(),
            indent=2,
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
            output=file,
        )
