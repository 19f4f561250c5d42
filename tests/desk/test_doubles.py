"""Which records are called nearly as a name that somebody types."""

from __future__ import annotations

import pytest

from desk.doubles import MOST_DOUBLES, Likeness, possible_doubles
from directory.models import Organization, Person
from events.models import Event
from tests import factories as make

pytestmark = pytest.mark.django_db


def found(name: str, model: type = Person, **options: object) -> list[tuple[str, str]]:
    """Return (id, reason) of the records that are offered."""
    return [(each.record.slug, each.likeness.value) for each in possible_doubles(model, name, **options)]


@pytest.mark.parametrize(
    ("recorded", "typed", "likeness"),
    [
        ("Tomas Reka", "Tomas Reka", Likeness.IDENTICAL),
        ("Tomáš Řeka", "TOMAS  REKA", Likeness.FOLDED),
        ("Đặng Hoàng Giang", "Dang Hoang Giang", Likeness.FOLDED),
        ("Dang Hoang Giang", "Đặng Hoàng Giang", Likeness.FOLDED),
        ("Tony Bui", "Bui Tony", Likeness.REORDERED),
        ("Bui, Tony", "Tony Bui", Likeness.REORDERED),
        ("Tomas Reka", "T. Reka", Likeness.INITIALS),
        ("T. Reka", "Tomas Reka", Likeness.INITIALS),
        ("Ngô Phương Lan", "N. P. Lan", Likeness.INITIALS),
        ("Angela Perry", "Angela Peri", Likeness.SOUND),
        ("Meg Montagnino", "Meg Montanino", Likeness.SPELLING),
        ("Tomas Reka", "Reka", Likeness.PART),
        ("Reka", "Tomas Reka", Likeness.PART),
        ("Tomas Reka", "Dr Tomas Reka", Likeness.SPELLING),
        ("สมชาย ใจดี", "ดร.สมชาย ใจดี", Likeness.SPELLING),
        ("สมชาย", "นายสมชายใจดี", Likeness.PART),
        ("สมชาย ใจดี", "สมชายใจดี", Likeness.FOLDED),
        ("ไมเคิล ดูคาคิส", "ไมเคิล ดูคากิส", Likeness.SOUND),
    ],
)
def test_a_name_in_one_script_is_found_and_says_why(recorded: str, typed: str, likeness: Likeness) -> None:
    make.make_person("Nora Stanfield")
    person = make.make_person(recorded)
    assert found(typed) == [(person.slug, likeness.value)]


@pytest.mark.parametrize(
    ("recorded", "typed"),
    [
        ("Michael Dukakis", "ไมเคิล ดูคาคิส"),
        ("Ngô Phương Lan", "โง เฟือง ลาน"),
        ("Meg Montagnino", "เม็ก มอนตาญีโน"),
        ("Nazli Choucri", "นาซลี ชูครี"),
        ("Tony Bui", "โทนี่ บุย"),
        ("Thomas Patterson", "โทมัส แพตเตอร์สัน"),
        ("Angela Perry", "แองเจลา เพอร์รี"),
        ("Đặng Hoàng Giang", "ดัง ฮวง ซาง"),
        ("Thanh Hà", "ถั่น ฮา"),
    ],
)
def test_a_name_in_another_script_is_found_both_ways(recorded: str, typed: str) -> None:
    make.make_person("Nora Stanfield")
    person = make.make_person(recorded)
    assert [slug for slug, _why in found(typed)] == [person.slug]
    other = make.make_person(typed, "th")
    assert {slug for slug, _why in found(recorded)} == {person.slug, other.slug}


@pytest.mark.parametrize("typed", ["", "  ", "…", "?!", "\u200b", "Quentin Abernathy", "อรทัย"])
def test_what_nobody_is_called_finds_nobody(typed: str) -> None:
    make.make_person("Tomas Reka")
    make.make_person("สมชาย ใจดี")
    assert found(typed) == []


def test_a_name_of_any_length_and_letters_is_answered() -> None:
    make.make_person("Tomas Reka")
    for typed in ("x" * 100_000, "a " * 9_000, "\0", "\ud800", "' OR 1=1", "[(*", "𝕿𝖔𝖒𝖆𝖘 𝕽𝖊𝖐𝖆"):
        assert len(found(typed)) <= 1


def test_abbreviations_find_organizations() -> None:
    board = make.make_organization("Vietnam Film Development Association")
    harbours = make.make_organization("Association of Harbour Towns")
    short = make.make_organization("UNW")
    assert found("VFDA", Organization) == [(board.slug, "initials")]
    assert found("AHT", Organization) == [(harbours.slug, "initials")]
    assert found("United Northern Wharves", Organization) == [(short.slug, "initials")]


def test_a_family_name_that_many_bear_tells_nothing() -> None:
    for first in ("An", "Binh", "Chau", "Dung", "Huong", "Khanh", "Linh"):
        make.make_person(f"Nguyen Van {first}")
    assert found("Nguyen") == []
    assert len(found("Nguyen Van Anh")) == MOST_DOUBLES


def test_the_likeliest_comes_first_and_a_record_once() -> None:
    exact = make.make_person("Tomas Reka")
    near = make.make_person("Tomas Rekka")
    make.make_name(near, "Thomas Reka")
    marked = make.make_person("Tomáš Řeka")
    assert [slug for slug, _why in found("Tomas Reka")] == [exact.slug, marked.slug, near.slug]


def test_drafts_and_withdrawn_ones_are_found_and_merged_ones_are_not() -> None:
    draft = make.make_person("Tomas Reka", status="draft")
    gone = make.make_person("Tomas Reka", status="withdrawn")
    merged = make.make_person("Tomas Reka")
    merged.merged_into, merged.status = gone, "withdrawn"
    merged.save()
    assert {slug for slug, _why in found("Tomas Reka")} == {draft.slug, gone.slug}
    assert found("Tomas Reka", except_for=[draft.pk, gone.pk]) == []


def test_each_is_told_by_role_and_place(django_assert_max_num_queries: object) -> None:
    pilot, other = make.make_person("Tomas Reka"), make.make_person("Tomas Reka")
    port = make.make_organization("Port of Sond")
    make.make_affiliation(pilot, port, role="pilot")
    make.make_affiliation(pilot, port, role="poet", certainty="rejected", note="Another man.")
    meeting = make.make_event("Pellmere Meeting", date="2026-05-14", place="Pellmere")
    make.make_participation(other, meeting, "panellist")
    with django_assert_max_num_queries(6):
        people = possible_doubles(Person, "Tomas Reka")
    assert [each.description for each in people] == ["pilot, Port of Sond", "panellist, Pellmere Meeting"]
    assert [each.description for each in possible_doubles(Event, "Pellmere Meeting")] == ["14 May 2026, Pellmere"]
    assert [each.description for each in possible_doubles(Organization, "Port of Sond")] == ["other"]


def test_a_name_is_found_as_soon_as_it_is_written_and_never_after_it_went() -> None:
    person = make.make_person("Tomas Reka")
    row = make.make_name(person, "Anders Holm")
    assert [slug for slug, _why in found("Anders Holm")] == [person.slug]
    row.delete()
    assert found("Anders Holm") == []
    Person.objects.filter(pk=person.pk)[0].names.update(text="Ines Aldana", folded="ines aldana")
    assert [slug for slug, _why in found("Ines Aldana")] == [person.slug]
