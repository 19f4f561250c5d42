"""Figures for Prometheus: off unless there is a token, of all processes together, and of bounded size."""

from __future__ import annotations

import http.client
import re
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from benchmarks.servers import Server
from tests.config.test_settings import manage, run

TOKEN = "a-token-of-tests-0123456789"
PRIVATE = "private-words"


def test_off_costs_nothing_and_is_not_there(client: Client) -> None:
    answer = client.get("/metrics", headers={"authorization": "Bearer "})
    assert answer.status_code == 404


def test_off_loads_neither_prometheus_nor_sentry(tmp_path: Path) -> None:
    code = "import sys, config.wsgi; print([n for n in ('prometheus_client', 'sentry_sdk') if n in sys.modules])"
    assert run(tmp_path, "-c", code, HASHED_STATIC="0").stdout == "[]\n"
    assert not (tmp_path / "metrics").exists()


def asked(server: Server, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """Ask on a new connection; return status, headers and body."""
    line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    line.request(method, path, headers=headers)
    answer = line.getresponse()
    body = answer.read().decode()
    line.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body


def figures(text: str) -> dict[str, float]:
    """Return the figures by name and labels."""
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _blank, value in lines}


@pytest.mark.once
def test_the_figures_of_all_workers_together(migrated_file: Path, tmp_path: Path) -> None:
    shutil.copy(migrated_file, tmp_path)
    environment = {"VAR_DIR": str(tmp_path), "DATABASE_URL": "", "HASHED_STATIC": "0", "METRICS_TOKEN": TOKEN}
    command = [sys.executable, "-m", "gunicorn", "--config", "python:config.gunicorn", "--bind", "127.0.0.1:{port}"]
    stale = tmp_path / "metrics" / "counter_1.db"
    stale.parent.mkdir()
    stale.write_bytes(b"from the run before")
    server = Server(tmp_path / "log", command, **environment, WEB_CONCURRENCY="2")
    try:
        for number in range(12):
            assert asked(server, "/people/")[0] == 200
            assert asked(server, f"/{PRIVATE}-{number}/")[0] == 404
            assert asked(server, f"/people/?q={PRIVATE}{number}", f"ODD{number % 3}")[0] in (403, 405, 501)
        assert asked(server, "/metrics")[0] == 401
        status, headers, body = asked(server, "/metrics", Authorization="Bearer wrong")
        assert (status, headers["www-authenticate"], headers["cache-control"]) == (401, "Bearer", "no-store")
        assert "http_requests" not in body
        status, headers, body = asked(server, "/metrics", Authorization=f"Bearer {TOKEN}")
    finally:
        server.stop()
    assert (status, headers["cache-control"]) == (200, "no-store")
    found = figures(body)
    assert found['http_requests_total{method="GET",status="2xx",view="person-list"}'] == 12
    assert found['http_request_seconds_count{view="person-list"}'] >= 12
    assert sum(value for name, value in found.items() if 'status="4xx"' in name and 'view="none"' in name) >= 12
    assert found['database_queries_total{database="default"}'] > 12
    written = migrated_file.stat().st_mtime  # in whichever test was the first to ask for the file
    assert 0 <= found["content_age_seconds"] < time.time() - written + 600
    names = Counter(re.split(r"[{ ]", name)[0] for name in found)
    assert {"cache_requests_total", "http_requests_total", "http_limited_total"} <= set(names)
    assert PRIVATE not in body
    assert "ODD" not in body
    assert len(list((tmp_path / "metrics").iterdir())) <= 8
    assert not stale.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("METRICS_TOKEN", "short"),
        ("METRICS_TOKEN", "with blanks in between"),
        ("METRICS_TOKEN", "é" * 20),
        ("SENTRY_DSN", "nonsense"),
        ("SENTRY_DSN", "https://sentry.example/1"),
        ("SENTRY_DSN", "https://key@sentry.example/project"),
        ("LOG_FORMAT", "xml"),
        ("ACCESS_LOG", "maybe"),
        ("READY_MIN_FREE_MB", "-1"),
        ("KEEP_CONTACT_DAYS", "soon"),
        ("KEEP_SIGN_IN_DAYS", "1.5"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    done: Any = manage(tmp_path, "check", **{name: value})
    assert done.returncode != 0
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"Setting {name}: ")
    assert value not in line or "TOKEN" not in name
