"""The bases of the API: views of records, keyset pages, strict parameters, errors, OpenAPI, exports and the change feed.

An app declares a RecordViewSet (`views.py`) with its FilterSet and its serializer. Documents are made by `base/documents`. Knows no
concrete kind of record.
"""
