"""Backup and restore of PostgreSQL by its own programs, pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.conninfo import make_conninfo

from operations.backup.files import BackupFault

DEBIAN = Path("/usr/lib/postgresql")  # has a folder for each version
HEAD = b"PGDMP"  # how a file of pg_dump in its custom format begins
# Whatever a user made in the schemas that are searched for names, but for what belongs to extensions.
DROP_EVERYTHING = """
DO $$
DECLARE
    command text;
BEGIN
    FOR command IN
        SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
            WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass)
        FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND relnamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype IN ('e', 'i'))
        UNION ALL
        SELECT format('DROP FUNCTION IF EXISTS %s CASCADE', oid::regprocedure)
        FROM pg_proc p WHERE pronamespace = current_schema()::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
    LOOP
        EXECUTE command;
    END LOOP;
END $$;
"""


def find_program(name: str, connection: BaseDatabaseWrapper | None = None) -> str:
    """Return where one of PostgreSQL's programs is: on the path, or where Debian puts them.

    Raises BackupFault if it is missing, or older than the server of the connection, whose data it could not read.
    """
    folders = sorted(DEBIAN.glob("*/bin"), key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0))
    found = shutil.which(name) or next((str(f / name) for f in reversed(folders) if (f / name).exists()), None)
    if not found:
        raise BackupFault(f"{name} is missing. On Debian: apt-get install postgresql-client")
    if connection is not None:
        words = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
        version = re.search(r" (\d+)", words)
        server = connection.pg_version // 10000  # type: ignore[attr-defined]
        if version is None or int(version[1]) < server:
            raise BackupFault(
                f"{found} has version {version[1] if version else '?'}, the server {server}. "
                f"Install the programs of the server's version, on Debian postgresql-client-{server}, and put them on PATH."
            )
    return found


def environment_of(connection: BaseDatabaseWrapper | None = None) -> dict[str, str]:
    """Return the environment of a program, with the password of the connection: others may see its arguments."""
    password = str(connection.settings_dict.get("PASSWORD") or "") if connection else ""
    return {**os.environ, **({"PGPASSWORD": password} if password else {})}


def run_program(command: list[str], connection: BaseDatabaseWrapper | None = None) -> str:
    """Run a program and return what it prints. Raises BackupFault with its first line of trouble."""
    try:
        done = subprocess.run(command, env=environment_of(connection), capture_output=True, text=True, check=False)
    except (OSError, UnicodeDecodeError) as error:
        raise BackupFault(f"{command[0]}: {error}.") from error
    if done.returncode:
        raise BackupFault(first_trouble(done.stderr) or f"{command[0]} ended with {done.returncode}.")
    return done.stdout


def first_trouble(text: str) -> str:
    """Return the first line that names an error, or else the first line."""
    lines = text.strip().splitlines()
    return next((line for line in lines if "error" in line.lower()), lines[0] if lines else "")


def address_of(connection: BaseDatabaseWrapper) -> str:
    """Return the address of the database as the programs take it, without the password: others may see their arguments."""
    parameters = connection.get_connection_params()
    libpq = {name: value for name, value in parameters.items() if name in _LIBPQ}
    return make_conninfo(**libpq)


_LIBPQ = {
    *("host", "hostaddr", "port", "dbname", "user", "service", "passfile", "connect_timeout", "target_session_attrs"),
    *("sslmode", "sslcert", "sslkey", "sslrootcert", "sslcrl", "channel_binding", "gssencmode", "krbsrvname"),
}


def dump_postgresql(connection: BaseDatabaseWrapper, target: Path) -> None:
    """Write the database, as it is at one moment, in pg_dump's custom format, which is compressed."""
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--file={target}"]
    run_program([find_program("pg_dump", connection), *options, f"--dbname={address_of(connection)}"], connection)


def migrations_in_postgresql(file: Path, connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """Return the migrations that a backup has. Raises BackupFault if it is damaged, or no database of this site.

    Everything in it is unpacked once, to nowhere.
    """
    reader = find_program("pg_restore", connection)
    try:
        run_program([reader, f"--file={os.devnull}", str(file)])
        rows = run_program([reader, "--data-only", "--table=django_migrations", "--file=-", str(file)])
    except BackupFault as fault:
        raise BackupFault(f"{file} is damaged: {fault}") from fault
    columns = re.search(r"^COPY \S*django_migrations \((.*)\) FROM stdin;\n((?:.*\n)*?)\\\.$", rows, re.MULTILINE)
    if not columns:
        raise BackupFault(f"{file} is no backup of this site: it has no table django_migrations.")
    names = [name.strip() for name in columns[1].split(",")]
    migrations = [dict(zip(names, line.split("\t"), strict=True)) for line in columns[2].splitlines()]
    return {(row["app"], row["name"]) for row in migrations}


def restore_postgresql(connection: BaseDatabaseWrapper, backup: Path) -> None:
    """Replace whatever the database holds by a backup, in one transaction: it succeeds as a whole or changes nothing."""
    options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    writer = [find_program("psql"), *options, f"--dbname={address_of(connection)}"]
    reader = [find_program("pg_restore", connection), "--no-owner", "--no-privileges", "--file=-", str(backup)]
    environment = environment_of(connection)
    connection.close()
    with (
        tempfile.TemporaryFile() as trouble,
        subprocess.Popen(writer, env=environment, stdin=subprocess.PIPE, stderr=trouble) as database,
    ):
        assert database.stdin
        try:
            database.stdin.write(DROP_EVERYTHING.encode())
            database.stdin.flush()
            unpacked = subprocess.run(reader, stdout=database.stdin, stderr=subprocess.PIPE, text=True, check=False)
            if unpacked.returncode:
                database.kill()  # at the end of its input it would commit
            database.stdin.close()
        except BrokenPipeError:  # it stopped at an error, which it has told
            unpacked = subprocess.CompletedProcess(reader, 0, "", "")
        failed = database.wait()
        trouble.seek(0)
        text = trouble.read().decode(errors="replace")
    if failed or unpacked.returncode:
        raise BackupFault(first_trouble(text) or first_trouble(unpacked.stderr) or f"psql ended with {failed}.")
