"""The benchmarks time and import parts of the product by name: they are there."""

from __future__ import annotations

import ast
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks.where import STEPS

ROOT = Path(settings.BASE_DIR)
OURS = ("base", "config", "desk", "directory", "events", "operations", "reports", "review")
FILES = sorted([*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "scripts").glob("*")])


def exists(dotted: str) -> bool:
    """Whether there is a module, or something in a module, of this name."""
    module, _dot, name = dotted.rpartition(".")
    try:
        return hasattr(import_module(module), name) or find_spec(dotted) is not None
    except ModuleNotFoundError:
        owner, _dot, attribute = module.rpartition(".")
        return bool(owner) and hasattr(getattr(import_module(owner), attribute), name)


@pytest.mark.parametrize("name", [name for names in STEPS.values() for name in names])
def test_what_is_timed_is_there(name: str) -> None:
    assert exists(name), "Correct STEPS in benchmarks/where.py."


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_imported_of_the_product_is_there(file: Path) -> None:
    text = file.read_text()
    if file.suffix != ".py" and "python" not in text.partition("\n")[0]:
        return
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom) and not node.level]
    names = [f"{node.module}.{name.name}" for node in imports for name in node.names if name.name != "*"]
    assert [name for name in names if name.partition(".")[0] in OURS and not exists(name)] == []
