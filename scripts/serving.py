"""What `shots` and `measure` share: an address of every page type, and a site of this machine's own to ask for them."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
FLAGS = ["no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking", "disable-sync"]
STATEMENT, WITHDRAWN = "st-1kvhg6", "st-zzzzzz"

PAGES = {
    "home": "/",
    "search": "/search/?q=ฟอง",
    "search-begin": "/search/",
    "search-empty": "/search/?q=zzzz",
    "people": "/people/",
    "people-filtered": "/people/?organization=vfda",
    "person": "/people/ngo-phuong-lan/",
    "person-disputed": "/people/tony-bui/",
    "organizations": "/organizations/",
    "organization": "/organizations/vfda/",
    "initiatives": "/initiatives/",
    "initiative": "/initiatives/aiws-film-park/",
    "events": "/events/",
    "event": "/events/vietnam-us-film-workshop-harvard/",
    "statements": "/statements/",
    "statements-filtered": "/statements/?kind=direct",
    "statements-none": "/statements/?q=zzzz",
    "statement": f"/statements/{STATEMENT}/",
    "sources": "/sources/",
    "source": "/sources/film-workshop/",
    "changes": "/people/tony-bui/changes/",
    "topics": "/topics/",
    "topic": "/topics/culture-and-identity/",
    "network": "/network/",
    "network-focus": "/network/?focus=people/tony-bui",
    "check": "/check/?source=film-workshop",
    "check-statement": f"/check/?statement={STATEMENT}",
    "statement-card": f"/statements/{STATEMENT}/embed/",
    "corrections": "/corrections/",
    "api-guide": "/api-guide/",
    "data": "/data/",
    "quality": "/data/quality/inferred/",
    "report": "/reports/new/?record=/people/tony-bui/",
    "report-which": "/reports/new/",
    "report-state": "/reports/OTR-PPPPPP/",
    "report-open": "/reports/OTR-QQQQQQ/",
    "withdrawn": f"/statements/{WITHDRAWN}/",
    "not-found": "/nothing-here/",
    "bad-filter": "/statements/?topic=nope",
}
TRANSLATED = ("home", "search", "people", "person", "organization", "initiative", "event", "statement", "source")
TRANSLATED += ("statements-filtered", "network", "network-focus", "data", "quality", "report", "report-state")
for _code in ("th", "vi"):
    PAGES |= {f"{name}-{_code}": f"/{_code}{PAGES[name]}" for name in TRANSLATED}


def set_up(var: str) -> None:
    """Set Django up for a database in this directory, which is none of the machine's own."""
    import django

    for name in ("DATABASE_URL", "DEBUG", "HASHED_STATIC"):
        os.environ.pop(name, None)
    os.environ |= {"VAR_DIR": var, "DJANGO_SETTINGS_MODULE": "config.settings", "DJANGO_ALLOW_ASYNC_UNSAFE": "true"}
    sys.path.insert(0, str(ROOT))
    django.setup()


def fill() -> None:
    """Fill the database with the article, a withdrawn statement, and two reports of a problem."""
    from django.core.management import call_command

    with open(os.devnull, "w") as nowhere:
        call_command("start", no_serve=True, stdout=nowhere)

    from events.models import Statement
    from reports.models import Report, State
    from reports.subjects import subject_at

    gone = Statement.objects.create(slug=WITHDRAWN, speaker_label="a delegate", status="published")
    gone.status, gone.withdrawn_reason = "withdrawn", "The passage turned out to be a caption, not speech."
    gone.save()
    for reference, path in (("OTR-PPPPPP", "/people/tony-bui/"), ("OTR-QQQQQQ", f"/statements/{STATEMENT}/")):
        words = "The caption calls him director of a university.\nParagraph 4 says professor, and so should you."
        report = Report(reference=reference, part="role", message=words)
        report.about(subject_at(path))
        report.move_to(State.OPEN)
        if reference == "OTR-PPPPPP":
            report.answer, report.message_is_public = "The reading is marked as disputed now.", True
            report.move_to(State.ACCEPTED, report.answer)


@contextmanager
def served(fill: Callable[[], None] = fill) -> Iterator[str]:
    """Serve the site on a free port of this machine, from a temporary directory that `fill` fills, and stop it again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as var:
        set_up(var)
        fill()
        from django.db import connection

        connection.close()
        command = [sys.executable, str(ROOT / "manage.py"), "start"]
        environment = {**os.environ, "PORT": str(port), "HOST": "127.0.0.1"}
        server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
        site = f"http://127.0.0.1:{port}"
        try:
            for _try in range(240):
                try:
                    urllib.request.urlopen(site, timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.5)
            yield site
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Debian's Chromium, offline, and close it again."""
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=[f"--{flag}" for flag in FLAGS]
        )
        yield browser
        browser.close()


def chosen(parts: list[str]) -> dict[str, str]:
    """Return the pages whose name contains one of these; all of them where none is given."""
    return {name: path for name, path in PAGES.items() if not parts or any(part in name for part in parts)}
