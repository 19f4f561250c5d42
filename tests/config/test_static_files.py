"""Static files that were not collected: a check names them, the log too, and readers get their page."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import storage
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.test import Client

from operations.static_files import HashedStaticStorage, static_files_are_collected
from tests.config.test_settings import manage

pytestmark = pytest.mark.once


def check(var: Path) -> tuple[int, str]:
    """Return how the check before a deployment ends, and what it says."""
    done = manage(var, "check", "--deploy")
    return done.returncode, done.stderr


def test_the_check_names_what_was_not_collected_and_the_start_collects_it(tmp_path: Path) -> None:
    status, text = check(tmp_path)
    assert (status, "operations.E001" in text, "manage.py collectstatic" in text) == (1, True, True)
    assert manage(tmp_path, "start", "--no-serve").returncode == 0
    assert check(tmp_path)[0] == 0
    folder = tmp_path / "static"
    manifest = folder / "staticfiles.json"
    content = manifest.read_text()
    names = json.loads(content)
    name, hashed = next(iter(names["paths"].items()))
    (folder / hashed).rename(folder / "gone")
    status, text = check(tmp_path)
    assert (status, "operations.E002" in text, hashed in text) == (1, True, True)
    (folder / "gone").rename(folder / hashed)
    del names["paths"][name]
    manifest.write_text(json.dumps(names))
    status, text = check(tmp_path)
    assert (status, "operations.E002" in text, name in text) == (1, True, True)
    manifest.write_text(content[:100])
    status, text = check(tmp_path)
    assert (status, "operations.E001" in text) == (1, True)
    manifest.unlink()
    assert check(tmp_path)[0] == 1
    assert manage(tmp_path, "start", "--no-serve").returncode == 0
    assert check(tmp_path)[0] == 0
    loaded = manage(tmp_path, "shell", "-c", "import config.wsgi")
    assert (loaded.returncode, "was not collected" in loaded.stderr) == (0, False)


@pytest.mark.django_db
def test_readers_get_their_page_without_what_was_not_collected(
    client: Client, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    files = HashedStaticStorage(location=str(tmp_path), base_url="/static/")
    monkeypatch.setattr(storage.staticfiles_storage, "_wrapped", files)
    answer = client.get("/people/")
    assert answer.status_code == 200
    assert b"/static/" in answer.content
    assert "was not collected" in caplog.text
    assert "manage.py collectstatic" in caplog.text


def test_files_under_their_own_names_need_not_be_collected() -> None:
    assert static_files_are_collected() == []


def test_a_module_has_one_address_whoever_imports_it(tmp_path: Path) -> None:
    """A browser runs a module once an address: under two of them, every key would be heard twice."""
    shutil.copytree(settings.BASE_DIR / "static" / "js", tmp_path / "js")
    source = StaticFilesStorage(location=str(tmp_path), base_url="/static/")
    names = [f"js/{path.name}" for path in (tmp_path / "js").glob("*.js")]
    files = HashedStaticStorage(location=str(tmp_path), base_url="/static/")
    list(files.post_process({name: (source, name) for name in names}))
    collected = {name: files.hashed_files[name] for name in names}
    imported = {
        address
        for name in names
        for address in re.findall(r"from\s*[\"']\./([^\"']+)", (tmp_path / collected[name]).read_text())
    }
    assert len(imported) >= 3
    assert {f"js/{address}" for address in imported} <= set(collected.values())
