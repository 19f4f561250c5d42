"""What whoever runs the site needs: logs, health, metrics, error reports, backup and retention.

Readers and curators see nothing of it. It may import every other app; only `config` imports it.
"""
