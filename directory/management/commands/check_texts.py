"""The command check_texts, which finds texts that no form would take today."""

from __future__ import annotations

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError

from base.records.texts import CheckedTexts

AT_A_TIME = 500


class Command(BaseCommand):
    """Lists what stands in the database past the rule of characters; exits with 1 if there is anything."""

    help = (
        "List every text that holds characters which forms refuse: written by an earlier version, or past the forms. "
        "Nothing is changed; open the row in the admin and save it, and the form says what is wrong."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Print a line for each such text. Raises CommandError with their number."""
        rows = faults = 0
        for model in apps.get_models():
            if not issubclass(model, CheckedTexts):
                continue
            for row in model._default_manager.order_by("pk").iterator(AT_A_TIME):
                rows += 1
                row.tidy_texts()  # the form does so too
                for name, fault in row.text_faults().items():
                    faults += 1
                    self.stderr.write(f"{model._meta.label} {row.pk}, {name}: {fault}")
        if faults:
            raise CommandError(f"{rows} rows read; {faults} texts hold what forms refuse.")
        self.stdout.write(f"{rows} rows read; all texts hold what forms take.")
