"""Of the translations of a row each is undone by itself, and a text that goes back leaves those of the newer text behind."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from base.records.change_sets import ChangeSet, change_set
from base.records.revert_planning import plan_revert
from base.records.reverting import CannotRevert, revert
from base.records.row_changes import LineKey
from directory.models import Affiliation
from tests import factories as make

pytestmark = pytest.mark.django_db
THEN = {"th": {"role": "กัปตันเรือ"}, "vi": {"role": "thuyền trưởng"}}
NOW = {"th": {"role": "นักบิน"}, "vi": {"role": "phi công"}}


@pytest.fixture
def position() -> Affiliation:
    with change_set():
        return make.make_affiliation(
            make.make_person(),
            make.make_organization(),
            role="captain",
            translations=THEN,
            passages=[make.make_passage()],
        )


def change(position: Affiliation, **values: Any) -> ChangeSet:
    """Change a position, and return the act."""
    with change_set() as act:
        for name, value in values.items():
            setattr(position, name, value)
        position.save()
        return act.row()


def line(position: Affiliation, column: str) -> LineKey:
    return LineKey("directory.Affiliation", position.pk, column)


def test_each_translation_is_a_line_of_its_own(position: Affiliation, admin_client: Client) -> None:
    act = change(position, translations=NOW)
    page = reverse("admin:change_set", args=[act.pk])
    thai = str(line(position, "translations.th.role"))
    assert f"?line={thai}".replace(":", "%3A") in admin_client.get(page).text
    alone = admin_client.get(page, {"line": thai})
    assert "in Thai" in alone.text
    assert "in Vietnamese" not in alone.text
    assert admin_client.post(page, {"line": thai, "reason": "The old word."}).status_code == 302
    position.refresh_from_db()
    assert position.translations == {"th": THEN["th"], "vi": NOW["vi"]}
    revert(act)
    position.refresh_from_db()
    assert position.translations == THEN


def test_a_translation_that_came_goes_and_one_that_went_comes_back(position: Affiliation) -> None:
    act = change(position, note="", translations={"th": THEN["th"]})
    revert(act, only=[line(position, "translations.vi.role")])
    position.refresh_from_db()
    assert position.translations == THEN
    revert(change(position, translations={}))
    position.refresh_from_db()
    assert position.translations == THEN


def test_what_became_another_since_is_in_the_way_of_itself_alone(position: Affiliation) -> None:
    act = change(position, translations=NOW)
    newer = {**NOW, "th": {"role": "กัปตัน"}}
    change(position, translations=newer)
    (conflict,) = plan_revert(act).conflicts
    assert conflict.key == line(position, "translations.th.role")
    assert conflict.sentence.endswith("in Thai: it was changed again since.")
    with pytest.raises(CannotRevert):
        revert(act)
    revert(act, keep=[conflict.key])
    position.refresh_from_db()
    assert position.translations == {"th": newer["th"], "vi": THEN["vi"]}


def test_a_text_that_goes_back_leaves_translations_of_the_newer_one_behind(position: Affiliation) -> None:
    act = change(position, role="pilot", translations={**NOW, "vi": THEN["vi"]})
    revert(act, only=[line(position, "role")])
    position.refresh_from_db()
    assert (position.role, position.translations) == ("captain", {"vi": THEN["vi"]})


def test_all_of_it_goes_back_as_it_was(position: Affiliation) -> None:
    act = change(position, role="นักบิน", text_language="th", translations={"en": {"role": "pilot"}})
    revert(act)
    position.refresh_from_db()
    assert (position.role, position.text_language, position.translations) == ("captain", "en", THEN)


def test_the_language_of_a_text_goes_back_without_translations_into_itself(position: Affiliation) -> None:
    act = change(position, text_language="th", translations={"en": {"role": "captain"}})
    revert(act, only=[line(position, "text_language")])
    position.refresh_from_db()
    position.full_clean()
    assert (position.text_language, position.translations) == ("en", {})
