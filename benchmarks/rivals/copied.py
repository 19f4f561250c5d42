"""Exports of statements as the database alone would write them: COPY TO of the same documents and of the same table.

On SQLite, which has no COPY, a cursor reads the same, and Python's csv writes it.
"""

from __future__ import annotations

from .datasette import NESTED
from .datasette import query as nested_on_sqlite
from .sql import ABOUT, JOINS, PLURALS, PUBLIC, SHOWN_WORDING, WORDING_ORDER

SITE = "http://localhost"
IN_ORDER = "s.id"

_of_statement = f"events_wording w WHERE w.statement_id = s.id AND {SHOWN_WORDING}"
_first = "w.language <> 'en', w.nature = 'verbatim', w.nature LIMIT 1"
_cited = """events_statement_passages l JOIN directory_passage q ON q.id = l.passage_id
  JOIN directory_source r ON r.id = q.source_id WHERE l.statement_id = s.id AND r.status = 'published'"""


def _reference(alias: str, plural: str) -> str:
    url = f"'{SITE}/api/v1/{plural}/' || {alias}.slug || '/'"
    name = f"'name', {alias}.name, 'name_language', {alias}.name_language"
    return f"json_build_object('id', {alias}.slug, 'url', {url}, {name})"


def _optional(alias: str, plural: str) -> str:
    return f"CASE WHEN {alias}.id IS NOT NULL THEN {_reference(alias, plural)} END"


def _linked(link: str, column: str, table: str) -> str:
    return f"{link} l JOIN {table} r ON r.id = l.{column} AND r.status = 'published' WHERE l.statement_id = s.id"


def _list(value: str, rows: str, order: str) -> str:
    return f"(SELECT coalesce(json_agg({value} ORDER BY {order}), '[]') FROM {rows})"


_wording = (
    "json_build_object('language', w.language, 'nature', w.nature, 'text', w.text, 'proven', w.proven, 'by', w.by)"
)
_passage = f"""json_build_object('uid', q.uid, 'source', {_reference("r", "sources")}, 'paragraph', q.paragraph,
  'start', q.start, 'end', q."end", 'sha256', q.sha256, 'check', q.check_state)"""


def documents(on_postgres: bool) -> str:
    """Return the SQL of all public statements as the API answers them, by their keys."""
    if not on_postgres:
        found = nested_on_sqlite(order=IN_ORDER, limit="").replace(":site", f"'{SITE}'")
        assert all(member in found for member in NESTED)
        return found
    about = ",\n  ".join(
        f"'{key}', {_list(_reference('r', PLURALS[table]), _linked(link, column, table), 'r.sort_key, r.slug')}"
        for key, link, column, table in ABOUT
    )
    return f"""SELECT json_build_object('id', s.slug, 'url', '{SITE}/api/v1/statements/' || s.slug || '/',
  'page', '{SITE}/statements/' || s.slug || '/', 'kind', s.statement_kind, 'attribution', s.attribution,
  'attribution_text', s.attribution_text, 'speaker', {_optional("p", "people")},
  'speaker_organization', {_optional("so", "organizations")}, 'speaker_label', s.speaker_label,
  'role_at_time', s.role_at_time, 'on_behalf_of', {_optional("b", "organizations")},
  'event', {_optional("e", "events")}, 'date', CASE WHEN s.date <> '' THEN s.date ELSE coalesce(e.date, '') END,
  {about},
  'reading', (SELECT {_wording} FROM {_of_statement} ORDER BY {_first}),
  'wordings', {_list(_wording, _of_statement, WORDING_ORDER)}, 'certainty', s.certainty, 'note', s.note,
  'passages', {_list(_passage, _cited, 'q.source_id, q.start, q."end"')}, 'updated_at', s.updated_at)
FROM events_statement s {JOINS} WHERE {PUBLIC} ORDER BY {IN_ORDER}"""


def table(on_postgres: bool) -> str:
    """Return the SQL of the same as a table: the columns of the product's CSV."""

    def joined(value: str, rows: str, order: str) -> str:
        if on_postgres:
            return f"(SELECT string_agg({value}, '; ' ORDER BY {order}) FROM {rows})"
        return f"(SELECT group_concat(value, '; ') FROM (SELECT {value} AS value FROM {rows} ORDER BY {order}))"

    reading = [f"(SELECT w.{part} FROM {_of_statement} ORDER BY {_first})" for part in ("text", "language", "nature")]
    printed = f"{_of_statement} AND w.nature = 'verbatim'"
    ids = {key: joined("r.slug", _linked(link, column, table), "r.sort_key") for key, link, column, table in ABOUT}
    return f"""SELECT s.slug, '{SITE}/api/v1/statements/' || s.slug || '/', '{SITE}/statements/' || s.slug || '/',
  coalesce(p.name, so.name, s.speaker_label), p.slug, so.slug, s.role_at_time, b.name, b.slug, e.name, e.slug, s.date,
  s.statement_kind, s.attribution, s.certainty, s.note, {", ".join(reading)},
  {joined("w.text", printed, "w.language")}, {joined("w.language", printed, "w.language")}, {ids["topics"]},
  {ids["initiatives"]}, {joined("r.slug || ' ¶' || q.paragraph", _cited, "q.source_id, q.start")}, s.updated_at
FROM events_statement s {JOINS} WHERE {PUBLIC} ORDER BY {IN_ORDER}"""
