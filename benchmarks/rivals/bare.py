"""The practical limit: a WSGI program of a database driver, the best SQL we know, and orjson. No framework.

Answers /api/v1/statements/ with ?speaker=. Imports nothing of the product. DATABASE_URL names the database.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from typing import Any
from urllib.parse import parse_qs

import orjson

from .sql import ABOUT, JOINS, ORDER, PLURALS, PUBLIC, SHOWN_WORDING, SPEAKER, WORDING_ORDER

URL = os.environ["DATABASE_URL"]
ON_POSTGRES = URL.startswith("postgres")
MARK = "%s" if ON_POSTGRES else "?"
SIZE = 50

_columns = """s.id, s.slug, s.statement_kind, s.attribution, s.attribution_text, s.speaker_label, s.role_at_time, s.date,
  s.certainty, s.note, s.updated_at, p.slug, p.name, p.name_language,
  so.slug, so.name, so.name_language, b.slug, b.name, b.name_language, e.slug, e.name, e.name_language, e.date"""
# On PostgreSQL the page is fixed before the joins: planning a join of five costs more than running it.
_page = "SELECT s.* FROM events_statement s {where} ORDER BY " + ORDER + f" LIMIT {2 * SIZE}"


def _list(where: str) -> str:
    if ON_POSTGRES:
        page = _page.format(where=f"WHERE s.status = 'published' {where}")
        source = f"WITH s AS MATERIALIZED ({page}) SELECT {_columns} FROM s {JOINS} WHERE {PUBLIC}"
    else:
        source = f"SELECT {_columns} FROM events_statement s {JOINS} WHERE {PUBLIC} {where}"
    return f"{source} ORDER BY {ORDER} LIMIT {SIZE + 1}"


LIST = _list("")
LIST_OF_SPEAKER = _list("AND " + SPEAKER.format(slug=MARK))
_in = "= ANY(%s)" if ON_POSTGRES else f"IN ({', '.join('?' * SIZE)})"
REFERENCES = " UNION ALL ".join(
    f"SELECT '{key}', l.statement_id, r.slug, r.name, r.name_language, r.sort_key FROM {link} l "
    f"JOIN {table} r ON r.id = l.{column} AND r.status = 'published' WHERE l.statement_id {_in}"
    for key, link, column, table in ABOUT
)
REFERENCES = f"SELECT * FROM ({REFERENCES}) AS found ORDER BY 6, 3"
WORDINGS = (
    "SELECT w.statement_id, w.language, w.nature, w.text, w.proven, w.by FROM events_wording w "
    f"WHERE w.statement_id {_in} AND {SHOWN_WORDING} ORDER BY {WORDING_ORDER}"
)
PASSAGES = (
    'SELECT l.statement_id, q.uid, r.slug, r.name, r.name_language, q.paragraph, q.start, q."end", q.sha256, q.check_state '
    "FROM events_statement_passages l JOIN directory_passage q ON q.id = l.passage_id "
    f"JOIN directory_source r ON r.id = q.source_id AND r.status = 'published' WHERE l.statement_id {_in} "
    'ORDER BY q.source_id, q.start, q."end"'
)


def connect() -> Any:
    """Return a connection that stays open."""
    if ON_POSTGRES:
        import psycopg

        return psycopg.connect(URL, autocommit=True)
    connection = sqlite3.connect(URL.removeprefix("sqlite:///"), check_same_thread=False, cached_statements=64)
    connection.execute("PRAGMA query_only = ON")
    return connection


_connection = connect()


def _rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    return _connection.execute(sql, values).fetchall()


def _preference(wording: dict[str, Any]) -> tuple[bool, bool, str]:
    return wording["language"] != "en", wording["nature"] == "verbatim", wording["nature"]


def statements(site: str, speaker: str | None) -> dict[str, Any]:
    """Return the answer."""
    api = f"{site}/api/v1/"
    rows = _rows(LIST_OF_SPEAKER, speaker) if speaker else _rows(LIST)
    more, rows = len(rows) > SIZE, rows[:SIZE]
    ids: list[Any] = [row[0] for row in rows]
    keys: Any = [ids] if ON_POSTGRES else ids + [0] * (SIZE - len(ids))
    about: dict[str, dict[int, list[Any]]] = {key: defaultdict(list) for key, *_rest in ABOUT}
    paths = {key: f"{api}{PLURALS[table]}/" for key, _link, _column, table in ABOUT}
    for key, statement, slug, name, language, _sort in _rows(REFERENCES, *keys * len(ABOUT)):
        found = {"id": slug, "url": f"{paths[key]}{slug}/", "name": name, "name_language": language}
        about[key][statement].append(found)
    wordings = defaultdict(list)
    for statement, language, nature, text, proven, by in _rows(WORDINGS, *keys):
        wordings[statement].append(
            {"language": language, "nature": nature, "text": text, "proven": bool(proven), "by": by}
        )
    passages = defaultdict(list)
    for statement, uid, slug, name, language, paragraph, start, end, sha256, state in _rows(PASSAGES, *keys):
        source = {"id": slug, "url": f"{api}sources/{slug}/", "name": name, "name_language": language}
        passages[statement].append(
            {"uid": uid, "source": source, "paragraph": paragraph, "start": start, "end": end, "sha256": sha256}
            | {"check": state}
        )

    def reference(plural: str, slug: str | None, name: str, language: str) -> dict[str, Any] | None:
        found = {"id": slug, "url": f"{api}{plural}/{slug}/", "name": name, "name_language": language}
        return found if slug else None

    results = []
    for row in rows:
        identity, slug, kind, attribution, attributed, label, role, date, certainty, note, updated = row[:11]
        results.append(
            {
                "id": slug,
                "url": f"{api}statements/{slug}/",
                "page": f"{site}/statements/{slug}/",
                "kind": kind,
                "attribution": attribution,
                "attribution_text": attributed,
                "speaker": reference("people", *row[11:14]),
                "speaker_organization": reference("organizations", *row[14:17]),
                "speaker_label": label,
                "role_at_time": role,
                "on_behalf_of": reference("organizations", *row[17:20]),
                "event": reference("events", *row[20:23]),
                "date": date or row[23] or "",
                **{key: found[identity] for key, found in about.items()},
                "reading": min(wordings[identity], key=_preference, default=None),
                "wordings": wordings[identity],
                "certainty": certainty,
                "note": note,
                "passages": passages[identity],
                "updated_at": updated if ON_POSTGRES else updated.replace(" ", "T") + "Z",
            }
        )
    return {"next": f"{api}statements/?after={rows[-1][1]}" if more else None, "previous": None, "results": results}


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    """Answer one request."""
    speaker = parse_qs(environ["QUERY_STRING"]).get("speaker", [None])[0]
    site = f"{environ['wsgi.url_scheme']}://{environ['HTTP_HOST']}"
    body = orjson.dumps(statements(site, speaker), option=orjson.OPT_UTC_Z)
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
