"""SQL that the ORM does not write: prepared queries, bulk writes, triggers, the search index of SQLite, timeouts, the replica.

To import: `prepared` (queries compiled once; it alone touches Django's query compiler), `lookup_or_scan` (few rows are looked
up, many scanned), `bulk`, `triggers` (TriggerSet), `trigrams`, `columns`, `timeouts`, `replica`, `migrations`.
`checks` registers itself.

It may know text, and tables and columns as they are handed to it; never a model of ours by name.
"""
