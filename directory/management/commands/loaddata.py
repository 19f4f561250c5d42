"""Django's command loaddata, with a line instead of a traceback for a fixture that holds what cannot be kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError

from base.records.texts import UnstorableText


class Command(loaddata.Command):
    """Loads fixtures, all or nothing; what is wrong with one is told in a line that names file, row and field."""

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        """Load the fixtures. Raises CommandError for what cannot be kept."""
        try:
            super().handle(*fixture_labels, **options)
        except (UnstorableText, DeserializationError) as error:
            raise CommandError(str(error)) from None
