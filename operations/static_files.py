"""Static files under names with a digest, and what happens when they were not collected: a line in the log, not an error page."""

from __future__ import annotations

import logging

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.checks import CheckMessage, Error, register
from whitenoise.storage import CompressedManifestStaticFilesStorage

HINT = "Run “manage.py collectstatic --no-input” with the VAR_DIR of the site, then restart it (HUP to gunicorn)."

log = logging.getLogger(__name__)


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Serves collected files under names with a digest. A page with a file that was not collected is shown without it."""

    # Modules import one another under the names with a digest too: under its own name beside, a module would run twice.
    support_js_module_import_aggregation = True

    def load_manifest(self) -> tuple[dict[str, str], str]:
        """Return which name each file has, and the digest of all; nothing, with a line in the log, if it cannot be read."""
        try:
            names, digest = super().load_manifest()
        except ValueError as error:
            log.error("The manifest of the static files is damaged (%s). %s", error, HINT)
            return {}, ""
        return names, digest

    def stored_name(self, name: str) -> str:
        """Return the name with the digest; the name as it is, with a line in the log, if the file was not collected."""
        try:
            return str(super().stored_name(name))
        except ValueError:
            log.error("The static file %s was not collected: pages lack it. %s", name, HINT)
            return name


@register(deploy=True)
def static_files_are_collected(**kwargs: object) -> list[CheckMessage]:
    """Refuse to be deployed with static files that were not collected, or not all of them. Compares names, not contents."""
    storage = staticfiles_storage
    if not isinstance(storage, ManifestFilesMixin):  # files are served under their own names
        return []
    collected, _digest = storage.load_manifest()
    if not collected:
        fault = f"The static files were not collected: {settings.STATIC_ROOT} has no manifest, or a damaged one."
        return [Error(fault, hint=HINT, id="operations.E001")]
    names = {name for finder in get_finders() for name, _storage in finder.list([])}
    missing = sorted(name for name in names if name not in collected)
    missing += sorted(hashed for hashed in collected.values() if not storage.exists(hashed))
    if not missing:
        return []
    fault = f"{len(missing)} static files were not collected or are gone: {', '.join(missing[:3])}…"
    return [Error(fault, hint=HINT, id="operations.E002")]
