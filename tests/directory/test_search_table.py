"""What is typed, and what must come first or must not come at all: one table over the article, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from base.lists.ranking import ELSE, LOOSE, level_of, ranked
from directory.models import Organization, Person
from events.models import Event
from events.search import search
from events.suggestions import QUOTES, SUGGESTIONS, suggest
from tests import factories as make
from tests.queries import Queries
from tests.reading import Page, article, ids_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def film_workshop(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Load the article once."""
    with article(django_db_blocker):
        yield


MISSION, FRIENDS = "permanent-mission-of-viet-nam-to-the-united-nations", "friends-of-viet-nam-us-film-collaboration"
WORKSHOP, YEARS = "vietnam-us-film-workshop-harvard", "vietnam-us-diplomatic-relations-30-years"
OFFICE, STATE = "massachusetts-film-office", "massachusetts-state-government"
NGUYENS = ["nguyen-anh-tuan", "nguyen-hoang-nguyen"]

# What is typed, the kind, the records in order, and the spelling that is given as the reason ("": the shown name says it).
TABLE: list[tuple[str, str, list[str], str]] = [
    # Thai without its tone marks, MAITAIKHU or THANTHAKHAT.
    ("โทนี บุย", "person", ["tony-bui"], "โทนี บุย"),
    ("โทนี บูอิ", "person", ["tony-bui"], "โทนี่ บูอิ"),
    ("ถัน ฮา", "person", ["thanh-ha"], "ถั่น ฮา"),
    ("เมก มอนตาญีโน", "person", ["meg-montagnino"], "เม็ก มอนตาญีโน"),
    ("มารส", "person", ["mars"], "มาร์ส"),
    ("อันห ตวน", "person", ["nguyen-anh-tuan"], "เหงียน อันห์ ตวน"),
    ("แองเจลา แคสติง", "person", ["angela-perry"], "แองเจลา แคสติ้ง"),
    ("แพตเตอรสัน", "person", ["thomas-patterson"], "โทมัส แพตเตอร์สัน"),
    ("ฮารวารด", "organization", ["harvard-university"], "มหาวิทยาลัยฮาร์วาร์ด"),
    ("สมาคมสงเสริมภาพยนตร", "organization", ["vfda"], "สมาคมส่งเสริมภาพยนตร์เวียดนาม"),
    ("แมสซาชูเซตส", "organization", [OFFICE, "mit", STATE], "ฝ่ายภาพยนตร์ของรัฐบาลรัฐแมสซาชูเซตส์"),
    ("ปัญญาประดิษฐ", "topic", ["artificial-intelligence"], "ปัญญาประดิษฐ์"),
    # Thai with other tone marks than the printed ones.
    ("โท่นี่ บุย", "person", ["tony-bui"], "โทนี่ บุย"),
    ("โทนี้", "person", ["tony-bui"], "โทนี่ บุย"),
    ("ถั้น ฮา", "person", ["thanh-ha"], "ถั่น ฮา"),
    ("ดาง ฮวง เกี้ยง", "person", ["dang-hoang-giang"], "ดาง ฮวง เกียง"),
    # Every printed spelling of a person, misprints too.
    ("โง เฟือง ลาน", "person", ["ngo-phuong-lan"], "โง เฟือง ลาน"),
    ("โง ฟอง ลาน", "person", ["ngo-phuong-lan"], "โง ฟอง ลาน"),
    ("ดัง ฮวง ซาง", "person", ["dang-hoang-giang"], "ดัง ฮวง ซาง"),
    ("โทนี่ บูอิ", "person", ["tony-bui"], "โทนี่ บูอิ"),
    ("แคสติ้ง", "person", ["angela-perry"], "แองเจลา แคสติ้ง"),
    ("angela peri", "person", ["angela-perry"], "Angela Peri"),
    # Vietnamese typed in ASCII, with marks, and half of each.
    ("dang hoang giang", "person", ["dang-hoang-giang"], ""),
    ("Đặng Hoàng Giang", "person", ["dang-hoang-giang"], ""),
    ("ngô phuong", "person", ["ngo-phuong-lan"], ""),
    ("thanh ha", "person", ["thanh-ha"], ""),
    ("nguyen anh tuan", "person", ["nguyen-anh-tuan"], ""),
    ("hoang", "person", ["dang-hoang-giang", "nguyen-hoang-nguyen"], ""),
    ("lien hop quoc", "organization", ["united-nations", MISSION], "Liên Hợp Quốc"),
    ("dai hoc harvard", "organization", ["harvard-university"], "Đại học Harvard"),
    ("tri tue nhan tao", "topic", ["artificial-intelligence"], "Trí tuệ nhân tạo"),
    ("dao tao", "topic", ["training-and-talent"], "Đào tạo và nhân lực"),
    # English, and the beginning of a name.
    ("dukakis", "person", ["michael-dukakis"], ""),
    ("montagnino", "person", ["meg-montagnino"], ""),
    ("bui", "person", ["tony-bui"], ""),
    ("choucri", "person", ["nazli-choucri"], ""),
    ("duka", "person", ["michael-dukakis"], ""),
    ("PATTERSON", "person", ["thomas-patterson"], ""),
    ("mars", "person", ["mars"], ""),
    # A Thai spelling as it sounds, in Latin letters.
    ("thoni", "person", ["tony-bui"], "โทนี่ บุย"),
    ("montayino", "person", ["meg-montagnino"], "เม็ก มอนตาญีโน"),
    ("hengiyn", "person", NGUYENS, "เหงียน อันห์ ตวน"),
    # Words in another order, and of two scripts.
    ("lan ngo", "person", ["ngo-phuong-lan"], ""),
    ("tuan nguyen", "person", ["nguyen-anh-tuan"], ""),
    ("บุย โทนี่", "person", ["tony-bui"], "โทนี่ บุย"),
    ("ลาน ngo", "person", ["ngo-phuong-lan"], "โง เฟือง ลาน"),
    ("global boston", "organization", ["boston-global-forum"], ""),
    # Abbreviations.
    ("vfda", "organization", ["vfda"], "VFDA"),
    ("bgf", "organization", ["boston-global-forum"], "BGF"),
    ("mit", "organization", ["mit"], "MIT"),
    ("ucla", "organization", ["ucla"], "UCLA"),
    ("aiws", "organization", ["ai-world-society"], "AIWS"),
    ("aiws", "initiative", ["aiws-film-park"], ""),
    ("pai", "initiative", ["pai-index"], ""),
    ("danaff", "event", ["danaff"], "DANAFF"),
    # Every variant of an initiative.
    ("AIWS Cinema Park", "initiative", ["aiws-film-park"], "AIWS Cinema Park"),
    ("cong vien dien anh", "initiative", ["aiws-film-park"], "Công viên điện ảnh AIWS"),
    ("production attraction index", "initiative", ["pai-index"], "Production Attraction Index"),
    ("Friends of the US – Viet Nam", "initiative", [FRIENDS], "Friends of the US – Viet Nam Film Collaboration"),
    ("friends of the us - viet nam", "initiative", [FRIENDS], "Friends of the US – Viet Nam Film Collaboration"),
    (
        "cinema development cooperation",
        "initiative",
        [FRIENDS],
        "Friends of Vietnam - US Cinema Development Cooperation",
    ),
    # Events by number, by place, by year of another calendar's digits.
    ("da nang", "event", ["danaff"], ""),
    ("30 nam", "event", [YEARS], "Chuỗi hoạt động kỷ niệm 30 năm thiết lập quan hệ ngoại giao Việt Nam – Hoa Kỳ"),
    (
        "๔.๐",
        "event",
        [WORKSHOP],
        "Hợp tác phát triển điện ảnh Việt Nam - Hoa Kỳ trong bối cảnh trí tuệ nhân tạo và Cách mạng công nghiệp 4.0",
    ),
    # One and two characters.
    (
        "๔",
        "event",
        [WORKSHOP],
        "Hợp tác phát triển điện ảnh Việt Nam - Hoa Kỳ trong bối cảnh trí tuệ nhân tạo và Cách mạng công nghiệp 4.0",
    ),
    ("ç", "person", ["nazli-choucri"], ""),
    ("ha", "person", ["thanh-ha"], ""),
    ("โง", "person", ["ngo-phuong-lan"], "โง เฟือง ลาน"),
    ("่", "person", ["thanh-ha", "tony-bui"], "ถั่น ฮา"),  # a tone alone is looked for as it is
    # Without the spaces.
    ("โงฟองลาน", "person", ["ngo-phuong-lan"], "โง ฟอง ลาน"),
    ("โงเฟือง", "person", ["ngo-phuong-lan"], "โง เฟือง ลาน"),
    ("tonybui", "person", ["tony-bui"], ""),
    # Punctuation does not count, whichever is typed and whichever is printed.
    ('"Tony Bui"', "person", ["tony-bui"], ""),
    ("“Tony Bui”", "person", ["tony-bui"], ""),
    ("«tony bui».", "person", ["tony-bui"], ""),
    ("„Tony Bui‟,", "person", ["tony-bui"], ""),
    ("Bui, Tony", "person", ["tony-bui"], ""),
    ("(Tony) [Bui]…", "person", ["tony-bui"], ""),
    ("tony\u00a0\u2009 bui", "person", ["tony-bui"], ""),
    ("Ngô-Phương-Lan", "person", ["ngo-phuong-lan"], ""),
    ("“Ngô Phương Lan”", "person", ["ngo-phuong-lan"], ""),
    ("Ngô\u2011Phương/Lan", "person", ["ngo-phuong-lan"], ""),
    ("“โทนี่ บุย”", "person", ["tony-bui"], "โทนี่ บุย"),
    ("โทนี่–บุย", "person", ["tony-bui"], "โทนี่ บุย"),
    ("(โง เฟือง ลาน)", "person", ["ngo-phuong-lan"], "โง เฟือง ลาน"),
    ("Friends of the US-Viet Nam", "initiative", [FRIENDS], "Friends of the US – Viet Nam Film Collaboration"),
    ("Friends of the US − Viet Nam", "initiative", [FRIENDS], "Friends of the US – Viet Nam Film Collaboration"),
    ("V.F.D.A.", "organization", ["vfda"], "VFDA"),
    ("M.I.T", "organization", ["mit"], "MIT"),
    # What must not match.
    ("phuonglan", "person", [], ""),
    ("dukakiss", "person", [], ""),
    ("oni", "person", [], ""),
    ("utaukhis", "person", [], ""),
    ("khis", "person", [], ""),
    ("มาส", "person", [], ""),
    ("–", "person", [], ""),
    ("ｄｕｋｈ", "organization", [], ""),
    ("casting", "person", [], ""),
    ("harvard", "person", [], ""),
]


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60


@pytest.mark.parametrize(("query", "kind", "slugs", "reason"), TABLE, ids=[f"{row[0]}-{row[1]}" for row in TABLE])
def test_what_is_typed_finds(query: str, kind: str, slugs: list[str], reason: str) -> None:
    hits = next((group.hits for group in search(query) if group.model.kind == kind), [])
    assert ids_of(hit.record for hit in hits) == slugs
    if hits:
        assert (hits[0].because["text"] if hits[0].because else "") == reason


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("อัตลักษณ์", "st-ywgb7w"),
        ("อัตลักษณ", "st-ywgb7w"),  # without the silent sign
        ("ตองเผชิญ", "st-tvxtyp"),  # without the tone
        ("ต้องเผชิญ", "st-tvxtyp"),
        ("ต่องเผชิญ", ""),  # in a text a wrong tone is another word
        ("ban sac", "st-ywgb7w"),
        ("smart model", "st-dz2x2c"),
        ("model smart", "st-dz2x2c"),
        ("no such words", ""),
    ],
)
def test_statements_are_found_by_their_wordings(query: str, first: str) -> None:
    found = [slug for group in search(query) if group.model.kind == "statement" for slug in ids_of(group.records)]
    assert found[:1] == ([first] if first else [])


SIGNS = [
    # What is printed, and what is typed for it: each finds the other.
    (
        "the Vietnam–US workshop",
        ["Vietnam-US", "Vietnam US", "VietnamUS", "vietnam\u2011us", "Vietnam—US", "Vietnam − US", "Vietnam/US"],
    ),
    ("said O’Brien", ["O'Brien", "OBrien", "O Brien", "o`brien", "O´Brien", "O‘Brien", "Oʼbrien"]),
    ("the U.S. and J.F. Kennedy", ["US", "U.S.", "JF Kennedy", "J. F. Kennedy", "J.F.Kennedy"]),
    ("by J. F. Kennedy", ["JF Kennedy", "J.F. Kennedy", "J F Kennedy"]),
    ("a co-operation, of equals", ["cooperation", "co operation of", "“co-operation, of equals.”", "«co-operation»"]),
    ("cooperation of equals", ["co-operation", "'cooperation of equals'", "„cooperation“"]),
    ("R&D at AT&T (film)", ["R&D", "RD", "at&t", "ATT", "[film]"]),
    ("industry 4.0…next", ["4.0", "“4.0”", "industry 4.0, next", "๔.๐"]),
    ("เรื่องต่าง ๆ นั้น", ["ต่างๆ", "ต่าง ๆ", "“ต่างๆ”", "ต่าง\u00a0ๆ", "ต่าง\u200bๆ"]),
    ("เรื่องต่างๆ นั้น", ["ต่าง ๆ", "ต่างๆ", "ต่าง  ๆ"]),
    ("Hợp tác Việt Nam – Hoa Kỳ", ["việt nam-hoa kỳ", "viet nam hoa ky", "“Việt Nam – Hoa Kỳ”"]),
]


@pytest.mark.parametrize(("printed", "typed"), [(row[0], typed) for row in SIGNS for typed in row[1]])
def test_signs_do_not_count_in_texts_and_names(client: Client, printed: str, typed: str) -> None:
    statement = make.make_statement(wording=printed)
    person = make.make_person(printed, slug="of-signs")
    for plural, slug in (("statements", statement.slug), ("people", person.slug)):
        answer = client.get(f"/api/v1/{plural}/", {"q": typed, "fields": "id"})
        assert {"id": slug} in answer.json()["results"], plural
        assert f"/{plural}/{slug}/" in client.get(f"/{plural}/", {"q": typed}).text
    assert "of-signs" in [hit.record["id"] for hit in suggest(typed)]
    assert "<b>" in client.get("/search/", {"q": typed}).text


@pytest.mark.parametrize("typed", ["…", "“”", "-", "'", "(.)", "?!", "/", " – "])
def test_nothing_but_signs_finds_nothing(client: Client, admin_client: Client, typed: str) -> None:
    assert search(typed) == suggest(typed) == []
    for plural in ("people", "statements", "sources"):
        assert client.get(f"/api/v1/{plural}/", {"q": typed}).json()["results"] == []
        assert client.get(f"/{plural}/", {"q": typed}).status_code == 200
    assert "0 " in admin_client.get("/admin/directory/person/", {"q": typed}).text


def test_4_0_is_not_40() -> None:
    make.make_statement(wording="After 40 years of film.")
    assert not [group for group in search("“4.0” years of film") if group.model.kind == "statement"]


def test_reconciliation_takes_no_sign_for_a_difference(client: Client) -> None:
    make.make_person("Anne-Marie O’Brien", slug="anne-marie")
    for typed in ("Anne-Marie O'Brien", "Anne Marie OBrien", "“Anne–Marie O’Brien”"):
        (best, *_rest) = client.get("/api/v1/reconcile/", {"queries": json.dumps({"q": {"query": typed}})}).json()["q"][
            "result"
        ]
        assert (best["id"], best["match"], best["score"]) == ("people/anne-marie", True, 100.0)


def test_the_words_in_a_row_come_before_the_same_words_apart() -> None:
    make.make_statement(wording="Zebra stripes are black, and a crossing is white.")
    late = make.make_statement(wording="A zebra crossing.")
    (group,) = search("zebra crossing")
    assert ids_of(group.records)[0] == late.slug


def test_an_exact_tone_comes_before_a_forgiven_one() -> None:
    for name in ("กขาวง", "ขาว", "ข่าว", "ข้าว"):
        make.make_person(name, "th")
    names = [hit.record["name"] for group in search("ข่าว") for hit in group.hits if group.model is Person]
    assert names[0] == "ข่าว"
    assert set(names) == {"ขาว", "ข่าว", "ข้าว", "กขาวง"}
    assert [person.rank for person in ranked(Person.objects.published(), "ข่าว")] == [0, LOOSE, LOOSE, LOOSE]


@pytest.mark.parametrize("query", ["nguyen", "โทนี", "โทนี้", "thoni", "lan", "aiws", "hoang nguyen", "a"])
@pytest.mark.parametrize("model", [Person, Organization, Event])
def test_the_database_ranks_as_the_page_explains(model: type, query: str) -> None:
    for record in ranked(model.objects.published(), query):
        best = min(level_of(name, query) for name in record.names.published())
        assert record.rank == best or {record.rank, best} <= {LOOSE, ELSE}


def test_the_match_is_bold_and_never_highlighted(client: Client) -> None:
    html = client.get("/search/", {"q": "ban sac"}).text
    assert "<b>bản</b> <b>sắc</b>" in html.replace("bản sắc", "<b>bản</b> <b>sắc</b>")
    assert "Found in the translation, Vietnamese:" in html
    page = Page(html, "/search/")
    assert page.faults == []
    assert all("bản" not in words for _language, words in page.verbatim)
    page = Page(client.get("/search/", {"q": "อัตลักษณ"}).text, "/search/")
    assert "<b>อัตลักษณ์</b>" in page.html  # the sign that was left out is part of the match
    assert page.faults == []


def test_the_reason_is_given_to_the_language_of_the_page() -> None:
    with override("th"):
        assert [hit.because for hit in search("โทนี่ บุย")[0].hits] == [None]
        assert search("tony")[0].hits[0].because["text"] == "Tony Bui"


# Suggestions -------------------------------------------------------------------------------------------------------------


def test_suggestions_are_the_best_of_all_kinds() -> None:
    assert [hit.record["id"] for hit in suggest("aiws")][:2] == ["ai-world-society", "aiws-film-park"]
    assert suggest("lan ngo")[0].record["id"] == "ngo-phuong-lan"
    assert [hit.because and hit.because["text"] for hit in suggest("โทนี้ บุย")][:1] == ["โทนี่ บุย"]
    assert len(suggest("a")) == SUGGESTIONS


def test_statements_are_suggested_behind_names(client: Client) -> None:
    hits = suggest("entertainment industry")
    assert [(hit.model.kind, hit.record["id"]) for hit in hits][:1] == [("statement", "st-7hs43z")]
    answer = client.get("/search/suggest/", {"q": "entertainment industry"})
    assert 'data-href="/statements/st-7hs43z/"' in answer.text
    page = Page(answer.text)
    assert "Film is not only an entertainment industry" in page.text
    assert "Statement, Tony Bui" in page.text
    assert [hit.model.kind for hit in suggest("lan ngo")] == ["person", *["statement"] * QUOTES]
    assert "statement" not in {hit.model.kind for hit in suggest("ngo")}  # statements from four letters on


def test_suggestions_say_kind_spelling_and_language(client: Client) -> None:
    answer = client.get("/search/suggest/", {"q": "vfda"})
    assert answer["Cache-Control"] == "public, max-age=60"
    assert "Cookie" not in answer.get("Vary", "")
    assert 'data-href="/organizations/vfda/"' in answer.text
    assert 'data-status="4 suggestions"' in answer.text  # three statements, too
    assert "Organization, spelled" in Page(answer.text).text
    thai = client.get("/search/suggest/", {"q": "tony", "lang": "th"}).text
    assert 'data-href="/th/people/tony-bui/"' in thai


@pytest.mark.parametrize("query", ["q=", "q=a", "", "q=%00%00", "q=" + "a" * 300, "q=tony&lang=xx", "q=tony&lang=../x"])
def test_suggestions_never_fail(client: Client, query: str) -> None:
    assert client.get(f"/search/suggest/?{query}").status_code == 200


def test_suggestions_for_one_letter_cost_nothing(client: Client, queries: Queries, django_assert_num_queries) -> None:
    with queries("/search/suggest/?q=ng"):
        client.get("/search/suggest/?q=ng")
    with django_assert_num_queries(0):
        client.get("/search/suggest/?q=n")


def test_drafts_are_not_suggested() -> None:
    make.make_person("Xylophone Player", status="draft")
    make.make_name(make.make_person("Ann Lee"), "Xylophone", status="draft")
    assert suggest("xylophone") == []
