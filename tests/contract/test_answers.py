"""Golden answers: every field of every kind, byte for byte the same on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from directory.models import InitiativeDescription, InitiativeOrganization, InitiativePart, OrganizationLink
from events.models import EventDescription, EventInitiative, EventOrganization, EventPart
from tests import factories as make
from tests.contract import golden
from tests.contract.conftest import HOST, as_bytes

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
API = f"{HOST}/api/v1"


def same(ask: Ask, plural: str, slug: str, expected: dict[str, Any]) -> None:
    """Check the detail, and that a list shows the same."""
    response = ask(f"{plural}/{slug}/")
    assert response.json() == expected
    assert response.content == as_bytes(expected)
    assert ask(f"{plural}/").json()["results"][0] == expected


def test_person(ask: Ask) -> None:
    printed = make.make_passage(words="Zoë Lee, director of the Film Board")
    person, board = make.make_person("Zoë Lee", passages=[printed], wikidata="Q42"), make.make_organization()
    thai = make.make_name(person, "โซอี้ ลี", "th", kind="transliteration", certainty="inferred", note="Not printed.")
    post = make.make_affiliation(person, board, start="2020", passages=[printed])
    profession = make.make_affiliation(person, role="writer", position=1, certainty="rejected", note="Misread.")
    place = {"start": "", "end": ""}
    expected = {
        **golden.head(person),
        **golden.labels(person, en="Zoë Lee", th="โซอี้ ลี"),
        "wikidata": "Q42",
        "names": [
            golden.name(person.names.get(language="en"), printed),
            golden.name(thai, certainty="inferred", note="Not printed."),
        ],
        "affiliations": [
            {"id": post.uid, "role": "director", **place, "start": "2020", "organization": golden.ref(board)}
            | golden.cited(printed),
            {"id": profession.uid, "role": "writer", **place, "organization": None}
            | golden.cited(certainty="rejected", note="Misread."),
        ],
        "statements_url": f"{API}/statements/?speaker=zoe-lee",
        "events_url": f"{API}/events/?participant=zoe-lee",
        **golden.changed(person),
    }
    same(ask, "people", "zoe-lee", expected)


def test_organization(ask: Ask) -> None:
    printed = make.make_passage()
    board = make.make_organization("A Board", organization_kind="government")
    office, ministry = make.make_organization("Office"), make.make_organization("Ministry")
    person, fund = make.make_person(), make.make_initiative()
    post = make.make_affiliation(person, board, passages=[printed])
    part = make.cite(InitiativeOrganization.objects.create(initiative=fund, organization=board, role="lead"), printed)
    up = make.cite(OrganizationLink.objects.create(organization=board, role="part_of", related=ministry), printed)
    down = make.cite(OrganizationLink.objects.create(organization=office, role="part_of", related=board), printed)
    cite = golden.cited(printed)
    position = {"id": post.uid, "role": "director", "start": "", "end": "", "person": golden.ref(person), **cite}
    expected = {
        **golden.head(board),
        **golden.labels(board, en="A Board"),
        "kind": "government",
        "wikidata": "",
        "names": [golden.name(board.names.get())],
        "people": [position],
        "people_count": 1,
        "people_url": f"{API}/organizations/a-board/people/",
        "initiatives": [{"id": part.uid, "initiative": golden.ref(fund), "role": "lead", **cite}],
        "organizations": [
            {"id": up.uid, "organization": golden.ref(ministry), "role": "part_of", "inverse": False, **cite},
            {"id": down.uid, "organization": golden.ref(office), "role": "part_of", "inverse": True, **cite},
        ],
        "statements_url": f"{API}/statements/?organization=a-board",
        "events_url": f"{API}/events/?organization=a-board",
        **golden.changed(board),
    }
    same(ask, "organizations", "a-board", expected)
    assert ask("organizations/a-board/people/").json()["results"] == [position]


def test_initiative(ask: Ask) -> None:
    printed, board = make.make_passage(), make.make_organization()
    park = make.make_initiative("A Park")
    parent, lab = make.make_initiative("Plan"), make.make_initiative("Laboratory")
    text = make.cite(InitiativeDescription.objects.create(initiative=park, text="A place to film."), printed)
    lead = make.cite(InitiativeOrganization.objects.create(initiative=park, organization=board, role="lead"), printed)
    up = make.cite(InitiativePart.objects.create(initiative=park, parent=parent), printed)
    down = make.cite(InitiativePart.objects.create(initiative=lab, parent=park), printed)
    cite = golden.cited(printed)
    expected = {
        **golden.head(park),
        **golden.labels(park, en="A Park"),
        "names": [golden.name(park.names.get())],
        "descriptions": [{"id": text.uid, "text": "A place to film.", "language": "en", **cite}],
        "organizations": [{"id": lead.uid, "organization": golden.ref(board), "role": "lead", **cite}],
        "part_of": [{"id": up.uid, "initiative": golden.ref(parent), **cite}],
        "parts": [{"id": down.uid, "initiative": golden.ref(lab), **cite}],
        "statements_url": f"{API}/statements/?initiative=a-park",
        "events_url": f"{API}/events/?initiative=a-park",
        **golden.changed(park),
    }
    same(ask, "initiatives", "a-park", expected)


def test_event(ask: Ask) -> None:
    printed, person = make.make_passage(), make.make_person()
    board, fund = make.make_organization(), make.make_initiative()
    event = make.make_event("Workshop", event_kind="workshop", date="2025-03", date_note="Then", place="Hall")
    make.cite(event, printed)
    year, screening = make.make_event("Year"), make.make_event("Screening")
    text = make.cite(EventDescription.objects.create(event=event, text="They met."), printed)
    up = make.cite(EventPart.objects.create(event=event, parent=year), printed)
    down = make.cite(EventPart.objects.create(event=screening, parent=event), printed)
    attended = make.make_participation(person, event, "attendee", passages=[printed])
    spoke = make.make_participation(person, event, "speaker", passages=[printed])
    host = make.cite(EventOrganization.objects.create(event=event, organization=board, role="host"), printed)
    launch = make.cite(EventInitiative.objects.create(event=event, initiative=fund, role="launched"), printed)
    cite = golden.cited(printed)
    participants = [
        {"id": row.uid, "person": golden.ref(person), "role": row.role, **cite} for row in (spoke, attended)
    ]
    expected = {
        **golden.head(event),
        **golden.labels(event, en="Workshop"),
        "short_name": "",
        "kind": "workshop",
        "date": "2025-03",
        "date_earliest": "2025-03-01",
        "date_latest": "2025-03-31",
        "date_note": "Then",
        "place": "Hall",
        "names": [golden.name(event.names.get())],
        "descriptions": [{"id": text.uid, "text": "They met.", "language": "en", **cite}],
        "part_of": [{"id": up.uid, "event": golden.ref(year), **cite}],
        "parts": [{"id": down.uid, "event": golden.ref(screening), **cite}],
        "participants": participants,
        "participants_count": 2,
        "participants_url": f"{API}/events/workshop/participants/",
        "organizations": [{"id": host.uid, "organization": golden.ref(board), "role": "host", **cite}],
        "initiatives": [{"id": launch.uid, "initiative": golden.ref(fund), "role": "launched", **cite}],
        "statements_url": f"{API}/statements/?event=workshop",
        **cite,
        **golden.changed(event),
    }
    same(ask, "events", "workshop", expected)
    assert ask("events/workshop/participants/").json()["results"] == participants


def test_statement(ask: Ask) -> None:
    person, about = make.make_person(), make.make_person("Bo Lin")
    board, event = make.make_organization(), make.make_event(date="2025-03-14")
    fund, topic = make.make_initiative(), make.make_topic()
    printed = make.make_passage(words="เราจะสร้างหนัง")
    statement = make.make_statement(
        person,
        event,
        "เราจะสร้างหนัง",
        nature="verbatim",
        language="th",
        passages=[printed],
        attribution="anaphoric",
        attribution_text="she",
        role_at_time="director",
        on_behalf_of=board,
        certainty="disputed",
        note="Another paragraph differs.",
        initiatives=[fund],
        topics=[topic],
        about_people=[about],
        about_organizations=[board],
    )
    make.make_wording(statement, "She will make films.")
    make.make_wording(statement, "We will make films.", nature="translation", by="A. Translator")
    same_claim, contrary = make.make_statement(), make.make_statement()
    told = make.make_statement_relation(statement, same_claim, passages=[printed], certainty="stated")
    denied = make.make_statement_relation(contrary, statement, "contradicts", certainty="disputed", note="She may.")
    expected = {
        **golden.head(statement),
        "kind": "direct",
        "attribution": "anaphoric",
        "attribution_text": "she",
        "speaker": golden.ref(person),
        "speaker_organization": None,
        "speaker_label": "",
        "role_at_time": "director",
        "on_behalf_of": golden.ref(board),
        "event": golden.ref(event),
        "date": "2025-03-14",
        "initiatives": [golden.ref(fund)],
        "topics": [golden.ref(topic)],
        "about_people": [golden.ref(about)],
        "about_organizations": [golden.ref(board)],
        "reading": {
            "language": "en",
            "nature": "paraphrase",
            "text": "She will make films.",
            "proven": False,
            "by": "",
            "segments": [],
        },
        "wordings": [
            {"language": "th", "nature": "verbatim", "text": "เราจะสร้างหนัง", "proven": True, "by": ""}
            | {"segments": [golden.segment(printed, "เราจะสร้างหนัง")]},
            {"language": "en", "nature": "translation", "text": "We will make films.", "proven": False}
            | {"by": "A. Translator", "segments": []},
            {"language": "en", "nature": "paraphrase", "text": "She will make films.", "proven": False, "by": ""}
            | {"segments": []},
        ],
        "relations": [
            {"id": told.uid, "statement": golden.place(same_claim), "kind": "same_claim", **golden.cited(printed)},
            {"id": denied.uid, "statement": golden.place(contrary), "kind": "contradicts"}
            | golden.cited(certainty="disputed", note="She may."),
        ],
        **golden.cited(printed, certainty="disputed", note="Another paragraph differs."),
        **golden.changed(statement),
    }
    same(ask, "statements", statement.slug, expected)


def test_statement_of_a_group_without_event(ask: Ask) -> None:
    statement = make.make_statement(speaker_label="delegates", date="2024~")
    answer = ask(f"statements/{statement.slug}/").json()
    assert [answer[key] for key in ("speaker", "speaker_label", "on_behalf_of", "event", "date")] == [
        None,
        "delegates",
        None,
        None,
        "2024~",
    ]


def test_source(ask: Ask) -> None:
    source = make.make_source(
        "News",
        text="One.\nสอง\n",
        language="th",
        translated_from="vi",
        publisher="Paper",
        author="A. Writer",
        date="2025",
        url="https://example.org/news",
        licence="CC BY 4.0",
        note="Scanned.",
        title_supplied=True,
    )
    expected = {
        **golden.head(source),
        **golden.labels(source, en="News"),
        "kind": "article",
        "title": "News",
        "short_title": "",
        "title_language": "en",
        "title_supplied": True,
        "language": "th",
        "translated_from": "vi",
        "publisher": "Paper",
        "author": "A. Writer",
        "date": "2025",
        "date_earliest": "2025-01-01",
        "date_latest": "2025-12-31",
        "original_url": "https://example.org/news",
        "licence": "CC BY 4.0",
        "sha256": source.sha256,
        "length": 9,
        "paragraphs": [[0, 4], [5, 3]],
        "text_is_public": False,
        "compared_on": None,
        "passages_url": f"{API}/sources/news/passages/",
        "statements_url": f"{API}/statements/?source=news",
        "note": "Scanned.",
        **golden.texts(),
        **golden.changed(source),
    }
    same(ask, "sources", "news", expected)
    second, first = make.make_passage(source, "สอง"), make.make_passage(source, "One.")
    assert ask("sources/news/passages/").json()["results"] == [golden.passage(first), golden.passage(second)]


def test_topic(ask: Ask) -> None:
    topic = make.make_topic()
    latin = make.make_name(topic, "Đào tạo", "vi", kind="translation")
    thai = make.make_name(topic, "การฝึกอบรม", "th", kind="translation")
    expected = {
        **golden.head(topic),
        **golden.labels(topic, en="Training", th="การฝึกอบรม", vi="Đào tạo"),
        "names": [golden.name(topic.names.get(language="en")), golden.name(latin), golden.name(thai)],
        "statements_url": f"{API}/statements/?topic=training",
        **golden.changed(topic),
    }
    same(ask, "topics", "training", expected)


def test_every_address_in_an_answer_leads_somewhere(ask: Ask) -> None:
    person, event = make.make_person(), make.make_event()
    make.make_participation(person, event)
    make.make_statement(person, event, topics=[make.make_topic()], on_behalf_of=make.make_organization())
    make.make_initiative()
    seen: set[str] = set()

    def follow(value: Any) -> None:
        for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else []:
            follow(part)
        if isinstance(value, str) and value.startswith(API) and value not in seen and "{{" not in value:
            seen.add(value)
            response = ask(value)
            assert response.status_code == 200, value
            if response["Content-Type"] == "application/json" and "openapi" not in value:
                follow(response.json())

    follow(ask("").json())
    assert len(seen) > 25


def test_the_root_lists_the_endpoints(ask: Ask) -> None:
    plurals = ["events", "people", "organizations", "initiatives", "statements", "sources", "topics"]
    described = {"openapi": f"{API}/openapi.json", "openapi_yaml": f"{API}/openapi.yaml", "docs": f"{API}/docs/"}
    others = {name: f"{API}/{name}/" for name in ("changes", "redirects", "export", "reconcile")}
    assert ask("").json() == {plural: f"{API}/{plural}/" for plural in plurals} | others | described
