"""What curators do with sources, passages and statements."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from base.records.provenance import sha256_of
from directory.models import Passage, Source
from events.models import Event, Participation, Statement, Wording
from tests import factories as make
from tests.curation import change_url, errors, messages, opened, url_of, with_row

pytestmark = pytest.mark.django_db

TEXT = "The hall was full.\n\n“We begin today,” Ann said.\nThe hall was full again.\nน้ำใสไหลเย็น\n"


@pytest.fixture
def source() -> Source:
    return make.make_source("The Hall", text=TEXT)


@pytest.fixture
def statement(source: Source) -> Statement:
    passage = make.make_passage(source, "We begin today,")
    speaker = make.make_person("Ann Lee")
    return make.make_statement(speaker, wording="We begin today,", nature="verbatim", passages=[passage])


def wording(text: str, nature: str, language: str = "en", **values: Any) -> dict[str, Any]:
    return {"text": text, "nature": nature, "language": language, "status": "published", "by": "", **values}


# Statements ---------------------------------------------------------------------------------------------------------------
def test_a_statement_with_a_quote_is_added_and_published_in_one_go(admin_client: Client, source: Source) -> None:
    passage, speaker = make.make_passage(source, "We begin today,"), make.make_person("Ann Lee")
    url = url_of(Statement, "add")
    data = opened(admin_client, url) | {"speaker": speaker.pk, "passages": [passage.pk], "statement_kind": "direct"}
    data = with_row(data, "wordings", **wording("We begin today,", "verbatim", passage=passage.pk))
    response = admin_client.post(url, {**data, "_publish": "1"}, follow=True)
    statement = Statement.objects.get()
    assert (statement.status, statement.wordings.get().proven) == ("published", True)
    assert response.redirect_chain[0][0] == change_url(statement)


def test_a_statement_says_everything_that_it_still_needs(admin_client: Client) -> None:
    url = url_of(Statement, "add")
    response = admin_client.post(url, {**opened(admin_client, url), "_publish": "1"}, follow=True)
    assert messages(response)[:3] == [
        "Saved, but not published: Nobody is named as the speaker.",
        "Saved, but not published: No passage is cited.",
        "Saved, but not published: It has no wording.",
    ]
    assert "It has no wording." in response.content.decode()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"speaker": ""}, "speaker"),
        ({"passages": []}, "passages"),
        ({"wordings-0-DELETE": "on"}, "wordings"),
        ({"wordings-0-status": "draft"}, "wordings"),
        ({"wordings-0-text": "We began today,"}, "wordings-0-text"),
        ({"wordings-0-passage": ""}, "wordings-0-passage"),
        ({"certainty": "inferred"}, "note"),
    ],
)
def test_a_published_statement_stays_whole(
    admin_client: Client, statement: Statement, change: dict[str, Any], place: str
) -> None:
    data = {**opened(admin_client, change_url(statement)), "role_at_time": "mayor", **change}
    response = admin_client.post(change_url(statement), data)
    assert list(errors(response)) == [place]
    assert 'value="mayor"' in response.content.decode(), "what was typed stays in the form"
    statement.refresh_from_db()
    assert (statement.role_at_time, statement.publish_problems()) == ("", [])


def test_a_person_and_an_organization_do_not_both_speak(admin_client: Client, statement: Statement) -> None:
    body = make.make_organization()
    data = {**opened(admin_client, change_url(statement)), "speaker_organization": body.pk}
    assert list(errors(admin_client.post(change_url(statement), data))) == ["speaker_organization"]


def test_the_speaker_may_be_exchanged(admin_client: Client, statement: Statement) -> None:
    data = {**opened(admin_client, change_url(statement)), "speaker": "", "speaker_label": "delegates"}
    assert admin_client.post(change_url(statement), data).status_code == 302


def test_a_published_statement_is_not_broken_from_elsewhere(admin_client: Client, statement: Statement) -> None:
    row = statement.wordings.get()
    response = admin_client.post(change_url(row), {**opened(admin_client, change_url(row)), "status": "draft"})
    assert "It has no wording." in errors(response)[""]
    response = admin_client.post(url_of(Wording, "delete", row.pk), {"post": "yes"}, follow=True)
    assert "It has no wording." in messages(response)[0]
    data = {"action": "delete_selected", "_selected_action": [row.passage_id], "post": "yes"}
    response = admin_client.post(url_of(Passage, "changelist"), data, follow=True)
    assert "proves something" in messages(response)[0]
    response = admin_client.post(url_of(Passage, "delete", row.passage_id), {"post": "yes"}, follow=True)
    assert "proves something" in messages(response)[0]
    passage = row.passage
    assert passage is not None
    data = {**opened(admin_client, change_url(passage)), "start": "1", "end": "9", "paragraph": "1"}
    data["sha256"] = sha256_of(TEXT[1:9])
    response = admin_client.post(change_url(passage), data)
    assert any("is not proven by its passage" in reason for reason in errors(response)[""])
    passage.refresh_from_db()
    assert passage.proves("We begin today,")


def test_a_statement_is_withdrawn_whatever_state_it_is_in(admin_client: Client, statement: Statement) -> None:
    data = opened(admin_client, change_url(statement)) | {"withdrawn_reason": "Not hers.", "_withdraw": "1"}
    admin_client.post(change_url(statement), {**data, "speaker": ""})
    statement.refresh_from_db()
    assert statement.status == "withdrawn"


@pytest.mark.parametrize("query", ["BEGIN today", "ann lee", "begin ann"])
def test_a_statement_is_found_by_its_words_and_its_speaker(
    admin_client: Client, statement: Statement, query: str
) -> None:
    make.make_statement(wording="Something else.")
    response = admin_client.get(url_of(Statement, "changelist"), {"q": query})
    assert list(response.context["cl"].queryset) == [statement]


def test_the_list_of_statements_publishes_and_explains(admin_client: Client, statement: Statement) -> None:
    broken = Statement.objects.create(speaker_label="delegates")
    data = {"action": "publish_selected", "_selected_action": [broken.pk]}
    [told] = messages(admin_client.post(url_of(Statement, "changelist"), data, follow=True))
    assert told.endswith("No passage is cited. It has no wording.")


def test_participants_of_an_event_are_linked_and_not_listed(admin_client: Client) -> None:
    event = make.make_event()
    for number in range(3):
        make.make_participation(make.make_person(f"Person {number}"), event)
    page = admin_client.get(change_url(event))
    rows = {row["label"]: row for row in page.context["related_rows"]}
    assert rows["Participations: event"]["count"] == 3
    assert "Person 0" not in page.content.decode()
    assert opened(admin_client, rows["Participations: event"]["add_url"])["event"] == str(event.pk)
    assert url_of(Participation, "add") in page.content.decode()


def test_an_event_keeps_an_unknown_date_unknown(admin_client: Client) -> None:
    event = make.make_event()
    data = opened(admin_client, change_url(event))
    assert list(errors(admin_client.post(change_url(event), {**data, "date": "last week"}))) == ["date"]
    data |= {"date_note": "recently", "certainty": "inferred", "note": "No passage names the day."}
    assert admin_client.post(change_url(event), data).status_code == 302
    assert Event.objects.get().date == ""


# Sources ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("way", ["file", "typed"])
def test_a_source_is_measured_and_its_text_stored(admin_client: Client, way: str) -> None:
    url = url_of(Source, "add")
    data = opened(admin_client, url) | {"title": "The Hall", "language": "en"}
    if way == "file":
        data["text_file"] = SimpleUploadedFile("hall.txt", TEXT.encode())
    else:
        data["text_typed"] = TEXT.replace("\n", "\r\n")
    admin_client.post(url, {**data, "_publish": "1"})
    source = Source.objects.get()
    assert (source.text, source.sha256, source.length) == (TEXT, sha256_of(TEXT), len(TEXT))
    assert source.paragraphs == [[0, 18], [20, 27], [48, 24], [73, 12]]
    assert (source.slug, source.status) == ("the-hall", "published")


def test_a_source_needs_its_text_in_utf_8(admin_client: Client) -> None:
    url = url_of(Source, "add")
    data = opened(admin_client, url) | {"title": "The Hall", "language": "en"}
    assert list(errors(admin_client.post(url, data))) == ["text_file"]
    broken = SimpleUploadedFile("hall.txt", "น้ำ".encode("cp874"))
    assert errors(admin_client.post(url, {**data, "text_file": broken})) == {
        "text_file": [
            "This file is not UTF-8: byte 0 cannot be decoded (0xB9 in line 1). It looks like Windows-874 (Thai). Save it as UTF-8."
        ]
    }


def test_the_text_of_a_source_with_passages_is_not_exchanged(admin_client: Client, statement: Statement) -> None:
    source = statement.passages.get().source
    data = opened(admin_client, change_url(source))
    assert list(errors(admin_client.post(change_url(source), {**data, "text_typed": "Other."}))) == ["text_typed"]
    Source.objects.update(text="")
    assert admin_client.post(change_url(source), {**data, "text_typed": TEXT}).status_code == 302
    source.refresh_from_db()
    assert source.text == TEXT
    assert set(source.passages.values_list("check_state", flat=True)) == {"verified"}


def test_the_page_of_a_source_lists_its_paragraphs(admin_client: Client, statement: Statement) -> None:
    source = statement.passages.get().source
    rows = admin_client.get(change_url(source)).context["paragraphs"]
    assert [(r["number"], r["start"], r["length"], r["passages"]) for r in rows] == [
        (1, 0, 18, 0),
        (2, 20, 27, 1),
        (3, 48, 24, 0),
        (4, 73, 12, 0),
    ]
    long = make.make_source("Long", text="A line.\n" * 300)
    page = admin_client.get(change_url(long))
    assert len(page.context["paragraphs"]) == 200
    assert "The first 200 of 300 paragraphs." in page.content.decode()
    url = f"{url_of(Passage, 'changelist')}?source__id__exact={source.pk}&paragraph=2"
    assert admin_client.get(url).context["cl"].result_count == 1


# Passages -----------------------------------------------------------------------------------------------------------------
def add_passage(client: Client, source: Source, **values: Any) -> Any:
    return client.post(url_of(Passage, "add"), {"source": source.pk, **values})


def test_a_passage_is_found_by_its_words(admin_client: Client, source: Source) -> None:
    assert add_passage(admin_client, source, words="น้ำใส").status_code == 302
    passage = Passage.objects.get()
    assert (passage.paragraph, passage.start, passage.end) == (4, 73, 78)
    assert (passage.sha256, passage.check_state) == (sha256_of("น้ำใส"), "verified")


def test_words_that_stand_nowhere_or_twice_are_explained(admin_client: Client, source: Source) -> None:
    [told] = errors(add_passage(admin_client, source, words="We end today"))["words"]
    assert told.startswith("These words are not in one paragraph of the source.")
    [told] = errors(add_passage(admin_client, source, words="The hall was full"))["words"]
    assert told.startswith("These words stand in 2 places: ¶1 [0–17], ¶3 [48–65].")
    [told] = errors(add_passage(admin_client, source, words="The hall was full", paragraph=2))["words"]
    assert told == "These words do not stand there, but here: ¶1 [0–17], ¶3 [48–65]."
    assert add_passage(admin_client, source, words="The hall was full", paragraph=3).status_code == 302
    assert Passage.objects.get().start == 48


def test_a_passage_is_given_by_start_and_end(admin_client: Client, source: Source) -> None:
    assert add_passage(admin_client, source, start=20, end=47).status_code == 302
    assert (Passage.objects.get().paragraph, Passage.objects.get().sha256) == (2, sha256_of(TEXT[20:47]))
    assert list(errors(add_passage(admin_client, source, start=5, end=30))) == ["end"]
    assert list(errors(add_passage(admin_client, source))) == ["words"]
    assert "already recorded" in errors(add_passage(admin_client, source, start=20, end=47))[""][0]


def test_without_the_text_numbers_and_hash_are_given_by_hand(admin_client: Client, source: Source) -> None:
    Source.objects.update(text="")
    assert list(errors(add_passage(admin_client, source, words="The hall"))) == ["words"]
    assert list(errors(add_passage(admin_client, source))) == ["start"]
    assert list(errors(add_passage(admin_client, source, start=20, end=47))) == ["sha256"]
    assert add_passage(admin_client, source, start=20, end=47, sha256="0" * 64).status_code == 302
    assert Passage.objects.get().check_state == "unverified"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("the-hall 2", ["the-hall.p2.20-47"]),
        ("¶2", ["the-hall.p2.20-47"]),
        ("p2", ["the-hall.p2.20-47"]),
        ("hall p4", ["the-hall.p4.73-78"]),
        ("73", ["the-hall.p4.73-78"]),
        ("20-47", ["the-hall.p2.20-47"]),
        ("the-hall.p4.73-78", ["the-hall.p4.73-78"]),
        ("the-hall ¶2 [20–47]", ["the-hall.p2.20-47"]),
        ("other p2", []),
    ],
)
def test_passages_are_found_as_curators_write_them(
    admin_client: Client, source: Source, query: str, found: list[str]
) -> None:
    add_passage(admin_client, source, start=20, end=47)
    add_passage(admin_client, source, start=73, end=78)
    response = admin_client.get(url_of(Passage, "changelist"), {"q": query})
    assert [passage.uid for passage in response.context["cl"].queryset] == found
    field = {"app_label": "events", "model_name": "wording", "field_name": "passage"}
    answer = admin_client.get("/admin/autocomplete/", {"term": query, **field}).json()
    words = {
        "the-hall.p2.20-47": "the-hall ¶2 [20–47] “We begin today,” Ann said.",
        "the-hall.p4.73-78": "the-hall ¶4 [73–78] น้ำใส",
    }
    assert [row["text"] for row in answer["results"]] == [words[uid] for uid in found]


def test_a_statement_is_chosen_by_its_words(admin_client: Client) -> None:
    statement = make.make_statement(make.make_person("Ann Lee"), wording="The river is low.")
    label = f"Ann Lee: The river is low. ({statement.slug})"
    page = admin_client.get(change_url(statement.wordings.get())).content.decode()
    assert f">{label}</option>" in page
    query = {"app_label": "events", "model_name": "wording", "field_name": "statement", "term": "river"}
    assert admin_client.get("/admin/autocomplete/", query).json()["results"][0]["text"] == label
