"""Lists: filters, search, facets, order, pages, and how far anything is counted.

To import: `filters` and `filter_fields`, `facets` (how many rows each choice leaves), `search` and `ranking` (the rule of search),
`paging` (rows page by page), `counting`, `ordering`, `relations` and `list_index` (lists by a many-to-many relation). Inside:
`cursor`.

It may know documents, changes, records, sql and text; nothing of requests and responses.
"""
