"""Documents: rows become the dictionaries that the API and pages show, by few queries that are written once.

To import: `shapes` (what is shown of a record, as serializers that read rows), `plan` (what has to be fetched for a shape),
`loader` (fetches it), `rows` (columns of rows).

It may know records, sql and text.
"""
