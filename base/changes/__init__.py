"""Changes: every write of content is noted by triggers; from that follow the content version, what is kept until the next write,
and the change feed.

To import: `version` (content_version, version_for, tag_of), `cache` (values kept at a version), `feed` (what happened to each
record), `triggers` (`noted_already` for bulk writes). `models` are its tables, `backends` the cache that settings name.
Inside: `dependents` (which records show a row).

It may know records, sql and text. Callers hand it the answers of the API.
"""
