"""Text: languages, names, dates, numbers, and how words are folded for search. Plain functions on strings.

To import: `languages` (codes, addresses by language, names in a language), `names` (folding, sort keys, public ids), `dates` and
`date_words` (EDTF), `numbers`, `suggestions`, `search_column`, `validators`, `characters` (what a text may hold) and `form_texts` (the
same for forms), `letters` (grapheme clusters), `near_misses` (where words differ from what is printed). Inside: `locale_overrides`, which Django loads.

It may know Django and nothing else of base.
"""
