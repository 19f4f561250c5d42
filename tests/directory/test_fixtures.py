"""The fixture of the first source: it loads, dumps and loads again the same, and avoids the article's traps."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models, transaction
from pytest_django import DjangoDbBlocker

from base.records.provenance import Certainty
from base.records.publishing import Publishable
from directory.management.commands.dump_fixtures import fixture_models
from directory.models import (
    Affiliation,
    Initiative,
    InitiativeName,
    Organization,
    OrganizationName,
    Passage,
    Person,
    PersonName,
    Source,
    TopicName,
)
from events.models import Event, EventName, EventOrganization, Participation, Statement, Wording

pytestmark = pytest.mark.django_db

FIXTURE = Path(settings.FIXTURE_DIRS[0], "film-workshop.json")
README = FIXTURE.with_name("README.md")


@pytest.fixture(scope="module", autouse=True)
def record(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the fixture once for every test here, and take it back after the last."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", FIXTURE, verbosity=0)
        yield
        transaction.set_rollback(True)


def rows() -> list[dict[str, Any]]:
    """Return the fixture as it stands in the repository."""
    return list(json.loads(FIXTURE.read_text(encoding="utf-8")))


def counts() -> Counter[str]:
    """Return how many rows of each model the fixture has."""
    return Counter(row["model"] for row in rows())


def dumped(tmp_path: Path) -> bytes:
    """Return what the database holds, as dump_fixtures writes it."""
    call_command("dump_fixtures", str(tmp_path / "dump.json"), verbosity=0)
    return (tmp_path / "dump.json").read_bytes()


def every_object() -> Iterator[models.Model]:
    """Yield every row that was loaded."""
    for label in fixture_models():
        yield from apps.get_model(label)._default_manager.all()


def roles(person: str, certainty: str | None = None) -> set[tuple[str | None, str]]:
    """Return (organization, role) of a person's affiliations, all or those of this certainty."""
    found = Affiliation.objects.filter(person__slug=person)
    if certainty:
        found = found.filter(certainty=certainty)
    return set(found.values_list("organization__slug", "role"))


def spellings(person: str) -> set[str]:
    """Return the names of a person that the article prints."""
    return set(PersonName.objects.filter(person__slug=person, passages__isnull=False).values_list("text", flat=True))


def statements(paragraph: int) -> list[Statement]:
    """Return the statements that cite this paragraph, in reading order."""
    found = Statement.objects.filter(passages__paragraph=paragraph).distinct()
    return list(found.order_by("position", "slug"))


@pytest.mark.slow
def test_dump_is_the_file_and_loading_it_again_changes_nothing(tmp_path: Path) -> None:
    assert dumped(tmp_path) == FIXTURE.read_bytes()
    before = [(label, apps.get_model(label)._default_manager.count()) for label in fixture_models()]
    call_command("loaddata", FIXTURE, verbosity=0)
    assert [(label, apps.get_model(label)._default_manager.count()) for label in fixture_models()] == before
    assert dumped(tmp_path) == FIXTURE.read_bytes()


@pytest.mark.slow
def test_dump_loads_into_an_empty_database(tmp_path: Path) -> None:
    dumped(tmp_path)
    for label in reversed(fixture_models()):
        apps.get_model(label)._default_manager.all().delete()
    call_command("loaddata", tmp_path / "dump.json", verbosity=0)
    assert dumped(tmp_path) == FIXTURE.read_bytes()


def test_loading_derives_what_fixtures_leave_out() -> None:
    person = Person.objects.get(slug="dang-hoang-giang")
    assert (person.name, person.name_language) == ("Đặng Hoàng Giang", "vi")
    assert Person.objects.get(slug="tony-bui").labels["en"] == "Tony Bui"
    assert all(wording.proven for wording in Wording.objects.filter(nature="verbatim"))
    assert Statement.objects.filter(position=0).count() == 1


def test_readme_counts_are_the_fixture() -> None:
    table = dict(re.findall(r"^\| `(\w+\.\w+)` \| (\d+) \|", README.read_text(encoding="utf-8"), re.MULTILINE))
    assert {model: int(number) for model, number in table.items()} == counts()


def test_every_row_is_valid_and_nothing_stands_against_publication() -> None:
    for row in every_object():
        row.full_clean()
        if isinstance(row, Publishable) and not isinstance(row, TopicName):  # topics are the editors' words
            assert row.publish_problems() == [], row


def test_everything_is_public() -> None:
    for label in fixture_models():
        model = apps.get_model(label)
        if issubclass(model, Publishable):
            assert model.objects.published().count() == model.objects.count(), label


def test_rows_are_known_by_natural_keys() -> None:
    assert all("pk" not in row for row in rows())


def test_every_passage_is_cited() -> None:
    used = {key[0] for row in rows() for key in row["fields"].get("passages", [])}
    used |= {row["fields"]["passage"][0] for row in rows() if row["fields"].get("passage")}
    assert used == {row["fields"]["uid"] for row in rows() if row["model"] == "directory.passage"}


def test_passages_lie_in_their_paragraphs() -> None:
    source = Source.objects.get()
    assert (source.length, len(source.paragraphs)) == (13059, 50)
    for passage in Passage.objects.all():
        assert source.paragraph_of(passage.start, passage.end) == passage.paragraph
        assert passage.uid == f"film-workshop.p{passage.paragraph}.{passage.start}-{passage.end}"


def test_spellings_are_proven_by_their_passages() -> None:
    for name in PersonName.objects.filter(certainty=Certainty.STATED):
        assert all(passage.proves(name.text) for passage in name.passages.all()), name


def test_people_are_the_twelve_of_the_article() -> None:
    assert set(Person.objects.values_list("slug", flat=True)) == {
        *("angela-perry", "dang-hoang-giang", "mars", "meg-montagnino", "michael-dukakis", "nazli-choucri"),
        *("ngo-phuong-lan", "nguyen-anh-tuan", "nguyen-hoang-nguyen", "thanh-ha", "thomas-patterson", "tony-bui"),
    }


@pytest.mark.parametrize("title", ["กาญ ดง ฮวง", "เบา เกียว โช เด็น ทัง มัวอิ", "Cánh đồng hoang"])
def test_films_are_nobody(title: str) -> None:
    assert not PersonName.objects.filter(text__contains=title).exists()


@pytest.mark.parametrize(
    ("person", "printed"),
    [
        ("dang-hoang-giang", {"Dang Hoang Giang", "ดาง ฮวง เกียง", "ดัง ฮวง ซาง"}),
        (
            "ngo-phuong-lan",
            {
                *("Ngo Phuong Lan", "โง เฟือง ลาน", "โง ฟอง ลาน"),
                *("ดร. โง เฟือง ลาน", "ดร. โง ฟอง ลาน"),
            },
        ),
        ("tony-bui", {"Tony Bui", "โทนี่ บุย", "โทนี บุย", "โทนี่ บูอิ"}),
        ("thanh-ha", {"Thanh Ha", "ถั่น ฮา"}),
        ("nguyen-hoang-nguyen", {"เหงียน ฮวง เหงียน"}),
        ("nguyen-anh-tuan", {"เหงียน อันห์ ตวน"}),
    ],
)
def test_one_person_has_all_their_spellings(person: str, printed: set[str]) -> None:
    assert spellings(person) == printed


def test_company_in_a_surname_is_a_rejected_misprint() -> None:
    name = PersonName.objects.get(text="แองเจลา แคสติ้ง")
    assert (name.person.slug, name.kind, name.certainty) == ("angela-perry", "misprint", "rejected")
    assert name.text not in {text for text, _language in name.person.name_rows()}
    assert name.text in name.person.search_texts()


@pytest.mark.parametrize(
    ("person", "organization", "role", "certainty"),
    [
        ("tony-bui", "columbia-university", "director of the university", "rejected"),
        ("nguyen-hoang-nguyen", "massachusetts-state-government", "film director", "rejected"),
        (
            "michael-dukakis",
            "permanent-mission-of-viet-nam-to-the-united-nations",
            "Deputy Head of the Permanent Mission",
            "rejected",
        ),
        (
            "ngo-phuong-lan",
            "permanent-mission-of-viet-nam-to-the-united-nations",
            "Head of the Permanent Mission",
            "rejected",
        ),
        ("meg-montagnino", "massachusetts-state-government", "film director", "disputed"),
        ("meg-montagnino", "harvard-university", "lecturer", "disputed"),
        ("nazli-choucri", "harvard-university", "lecturer", "disputed"),
    ],
)
def test_doubtful_readings_are_kept_as_such(person: str, organization: str, role: str, certainty: str) -> None:
    row = Affiliation.objects.get(person__slug=person, organization__slug=organization, role=role)
    assert (row.certainty, bool(row.note), row.passages.exists()) == (certainty, True, True)


def test_settled_roles_are_stated() -> None:
    mission = "permanent-mission-of-viet-nam-to-the-united-nations"
    assert roles("dang-hoang-giang") == {(mission, "Ambassador"), (mission, "Head of the Permanent Mission")}
    deputy = {(mission, "Ambassador"), (mission, "Deputy Head of the Permanent Mission")}
    assert roles("nguyen-hoang-nguyen", "stated") == deputy
    assert roles("meg-montagnino", "stated") == {("massachusetts-film-office", "director")}
    assert roles("nazli-choucri", "stated") == {("mit", "professor")}
    assert roles("tony-bui", "stated") == {("columbia-university", "professor"), (None, "film director")}
    assert roles("nguyen-anh-tuan") == {("boston-global-forum", "co-chair"), ("boston-global-forum", "CEO")}


def test_an_academic_title_is_no_role() -> None:
    assert not Affiliation.objects.filter(role__icontains="doctor").exists()
    assert not Statement.objects.filter(role_at_time__icontains="doctor").exists()
    titled = set(Statement.objects.filter(attribution_text__startswith="ดร. ").values_list("slug", flat=True))
    assert titled == {"st-ywgb7w", "st-yt7gr9", "st-qwgfn3", "st-hp0hth", "st-9sh0r8"}
    assert set(Statement.objects.filter(slug__in=titled).values_list("role_at_time", flat=True)) == {""}
    assert roles("ngo-phuong-lan", "stated") == {("vfda", "President")}


def test_workshop_has_no_date_and_the_anniversary_has_its_year() -> None:
    workshop = Event.objects.get(event_kind="workshop")
    assert (workshop.date, bool(workshop.date_note)) == ("", True)
    series = Event.objects.get(event_kind="series")
    assert series.date == "2025"
    assert workshop.parent_links.get().parent == series
    assert not Source.objects.exclude(date="", publisher="", author="").exists()


def test_workshop_has_its_bodies() -> None:
    links = EventOrganization.objects.values_list("organization__slug", "role")
    assert set(links) == {
        ("vfda", "organizer"),
        ("boston-global-forum", "co_organizer"),
        ("permanent-mission-of-viet-nam-to-the-united-nations", "co_organizer"),
        ("harvard-university", "co_organizer"),
        ("harvard-university", "venue"),
    }


def test_only_people_of_the_list_attend() -> None:
    by_role: dict[str, set[str]] = {}
    for slug, role in Participation.objects.values_list("person__slug", "role"):
        by_role.setdefault(role, set()).add(slug)
    assert by_role["opening_speaker"] == {"dang-hoang-giang"}
    assert by_role["moderator"] == {"thomas-patterson"}
    assert not {"mars", "angela-perry", "nguyen-anh-tuan", "thanh-ha"} & by_role["attendee"]
    assert set(
        Participation.objects.filter(role="speaker", certainty="stated").values_list("person__slug", flat=True)
    ) == {"ngo-phuong-lan"}


def test_roles_are_those_of_the_passage() -> None:
    for statement in Statement.objects.exclude(attribution="explicit"):
        assert statement.on_behalf_of is None, statement
        assert statement.role_at_time in {"", "Ambassador"}, statement  # the bare title of ¶9


def test_knowledge_from_outside_says_so() -> None:
    for model in (PersonName, OrganizationName, InitiativeName, EventName):
        for name in model.objects.filter(passages__isnull=True):
            assert (name.certainty, name.note.startswith("Not from the article")) == ("inferred", True), name


def test_one_initiative_has_all_its_names() -> None:
    friends = Initiative.objects.get(slug="friends-of-viet-nam-us-film-collaboration")
    assert len(friends.name_rows()) == 3
    assert friends.part_links.get().initiative.slug == "aiws-film-park"
    park = Initiative.objects.get(slug="aiws-film-park")
    printed = park.names.filter(passages__isnull=False).values_list("text", flat=True)
    assert list(dict.fromkeys(printed)) == ["AIWS Film Park", "AIWS Cinema Park", "AIWS"]
    assert park.names.get(text="AIWS").certainty == "disputed"
    partners = park.organization_links.filter(role="intended_partner").values_list("organization__slug", flat=True)
    assert set(partners) == {"harvard-university", "mit", "ucla"}


def test_a_fund_that_is_only_proposed_is_an_initiative_without_a_name() -> None:
    fund = Initiative.objects.get(slug="production-support-fund")
    shown = {language: fund.names.filter(language=language).first() for language in ("en", "th", "vi")}
    assert {name.certainty for name in shown.values() if name} == {"inferred"}
    assert [name.text for name in fund.names.filter(certainty="stated")] == ["กองทุนสนับสนุนการผลิต"]
    assert "proposed" in fund.name
    assert [row.slug for row in fund.statements.all()] == ["st-j99f7s"]
    link = fund.event_links.get()
    assert (link.event.event_kind, link.role, link.certainty) == ("workshop", "discussed", "inferred")
    assert not fund.organization_links.exists()


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [
        (13, "ngo-phuong-lan"),
        (14, "ngo-phuong-lan"),
        (18, "michael-dukakis"),
        (23, "meg-montagnino"),
        (26, "angela-perry"),
        (48, "nguyen-anh-tuan"),
    ],
)
def test_narration_that_continues_a_speaker_is_marked(paragraph: int, speaker: str) -> None:
    narrated = [row for row in statements(paragraph) if row.statement_kind == "narrated"]
    assert narrated
    for row in narrated:
        assert row.speaker is not None
        assert (row.speaker.slug, row.certainty, bool(row.note)) == (speaker, "inferred", True)
        assert row.attribution != "explicit"


@pytest.mark.parametrize(
    ("paragraph", "speaker"),
    [(9, "dang-hoang-giang"), (24, "meg-montagnino"), (37, "ngo-phuong-lan")],
)
def test_pronouns_and_titles_have_their_antecedents(paragraph: int, speaker: str) -> None:
    found = statements(paragraph)
    assert {(row.speaker.slug, row.attribution) for row in found if row.speaker} == {(speaker, "anaphoric")}
    assert all(row.note for row in found)


@pytest.mark.parametrize(
    ("paragraph", "label"),
    [(1, "Delegates"), (7, "Delegates"), (42, "Delegates"), (43, "Experts")],
)
def test_groups_speak_under_their_label(paragraph: int, label: str) -> None:
    assert label in {row.speaker_label for row in statements(paragraph)}


def test_abbreviation_that_may_mean_two_things_leads_to_both() -> None:
    quote = next(row for row in statements(43) if row.initiatives.exists())
    assert [row.slug for row in quote.initiatives.all()] == ["aiws-film-park"]
    assert [row.slug for row in quote.about_organizations.all()] == ["ai-world-society"]


def test_places_are_no_organizations() -> None:
    names = "\n".join(Organization.objects.values_list("search", flat=True))
    assert not re.search("hollywood|toronto|paris|new york", names)


if "ARTICLE" in os.environ:  # the article is not ours to keep in the repository

    def test_fixture_agrees_with_the_article(capsys: pytest.CaptureFixture[str]) -> None:
        call_command("verify_passages", "film-workshop", text=os.environ["ARTICLE"])
        assert "0 failed" in capsys.readouterr().out

    def test_every_place_where_a_name_is_printed_is_cited() -> None:
        text = Path(os.environ["ARTICLE"]).read_text(encoding="utf-8")
        names = [
            name
            for model in (PersonName, OrganizationName, InitiativeName, EventName)
            for name in model.objects.filter(passages__isnull=False).distinct()
        ]
        cited = {(passage.start, passage.end) for name in names for passage in name.passages.all()}
        for name in names:
            for found in re.finditer(re.escape(name.text), text):
                assert any(start <= found.start() and found.end() <= end for start, end in cited), (name, found)
