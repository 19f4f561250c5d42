"""What Django's ORM has no words for: prepared queries, lookup or scan, bulk writes, full text on SQLite, replicas, time limits.

Knows no model of ours and nothing of requests but which server one reads. `prepared.py` alone touches Django's private
query compiler.
"""
