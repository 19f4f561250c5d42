"""A statement in the forms other programs read, and events as calendar files."""

import datetime
import json
import re

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from events.annotations import text_fragment
from events.citations import tex
from tests import factories as make

pytestmark = pytest.mark.django_db
QUOTE = "Film & identity cost 100% of_us, {really} #1."


def quote(**columns):
    source = make.make_source("The article")
    passages = [make.make_passage(source, QUOTE)]
    event = make.make_event("Film Workshop", date="2025")
    return make.make_statement(
        make.make_person("Tony Bùi"), event, QUOTE, nature="verbatim", passages=passages, **columns
    )


def reported():
    return make.make_statement(make.make_person("Ann Lee"), None, "Films matter.", passages=[make.make_passage()])


def test_a_quote_is_cited_in_quotation_marks(client: Client) -> None:
    statement = quote()
    text = client.get(f"/statements/{statement.slug}.txt").content.decode()
    today = timezone.now().date().isoformat()
    assert text == (
        f"Tony Bùi. “{QUOTE}” Kind: direct quote. Certainty: stated. At: Film Workshop. The article, ¶1. 2025. "
        f"On the Record, {statement.slug}. "
        f"http://testserver/statements/{statement.slug}/. Read on {today}.\n"
    )


def test_a_paraphrase_is_cited_as_one(client: Client) -> None:
    text = client.get(f"/statements/{reported().slug}.txt").content.decode()
    assert "[English paraphrase by the editors] Films matter." in text
    assert "“" not in text


def test_bibtex_is_escaped_and_has_an_ascii_key(client: Client) -> None:
    statement = quote()
    answer = client.get(f"/statements/{statement.slug}.bib")
    body = answer.content.decode()
    assert body.startswith(f"@misc{{tony-bui-{statement.slug},\n")
    assert r"Film \& identity cost 100\% of\_us, \{really\} \#1." in body
    assert "year = {2025}," in body
    assert body.count("{") - body.count(r"\{") == body.count("}") - body.count(r"\}")
    assert answer["Content-Disposition"] == f'attachment; filename="{statement.slug}.bib"'


def test_tex_escapes_a_backslash_once() -> None:
    assert tex("a\\b ~ ^ $") == r"a\textbackslash{}b \textasciitilde{} \textasciicircum{} \$"


def test_ris_lines_end_in_crlf_and_hold_one_value_each(client: Client) -> None:
    body = client.get(f"/statements/{quote().slug}.ris").content.decode()
    lines = body.split("\r\n")
    assert lines[0] == "TY  - NEWS"
    assert lines[-2:] == ["ER  - ", ""]
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines[:-1])


def test_csl_agrees_with_the_others(client: Client) -> None:
    statement = quote()
    (item,) = json.loads(client.get(f"/statements/{statement.slug}.csl.json").content)
    assert item["author"] == [{"literal": "Tony Bùi"}]
    assert item["issued"] == {"date-parts": [[2025]]}
    assert item["URL"] == f"http://testserver/statements/{statement.slug}/"
    assert item["title"] in client.get(f"/statements/{statement.slug}.ris").content.decode()


def test_an_annotation_quotes_only_words_as_printed(client: Client) -> None:
    statement = quote()
    make.make_wording(statement, "Phim và bản sắc.", nature="translation", language="vi")
    answer = client.get(f"/statements/{statement.slug}.anno")
    assert answer["Content-Type"] == 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    data = json.loads(answer.content)
    passage = statement.passages.get()
    (target,) = data["target"]
    assert target["selector"] == [
        {"type": "TextPositionSelector", "start": passage.start, "end": passage.end},
        {"type": "TextQuoteSelector", "exact": QUOTE},
    ]
    assert target["state"]["value"] == f"sha256:{passage.source.sha256}"
    assert {(body["language"], body["purpose"], body["label"]) for body in data["body"] if "label" in body} == {
        ("en", "highlighting", "words as printed"),
        ("vi", "describing", "Vietnamese translation by the editors"),
    }
    other = json.loads(client.get(f"/statements/{reported().slug}.anno").content)
    assert "TextQuoteSelector" not in json.dumps(other)


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        ("plain words", "#:~:text=plain%20words"),
        ("well-known, a & b", "#:~:text=well%2Dknown%2C%20a%20%26%20b"),
        ("คำไทย", "#:~:text=%E0%B8%84%E0%B8%B3%E0%B9%84%E0%B8%97%E0%B8%A2"),
        (" ".join(f"w{n}" for n in range(200)), "#:~:text=w0%20w1%20w2%20w3,w196%20w197%20w198%20w199"),
    ],
)
def test_a_text_fragment_is_cut_at_spaces_only(words: str, fragment: str) -> None:
    assert text_fragment(words) == fragment


def test_a_source_with_an_address_is_opened_at_the_words(client: Client) -> None:
    statement = quote()
    source = statement.passages.get().source
    assert "Open at these words" not in client.get(statement.get_absolute_url()).content.decode()
    source.url = "https://news.example/a"
    source.save()
    page = client.get(statement.get_absolute_url()).content.decode()
    assert "https://news.example/a#:~:text=Film%20%26%20identity" in page.replace("&amp;", "&")


def test_structured_data_is_a_quotation_only_for_printed_words(client: Client) -> None:
    def node(statement):
        page = client.get(statement.get_absolute_url()).content.decode()
        return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])

    data = node(quote())
    assert (data["@type"], data["text"], data["recordedAt"]["name"]) == ("Quotation", QUOTE, "Film Workshop")
    assert "recordedIn" not in data
    data = node(reported())
    assert (data["@type"], data["text"], data["author"]["name"]) == ("Claim", "Films matter.", "Ann Lee")


def test_structured_data_cannot_end_its_element(client: Client) -> None:
    person = make.make_person("</script><script>alert(1)</script>")
    page = client.get(person.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "\\u003c/script\\u003e" in page


def test_oembed_gives_real_text(client: Client) -> None:
    statement = quote()
    data = client.get("/oembed/", {"url": f"http://testserver/statements/{statement.slug}/"}).json()
    assert data["type"] == "rich"
    assert "Film &amp; identity" in data["html"]
    assert "<script" not in data["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"url": "http://testserver/people/x/"}, 404),
        ({"url": "http://elsewhere.example/statements/st-x/"}, 404),
        ({"url": "http://[::1/"}, 404),
        ({}, 404),
        ({"url": "http://testserver/statements/st-x/", "format": "xml"}, 501),
    ],
)
def test_oembed_says_what_it_cannot_do(client: Client, query: dict, status: int) -> None:
    assert client.get("/oembed/", query).status_code == status


def test_a_renamed_statement_keeps_its_forms(client: Client) -> None:
    statement = quote()
    old, statement.slug = statement.slug, "st-new"
    statement.save()
    answer = client.get(f"/statements/{old}.ris")
    assert (answer.status_code, answer["Location"]) == (301, "/statements/st-new.ris")
    statement.status, statement.withdrawn_reason = "withdrawn", "Wrong speaker."
    statement.save()
    assert client.get("/statements/st-new.ris").status_code == 410


def test_feeds_tell_the_kind_and_follow_the_filter(client: Client) -> None:
    statement = quote()
    reported()
    feed = client.get("/statements.feed.json", {"kind": "direct"}).json()
    assert [item["title"] for item in feed["items"]] == [f"Tony Bùi (direct quote): {QUOTE}"]
    atom = client.get("/statements.atom", {"speaker": "tony-bui"}).content.decode()
    assert atom.count("<entry>") == 1
    assert f"<id>tag:127.0.0.1,2026:statement/{statement.pk}</id>" in atom
    answer = client.get("/statements.atom", {"speaker": "nobody"})
    assert (answer.status_code, answer.content.decode()) == (400, "speaker: There is no “nobody” here.\n")
    assert (
        client.get("/statements.atom", {"q": "absent"}).content
        == client.get("/statements.atom", {"q": "absent"}).content
    )


def test_calendars_hold_events_with_a_stated_day_only(client: Client) -> None:
    event = make.make_event("การประชุมเชิงปฏิบัติการว่าด้วยความร่วมมือในการพัฒนาภาพยนตร์", "th", date="2025-03-14/2025-03-16")
    make.make_event("Year only", date="2025")
    body = client.get("/events.ics").content
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    (entry,) = Calendar.from_ical(body).walk("VEVENT")
    assert entry["summary"] == event.name
    assert (entry["dtstart"].dt, entry["dtend"].dt) == (datetime.date(2025, 3, 14), datetime.date(2025, 3, 17))
    assert client.get(f"/events/{event.slug}.ics").content == body
    answer = client.get("/events/year-only.ics")
    assert answer.status_code == 404
    assert "The day of “Year only” is not stated" in answer.content.decode()


def test_the_sitemap_lists_what_is_public_and_when_it_changed(client: Client) -> None:
    person = make.make_person("Ann Lee")
    make.make_person("Hidden", status="draft")
    assert "http://testserver/sitemap-people.xml" in client.get("/sitemap.xml").content.decode()
    body = client.get("/sitemap-people.xml").content.decode()
    assert re.findall(r"<loc>(.*?)</loc>", body) == [
        f"http://testserver{prefix}/people/ann-lee/" for prefix in ("", "/th", "/vi")
    ]
    assert f"<lastmod>{person.updated_at.date().isoformat()}</lastmod>" in body
    assert "Sitemap: http://testserver/sitemap.xml" in client.get("/robots.txt").content.decode()
