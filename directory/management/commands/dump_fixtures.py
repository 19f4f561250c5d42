"""dump_fixtures: write the fixture anew from the database."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

# What a row needs comes before it: Django cannot load a required reference to a row that is still to come.
MODELS = [
    *("directory.Source", "directory.SourceFormerId", "directory.Passage"),
    *("directory.Topic", "directory.TopicFormerId", "directory.TopicName"),
    *("directory.Organization", "directory.OrganizationFormerId", "directory.OrganizationName"),
    "directory.OrganizationLink",
    *("directory.Person", "directory.PersonFormerId", "directory.PersonName", "directory.Affiliation"),
    *("directory.Initiative", "directory.InitiativeFormerId", "directory.InitiativeName"),
    *("directory.InitiativeDescription", "directory.InitiativePart", "directory.InitiativeOrganization"),
    *("events.Event", "events.EventFormerId", "events.EventName", "events.EventDescription", "events.EventPart"),
    *("events.EventOrganization", "events.EventInitiative", "events.Participation"),
    *("events.Statement", "events.StatementFormerId", "events.Wording"),
]


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
            *MODELS,
            indent=2,
            use_natural_foreign_keys=True,
            use_natural_primary_keys=True,
            output=options["file"],
        )
