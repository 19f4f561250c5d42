"""Lists: filters, search, facets, order, pages, and how far anything is counted.

To import: `filterset` with `filters` and `filter_fields`, `facets` (how many rows each choice leaves), `search` and `ranking` (the
rule of search), `paging` (`paged_rows()`) and `paged_rows` (rows page by page), `counting`, `ordering`, `link_counts` (how much
points at each record, and lists in that order), `relations`. Of `list_index` (lists by a many-to-many relation) only the model
that declares one. Inside: `conditions` (what is looked up and what is scanned), `cursor`.

It may know documents, changes, records, sql and text; nothing of requests and responses.
"""
