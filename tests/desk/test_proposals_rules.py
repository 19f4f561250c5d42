"""The files of rules: each is whole, each list is used, and a broken file is refused with its key."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from desk.proposals.rules import FOLDER, LANGUAGES, Rules, RulesFault, checked_rules, read_rules

CODE = "".join(path.read_text("utf-8") for path in FOLDER.parent.rglob("*.py") if path.name != "rules.py")
KEYS = [field.name for field in fields(Rules)]


def document() -> dict[str, dict[str, object]]:
    return tomllib.loads((FOLDER / "en.toml").read_text("utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rules_of_each_language_are_sound(language: str) -> None:
    assert read_rules(FOLDER / f"{language}.toml").speech_say


@pytest.mark.parametrize("key", KEYS)
def test_each_list_is_used(key: str) -> None:
    section, _underscore, name = key.partition("_")
    by_kind = section == "speech" and re.search(
        rf'getattr\(rules, f"speech_{{kind}}"\) for kind in \([^)]*"{name}"', CODE
    )
    assert re.search(rf"rules\.{key}\b", CODE) or by_kind


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"speech": None}, r"en\.toml: \[speech\] say is missing"),
        ({"speech.say": "said"}, r"en\.toml: \[speech\] say is no list"),
        ({"speech.say": ["said", 3]}, r"\[speech\] say: 3 is no text"),
        ({"speech.say": ["said", " told"]}, r"\[speech\] say: “ told” is empty, or has blanks"),
        ({"speech.say": ["said", ""]}, r"\[speech\] say: “” is empty"),
        ({"speech.say": ["said", "said"]}, r"\[speech\] say: “said” stands there twice"),
        ({"speech.say": ["x" * 61]}, r"\[speech\] say: “xxx.* has 61 characters"),
        ({"speech.sya": ["said"]}, r"there is no key \[speech\] sya\. Did you mean \[speech\] say\?"),
        ({"colours.red": ["said"]}, r"there is no key \[colours\] red"),
        ({"words": ["said"]}, r"“words” stands outside a section"),
    ],
)
def test_a_broken_file_is_refused_with_its_key(change: dict[str, object], message: str) -> None:
    rules: dict[str, object] = dict(document())
    for place, value in change.items():
        section, _dot, key = place.partition(".")
        if not key and value is None:
            del rules[section]
        elif not key:
            rules[section] = value
        else:
            rules[section] = {**document().get(section, {}), key: value}
    with pytest.raises(RulesFault, match=message):
        checked_rules(rules, "en.toml")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[speech\n", r"xx\.toml: is not TOML"),
        (b"\xff\xfe", r"xx\.toml: is not UTF-8 at byte 0"),
        (None, r"xx\.toml: cannot be read"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "xx.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RulesFault, match=message):
        read_rules(path)
