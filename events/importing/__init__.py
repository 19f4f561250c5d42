"""Statements out of a file: read, checked as a curator's form would, and written in bulk.

`format` knows the columns, `parse` the files, `references` which records rows may name, `validate` what a row says, `resolve` what
needs the database besides (ids, passages, proof), `load` what is stored, `pipeline` the order of it all. docs/curation.md is
for whoever fills the file; docs/decisions/017 says why it is done so.
"""
