"""The web server: gunicorn's processes, with waitress in each of them reading requests and sending answers.

A thread is given to a request that is there as a whole, and never waits for a slow client: docs/decisions/025-slow-clients.md.
"""
