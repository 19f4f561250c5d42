"""The WSGI application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db.backends.signals import connection_created
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

_site = get_wsgi_application()

from base.sql.timeouts import set_time_limits  # noqa: E402  # needs the settings

from .bodies import without_other_charset  # noqa: E402
from .stack import with_room_on_the_stack  # noqa: E402

application = with_room_on_the_stack(without_other_charset(_site))

connection_created.connect(set_time_limits)

# Load every view now, so that the first request need not wait. Then exempt what is loaded from garbage collection: scanning it
# took a quarter of the time of an export.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
