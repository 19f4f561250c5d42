#!/usr/bin/env python3
"""Keep a copy of everything that is public, equal to a full export. Needs Python 3.9 and nothing else.

    python mirror.py http://127.0.0.1:8000 mirror.sqlite3           # the first time all, later what is new
    python mirror.py http://127.0.0.1:8000 mirror.sqlite3 --check   # also compare with a full export

The copy is a SQLite file with one table, record (kind, id, document). Each page of changes is stored in one transaction
together with the cursor behind it, so the script may be killed at any moment and started again. Run it from cron.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import urlopen

PAGE_SIZE = 100


def mirror(site: str, file: str) -> int:
    """Bring the copy up to date; return how many changes were applied."""
    copy = sqlite3.connect(file, isolation_level=None)
    try:
        copy.execute("CREATE TABLE IF NOT EXISTS record (kind TEXT, id TEXT, document TEXT, PRIMARY KEY (kind, id))")
        copy.execute("CREATE TABLE IF NOT EXISTS state (cursor TEXT)")
        applied = 0
        while True:
            row = copy.execute("SELECT cursor FROM state").fetchone()
            try:
                if row is None:
                    start(site, copy)
                else:
                    applied += follow(site, copy, row[0])
                    return applied
            except HTTPError as error:
                if error.code != 410:
                    raise
                copy.execute("DELETE FROM state")  # the feed is not kept that far back: start again
    finally:
        copy.close()


def start(site: str, copy: sqlite3.Connection) -> None:
    """Take a full export of every kind. What changes meanwhile stands in the feed behind the first cursor."""
    copy.execute("BEGIN")
    try:
        copy.execute("DELETE FROM record")
        begin(site)
        cursor = ""
        for kind, address in exports(site):
            with ask(address) as answer:
                cursor = cursor or answer.headers["Change-Cursor"]
                for line in answer:
                    put(copy, kind, json.loads(line))
        copy.execute("INSERT INTO state VALUES (?)", (cursor,))
        copy.execute("COMMIT")
    except BaseException:
        copy.execute("ROLLBACK")
        raise


def begin(site: str) -> None:
    """Ask for the feed once, so that the site minds what the exports hand out. That old lines are gone is no matter."""
    try:
        get(f"{site}/api/v1/changes/?page_size=1")
    except HTTPError as error:
        if error.code != 410:
            raise
        error.close()


def exports(site: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of record, as in the path, and the address of its export."""
    found = get(f"{site}/api/v1/export/")
    for plural, addresses in found.items():
        if isinstance(addresses, dict):
            yield plural, addresses["ndjson_url"]


def follow(site: str, copy: sqlite3.Connection, cursor: str) -> int:
    """Apply what happened behind the cursor, page by page."""
    applied, more = 0, True
    while more:
        page = get(
            f"{site}/api/v1/changes/?" + urlencode({"after": cursor, "expand": "record", "page_size": PAGE_SIZE})
        )
        copy.execute("BEGIN")
        for change in page["results"]:
            apply(copy, change)
        copy.execute("UPDATE state SET cursor = ?", (page["cursor"],))
        copy.execute("COMMIT")
        applied += len(page["results"])
        cursor, more = page["cursor"], page["more"]
    return applied


def apply(copy: sqlite3.Connection, change: dict[str, Any]) -> None:
    """Apply one change. The record is as it is now, not as it was then: a later change says so if it is gone."""
    kind = change["url"].rstrip("/").split("/")[-2]
    gone = change["id"] if change["action"] in ("withdrawn", "deleted") else change["former_id"]
    if gone:
        copy.execute("DELETE FROM record WHERE kind = ? AND id = ?", (kind, gone))
    if change["record"] is not None:
        put(copy, kind, change["record"])


def put(copy: sqlite3.Connection, kind: str, record: dict[str, Any]) -> None:
    """Store one record in the place of an older one."""
    document = json.dumps(record, ensure_ascii=False)
    copy.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (kind, record["id"], document))


def differences(site: str, file: str) -> list[str]:
    """Compare the copy with a full export of now; return what differs. Only sure while nobody edits."""
    copy = sqlite3.connect(file)
    rows = copy.execute("SELECT kind, id, document FROM record")
    ours = {(kind, key): json.loads(text) for kind, key, text in rows}
    copy.close()
    theirs = {}
    for kind, address in exports(site):
        with ask(address) as answer:
            for line in answer:
                record = json.loads(line)
                theirs[kind, record["id"]] = record
    return sorted(f"{kind}/{key}" for kind, key in {*ours, *theirs} if ours.get((kind, key)) != theirs.get((kind, key)))


def ask(address: str) -> Any:
    """Open an address; wait where the site says that this was too much at once."""
    while True:
        try:
            return urlopen(address)
        except HTTPError as error:
            if error.code not in (429, 503):
                raise
            time.sleep(int(error.headers.get("Retry-After", "10")))
            error.close()


def get(address: str) -> Any:
    """Return an answer of the API."""
    with ask(address) as answer:
        return json.load(answer)


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", help="for example http://127.0.0.1:8000")
    parser.add_argument("file", help="the SQLite file to keep")
    parser.add_argument("--check", action="store_true", help="compare with a full export afterwards")
    options = parser.parse_args()
    site = options.site.rstrip("/")
    sys.stdout.write(f"{mirror(site, options.file)} changes applied\n")
    wrong = differences(site, options.file) if options.check else []
    sys.stdout.writelines(f"differs: {name}\n" for name in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
