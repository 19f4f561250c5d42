"""Datasette over the same SQLite file: the list as a canned query with nested JSON, and its table page with extras off."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from .sql import ABOUT, JOINS, ORDER, PLURALS, PUBLIC, SHOWN_WORDING, SPEAKER, WORDING_ORDER

SIZE = 50
NESTED = (
    "speaker",
    "speaker_organization",
    "on_behalf_of",
    "event",
    "initiatives",
    "topics",
    "about_people",
    "about_organizations",
    "reading",
    "wordings",
    "passages",
)


def _reference(alias: str, plural: str) -> str:
    url = f":site || '/api/v1/{plural}/' || {alias}.slug || '/'"
    return (
        f"json_object('id', {alias}.slug, 'url', {url}, 'name', {alias}.name, 'name_language', {alias}.name_language)"
    )


def _optional(alias: str, plural: str) -> str:
    return f"CASE WHEN {alias}.id IS NOT NULL THEN {_reference(alias, plural)} END"


def _related(link: str, column: str, table: str) -> str:
    rows = f"SELECT r.* FROM {link} l JOIN {table} r ON r.id = l.{column} AND r.status = 'published'"
    ordered = f"{rows} WHERE l.statement_id = s.id ORDER BY r.sort_key, r.slug"
    return f"(SELECT json_group_array({_reference('r', PLURALS[table])}) FROM ({ordered}) r)"


_wording = """json_object('language', language, 'nature', nature, 'text', text,
   'proven', json(CASE WHEN proven THEN 'true' ELSE 'false' END), 'by', "by")"""
_wordings = f"""(SELECT json_group_array({_wording})
  FROM (SELECT w.* FROM events_wording w WHERE w.statement_id = s.id AND {SHOWN_WORDING} ORDER BY {WORDING_ORDER}))"""
_reading = f"""(SELECT {_wording} FROM events_wording w WHERE w.statement_id = s.id AND {SHOWN_WORDING}
  ORDER BY w.language <> 'en', w.nature = 'verbatim', w.nature LIMIT 1)"""
_passages = f"""(SELECT json_group_array(json_object('uid', uid, 'source', json(source), 'paragraph', paragraph,
   'start', start, 'end', "end", 'sha256', sha256, 'check', check_state))
  FROM (SELECT q.*, {_reference("r", "sources")} AS source FROM events_statement_passages l
        JOIN directory_passage q ON q.id = l.passage_id JOIN directory_source r ON r.id = q.source_id
        WHERE l.statement_id = s.id AND r.status = 'published' ORDER BY q.source_id, q.start, q."end"))"""


def query(where: str = "", order: str = ORDER, limit: str = f"LIMIT {SIZE}") -> str:
    """Return the SQL of the list."""
    about = ",\n  ".join(f"{_related(link, column, table)} AS {key}" for key, link, column, table in ABOUT)
    return f"""SELECT s.slug AS id, :site || '/api/v1/statements/' || s.slug || '/' AS url,
  :site || '/statements/' || s.slug || '/' AS page, s.statement_kind AS kind, s.attribution, s.attribution_text,
  {_optional("p", "people")} AS speaker, {_optional("so", "organizations")} AS speaker_organization, s.speaker_label,
  s.role_at_time, {_optional("b", "organizations")} AS on_behalf_of, {_optional("e", "events")} AS event,
  CASE WHEN s.date <> '' THEN s.date ELSE coalesce(e.date, '') END AS date,
  {about},
  {_reading} AS reading, {_wordings} AS wordings, s.certainty, s.note, {_passages} AS passages,
  replace(s.updated_at, ' ', 'T') || 'Z' AS updated_at
FROM events_statement s {JOINS}
WHERE {PUBLIC} {where} ORDER BY {order} {limit}"""


def metadata(database: str) -> str:
    """Return Datasette's metadata with the two canned queries."""
    queries = {"newest": query(), "of_speaker": query("AND " + SPEAKER.format(slug=":speaker"))}
    found: dict[str, Any] = {
        "databases": {database: {"queries": {name: {"sql": sql} for name, sql in queries.items()}}}
    }
    return json.dumps(found)


def list_path(database: str, speaker: str | None, site: str) -> str:
    """Return the address of the list as nested JSON."""
    name = f"of_speaker.json?speaker={quote(speaker)}&" if speaker else "newest.json?"
    nested = "".join(f"&_json={column}" for column in NESTED)
    return f"/{database}/{name}site={quote(site)}&_shape=array{nested}"


def page_path(database: str, rows: int) -> str:
    """Return the address of the table as a page, with everything off that counts or suggests."""
    extras = "_nofacet=1&_nosuggest=1&_nocount=1"
    return f"/{database}/events_statement?_size={rows}&_sort_desc=sort_date&{extras}"
