"""Pages: base classes of HTML pages and what templates print.

To import: `views` (RecordList, RecordDetail, site_of), `conditional` (ConditionalPage: a page that is asked for again, and
cached_count), `shapes` (documents of pages), `evidence`, `jsonld`, `csv`.

It may know lists and all below, and neither the API nor the admin.
"""
