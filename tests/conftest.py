"""What all tests share."""

import os

import pytest
from django.conf import settings

# Playwright's synchronous API runs inside an event loop, where Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def pytest_configure() -> None:
    """Serve static files as they are: hashed names would need collectstatic first."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)  # tests of limits set their own
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Drive Debian's Chromium, offline."""
    quiet = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking"]
    quiet += ["disable-component-update", "disable-sync", "disable-dev-shm-usage"]
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    return {**browser_type_launch_args, "executable_path": path, "args": [f"--{flag}" for flag in quiet]}


@pytest.fixture(scope="session")
def base_url() -> None:
    """Stands in for pytest-playwright's, which is made in a way that pytest calls out of date (and warnings are errors)."""
