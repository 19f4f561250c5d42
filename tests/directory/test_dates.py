"""EDTF: what a date can mean at the earliest and the latest, and what is refused."""

import contextlib
import datetime

import pytest
from django.core.exceptions import ValidationError
from edtf import parse_edtf

from base.text import dates
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


ENDLESS = ["Y1E400", "Y1E2000000", "Y9E999999999", "-Y9E999999999", "Y9E999999999/2025", "[Y9E99999999,2025]", "1E400"]
ODD = [
    "[" * 60,
    "(" * 60,
    "2025~/" * 10,
    "2025-01-01T" + "9" * 40,
    "1950S" + "9" * 40,
    "\ud800",
    "2025\u0301",
    "2025" * 5000,
]


@pytest.mark.parametrize("text", [*ENDLESS, *ODD], ids=range(len(ENDLESS + ODD)))
def test_what_would_never_end_is_refused_before_it_is_parsed(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(dates, "parse_edtf", lambda text: parsed.append(text) or parse_edtf(text))
    with pytest.raises(ValueError, match="not an EDTF date"):
        bounds(text)
    assert all(len(one) <= dates.LONGEST_DATE and "Y" not in one and "E" not in one for one in parsed)


@pytest.mark.parametrize(
    "fault", [RecursionError(), OverflowError(), KeyError("year"), ZeroDivisionError(), MemoryError()]
)
def test_any_exception_of_the_parser_is_a_refusal(fault: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> None:
        raise fault

    monkeypatch.setattr(dates, "parse_edtf", broken)
    dates._bounds_of_date.cache_clear()
    with pytest.raises(ValueError, match="not an EDTF date"):
        bounds("2025-21")
    dates._bounds_of_date.cache_clear()


def test_each_text_is_parsed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    monkeypatch.setattr(dates, "parse_edtf", lambda text: parsed.append(text) or parse_edtf(text))
    dates._bounds_of_date.cache_clear()
    for text in ("2025-22", "2025-22", "2025-99", "2025-99", "2025", "2025-03/..", "202X"):
        with contextlib.suppress(ValueError):
            bounds(text)
    assert parsed == ["2025-22", "2025-99"]


YEARS = ["0000", "000X", "2024", "2025", "20XX"]
MONTHS = ["", "-00", "-02", "-12", "-13", "-XX"]
DAYS = ["", "-00", "-01", "-29", "-31", "-XX"]


def test_what_is_read_without_the_parser_means_what_the_parser_says() -> None:
    singles = [y + m + d + mark for y in YEARS for m in MONTHS for d in (DAYS if m else [""]) for mark in ("", "~")]
    known = [single for single in singles if "X" not in single]  # the parser fails at intervals of the others
    intervals = [f"{begin}/{end}" for begin in ("", "..", *known[::11]) for end in ("", "..", *known[::13])]
    different = [text for text in singles + intervals if plain(text) not in (None, by_the_parser(text))]
    assert len(singles + intervals) > 400
    assert different == []


def plain(text: str) -> object:
    """Return the bounds as they are read without the parser; None if it is needed, "refused" for no date."""
    try:
        found = dates.plain_bounds(text)
        return found and bounds(text)
    except ValueError:
        return "refused"


def by_the_parser(text: str) -> object:
    """Return the bounds as the parser has them; "refused" for no date."""
    try:
        first, last = dates._parsed_bounds(text)
    except ValueError:
        return "refused"
    return (first, last) if (first or last) and not (first and last and first > last) else "refused"


TODAY = datetime.date(2026, 11, 28)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2569-10-24", "2026-10-24"),
        ("2568", "2025"),
        ("2568-03~", "2025-03~"),
        ("2568/2569", "2025/2026"),
        ("2047", ""),
        ("2300", ""),
        ("9999-12-31", ""),
        ("256X", ""),
        ("2025/2569", "2025/2026"),
    ],
)
def test_a_date_far_ahead_is_doubted_and_a_year_of_the_buddhist_era_recognised(text: str, meant: str) -> None:
    assert dates.far_ahead(text, TODAY)
    assert dates.in_common_era(text, TODAY) == meant


@pytest.mark.parametrize("text", ["", "2026", "2046-12-31", "2025/..", "../2025", "1957", "no date", "Y9E99999"])
def test_a_date_that_is_not_far_ahead_is_not_doubted(text: str) -> None:
    assert not dates.far_ahead(text, TODAY)
