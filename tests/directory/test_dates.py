"""EDTF: what a date can mean at the earliest and the latest, and what is refused."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from base.text.dates import bounds, validate_edtf
from directory.models import Source
from events.models import Event, Statement
from tests import factories as make

BOUNDS = [
    ("", None, None),
    ("2025", "2025-01-01", "2025-12-31"),
    ("2025-03", "2025-03-01", "2025-03-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("2025-03-14", "2025-03-14", "2025-03-14"),
    ("2024-02-29", "2024-02-29", "2024-02-29"),
    ("2025~", "2025-01-01", "2025-12-31"),
    ("2025-03?", "2025-03-01", "2025-03-31"),
    ("2025%", "2025-01-01", "2025-12-31"),
    ("202X", "2020-01-01", "2029-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("2025-XX", "2025-01-01", "2025-12-31"),
    ("2025-21", "2025-03-01", "2025-05-31"),
    ("2025-03/2025-06", "2025-03-01", "2025-06-30"),
    ("2024/2025-06-07", "2024-01-01", "2025-06-07"),
    ("2025-03/..", "2025-03-01", None),
    ("../2025-03", None, "2025-03-31"),
    ("2025/", "2025-01-01", None),
    ("/2025", None, "2025-12-31"),
    ("[2024,2025]", "2024-01-01", "2025-12-31"),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999", "9999-01-01", "9999-12-31"),
    ("2568", "2568-01-01", "2568-12-31"),
]


def day(text: str | None) -> datetime.date | None:
    """Return the day, if there is one."""
    return datetime.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(("text", "earliest", "latest"), BOUNDS)
def test_bounds(text: str, earliest: str | None, latest: str | None) -> None:
    assert bounds(text) == (day(earliest), day(latest))
    if text:
        validate_edtf(text)


REFUSED = [
    *["recently", "เมื่อเร็วๆ นี้", "ปี 2568", "14/03/2025", "2025-3", "2025-13", "2025-00", "2025-02-30", "2025-02-29"],
    *[
        "0000",
        "-0044",
        "10000",
        "Y170000002",
        "XXXX",
        "..",
        "../..",
        "/",
        "unknown",
        "2025 ",
        " 2025",
        "2025\n",
        "2" * 60,
    ],
    *[
        "2025-06/2025-03",
        "2025-03-14/2025-03-13",
        "1e3",
        "٢٠٢٥",
        "\x00",
        "2025\x00",
        "2025-01-01/x",
        "[2025",
        "<script>",
    ],
]


@pytest.mark.parametrize("text", REFUSED)
def test_refusals_say_what_a_date_looks_like(text: str) -> None:
    with pytest.raises(ValueError):
        bounds(text)
    with pytest.raises(ValidationError, match=r"is not an EDTF date\. Write 2025, 2025-03"):
        validate_edtf(text)


@pytest.mark.django_db
def test_sortable_days_are_filled_on_save_and_follow_a_change() -> None:
    event = make.make_event(date="2025-03")
    assert (event.date_earliest, event.date_latest) == (day("2025-03-01"), day("2025-03-31"))
    event.date = ""
    event.save()
    assert (event.date_earliest, event.date_latest) == (None, None)
    source = make.make_source(date="2024")
    assert (source.date_earliest, source.date_latest) == (day("2024-01-01"), day("2024-12-31"))
    person = make.make_person()
    affiliation = make.make_affiliation(person, start="2020", end="2021-06")
    assert (affiliation.start_earliest, affiliation.end_latest) == (day("2020-01-01"), day("2021-06-30"))


@pytest.mark.django_db
def test_a_statement_without_a_day_is_sorted_by_its_events() -> None:
    event = make.make_event(date="2025")
    plain, dated = make.make_statement(event=event), make.make_statement(event=event, date="2024-05-06")
    undated = make.make_statement()
    days = dict(Statement.objects.values_list("pk", "sort_date"))
    assert days == {plain.pk: day("2025-01-01"), dated.pk: day("2024-05-06"), undated.pk: datetime.date.min}
    assert list(Statement.objects.values_list("pk", flat=True)) == [plain.pk, dated.pk, undated.pk]
    event.date = "2023/2023-06"
    event.save()
    assert Statement.objects.get(pk=plain.pk).sort_date == day("2023-01-01")
    assert Statement.objects.get(pk=dated.pk).sort_date == day("2024-05-06")


@pytest.mark.django_db
def test_an_undated_event_comes_last() -> None:
    make.make_event("Undated")
    make.make_event("Old", date="1999")
    make.make_event("New", date="2025")
    make.make_event("Open end", date="2020/..")
    assert [event.name for event in Event.objects.all()] == ["New", "Old", "Open end", "Undated"]


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [Event, Source])
def test_a_wrong_date_is_refused_with_a_sentence(kind: type) -> None:
    row = kind(date="last spring", slug="x")
    with pytest.raises(ValidationError) as refused:
        row.full_clean(exclude={"sha256", "length", "title", "language"})
    (message,) = refused.value.message_dict["date"]
    assert message.startswith("“last spring” is not an EDTF date.")
