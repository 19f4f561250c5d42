"""Every filter finds what it says and nothing that is not public; facets count what the filters then find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from base.lists.filter_fields import MOST_VALUES
from base.lists.filters import ValueFilter
from config.api import router
from directory.models import InitiativeOrganization, OrganizationLink
from events.models import EventInitiative, EventOrganization, EventPart, Statement
from tests import factories as make
from tests.contract.test_requests import found, refused
from tests.world import add_drafts

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]
FILTERS = {plural: view.filterset_class for plural, view, _name in router.registry}
DOUBT = {"note": "It is doubted."}


# Which records of the first world each filter finds; the other world has the same rows under other names.
CASES = [
    ("people", "organization=film-board-1", "ann-lee-1 ann-lee-2"),
    ("people", "organization=film-board-1&role=archivist", "ann-lee-2"),
    ("people", "organization__in=film-board-2&role__in=director,archivist", "ann-lee-2"),
    ("people", "role=archivis", ""),
    ("people", "position_certainty=stated", "ann-lee-1 ann-lee-2"),
    ("people", "position_certainty__in=disputed,rejected", ""),
    ("people", "event=film-workshop-1", "ann-lee-1 ann-lee-2"),
    ("people", "event=film-workshop-1&event_role=attendee", "ann-lee-2"),
    ("people", "language=th", "ann-lee-1"),
    ("people", "source=article-1&paragraph=1", "ann-lee-1"),
    ("people", "source=article-1&paragraph=2", ""),
    ("people", "wikidata=Q42", "ann-lee-1"),
    ("people", "wikidata__in=Q41,Q42", "ann-lee-1"),
    ("people", "id=ann-lee-2", "ann-lee-2"),
    ("people", "id__in=ann-lee-2,ann-lee-1", "ann-lee-1 ann-lee-2"),
    ("organizations", "kind=company", "film-board-1"),
    ("organizations", "kind__in=company,media", "film-board-1"),
    ("organizations", "person=ann-lee-2", "film-board-1 film-board-2"),
    ("organizations", "initiative=film-fund-1&initiative_role=lead", "film-board-1"),
    ("organizations", "initiative=film-fund-1&initiative_role=partner", ""),
    ("organizations", "event=film-workshop-2&event_role=organizer", "film-board-2"),
    ("organizations", "related=state-1&relation=part_of", "film-board-1"),
    ("organizations", "related=film-board-1", ""),
    ("organizations", "wikidata=Q43", "film-board-1"),
    ("organizations", "source=article-2&paragraph=2", "film-board-2 state-2"),
    ("organizations", "language=vi", ""),
    ("initiatives", "organization=film-board-1&role=lead", "film-fund-1"),
    ("initiatives", "event=film-workshop-1&event_role=launched", "film-fund-1"),
    ("initiatives", "part_of=film-plan-2", "film-fund-2"),
    ("initiatives", "language=en&source=article-1&paragraph=3", "film-fund-1 film-plan-1"),
    ("events", "participant=ann-lee-2", "film-workshop-1 film-workshop-2"),
    ("events", "participant=ann-lee-2&role=speaker", "film-workshop-2"),
    ("events", "participant__in=ann-lee-1,ann-lee-2&role__in=attendee", "film-workshop-1"),
    ("events", "organization=film-board-1&organization_role=organizer", "film-workshop-1"),
    ("events", "initiative=film-fund-1&initiative_role=launched", "film-workshop-1"),
    ("events", "part_of=film-year-1", "film-workshop-1"),
    ("events", "place=Cambridge&kind=workshop&certainty=disputed", "film-workshop-1"),
    ("events", "after=2025-12-31&before=2025-01-01", "film-workshop-1 film-workshop-2"),
    ("events", "after=2026-01-01", ""),
    ("events", "source=article-1&paragraph=4&language=en", "film-workshop-1"),
    ("sources", "kind=transcript&language=th&translated_from=vi&publisher=Daily&author=Ann", "article-1"),
    ("sources", "after=2025-03-31&before=2025-03-01", "article-1"),
    ("sources", "kind__in=transcript,article&language__in=en", "article-2 an-article"),
    ("topics", "id__in=training-2", "training-2"),
    ("topics", "language__in=en,th", "training-1 training-2"),
    ("statements", "speaker__in=ann-lee-1", "1"),
    ("statements", "organization=state-2", "others"),
    ("statements", "organization__in=film-board-1,state-2", "1 others"),
    ("statements", "speaker_organization=state-2", "others"),
    ("statements", "on_behalf_of=film-board-2", "2"),
    ("statements", "role_at_time=film director", "1"),
    ("statements", "role_at_time=film", ""),
    ("statements", "event__in=film-workshop-1,film-workshop-2", "1 2"),
    ("statements", "initiative=film-fund-1&topic=training-1", "1"),
    ("statements", "topic__in=training-1,training-2", "1 2"),
    ("statements", "about=ann-lee-1", "1"),
    ("statements", "about=film-fund-2", "2"),
    ("statements", "about=organizations/state-1", "1"),
    ("statements", "about__in=state-1,people/ann-lee-2", "1 2"),
    ("statements", "about_person=ann-lee-1&about_organization=state-1", "1"),
    ("statements", "attribution__in=anaphoric", "1"),
    ("statements", "certainty__in=inferred,disputed", "others"),
    ("statements", "kind=direct", "1 2"),
    ("statements", "language=vi&nature=translation", "1 2"),
    ("statements", "language=vi&nature=verbatim", ""),
    ("statements", "nature__in=paraphrase", "others"),
    ("statements", "proven=true", "1 2"),
    ("statements", "proven=false", "others"),
    ("statements", "source=article-1&paragraph=1", "1"),
    ("statements", "source=article-1&paragraph__in=2,3", ""),
    ("statements", "after=2024-05-01", "1 2"),
    ("statements", "after=2024-05-02", "2"),
    ("statements", "before=2024-05-01", "1 others"),
    ("statements", "after=0001-01-01", "1 2 others"),
]


@pytest.fixture
def expected(world: dict[str, Any]) -> Callable[[str], set[str]]:
    """Return a function that turns the names of a case into ids."""

    def ids(names: str) -> set[str]:
        short = {"1": world["statement"].slug}
        short["2"] = Statement.objects.get(speaker__slug="ann-lee-2").slug
        short["others"] = Statement.objects.get(speaker__isnull=True).slug
        return {short.get(name, name) for name in names.split()}

    return ids


def test_every_filter_finds_what_it_says(ask: Ask, expected: Callable[[str], set[str]]) -> None:
    wrong = {}
    for plural, query, names in CASES:
        got = found(ask(f"{plural}/?{query.replace(' ', '%20')}"))
        if sorted(got) != sorted(expected(names)):
            wrong[f"{plural}/?{query}"] = got
    assert wrong == {}


def test_every_filter_has_a_case() -> None:
    used = {
        (plural, part.partition("=")[0].removesuffix("__in")) for plural, query, _ in CASES for part in query.split("&")
    }
    every = {
        (plural, name) for plural, filters in FILTERS.items() for name in filters.base_filters if "__in" not in name
    }
    shared = {"q", "id", "ordering", "updated_since", "updated_before"}
    elsewhere = {("statements", "speaker_label")}
    assert {(plural, name) for plural, name in every - used - elsewhere if name not in shared} == set()


@pytest.mark.slow
def test_what_is_not_public_is_found_by_no_filter(ask: Ask, world: dict[str, Any], client: Client) -> None:
    queries = [(plural, query.replace(" ", "%20")) for plural, query, _names in CASES]
    queries += [(plural, f"facets={','.join(names[:10])}") for plural, names in _facets().items()]
    queries += [(plural, f"facets={','.join(names[10:])}") for plural, names in _facets().items() if names[10:]]
    queries += [("people", "role=hidden%20role"), ("people", "language=en"), ("statements", "language=th")]

    def results() -> list[Any]:
        return [
            {"ids": found(answer), "facets": answer.json().get("facets")}
            for answer in (ask(f"{plural}/?{query}&page_size=200") for plural, query in queries)
        ]

    before = results()
    hidden_rows = add_drafts(world)
    assert results() == before
    for plural, filters in FILTERS.items():
        for name, used in filters.base_filters.items():
            for model in (
                getattr(used.single or used, "extra", {}).get("models", ()) if isinstance(used, ValueFilter) else ()
            ):
                hidden = next(row.slug for row in hidden_rows if isinstance(row, model))
                (problem,) = refused(ask(f"{plural}/?{name}={hidden}"))["errors"]
                assert problem["detail"] == f"There is no “{hidden}” here."


def _facets() -> dict[str, list[str]]:
    return {plural: filters.facet_names() for plural, filters in FILTERS.items()}


def test_a_rejected_link_finds_nothing(ask: Ask) -> None:
    person, board, fund = make.make_person(), make.make_organization(), make.make_initiative()
    event, series = make.make_event(), make.make_event("Series")
    rejected = {"certainty": "rejected", **DOUBT}
    make.make_affiliation(person, board, **rejected)
    make.make_participation(person, event, **rejected)
    make.make_name(person, "แอน", "th", **rejected)
    OrganizationLink.objects.create(organization=board, role="part_of", related=make.make_organization("B"), **rejected)
    InitiativeOrganization.objects.create(initiative=fund, organization=board, role="lead", **rejected)
    EventOrganization.objects.create(event=event, organization=board, role="host", **rejected)
    EventInitiative.objects.create(event=event, initiative=fund, role="launched", **rejected)
    EventPart.objects.create(event=event, parent=series, **rejected)
    for address in (
        "people/?organization=film-board",
        "people/?role=director",
        "people/?event=film-workshop",
        "people/?language=th",
        "organizations/?person=ann-lee",
        "organizations/?related=b",
        "organizations/?initiative_role=lead",
        "initiatives/?organization=film-board",
        "initiatives/?event=film-workshop",
        "events/?participant=ann-lee",
        "events/?role=speaker",
        "events/?organization_role=host",
        "events/?initiative=film-fund",
        "events/?part_of=series",
    ):
        assert found(ask(address)) == [], address
    assert all(not lines for lines in ask("people/?facets=organization,role,event").json()["facets"].values())


def test_a_former_id_stands_for_the_record_it_leads_to(ask: Ask) -> None:
    left, first, second = make.make_person(), make.make_person("A. Lee"), make.make_person("Anne Lee")
    statement = make.make_statement(left, about_people=[left])
    make.make_statement()
    for double, into in ((first, second), (second, left)):
        double.status, double.merged_into = "withdrawn", into
        double.save()
    left.slug = "ann"
    left.save()
    for former in ("ann", "ann-lee", "a-lee", "anne-lee"):
        for query in (f"speaker={former}", f"speaker__in={former}", f"about={former}", f"about__in={former}"):
            assert found(ask(f"statements/?{query}")) == [statement.slug], query
        assert found(ask(f"people/?id={former}")) == ["ann"]
    assert found(ask("people/?id__in=ann-lee,a-lee,anne-lee,ann")) == ["ann"]


def test_a_withdrawn_record_and_the_end_of_a_ring_are_nothing(ask: Ask) -> None:
    make.make_person(status="withdrawn")
    one, two = make.make_person("One"), make.make_person("Two")
    one.status, one.merged_into = "withdrawn", two
    one.save()
    two.status, two.merged_into = "withdrawn", one
    two.save()
    for gone in ("ann-lee", "one", "two"):
        refused(ask(f"people/?id={gone}"))
        refused(ask(f"statements/?speaker__in={gone}"))


def test_the_cost_of_a_list_of_ids_does_not_grow(ask: Ask) -> None:
    def cost(number: int) -> int:
        ids = ",".join(f"person-{n}" for n in range(number))
        with CaptureQueriesContext(connection) as captured:
            assert len(found(ask(f"people/?id__in={ids}&page_size=200"))) == number
        return len(captured)

    for number in range(MOST_VALUES):
        make.make_person(f"Person {number}")
    assert cost(1) == cost(MOST_VALUES)
    (fault,) = refused(ask("people/?id__in=" + ",".join(f"person-{n}" for n in range(MOST_VALUES + 1))))["errors"]
    assert fault["detail"] == "At most 100 values are taken at once."


@pytest.mark.parametrize(
    ("address", "detail"),
    [
        ("people/?id__in=a,,b", "Something is missing beside a comma."),
        ("people/?id__in=,", "Something is missing beside a comma."),
        ("people/?id__in=a,b", "There is no “a”, “b” here."),
        ("people/?id=a,b", "There is no “a,b” here."),
        ("people/?wikidata=42", "A Wikidata id looks like Q42."),
        ("people/?wikidata__in=Q1,x", "A Wikidata id looks like Q42."),
        ("people/?language=t", "A language is a BCP 47 tag: th, vi, en …"),
        ("people/?language__in=th,%00", "A language is a BCP 47 tag"),
        ("people/?role=%00", "Null characters are not allowed."),
        ("statements/?about=people/film-board", "There is no “people/film-board” here."),
        ("statements/?about=/ann-lee", "There is no “/ann-lee” here."),
        ("statements/?about__in=ann-lee,%0A", "Something is missing beside a comma."),
        ("statements/?about=%00", "There is no “\0” here."),
        ("statements/?paragraph__in=1,1.5", "Enter a whole number."),
        ("statements/?paragraph__in=1,0", "Ensure this value is greater than or equal to 1."),
        ("statements/?paragraph__in=" + "9" * 5000, "Enter a whole number."),
        ("statements/?proven=True", "Select a valid choice. True is not one of the available choices."),
        ("statements/?updated_since=2025-02-30", "Write a day"),
        ("statements/?updated_since=2025-02-03T10:00:00", "Write a day"),
        ("statements/?updated_since=2025-02-03T25:00:00Z", "Write a day"),
        ("statements/?updated_since=2025-02-03T10:00:00+07:00", "Write a day"),
        ("statements/?updated_before=0001-01-01T00:00:00%2B14:00", "Write a day"),
        ("statements/?updated_before=9999-12-31T23:59:59-14:00", "Write a day"),
        ("statements/?updated_before=%D9%A2025-01-01", "Write a day"),
    ],
)
def test_a_wrong_value_says_what_is_wrong(ask: Ask, address: str, detail: str) -> None:
    make.make_person()
    make.make_organization()
    (fault,) = refused(ask(address))["errors"]
    assert fault["detail"].startswith(detail)


def test_a_wrong_value_of_a_list_names_the_nearest(ask: Ask) -> None:
    (fault,) = refused(ask("statements/?kind__in=direct,reportd"))["errors"]
    assert (fault["nearest"], fault["allowed"]) == ("reported", ["direct", "reported", "narrated"])


def test_what_changed_since_and_before(ask: Ask) -> None:
    person = make.make_person()
    moment = ask("people/ann-lee/").json()["updated_at"]
    assert moment.endswith("Z")
    for query, ids in (
        (f"updated_since={moment}", ["ann-lee"]),
        (f"updated_before={moment}", []),
        (f"updated_since={person.updated_at.date()}", ["ann-lee"]),
        (f"updated_before={person.updated_at.date()}", []),
        ("updated_since=2999-01-01", []),
        ("updated_before=2999-01-01T00:00:00%2B07:00", ["ann-lee"]),
        ("updated_since=2020-01-01t00:00:00.123z", ["ann-lee"]),
    ):
        assert found(ask(f"people/?{query}")) == ids, query


def test_an_open_end_lies_behind_every_day(ask: Ask) -> None:
    make.make_event("Open", date="2025/..")
    make.make_event("Undated")
    assert found(ask("events/?after=2999-01-01")) == ["open"]
    assert found(ask("events/?before=2025-01-01")) == ["open"]
    assert found(ask("events/?before=2024-12-31")) == []


def test_the_group_that_speaks(ask: Ask) -> None:
    statement = make.make_statement(speaker_label="experts")
    make.make_statement()
    assert found(ask("statements/?speaker_label=experts")) == [statement.slug]


def test_pages_take_the_filters_too_and_name_them(client: Client, world: dict[str, Any]) -> None:
    response = client.get(
        "/statements/", {"speaker__in": "ann-lee-1,ann-lee-2", "kind__in": "direct", "proven": "true"}
    )
    assert response.status_code == 200
    assert response.context["paginator"].count == 2
    shown = " ".join(response.text.split())
    for chip in ("Speaker: Ann Lee 1, Ann Lee 2 ×", "Kind: direct quote ×", "Words as printed, proven: yes ×"):
        assert chip in shown
    statement = world["statement"].slug
    response = client.get("/statements/", {"id": statement})
    assert f"Id: {statement} ×" in " ".join(response.text.split())
    assert client.get("/people/", {"updated_since": "yesterday"}).status_code == 400


def test_a_list_may_be_written_in_two_ways(ask: Ask, world: dict[str, Any]) -> None:
    for once, twice in (
        ("kind__in=direct,reported", "kind__in=direct&kind__in=reported"),
        ("ordering=-date,position", "ordering=-date&ordering=position"),
        ("facets=kind,topic", "facets=kind&facets=topic"),
        ("fields=id,kind", "fields=id&fields=kind"),
    ):
        whole, parts = ask(f"statements/?{once}").json(), ask(f"statements/?{twice}").json()
        assert parts == whole
    refused(ask("statements/?kind=direct&kind=reported"))
    refused(ask("statements/?kind__in=direct&kind__in="))
