"""Documents: rows become the dictionaries that the API and pages show, by few queries that are written once.

To import: `base` (what shapes derive from), `shapes` (those that all kinds of record share), `plan` (what to fetch for a shape),
`loader` (fetches it), `rows` (columns of rows).

It may know records, sql and text.
"""
