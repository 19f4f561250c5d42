"""The command check_published, which looks for public rows that nothing public carries."""

from __future__ import annotations

from django.core.management.base import BaseCommand, CommandError

from base.records.support import all_unsupported

MOST_NAMED = 20  # rows of each kind


class Command(BaseCommand):
    """Lists the public rows that rest on nothing public; exits with 1 if there are any."""

    help = (
        "Look for public rows that nothing public carries: statements without a public passage or wording, names and links whose "
        "passages are all of sources that are not public, records without a name. The admin lets none come about; loaddata and "
        "SQL by hand can. Exits with 1 if there are any."
    )

    def handle(self, **options: object) -> None:
        """Print how many there are of each kind, and the first of them."""
        found = 0
        for model, rows in all_unsupported():
            if count := rows.count():
                found += count
                self.stdout.write(f"{model._meta.verbose_name_plural}: {count}")
                for row in rows.order_by("pk")[:MOST_NAMED]:
                    self.stdout.write(f"  {model._meta.label} {row.pk}: {row}")
        if found:
            raise CommandError(
                f"{found} public rows rest on nothing public: withdraw them, or publish what carries them."
            )
        self.stdout.write("Every public row rests on public ones.")
