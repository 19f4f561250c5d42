"""What a reader finds with what they type: the article's names in every script and spelling, on both databases alike."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from base.lists.filter_fields import QUERY_LENGTH
from events.search import MOST, search
from tests import factories as make
from tests.reading import Page, article, ids_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


WORKSHOP, MISSION = "vietnam-us-film-workshop-harvard", "permanent-mission-of-viet-nam-to-the-united-nations"
FRIENDS, OFFICE = "friends-of-viet-nam-us-film-collaboration", "massachusetts-film-office"
STATE, YEARS = "massachusetts-state-government", "vietnam-us-diplomatic-relations-30-years"

# What is typed, the kind of record, and what comes first, in order. Statements have random ids, so they are counted.
FOUND: list[tuple[str, str, list[str]]] = [
    # People: Thai, all spellings.
    ("โง ฟอง ลาน", "person", ["ngo-phuong-lan"]),
    ("โง เฟือง ลาน", "person", ["ngo-phuong-lan"]),
    ("ฟอง ลาน", "person", ["ngo-phuong-lan"]),
    ("โงฟองลาน", "person", ["ngo-phuong-lan"]),
    ("โทนีบุย", "person", ["tony-bui"]),
    ("ngophuonglan", "person", ["ngo-phuong-lan"]),
    ("phuonglan", "person", []),
    ("ลาน", "person", ["ngo-phuong-lan"]),
    ("ดาง ฮวง เกียง", "person", ["dang-hoang-giang"]),
    ("ดัง ฮวง ซาง", "person", ["dang-hoang-giang"]),
    ("เกียง", "person", ["dang-hoang-giang"]),
    ("ไมเคิล ดูคาคิส", "person", ["michael-dukakis"]),
    ("เหงียน", "person", ["nguyen-anh-tuan", "nguyen-hoang-nguyen"]),
    ("เหงียน ฮวง เหงียน", "person", ["nguyen-hoang-nguyen"]),
    ("เหงียน อันห์ ตวน", "person", ["nguyen-anh-tuan"]),
    ("โทนี บุย", "person", ["tony-bui"]),
    ("โทนี่ บูอิ", "person", ["tony-bui"]),
    ("เเองเจลา", "person", ["angela-perry"]),
    ("แองเจลา แคสติ้ง", "person", ["angela-perry"]),
    ("มาร์ส", "person", ["mars"]),
    ("เม็ก มอนตาญีโน", "person", ["meg-montagnino"]),
    ("นาซลี ชูครี", "person", ["nazli-choucri"]),
    ("ถั่น\u200bฮา", "person", ["thanh-ha"]),
    ("ฮวง", "person", ["dang-hoang-giang", "nguyen-hoang-nguyen"]),
    # People: Vietnamese with and without marks, any case, any composition, any order.
    ("Ngô Phương Lan", "person", ["ngo-phuong-lan"]),
    ("ngo phuong lan", "person", ["ngo-phuong-lan"]),
    ("NGÔ PHƯƠNG", "person", ["ngo-phuong-lan"]),
    ("Ngo\u0302 Phu\u031bo\u031bng", "person", ["ngo-phuong-lan"]),
    ("lan ngo", "person", ["ngo-phuong-lan"]),
    ("Đặng", "person", ["dang-hoang-giang"]),
    ("dang hoang giang", "person", ["dang-hoang-giang"]),
    ("nguyen", "person", ["nguyen-anh-tuan", "nguyen-hoang-nguyen"]),
    ("Nguyễn Anh Tuấn", "person", ["nguyen-anh-tuan"]),
    ("anh tuan", "person", ["nguyen-anh-tuan"]),
    ("thanh ha", "person", ["thanh-ha"]),
    # People: English.
    ("Dukakis", "person", ["michael-dukakis"]),
    ("tony", "person", ["tony-bui"]),
    ("ＴＯＮＹ　ＢＵＩ", "person", ["tony-bui"]),
    ("patterson", "person", ["thomas-patterson"]),
    ("perry", "person", ["angela-perry"]),
    ("lan โง", "person", ["ngo-phuong-lan"]),
    # Organizations: names, abbreviations, variants.
    ("VFDA", "organization", ["vfda"]),
    ("vfda", "organization", ["vfda"]),
    ("สมาคมส่งเสริมภาพยนตร์เวียดนาม", "organization", ["vfda"]),
    ("hiep hoi xuc tien", "organization", ["vfda"]),
    ("BGF", "organization", ["boston-global-forum"]),
    ("boston", "organization", ["boston-casting", "boston-global-forum"]),
    ("harvard", "organization", ["harvard-university"]),
    ("ฮาร์วาร์ด", "organization", ["harvard-university"]),
    ("MIT", "organization", ["mit"]),
    ("UCLA", "organization", ["ucla"]),
    ("ประจำสหประชาชาติ", "organization", [MISSION]),
    ("ประจําสหประชาชาติ", "organization", [MISSION]),
    ("สหประชาชาติ", "organization", ["united-nations", MISSION]),
    ("lien hop quoc", "organization", ["united-nations", MISSION]),
    ("แมสซาชูเซตส์", "organization", [OFFICE, "mit", STATE]),
    ("AIWS", "organization", ["ai-world-society"]),
    ("ai world", "organization", ["ai-world-society"]),
    ("ไครทีเรียน", "organization", ["criterion-channel"]),
    # Initiatives, in every variant of their names.
    ("AIWS", "initiative", ["aiws-film-park"]),
    ("AIWS Film Park", "initiative", ["aiws-film-park"]),
    ("cinema park", "initiative", ["aiws-film-park"]),
    ("friends of viet nam", "initiative", [FRIENDS]),
    ("friends of the us", "initiative", [FRIENDS]),
    ("Friends of Vietnam - US Cinema", "initiative", [FRIENDS]),
    ("PAI", "initiative", ["pai-index"]),
    ("ดัชนีดึงดูด", "initiative", ["pai-index"]),
    ("chi so thu hut", "initiative", ["pai-index"]),
    # Events, topics and the source.
    ("DANAFF", "event", ["danaff"]),
    ("da nang", "event", ["danaff"]),
    ("ดานัง", "event", ["danaff"]),
    ("การประชุมเชิงปฏิบัติการ", "event", [WORKSHOP]),
    ("4.0", "event", [WORKSHOP]),
    ("๔.๐", "event", [WORKSHOP]),
    ("30 years", "event", [YEARS]),
    ("๓๐ ปี", "event", [YEARS]),
    ("ปัญญาประดิษฐ์", "topic", ["artificial-intelligence"]),
    ("ngoai giao", "topic", ["diplomacy"]),
    ("การทูต", "topic", ["diplomacy"]),
    ("news article in thai", "source", ["film-workshop"]),
    # What is in none of it.
    ("%", "person", []),
    ("_", "person", []),
    ("\\", "person", []),
    ("'", "person", []),
    ("somebody else", "person", []),
]


@pytest.mark.parametrize(("query", "kind", "slugs"), FOUND)
@pytest.mark.slow
def test_found(query: str, kind: str, slugs: list[str]) -> None:
    groups = {group.model.kind: ids_of(group.records) for group in search(query)}
    assert groups.get(kind, []) == slugs


@pytest.mark.parametrize(
    ("query", "first", "number"),
    [
        ("อัตลักษณ์", ["st-ywgb7w", "st-7hs43z"], 2),
        ("identity", ["st-ywgb7w", "st-7hs43z"], 2),
        ("ban sac", ["st-ywgb7w", "st-7hs43z"], 2),
        ("ผมต้องเผชิญ", ["st-tvxtyp"], 1),
        ("delegates", [], 6),
        ("nothing of the kind", [], 0),
    ],
)
def test_statements_are_found_by_every_public_wording(query: str, first: list[str], number: int) -> None:
    """Statements on a topic of that name are found besides, behind those that have the words themselves."""
    (group,) = [group for group in search(query) if group.model.kind == "statement"] or [None]
    assert (group.total if group else 0) >= number
    assert not first or ids_of(group.records)[: len(first)] == first


@pytest.mark.parametrize(
    ("query", "because", "certainty"),
    [
        ("โง ฟอง ลาน", "โง ฟอง ลาน", "stated"),
        ("แองเจลา แคสติ้ง", "แองเจลา แคสติ้ง", "rejected"),
        ("Ngo Phuong Lan", None, None),
        ("lan โง", "โง เฟือง ลาน", "stated"),
    ],
)
def test_a_result_says_by_which_spelling_it_was_found(query: str, because: str | None, certainty: str | None) -> None:
    (people, *_rest) = search(query)
    (hit,) = people.hits
    assert (hit.because and hit.because["text"], hit.because and hit.because["certainty"]) == (because, certainty)


def test_the_page_shows_spelling_passage_and_doubt(client: Client) -> None:
    page = Page(client.get("/search/", {"q": "แองเจลา แคสติ้ง"}).text, "/search/")
    assert page.faults == []
    assert ("th", "แองเจลา แคสติ้ง") in page.marked
    assert "Spelled แองเจลา แคสติ้ง ¶27 rejected" in page.text
    assert {"/people/angela-perry/", "/sources/film-workshop/#p27"} <= set(page.links)


def test_an_exact_name_comes_before_a_longer_one_and_that_before_a_part() -> None:
    for name in ("Zed AIWS Board", "AIWS Board", "AIWS"):
        make.make_organization(name)
    (group,) = [group for group in search("aiws") if group.model.kind == "organization"]
    assert [hit.record["name"] for hit in group.hits] == ["AI World Society", "AIWS", "AIWS Board", "Zed AIWS Board"]


def test_a_group_shows_the_first_and_counts_all(client: Client) -> None:
    for number in range(MOST + 3):
        make.make_person(f"Zoe {number:02}")
    (group,) = search("zoe")
    assert [hit.record["name"] for hit in group.hits] == [f"Zoe {number:02}" for number in range(MOST)]
    assert group.total == MOST + 3
    page = Page(client.get("/search/?q=zoe").text, "/search/")
    assert f"{MOST + 3} in all" in page.text
    assert "/people/?q=zoe" in page.links


def test_the_list_of_all_results_finds_as_many_as_the_search(client: Client) -> None:
    for query in ("aiws", "nguyen", "สหประชาชาติ", "film", "๓๐"):
        for group in search(query):
            response = client.get(f"/{group.model.plural}/", {"q": query})
            assert response.context["paginator"].count == group.total, (query, group.model)


def test_drafts_and_withdrawn_records_are_not_found() -> None:
    make.make_person("Xylophone Player", status="draft")
    make.make_person("Xylophone Teacher", status="withdrawn")
    make.make_name(make.make_person("Ann Lee"), "Xylophone", status="draft")
    make.make_statement(wording="Xylophones are loud.", status="draft")
    assert search("xylophone") == []


@pytest.mark.parametrize("query", ["", " ", "\u200b", "\u0301", "\t\n"])
def test_nothing_typed_is_no_search(client: Client, query: str) -> None:
    response = client.get("/search/", {"q": query})
    assert response.status_code == 200
    assert "result" not in Page(response.text).text


def test_a_query_is_shown_as_typed_and_escaped(client: Client) -> None:
    response = client.get("/search/", {"q": '"><script>alert(1)</script>'})
    assert response.status_code == 200
    assert "<script>alert" not in response.text
    assert "Nothing on record matches." in response.text


def test_a_query_that_is_too_long_is_named(client: Client) -> None:
    assert client.get("/search/", {"q": "ก" * QUERY_LENGTH}).status_code == 200
    for length in (QUERY_LENGTH + 1, 10_000):
        response = client.get("/search/", {"q": "ก" * length})
        assert response.status_code == 400
        assert f"at most {QUERY_LENGTH} characters (it has {length})" in response.text


@pytest.mark.parametrize("query", ["%00", "a%00b", "%1F"])
def test_what_nobody_can_type_is_named(client: Client, query: str) -> None:
    response = client.get(f"/search/?q={query}")
    assert response.status_code == 400
    assert "It holds a control character" in response.text
    assert "\0" not in response.text
    make.make_person("Ann Lee")
    page = client.get(f"/people/?q={query}").text
    assert "A filter could not be used, so it was left out:" in page
    assert "It holds a control character" in page
    assert "Ann Lee" in page
    assert client.get(f"/search/suggest/?q={query}").status_code in (200, 404)


@pytest.mark.parametrize("query", ["%ff", "a%0Ab", "%ed%a0%80", "%F0%9F%8E%AC", "%u0e01", "&q=", "a&q=tony"])
def test_whatever_a_browser_sends(client: Client, query: str) -> None:
    assert client.get(f"/search/?q={query}").status_code == 200
