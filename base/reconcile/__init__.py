"""Reconciliation: the service that OpenRefine and its like ask which record a name means.

To import: `matching` (EntityKind and Property, with which an app declares its kinds) and `urls` (`reconcile_urls`). Inside:
`service` (manifest and queries), `suggest`, `preview`, `requests` (what clients send), `results` (what they are answered).

It may know the API and all below. Kinds and their properties it is told by the apps.
"""
