"""Lists of records: how they are filtered, sorted, searched, counted and read page by page, for pages, API, feeds and exports.

A list begins with a FilterSet (`filterset.py`, its filters in `filters.py`). `paged_rows()` of `paging.py` says how it is read,
`count_facets()` of `facets.py` counts it. Knows records, and nothing of HTTP or HTML. Inside are `conditions.py` (which filters are
looked up and which are scanned), `cursor.py` (sort keys) and `list_index.py` (known to `paging.py` alone).
"""
