"""The file of a backup: written under another name first, readable by its owner alone, with a checksum beside it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

ENDINGS = {"sqlite": "sqlite3", "postgresql": "pgdump"}
_NAME = re.compile(r"on-the-record-\d{8}T\d{6}Z\.(?:sqlite3|pgdump)")


class BackupFault(Exception):
    """Why a backup was not made, or not restored, as a sentence for whoever asked."""


def checksum_file(backup: Path) -> Path:
    """Return where the checksum of a backup is, as `sha256sum --check` reads it."""
    return backup.with_name(f"{backup.name}.sha256")


def new_name(vendor: str) -> str:
    """Return the name of a backup that is made now, in a folder of them."""
    return f"on-the-record-{timezone.now():%Y%m%dT%H%M%SZ}.{ENDINGS[vendor]}"


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


@contextmanager
def written_whole(target: Path, *, force: bool) -> Iterator[Path]:
    """Yield a file to write to. It becomes `target`, and its checksum is written, once the block has ended without error.

    Raises BackupFault if `target` is there already, unless forced, or cannot be written.
    """
    if target.exists() and not force:
        raise BackupFault(f"{target} exists. Give another name, or --force to replace it.")
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        yield draft
        line = f"{digest_of(draft)}  {target.name}\n"
        _sync(draft)
        draft.replace(target)
        _write_private(checksum_file(target), line)
        _sync(target.parent)
    except OSError as error:
        raise BackupFault(f"{target} cannot be written: {error.strerror or error}.") from error
    finally:
        for leftover in (draft, *draft.parent.glob(f"{draft.name}-*")):  # SQLite writes files beside its own
            leftover.unlink(missing_ok=True)


def _write_private(file: Path, text: str) -> None:
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def compare_checksum(backup: Path) -> bool:
    """Return whether there is a checksum beside the backup. Raises BackupFault if it is the checksum of something else."""
    try:
        expected = checksum_file(backup).read_text().split()[:1]
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError) as error:
        raise BackupFault(f"{checksum_file(backup)} cannot be read: {error}.") from error
    if expected != [digest_of(backup)]:
        raise BackupFault(f"{backup} is damaged: its SHA-256 is not the one in {checksum_file(backup).name}.")
    return True


def delete_old(folder: Path, keep: int) -> list[str]:
    """Delete all but the newest `keep` backups of a folder that were named by `new_name`; return the names."""
    names = sorted(path.name for path in folder.iterdir() if _NAME.fullmatch(path.name))
    old = names[: max(len(names) - keep, 0)]
    for name in old:
        (folder / name).unlink()
        checksum_file(folder / name).unlink(missing_ok=True)
    return old
