"""System checks: what a wrong database would silently break."""

from collections.abc import Iterable

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from base.sql.damage import HOW_TO_RESTORE, damage_of, is_damage


@register(Tags.database)
def thai_is_searchable(databases: Iterable[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse a PostgreSQL database whose locale hides Thai from trigrams, or sorts other than by code point."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT lower('ĐÀ') = 'đà', 'a-c' < 'ab' AND 'Z' < 'a'")
            letters, code_points = cursor.fetchone()
        hint = "Create it anew with: createdb --locale=C.UTF-8 --encoding=UTF8 --template=template0 NAME"
        if not letters:
            errors.append(
                Error(f"Database {alias!r} has LC_CTYPE C: Thai would not be found.", hint=hint, id="base.E001")
            )
        if not code_points:
            errors.append(Error(f"Database {alias!r} does not sort by code point.", hint=hint, id="base.E002"))
    return errors


@register(Tags.database)
def sqlite_file_is_sound(databases: Iterable[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse a SQLite file that is damaged. Reads the whole file: about a second for each gigabyte."""
    errors: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor == "sqlite" and (damage := damage_of(connection)):
            errors.append(
                Error(
                    f"The file of database {alias!r} ({connection.settings_dict['NAME']}) is damaged: {damage}",
                    hint=HOW_TO_RESTORE,
                    id="base.E004",
                )
            )
    return errors


@register(Tags.database)
def no_migration_is_missing(databases: Iterable[str] | None = None, **kwargs: object) -> list[CheckMessage]:
    """Refuse a database that lacks some of the migrations which were folded into one: nobody can run them any more.

    Django would take the folded migration out of its plan, and fail much later or not at all.
    """
    loader = MigrationLoader(None, load=False)
    loader.load_disk()
    faults: list[CheckMessage] = []
    for alias in databases or ():
        try:
            applied = MigrationRecorder(connections[alias]).applied_migrations()
        except DatabaseError as error:
            if is_damage(error):  # `sqlite_file_is_sound` names it
                continue
            raise
        for migration in loader.disk_migrations.values():
            missing = [key for key in migration.replaces if key not in applied]
            lost = [".".join(key) for key in missing if key not in loader.disk_migrations]
            if lost and len(missing) < len(migration.replaces):
                faults.append(
                    Error(
                        f"Database {alias!r} lacks {', '.join(lost)}: folded into {migration}, which cannot run in parts.",
                        hint="Run “manage.py migrate” with the last version that still has them, then with this one.",
                        id="base.E003",
                    )
                )
    return faults
