"""Statements out of a file: read, checked as a curator's form would, and written in bulk.

`columns` knows the format, `reading` the files, `known` which records rows may name, `checking` what a row says, `settling` what
needs the database besides (ids, passages, proof), `rows` what is stored, `running` the order of it all. docs/curation.md is
for whoever fills the file; docs/decisions/017 says why it is done so.
"""
