"""Public ids: given with the first name, kept for ever, on pages and in the API alike."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from base.records.resolution import Gone, Moved
from directory.models import Initiative, Organization, Person, Source, Topic
from events.models import Event, Statement
from tests import factories as make

pytestmark = pytest.mark.django_db

KINDS = [Person, Organization, Initiative, Topic, Event, Source, Statement]
NAMED = [Person, Organization, Initiative, Topic, Event]


def make_record(kind: type, name: str, **columns: Any) -> Any:
    """Make a record of a kind."""
    maker = {
        Source: lambda title, **more: make.make_source(title, text="Words.", **more),
        Statement: lambda _name, **more: make.make_statement(**more),
    }
    return maker.get(kind, getattr(make, f"make_{kind.kind}", None))(name, **columns)


def rename(record: Any, slug: str) -> None:
    """Give a record another id, as a curator would."""
    fresh = type(record).objects.get(pk=record.pk)
    fresh.slug = slug
    fresh.full_clean()
    fresh.save()


def answers(client: Client, kind: type, slug: str) -> list[tuple[int, str]]:
    """Return (status, address it leads to) of the page and of the API for this id, which must agree."""
    page = client.get(f"/{kind.plural}/{slug}/")
    api = client.get(f"/api/v1/{kind.plural}/{slug}/")
    return [(page.status_code, page.headers.get("Location", "")), (api.status_code, api.headers.get("Location", ""))]


def found(slug: str) -> list[tuple[int, str]]:
    return [(200, ""), (200, "")]


def leads_to(kind: type, slug: str) -> list[tuple[int, str]]:
    return [(301, f"/{kind.plural}/{slug}/"), (308, f"http://testserver/api/v1/{kind.plural}/{slug}/")]


GONE, NOWHERE = [(410, ""), (410, "")], [(404, ""), (404, "")]


@pytest.mark.parametrize("kind", NAMED)
def test_an_id_is_provisional_until_the_first_name(kind: type) -> None:
    record = kind()
    record.save()
    assert record.slug.startswith(f"{kind.kind}-")
    assert record.has_provisional_id
    make.make_name(record, "ชื่อ แรก", "th")
    record.refresh_from_db()
    assert (record.slug, record.has_provisional_id) == ("chue-raek", False)
    make.make_name(record, "A second name")
    record.refresh_from_db()
    assert record.slug == "chue-raek"
    assert record.former_ids.count() == 0


@pytest.mark.parametrize("kind", NAMED)
@pytest.mark.parametrize("word", ["congress", "projects", "workshop", "20251122", "harvard"])
def test_an_id_that_a_curator_chose_is_never_taken_for_a_provisional_one(kind: type, word: str) -> None:
    record = kind(slug=f"{kind.kind}-{word}")
    record.save()
    make.make_name(record, "A name")
    record.refresh_from_db()
    assert record.slug == f"{kind.kind}-{word}"


def test_a_name_that_no_letter_can_stand_for_leaves_the_first_id() -> None:
    person = make.make_person("!!!")
    assert person.slug.startswith("person-")
    before = person.slug
    make.make_name(person, "Ann Lee")
    person.refresh_from_db()
    assert person.slug == before  # it is public, so it stays


def test_a_rejected_or_draft_name_gives_no_id() -> None:
    person = Person()
    person.save()
    make.make_name(person, "Wrong Name", certainty="rejected", note="It is a title.")
    make.make_name(person, "Draft Name", status="draft")
    person.refresh_from_db()
    assert (person.has_provisional_id, person.name, person.labels) == (True, "", {})
    assert person.search.splitlines()[0].strip() == "wrong name"


@pytest.mark.parametrize("kind", KINDS)
def test_a_rename_leaves_a_redirect(client: Client, kind: type) -> None:
    record = make_record(kind, "First")
    old = record.slug
    rename(record, "second")
    assert answers(client, kind, "second") == found("second")
    assert answers(client, kind, old) == leads_to(kind, "second")


@pytest.mark.parametrize("kind", KINDS)
def test_every_id_of_a_chain_of_renames_leads_to_the_last(client: Client, kind: type) -> None:
    record = make_record(kind, "First")
    old = record.slug
    for slug in ("second", "third", "fourth"):
        rename(record, slug)
    for slug in (old, "second", "third"):
        assert answers(client, kind, slug) == leads_to(kind, "fourth")
    rename(record, "second")
    assert answers(client, kind, "second") == found("second")
    for slug in (old, "third", "fourth"):
        assert answers(client, kind, slug) == leads_to(kind, "second")
    assert sorted(record.former_ids.values_list("slug", flat=True)) == sorted([old, "third", "fourth"])


@pytest.mark.parametrize("kind", KINDS)
def test_renaming_a_draft_leaves_nothing(client: Client, kind: type) -> None:
    record = make_record(kind, "First", status="draft")
    old = record.slug
    rename(record, "second")
    assert answers(client, kind, old) == NOWHERE
    assert answers(client, kind, "second") == NOWHERE
    assert record.former_ids.count() == 0


@pytest.mark.parametrize("kind", KINDS)
def test_a_former_id_cannot_be_taken(client: Client, kind: type) -> None:
    record, other = make_record(kind, "First"), make_record(kind, "Other")
    old = record.slug
    rename(record, "second")
    with pytest.raises(ValidationError, match="its old address leads there"):
        rename(other, old)
    with pytest.raises(ValidationError, match="already exists"):
        rename(other, "second")
    assert other.free_slug(old) == f"{old}-2"
    assert answers(client, kind, old) == leads_to(kind, "second")


@pytest.mark.parametrize("kind", NAMED)
def test_a_new_record_of_a_former_name_gets_another_id(client: Client, kind: type) -> None:
    record = make_record(kind, "First")
    rename(record, "second")
    assert make_record(kind, "First").slug == "first-2"
    assert answers(client, kind, "first") == leads_to(kind, "second")


def test_saving_a_name_with_an_old_copy_of_its_record_keeps_the_new_id(client: Client) -> None:
    """Two curators: one renames the record while the other has its page open."""
    person = make.make_person("First")
    stale = person.names.select_related("person").get()
    rename(person, "second")
    stale.text = "First corrected"
    stale.save()
    assert Person.objects.get().slug == "second"
    assert answers(client, Person, "second") == found("second")
    assert answers(client, Person, "first") == leads_to(Person, "second")


@pytest.mark.parametrize("kind", KINDS)
def test_a_merged_record_leads_to_the_other_also_through_renames(client: Client, kind: type) -> None:
    one, two, three = (make_record(kind, name) for name in ("One", "Two", "Three"))
    former = one.slug
    rename(one, "uno")
    for loser, winner in ((one, two), (two, three)):
        loser = kind.objects.get(pk=loser.pk)
        loser.status, loser.merged_into = "withdrawn", winner
        loser.full_clean()
        loser.save()
    for slug in (former, "uno", two.slug):
        assert answers(client, kind, slug) == leads_to(kind, three.slug)
    rename(three, "tres")
    for slug in (former, "uno", two.slug, three.slug):
        assert answers(client, kind, slug) == leads_to(kind, "tres")


@pytest.mark.parametrize("kind", KINDS)
def test_a_withdrawn_record_says_why(client: Client, kind: type) -> None:
    record = make_record(kind, "One", status="withdrawn", withdrawn_reason="It never <b>existed</b>.")
    assert answers(client, kind, record.slug) == GONE
    page = client.get(f"/{kind.plural}/{record.slug}/")
    assert "It never &lt;b&gt;existed&lt;/b&gt;." in page.text
    assert client.get(f"/api/v1/{kind.plural}/{record.slug}/").json()["reason"] == "It never <b>existed</b>."


@pytest.mark.parametrize("kind", KINDS)
def test_a_former_id_of_a_withdrawn_record_is_gone_too(client: Client, kind: type) -> None:
    record = make_record(kind, "One")
    old = record.slug
    rename(record, "uno")
    record = kind.objects.get(pk=record.pk)
    record.status, record.withdrawn_reason = "withdrawn", "A mistake."
    record.save()
    assert answers(client, kind, old) == GONE


@pytest.mark.parametrize("kind", KINDS)
def test_merged_into_what_is_withdrawn_is_gone(client: Client, kind: type) -> None:
    one, two = make_record(kind, "One"), make_record(kind, "Two", status="withdrawn", withdrawn_reason="Both wrong.")
    one.status, one.merged_into = "withdrawn", two
    one.save()
    assert answers(client, kind, one.slug) == GONE
    assert "Both wrong." in client.get(f"/{kind.plural}/{one.slug}/").text


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_public_answers_even_if_it_was_merged_into_a_draft(client: Client, kind: type) -> None:
    one, two = make_record(kind, "One"), make_record(kind, "Two", status="draft")
    one.status, one.merged_into = "withdrawn", two
    one.save()
    assert answers(client, kind, one.slug) == GONE
    assert answers(client, kind, two.slug) == NOWHERE


@pytest.mark.parametrize("kind", KINDS)
def test_records_merged_in_a_circle_are_gone(client: Client, kind: type) -> None:
    one, two = make_record(kind, "One"), make_record(kind, "Two")
    for loser, winner in ((one, two), (two, one)):
        loser.status, loser.merged_into = "withdrawn", winner
        loser.save()
    assert answers(client, kind, one.slug) == GONE
    assert answers(client, kind, two.slug) == GONE


@pytest.mark.parametrize("kind", KINDS)
def test_back_to_draft_is_gone_not_forgotten(client: Client, kind: type) -> None:
    record = make_record(kind, "One")
    record.status = "draft"
    record.save()
    assert answers(client, kind, record.slug) == GONE
    record.status = "published"
    record.save()
    assert answers(client, kind, record.slug) == found(record.slug)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "slug", ["never-was", "x" * 500, "ไทย", "%00", "a%00b", "%ff", "a%0ab", "..", "%F0%9F%8E%AC", "%27--"]
)
def test_what_never_was_is_not_found(client: Client, kind: type, slug: str) -> None:
    make_record(kind, "One")
    assert answers(client, kind, slug) == NOWHERE


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_day_of_publication_stays(kind: type) -> None:
    record = make_record(kind, "One", status="draft")
    assert record.published_at is None
    days = []
    for status in ("published", "draft", "published"):
        record.status = status
        record.save()
        days.append(kind.objects.get(pk=record.pk).published_at)
    assert days[0] is not None
    assert days == [days[0]] * 3


def test_resolve_says_what_became_of_an_id() -> None:
    person, gone = make.make_person("Ann Lee"), make.make_person("Gone", status="withdrawn", withdrawn_reason="Wrong.")
    rename(person, "ann")
    assert Person.objects.resolve("ann") == person
    with pytest.raises(Moved) as moved:
        Person.objects.resolve("ann-lee")
    assert moved.value.record == person
    with pytest.raises(Gone) as withdrawn:
        Person.objects.resolve("gone")
    assert (withdrawn.value.record, withdrawn.value.reason) == (gone, "Wrong.")
    with pytest.raises(Person.DoesNotExist):
        Person.objects.resolve("nobody")


def test_resolving_a_current_id_is_one_query_and_any_other_at_most_four(django_assert_max_num_queries: Any) -> None:
    one, two = make.make_person("One"), make.make_person("Two")
    rename(one, "uno")
    with django_assert_max_num_queries(1):
        Person.objects.resolve("uno")
    with django_assert_max_num_queries(4), pytest.raises(Moved):
        Person.objects.resolve("one")
    one = Person.objects.get(pk=one.pk)
    one.status, one.merged_into = "withdrawn", two
    one.save()
    with django_assert_max_num_queries(4), pytest.raises(Moved):
        Person.objects.resolve("one")
    with django_assert_max_num_queries(4), pytest.raises(Person.DoesNotExist):
        Person.objects.resolve("nobody")


def test_name_columns_follow_the_names() -> None:
    person = make.make_person("Ngô Phương Lan", "vi")
    first = person.names.get()
    make.make_name(person, "โง ฟอง ลาน", "th")
    make.make_name(person, "Ngo Phuong Lan", "vi")
    person.refresh_from_db()
    assert (person.name, person.name_language, person.sort_key) == ("Ngô Phương Lan", "vi", "ngo phuong lan")
    assert person.labels == {"vi": "Ngô Phương Lan", "th": "โง ฟอง ลาน"}
    assert person.search.splitlines()[:2] == [" ngo phuong lan ", " โง ฟอง ลาน "]  # short words are found as whole ones
    first.delete()
    person.refresh_from_db()
    assert (person.name, person.name_language, person.sort_key) == ("โง ฟอง ลาน", "th", "งโ ฟอง ลาน")
    assert person.labels == {"th": "โง ฟอง ลาน", "vi": "Ngo Phuong Lan"}
    person.names.all().delete()
    person.refresh_from_db()
    assert (person.name, person.labels, person.search, str(person)) == ("", {}, "", person.slug)


def test_a_person_can_be_deleted_with_all_names() -> None:
    person = make.make_person("Ann Lee")
    make.make_name(person, "Ann")
    person.delete()
    assert Person.objects.count() == 0


def test_a_record_that_is_published_while_it_is_looked_for_is_not_said_to_be_gone() -> None:
    person = make.make_person("Ann Lee")
    with pytest.raises(Person.DoesNotExist):
        Person.objects.raise_departed(person.slug)
