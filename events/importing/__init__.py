"""Statements out of a file: read, checked as a curator's form would, and written in bulk.

`pipeline` runs the steps: `parse` reads the file by the columns of `format`; `validate` turns each row into the
`NewStatement` of `statement`, with `cells`, `passages` and `wordings` for the parts of a row and `references` for the records
that rows name; `resolve` asks the database about ids, passages and printed words; `load` writes. docs/curation.md is for
whoever fills the file; docs/decisions/017 says why the import is built this way.
"""
