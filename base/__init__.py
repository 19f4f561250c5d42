"""What all apps build on, in rooms one above the other; the contracts in pyproject.toml say which may import which.

From below: text, sql, records, changes, documents, lists, then pages, api and admin side by side, and reconcile. Nothing here
knows a concrete model. The docstring of each room says what it is for and what may be imported from it.
"""
