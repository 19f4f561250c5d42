"""The house rules that no reader sees: imports, migrations, sizes, escaping, and words that can be translated."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
OURS = (
    "accounts",
    "base",
    "config",
    "directory",
    "events",
    "operations",
    "desk",
    "reports",
    "review",
    "templates",
    "static",
    "tests",
    "benchmarks",
    "scripts",
    "docs",
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# Longer than 400 lines, and why.
LONG: dict[str, str] = {}


def files(*endings: str, without: str = "/migrations/") -> list[Path]:
    """Return our own files with these endings."""
    found = [path for top in OURS for path in (ROOT / top).rglob("*") if path.suffix in endings and path.is_file()]
    return sorted(path for path in found if without not in path.as_posix())


def name(path: Path) -> str:
    """Return the path as it is written in the repository."""
    return path.relative_to(ROOT).as_posix()


def test_imports_point_down_only() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\nMove what is shared down, to the lower of the two."


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    said = io.StringIO()
    call_command("makemigrations", check=True, dry_run=True, stdout=said)
    assert said.getvalue() == "No changes detected\n", "Run “manage.py makemigrations” and commit what it writes."


def test_requirements_name_no_registry_and_pin_everything() -> None:
    locks = sorted((ROOT / "requirements").glob("*.txt"))
    assert [path.name for path in locks] == ["base.txt", "bench.txt", "dev.txt", "uv.txt"]
    for path in locks:
        text = path.read_text()
        assert re.findall(r"://|--(?:extra-)?index-url|--find-links|^-[eif]\b", text, re.MULTILINE) == []
        loose = [line for line in text.splitlines() if line[:1].isalnum() and "==" not in line]
        assert loose == []
        assert text.count("==") <= text.count("--hash=sha256:")


def test_no_file_of_ours_is_too_long_to_read() -> None:
    sizes = {name(path): len(path.read_text().splitlines()) for path in files(".py", ".html", ".css", ".js", ".md")}
    assert len(sizes) > 100
    assert {file: lines for file, lines in sizes.items() if lines > 400 and file not in LONG} == {}, (
        "Split these files by what they are about."
    )
    assert [file for file in LONG if sizes[file] <= 400] == [], "These have become short: take them out of LONG above."


def test_every_style_sheet_is_short_and_says_what_it_styles() -> None:
    sheets = {name(path): path.read_text() for path in (ROOT / "static" / "css").glob("*.css")}
    assert len(sheets) > 12
    assert {file: lines for file, text in sheets.items() if (lines := len(text.splitlines())) > 250} == {}
    assert [file for file, text in sheets.items() if not text.startswith("/* ")] == []


def test_every_style_sheet_is_linked() -> None:
    pages = "".join(path.read_text() for path in files(".html", ".py") if not name(path).startswith("tests/"))
    sheets = {path.name for path in (ROOT / "static" / "css").glob("*.css")}
    assert {sheet for sheet in sheets if f"css/{sheet}" not in pages} == set()


def public_names() -> dict[str, list[str]]:
    """Return the public classes and functions that modules of the product define, each with its modules."""
    names: dict[str, list[str]] = {}
    for path in files(".py"):
        if name(path).split("/")[0] not in (
            "accounts",
            "base",
            "desk",
            "directory",
            "events",
            "operations",
            "reports",
            "review",
            "config",
        ):
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_"):
                names.setdefault(node.name, []).append(name(path))
    del names["Command"]  # Django asks for this name in every module of management/commands
    return names


def test_no_public_name_means_two_things() -> None:
    doubles = {word: paths for word, paths in public_names().items() if len(paths) > 1}
    assert doubles == {}, "Give one of each two a name that says what it is for."


# Where text goes to the reader without escaping, and why that is no hole.
UNESCAPED = {
    "base/pages/guides.py": "docs/curation.md, our own, as HTML by markdown-it, which escapes HTML that stands in it",
    "directory/templatetags/record.py": "JSON-LD: what could end the element is escaped by hand; tested with hostile names",
    "templates/api/docs.js": "settings of Swagger UI, written in config/settings.py",
}


def test_nothing_goes_to_a_reader_unescaped() -> None:
    pattern = re.compile(r"\|\s*safe\b|mark_safe|safeseq|autoescape off|html_safe|SafeString\((?!\"\"\))")
    code = [path for path in files(".py", ".html", ".js", ".txt", ".xml") if not name(path).startswith("tests/")]
    assert len(code) > 80
    found = {name(path) for path in code if pattern.search(path.read_text())}
    assert found == set(UNESCAPED), "Let Django escape it: format_html() in code, no |safe in templates."


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_hold_no_inline_script_or_style(path: Path) -> None:
    """The Content-Security-Policy would not run them, so they would be dead on arrival."""
    text = path.read_text()
    do = "Put it into a file in static/."
    assert (
        re.findall(r"<style\b|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\bsrc=)[^>]*>", text, re.I) == []
    ), do
    assert (
        re.findall(r"<(?:script|link|img|iframe|use|form)\b[^>]*\s(?:src|href|action)=\"(?:https?:)?//", text) == []
    ), do


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_can_be_read(path: Path) -> None:
    assert get_template(path.relative_to(ROOT / "templates").as_posix())


# Not translated, and why.
UNTRANSLATED = {
    "templates/500.html": "shown when everything else failed, so it loads nothing",
    "templates/api/docs.html": "the page of the API, which is in English throughout",
}
WORDS_OF_NO_LANGUAGE = {
    "Esc",
    "Ctrl",
    "Shift",
    "Tab",
    "C",
    "JSON",
    "CSV",
    "Atom",
    "OpenAPI",
    "CC",
    "BY",
    "SHA-256",
    "BibTeX",
    "RIS",
    "Feed",
    "CSL-JSON",
    "UTC",
}


def untranslated(template: str) -> list[str]:
    """Return the words of a template that a reader sees or hears and that no translation reaches."""
    text = re.sub(r"{#.*?#}|{% comment.*?endcomment %}", "", template, flags=re.S)
    text = re.sub(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}", "", text, flags=re.S)
    text = re.sub(r"{%.*?%}|{{.*?}}|<(code|pre)\b.*?</\1>|<(\w+)[^>]* lang=\"en\".*?</\2>", "", text, flags=re.S)
    heard = re.findall(r'\s(?:aria-label|placeholder|title|alt)="([^"]*)"', text)
    seen = re.sub(r"\S*/\S*", "", re.sub(r"<!--.*?-->|<[^>]*>", " ", text, flags=re.S))  # addresses are no words
    words = re.findall(r"[^\W\d_][\w-]*", unescape(" ".join([seen, *heard])))
    return [word for word in words if word not in WORDS_OF_NO_LANGUAGE]


@pytest.mark.parametrize("path", [path for path in TEMPLATES if name(path) not in UNTRANSLATED], ids=name)
def test_every_word_of_a_template_can_be_translated(path: Path) -> None:
    assert untranslated(path.read_text()) == [], (
        "Put these words into {% translate %} or {% blocktranslate %} and run “make messages”; names of formats belong into "
        "WORDS_OF_NO_LANGUAGE above."
    )


def test_an_untranslated_word_would_be_noticed() -> None:
    assert untranslated("<p>{% translate 'Yes' %} {{ no }} No</p>") == ["No"]
    assert untranslated('<a title="Help" href="/x/">{% blocktranslate %}Go{% endblocktranslate %}</a>') == ["Help"]
    assert all((ROOT / file).exists() for file in UNTRANSLATED)


def test_templates_say_what_they_need() -> None:
    partials = [path for path in TEMPLATES if path.name.startswith("_")]
    assert len(partials) > 8
    assert [name(path) for path in partials if not re.match(r"{# .+\. #}", path.read_text())] == [], (
        "Begin these with a line {# What it shows, and which variables it needs. #}"
    )


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name(path)
        for path in files(".py")
        if path.read_text().strip() and not re.match(r'(#!.*\n)?"""[^\n]*[^\s]', path.read_text())
    ]
    assert silent == [], "Begin these with a docstring that says what the module is for."


def test_tests_skip_nothing_and_mock_nothing() -> None:
    tests = [path for path in files(".py") if name(path).startswith("tests/") and path != Path(__file__)]
    pattern = re.compile(r"unittest\.mock|pytest\.mark\.(?:skip|xfail)\b|\bpytest\.skip\(|\bxfail\(")
    assert {
        name(path): pattern.findall(path.read_text()) for path in tests if pattern.search(path.read_text())
    } == {}, "Test the real thing: skipif by a property of the database, and monkeypatch for numbers, are all there is."
