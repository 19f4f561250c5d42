"""Texts across scripts and languages: folding, search columns, slugs, EDTF dates and their words, the language of an address.

Functions of text and fields of single values. Knows no model and asks no database.
"""
