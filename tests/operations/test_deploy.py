"""What is in deploy/ can be used as it is: units, image, compose file."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    # The programs of the units are not there on this machine: others stand in.
    programs = tmp_path / "programs"
    (programs / ".venv" / "bin").mkdir(parents=True)
    for name in ("python", "gunicorn"):
        shutil.copy(shutil.which("true") or "", programs / ".venv" / "bin" / name)
    units = []
    for unit in UNITS:
        units.append(tmp_path / unit.name)
        units[-1].write_text(unit.read_text().replace("/opt/on-the-record", str(programs)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_units_give_no_more_than_is_needed_and_run_commands_that_exist() -> None:
    services = [unit.read_text() for unit in UNITS if unit.suffix == ".service"]
    assert len(services) == 3
    for text in services:
        for line in (
            "User=ontherecord",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=",
            "UMask=0077",
        ):
            assert f"\n{line}\n" in text
    commands = set(re.findall(r"manage\.py (\w+)", "".join(services)))
    assert commands == {"start", "backup", "clear_expired", "update_changes", "count_quality", "publish_due"}
    for command in commands:
        assert list(ROOT.glob(f"*/management/commands/{command}.py"))


def test_the_image_keeps_the_rules() -> None:
    lines = [line for line in (DEPLOY / "Containerfile").read_text().replace("\\\n", " ").splitlines() if line]
    steps = [line.split(maxsplit=1) for line in lines if not line.startswith("#")]
    names = [name for name, _rest in steps]
    assert names.count("FROM") == names.count("USER") == names.count("WORKDIR") == names.count("HEALTHCHECK") == 1
    assert "ADD" not in names
    (base,) = (rest for name, rest in steps if name == "FROM")
    assert re.fullmatch(r"[a-z]+:\d+(\.\d+)+-[a-z-]+", base)  # pinned, from the usual place
    assert names.index("USER") < names.index("CMD")
    assert "/readyz" in next(rest for name, rest in steps if name == "HEALTHCHECK")
    (pip,) = (rest for rest in (rest for name, rest in steps if name == "RUN") if "pip" in rest)
    assert "--require-hashes" in pip
    assert "apt-get upgrade" not in "".join(lines)
    assert [name for name in files_of_the_image() if not (ROOT / name).exists()] == []
    assert not {"tests", "var", ".git", ".venv"} & set(files_of_the_image())


def files_of_the_image() -> list[str]:
    """Return the files and folders that are copied into the image."""
    return [line[1:] for line in (ROOT / ".containerignore").read_text().splitlines() if line.startswith("!")]


def test_what_the_image_holds_is_enough_to_start(tmp_path: Path) -> None:
    for name in files_of_the_image():
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    environment = {**os.environ, "VAR_DIR": str(tmp_path / "var"), "PYTHONPATH": ""}
    for command in (["check"], ["start", "--help"], ["migrate", "--check"]):
        outcome = subprocess.run(
            [sys.executable, "manage.py", *command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert "Error" not in outcome.stderr, outcome.stderr


def test_the_compose_file_is_whole() -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    compose: dict[str, Any] = yaml.safe_load(text)
    assert set(compose) == {"services", "volumes"}
    services = compose["services"]
    assert set(services) == {"database", "site", "proxy"}
    known = {"image", "build", "restart", "environment", "volumes", "healthcheck", "depends_on", "read_only", "tmpfs"}
    known |= {"cap_drop", "security_opt", "ports"}
    for name, service in services.items():
        assert set(service) <= known
        assert ":latest" not in service["image"]
        assert re.search(r":[\w.-]+$", service["image"])
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            assert source in compose["volumes"] or (DEPLOY / source).exists()
        assert ("ports" in service) == (name == "proxy")  # nobody reaches the others from outside
    assert (DEPLOY / services["site"]["build"]["context"] / services["site"]["build"]["dockerfile"]).exists()
    settings = (ROOT / "docs" / "operating.md").read_text()
    assert [name for name in services["site"]["environment"] if f"`{name}`" not in settings] == []
    assert not re.search(r"^ +\w*(PASSWORD|SECRET_KEY): [^$\s]", text, re.MULTILINE)  # no secret stands in it
