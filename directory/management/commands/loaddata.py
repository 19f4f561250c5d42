"""Django's command loaddata: a line instead of a traceback for what cannot be kept, and a look at what public rows rest on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializationError

from base.records.fixture_loading import fixture_loading
from base.records.support import all_unsupported
from base.records.texts import UnstorableText


class Command(loaddata.Command):
    """Loads fixtures, all or nothing; what is wrong with one is told in a line that names file, row and field."""

    def loaddata(self, fixture_labels: Sequence[str]) -> None:
        """Load the fixtures, in the transaction that `handle` opens."""
        with fixture_loading(self.using):
            super().loaddata(fixture_labels)

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        """Load the fixtures. Raises CommandError for what cannot be kept."""
        try:
            super().handle(*fixture_labels, **options)
        except (UnstorableText, DeserializationError) as error:
            raise CommandError(str(error)) from None
        # Said, not refused: what carries these rows may be in the next fixture.
        if count := sum(rows.count() for _model, rows in all_unsupported()):
            self.stderr.write(
                f"{count} public rows rest on nothing public now. `manage.py check_published` names them: withdraw them, or "
                "load and publish what carries them."
            )
