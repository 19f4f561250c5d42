"""The guides for engineers name files, commands and names of the code that are there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
GUIDES = ["docs/architecture.md", "docs/extending.md"]
CODE = (
    "accounts",
    "base",
    "config",
    "desk",
    "directory",
    "events",
    "operations",
    "reports",
    "review",
    "templates",
    "tests",
    "scripts",
)
# Names that stand for something made up.
MADE_UP = {"medium"}


def quoted(guide: str) -> list[str]:
    """Return what a guide quotes as code, outside of blocks, each once."""
    text = re.sub(r"^```.*?^```$", "", (ROOT / guide).read_text(), flags=re.MULTILINE | re.DOTALL)
    return list(dict.fromkeys(re.findall(r"`([^`\n]+)`", text)))


@cache
def code() -> str:
    """Return all of our code as one text, and the names of its files."""
    files = [path for top in CODE for path in (ROOT / top).rglob("*") if path.suffix in (".py", ".html", ".json")]
    return "\n".join([*map(str, files), *[path.read_text() for path in files]])


def is_path(token: str) -> bool:
    """Whether it names a file or a folder of the repository."""
    return bool(re.fullmatch(r"[\w.][\w./*-]*/[\w./*-]*|[\w-]+\.(?:py|md|json|css|js|html|toml)", token))


def is_there(path: str) -> bool:
    """Whether there is such a file or folder; the one or two folders around it may be left out."""
    return any(any(ROOT.glob(around + path.rstrip("/"))) for around in ("", "*/", "*/*/"))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_that_a_guide_names_is_there(guide: str) -> None:
    paths = [token for token in quoted(guide) if is_path(token)]
    assert len(paths) > 30
    missing = [path for path in paths if not is_there(path)]
    assert missing == [], f"{guide} names files that are not there: correct the guide."


@pytest.mark.parametrize("guide", GUIDES)
def test_every_name_that_a_guide_uses_is_in_the_code(guide: str) -> None:
    names = [
        match[1]
        for token in quoted(guide)
        if not is_path(token) and (match := re.match(r"(?:\{% )?([A-Za-z_][A-Za-z0-9_]{2,})(?:\(|\b)", token))
    ]
    assert len(names) > 30
    unknown = [name for name in names if name not in MADE_UP and not re.search(rf"\b{name}\b", code())]
    assert unknown == [], f"{guide} uses names that the code does not have: correct the guide."


@pytest.mark.parametrize("guide", [*GUIDES, "README.md"])
def test_every_command_of_make_that_a_guide_names_is_there(guide: str) -> None:
    targets = re.findall(r"^([a-z][a-z -]*):(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE)
    known = {target for line in targets for target in line.split()}
    named = set(re.findall(r"(?:`|^ +)make ([a-z]+)", (ROOT / guide).read_text(), re.MULTILINE))
    assert named
    assert named - known == set(), "Makefile"


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", path.read_text())
        if not (path.parent / target).exists()
    ]
    assert broken == []


def test_the_guide_for_curators_shows_every_picture_and_describes_it() -> None:
    folder = ROOT / "docs" / "pictures"
    shown = dict(re.findall(r"!\[([^]]*)\]\(pictures/([\w.-]+)\)", (ROOT / "docs" / "curation.md").read_text()))
    made = {path.name: path.stat().st_size for path in folder.iterdir() if path.suffix != ".txt"}
    assert sorted(shown.values()) == sorted(made), "docs/curation.md and docs/pictures: run “make pictures”."
    assert [text for text in shown if len(text) < 20] == []
    assert sum(made.values()) < 1_000_000
    taken = set(re.findall(r'shoot\(\s*"([\w-]+)"', (ROOT / "scripts" / "guide_pictures").read_text()))
    assert {f"{name}.webp" for name in taken} == set(made), "scripts/guide_pictures makes other pictures."
