"""Fill an empty database with a made-up world: python -m benchmarks.generate --statements 10000 --seed 1

The database is that of DATABASE_URL. It is migrated first; one that already holds records is refused.
"""

import argparse
import os
import time

import django


def main() -> None:
    """Read the arguments and fill the database."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.generate", description=__doc__)
    parser.add_argument("--statements", type=int, default=10_000, help="how many (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same world (default: %(default)s)")
    options = parser.parse_args()
    if options.statements < 100:
        parser.error("fewer than 100 statements make no world")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    fill(options.statements, options.seed)


def fill(statements: int, seed: int) -> None:
    """Migrate, generate, load, index and check."""
    from django.core.management import call_command

    from directory.models import Source

    from .faithful import check
    from .load import in_bulk
    from .world import World

    started = time.monotonic()
    call_command("migrate", verbosity=0, interactive=False)
    if Source.objects.exists():
        raise SystemExit("The database already holds records. Give an empty one in DATABASE_URL.")
    with in_bulk():
        World(statements, seed).make()
        loaded = time.monotonic()
    checked = check(seed)
    print(
        f"{statements} statements: made and loaded in {loaded - started:.0f} s, "
        f"indexed and checked in {time.monotonic() - loaded:.0f} s, {checked} rows compared with what the product says"
    )


if __name__ == "__main__":
    main()
