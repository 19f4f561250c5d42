"""How gunicorn serves the site. `manage.py start` reads it, and so can a unit: gunicorn -c python:config.gunicorn.

HUP starts new workers with the code that is there now, and the old ones finish what they are answering; a worker that has
answered its number of requests is replaced in the same way. Each worker loads the application itself, not their parent: only so
does HUP bring new code, and no connection to a database is ever shared by two processes.
"""

import os

wsgi_app = "config.wsgi"
bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
worker_class = "gthread"
threads = int(os.environ.get("WEB_THREADS") or 2)  # more make Python wait for itself; fewer, readers for one slow page

max_requests = 50_000  # what a large answer once needed comes back,
max_requests_jitter = 10_000  # and not from all workers at once
graceful_timeout = 30  # seconds in which a worker that ends may finish
timeout = 60  # seconds after which a worker without a sign of life is ended; a slow answer does not stop the sign
keepalive = 5  # seconds

limit_request_line = 8190
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # the sign of life never waits for a disk
control_socket_disable = True
loglevel = "warning"
