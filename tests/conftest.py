"""What all tests share."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from config.stack import SLOTS
from tests.queries import Numbers, Queries

# Playwright's synchronous API runs inside an event loop, where Django would refuse to touch the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DATABASE_FILE = "on-the-record.sqlite3"  # in VAR_DIR, where no DATABASE_URL says otherwise
OF_A_DATABASE = {"db", "django_db_setup"}  # fixtures of what asks one, directly or through others
SLOW = ("slow", "browser", "once")  # files with such tests come first: no process is left alone with one at the end


def pytest_addoption(parser: pytest.Parser) -> None:
    """Know the option of `make queries`."""
    parser.addoption(
        "--write-queries", action="store_true", help="write tests/queries.json anew, by the tests that use it"
    )


def pytest_configure() -> None:
    """Serve static files as they are: hashed names would need collectstatic first."""
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = True
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)  # tests of limits set their own
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Keep SQLite's test database in a file if a browser is among the tests.

    A page asks for several things at once, and Django lets all threads of its test server share the one connection to a database in
    memory: one request is inside the transaction of another, or is refused because a table is locked. Of a file each thread has a
    connection of its own, as in production. Nothing has to survive a power cut.
    """
    if any(item.get_closest_marker("browser") for item in request.session.items):
        values = connections["default"].settings_dict
        if "sqlite" in values["ENGINE"]:
            values["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")
            command = values["OPTIONS"]["init_command"]
            values["OPTIONS"]["init_command"] = command.replace("synchronous=FULL", "synchronous=OFF")


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


@pytest.hookimpl(tryfirst=True)  # before pytest chooses by marks
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what asks a database, and put slow files first.

    Tests that start servers, a browser or threads fail where another program takes the processor for seconds. One that fails
    is run twice more, and the summary names it (RERUN). If queries are to be written, only what measures them is run.
    """
    for item in items:
        module, fixtures = item.getparent(pytest.Module).obj, set(getattr(item, "fixturenames", ()))
        asks = item.get_closest_marker("django_db") or fixtures & OF_A_DATABASE or hasattr(module, "connection")
        if asks and not item.get_closest_marker("any_database"):
            item.add_marker(pytest.mark.database)
        uses_threads = hasattr(module, "threading")
        if uses_threads or item.get_closest_marker("once") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))
    if hasattr(config, "workerinput"):  # one of several processes, which take file after file in this order
        slow = {item.getparent(pytest.Module) for item in items if any(map(item.get_closest_marker, SLOW))}
        items.sort(key=lambda item: item.getparent(pytest.Module) not in slow)
    if config.getoption("--write-queries"):
        items[:] = [item for item in items if "queries" in getattr(item, "fixturenames", ())]


def with_room(function: Callable[[], None]) -> Callable[[], None]:
    """Return the function with room on the stack for what it calls, as requests have: config/stack.py."""

    def function_with_room() -> None:
        function()

    function_with_room.__code__ = function_with_room.__code__.replace(co_stacksize=SLOTS)
    return function_with_room


def pytest_collection_finish(session: pytest.Session) -> None:
    """Let tests run as requests do: what is loaded is exempt from garbage collection, and there is room on the stack.

    Every collection would look through the objects of ten thousand tests and of all modules again.
    """
    for item in session.items:
        item.setup = with_room(item.setup)  # type: ignore[method-assign]
        if isinstance(item, pytest.Function):
            item.runtest = with_room(item.runtest)  # type: ignore[method-assign]
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file as `manage.py migrate` makes it, for tests that serve a copy of it: migrating takes many seconds."""
    folder = tmp_path_factory.mktemp("migrated")
    environment = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": "", "HASHED_STATIC": "0"}
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=settings.BASE_DIR, env=environment, check=True)
    return folder / DATABASE_FILE


@pytest.fixture(autouse=True)
def no_names_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test read the names itself: a process that knows some asks more, and it does after tests that commit."""
    monkeypatch.setattr("desk.name_index._indexes", {})


@pytest.fixture(scope="session")
def numbers_of_queries(request: pytest.FixtureRequest) -> Iterator[Numbers]:
    """Read the numbers of queries; write them at the end if that is asked for and no test failed."""
    numbers = Numbers(writes=request.config.getoption("--write-queries"))
    yield numbers
    if numbers.writes and not request.session.testsfailed:
        numbers.save(of_all_tests=request.config.args_source is pytest.Config.ArgsSource.TESTPATHS)


@pytest.fixture
def queries(numbers_of_queries: Numbers) -> Queries:
    """Compare how many queries a page, a list or an answer costs with tests/queries.json."""
    return Queries(numbers_of_queries)
