"""Texts of the editors reach readers in their language, in every form in which they leave the site, and come back by the import."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client

from base.api.answers import answers
from base.changes import feed
from base.changes.models import Change
from directory.models import Affiliation
from events.models import Event, Statement
from tests import factories as make
from tests.events.test_importing_lines import GOOD, load, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> None:
    """Make what the lines of an import name."""
    make_world()


ROLE, LABEL, NOTE = "ผู้อำนวยการ", "ผู้แทน", "ข้อความไม่ชัด"
TRANSLATIONS = {"th": {"role_at_time": ROLE, "note": NOTE, "speaker_label": LABEL}, "vi": {"role_at_time": "giám đốc"}}
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def statement() -> Statement:
    """What a group said, with a role and a note, which have Thai translations; the role has a Vietnamese one too."""
    event = make.make_event(
        "A workshop on films", short_name="Workshop", place="Cambridge", passages=[make.make_passage()]
    )
    event.translations = {"th": {"short_name": "สัมมนา", "place": "เคมบริดจ์"}}
    event.save()
    return make.make_statement(
        None,
        event,
        speaker_label="delegates",
        role_at_time="director",
        note="The text is unclear.",
        certainty="inferred",
        translations=TRANSLATIONS,
    )


def page(address: str) -> str:
    response = Client().get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_pages_show_them_in_the_readers_language(statement: Statement) -> None:
    english, thai, vietnamese = (page(f"{code}/statements/{statement.slug}/") for code in ("", "/th", "/vi"))
    assert "director" in english
    for text in (ROLE, LABEL, NOTE, "เคมบริดจ์"):
        assert text in thai
        assert f'lang="th">{text}' not in thai  # marked only where it is not in the page's language
    for text in ("director", ">delegates", "The text is unclear.", "Cambridge"):
        assert text not in thai
    assert "giám đốc" in vietnamese
    for text in ("delegates", "The text is unclear.", "Cambridge"):
        assert f'<span lang="en">{text}</span>' in vietnamese


@pytest.mark.parametrize("address", ["/th/", "/th/statements/", "/th/events/", "/th/search/?q=said"])
def test_lists_show_them_in_the_readers_language(statement: Statement, address: str) -> None:
    Statement.objects.filter(pk=statement.pk).update(search="said")
    text = page(address)
    assert "เคมบริดจ์" in text if "events" in address else LABEL in text
    assert ">delegates" not in text


def test_the_api_gives_them_in_the_language_asked_for(statement: Statement) -> None:
    address = f"/api/v1/statements/{statement.slug}/"
    members = ("speaker_label", "role_at_time", "note", "text_language")
    for language, texts in {
        "": ["delegates", "director", "The text is unclear.", "en"],
        "?lang=en": ["delegates", "director", "The text is unclear.", "en"],
        "?lang=th": [LABEL, ROLE, NOTE, "en"],
        "?lang=vi": ["delegates", "giám đốc", "The text is unclear.", "en"],
    }.items():
        answer = Client().get(f"{address}{language}").json()
        assert [answer[member] for member in members] == texts
        assert answer["translations"] == TRANSLATIONS
        assert [*answer["translations"]] == ["th", "vi"]
        assert [*answer["translations"]["th"]] == ["note", "role_at_time", "speaker_label"]
    event = Client().get(f"/api/v1/events/{statement.event.slug}/?lang=th").json()  # type: ignore[union-attr]
    assert [event["short_name"], event["place"], event["name"]] == ["สัมมนา", "เคมบริดจ์", "A workshop on films"]


def test_a_description_says_in_which_language_it_is_given() -> None:
    event = make.make_event()
    row = event.descriptions.create(text="A day of talks.", translations={"th": {"text": "หนึ่งวัน"}})
    make.cite(row, make.make_passage())
    for language, given in {"th": ("หนึ่งวัน", "th"), "vi": ("A day of talks.", "en")}.items():
        (answer,) = Client().get(f"/api/v1/events/{event.slug}/?lang={language}").json()["descriptions"]
        assert (answer["text"], answer["language"], answer["text_language"]) == (*given, "en")
        assert (f'<span lang="en">{given[0]}</span>' in page(f"/{language}/events/{event.slug}/")) == (given[1] == "en")


def test_texts_written_in_thai_come_translated_to_english_readers() -> None:
    person = make.make_person(passages=[make.make_passage()])
    make.make_affiliation(
        person, role=ROLE, text_language="th", translations={"en": {"role": "director"}}, passages=[make.make_passage()]
    )
    assert ROLE not in page(f"/people/{person.slug}/")
    assert "Director" in page(f"/people/{person.slug}/")
    assert f'<span lang="th">{ROLE}</span>' in page(f"/vi/people/{person.slug}/")


@pytest.mark.parametrize("form", ["txt", "bib", "ris", "csl.json"])
def test_citations_have_them_in_their_language(statement: Statement, form: str) -> None:
    assert "director" in page(f"/statements/{statement.slug}.{form}")
    thai = page(f"/statements/{statement.slug}.{form}?lang=th")
    assert ROLE in thai
    assert LABEL in thai
    assert (NOTE in thai) == (form != "txt")
    assert "director" not in thai
    assert "The text is unclear." not in thai


def test_an_embedded_statement_is_in_the_language_of_its_page(statement: Statement) -> None:
    html = Client().get("/oembed/", {"url": f"http://testserver/th/statements/{statement.slug}/"}).json()["html"]
    assert ROLE in html
    assert LABEL in html


def test_structured_data_is_in_the_language_of_the_page(statement: Statement) -> None:
    data = page(f"/th/statements/{statement.slug}/").partition('<script type="application/ld+json">')[2]
    node = json.loads(data.partition("</script>")[0])
    role = node["author"]
    assert (role["roleName"], role["author"]["name"]) == (ROLE, LABEL)
    assert NOTE in node["description"]


def test_an_annotation_has_a_comment_for_each_language(statement: Statement) -> None:
    bodies = json.loads(page(f"/statements/{statement.slug}.anno"))["body"]
    comments = {body["language"]: body["value"] for body in bodies if body.get("purpose") == "commenting"}
    assert comments == {"en": "The text is unclear.", "th": NOTE}


def test_feeds_are_in_the_language_asked_for(statement: Statement) -> None:
    entries = {}
    for language in ("en", "th"):
        atom = ElementTree.fromstring(page(f"/statements.atom?lang={language}"))
        assert atom.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == language
        entry = atom.find(f"{ATOM}entry")
        assert entry is not None
        item = json.loads(page(f"/statements.feed.json?lang={language}"))["items"][0]
        assert item["id"] == entry.findtext(f"{ATOM}id")
        entries[language] = (
            item["id"],
            entry.findtext(f"{ATOM}title"),
            entry.findtext(f"{ATOM}summary"),
            item["content_text"],
        )
    assert entries["en"][0] == entries["th"][0]
    assert "delegates" in str(entries["en"][1])
    assert LABEL in str(entries["th"][1])
    for text in entries["th"][2:]:
        assert ROLE in str(text)
        assert NOTE in str(text)
    refused = Client().get("/statements.atom?lang=xx")
    assert (refused.status_code, refused.content.decode()) == (400, "lang: There is no “xx”; choose en, th, vi.\n")


def table(address: str) -> dict[str, str]:
    """Return the first line of a CSV file of the API by column."""
    response: Any = Client().get(address)
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return next(csv.DictReader(io.StringIO(text)))


def test_csv_files_have_a_column_for_each_language(statement: Statement) -> None:
    row = table("/api/v1/export/statements.csv")
    assert [row[f"role_at_time_{code}"] for code in ("en", "th", "vi")] == ["director", ROLE, "giám đốc"]
    assert [row[f"note_{code}"] for code in ("en", "th", "vi")] == ["The text is unclear.", NOTE, ""]
    assert (row["written_in"], row["speaker_label_th"], row["text_language"]) == ("en", LABEL, "en")
    event = table("/api/v1/export/events.csv")
    assert (event["short_name"], event["short_name_th"], event["place_th"]) == ("Workshop", "สัมมนา", "เคมบริดจ์")
    make.make_affiliation(make.make_person(), make.make_organization(), translations={"th": {"role": ROLE}})
    person = table("/api/v1/export/people.csv")
    assert (person["positions"], person["positions_th"]) == (
        "director (Film Board, stated)",
        f"{ROLE} (Film Board, stated)",
    )
    make.make_source("B", translations={"vi": {"title": "Bê"}})
    assert table("/api/v1/export/sources.csv?q=Bê")["title_vi"] == "Bê"


@pytest.mark.parametrize("form", ["ndjson", "csv"])
def test_what_is_exported_comes_back_with_its_translations(statement: Statement, form: str, tmp_path: Path) -> None:
    response: Any = Client().get(f"/api/v1/export/statements.{form}")
    file = tmp_path / f"statements.{form}"
    file.write_bytes(b"".join(response.streaming_content))
    columns = ("speaker_label", "role_at_time", "note", "text_language", "translations", "search")
    before = [getattr(statement, column) for column in columns]
    Statement.objects.all().delete()
    call_command("import_statements", file, "--status", "published", verbosity=0)
    back = Statement.objects.get()
    assert [getattr(back, column) for column in columns] == before
    assert back.history.get().translations == TRANSLATIONS


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"role_at_time": "head", "role_at_time_th": "หัวหน้า", "role_at_time_en": "head"}, []),
        ({"role_at_time": "หัวหน้า", "written_in": "TH", "role_at_time_en": "head"}, []),
        (
            {"role_at_time": "head", "role_at_time_en": "chief"},
            [
                (
                    "role_at_time_en",
                    "chief",
                    "The text itself is in this language, and is another one.",
                    "the same as in role_at_time, or nothing",
                )
            ],
        ),
        (
            {"note_th": "หมายเหตุ"},
            [("note_th", "หมายเหตุ", "note in Thai: There is no text to translate.", "Write the text first.")],
        ),
        (
            {"role_at_time": "head", "role_at_time_vi": "x" * 201},
            [
                (
                    "role_at_time_vi",
                    "x" * 200,  # the report has the beginning
                    "role at the time in Vietnamese: It has 201 characters.",
                    "At most 200 are kept.",
                )
            ],
        ),
        (
            {"role_at_time": "head", "role_at_time_vi": "a\nb"},
            [
                (
                    "role_at_time_vi",
                    "a\nb",
                    "It holds a line break at character 2, after “a”.",
                    "Write it in one line.",
                )
            ],
        ),
        (
            {"role_at_time": "head", "written_in": "zz"},
            [
                (
                    "written_in",
                    "zz",
                    "This is no language tag.",
                    "the language of these texts as a BCP 47 tag such as th, vi or en; empty: en",
                )
            ],
        ),
    ],
)
@pytest.mark.usefixtures("world")
def test_the_import_checks_translations(cells: dict[str, str], problems: list[tuple[str, ...]], tmp_path: Path) -> None:
    assert load(tmp_path, [{**GOOD, **cells}]) == [["2", *problem] for problem in problems]
    assert Statement.objects.count() == (0 if problems else 1)
    for row in Statement.objects.all():
        assert row.text_language == ("th" if "written_in" in cells else "en")
        assert [*row.translations] == (["en"] if "written_in" in cells else ["th"])


def test_a_changed_translation_is_a_change(statement: Statement) -> None:
    feed.catch_up(answers)
    Change.objects.all().delete()
    client, address = Client(), f"/api/v1/statements/{statement.slug}/"
    tag = client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    statement.translations = {"th": {"role_at_time": ROLE}}
    statement.save()
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    feed.catch_up(answers)
    assert list(Change.objects.values_list("action", "slug")) == [("changed", statement.slug)]


def test_a_facet_of_texts_shows_them_in_the_readers_language(statement: Statement) -> None:
    make.make_statement(speaker_label="experts")
    response = Client().get(
        "/api/v1/statements/?facets=speaker_label,role_at_time&page_size=1", headers={"Accept-Language": "th"}
    )
    assert response.json()["facets"]["speaker_label"] == [
        {"value": "delegates", "label": "delegates", "count": 1},
        {"value": "experts", "label": "experts", "count": 1},
    ]


def test_groups_are_shown_in_the_readers_language(statement: Statement) -> None:
    """In facets and chips of lists, and among those who speak about a topic."""
    statement.topics.add(make.make_topic())
    make.make_statement(speaker_label="experts", topics=[make.make_topic("Art"), *statement.topics.all()])
    for language, chosen, listed in (
        ("th", LABEL, LABEL),
        ("vi", "delegates", '<span lang="en">Delegates</span>'),
    ):
        text = page(f"/{language}/statements/?speaker_label=delegates")
        facet = text.partition('id="facet-speaker_label-')[2].partition("</nav>")[0]
        assert f">{listed}</a>" in facet
        assert '><span lang="en">Experts</span></a>' in facet
        assert f": {chosen} ×" in text
        assert f">{listed.replace('D', 'd')}</a>" in page(f"/{language}/topics/training/")


def test_a_statement_is_found_by_its_labels_in_every_language(statement: Statement) -> None:
    for words in ("delegates", LABEL, "director", ROLE, "giám đốc"):
        found = Client().get("/api/v1/statements/", {"q": words, "fields": "id"}).json()["results"]
        assert found == [{"id": statement.slug}], words
    statement.translations = {}
    statement.save()
    assert Client().get("/api/v1/statements/", {"q": ROLE}).json()["results"] == []


def test_the_history_tells_of_a_translation_by_language_and_text(statement: Statement) -> None:
    Statement.history.all().delete()
    statement = Statement.objects.get()
    statement.translations = {**TRANSLATIONS, "vi": {"role_at_time": "trưởng ban"}}
    statement.save()
    text = page(f"/statements/{statement.slug}/changes/")
    assert "Role at the time in Vietnamese" in text
    assert '<span class="changes-words" lang="vi">' in text
    assert "<ins>" in text
    assert "Role at the time in Thai" not in text


def test_the_network_shows_roles_in_the_readers_language() -> None:
    passage = make.make_passage()
    person, board = make.make_person(passages=[passage]), make.make_organization(passages=[passage])
    make.make_affiliation(person, board, translations={"th": {"role": ROLE}}, passages=[passage])
    assert f'<span class="role">{ROLE}:</span>' in page("/th/network/")
    assert '<span class="role"><span lang="en">director</span>:</span>' in page("/vi/network/")
    assert Affiliation.objects.get().role == "director"
    assert Event.objects.count() == 0


def test_the_citation_of_the_site_is_in_the_readers_language() -> None:
    cited = {
        code: page(f"{code}/data/").partition('<p class="cite">')[2].partition("</p>")[0] for code in ("", "/th", "/vi")
    }
    for text, words in zip(cited.values(), ("Read on 20", "สืบค้นเมื่อ ", "Truy cập "), strict=True):
        assert text.startswith("On the Record. ")
        assert text.endswith(" CC BY 4.0.")
        assert words in text
        assert "http://testserver/. " in text
    assert "พ.ศ. 25" in cited["/th"]


def test_wordings_in_other_languages_are_folded_away(statement: Statement) -> None:
    make.make_wording(statement, "ควรสร้างภาพยนตร์ให้มากขึ้น", language="th")
    text = page(f"/th/statements/{statement.slug}/")
    folded = text.partition('<details class="wordings">')[2].partition("</details>")[0]
    assert '<p class="printed" lang="en">More films should be made.</p>' in folded
    assert "ควรสร้างภาพยนตร์ให้มากขึ้น" in text.partition('<details class="wordings">')[0]
    assert text.partition("<main")[2].count("More films should be made.") == 1


def test_a_facet_takes_its_translation_from_a_row_that_has_one() -> None:
    """Whichever row of the same text came first, and whichever language another one was translated into."""
    for translations in ({}, {"vi": {"speaker_label": "đại biểu"}}, {"th": {"speaker_label": LABEL}}, {}):
        make.make_statement(speaker_label="delegates", translations=translations)
    for language, label in (("", "Delegates"), ("/th", LABEL), ("/vi", "Đại biểu")):
        text = page(f"{language}/statements/").partition('id="facet-speaker_label-')[2]
        assert text.partition(">")[2].partition("</a>")[0] == label
    assert f": {LABEL} ×" in page("/th/statements/?speaker_label=delegates")


@pytest.mark.parametrize("exact", ["", "&facets_exact=true"])
def test_the_labels_of_facets_are_english_where_a_row_has_a_translation(exact: str) -> None:
    """Of the rows of a list, and of their links: what curators wrote in Thai has a label that an English client reads."""
    board = make.make_organization("Board")
    for name, english in (("Ann", ""), ("Bo", "director"), ("Cy", "")):
        texts: dict[str, Any] = {"text_language": "th", "translations": {"en": {"role": english}} if english else {}}
        person = make.make_person(name)
        make.make_affiliation(person, board, role=ROLE, **texts)
        texts["translations"] = {"en": {"role_at_time": english}} if english else {}
        make.make_statement(person, role_at_time=ROLE, **texts)
    for kind, facet in (("people", "role"), ("statements", "role_at_time")):
        answer = Client().get(f"/api/v1/{kind}/?facets={facet}&page_size=1{exact}").json()
        assert answer["facets"][facet] == [{"value": ROLE, "label": "director", "count": 3}]
