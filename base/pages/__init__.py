"""Pages: base classes of HTML pages and what templates print.

To import: `views` (RecordList, RecordDetail, site_of), `conditional` (ConditionalPage, cached_count), `documents` (documents of
pages), `lines` (rows of any kind as lines), `related` (lists of another kind beside a record), `evidence`, `jsonld`, `csv`,
`outputs` (files that list many records).

It may know lists and all below, and neither the API nor the admin.
"""
