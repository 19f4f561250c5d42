"""What of a document is answered: chosen members, references in full, the language of names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests import factories as make

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


def test_only_the_fields_asked_for_are_answered(ask: Ask) -> None:
    person, topic = make.make_person(passages=[make.make_passage()]), make.make_topic()
    statement = make.make_statement(person, wording="She will.", topics=[topic])
    path = f"statements/{statement.slug}/"
    assert ask(f"{path}?fields=id").json() == {"id": statement.slug}
    assert ask(f"{path}?fields=speaker.name,wordings.text,topics.id,kind").json() == {
        "kind": "reported",
        "speaker": {"name": "Ann Lee"},
        "topics": [{"id": "training"}],
        "wordings": [{"text": "She will."}],
    }
    whole = ask(path).json()
    assert ask(f"{path}?fields=speaker.name,speaker").json() == {"speaker": whole["speaker"]}
    assert ask(f"{path}?fields=reading.text").json() == {"reading": {"text": "She will."}}
    (row,) = ask("people/?fields=names.passages.source.name").json()["results"]
    assert row == {"names": [{"passages": [{"source": {"name": person.names.get().passages.get().source.name}}]}]}


def test_a_reference_is_shown_in_full_if_asked_for(ask: Ask) -> None:
    person, event = make.make_person(), make.make_event()
    other = make.make_person("Bo Lin")
    make.make_affiliation(person, make.make_organization())
    statement = make.make_statement(person, event, about_people=[other, person])
    make.make_participation(person, event)
    whole = {slug: ask(f"people/{slug}/").json() for slug in ("ann-lee", "bo-lin")}
    body = ask(f"statements/{statement.slug}/?expand=speaker,about_people").json()
    assert body["speaker"] == whole["ann-lee"]
    assert body["about_people"] == [whole["ann-lee"], whole["bo-lin"]]
    assert set(body["event"]) == {"id", "url", "name", "name_language"}
    (row,) = ask("events/?expand=participants.person").json()["results"]
    assert row["participants"][0]["person"] == whole["ann-lee"]
    body = ask(f"statements/{statement.slug}/?expand=speaker&fields=id,speaker.affiliations.role").json()
    assert body == {"id": statement.slug, "speaker": {"affiliations": [{"role": "director"}]}}
    (row,) = ask("events/film-workshop/participants/?expand=person&fields=person.labels").json()["results"]
    assert row == {"person": {"labels": {"en": "Ann Lee"}}}


def test_names_and_wordings_follow_the_language_asked_for_and_tell_it(ask: Ask) -> None:
    person = make.make_person("Nguyễn Đặng", "vi", slug="nguyen")
    make.make_name(person, "เหงียน", "th", kind="transliteration")
    statement = make.make_statement(person, wording="She will.")
    make.make_wording(statement, "Cô ấy sẽ làm.", language="vi", nature="translation")
    path = f"statements/{statement.slug}/"
    for query, header, name, language, text in (
        ("", {}, "Nguyễn Đặng", "vi", "She will."),
        ("?lang=th", {}, "เหงียน", "th", "She will."),
        ("?lang=th-TH", {}, "เหงียน", "th", "She will."),
        ("?lang=vi", {}, "Nguyễn Đặng", "vi", "Cô ấy sẽ làm."),
        ("?lang=de", {}, "Nguyễn Đặng", "vi", "She will."),
        ("", {"accept_language": "th-TH,th;q=0.9,en;q=0.8"}, "เหงียน", "th", "She will."),
        ("?lang=vi", {"accept_language": "th"}, "Nguyễn Đặng", "vi", "Cô ấy sẽ làm."),
        ("", {"accept_language": "*"}, "Nguyễn Đặng", "vi", "She will."),
    ):
        body = ask(f"{path}{query}", **header).json()
        assert (body["speaker"]["name"], body["speaker"]["name_language"]) == (name, language), (query, header)
        assert body["reading"]["text"] == text, (query, header)
        record = ask(f"people/nguyen/{query}", **header).json()
        assert (record["name"], record["name_language"]) == (name, language)
