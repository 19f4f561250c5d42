"""The catalogues of Thai and Vietnamese are complete, current and compiled."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.translation import templatize

from base.text.languages import CODES

ROOT = Path(settings.BASE_DIR)
TRANSLATED = [code for code in CODES if code != settings.LANGUAGE_CODE]
Message = tuple[str, str]  # context and text


def catalogue(language: str) -> dict[Message, str]:
    """Return what a .po file says; a fuzzy entry says nothing."""
    found: dict[Message, str] = {}
    path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
    for block in path.read_text().split("\n\n"):
        fields: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            head, _space, rest = line.partition(" ")
            name, text = (name, line) if line.startswith('"') else (head, rest)
            fields[name] = fields.get(name, "") + ast.literal_eval(text)
        fuzzy = re.search(r"^#,.*\bfuzzy\b", block, re.MULTILINE)
        if "msgid" in fields:
            said = "" if fuzzy else fields.get("msgstr", fields.get("msgstr[0]", ""))
            found[fields.get("msgctxt", ""), fields["msgid"]] = said
    return found


LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
IN_TEMPLATES = re.compile(rf"(?<!\w)(n?p?gettext|_)\(\s*({LITERAL})(?:\s*,\s*({LITERAL}))?")
IN_PYTHON = re.compile(r"_|n?p?gettext(?:_lazy|_noop)?")


def messages_of(path: Path) -> set[Message]:
    """Return every message of a template or a module."""
    source = path.read_text()
    if path.suffix != ".py":
        found = set()
        for function, first, second in IN_TEMPLATES.findall(templatize(source, origin=str(path))):
            context = ast.literal_eval(first) if "p" in function.removesuffix("gettext") else ""
            found.add((context, ast.literal_eval(second if context else first)))
        return found
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and IN_PYTHON.fullmatch(node.func.id):
            texts = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            context = "p" in node.func.id.partition("gettext")[0]
            if texts:
                found.add((texts[0], texts[1]) if context else ("", texts[0]))
    return found


def messages() -> dict[Message, str]:
    """Return every message of the program, and a file it stands in."""
    tops = [
        ROOT / top
        for top in (
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
        )
    ]
    files = [path for top in tops for path in top.rglob("*") if path.suffix in (".html", ".txt", ".py")]
    return {message: str(path.relative_to(ROOT)) for path in sorted(files) for message in messages_of(path)}


def test_the_search_for_messages_finds_them(tmp_path: Path) -> None:
    template, module = tmp_path / "page.html", tmp_path / "module.py"
    template.write_text(
        '{% load i18n %}{% translate "One" %}{{ a|default:_("Two") }}'
        "{% blocktranslate count n=n %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}"
        '{% translate "May" context "month" %}'
    )
    module.write_text('_("Three " "four"); pgettext("month", "May"); ngettext_lazy("one", "many", "n"); print("no")')
    assert messages_of(template) == {("", "One"), ("", "Two"), ("", "%(n)s day"), ("month", "May")}
    assert messages_of(module) == {("", "Three four"), ("month", "May"), ("", "one")}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated(language: str) -> None:
    said, wanted = catalogue(language), messages()
    assert len(wanted) > 600
    do = f"Run “make messages”, translate what is empty or fuzzy in locale/{language}/LC_MESSAGES/django.po, and run it again."
    assert {message: file for message, file in wanted.items() if not said.get(message)} == {}, do
    assert [message for message, text in said.items() if not text] == [], do


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_the_places_of_its_message(language: str) -> None:
    places = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}|</?\w+")
    found = {
        text: translation
        for (_context, text), translation in catalogue(language).items()
        if text and sorted(set(places.findall(text))) != sorted(set(places.findall(translation)))
    }
    assert found == {}, f"Keep every placeholder and tag of the message in locale/{language}/LC_MESSAGES/django.po."


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.mo").open("rb") as file:
        compiled: dict[Any, str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    flat = {key[0] if isinstance(key, tuple) else key: text for key, text in compiled.items()}
    written = {
        f"{context}\x04{text}" if context else text: said for (context, text), said in catalogue(language).items()
    }
    do = "The .po file was changed and not compiled: run “make messages”."
    assert {key for key in written if key} == {key for key in flat if key}, do
    assert {key: flat[key] for key in written if key and written[key] != flat[key]} == {}, do
