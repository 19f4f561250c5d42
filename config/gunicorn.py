"""The configuration of gunicorn, for `manage.py start` and for service units: gunicorn -c python:config.gunicorn.

The signal HUP starts new workers with the current code, while the old ones finish their requests; a worker that has served
`max_requests` is replaced in the same way. Each worker loads the application itself instead of inheriting it from its parent:
otherwise HUP would not load new code, and processes could share a database connection.
"""

import os
import shutil
from pathlib import Path

from operations.logs import logging_config

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "config.server.worker.BufferingWorker"  # no thread waits for a slow client
threads = int(
    os.environ.get("WEB_THREADS") or 2
)  # more contend for the interpreter lock; fewer let one slow page block others

max_requests = 50_000  # restarting returns the memory that a large answer once took
max_requests_jitter = 10_000  # so that the workers do not restart all at once
graceful_timeout = 30  # seconds that a stopping worker has to finish its requests
timeout = 60  # seconds without a heartbeat until a worker is killed; a slow answer does not stop the heartbeat
worker_connections = 1000  # in each process; their time limits are in config/server/connections.py
backlog = 2048
# Of a sender only Django believes anything, and only with BEHIND_PROXY.
forwarded_allow_ips = ""
forwarder_headers = ""

worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # the heartbeat file is kept off the disk
control_socket_disable = True
logconfig_dict = logging_config(os.environ.get("LOG_FORMAT") or "auto", access=True)


def on_starting(server: object) -> None:
    """Begin the figures for Prometheus anew, before there are workers that count."""
    folder = Path(os.environ.get("VAR_DIR") or Path(__file__).resolve().parent.parent / "var") / "metrics"
    shutil.rmtree(folder, ignore_errors=True)


def post_worker_init(worker: object) -> None:
    """Watch the file of SQLite, once the application is loaded."""
    from base.sql.files import watch_files

    watch_files()
