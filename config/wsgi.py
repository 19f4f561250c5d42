"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from base.sql.timeouts import set_time_limits  # noqa: E402  # the settings have to be there first

connection_created.connect(set_time_limits)

# The program stays in memory for good. To look through it for garbage took a quarter of the time of an export; and the first
# reader does not wait until every view is loaded.
get_resolver().url_patterns  # noqa: B018  # loads them
gc.collect()
gc.freeze()
