"""Languages: only known ones are stored, in one case; printed words in another language than their source are asked about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client

from base.text.language_tags import is_language, is_same_language, validate_language
from directory.models import PersonName
from events.models import Statement, Wording
from tests import factories as make
from tests.curation import change_url, errors, opened
from tests.events.test_importing_lines import GOOD, WORDS, load, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> None:
    """Make what the lines of an import name."""
    make_world()


UNKNOWN = ["zz", "xx-klingon", "zh-Zzzz", "en-ZZ", "qaa", "xyz-Latn", "th-klingon", "en-Qaaa"]


@pytest.mark.parametrize("tag", UNKNOWN)
def test_what_names_no_language_is_refused(tag: str) -> None:
    with pytest.raises(ValidationError, match="names no language that is known"):
        validate_language(tag)


@pytest.mark.parametrize("tag", ["th", "zh-Hant", "sr-Latn-RS", "es-419", "kmr", "und", "mul", "nan", "fil", "en-XK"])
def test_known_languages_are_taken(tag: str) -> None:
    validate_language(tag)
    assert is_language(tag)


@pytest.mark.parametrize(("tag", "right"), [("tha", "th"), ("vie-Latn", "vi-Latn"), ("eng", "en")])
def test_a_longer_code_is_told_the_tag(tag: str, right: str) -> None:
    with pytest.raises(ValidationError, match=f"is {right}, not {tag}"):
        validate_language(tag)


@pytest.mark.parametrize("tag", UNKNOWN)
def test_every_model_with_a_language_refuses_it(tag: str) -> None:
    source, name = make.make_source(), make.make_person().names.get()
    wording = make.make_statement().wordings.get()
    for row, field in (
        (source, "language"),
        (source, "title_language"),
        (source, "translated_from"),
        (name, "language"),
        (wording, "language"),
    ):
        setattr(row, field, tag)
        with pytest.raises(ValidationError) as refused:
            row.clean_fields()
        assert field in refused.value.message_dict


def test_tags_are_kept_in_standard_case(admin_client: Client) -> None:
    person = make.make_person()
    name = person.names.get()
    url = change_url(name)
    assert (
        admin_client.post(
            url, {**opened(admin_client, url), "language": "ZH-hant", "certainty": "inferred", "note": "So."}
        ).status_code
        == 302
    )
    name.refresh_from_db()
    assert name.language == "zh-Hant"
    PersonName.objects.bulk_create(
        [PersonName(person=person, text="Other", language="EN-us", certainty="inferred", note="So.")]
    )
    assert PersonName.objects.get(text="Other").language == "en-US"


@pytest.mark.parametrize("address", ["/api/v1/people/", "/people/"])
def test_filters_know_languages_whatever_their_case(client: Client, address: str) -> None:
    make.make_person("Ann Lee", "zh-Hant")
    assert b"ann-lee" in client.get(f"{address}?language=ZH-HANT").content
    assert b"ann-lee" not in client.get(f"{address}?language=en").content


@pytest.mark.parametrize("query", ["language=zz", "language__in=en,zz", "lang=zz", "language=xx-klingon"])
def test_unknown_languages_are_no_filters(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/people/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.content.decode()
    assert "BCP 47 tag" in answer.content.decode()


def test_a_fixture_with_an_unknown_language_or_a_wrong_date_is_refused_in_a_line(tmp_path: Path) -> None:
    file = tmp_path / "rows.json"
    rows = {
        "directory.source": {"slug": "s", "title": "T", "language": "zz", "sha256": "0" * 64, "length": 1},
        "events.event": {"slug": "e", "date": "2025-13-40"},
    }
    for model, fields in rows.items():
        file.write_text(json.dumps([{"model": model, "fields": fields}]))
        with pytest.raises(CommandError) as refused:
            call_command("loaddata", file, verbosity=0)
        assert "\n" not in str(refused.value)
        assert ("zz" if "language" in fields else "2025-13-40") in str(refused.value)


def test_one_language_in_several_scripts() -> None:
    assert is_same_language("zh-Hant", "zh-Hans-CN")
    assert is_same_language("en", "mul")
    assert not is_same_language("en", "vi")


@pytest.fixture
def printed() -> Wording:
    passage = make.make_passage(make.make_source(language="en"), WORDS)
    return make.make_wording(make.make_statement(passages=[passage]), WORDS, nature="verbatim", passage=passage)


def test_printed_words_in_another_language_are_asked_about(admin_client: Client, printed: Wording) -> None:
    url = change_url(printed)
    values = {**opened(admin_client, url), "language": "vi"}
    asked = admin_client.post(url, values)
    assert errors(asked)["language"] == ["The source is in English; are these words really Vietnamese?"]
    assert 'name="language-confirmed" value="vi"' in asked.content.decode()
    printed.refresh_from_db()
    assert printed.language == "en"
    assert admin_client.post(url, {**values, "language-confirmed": "fr"}).status_code == 200
    assert admin_client.post(url, {**values, "language-confirmed": "vi"}).status_code == 302
    printed.refresh_from_db()
    assert printed.language == "vi"
    assert admin_client.post(url, {**opened(admin_client, url), "by": "Ann"}).status_code == 302  # not asked again


def test_printed_words_are_asked_about_on_the_page_of_the_statement_too(admin_client: Client, printed: Wording) -> None:
    url = change_url(printed.statement)
    values = opened(admin_client, url)
    place = next(name.removesuffix("-nature") for name, value in values.items() if value == "verbatim")
    values[f"{place}-language"] = "vi"
    asked = admin_client.post(url, values)
    assert "The source is in English; are these words really Vietnamese?" in asked.content.decode()
    assert f'name="{place}-language-confirmed" value="vi"' in asked.content.decode()
    assert admin_client.post(url, {**values, f"{place}-language-confirmed": "vi"}).status_code == 302


def test_translations_are_not_asked_about(admin_client: Client) -> None:
    passage = make.make_passage(make.make_source(language="en"), WORDS)
    wording = make.make_wording(make.make_statement(passages=[passage]), "It was said so.", nature="translation")
    url = change_url(wording)
    assert admin_client.post(url, {**opened(admin_client, url), "language": "vi"}).status_code == 302


def line(**cells: str) -> dict[str, str]:
    return {**GOOD, **cells}


@pytest.mark.usefixtures("world")
def test_an_import_asks_about_printed_words_in_another_language(tmp_path: Path) -> None:
    rows = [line(), line(id="st-vi", verbatim_vi=WORDS), line(id="st-en", verbatim_en=WORDS)]
    (problem,) = load(tmp_path, rows)
    assert problem[:4] == ["3", "verbatim_vi", "vi", "The source is in English; are these words really Vietnamese?"]
    assert set(Statement.objects.values_list("slug", flat=True)) == {"st-good", "st-en"}
    assert load(tmp_path, rows, "--existing", "skip", "--allow-other-languages") == []
    assert Wording.objects.filter(statement__slug="st-vi", nature="verbatim").get().language == "vi"


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("tag", ["zz", "xx-klingon"])
def test_an_import_refuses_unknown_languages_in_a_line(tmp_path: Path, tag: str) -> None:
    (problem,) = load(tmp_path, [line(id="st-one"), line(id="st-two", **{f"paraphrase_{tag}": "It was said so."})])
    assert problem[:4] == ["3", f"paraphrase_{tag}", tag, "This is no language tag."]
    assert Statement.objects.filter(slug="st-one").exists()


@pytest.mark.usefixtures("world")
def test_an_import_keeps_tags_in_standard_case(tmp_path: Path) -> None:
    assert load(tmp_path, [line(id="st-zh", **{"paraphrase_ZH-hant": "It was said so."})]) == []
    assert Wording.objects.filter(statement__slug="st-zh", language="zh-Hant").exists()


@pytest.mark.usefixtures("world")
def test_an_import_asks_about_dates_far_ahead(tmp_path: Path) -> None:
    rows = [line(), line(id="st-be", date="2569-10-24"), line(id="st-far", date="2300"), line(id="st-Y", date="Y1E400")]
    problems = load(tmp_path, rows)
    assert [problem[:2] for problem in problems] == [["3", "date"], ["4", "date"], ["5", "date"]]
    assert "Did you mean 2026-10-24?" in problems[0][3]
    assert problems[1][3] == "“2300” lies more than 20 years in the future."
    assert problems[2][3] == "This is not an EDTF date."
    assert list(Statement.objects.values_list("slug", flat=True)) == ["st-good"]
    assert [row[1:3] for row in load(tmp_path, rows, "--existing", "skip", "--allow-far-dates")] == [["date", "Y1E400"]]
    assert Statement.objects.get(slug="st-far").date == "2300"


def test_an_address_ticks_no_box(admin_client: Client) -> None:
    page = admin_client.get("/admin/events/event/add/?date=2569").content.decode()
    assert 'value="2569"' in page
    assert "date-confirmed" not in page
