"""Backup and restore of the whole database. `backups` is what the commands call; the rest knows one kind of database each."""
